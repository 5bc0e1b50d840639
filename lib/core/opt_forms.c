/* What a person reads of an option table: --help, the man page's OPTIONS, the list of names. */
#include "lib/core/opt_forms.h"

#include <ctype.h>

/* The column where help texts begin, and the width they are wrapped to. */
enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

/* "LABEL: WORD, WORD" or nothing, for the end of a phrase. */
static void put_choices(const struct opt *o, const char *label, struct buf *out)
{
	if (o->type != OPT_CHOICE)
		return;
	buf_str(out, label);
	for (int i = 0; o->choices[i]; i++)
		buf_printf(out, "%s%s", i ? ", " : "", o->choices[i]);
}

/* The default as text; empty for flags that are off, values that are not set, and early options,
 * whose value is what the command line said just now. */
static struct slice default_text(const struct opt *o, const void *config, struct buf *out)
{
	buf_clear(out, SIZE_MAX);
	if (o->early)
		return buf_view(out);
	opt_print_value(o, config, out);
	if (o->type == OPT_FLAG && slice_eq(buf_view(out), SLICE("false")))
		buf_clear(out, SIZE_MAX);
	return buf_view(out);
}

void opt_wrapped(struct slice text, size_t column, size_t indent, struct buf *out)
{
	bool first = true;

	while (text.n) {
		size_t word = slice_find(text, SLICE(" "));

		if (!first && column + 1 + word > HELP_WIDTH) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			buf_byte(out, ' ');
			column++;
		}
		buf_append(out, text.p, word);
		column += word;
		text = slice_skip(text, word + 1);
		first = false;
	}
	buf_byte(out, '\n');
}

static void help_option(const struct opt *o, const void *config, struct buf *out)
{
	struct buf text = { 0 }, value = { 0 };
	size_t start = out->n, column;

	if (o->letter)
		buf_printf(out, "  -%c, --%s", o->letter, o->name);
	else
		buf_printf(out, "      --%s", o->name);
	if (opt_arg(o))
		buf_printf(out, " %s", opt_arg(o));
	column = out->n - start;
	if (column + 2 > HELP_COLUMN) {
		buf_printf(out, "\n%*s", HELP_COLUMN, "");
		column = HELP_COLUMN;
	}
	for (; column < HELP_COLUMN; column++)
		buf_byte(out, ' ');

	buf_str(&text, o->help);
	put_choices(o, ": ", &text);
	if (default_text(o, config, &value).n)
		buf_printf(&text, " (default: %s)", buf_cstr(&value));
	opt_wrapped(buf_view(&text), column, HELP_COLUMN, out);
	buf_release(&text);
	buf_release(&value);
}

void opt_help(const struct opt_group *groups, size_t n, struct buf *out)
{
	for (size_t g = 0; g < n; g++) {
		if (groups[g].n == 0)
			continue;
		buf_printf(out, "%s%s:\n", out->n ? "\n" : "",
			groups[g].title ? groups[g].title : "Options");
		for (size_t i = 0; i < groups[g].n; i++)
			if (groups[g].at[i].help)
				help_option(&groups[g].at[i], groups[g].config, out);
	}
}

/* Text for mdoc: no byte of it is taken for a request or an escape, and each sentence begins a
 * line, as mdoc(7) wants it. */
static void put_mdoc_text(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool line_start = out->n == 0 || out->p[out->n - 1] == '\n';
		bool sentence_end = i > 0 && text.p[i - 1] == '.' && i + 1 < text.n &&
			isupper((unsigned char)text.p[i + 1]);

		if (line_start && (c == '.' || c == '\''))
			buf_str(out, "\\&");
		if (c == '\\')
			buf_str(out, "\\e");
		else if (c == '-')
			buf_str(out, "\\-");
		else
			buf_byte(out, c == ' ' && sentence_end ? '\n' : c);
	}
}

static void put_sentence(const char *text, struct buf *out)
{
	char first = (char)toupper((unsigned char)text[0]);

	put_mdoc_text((struct slice){ &first, 1 }, out);
	put_mdoc_text(slice_str(text + 1), out);
	buf_str(out, slice_ends(slice_str(text), SLICE(".")) ? "\n" : ".\n");
}

