/* Text to shingles as datatrove does it. */
#include "stages/dedup/datatrove.h"

#include "lib/core/mem.h"
#include "lib/text/chars.h"
#include "lib/text/utf8.h"
#include "lib/text/words.h"
#include "stages/dedup/tokens_scan.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Of UTF-8, and so many UTF-16 units at most; NFD makes up to 4 of one (Unicode Standard Annex 15,
 * table "maximum expansion factors"). */
enum { PIECE = 16 * 1024, EXPANSION = 4 };

struct datatrove {
	unsigned n;
	struct words *words;
	const UNormalizer2 *nfd;
	UChar *units, *decomposed; /* of one piece */
	char *spelled; /* those in UTF-8 again */
	struct buf plain, stripped, joined;
	uint32_t *ends; /* of the words in joined */
	size_t cap_ends;
	uint64_t *hashes;
	size_t cap_hashes;
};

struct datatrove *datatrove_new(unsigned n, struct err *e)
{
	struct datatrove *d = mem_zalloc(1, sizeof(*d));
	UErrorCode status = U_ZERO_ERROR;

	d->n = n;
	d->nfd = unorm2_getNFDInstance(&status);
	if (U_FAILURE(status)) {
		err_set(e, ERR_INTERNAL, "NFD of ICU: %s", u_errorName(status));
		free(d);
		return NULL;
	}
	if (words_new(&d->words, splitter_find("spacy-en"), e) < 0) {
		free(d);
		return NULL;
	}
	d->units = mem_alloc(PIECE * sizeof(d->units[0]));
	d->decomposed = mem_alloc(EXPANSION * PIECE * sizeof(d->units[0]));
	d->spelled = mem_alloc(3 * EXPANSION * PIECE);
	return d;
}

/* --- lower case, numbers, punctuation, white space -------------------------------------------- */

/* Beyond ASCII, of which all punctuation is among datatrove's PUNCTUATION; sorted. The full-width
 * one, which a number has become by now, is there too. */
static const uint16_t marks[] = { 0xAB, 0xB4, 0xBB, 0x2013, 0x2014, 0x2019, 0x201C, 0x201D, 0x201E,
	0x2026, 0x2236, 0x2501, 0x25BA, 0x3001, 0x3002, 0x3008, 0x3009, 0x300A, 0x300B, 0x300C,
	0x300D, 0x3010, 0x3011, 0xFF01, 0xFF05, 0xFF08, 0xFF09, 0xFF0C, 0xFF0E, 0xFF11, 0xFF1A,
	0xFF1B, 0xFF1F, 0xFF5E };

static bool is_mark(uint32_t c)
{
	size_t i = 0;

	if (c < 0x80)
		return c < 9 || (c >= 0xB && c < 0x20) || c == 0x7F ||
			(c > ' ' && !(char_classes(c) & (CHAR_LETTER | CHAR_DIGIT)));
	if (c < 0xA0)
		return true;
	while (i < ARRAY_LEN(marks) && marks[i] < c)
		i++;
	return i < ARRAY_LEN(marks) && marks[i] == c;
}

/* What may stand between two numbers that become one. */
static bool is_point(uint32_t c)
{
	static const uint16_t points[] = { '.', ',', 0x60C, 0x66B, 0x2396, 0x2397, 0x2398 };

	for (size_t i = 0; i < ARRAY_LEN(points); i++)
		if (points[i] == c)
			return true;
	return false;
}

/* Bytes of the decimal digits at the front. */
static size_t digits_at(struct slice s)
{
	size_t at = 0, n;
	uint32_t c;

	for (; at < s.n; at += n) {
		n = char_decode(s.p + at, s.p + s.n, &c);
		if (!(char_classes(c) & CHAR_DIGIT))
			break;
	}
	return at;
}

/* Bytes of a number at the front: digits, and once a point with digits behind it. */
static size_t number_at(struct slice s)
{
	size_t n = digits_at(s), point, more;
	uint32_t c;

	if (n == 0 || n == s.n)
		return n;
	point = char_decode(s.p + n, s.p + s.n, &c);
	if (!is_point(c))
		return n;
	more = digits_at(slice_skip(s, n + point));
	return more ? n + point + more : n;
}

static void put_blank(struct buf *out)
{
	if (out->n && out->p[out->n - 1] != ' ')
		buf_byte(out, ' ');
}

static void put_char(struct buf *out, struct slice text, size_t at, uint32_t c)
{
	if (is_mark(c) || char_classes(c) & CHAR_SPACE)
		put_blank(out);
	else
		tokens_lower(out, text, at, c);
}

static void simplify(struct datatrove *d, struct slice text)
{
	buf_clear(&d->plain, SIZE_MAX);
	for (size_t at = 0, n; at < text.n; at += n) {
		uint32_t c;

		n = number_at(slice_skip(text, at));
		if (n) {
			buf_byte(&d->plain, '0');
			continue;
		}
		n = char_decode(text.p + at, text.p + text.n, &c);
		put_char(&d->plain, text, at, c);
	}
	d->plain.n -= d->plain.n && d->plain.p[d->plain.n - 1] == ' ';
}

