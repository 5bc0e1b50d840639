/* quality.h - corpus-quality: drops records that fail rule sets, or writes their statistics. */
#ifndef CORPUS_QUALITY_H
#define CORPUS_QUALITY_H

#include "lib/core/opt.h"
#include "lib/stage.h"

struct quality_sets;

struct quality_config {
	struct opt_list rules; /* names of rule sets, or paths of YAML files */
	bool annotate; /* write the statistics as "quality" and drop nothing */
	bool all_reasons; /* list every rule that fails as quality.reasons */
	bool explain; /* one line for each record and rule instead of the record */
	struct quality_sets *sets; /* made by setup */
};

/* Rules are tried in the order of their files and of the sets; the first that fails is the reason.
 * An empty set lets every record pass, and its text is not looked at. */
extern const struct stage quality_stage;

#endif