static void mdoc_limits(const struct opt *o, struct buf *out)
{
	bool ratio = o->type == OPT_RATIO && o->min == 0 && o->max == 0;
	double max = ratio ? 1 : o->max;

	if (o->min == 0 && max == 0)
		return;
	buf_str(out, "It is ");
	if (max <= o->min) {
		buf_str(out, "at least ");
		opt_print_limit(o, o->min, out);
	} else if (o->min == 0 && !ratio) {
		buf_str(out, "at most ");
		opt_print_limit(o, max, out);
	} else {
		buf_str(out, "from ");
		opt_print_limit(o, o->min, out);
		buf_str(out, " to ");
		opt_print_limit(o, max, out);
	}
	buf_str(out, ".\n");
}

static void mdoc_option(const struct opt *o, const void *config, struct buf *out)
{
	struct buf value = { 0 };

	buf_str(out, ".It");
	if (o->letter)
		buf_printf(out, " Fl %c ,", o->letter);
	buf_printf(out, " Fl -%s", o->name);
	if (opt_arg(o))
		buf_printf(out, " Ar %s", opt_arg(o));
	buf_byte(out, '\n');
	put_sentence(o->help, out);
	if (o->detail)
		put_sentence(o->detail, out);
	if (o->type == OPT_CHOICE) {
		put_choices(o, "One of ", out);
		buf_str(out, ".\n");
	}
	mdoc_limits(o, out);
	if (o->type == OPT_FLAG && default_text(o, config, &value).n) {
		buf_printf(out, "This is the default;\n.Fl -no-%s\nturns it off.\n", o->name);
	} else if (default_text(o, config, &value).n) {
		buf_str(out, "The default is ");
		put_mdoc_text(buf_view(&value), out);
		buf_str(out, ".\n");
	}
	buf_release(&value);
}

static void mdoc_list(const struct opt_group *group, struct buf *out)
{
	buf_str(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < group->n; i++)
		if (group->at[i].help)
			mdoc_option(&group->at[i], group->config, out);
	buf_str(out, ".El\n");
}

/* Options of groups with a title, of all verbs, each once. */
static void mdoc_shared(const struct opt_verb *verbs, size_t n, struct buf *out)
{
	const char *title = NULL;

	for (size_t v = 0; v < n; v++)
		for (size_t g = 0; g < verbs[v].n; g++) {
			const struct opt_group *group = &verbs[v].groups[g];

			for (size_t i = 0; group->title && i < group->n; i++) {
				const struct opt *o = &group->at[i];
				bool before = false;

				for (size_t w = 0; w < v && !before; w++)
					before = opt_find(verbs[w].groups, verbs[w].n, o->name,
							 NULL) != NULL;
				if (before || !o->help)
					continue;
				if (!title)
					buf_printf(out, ".Ss %s\n.Bl -tag -width Ds\n",
						title = group->title);
				mdoc_option(o, group->config, out);
			}
		}
	if (title)
		buf_str(out, ".El\n");
}

void opt_mdoc(const struct opt_verb *verbs, size_t n, struct buf *out)
{
	for (size_t v = 0; v < n; v++) {
		if (verbs[v].name)
			buf_printf(out, ".Ss Options of %s\n", verbs[v].name);
		for (size_t g = 0; g < verbs[v].n; g++)
			if (!verbs[v].groups[g].title && verbs[v].groups[g].n)
				mdoc_list(&verbs[v].groups[g], out);
	}
	mdoc_shared(verbs, n, out);
}

void opt_names(const struct opt_verb *verbs, size_t n, struct buf *out)
{
	for (size_t v = 0; v < n; v++)
		for (size_t g = 0; g < verbs[v].n; g++)
			for (size_t i = 0; i < verbs[v].groups[g].n; i++) {
				const struct opt *o = &verbs[v].groups[g].at[i];

				if (o->help)
					buf_printf(out, "%s%s%s\n",
						verbs[v].name ? verbs[v].name : "",
						verbs[v].name ? " " : "", o->name);
			}
}
