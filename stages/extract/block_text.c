/* What the text of a block looks like: counts of letters, words, marks and signs, and phrases. */
#include "stages/extract/block_text.h"

#include "stages/extract/blocks.h"

enum { SHORT_BLOCK = 160 }; /* bytes: longer ones are not searched for phrases */

/* What the furniture of pages says, in English and the commonest other languages. */
static const struct word_row phrases[] = {
	{ PHRASE_COMMENT,
		"antworten comentarios comment commentaire commentaires comments discussion "
		"feedback hozzaszolas kommentar kommentare leave quote replies reply respond "
		"responder" },
	{ PHRASE_MORE,
		"continue details expand full learn leer less lire mehr more read see seguir "
		"show suite tovabb view weiterlesen" },
	{ PHRASE_RELATED,
		"aktuelle also articles bestsellers featured latest might news popular posts "
		"recent recommended related similar stories trending verwandte viewed you" },
	{ PHRASE_SUBSCRIBE,
		"abonnez abonnieren email feed inbox mailing newsletter rss signup subscribe "
		"suscribete unsubscribe updates" },
	{ PHRASE_LOGIN,
		"account anmelden connexion forgot konto log login logout member password "
		"register registrieren sign username" },
	{ PHRASE_SEARCH,
		"apply buscar choose clear filter filters items per recherche results search "
		"select showing sort sorted suche suchen" },
	{ PHRASE_SHOP,
		"add basket buy cart checkout compare delivery kaufen msrp off order price "
		"quantity regular sale save shipping sold stock vat warenkorb wishlist" },
	{ PHRASE_TAGS,
		"archive archives categories category filed kategorie keywords labels "
		"schlagworte tag tagged tags themen topics under" },
	{ PHRASE_SITE,
		"about accueil blog careers close contact content deutsch english faq help home "
		"inicio jobs kontakt language main menu navigate navigation open press sitemap "
		"skip startseite support toggle us" },
	{ PHRASE_STATS,
		"active answers helpful joined karma kudos likes location members messages "
		"offline online points posts rank registered reputation threads times topic "
		"viewed views votes" },
	{ PHRASE_DATE,
		"abril agosto aout apr april aug august avril dec december decembre dezember "
		"diciembre enero feb febrero februar february fevrier friday jan januar january "
		"janvier juillet juin jul juli julio july jun june juni junio maerz mai mar "
		"march mars marzo may mayo monday nov november novembre noviembre oct october "
		"octobre octubre oktober saturday sep sept september septembre septiembre "
		"sunday thursday tuesday wednesday" },
	{ PHRASE_SPEC,
		"beschreibung description details dimensions eigenschaften features highlights "
		"includes ingredients materials overview product size specification "
		"specifications specs technical weight" },
	{ PHRASE_QUESTION,
		"accepted answer answered ask asked faq faqs frequently question questions "
		"solution solved" },
};

/* What a byte is, beyond text: 0 for most of what is no letter. */
enum {
	BYTE_SPACE = 1,
	BYTE_LETTER = 2,
	BYTE_CAPITAL = 4, /* a letter too */
	BYTE_DIGIT = 8,
	BYTE_MARK = 16, /* may begin a sentence mark */
	BYTE_ODD = 32, /* may begin a sign that is counted */
};

static void make_classes(uint8_t classes[256])
{
	static const unsigned char marks[] = { ',', '.', ';', '!', '?', 0xE3, 0xEF, 0xD8, 0xE0 };
	static const unsigned char odd[] = { '|', '$', 0xC2, 0xE2 };

	for (unsigned c = 0; c < 256; c++) {
		bool small = c >= 'a' && c <= 'z', capital = c >= 'A' && c <= 'Z';

		classes[c] = (uint8_t)((c <= ' ' ? BYTE_SPACE : 0) |
			(small || capital ? BYTE_LETTER : 0) | (capital ? BYTE_CAPITAL : 0) |
			(c >= '0' && c <= '9' ? BYTE_DIGIT : 0));
	}
	for (size_t i = 0; i < sizeof(marks); i++)
		classes[marks[i]] |= BYTE_MARK;
	for (size_t i = 0; i < sizeof(odd); i++)
		classes[odd[i]] |= BYTE_ODD;
}

