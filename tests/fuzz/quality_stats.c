/* Any bytes as a text: every statistic by every splitter; shares lie between 0 and what they can
 * be. */
#include "stages/quality/text_stats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct splitter *splitters[] = { splitter_find("whitespace"), splitter_find("uax29"),
		splitter_find("spacy-en") };
	static struct text_stats *stats; /* kept, as a worker keeps it from text to text */
	struct err e = { 0 };
	double value;

	if (!stats && text_stats_new(&stats, splitters, ARRAY_LEN(splitters), &e) < 0)
		__builtin_trap();
	text_stats_set(stats, (struct slice){ (const char *)data, size });
	for (size_t s = 0; s < ARRAY_LEN(splitters); s++) {
		for (unsigned which = 0; which < N_STATISTICS; which++) {
			if (text_stats_get(stats, s, which, &value) && value < 0)
				__builtin_trap();
		}
	}
	return 0;
}
