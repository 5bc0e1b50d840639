/* Completion scripts for bash, zsh and fish, generated from the option tables. */
#include "lib/core/opt_forms.h"

enum shell { BASH, ZSH, FISH };

static bool is_file(const struct opt *o)
{
	return o->type == OPT_FILE || o->type == OPT_FILES;
}

/* text inside single quotes; zsh also needs a backslash before the marks of its specifications. */
static void put_single_quoted(const char *text, enum shell shell, struct buf *out)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_str(out, shell == FISH ? "\\'" : "'\\''");
		else if (shell == FISH && *text == '\\')
			buf_str(out, "\\\\");
		else if (shell == ZSH && strchr("[]:\\", *text))
			buf_printf(out, "\\%c", *text);
		else
			buf_byte(out, *text);
	}
}

static void put_choices(const struct opt *o, struct buf *out)
{
	for (int i = 0; o->choices[i]; i++)
		buf_printf(out, "%s%s", i ? " " : "", o->choices[i]);
}

/* The name of a shell function: hyphens become underscores. */
static void put_function(const char *program, struct buf *out)
{
	buf_byte(out, '_');
	for (; *program; program++)
		buf_byte(out, *program == '-' ? '_' : *program);
}

typedef void each_fn(
	const struct opt *o, const struct opt_verb *verb, const char *program, struct buf *out);

static void for_each(
	const struct opt_verb *verb, const char *program, each_fn *put, struct buf *out)
{
	for (size_t g = 0; g < verb->n; g++)
		for (size_t i = 0; i < verb->groups[g].n; i++)
			if (verb->groups[g].at[i].help)
				put(&verb->groups[g].at[i], verb, program, out);
}

