/* From main to a run: options, help, signals, exit status. */
#include "lib/cmd.h"

#include "lib/common.h"
#include "lib/core/mem.h"
#include "lib/core/opt_forms.h"
#include "lib/core/signals.h"
#include "lib/core/temps.h"
#include "lib/core/yaml.h"
#include "lib/run.h"
#include "lib/version.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What main described. A program without verbs has one command, which has no name. */
struct program {
	const char *name; /* without "corpus-" */
	const char *summary;
	const struct command *commands;
	size_t n;
};

/* One command with its tables in place and, later, what was read. */
struct call {
	const struct program *program;
	const struct command *command;
	struct common common;
	struct opt common_rows[COMMON_MAX];
	struct opt_group groups[2]; /* the command's own, the common ones */
	char *name; /* "quality", or "dedup exact" */
	bool no_verb; /* a program with verbs was called without one; command is its first */
	bool usage; /* the command line itself is wrong: point to --help */
};

static void call_init(struct call *c, const struct program *program, const struct command *command)
{
	unsigned flags = command->stage->common ? command->stage->common : COMMON_FILTER;

	*c = (struct call){ .program = program, .command = command };
	common_defaults(&c->common);
	c->groups[0] =
		(struct opt_group){ NULL, command->options, command->n_options, command->config };
	c->groups[1] = (struct opt_group){ "Common options", c->common_rows,
		common_options(flags, c->common_rows), &c->common };
	c->name = command->name ? mem_printf("%s %s", program->name, command->name)
				: mem_strdup(program->name);
}

static void call_release(struct call *c)
{
	opt_release(c->groups, ARRAY_LEN(c->groups));
	free(c->name);
}

static const char *operands_of(const struct command *command)
{
	return command->stage->operands ? command->stage->operands : "[FILE ...]";
}

/* All of text to standard output, closed behind it: a full disk may show no earlier. */
static int print(const struct buf *text, struct err *e)
{
	bool bad = fwrite(text->p, 1, text->n, stdout) != text->n;

	if (fclose(stdout) == 0 && !bad)
		return 0;
	return err_set(
		e, errno == EPIPE ? ERR_PIPE : ERR_IO, "standard output: %s", strerror(errno));
}

static void put_sentence(const char *phrase, struct buf *out)
{
	buf_printf(out, "%c%s.\n", toupper((unsigned char)phrase[0]), phrase + 1);
}

static void put_help(struct call *c, struct buf *out)
{
	const char *operands = operands_of(c->command);
	struct buf options = { 0 };

	buf_printf(
		out, "Usage: corpus-%s [options]%s%s\n", c->name, *operands ? " " : "", operands);
	put_sentence(c->command->stage->summary, out);
	opt_help(c->groups, ARRAY_LEN(c->groups), &options);
	buf_printf(out, "\n%s\nThe manual: man corpus-%s\n", buf_cstr(&options), c->program->name);
	buf_release(&options);
}

/* Where the summaries begin in the list of commands. */
enum { COMMAND_COLUMN = 15 };

static void put_commands(const struct program *p, struct buf *out)
{
	buf_printf(out, "Usage: corpus-%s COMMAND [options] [FILE ...]\n", p->name);
	put_sentence(p->summary, out);
	buf_str(out, "\nCommands:\n");
	for (size_t i = 0; i < p->n; i++) {
		buf_printf(out, "  %-12s ", p->commands[i].name);
		opt_wrapped(slice_str(p->commands[i].stage->summary), COMMAND_COLUMN,
			COMMAND_COLUMN, out);
	}
	buf_printf(out,
		"\nThe options of each: corpus-%s COMMAND --help\nThe manual: man corpus-%s\n",
		p->name, p->name);
}

static void put_version(const struct program *p, struct buf *out)
{
	struct buf libraries = { 0 };

	version_libraries(&libraries);
	buf_printf(out, "corpus-%s %s", p->name, CORPUS_VERSION);
	if (libraries.n)
		buf_printf(out, " (%s)", buf_cstr(&libraries));
	buf_byte(out, '\n');
	buf_release(&libraries);
}

static void put_mdoc(const char *program, const struct opt_verb *v, size_t n, struct buf *out)
{
	(void)program;
	opt_mdoc(v, n, out);
}

static void put_names(const char *program, const struct opt_verb *v, size_t n, struct buf *out)
{
	(void)program;
	opt_names(v, n, out);
}

static const struct {
	const char *name;
	void (*put)(const char *program, const struct opt_verb *v, size_t n, struct buf *out);
} forms[] = {
	{ "mdoc", put_mdoc },
	{ "names", put_names },
	{ "bash", opt_bash },
	{ "zsh", opt_zsh },
	{ "fish", opt_fish },
};

