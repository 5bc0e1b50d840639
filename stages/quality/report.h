/* report.h - what rules found, written for people and for later stages. */
#ifndef CORPUS_QUALITY_REPORT_H
#define CORPUS_QUALITY_REPORT_H

#include "lib/stage.h"
#include "stages/quality/sets.h"

/* Where objects are built; keeps its memory from record to record. All zero is valid. */
struct report {
	struct buf json;
	struct json_members members;
};

/* Emits a line for each rule instead of the record, padded so that the lines stand in columns. */
void report_explain(struct report *report, const struct quality_sets *sets,
	struct text_stats *stats, struct record *r, struct emitter *to);

enum { REPORT_STATISTICS = 1, REPORT_ALL_REASONS = 2 };

/* Sets the field quality: its other members as they were, then the statistics if wanted, then
 * "reasons", the names of the rules that fail, all of them or the first. */
void report_annotate(struct report *report, const struct quality_sets *sets,
	struct text_stats *stats, unsigned what, struct record *r);

void report_release(struct report *report);

#endif