/* A run of ASCII letters; returns its length. */
static size_t read_letters(
	const struct text_tables *t, struct block *v, const unsigned char *p, size_t left)
{
	size_t n = 0;
	uint32_t capitals = 0;

	for (unsigned c; n < left && (c = t->classes[p[n]]) & BYTE_LETTER; n++)
		capitals += c / BYTE_CAPITAL;
	v->capitals += capitals;
	v->bytes += (uint32_t)n;
	v->ends = 0;
	return n;
}

static void look_up_phrase(
	const struct text_tables *t, struct block *v, const unsigned char *p, size_t n)
{
	char word[WORD_MAX];
	uint32_t hash = WORD_HASH;

	if (n < 2 || n >= WORD_MAX)
		return;
	for (size_t i = 0; i < n; i++) {
		word[i] = (char)(p[i] | 0x20);
		hash = word_hash(hash, word[i]);
	}
	v->phrases |= (uint32_t)word_table_find(&t->phrases, word, n, hash);
}

/* , . ; : ! ? at the end of a word, and the CJK, Arabic and Devanagari ones, told by lead bytes. */
static bool is_mark(const unsigned char *p, size_t left)
{
	switch (*p) {
	case ',':
	case '.':
	case ';':
	case '!':
	case '?': return left == 1 || p[1] <= ' ' || p[1] == '"' || p[1] == 0xE2;
	case 0xE3: return left > 2 && p[1] == 0x80 && p[2] <= 0x82;
	case 0xEF: return left > 2 && p[1] == 0xBC && p[2] <= 0x9F;
	case 0xD8: return left > 1 && (p[1] == 0x8C || p[1] == 0x9B);
	case 0xE0: return left > 2 && p[1] == 0xA5 && p[2] == 0xA4;
	default: return false;
	}
}

/* Currency signs, and the bars and dots that set apart the items of a line. */
static uint8_t odd_of(const unsigned char *p, size_t left)
{
	switch (*p) {
	case '|': return ODD_BAR;
	case '$': return ODD_CURRENCY;
	case 0xC2: /* £ ¥ » · */
		if (left < 2)
			return 0;
		if (p[1] == 0xA3 || p[1] == 0xA5)
			return ODD_CURRENCY;
		return p[1] == 0xBB || p[1] == 0xB7 ? ODD_BAR : 0;
	case 0xE2: /* €, • › → and geometric shapes */
		if (left < 3)
			return 0;
		if (p[1] == 0x82 && p[2] == 0xAC)
			return ODD_CURRENCY;
		return (p[1] == 0x80 && (p[2] == 0xA2 || p[2] == 0xBA)) ||
				(p[1] == 0x86 && p[2] == 0x92) || p[1] == 0x96
			? ODD_BAR
			: 0;
	default: return 0;
	}
}

/* What is neither a letter nor white space. */
static void read_sign(
	const struct text_tables *t, struct block *v, const unsigned char *p, size_t left)
{
	unsigned class = t->classes[*p];

	v->bytes++;
	v->digits += (class & BYTE_DIGIT) != 0;
	if (class & BYTE_ODD)
		v->odd |= odd_of(p, left);
	if (class & BYTE_MARK && is_mark(p, left)) {
		v->marks++;
		v->ends = 1;
	} else if (*p == ':') {
		v->ends = 2;
	} else if (*p != '"' && *p != ')' && *p < 0x80) {
		v->ends = 0;
	}
}

void block_add_text(
	const struct text_tables *t, struct block *block, struct slice text, bool *in_word)
{
	const unsigned char *p = (const unsigned char *)text.p;

	for (size_t i = 0; i < text.n;) {
		unsigned class = t->classes[p[i]];

		if (class & BYTE_SPACE) {
			*in_word = false;
			i++;
			continue;
		}
		block->words += !*in_word;
		*in_word = true;
		if (class & BYTE_LETTER) {
			size_t n = read_letters(t, block, p + i, text.n - i);

			if (block->bytes <= SHORT_BLOCK)
				look_up_phrase(t, block, p + i, n);
			i += n;
		} else {
			read_sign(t, block, p + i, text.n - i);
			i++;
		}
	}
}

void text_tables_make(struct text_tables *t)
{
	make_classes(t->classes);
	word_table_make(&t->phrases, phrases, ARRAY_LEN(phrases));
}