/* The form of the whole program, all its verbs. */
static int put_form(const struct program *p, const char *form, struct buf *out, struct err *e)
{
	struct opt_verb *verbs = mem_zalloc(p->n, sizeof(*verbs));
	struct call *calls = mem_zalloc(p->n, sizeof(*calls));
	char *program = mem_printf("corpus-%s", p->name);
	int status = -1;

	for (size_t i = 0; i < p->n; i++) {
		const struct command *command = &p->commands[i];

		call_init(&calls[i], p, command);
		verbs[i] = (struct opt_verb){ command->name, command->stage->summary,
			operands_of(command), calls[i].groups, ARRAY_LEN(calls[i].groups) };
	}
	for (size_t f = 0; f < ARRAY_LEN(forms); f++)
		if (strcmp(forms[f].name, form) == 0) {
			forms[f].put(program, verbs, p->n, out);
			status = 0;
		}
	for (size_t i = 0; i < p->n; i++)
		call_release(&calls[i]);
	free(calls);
	free(verbs);
	free(program);
	return status < 0 ? err_set(e, ERR_USAGE, "--print-options: no form '%s'", form) : 0;
}

/* Does what --help and its like ask for. 1: one of them was there; 0: none; -1. */
static int answer(struct call *c, struct err *e)
{
	struct buf text = { 0 };
	int status = 1;

	if (c->common.help && c->no_verb)
		put_commands(c->program, &text);
	else if (c->common.help)
		put_help(c, &text);
	else if (c->common.version)
		put_version(c->program, &text);
	else if (c->common.print_options)
		status = put_form(c->program, c->common.print_options, &text, e) < 0 ? -1 : 1;
	else
		status = 0;
	if (status > 0 && print(&text, e) < 0)
		status = -1;
	buf_release(&text);
	return status;
}

/* Read back before it is shown: a file name may hold bytes that are no UTF-8, which YAML lacks. */
static int print_config(struct call *c, struct err *e)
{
	bool verb = c->command->name != NULL;
	struct buf text = { 0 };
	struct yaml *y = NULL;
	int status;

	buf_printf(&text, "%s:\n", c->program->name);
	if (verb)
		buf_printf(&text, "  %s:\n", c->command->name);
	opt_yaml(c->groups, ARRAY_LEN(c->groups), verb ? 4 : 2, &text);
	status = yaml_parse(&y, "--print-config", buf_view(&text), e);
	if (status == 0)
		status = print(&text, e);
	yaml_release(y);
	buf_release(&text);
	return status;
}

/* The mapping under key, which must be there: a misspelt name must not look like success. Null
 * (nothing behind the colon) is an empty one, *out NULL. */
static int section(const struct yaml *y, const struct yaml_node *map, const char *key,
	const struct yaml_node **out, struct err *e)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (!node)
		return yaml_error(y, map, e, "there is no section %s here", key);
	if (node->kind != YAML_MAP && (node->kind != YAML_SCALAR || node->quoted || *node->text))
		return yaml_error(y, node, e, "%s: options were expected", key);
	*out = node->kind == YAML_MAP ? node : NULL;
	return 0;
}

static int check_verbs(
	const struct program *p, const struct yaml *y, const struct yaml_node *map, struct err *e)
{
	for (const struct yaml_node *n = map->child; n; n = n->next) {
		bool known = false;

		for (size_t i = 0; i < p->n; i++)
			known |= strcmp(p->commands[i].name, n->key) == 0;
		if (!known)
			return yaml_error(
				y, n, e, "%s: is no command of corpus-%s", n->key, p->name);
	}
	return 0;
}

/* A file may hold the sections of several programs; only this one's is read. */
static int read_config(struct call *c, const struct yaml *y, struct err *e)
{
	const struct yaml_node *map = yaml_root(y);

	if (section(y, map, c->program->name, &map, e) < 0)
		return -1;
	if (map && c->command->name &&
		(check_verbs(c->program, y, map, e) < 0 ||
			section(y, map, c->command->name, &map, e) < 0))
		return -1;
	return map ? opt_read(c->groups, ARRAY_LEN(c->groups), y, map, e) : 0;
}

static int check_operands(const struct call *c, char **operands, int n, struct err *e)
{
	if (common_check(&c->common, e) < 0)
		return -1;
	if (n > 0 && !*operands_of(c->command))
		return err_set(e, ERR_USAGE, "unexpected operand '%s'", operands[0]);
	return 0;
}

/* Each line of the notes, or the error, behind the program's name. Control characters, which a file
 * name may hold, do not reach the terminal. */
static void say(const struct program *p, const char *text, size_t n)
{
	struct buf line = { 0 };

	buf_printf(&line, "corpus-%s: ", p->name);
	for (size_t i = 0; i < n; i++)
		buf_byte(&line, iscntrl((unsigned char)text[i]) ? '?' : text[i]);
	buf_byte(&line, '\n');
	if (write(STDERR_FILENO, line.p, line.n) < 0) {
		/* There is nobody left to tell. */
	}
	buf_release(&line);
}

static void say_notes(const struct program *p, const struct buf *notes)
{
	struct slice left = buf_view(notes);

	while (left.n) {
		size_t n = slice_find(left, SLICE("\n"));

		say(p, left.p, n);
		left = slice_skip(left, n + 1);
	}
}

