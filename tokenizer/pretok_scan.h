/* pretok_scan.h - the scanners of published patterns, for pretok.c. */
#ifndef CORPUSTOK_PRETOK_SCAN_H
#define CORPUSTOK_PRETOK_SCAN_H

#include "lib/core/base.h"
#include "tokenizer/steps.h"

/* Cuts text[at, end), which is well-formed UTF-8, not empty and cut up to at; what is behind end is
 * not looked at. Writes the ends of one to cap pieces, and returns how many. */
typedef size_t scan_fn(
	const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap);

/* A published pattern's scanners. */
struct scanner {
	const char *name;
	scan_fn *plain; /* a code point at a time: the reference of the others */
	scan_fn *swar; /* 64 bytes at a time: what every machine runs */
#if defined(__x86_64__)
	scan_fn *avx512; /* the same for where lib/core/cpu.h says so */
#endif
};

#define SCANNERS(way) \
	scan_fn scan_gpt2_##way, scan_cl100k_##way, scan_llama3_##way, scan_qwen2_##way, \
		scan_o200k_##way, scan_tekken_##way, scan_deepseek3_##way

SCANNERS(plain);
SCANNERS(swar);
SCANNERS(avx512);

/* The scanner for the steps, or NULL. */
const struct scanner *scanner_for(const struct cut_step *steps, size_t n);

#endif
