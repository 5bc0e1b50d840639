/* Passes over a page's nodes: down for the text of each block and the names of each element, up for
 * the sums. */
#include "stages/extract/blocks.h"

#include "lib/core/mem.h"

#include <stdlib.h>
#include <xxhash.h>

enum {
	SHORT_BLOCK = 160, /* bytes: longer ones are not searched for phrases */
	LONG_BLOCK = 80, /* bytes of running text that make a block long */
};

/* Sorted. What the furniture of pages says, in English and the commonest other languages. */
static const struct word_row phrases[] = {
	{ "abonnez", PHRASE_SUBSCRIBE },
	{ "abonnieren", PHRASE_SUBSCRIBE },
	{ "about", PHRASE_SITE },
	{ "abril", PHRASE_DATE },
	{ "accepted", PHRASE_QUESTION },
	{ "account", PHRASE_LOGIN },
	{ "accueil", PHRASE_SITE },
	{ "active", PHRASE_STATS },
	{ "add", PHRASE_SHOP },
	{ "agosto", PHRASE_DATE },
	{ "aktuelle", PHRASE_RELATED },
	{ "also", PHRASE_RELATED },
	{ "anmelden", PHRASE_LOGIN },
	{ "answer", PHRASE_QUESTION },
	{ "answered", PHRASE_QUESTION },
	{ "answers", PHRASE_STATS },
	{ "antworten", PHRASE_COMMENT },
	{ "aout", PHRASE_DATE },
	{ "apply", PHRASE_SEARCH },
	{ "apr", PHRASE_DATE },
	{ "april", PHRASE_DATE },
	{ "archive", PHRASE_TAGS },
	{ "archives", PHRASE_TAGS },
	{ "articles", PHRASE_RELATED },
	{ "ask", PHRASE_QUESTION },
	{ "asked", PHRASE_QUESTION },
	{ "aug", PHRASE_DATE },
	{ "august", PHRASE_DATE },
	{ "avril", PHRASE_DATE },
	{ "basket", PHRASE_SHOP },
	{ "beschreibung", PHRASE_SPEC },
	{ "bestsellers", PHRASE_RELATED },
	{ "blog", PHRASE_SITE },
	{ "buscar", PHRASE_SEARCH },
	{ "buy", PHRASE_SHOP },
	{ "careers", PHRASE_SITE },
	{ "cart", PHRASE_SHOP },
	{ "categories", PHRASE_TAGS },
	{ "category", PHRASE_TAGS },
	{ "checkout", PHRASE_SHOP },
	{ "choose", PHRASE_SEARCH },
	{ "clear", PHRASE_SEARCH },
	{ "close", PHRASE_SITE },
	{ "comentarios", PHRASE_COMMENT },
	{ "comment", PHRASE_COMMENT },
	{ "commentaire", PHRASE_COMMENT },
	{ "commentaires", PHRASE_COMMENT },
	{ "comments", PHRASE_COMMENT },
	{ "compare", PHRASE_SHOP },
	{ "connexion", PHRASE_LOGIN },
	{ "contact", PHRASE_SITE },
	{ "content", PHRASE_SITE },
	{ "continue", PHRASE_MORE },
	{ "dec", PHRASE_DATE },
	{ "december", PHRASE_DATE },
	{ "decembre", PHRASE_DATE },
	{ "delivery", PHRASE_SHOP },
	{ "description", PHRASE_SPEC },
	{ "details", PHRASE_MORE | PHRASE_SPEC },
	{ "deutsch", PHRASE_SITE },
	{ "dezember", PHRASE_DATE },
	{ "diciembre", PHRASE_DATE },
	{ "dimensions", PHRASE_SPEC },
	{ "discussion", PHRASE_COMMENT },
	{ "eigenschaften", PHRASE_SPEC },
	{ "email", PHRASE_SUBSCRIBE },
	{ "enero", PHRASE_DATE },
	{ "english", PHRASE_SITE },
	{ "expand", PHRASE_MORE },
	{ "faq", PHRASE_SITE | PHRASE_QUESTION },
	{ "faqs", PHRASE_QUESTION },
	{ "featured", PHRASE_RELATED },
	{ "features", PHRASE_SPEC },
	{ "feb", PHRASE_DATE },
	{ "febrero", PHRASE_DATE },
	{ "februar", PHRASE_DATE },
	{ "february", PHRASE_DATE },
	{ "feed", PHRASE_SUBSCRIBE },
	{ "feedback", PHRASE_COMMENT },
	{ "fevrier", PHRASE_DATE },
	{ "filed", PHRASE_TAGS },
	{ "filter", PHRASE_SEARCH },
	{ "filters", PHRASE_SEARCH },
	{ "forgot", PHRASE_LOGIN },
	{ "frequently", PHRASE_QUESTION },
	{ "friday", PHRASE_DATE },
	{ "full", PHRASE_MORE },
	{ "help", PHRASE_SITE },
	{ "helpful", PHRASE_STATS },
	{ "highlights", PHRASE_SPEC },
	{ "home", PHRASE_SITE },
	{ "hozzaszolas", PHRASE_COMMENT },
	{ "inbox", PHRASE_SUBSCRIBE },
	{ "includes", PHRASE_SPEC },
	{ "ingredients", PHRASE_SPEC },
	{ "inicio", PHRASE_SITE },
	{ "items", PHRASE_SEARCH },
	{ "jan", PHRASE_DATE },
	{ "januar", PHRASE_DATE },
	{ "january", PHRASE_DATE },
	{ "janvier", PHRASE_DATE },
	{ "jobs", PHRASE_SITE },
	{ "joined", PHRASE_STATS },
	{ "juillet", PHRASE_DATE },
	{ "juin", PHRASE_DATE },
	{ "jul", PHRASE_DATE },
	{ "juli", PHRASE_DATE },
	{ "julio", PHRASE_DATE },
	{ "july", PHRASE_DATE },
	{ "jun", PHRASE_DATE },
	{ "june", PHRASE_DATE },
	{ "juni", PHRASE_DATE },
	{ "junio", PHRASE_DATE },
	{ "karma", PHRASE_STATS },
	{ "kategorie", PHRASE_TAGS },
	{ "kaufen", PHRASE_SHOP },
	{ "keywords", PHRASE_TAGS },
	{ "kommentar", PHRASE_COMMENT },
	{ "kommentare", PHRASE_COMMENT },
	{ "kontakt", PHRASE_SITE },
	{ "konto", PHRASE_LOGIN },
	{ "kudos", PHRASE_STATS },
	{ "labels", PHRASE_TAGS },
	{ "language", PHRASE_SITE },
	{ "latest", PHRASE_RELATED },
	{ "learn", PHRASE_MORE },
	{ "leave", PHRASE_COMMENT },
	{ "leer", PHRASE_MORE },
	{ "less", PHRASE_MORE },
	{ "likes", PHRASE_STATS },
	{ "lire", PHRASE_MORE },
	{ "location", PHRASE_STATS },
	{ "log", PHRASE_LOGIN },
	{ "login", PHRASE_LOGIN },
	{ "logout", PHRASE_LOGIN },
	{ "maerz", PHRASE_DATE },
	{ "mai", PHRASE_DATE },
	{ "mailing", PHRASE_SUBSCRIBE },
	{ "main", PHRASE_SITE },
	{ "mar", PHRASE_DATE },
	{ "march", PHRASE_DATE },
	{ "mars", PHRASE_DATE },
	{ "marzo", PHRASE_DATE },
	{ "materials", PHRASE_SPEC },
	{ "may", PHRASE_DATE },
	{ "mayo", PHRASE_DATE },
	{ "mehr", PHRASE_MORE },
	{ "member", PHRASE_LOGIN },
	{ "members", PHRASE_STATS },
	{ "menu", PHRASE_SITE },
	{ "messages", PHRASE_STATS },
	{ "might", PHRASE_RELATED },
	{ "monday", PHRASE_DATE },
	{ "more", PHRASE_MORE },
	{ "msrp", PHRASE_SHOP },
	{ "navigate", PHRASE_SITE },
	{ "navigation", PHRASE_SITE },
	{ "news", PHRASE_RELATED },
	{ "newsletter", PHRASE_SUBSCRIBE },
	{ "nov", PHRASE_DATE },
	{ "november", PHRASE_DATE },
	{ "novembre", PHRASE_DATE },
	{ "noviembre", PHRASE_DATE },
	{ "oct", PHRASE_DATE },
	{ "october", PHRASE_DATE },
	{ "octobre", PHRASE_DATE },
	{ "octubre", PHRASE_DATE },
	{ "off", PHRASE_SHOP },
	{ "offline", PHRASE_STATS },
	{ "oktober", PHRASE_DATE },
	{ "online", PHRASE_STATS },
	{ "open", PHRASE_SITE },
	{ "order", PHRASE_SHOP },
	{ "overview", PHRASE_SPEC },
	{ "password", PHRASE_LOGIN },
	{ "per", PHRASE_SEARCH },
	{ "points", PHRASE_STATS },
	{ "popular", PHRASE_RELATED },
	{ "posts", PHRASE_RELATED | PHRASE_STATS },
	{ "press", PHRASE_SITE },
	{ "price", PHRASE_SHOP },
	{ "product", PHRASE_SPEC },
	{ "quantity", PHRASE_SHOP },
	{ "question", PHRASE_QUESTION },
	{ "questions", PHRASE_QUESTION },
	{ "quote", PHRASE_COMMENT },
	{ "rank", PHRASE_STATS },
	{ "read", PHRASE_MORE },
	{ "recent", PHRASE_RELATED },
	{ "recherche", PHRASE_SEARCH },
	{ "recommended", PHRASE_RELATED },
	{ "register", PHRASE_LOGIN },
	{ "registered", PHRASE_STATS },
	{ "registrieren", PHRASE_LOGIN },
	{ "regular", PHRASE_SHOP },
	{ "related", PHRASE_RELATED },
	{ "replies", PHRASE_COMMENT },
	{ "reply", PHRASE_COMMENT },
	{ "reputation", PHRASE_STATS },
	{ "respond", PHRASE_COMMENT },
	{ "responder", PHRASE_COMMENT },
	{ "results", PHRASE_SEARCH },
	{ "rss", PHRASE_SUBSCRIBE },
	{ "sale", PHRASE_SHOP },
	{ "saturday", PHRASE_DATE },
	{ "save", PHRASE_SHOP },
	{ "schlagworte", PHRASE_TAGS },
	{ "search", PHRASE_SEARCH },
	{ "see", PHRASE_MORE },
	{ "seguir", PHRASE_MORE },
	{ "select", PHRASE_SEARCH },
	{ "sep", PHRASE_DATE },
	{ "sept", PHRASE_DATE },
	{ "september", PHRASE_DATE },
	{ "septembre", PHRASE_DATE },
	{ "septiembre", PHRASE_DATE },
	{ "shipping", PHRASE_SHOP },
	{ "show", PHRASE_MORE },
	{ "showing", PHRASE_SEARCH },
	{ "sign", PHRASE_LOGIN },
	{ "signup", PHRASE_SUBSCRIBE },
	{ "similar", PHRASE_RELATED },
	{ "sitemap", PHRASE_SITE },
	{ "size", PHRASE_SPEC },
	{ "skip", PHRASE_SITE },
	{ "sold", PHRASE_SHOP },
	{ "solution", PHRASE_QUESTION },
	{ "solved", PHRASE_QUESTION },
	{ "sort", PHRASE_SEARCH },
	{ "sorted", PHRASE_SEARCH },
	{ "specification", PHRASE_SPEC },
	{ "specifications", PHRASE_SPEC },
	{ "specs", PHRASE_SPEC },
	{ "startseite", PHRASE_SITE },
	{ "stock", PHRASE_SHOP },
	{ "stories", PHRASE_RELATED },
	{ "subscribe", PHRASE_SUBSCRIBE },
	{ "suche", PHRASE_SEARCH },
	{ "suchen", PHRASE_SEARCH },
	{ "suite", PHRASE_MORE },
	{ "sunday", PHRASE_DATE },
	{ "support", PHRASE_SITE },
	{ "suscribete", PHRASE_SUBSCRIBE },
	{ "tag", PHRASE_TAGS },
	{ "tagged", PHRASE_TAGS },
	{ "tags", PHRASE_TAGS },
	{ "technical", PHRASE_SPEC },
	{ "themen", PHRASE_TAGS },
	{ "threads", PHRASE_STATS },
	{ "thursday", PHRASE_DATE },
	{ "times", PHRASE_STATS },
	{ "toggle", PHRASE_SITE },
	{ "topic", PHRASE_STATS },
	{ "topics", PHRASE_TAGS },
	{ "tovabb", PHRASE_MORE },
	{ "trending", PHRASE_RELATED },
	{ "tuesday", PHRASE_DATE },
	{ "under", PHRASE_TAGS },
	{ "unsubscribe", PHRASE_SUBSCRIBE },
	{ "updates", PHRASE_SUBSCRIBE },
	{ "us", PHRASE_SITE },
	{ "username", PHRASE_LOGIN },
	{ "vat", PHRASE_SHOP },
	{ "verwandte", PHRASE_RELATED },
	{ "view", PHRASE_MORE },
	{ "viewed", PHRASE_RELATED | PHRASE_STATS },
	{ "views", PHRASE_STATS },
	{ "votes", PHRASE_STATS },
	{ "warenkorb", PHRASE_SHOP },
	{ "wednesday", PHRASE_DATE },
	{ "weight", PHRASE_SPEC },
	{ "weiterlesen", PHRASE_MORE },
	{ "wishlist", PHRASE_SHOP },
	{ "you", PHRASE_RELATED },
};

