/* Reads a command line by the tables of options. */
#include "lib/core/opt.h"

#include "lib/core/mem.h"

#include <stdlib.h>

struct parser {
	const struct opt_group *groups;
	size_t n;
	enum opt_pass pass;
	char **argv;
	int argc;
	int at; /* the argument that is read */
	bool *seen; /* one an option of all groups, in order: given before in this pass */
};

/* An option and where it stands. */
struct found {
	const struct opt *opt;
	const struct opt_group *in;
	size_t index; /* in all groups */
};

static struct found find_long(const struct parser *p, struct slice name)
{
	size_t before = 0;

	for (size_t g = 0; g < p->n; before += p->groups[g++].n)
		for (size_t i = 0; i < p->groups[g].n; i++)
			if (slice_eq(name, slice_str(p->groups[g].at[i].name)))
				return (struct found){ &p->groups[g].at[i], &p->groups[g],
					before + i };
	return (struct found){ 0 };
}

static struct found find_letter(const struct parser *p, char letter)
{
	size_t before = 0;

	for (size_t g = 0; g < p->n; before += p->groups[g++].n)
		for (size_t i = 0; i < p->groups[g].n; i++)
			if (letter == p->groups[g].at[i].letter)
				return (struct found){ &p->groups[g].at[i], &p->groups[g],
					before + i };
	return (struct found){ 0 };
}

const struct opt *opt_find(
	const struct opt_group *groups, size_t n, const char *name, const struct opt_group **in)
{
	struct found f = find_long(&(struct parser){ .groups = groups, .n = n }, slice_str(name));

	if (in)
		*in = f.in;
	return f.opt;
}

/* The first use of a list on the command line replaces a default or a config file's list. Of other
 * values the last counts, so that a script can add its own to given ones; but a file that was named
 * is not left out without a word. */
static int apply(struct parser *p, struct found f, const char *text, struct err *e)
{
	if (p->pass == OPT_EARLY && !f.opt->early)
		return 0;
	if (p->seen[f.index] && f.opt->type == OPT_FILE)
		return err_set(e, ERR_USAGE, "--%s: is given twice", f.opt->name);
	if (!p->seen[f.index])
		opt_clear(f.opt, f.in->config);
	p->seen[f.index] = true;
	return opt_set(f.opt, f.in->config, text, e);
}

static const char *next_argument(struct parser *p)
{
	return p->at + 1 < p->argc ? p->argv[++p->at] : NULL;
}

static int apply_value(struct parser *p, struct found f, const char *text, struct err *e)
{
	if (!text)
		text = next_argument(p);
	if (!text)
		return err_set(e, ERR_USAGE, "--%s: needs a value %s", f.opt->name, opt_arg(f.opt));
	return apply(p, f, text, e);
}

/* arg is what stands behind the two hyphens. */
static int parse_long(struct parser *p, const char *arg, struct err *e)
{
	struct slice name = { arg, strcspn(arg, "=") };
	const char *value = arg[name.n] ? arg + name.n + 1 : NULL;
	struct found f = find_long(p, name);
	bool clears = false;

	if (!f.opt && slice_starts(name, SLICE("no-"))) {
		f = find_long(p, slice_skip(name, 3));
		clears = f.opt && f.opt->type == OPT_FLAG;
	}
	if (!f.opt || (f.opt->type != OPT_FLAG && !slice_eq(name, slice_str(f.opt->name))))
		return err_set(e, ERR_USAGE, "unknown option --%.*s", (int)MIN(name.n, 200), arg);
	if (f.opt->type != OPT_FLAG)
		return apply_value(p, f, value, e);
	if (value)
		return err_set(e, ERR_USAGE, "--%.*s: takes no value", (int)name.n, arg);
	return apply(p, f, clears ? "false" : "true", e);
}

/* One or more letters: flags, and at the end one that takes the rest or the next argument. */
static int parse_letters(struct parser *p, const char *letters, struct err *e)
{
	for (; *letters; letters++) {
		struct found f = find_letter(p, *letters);

		if (!f.opt)
			return err_set(e, ERR_USAGE, "unknown option -%.*s",
				*letters & 0x80 ? 8 : 1, letters);
		if (f.opt->type != OPT_FLAG)
			return apply_value(p, f, letters[1] ? letters + 1 : NULL, e);
		if (apply(p, f, "true", e) < 0)
			return -1;
	}
	return 0;
}

static int parse_all(struct parser *p, struct err *e)
{
	int operands = 0;
	bool options = true;

	for (p->at = 1; p->at < p->argc; p->at++) {
		char *arg = p->argv[p->at];

		if (!options || arg[0] != '-' || !arg[1]) {
			if (p->pass == OPT_ALL)
				p->argv[1 + operands] = arg;
			operands++;
		} else if (strcmp(arg, "--") == 0) {
			options = false;
		} else if ((arg[1] == '-' ? parse_long(p, arg + 2, e)
					  : parse_letters(p, arg + 1, e)) < 0) {
			return -1;
		}
	}
	return operands;
}

int opt_parse(const struct opt_group *groups, size_t n, int argc, char **argv, enum opt_pass pass,
	struct err *e)
{
	struct parser p = { groups, n, pass, argv, argc, 0, NULL };
	size_t total = 0;
	int operands;

	for (size_t g = 0; g < n; g++)
		total += groups[g].n;
	p.seen = mem_zalloc(total, sizeof(*p.seen));
	operands = parse_all(&p, e);
	free(p.seen);
	return operands;
}
