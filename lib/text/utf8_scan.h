/* utf8_scan.h - the ways of checking UTF-8, for utf8.c and its tests; others use utf8.h. */
#ifndef CORPUS_UTF8_SCAN_H
#define CORPUS_UTF8_SCAN_H

#include "lib/text/utf8.h"

bool utf8_valid_plain(struct slice s);

#if defined(__x86_64__)
/* Needs AVX2. */
bool utf8_valid_avx2(struct slice s);
#endif

#endif
