/* sets.h - the rule sets of a run, in the order in which they are tried. */
#ifndef CORPUS_QUALITY_SETS_H
#define CORPUS_QUALITY_SETS_H

#include "lib/core/opt.h"
#include "stages/quality/rules.h"

/* A statistic that some rule asks for, once for each splitter, in the order of the rules. */
struct column {
	char *key; /* its name, with ".SPLITTER" behind it for any splitter but the first */
	enum statistic statistic;
	size_t view;
};

struct quality_sets {
	struct rule_set *at;
	size_t n;
	size_t n_rules; /* of all sets */
	const struct splitter *splitters[STATS_MAX_SPLITTERS];
	size_t n_splitters;
	struct column *columns;
	size_t n_columns, cap_columns;
	atomic_bool record_seen, text_seen; /* there was a record, one with a text */
};

/* Loads the sets of these names (datadir.h). Free *out in any case. */
int quality_sets_load(
	struct quality_sets **out, const struct opt_list *names, struct err *e) MUST_CHECK;

/* What a rule says of the text that stats has. */
struct finding {
	bool defined, fails;
	double value, limit;
};

struct finding quality_try(struct text_stats *stats, const struct rule_set *set, struct rule *rule);

/* Sets a flag that all threads set and none clears. */
void quality_set_once(atomic_bool *flag);

/* Appends "rules":[{"name":...,"xxh3_128":...},...], a member of the stamp. */
void quality_sets_describe(const struct quality_sets *sets, struct buf *json);

/* Appends sentences about rules that no record came to or that never had a value: such a rule is as
 * good as not there. */
void quality_sets_notes(const struct quality_sets *sets, struct buf *notes);

void quality_sets_free(struct quality_sets *sets);

#endif
