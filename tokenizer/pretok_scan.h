/* pretok_scan.h - the scanners of published patterns, for pretok.c. */
#ifndef CORPUSTOK_PRETOK_SCAN_H
#define CORPUSTOK_PRETOK_SCAN_H

#include "lib/core/base.h"
#include "tokenizer/steps.h"

/* Cuts text[at, end), which is well-formed UTF-8, not empty and cut up to at; what is behind end is
 * not looked at. Writes the ends of one to cap pieces, and returns how many. */
typedef size_t scan_fn(
	const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap);

/* The scanners that every machine runs; the reference of the faster ones. */
scan_fn scan_gpt2_plain, scan_cl100k_plain, scan_llama3_plain, scan_qwen2_plain, scan_o200k_plain,
	scan_tekken_plain, scan_deepseek3_plain;

/* The faster ones, for a cap of 64 or more. */
scan_fn scan_gpt2_avx512, scan_cl100k_avx512, scan_llama3_avx512, scan_qwen2_avx512,
	scan_o200k_avx512, scan_tekken_avx512, scan_deepseek3_avx512;

struct scanner {
	const char *name;
	scan_fn *plain;
#if defined(__x86_64__)
	scan_fn *avx512;
#endif
};

/* The scanner for the steps, or NULL. */
const struct scanner *scanner_for(const struct cut_step *steps, size_t n);

#endif
