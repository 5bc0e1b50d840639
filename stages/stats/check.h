/* check.h - does a build add up, and where do its documents come from. */
#ifndef CORPUS_STATS_CHECK_H
#define CORPUS_STATS_CHECK_H

#include "lib/core/buf.h"
#include "stages/stats/task.h"

/* What was found. Faults are sentences, a line each. */
struct findings {
	struct buf faults;
	uint64_t n_faults;
	uint64_t handed_files; /* inputs that are another task's outputs: all were checked */
	uint64_t handed_records;
	uint64_t taken_files; /* inputs that no task wrote: where the chain begins */
	uint64_t taken_records; /* or items */
};

/* Checks each task by itself and every file that one hands to another, and sets the source and
 * depth of each task. The order of the tasks does not matter. */
void build_check(struct build *b, struct findings *f);

void findings_release(struct findings *f);

#endif
