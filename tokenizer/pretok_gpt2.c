/* GPT-2's pattern as a scanner. */
#include "tokenizer/pretok_gpt2.h"

#include <unicode/uchar.h>

/* The 25 code points of White_Space: PropList.txt of the Unicode Character Database, unchanged
 * since version 6.3. */
static const struct {
	uint32_t first, last;
} spaces[] = {
	{ 0x09, 0x0D },
	{ 0x20, 0x20 },
	{ 0x85, 0x85 },
	{ 0xA0, 0xA0 },
	{ 0x1680, 0x1680 },
	{ 0x2000, 0x200A },
	{ 0x2028, 0x2029 },
	{ 0x202F, 0x202F },
	{ 0x205F, 0x205F },
	{ 0x3000, 0x3000 },
};

static UBool fill_range(const void *context, UChar32 start, UChar32 limit, UCharCategory category)
{
	unsigned char *const *classes = context;
	uint32_t mask = U_MASK(category);

	if (mask & (U_GC_L_MASK | U_GC_N_MASK))
		memset(*classes + start, mask & U_GC_L_MASK ? CLASS_LETTER : CLASS_NUMBER,
			(size_t)(limit - start));
	return 1;
}

void classes_fill(unsigned char classes[N_POINTS])
{
	memset(classes, CLASS_OTHER, N_POINTS);
	u_enumCharTypes(fill_range, &classes);
	for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
		memset(classes + spaces[i].first, CLASS_SPACE,
			spaces[i].last - spaces[i].first + 1);
}

/* The code point at p of valid UTF-8, and its length. */
static uint32_t decode(const unsigned char *p, size_t *n)
{
	if (p[0] < 0x80) {
		*n = 1;
		return p[0];
	}
	if (p[0] < 0xE0) {
		*n = 2;
		return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	}
	if (p[0] < 0xF0) {
		*n = 3;
		return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	*n = 4;
	return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

/* Where the run of one class that goes on at p ends; *last is its last code point. */
static const unsigned char *run(const unsigned char *classes, enum text_class class,
	const unsigned char *p, const unsigned char *end, const unsigned char **last)
{
	while (p < end) {
		size_t n;

		if (classes[decode(p, &n)] != class)
			break;
		*last = p;
		p += n;
	}
	return p;
}

/* The pattern's first alternative: 's 'd 'm 't 'll 've 're. */
static size_t contraction(const unsigned char *p, size_t n)
{
	if (n >= 2 && (p[1] == 's' || p[1] == 'd' || p[1] == 'm' || p[1] == 't'))
		return 2;
	if (n >= 3 &&
		((p[1] == 'l' && p[2] == 'l') || (p[2] == 'e' && (p[1] == 'v' || p[1] == 'r'))))
		return 3;
	return 0;
}

size_t gpt2_piece(const unsigned char *classes, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n, *last = p;
	const unsigned char *start = p;
	enum text_class class;
	size_t n;

	if (*p == '\'' && (n = contraction(p, text.n)) > 0)
		return n;
	class = classes[decode(p, &n)];
	if (class == CLASS_SPACE) {
		size_t next;

		/* One U+0020 goes with what follows it, unless that is white space. */
		if (*p == ' ' && text.n > 1) {
			class = classes[decode(p + 1, &next)];
			if (class != CLASS_SPACE)
				return (size_t)(run(classes, class, p + 1, end, &last) - start);
		}
		p = run(classes, CLASS_SPACE, start, end, &last);
		/* \s+(?!\S): before a word the last white space stays behind, if it is not the
		 * only one. */
		return (size_t)((p < end && last > start ? last : p) - start);
	}
	return (size_t)(run(classes, class, p, end, &last) - start);
}