/* A case of bash for an option that takes a value: what completes the word after it. */
static void bash_case(
	const struct opt *o, const struct opt_verb *verb, const char *program, struct buf *out)
{
	(void)verb;
	(void)program;
	if (o->type == OPT_FLAG)
		return;
	buf_str(out, "\t");
	if (o->letter)
		buf_printf(out, "-%c | ", o->letter);
	buf_printf(out, "--%s) ", o->name);
	if (is_file(o)) {
		buf_str(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n");
	} else if (o->type == OPT_CHOICE) {
		buf_str(out, "mapfile -t COMPREPLY < <(compgen -W '");
		put_choices(o, out);
		buf_str(out, "' -- \"$cur\"); return ;;\n");
	} else {
		buf_str(out, "return ;;\n");
	}
}

static void bash_word(
	const struct opt *o, const struct opt_verb *verb, const char *program, struct buf *out)
{
	(void)verb;
	(void)program;
	buf_printf(out, " --%s", o->name);
}

static void bash_verb(const struct opt_verb *verb, struct buf *out)
{
	buf_str(out, "\tcase $prev in\n");
	for_each(verb, NULL, bash_case, out);
	buf_str(out, "\tesac\n\twords='");
	for_each(verb, NULL, bash_word, out);
	buf_str(out, "'\n");
}

void opt_bash(const char *program, const struct opt_verb *verbs, size_t n, struct buf *out)
{
	buf_printf(out, "# bash completion of %s, generated from its table of options\n", program);
	put_function(program, out);
	buf_str(out,
		"()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
		"prev=${COMP_WORDS[COMP_CWORD - 1]} words=\n");
	if (verbs[0].name) {
		buf_str(out,
			"\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
			"\t\tmapfile -t COMPREPLY < <(compgen -W '--help --version");
		for (size_t v = 0; v < n; v++)
			buf_printf(out, " %s", verbs[v].name);
		buf_str(out, "' -- \"$cur\")\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n");
		for (size_t v = 0; v < n; v++) {
			buf_printf(out, "\t%s)\n", verbs[v].name);
			bash_verb(&verbs[v], out);
			buf_str(out, "\t;;\n");
		}
		buf_str(out, "\tesac\n");
	} else {
		bash_verb(&verbs[0], out);
	}
	buf_str(out,
		"\tif [ \"${cur:0:1}\" = - ]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
		"\telse\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\tfi\n}\n"
		"complete -o filenames -F ");
	put_function(program, out);
	buf_printf(out, " %s\n", program);
}

/* One specification of zsh's _arguments. */
static void zsh_option(
	const struct opt *o, const struct opt_verb *verb, const char *program, struct buf *out)
{
	const char *value = o->type == OPT_FLAG ? "" : "=";

	(void)verb;
	(void)program;
	buf_str(out, " \\\n\t\t");
	if (o->type == OPT_LIST || o->type == OPT_FILES)
		buf_str(out, "'*'");
	else if (o->letter)
		buf_printf(out, "'(-%c --%s)'", o->letter, o->name);
	if (o->letter)
		buf_printf(out, "{-%c%s,--%s%s}'[", o->letter, *value ? "+" : "", o->name, value);
	else
		buf_printf(out, "'--%s%s[", o->name, value);
	put_single_quoted(o->help, ZSH, out);
	buf_byte(out, ']');
	if (o->type != OPT_FLAG) {
		buf_byte(out, ':');
		put_single_quoted(opt_arg(o), ZSH, out);
		buf_byte(out, ':');
	}
	if (is_file(o))
		buf_str(out, "_files");
	if (o->type == OPT_CHOICE) {
		buf_byte(out, '(');
		put_choices(o, out);
		buf_byte(out, ')');
	}
	buf_byte(out, '\'');
}

static void zsh_verb(const struct opt_verb *verb, struct buf *out)
{
	buf_str(out, "\t_arguments -s -S");
	for_each(verb, NULL, zsh_option, out);
	buf_str(out, " \\\n\t\t'*:file:_files'\n");
}

void opt_zsh(const char *program, const struct opt_verb *verbs, size_t n, struct buf *out)
{
	buf_printf(out, "#compdef %s\n# generated from its table of options\n", program);
	if (!verbs[0].name) {
		zsh_verb(&verbs[0], out);
		return;
	}
	buf_str(out, "if (( CURRENT == 2 )); then\n\tlocal -a commands=(");
	for (size_t v = 0; v < n; v++) {
		buf_printf(out, "\n\t\t'%s:", verbs[v].name);
		put_single_quoted(verbs[v].summary, ZSH, out);
		buf_byte(out, '\'');
	}
	buf_str(out,
		"\n\t)\n\t_describe command commands\n\treturn\nfi\n"
		"shift words\n(( CURRENT-- ))\ncase $words[1] in\n");
	for (size_t v = 0; v < n; v++) {
		buf_printf(out, "%s)\n", verbs[v].name);
		zsh_verb(&verbs[v], out);
		buf_str(out, "\t;;\n");
	}
	buf_str(out, "esac\n");
}

static void fish_option(
	const struct opt *o, const struct opt_verb *verb, const char *program, struct buf *out)
{
	buf_printf(out, "complete -c %s", program);
	if (verb->name)
		buf_printf(out, " -n '__fish_seen_subcommand_from %s'", verb->name);
	if (o->letter)
		buf_printf(out, " -s %c", o->letter);
	buf_printf(out, " -l %s", o->name);
	if (is_file(o))
		buf_str(out, " -r -F");
	else if (o->type != OPT_FLAG)
		buf_str(out, " -x");
	if (o->type == OPT_CHOICE) {
		buf_str(out, " -a '");
		put_choices(o, out);
		buf_byte(out, '\'');
	}
	buf_str(out, " -d '");
	put_single_quoted(o->help, FISH, out);
	buf_str(out, "'\n");
}

void opt_fish(const char *program, const struct opt_verb *verbs, size_t n, struct buf *out)
{
	buf_printf(out, "# fish completion of %s, generated from its table of options\n", program);
	for (size_t v = 0; v < n; v++) {
		if (verbs[v].name) {
			buf_printf(out, "complete -c %s -n __fish_use_subcommand -f -a %s -d '",
				program, verbs[v].name);
			put_single_quoted(verbs[v].summary, FISH, out);
			buf_str(out, "'\n");
		}
		for_each(&verbs[v], program, fish_option, out);
	}
}
