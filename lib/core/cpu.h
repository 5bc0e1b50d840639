/* cpu.h - which of a file's ways this processor runs.
 *
 * Each is a test of words that libgcc fills in before main; it counts only what the system saves
 * too. Asked at each call, so that nothing has to be chosen and kept. */
#ifndef CORPUS_CPU_H
#define CORPUS_CPU_H

#include <stdbool.h>

#if defined(__x86_64__)

/* What files *_avx2.c are compiled for (Haswell, Zen and later). */
static inline bool cpu_has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
		__builtin_cpu_supports("bmi2");
}

/* What files *_avx512.c are compiled for (Ice Lake, Zen 4 and later). */
static inline bool cpu_has_avx512(void)
{
	return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vbmi") &&
		__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
		cpu_has_avx2();
}

#endif
#endif
