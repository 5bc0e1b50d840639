/* rules.h - a rule set: rows of name, statistic and limits, read from YAML.
 *
 *	name: gopher
 *	splitter: spacy-en
 *	rules:
 *	  - name: gopher_short_doc
 *	    statistic: non_symbol_words
 *	    min: 50
 *	    note: Rae et al. 2021, appendix A1.1
 *
 * A text fails a rule when its statistic is below min or above max; a value equal to a limit
 * passes, an undefined one too. A row without limits never fails: it has the statistic written by
 * --annotate. The format is stated for users in corpus-quality(1). */
#ifndef CORPUS_QUALITY_RULES_H
#define CORPUS_QUALITY_RULES_H

#include "stages/quality/text_stats.h"

#include <stdatomic.h>

struct rule {
	const char *name;
	const char *note; /* may be NULL */
	enum statistic statistic;
	bool has_min, has_max;
	double min, max;
	atomic_bool tried; /* it was come to for some record */
	atomic_bool applied; /* and its statistic was defined */
};

struct rule_set {
	const char *name;
	const struct splitter *splitter; /* NULL: no rule needs words */
	size_t view; /* of the splitter, see quality.c */
	struct rule *rules; /* in the order of the file */
	size_t n;
	char digest[33]; /* XXH3-128 of the file, in hexadecimal */
	struct yaml *yaml; /* owns the strings */
};

/* Reads the file at path. A key, statistic or splitter that is not known, a name that stands twice,
 * a limit that is no number: ERR_USAGE "FILE:LINE:COLUMN: ...". */
int rule_set_load(struct rule_set *set, const char *path, struct err *e) MUST_CHECK;

/* The same from text; file is the name for messages. */
int rule_set_parse(
	struct rule_set *set, const char *file, struct slice text, struct err *e) MUST_CHECK;

/* True when value fails the rule; *limit is the one that it passes. */
bool rule_fails(const struct rule *r, double value, double *limit);

void rule_set_release(struct rule_set *set);

#endif
