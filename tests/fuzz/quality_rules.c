/* Any bytes as a rule set; one that is sound is applied to the file's own text. */
#include "stages/quality/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct text_stats *stats;
	struct rule_set set;
	struct err e = { 0 };
	double value, limit;

	if (rule_set_parse(&set, "fuzz", text, &e) < 0)
		return 0;
	if (text_stats_new(&stats, &set.splitter, set.splitter ? 1 : 0, &e) < 0)
		__builtin_trap();
	text_stats_set(stats, text);
	for (size_t i = 0; i < set.n; i++) {
		if (text_stats_get(stats, 0, set.rules[i].statistic, &value))
			rule_fails(&set.rules[i], value, &limit);
	}
	text_stats_free(stats);
	rule_set_release(&set);
	return 0;
}
