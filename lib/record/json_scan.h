/* json_scan.h - the ways of scanning JSON: the plain one and those of a machine.
 *
 * All accept the same texts, list the same members and report the same errors; the plain one is the
 * reference. For json.c and the tests; others use json.h. */
#ifndef CORPUS_JSON_SCAN_H
#define CORPUS_JSON_SCAN_H

#include "lib/record/json.h"

enum json_shape { JSON_ANY_VALUE, JSON_OBJECT_MEMBERS, JSON_ARRAY_ELEMENTS };

/* Checks text; with a shape other than JSON_ANY_VALUE it must be that and is listed in m. */
typedef bool json_scan_fn(struct slice text, enum json_shape shape, struct json_members *m,
	size_t *where, const char **what);

json_scan_fn json_scan_plain;

#if defined(__x86_64__)
/* Needs AVX2, BMI and BMI2. */
json_scan_fn json_scan_avx2;

/* Needs AVX-512 BW and VBMI. */
json_scan_fn json_scan_avx512;
#endif

/* The fastest that this processor runs. */
json_scan_fn *json_scan_best(void);

#endif
