/* cmd_run and cmd_run_verbs from outside: a child with captured output, around a run that only
 * tells what it got. */
#include "lib/cmd.h"

#include "lib/common.h"
#include "lib/run.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct config {
	const char *word;
	uint64_t count;
	int fail; /* an err_code that the run ends with */
	bool refuse; /* setup fails */
};

#define FIELD(name) offsetof(struct config, name)

static const char *const codes[] = { "none", "usage", "noinput", "data", "limit", "io", "pipe",
	NULL };
static const struct opt options[] = {
	{ 'w', "word", OPT_STR, FIELD(word), .help = "a word" },
	{ 'c', "count", OPT_UINT, FIELD(count), .max = 10, .help = "a count" },
	{ 0, "fail", OPT_CHOICE, FIELD(fail), .choices = codes, .help = "fail so" },
	{ 0, "refuse", OPT_FLAG, FIELD(refuse), .help = "refuse to begin" },
};

static int probe_setup(void *config, struct err *e)
{
	const struct config *c = config;

	return c->refuse ? err_set(e, ERR_USAGE, "--refuse and the rest exclude one another") : 0;
}

static void probe_release(void *config)
{
	(void)config;
	if (write(STDOUT_FILENO, "released\n", 9) < 0)
		return;
}

static const struct stage probe = { .name = "probe",
	.summary = "tell what was read",
	.setup = probe_setup,
	.release = probe_release };
static const struct stage quiet_probe = {
	.name = "probe", .summary = "take no operands", .operands = "", .common = COMMON_STATS
};

/* Stands in for lib/run.c. */
int run_main(struct run *run, const struct stage *stage, void *config, struct err *e)
{
	const struct config *c = config;

	(void)stage;
	dprintf(STDOUT_FILENO, "%s word=%s count=%d level=%lld", run->program,
		c->word ? c->word : "", (int)c->count, (long long)run->common->level);
	for (size_t i = 0; i < run->n_files; i++)
		dprintf(STDOUT_FILENO, " [%s]", run->files[i]);
	dprintf(STDOUT_FILENO, "\n");
	buf_str(run->notes, "a note\nwith a \x1b\n");
	if (c->fail)
		return err_set(e, (enum err_code)c->fail, "in\nput: %s", codes[c->fail]);
	return 0;
}

static struct {
	char out[20000], err[2000];
	int status; /* of waitpid */
} got;

static void slurp(int fd, char *text, size_t size)
{
	size_t n = 0;
	ssize_t k;

	while (n < size - 1 && (k = read(fd, text + n, size - 1 - n)) > 0)
		n += (size_t)k;
	text[n] = '\0';
	close(fd);
}

static int call(int argc, char **argv, bool verbs)
{
	static struct config config = { .count = 3 };
	static const struct command commands[] = {
		{ "tell", &probe, options, ARRAY_LEN(options), &config },
		{ "keep", &quiet_probe, options, 2, &config },
	};

	if (verbs)
		return cmd_run_verbs(argc, argv, "probe", "probe commands", commands, 2);
	return cmd_run(argc, argv, &probe, options, ARRAY_LEN(options), &config);
}

/* Runs "probe WORDS", words separated by blanks, in a child. */
static void run(const char *words, bool verbs)
{
	char copy[1000], *argv[40] = { copy }, *save = NULL;
	int out[2], err[2], argc = 1;
	pid_t pid;

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	cr_assert(pipe(out) == 0 && pipe(err) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		for (int fd = 3; fd < 50; fd++)
			close(fd);
		_exit(call(argc, argv, verbs));
	}
	close(out[1]);
	close(err[1]);
	slurp(out[0], got.out, sizeof(got.out));
	slurp(err[0], got.err, sizeof(got.err));
	waitpid(pid, &got.status, 0);
}

static int exit_status(void)
{
	return WIFEXITED(got.status) ? WEXITSTATUS(got.status) : -WTERMSIG(got.status);
}

static const char notes[] = "corpus-probe: a note\ncorpus-probe: with a ?\n";