/* --- the text of a block ---------------------------------------------------------------------- */

struct scan {
	struct block *block;
	bool in_word;
};

static uint32_t mix(uint32_t a, uint32_t b)
{
	uint64_t x = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;

	return (uint32_t)(x >> 32);
}

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
	const struct blocks *b, struct block *v, const unsigned char *p, size_t left)
{
	size_t n = 0;
	uint32_t capitals = 0;

	for (unsigned c; n < left && (c = b->classes[p[n]]) & BYTE_LETTER; n++)
		capitals += c / BYTE_CAPITAL;
	v->capitals += capitals;
	v->bytes += (uint32_t)n;
	v->ends = 0;
	return n;
}

static void look_up_phrase(
	const struct blocks *b, struct block *v, const unsigned char *p, size_t n)
{
	char word[WORD_MAX];
	uint32_t hash = WORD_HASH;

	if (n < 2 || n >= WORD_MAX)
		return;
	for (size_t i = 0; i < n; i++) {
		word[i] = (char)(p[i] | 0x20);
		hash = word_hash(hash, word[i]);
	}
	v->phrases |= (uint32_t)word_table_find(&b->phrases, word, n, hash);
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
static void read_sign(const struct blocks *b, struct block *v, const unsigned char *p, size_t left)
{
	unsigned class = b->classes[*p];

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

static void scan_text(const struct blocks *b, struct scan *s, struct slice text, unsigned flags)
{
	struct block *v = s->block;
	const unsigned char *p = (const unsigned char *)text.p;
	uint32_t before = v->bytes;

	for (size_t i = 0; i < text.n;) {
		unsigned class = b->classes[p[i]];

		if (class & BYTE_SPACE) {
			s->in_word = false;
			i++;
			continue;
		}
		v->words += !s->in_word;
		s->in_word = true;
		if (class & BYTE_LETTER) {
			size_t n = read_letters(b, v, p + i, text.n - i);

			if (v->bytes <= SHORT_BLOCK)
				look_up_phrase(b, v, p + i, n);
			i += n;
		} else {
			read_sign(b, v, p + i, text.n - i);
			i++;
		}
	}
	if (v->bytes == before)
		return;
	v->hash = mix(v->hash, (uint32_t)XXH3_64bits(text.p, text.n));
	if (flags & PART_LINK)
		v->link_bytes += v->bytes - before;
	if (flags & PART_BOLD)
		v->bold_bytes += v->bytes - before;
}

/* --- down: blocks and names ------------------------------------------------------------------- */

/* Numbers in names count things ("post-123"): those of all are one name. */
static uint32_t hash_class(struct slice class)
{
	uint32_t hash = WORD_HASH;

	for (size_t i = 0; i < class.n && i < 64; i++)
		if (!(class.p[i] >= '0' && class.p[i] <= '9'))
			hash = word_hash(hash, class.p[i]);
	return hash;
}

/* What a class says: the same few come over and over on a page. */
static const struct class_memo *read_class(struct blocks *b, struct slice class)
{
	uint64_t key = XXH3_64bits(class.p, class.n) | 1;
	struct class_memo *memo = &b->classes_read[key / 2 % ARRAY_LEN(b->classes_read)];

	if (memo->key != key) {
		memo->key = key;
		memo->hash = hash_class(class);
		memo->cues = cues_of_attribute(&b->cues, HTML_ATTR_CLASS, class);
	}
	return memo;
}

static void read_names(struct blocks *b, const struct html_tree *t, uint32_t i)
{
	const struct html_node *node = &t->nodes[i];
	struct part *part = &b->parts[i];
	uint32_t hash = 0;

	part->cues = cues_of_tag((enum html_tag)node->tag);
	for (uint32_t k = 0; k < node->n; k++) {
		const struct html_attr *attr = &t->attrs[node->at + k];
		struct slice value = html_value(t, attr);

		if (attr->name == HTML_ATTR_CLASS) {
			const struct class_memo *memo = read_class(b, value);

			hash = memo->hash;
			part->cues |= memo->cues;
		} else {
			part->cues |=
				cues_of_attribute(&b->cues, (enum html_attr_name)attr->name, value);
		}
	}
	part->name = mix(hash, node->tag);
	part->path = mix(b->parts[node->parent].path, part->name);
}

static bool breaks_text(enum html_tag tag)
{
	return (html_tag_flags(tag) && tag != HTML_BR) || tag == HTML_BUTTON;
}

/* The innermost list or table around a block element, or 0. A table only when the block is a whole
 * cell of it: in a table that arranges the page, cells hold blocks of their own. */
static uint32_t group_of(const struct html_tree *t, uint32_t element)
{
	enum { CLIMB = 16 };
	enum html_tag own = (enum html_tag)t->nodes[element].tag;

	for (uint32_t k = element, n = 0; k && n < CLIMB; k = t->nodes[k].parent, n++) {
		switch (t->nodes[k].tag) {
		case HTML_UL:
		case HTML_OL:
		case HTML_DL: return k;
		case HTML_TABLE: return own == HTML_TD || own == HTML_TH ? k : 0;
		default: break;
		}
	}
	return 0;
}

static struct block *add_block(
	struct blocks *b, const struct html_tree *t, uint32_t node, uint32_t element)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 256;
		b->v = mem_resize(b->v, b->cap, sizeof(*b->v));
	}
	b->v[b->n] = (struct block){
		.first = node,
		.element = element,
		.group = group_of(t, element),
		.hash = WORD_HASH,
	};
	return &b->v[b->n++];
}

