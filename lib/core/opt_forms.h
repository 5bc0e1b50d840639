/* opt_forms.h - what is generated from an option table: help, man page, completions, config files.
 *
 * Hidden options stand in none of the forms. All functions append to out and cannot fail; the
 * defaults they show are what the groups' config structs hold now. */
#ifndef CORPUS_OPT_FORMS_H
#define CORPUS_OPT_FORMS_H

#include "lib/core/opt.h"
#include "lib/core/yaml.h"

/* One verb of a program, or the whole of one that has none (name NULL). */
struct opt_verb {
	const char *name;
	const char *summary;
	const char *operands; /* for the synopsis */
	const struct opt_group *groups;
	size_t n;
};

/* The options in two columns under their headings, wrapped to 80 columns. */
void opt_help(const struct opt_group *groups, size_t n, struct buf *out);

/* The words of text and a newline, broken at 80 columns; column is where out stands, indent where
 * further lines begin. */
void opt_wrapped(struct slice text, size_t column, size_t indent, struct buf *out);

/* The OPTIONS section of the man page, in mdoc(7), without its .Sh line. */
void opt_mdoc(const struct opt_verb *verbs, size_t n, struct buf *out);

/* The long names, one a line; behind "VERB " in a program with verbs. */
void opt_names(const struct opt_verb *verbs, size_t n, struct buf *out);

/* A script for the shell's completion; program is the whole name. */
void opt_bash(const char *program, const struct opt_verb *verbs, size_t n, struct buf *out);
void opt_zsh(const char *program, const struct opt_verb *verbs, size_t n, struct buf *out);
void opt_fish(const char *program, const struct opt_verb *verbs, size_t n, struct buf *out);

/* The options as a YAML mapping, indent spaces in; what is not set stands in a comment. opt_read
 * reads it back. */
void opt_yaml(const struct opt_group *groups, size_t n, int indent, struct buf *out);

/* The options that are set, as one JSON object in the order of the tables; without the neutral
 * ones when stamp is true. */
void opt_json(const struct opt_group *groups, size_t n, bool stamp, struct buf *out);

/* Applies a YAML mapping whose keys are long names. A key that is no option, or an option that
 * cannot stand in a file, is an error with its place. Strings stay borrowed from y. */
int opt_read(const struct opt_group *groups, size_t n, const struct yaml *y,
	const struct yaml_node *map, struct err *e) MUST_CHECK;

#endif
