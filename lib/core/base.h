/* base.h - the few types and macros that every other file uses. */
#ifndef CORPUS_BASE_H
#define CORPUS_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define KIB ((size_t)1024)
#define MIB ((size_t)1024 * 1024)
#define GIB ((size_t)1024 * 1024 * 1024)

/* Borrowed bytes. Never freed through the slice; may hold NUL bytes. {NULL, 0} is empty. */
struct slice {
	const char *p;
	size_t n;
};

/* The slice of a string literal. */
#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })

static inline struct slice slice_str(const char *s)
{
	return (struct slice){ s, s ? strlen(s) : 0 };
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_starts(struct slice s, struct slice head)
{
	return s.n >= head.n && (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

static inline bool slice_ends(struct slice s, struct slice tail)
{
	return s.n >= tail.n && (tail.n == 0 || memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

/* Where needle first stands in s, or s.n. */
static inline size_t slice_find(struct slice s, struct slice needle)
{
	const char *hit = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

/* The first n bytes at most. */
static inline struct slice slice_head(struct slice s, size_t n)
{
	return (struct slice){ s.p, MIN(s.n, n) };
}

/* What follows the first n bytes. */
static inline struct slice slice_skip(struct slice s, size_t n)
{
	n = MIN(s.n, n);
	return (struct slice){ s.p ? s.p + n : NULL, s.n - n };
}

/* True when c is one of the set's bytes. Unlike strchr, NUL is in no set: text may hold it. */
static inline bool byte_in(char c, const char *set)
{
	return c && strchr(set, c) != NULL;
}

/* Without the bytes of the set at both ends. */
static inline struct slice slice_trim(struct slice s, const char *set)
{
	while (s.n && byte_in(s.p[0], set))
		s = slice_skip(s, 1);
	while (s.n && byte_in(s.p[s.n - 1], set))
		s.n--;
	return s;
}

/* The same word, ASCII letters of either case: names of fields, types and attributes. */
static inline bool slice_is_word(struct slice s, const char *word)
{
	return strlen(word) == s.n && strncasecmp(s.p, word, s.n) == 0;
}

/* Takes one line off the front of *s, its end included. */
static inline struct slice slice_take_line(struct slice *s)
{
	const char *end = s->n ? memchr(s->p, '\n', s->n) : NULL;
	struct slice line = slice_head(*s, end ? (size_t)(end - s->p) + 1 : s->n);

	*s = slice_skip(*s, line.n);
	return line;
}

/* True and *out = a * b, or false when the product does not fit. */
static inline bool mul_size(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

static inline uint32_t load_le32(const void *p)
{
	const unsigned char *b = p;

	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t load_le64(const void *p)
{
	return (uint64_t)load_le32(p) | (uint64_t)load_le32((const char *)p + 4) << 32;
}

#endif