static void enter_element(struct blocks *b, const struct html_tree *t, uint32_t i)
{
	const struct part *parent = &b->parts[t->nodes[i].parent];
	struct part *part = &b->parts[i];
	enum html_tag tag = t->nodes[i].tag;

	if (html_tag_flags(tag) & HTML_NO_TEXT || tag == HTML_HEAD)
		part->flags |= PART_OUT;
	if (part->flags & PART_OUT)
		return;
	if (tag == HTML_A)
		part->flags |= PART_LINK;
	else if (tag == HTML_B || tag == HTML_STRONG)
		part->flags |= PART_BOLD;
	part->depth = (uint16_t)(parent->depth + 1);
	part->block = breaks_text(tag) ? i : parent->block;
	if (part->block != i)
		return;
	read_names(b, t, i);
}

static void drop_empty(struct blocks *b)
{
	if (b->n && b->v[b->n - 1].bytes == 0)
		b->n--;
}

static void add_link(struct block *v, const struct html_tree *t, uint32_t a)
{
	struct slice href = html_attr(t, a, HTML_ATTR_HREF);

	v->links++;
	v->href_bytes += (uint32_t)MIN(href.n, 255);
	for (size_t i = 0; i < href.n && i < 255; i++)
		v->href_depth += href.p[i] == '/';
}