/* --- marks off ------------------------------------------------------------------------------- */

/* Bytes of the next piece, which ends where no mark can move over. */
static size_t piece_of(const struct datatrove *d, struct slice s)
{
	const char *at = s.p + PIECE;
	uint32_t c;

	if (s.n <= PIECE)
		return s.n;
	while (at > s.p && char_continues(*at))
		at--;
	for (const char *p = at; p > s.p; p -= char_decode_back(s.p, p, &c)) {
		char_decode(p, s.p + s.n, &c);
		if (unorm2_hasBoundaryBefore(d->nfd, (UChar32)c))
			return (size_t)(p - s.p);
	}
	return (size_t)(at - s.p);
}

static void put_without_marks(struct datatrove *d, const char *p, const char *end)
{
	while (p < end) {
		uint32_t c;
		size_t n = char_decode(p, end, &c);

		if (u_charType((UChar32)c) != U_NON_SPACING_MARK)
			buf_append(&d->stripped, p, n);
		p += n;
	}
}

static void strip_piece(struct datatrove *d, struct slice piece)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t units = 0, n, bytes = 0;

	u_strFromUTF8WithSub(
		d->units, PIECE, &units, piece.p, (int32_t)piece.n, 0xFFFD, NULL, &status);
	n = unorm2_normalize(d->nfd, d->units, units, d->decomposed, PIECE * EXPANSION, &status);
	u_strToUTF8(d->spelled, 3 * EXPANSION * PIECE, &bytes, d->decomposed, n, &status);
	assert(U_SUCCESS(status));
	put_without_marks(d, d->spelled, d->spelled + bytes);
}

static bool is_ascii(struct slice s)
{
	unsigned char any = 0;

	for (size_t i = 0; i < s.n; i++)
		any |= (unsigned char)s.p[i];
	return any < 0x80;
}

static struct slice strip_marks(struct datatrove *d, struct slice s)
{
	buf_clear(&d->stripped, SIZE_MAX);
	while (s.n) {
		struct slice piece = slice_head(s, piece_of(d, s));

		if (is_ascii(piece))
			buf_slice(&d->stripped, piece);
		else
			strip_piece(d, piece);
		s = slice_skip(s, piece.n);
	}
	return d->stripped.n ? char_strip(buf_view(&d->stripped)) : SLICE("");
}

struct slice datatrove_normalise(struct datatrove *d, struct slice text)
{
	simplify(d, text);
	return strip_marks(d, buf_view(&d->plain));
}

/* --- words and shingles ----------------------------------------------------------------------- */

/* The words with a blank between each two, and where each ends; returns how many. */
static size_t join(struct datatrove *d)
{
	size_t n = words_count(d->words);

	if (n > d->cap_ends) {
		d->cap_ends = n;
		d->ends = mem_resize(d->ends, n, sizeof(d->ends[0]));
	}
	buf_clear(&d->joined, SIZE_MAX);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(&d->joined, ' ');
		buf_slice(&d->joined, words_text(d->words, words_at(d->words)[i]));
		d->ends[i] = (uint32_t)d->joined.n;
	}
	return n;
}

static void hash_shingles(struct datatrove *d, size_t n)
{
	if (n > d->cap_hashes) {
		d->cap_hashes = n;
		d->hashes = mem_resize(d->hashes, n, sizeof(d->hashes[0]));
	}
	for (size_t i = 0; i < n; i++) {
		size_t from = i ? d->ends[i - 1] + (size_t)1 : 0;

		d->hashes[i] = XXH64(d->joined.p + from, d->ends[i + d->n - 1] - from, 0);
	}
}

size_t datatrove_shingles(
	struct datatrove *d, struct slice text, const uint64_t **hashes, struct slice *words)
{
	struct slice normalised;
	size_t n;

	/* A word that spaCy cuts has a blank more here, and that is of 32 bits too. */
	if (text.n >= WORDS_MAX_TEXT / 2)
		return 0;
	normalised = datatrove_normalise(d, text);
	if (normalised.n >= WORDS_MAX_TEXT)
		return 0;
	words_split(d->words, normalised);
	n = join(d);
	if (words)
		*words = buf_view(&d->joined);
	if (n < d->n)
		return 0;
	hash_shingles(d, n - d->n + 1);
	*hashes = d->hashes;
	return n - d->n + 1;
}

void datatrove_free(struct datatrove *d)
{
	if (!d)
		return;
	words_free(d->words);
	buf_release(&d->plain);
	buf_release(&d->stripped);
	buf_release(&d->joined);
	free(d->units);
	free(d->decomposed);
	free(d->spelled);
	free(d->ends);
	free(d->hashes);
	free(d);
}
