/* What of a text counts when two are compared. */
#include "stages/dedup/normalise.h"

#include "lib/core/mem.h"
#include "lib/web/url_key.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* PIECE bytes of UTF-8 are at most as many UTF-16 units; NFKC_Casefold makes at most 18 of one
 * (U+FDFA, Unicode Standard Annex 15, table "maximum expansion factors"), each at most 3 bytes. */
enum { PIECE = 64 * 1024, MAX_EXPANSION = 18 };

struct normaliser {
	enum normalise kind;
	const UNormalizer2 *fold;
	UChar *units, *folded; /* of one piece */
	struct buf lowered, spaced;
	struct url url;
	unsigned url_rules;
	struct buf url_key;
};

struct normaliser *normaliser_new(enum normalise kind, struct err *e)
{
	struct normaliser *n = mem_zalloc(1, sizeof(*n));
	UErrorCode status = U_ZERO_ERROR;

	assert(kind != NORMALISE_URL);
	n->kind = kind;
	if (kind != NORMALISE_FOLD)
		return n;
	n->fold = unorm2_getNFKCCasefoldInstance(&status);
	if (U_FAILURE(status)) {
		err_set(e, ERR_INTERNAL, "NFKC_Casefold of ICU: %s", u_errorName(status));
		normaliser_free(n);
		return NULL;
	}
	n->units = mem_alloc(PIECE * sizeof(*n->units));
	n->folded = mem_alloc(PIECE * MAX_EXPANSION * sizeof(*n->folded));
	return n;
}

struct normaliser *normaliser_new_url(unsigned rules)
{
	struct normaliser *n = mem_zalloc(1, sizeof(*n));

	n->kind = NORMALISE_URL;
	n->url_rules = rules;
	return n;
}

int normalise_url_rules(const struct opt_list *names, unsigned *rules, struct err *e)
{
	*rules = names->n ? 0 : URL_KEY_ALL & ~(unsigned)URL_KEY_INDEX;
	for (size_t i = 0; i < names->n; i++) {
		unsigned rule = url_key_rule(names->at[i]);

		if (!rule && strcmp(names->at[i], "none") != 0)
			return err_set(e, ERR_USAGE,
				"--url-rules: '%s' is none of none, scheme, www, tracking, "
				"session, index",
				names->at[i]);
		*rules |= rule;
	}
	return 0;
}

/* What a byte can be at the beginning of a character: white space, the first byte of white space
 * beyond ASCII, or neither (0). */
enum { SPACE = 1, LEAD = 2 };
static const unsigned char classes[256] = {
	['\t'] = SPACE,
	['\n'] = SPACE,
	['\v'] = SPACE,
	['\f'] = SPACE,
	['\r'] = SPACE,
	[' '] = SPACE,
	[0xc2] = LEAD,
	[0xe1] = LEAD,
	[0xe2] = LEAD,
	[0xe3] = LEAD,
};

/* The bytes of the white space that begins with the lead p[0], or 0. Property White_Space of
 * Unicode 15 (PropList.txt) beyond ASCII: U+0085, 00A0, 1680, 2000..200A, 2028, 2029, 202F, 205F,
 * 3000. */
static size_t space_at(const unsigned char *p, size_t n)
{
	if (p[0] == 0xc2)
		return n >= 2 && (p[1] == 0x85 || p[1] == 0xa0) ? 2 : 0;
	if (n < 3)
		return 0;
	if (p[0] == 0xe2 && p[1] == 0x80)
		return p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf ? 3 : 0;
	if (p[0] == 0xe2 && p[1] == 0x81)
		return p[2] == 0x9f ? 3 : 0;
	if (p[0] == 0xe1)
		return p[1] == 0x9a && p[2] == 0x80 ? 3 : 0;
	return p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
}

/* Normalising in progress. A byte that follows white space overwrites a blank put for more of
 * it. */
struct spacing {
	char *at;
	bool after_space;
};