static uint32_t link_around(const struct html_tree *t, uint32_t node)
{
	while (node && t->nodes[node].tag != HTML_A)
		node = t->nodes[node].parent;
	return node;
}

static void read_nodes(struct blocks *b, const struct html_tree *t)
{
	struct scan scan = { 0 };
	bool open = false;

	memset(b->classes_read, 0, sizeof(b->classes_read));
	memset(b->parts, 0, t->n_nodes * sizeof(*b->parts));
	b->parts[0].first = UINT32_MAX;
	b->n = 0;
	b->bytes = 0;
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct part *part = &b->parts[i];
		const struct part *parent = &b->parts[t->nodes[i].parent];

		part->flags = parent->flags;
		if (t->nodes[i].tag != HTML_TEXT) {
			enter_element(b, t, i);
			part->images =
				t->nodes[i].tag == HTML_IMG || t->nodes[i].tag == HTML_PICTURE;
			part->first = UINT32_MAX;
			if (part->block == i)
				open = false;
			else if (t->nodes[i].tag == HTML_BR && open && scan.block->breaks < 255)
				scan.block->breaks++;
			else if (t->nodes[i].tag == HTML_A && open)
				add_link(scan.block, t, i);
			continue;
		}
		part->first = UINT32_MAX;
		if (part->flags & PART_OUT)
			continue;
		if (!open || scan.block->element != parent->block) {
			if (b->n)
				b->bytes += scan.block->bytes;
			drop_empty(b);
			scan.block = add_block(b, t, i, parent->block);
			scan.block->before = b->bytes;
			scan.in_word = false;
			open = true;
			/* A link around its text was entered before the block was. */
			if (parent->flags & PART_LINK)
				add_link(scan.block, t, link_around(t, i));
		}
		scan.block->last = i;
		scan_text(b, &scan, html_text(t, i), part->flags);
	}
	if (b->n)
		b->bytes += scan.block->bytes;
	drop_empty(b);
}