Test(cmd, hands_options_and_operands_to_the_run)
{
	run("a -w x --level -3 b", false);
	cr_expect_str_eq(got.out, "probe word=x count=3 level=-3 [a] [b]\nreleased\n");
	cr_expect_str_eq(got.err, notes);
	cr_expect_eq(exit_status(), 0);
	run("tell -q -- -w", true);
	cr_expect_str_eq(
		got.out, "probe tell word= count=3 level=-9223372036854775808 [-w]\nreleased\n");
	cr_expect_str_eq(got.err, "");
}

Test(cmd, usage_errors_are_brief_and_exit_2)
{
	static const struct {
		bool verbs;
		const char *words, *says;
	} cases[] = {
		{ false, "--no-such-option-zz",
			"corpus-probe: unknown option --no-such-option-zz\n"
			"Try 'corpus-probe --help'.\n" },
		{ false, "-c 11",
			"corpus-probe: --count: 11 is more than 10\nTry 'corpus-probe --help'.\n" },
		{ false, "--range 5",
			"corpus-probe: --range: '5' is not of the form A:B, whole numbers\n"
			"Try 'corpus-probe --help'.\n" },
		{ false, "-q -v",
			"corpus-probe: --quiet and --verbose exclude one another\n"
			"Try 'corpus-probe --help'.\n" },
		{ true, "",
			"corpus-probe: a command must come first\nTry 'corpus-probe --help'.\n" },
		{ true, "-q",
			"corpus-probe: a command must come first\nTry 'corpus-probe --help'.\n" },
		{ true, "talk",
			"corpus-probe: unknown command 'talk'\nTry 'corpus-probe --help'.\n" },
		{ true, "tell --x",
			"corpus-probe: unknown option --x\nTry 'corpus-probe tell --help'.\n" },
		{ true, "keep a",
			"corpus-probe: unexpected operand 'a'\nTry 'corpus-probe keep --help'.\n" },
		{ true, "keep --output x",
			"corpus-probe: unknown option --output\n"
			"Try 'corpus-probe keep --help'.\n" },
		{ false, "--print-options pdf",
			"corpus-probe: --print-options: no form 'pdf'\n"
			"Try 'corpus-probe --help'.\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		run(cases[i].words, cases[i].verbs);
		cr_expect_str_eq(got.err, cases[i].says, "%s", cases[i].words);
		cr_expect_str_eq(got.out, "", "%s", cases[i].words);
		cr_expect_eq(exit_status(), 2, "%s", cases[i].words);
	}
}

Test(cmd, errors_of_the_run_give_1_and_of_configuration_2)
{
	static const struct {
		const char *words, *err;
		int status;
	} cases[] = {
		{ "-q --fail data", "corpus-probe: in?put: data\n", 1 },
		{ "-q --fail noinput", "corpus-probe: in?put: noinput\n", 1 },
		{ "-q --fail limit", "corpus-probe: in?put: limit\n", 1 },
		{ "-q --fail usage", "corpus-probe: in?put: usage\n", 2 },
		{ "-q --fail pipe", "", -SIGPIPE },
		{ "--refuse", "corpus-probe: --refuse and the rest exclude one another\n", 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		run(cases[i].words, false);
		cr_expect_str_eq(got.err, cases[i].err, "%s", cases[i].words);
		cr_expect_eq(exit_status(), cases[i].status, "%s", cases[i].words);
		cr_expect_not_null(strstr(got.out, "released"), "%s", cases[i].words);
	}
}

Test(cmd, help_wins_and_shows_the_defaults)
{
	run("-c 7 --help", false);
	cr_expect_eq(exit_status(), 0);
	cr_expect_str_eq(got.err, "");
	cr_expect_not_null(strstr(got.out, "Usage: corpus-probe [options] [FILE ...]\n"));
	cr_expect_not_null(strstr(got.out, "a count (default: 3)\n"));
	run("-h", true);
	cr_expect_not_null(strstr(got.out, "  tell         tell what was read\n"));
	run("keep -h", true);
	cr_expect_not_null(strstr(got.out, "Usage: corpus-probe keep [options]\n"));
	cr_expect_null(strstr(got.out, "--output"));
	run("-V", false);
	cr_expect(slice_starts(slice_str(got.out), SLICE("corpus-probe 0.")));
	cr_expect_eq(strchr(got.out, '\n')[1], '\0', "one line");
}

static char file[] = "/tmp/corpus-cmd-XXXXXX";

static void write_config(const char *text)
{
	int fd = open(file, O_WRONLY | O_TRUNC);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void make_file(void)
{
	close(mkstemp(file));
}

static void remove_file(void)
{
	unlink(file);
}

Test(cmd, config_files_give_way_to_the_command_line, .init = make_file, .fini = remove_file)
{
	char words[200];

	write_config("other: {x: 1}\nprobe:\n  word: a b\n  count: 5\n");
	snprintf(words, sizeof(words), "-q --config %s -c 6 f", file);
	run(words, false);
	cr_expect_str_eq(
		got.out, "probe word=a b count=6 level=-9223372036854775808 [f]\nreleased\n");

	write_config("probe: {tell: {word: a, level: 4}, keep: {word: b}}\n");
	snprintf(words, sizeof(words), "tell -q --config=%s", file);
	run(words, true);
	cr_expect_str_eq(got.out, "probe tell word=a count=3 level=4\nreleased\n");
}

Test(cmd, config_errors_name_file_line_and_column, .init = make_file, .fini = remove_file)
{
	static const struct {
		bool verbs;
		const char *text, *says;
	} cases[] = {
		{ false, "probe:\n  wrod: x\n", ":2:3: unknown key wrod\n" },
		{ false, "prob: {}\n", ":1:1: there is no section probe here\n" },
		{ false, "probe: 3\n", ":1:1: probe: options were expected\n" },
		{ false, "probe: [a]\n", ":1:1: probe: options were expected\n" },
		{ false, "- probe\n", ":1:1: there is no section probe here\n" },
		{ true, "probe: {tel: {}}\n", ":1:9: tel: is no command of corpus-probe\n" },
		{ true, "probe: {keep: {}}\n", ":1:1: there is no section tell here\n" },
	};
	char words[200], want[300];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		write_config(cases[i].text);
		snprintf(
			words, sizeof(words), "%s--config %s", cases[i].verbs ? "tell " : "", file);
		run(words, cases[i].verbs);
		snprintf(want, sizeof(want), "corpus-probe: %s%s", file, cases[i].says);
		cr_expect_str_eq(got.err, want);
		cr_expect_eq(exit_status(), 2);
	}
	run("--config /nowhere/x.yaml", false);
	cr_expect_str_eq(got.err, "corpus-probe: /nowhere/x.yaml: No such file or directory\n");
	cr_expect_eq(exit_status(), 1);
}

Test(cmd, print_config_reads_back, .init = make_file, .fini = remove_file)
{
	static char first[sizeof(got.out)];
	char words[200];

	for (int verbs = 0; verbs < 2; verbs++) {
		snprintf(words, sizeof(words),
			"%s--print-config -w x:y -c 4 --level 9 --with a --with b,c",
			verbs ? "tell " : "");
		run(words, verbs);
		cr_expect_eq(exit_status(), 0, "%s", got.err);
		memcpy(first, got.out, sizeof(first));
		cr_expect_not_null(strstr(first, "with: [\"a\", \"b,c\"]\n"));
		write_config(first);
		snprintf(words, sizeof(words), "%s--print-config --config %s", verbs ? "tell " : "",
			file);
		run(words, verbs);
		cr_expect_str_eq(got.out, first);
	}
}

Test(common, range_is_two_numbers_of_which_either_may_lack)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t from, to;
	} cases[] = {
		{ NULL, true, 0, UINT64_MAX },
		{ ":", true, 0, UINT64_MAX },
		{ "5:", true, 5, UINT64_MAX },
		{ ":7", true, 0, 7 },
		{ "5:7", true, 5, 7 },
		{ "7:7", true, 7, 7 },
		{ "8:7", false, 0, 0 },
		{ "5", false, 0, 0 },
		{ "a:7", false, 0, 0 },
		{ "-1:7", false, 0, 0 },
		{ "1:7x", false, 0, 0 },
		{ "1:2:3", false, 0, 0 },
		{ "99999999999999999999:", false, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct common c = { .range = cases[i].text };
		struct err e = { 0 };
		uint64_t from, to;

		cr_expect_eq(common_range(&c, &from, &to, &e) == 0, cases[i].good, "%zu", i);
		if (cases[i].good)
			cr_expect(from == cases[i].from && to == cases[i].to, "%zu", i);
	}
}