static inline void put_byte(struct spacing *s, unsigned char c, bool space)
{
	*s->at = (char)(space ? ' ' : c);
	s->at += !(space & s->after_space);
	s->after_space = space;
}

/* No branch but for leads: words are too short for one that depends on blanks to be foreseen. */
static struct slice fold_space(struct buf *out, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n;
	struct spacing s = { .after_space = true };

	buf_clear(out, SIZE_MAX);
	s.at = buf_reserve(out, text.n + 1);
	while (p < end) {
		size_t n;

		for (; p < end && classes[*p] != LEAD; p++)
			put_byte(&s, *p, classes[*p] == SPACE);
		if (p == end)
			break;
		n = space_at(p, (size_t)(end - p));
		put_byte(&s, *p, n > 0);
		p += n ? n : 1;
	}
	out->n = (size_t)(s.at - out->p);
	out->n -= s.after_space && out->n > 0;
	return buf_view(out);
}

/* Bytes of the next piece. */
static size_t piece_of(struct slice text)
{
	size_t n = PIECE;

	if (text.n <= PIECE)
		return text.n;
	while (n > 1 && (unsigned char)text.p[n] > ' ')
		n--;
	if (n > 1)
		return n;
	for (n = PIECE; n > PIECE - 4 && ((unsigned char)text.p[n] & 0xc0) == 0x80;)
		n--;
	return n;
}

static void fold_piece(struct normaliser *n, struct slice piece)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t units = 0, folded, bytes = 0;

	u_strFromUTF8WithSub(
		n->units, PIECE, &units, piece.p, (int32_t)piece.n, 0xfffd, NULL, &status);
	folded = unorm2_normalize(
		n->fold, n->units, units, n->folded, PIECE * MAX_EXPANSION, &status);
	buf_reserve(&n->lowered, (size_t)folded * 3 + 1);
	u_strToUTF8WithSub(n->lowered.p + n->lowered.n, folded * 3 + 1, &bytes, n->folded, folded,
		0xfffd, NULL, &status);
	assert(U_SUCCESS(status));
	n->lowered.n += (size_t)bytes;
}

static bool is_ascii(struct slice text)
{
	unsigned char any = 0;

	for (size_t i = 0; i < text.n; i++)
		any |= (unsigned char)text.p[i];
	return any < 0x80;
}

/* The same for ASCII, where NFKC_Casefold changes A to Z and nothing else. */
static void lower_ascii(struct buf *out, struct slice text)
{
	char *at = buf_reserve(out, text.n);

	for (size_t i = 0; i < text.n; i++)
		at[i] = (char)(text.p[i] + (text.p[i] >= 'A' && text.p[i] <= 'Z' ? 32 : 0));
	out->n += text.n;
}

static struct slice fold(struct normaliser *n, struct slice text)
{
	buf_clear(&n->lowered, SIZE_MAX);
	while (text.n) {
		struct slice piece = slice_head(text, piece_of(text));

		if (is_ascii(piece))
			lower_ascii(&n->lowered, piece);
		else
			fold_piece(n, piece);
		text = slice_skip(text, piece.n);
	}
	return buf_view(&n->lowered);
}

static struct slice url_key(struct normaliser *n, struct slice text)
{
	if (!url_parse(&n->url, text, NULL))
		return (struct slice){ 0 };
	buf_clear(&n->url_key, SIZE_MAX);
	url_put_key(&n->url_key, &n->url, n->url_rules);
	return buf_view(&n->url_key);
}

struct slice normaliser_apply(struct normaliser *n, struct slice text)
{
	if (n->kind == NORMALISE_URL)
		return url_key(n, text);
	if (n->kind == NORMALISE_NONE || text.n == 0)
		return text;
	if (n->kind == NORMALISE_FOLD)
		text = fold(n, text);
	return fold_space(&n->spaced, text);
}

void normaliser_free(struct normaliser *n)
{
	if (!n)
		return;
	free(n->units);
	free(n->folded);
	buf_release(&n->lowered);
	buf_release(&n->spaced);
	url_release(&n->url);
	buf_release(&n->url_key);
	free(n);
}