/* --- up: sums --------------------------------------------------------------------------------- */

static bool is_running(enum html_tag tag)
{
	return tag == HTML_P || tag == HTML_BLOCKQUOTE || tag == HTML_PRE || tag == HTML_DD;
}

static void sum_up(struct blocks *b, const struct html_tree *t)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct block *v = &b->v[i];
		struct part *part = &b->parts[v->element];
		enum html_tag tag = t->nodes[v->element].tag;

		part->first = MIN(part->first, (uint32_t)i);
		part->bytes += v->bytes;
		part->link_bytes += v->link_bytes;
		part->marks += v->marks;
		part->blocks++;
		part->headings += (html_tag_flags(tag) & HTML_HEADING) != 0;
		part->paragraph_bytes += is_running(tag) ? v->bytes : 0;
		if (v->bytes >= LONG_BLOCK && v->link_bytes * 3 < v->bytes)
			part->long_bytes += v->bytes;
	}
	for (uint32_t i = (uint32_t)t->n_nodes - 1; i > 0; i--) {
		const struct part *part = &b->parts[i];
		struct part *parent = &b->parts[t->nodes[i].parent];

		parent->bytes += part->bytes;
		parent->link_bytes += part->link_bytes;
		parent->marks += part->marks;
		parent->blocks += part->blocks;
		parent->headings += part->headings;
		parent->images += part->images;
		parent->first = MIN(parent->first, part->first);
		parent->paragraph_bytes += part->paragraph_bytes;
		parent->long_bytes += part->long_bytes;
	}
}

