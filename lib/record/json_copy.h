/* json_copy.h - copies the inside of strings with their escapes put in or taken out.
 *
 * For json.c, json_write.c and the tests. All ways of a machine write the same bytes; the plain one
 * is the reference. */
#ifndef CORPUS_JSON_COPY_H
#define CORPUS_JSON_COPY_H

#include "lib/record/json.h"

/* Bytes behind the end of what they write that the functions may overwrite. */
enum { JSON_COPY_SLACK = 64 };

struct json_copy {
	/* Writes s with escapes to out, which has room for 6 bytes for each of s, and the slack.
	 * Returns the end. */
	char *(*escape)(char *out, struct slice s);

	/* Writes s, which a scanner found valid, without its escapes to out, which has room for
	 * s.n bytes (none is shorter than what it stands for) and the slack. Lone surrogates become
	 * U+FFFD and add to *replaced. */
	char *(*unescape)(char *out, struct slice s, uint64_t *replaced);
};

extern const struct json_copy json_copy_plain;

#if defined(__x86_64__)
/* Needs AVX2 and BMI. */
extern const struct json_copy json_copy_avx2;

/* Needs AVX-512 BW, VL, VBMI and VBMI2, and BMI2. */
extern const struct json_copy json_copy_avx512;
#endif

/* The fastest that this processor runs. */
const struct json_copy *json_copy_best(void);

#endif
