/* substring.h - corpus-dedup substring: of each part of a text that is somewhere else too, the
 * first stays.
 *
 * What a part is, and how it is found: repeats.h. The input is read three times. */
#ifndef CORPUS_DEDUP_SUBSTRING_H
#define CORPUS_DEDUP_SUBSTRING_H

#include "lib/stage.h"

enum substring_keep { SUBSTRING_KEEP_FIRST, SUBSTRING_KEEP_NONE };
enum substring_action { SUBSTRING_CUT, SUBSTRING_DROP };

struct dedup_substring_config {
	const char *field; /* whose string is compared */
	int unit; /* enum unit (units.h) */
	uint64_t length; /* of a repeat, in units; UINT64_MAX: the unit's own */
	int keep; /* enum substring_keep */
	int action; /* enum substring_action */
	double max_share; /* of a text's bytes; NaN: the action's own */
	uint64_t min_left; /* characters */
	bool annotate; /* say what is repeated, and change nothing else */
};

/* The words of --unit, --keep and --action, in the order of the enums; NULL-terminated. */
extern const char *const dedup_substring_units[];
extern const char *const dedup_substring_keeps[];
extern const char *const dedup_substring_actions[];

extern const struct stage dedup_substring_stage;

#endif