/* --- twins and copies ------------------------------------------------------------------------- */

struct tally_slot {
	uint64_t key; /* 0: empty */
	uint32_t count, bytes, link_bytes, marks;
};

static struct tally_slot *find_slot(struct blocks *b, uint64_t key)
{
	size_t mask = b->n_slots - 1;
	size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & mask;

	while (b->slots[at].key && b->slots[at].key != key)
		at = (at + 1) & mask;
	b->slots[at].key = key;
	return &b->slots[at];
}

/* Makes the table empty, with room for n keys. */
static void clear_slots(struct blocks *b, size_t n)
{
	size_t want = 64;

	while (want < n * 2)
		want *= 2;
	if (want > b->slots_cap) {
		free(b->slots);
		b->slots = mem_zalloc(want, sizeof(*b->slots));
		b->slots_cap = want;
	} else {
		memset(b->slots, 0, want * sizeof(*b->slots));
	}
	b->n_slots = want;
}

static uint64_t twin_key(const struct html_tree *t, const struct part *part, uint32_t node)
{
	return ((uint64_t)t->nodes[node].parent << 32 | part->name) | 1;
}

static void count_twins(struct blocks *b, const struct html_tree *t)
{
	size_t n = 0;

	for (uint32_t i = 1; i < t->n_nodes; i++)
		n += b->parts[i].block == i && b->parts[i].bytes;
	clear_slots(b, n);
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		const struct part *part = &b->parts[i];
		struct tally_slot *slot;

		if (part->block != i || !part->bytes)
			continue;
		slot = find_slot(b, twin_key(t, part, i));
		slot->count++;
		slot->bytes += part->bytes;
	}
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct part *part = &b->parts[i];
		const struct tally_slot *slot;

		if (part->block != i || !part->bytes)
			continue;
		slot = find_slot(b, twin_key(t, part, i));
		part->twins = slot->count;
		part->twin_bytes = slot->bytes;
	}
}