static int run(struct call *c, char **files, int n, struct err *e)
{
	const struct stage *stage = c->command->stage;
	struct buf options = { 0 }, notes = { 0 };
	void *config = c->command->config;
	struct run r = { .program = c->name,
		.common = &c->common,
		.files = files,
		.n_files = (size_t)n,
		.notes = &notes };
	int status;

	opt_json(c->groups, ARRAY_LEN(c->groups), true, &options);
	buf_cstr(&options);
	r.options = buf_view(&options);
	status = c->common.annotate_only && stage->annotate_only ? stage->annotate_only(config, e)
								 : 0;
	if (status == 0 && stage->setup)
		status = stage->setup(config, e);
	if (status == 0)
		status = run_main(&r, stage, config, e);
	if (!c->common.quiet)
		say_notes(c->program, &notes);
	if (stage->release)
		stage->release(config);
	buf_release(&options);
	buf_release(&notes);
	return status;
}

/* The command line after the early options: config file, all options, the run. */
static int execute(struct call *c, const struct yaml *y, int argc, char **argv, struct err *e)
{
	int operands;

	if (y && read_config(c, y, e) < 0)
		return -1;
	c->usage = true;
	operands = opt_parse(c->groups, ARRAY_LEN(c->groups), argc, argv, OPT_ALL, e);
	if (operands < 0)
		return -1;
	if (c->common.print_config)
		return print_config(c, e);
	if (check_operands(c, argv + 1, operands, e) < 0)
		return -1;
	c->usage = false;
	return run(c, argv + 1, operands, e);
}

static int call_main(struct call *c, int argc, char **argv, struct err *e)
{
	struct yaml *y = NULL;
	int status;

	c->usage = true;
	if (opt_parse(c->groups, ARRAY_LEN(c->groups), argc, argv, OPT_EARLY, e) < 0)
		return -1;
	status = answer(c, e);
	if (status != 0)
		return status < 0 ? -1 : 0;
	c->usage = false;
	if (c->common.config && yaml_load(&y, c->common.config, e) < 0)
		return -1;
	status = execute(c, y, argc, argv, e);
	yaml_release(y);
	return status;
}

/* A program with verbs that was given an option first: only --help and its like make sense. */
static int call_without_verb(struct call *c, int argc, char **argv, struct err *e)
{
	struct opt_group general = { NULL, c->common_rows, common_options(0, c->common_rows),
		&c->common };
	int status;

	c->usage = true;
	if (argc > 1 && argv[1][0] != '-')
		return err_set(e, ERR_USAGE, "unknown command '%s'", argv[1]);
	if (opt_parse(&general, 1, argc, argv, OPT_EARLY, e) < 0)
		return -1;
	status = answer(c, e);
	if (status == 0)
		return err_set(e, ERR_USAGE, "a command must come first");
	return status < 0 ? -1 : 0;
}

/* Prints what went wrong and gives the exit status. */
static int conclude(const struct call *c, const struct err *e)
{
	bool verb = c->command->name && !c->no_verb;

	temps_remove_all();
	if (e->code == ERR_NONE)
		return 0;
	if (e->code == ERR_PIPE)
		signals_die(SIGPIPE);
	say(c->program, e->text, strlen(e->text));
	if (e->code == ERR_USAGE && c->usage)
		dprintf(STDERR_FILENO, "Try 'corpus-%s%s%s --help'.\n", c->program->name,
			verb ? " " : "", verb ? c->command->name : "");
	return e->code == ERR_USAGE ? 2 : 1;
}

/* The command that argv[1] names, or NULL. */
static const struct command *find_command(const struct program *p, int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < p->n; i++)
		if (strcmp(p->commands[i].name, argv[1]) == 0)
			return &p->commands[i];
	return NULL;
}

static int program_main(const struct program *p, int argc, char **argv)
{
	bool verbs = p->commands->name != NULL;
	const struct command *command = verbs ? find_command(p, argc, argv) : p->commands;
	struct err e = { 0 };
	struct call c;
	int status;

	signals_fill_standard_fds();
	signals_install();
	call_init(&c, p, command ? command : p->commands);
	c.no_verb = !command;
	if (c.no_verb)
		status = call_without_verb(&c, argc, argv, &e);
	else
		status = call_main(&c, argc - verbs, argv + verbs, &e);
	if (status < 0)
		err_set(&e, ERR_INTERNAL, "failed without a reason");
	status = conclude(&c, &e);
	call_release(&c);
	return status;
}

int cmd_run(int argc, char **argv, const struct stage *stage, const struct opt *options,
	size_t n_options, void *config)
{
	struct command only = { NULL, stage, options, n_options, config };
	struct program p = { stage->name, stage->summary, &only, 1 };

	return program_main(&p, argc, argv);
}

int cmd_run_verbs(int argc, char **argv, const char *name, const char *summary,
	const struct command *commands, size_t n_commands)
{
	struct program p = { name, summary, commands, n_commands };

	return program_main(&p, argc, argv);
}