static void count_copies(struct blocks *b)
{
	clear_slots(b, b->n);
	for (size_t i = 0; i < b->n; i++)
		find_slot(b, (uint64_t)b->v[i].bytes << 32 | b->v[i].hash)->count++;
	for (size_t i = 0; i < b->n; i++)
		b->v[i].copies = find_slot(b, (uint64_t)b->v[i].bytes << 32 | b->v[i].hash)->count;
}

static void count_paths(struct blocks *b)
{
	clear_slots(b, b->n);
	for (size_t i = 0; i < b->n; i++) {
		const struct block *v = &b->v[i];
		struct tally_slot *slot =
			find_slot(b, (uint64_t)b->parts[v->element].path << 1 | 1);

		slot->count++;
		slot->bytes += v->bytes;
		slot->link_bytes += v->link_bytes;
		slot->marks += v->marks;
	}
	for (size_t i = 0; i < b->n; i++) {
		struct block *v = &b->v[i];
		const struct tally_slot *slot =
			find_slot(b, (uint64_t)b->parts[v->element].path << 1 | 1);

		v->path_blocks = slot->count;
		v->path_bytes = slot->bytes;
		v->path_link_bytes = slot->link_bytes;
		v->path_marks = slot->marks;
	}
}

void blocks_cut(struct blocks *b, const struct html_tree *t)
{
	if (!b->cues.rows) {
		make_classes(b->classes);
		cue_words_make(&b->cues);
		word_table_make(&b->phrases, phrases, ARRAY_LEN(phrases));
	}
	if (b->parts_cap < t->n_nodes) {
		b->parts_cap = t->n_nodes * 2;
		b->parts = mem_resize(b->parts, b->parts_cap, sizeof(*b->parts));
	}
	read_nodes(b, t);
	sum_up(b, t);
	count_twins(b, t);
	count_copies(b);
	count_paths(b);
}

void blocks_release(struct blocks *b)
{
	free(b->v);
	free(b->parts);
	free(b->slots);
	*b = (struct blocks){ 0 };
}
