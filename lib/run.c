/* From a parsed command line to published files: what every program's run has in common. */
#include "lib/run.h"

#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"
#include "lib/stream/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool is_standard(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* --- outputs ---------------------------------------------------------------------------------- */

int run_open(struct run *run, const char *path, struct output **out, struct err *e)
{
	const struct common *c = run->common;
	struct output_options o = {
		.level = c->level == INT64_MIN ? LEVEL_DEFAULT : (int)c->level,
		.plain = c->plain,
	};

	return output_open(out, run->pool, path, &o, e);
}

/* No two outputs have one name: check_outputs. */
static bool is_rejects(const struct run *run, const struct output *out)
{
	const char *path = run->common->rejects;

	return path && strcmp(path, output_operand(out)) == 0;
}

int run_end(struct run *run, const struct stage *stage, const void *config, struct output *out,
	struct publish **published, struct err *e)
{
	struct buf stamp = { 0 }, uses = { 0 };
	struct stats_file *file = stats_add_output(run->stats, output_operand(out));
	int r;

	file->rejects = is_rejects(run, out);
	file->digest = output_digest(out);
	if (stage->describe)
		stage->describe(config, &uses);
	stamp_describe(&stamp, run->program, run->options, buf_view(&uses), run->stats);
	r = output_end(out, buf_view(&stamp), &file->file_bytes, published, e);
	buf_release(&stamp);
	buf_release(&uses);
	return r;
}

int run_close(struct run *run, const struct stage *stage, const void *config, struct output *out,
	struct err *e)
{
	struct publish *file;

	if (run_end(run, stage, config, out, &file, e) < 0)
		return -1;
	return file ? publish_commit(file, e) : 0;
}

/* --- a stage ---------------------------------------------------------------------------------- */

static int drive(struct run *run, const struct stage *stage, void *config, struct output *out,
	struct output *rejects, struct stats *stats, struct err *e)
{
	struct driver_run d = {
		.stage = stage,
		.config = config,
		.common = run->common,
		.files = run->files,
		.n_files = run->n_files,
		.names = run->names,
		.pool = run->pool,
		.out = out,
		.rejects = rejects,
		.stats = stats,
		.notes = run->notes,
	};

	return driver_run(&d, e);
}

int run_stage(
	struct run *run, const struct stage *stage, void *config, struct output *out, struct err *e)
{
	struct stats none = { 0 };
	struct output *rejects = NULL;
	const char *path = out ? run->common->rejects : NULL;
	int r;

	if (path && run_open(run, path, &rejects, e) < 0)
		return -1;
	/* A pass that writes nothing leaves the counts to the one that does. */
	r = drive(run, stage, config, out, rejects, out ? run->stats : &none, e);
	stats_release(&none);
	if (r < 0) {
		output_abort(rejects);
		return -1;
	}
	return rejects ? run_close(run, stage, config, rejects, e) : 0;
}

/* A wrong field, map or rule set must not look like success. */
static void tell_nothing_kept(const struct run *run)
{
	const struct stats *s = run->stats;
	const struct stats_reason *most = s->dropped;

	if (s->kept || !s->n_dropped)
		return;
	for (size_t i = 1; i < s->n_dropped; i++) {
		if (s->dropped[i].records > most->records)
			most = &s->dropped[i];
	}
	buf_printf(run->notes, "nothing was kept: %" PRIu64 " of %" PRIu64 " were dropped as %s\n",
		most->records, s->read, most->rule);
}

/* The usual program: every record through the stage, what it keeps to the output. */
static int filter(struct run *run, const struct stage *stage, void *config, struct err *e)
{
	struct output *out;

	if (run_open(run, run->common->output, &out, e) < 0)
		return -1;
	if (run_stage(run, stage, config, out, e) < 0 || stats_check(run->stats, e) < 0 ||
		(stage->finish && stage->finish(config, run->notes, e) < 0)) {
		output_abort(out);
		return -1;
	}
	tell_nothing_kept(run);
	return run_close(run, stage, config, out, e);
}

/* --- reading twice ---------------------------------------------------------------------------- */

static bool is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* Copies all of standard input or of a pipe to a temporary file; its name lasts as long as the
 * process. */
static int spool(struct run *run, const char *path, char **name, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	int from = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int to = from < 0 ? -1 : temp_open(run->common->tmpdir, e);
	char *chunk = mem_alloc(MIB);
	uint64_t bytes = 0;
	ssize_t got = 1;
	int r = to < 0 ? -1 : 0;

	if (from < 0)
		err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	while (r == 0 && got != 0) {
		got = read(from, chunk, MIB);
		if (got < 0 && errno != EINTR)
			r = err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
		else if (got > 0)
			r = write_all(to, chunk, (size_t)got, "temporary file", e);
		bytes += got > 0 ? (uint64_t)got : 0;
	}
	if (r == 0 && !bytes && is_pipe(from) && !run->common->salvage)
		r = err_set(
			e, ERR_DATA, "%s: " INPUT_EMPTY_PIPE, standard ? "standard input" : path);
	free(chunk);
	if (from > STDIN_FILENO)
		close(from);
	if (r < 0 && to >= 0)
		close(to);
	else if (r == 0)
		*name = mem_printf("/proc/self/fd/%d", to);
	return r;
}

static bool is_regular(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

int run_spool(struct run *run, struct err *e)
{
	static char standard_input[] = "-";
	size_t n = MAX(run->n_files, (size_t)1);
	int r = 0;

	run->operands = run->files;
	run->n_operands = run->n_files;
	run->names = mem_zalloc(n, sizeof(*run->names));
	run->files = mem_zalloc(n, sizeof(*run->files));
	for (run->n_files = 0; r == 0 && run->n_files < n; run->n_files++) {
		char *name = run->n_operands ? run->operands[run->n_files] : standard_input;
		char **file = &run->files[run->n_files];

		run->names[run->n_files] = *file = name;
		if (!is_regular(name))
			r = spool(run, name, file, e);
	}
	if (r < 0)
		run_unspool(run);
	return r;
}

int run_check_sides(const struct opt_list *with, struct err *e)
{
	for (size_t i = 0; i < with->n; i++) {
		if (!is_regular(with->at[i]))
			return err_set(e, ERR_USAGE,
				"--with %s: is no regular file, and it is read twice", with->at[i]);
	}
	return 0;
}

void run_unspool(struct run *run)
{
	if (!run->names)
		return;
	for (size_t i = 0; i < run->n_files; i++) {
		if (run->files[i] != run->names[i])
			free(run->files[i]);
	}
	free(run->files);
	free(run->names);
	run->names = NULL;
	run->files = run->operands;
	run->n_files = run->n_operands;
}

/* --- the reports ------------------------------------------------------------------------------ */

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static struct stats_run facts(const struct run *run, const struct timespec *began)
{
	struct timespec now;
	struct rusage usage;

	clock_gettime(CLOCK_MONOTONIC, &now);
	getrusage(RUSAGE_SELF, &usage);
	return (struct stats_run){
		.stage = run->program,
		.options = run->options,
		.seconds = (double)(now.tv_sec - began->tv_sec) +
			(double)(now.tv_nsec - began->tv_nsec) / 1e9,
		.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
		.peak_memory = (uint64_t)usage.ru_maxrss * 1024,
		.finished = (uint64_t)time(NULL),
	};
}

/* What --verbose says at the end: the identity in words, then each reason. */
static void summarise(const struct run *run, const struct stats_run *about)
{
	const struct stats *s = run->stats;

	buf_printf(run->notes,
		"read %" PRIu64 ", kept %" PRIu64 ", dropped %" PRIu64 ", bad %" PRIu64
		" in %.1f s, %.1f s of processor time\n",
		s->read, s->kept, stats_dropped(s), s->bad, about->seconds, about->cpu_seconds);
	for (size_t i = 0; i < s->n_dropped; i++)
		buf_printf(run->notes, "dropped %" PRIu64 ": %s\n", s->dropped[i].records,
			s->dropped[i].rule);
	for (size_t i = 0; i < s->n_values; i++)
		buf_printf(run->notes, "dropped %" PRIu64 ": %s %s\n", s->values[i].records,
			s->values[i].rule, s->values[i].value);
}

/* A report, which may go to standard output when the records do not. */
static int put_report(const char *path, const struct buf *text, struct err *e)
{
	if (is_standard(path))
		return write_all(STDOUT_FILENO, text->p, text->n, "standard output", e);
	return publish_bytes(path, buf_view(text), e);
}

static int report(const struct run *run, const struct timespec *began, struct err *e)
{
	const struct common *c = run->common;
	struct stats_run about = facts(run, began);
	struct buf json = { 0 }, metrics = { 0 };
	int r = 0;

	stats_sort_values(run->stats);
	stats_json(run->stats, &about, &json);
	stats_prometheus(run->stats, &about, &metrics);
	if (c->verbose && (run->stats->read || run->stats->n_inputs))
		summarise(run, &about);
	if (c->stats)
		r = put_report(c->stats, &json, e);
	if (r == 0 && c->metrics)
		r = put_report(c->metrics, &metrics, e);
	buf_release(&json);
	buf_release(&metrics);
	return r;
}

/* The outputs beside --output, under the names of their options. */
struct side_output {
	const char *option, *path;
};

static size_t side_outputs(const struct common *c, struct side_output out[3])
{
	const struct side_output all[] = {
		{ "--rejects", c->rejects },
		{ "--stats", c->stats },
		{ "--metrics", c->metrics },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (all[i].path)
			out[n++] = all[i];
	}
	return n;
}

static int check_sides(const struct run *run, const char *what, const char *file, struct err *e)
{
	struct side_output side[3];
	size_t n = side_outputs(run->common, side);

	for (size_t i = 0; i < n; i++) {
		if (!is_standard(side[i].path) && publish_same_place(side[i].path, file))
			return err_set(e, ERR_USAGE, "%s would overwrite the %s %s", side[i].option,
				what, file);
	}
	return 0;
}

int run_check_input(const struct run *run, const char *file, struct err *e)
{
	return check_sides(run, "input", file, e);
}

int run_check_kept(const struct run *run, const char *file, struct err *e)
{
	const char *output = run->common->output;

	if (output && !is_standard(output) && publish_same_place(output, file))
		return err_set(e, ERR_USAGE, "--output would overwrite the input %s", file);
	return run_check_input(run, file, e);
}

int run_check_output(const struct run *run, const char *file, struct err *e)
{
	return check_sides(run, "output", file, e);
}

static bool one_place(const char *a, const char *b)
{
	if (is_standard(a) || is_standard(b))
		return is_standard(a) && is_standard(b);
	return publish_same_place(a, b);
}

/* Of two outputs under one name the second would take the place of the first without a word, and
 * two streams in one pipe cannot be told apart. */
static int check_outputs(const struct common *c, bool has_output, struct err *e)
{
	struct side_output out[4];
	size_t n = side_outputs(c, out);

	if (has_output)
		out[n++] = (struct side_output){ "--output", c->output ? c->output : "-" };
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (!one_place(out[i].path, out[k].path))
				continue;
			if (is_standard(out[i].path))
				return err_set(e, ERR_USAGE, "%s and %s both go to standard output",
					out[i].option, out[k].option);
			return err_set(e, ERR_USAGE, "%s and %s name one file: %s", out[i].option,
				out[k].option, out[k].path);
		}
	}
	return 0;
}

/* What is read stays; the output itself may take its place, for it is published when all is
 * read. */
static int check_places(const struct run *run, const struct stage *stage, struct err *e)
{
	const struct opt_list *with = &run->common->with;
	int r = check_outputs(run->common, !stage->common || stage->common & COMMON_OUTPUT, e);

	for (size_t i = 0; r == 0 && i < run->n_files; i++)
		r = run_check_input(run, run->files[i], e);
	for (size_t i = 0; r == 0 && i < with->n; i++)
		r = run_check_input(run, with->at[i], e);
	return r;
}

int run_main(struct run *run, const struct stage *stage, void *config, struct err *e)
{
	struct stats stats = { 0 };
	struct timespec began;
	int r;

	if (check_places(run, stage, e) < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &began);
	run->stats = &stats;
	run->pool = pool_new((unsigned)run->common->threads);
	if (!run->pool)
		return err_set(e, ERR_IO, "cannot start a thread");
	r = stage->run ? stage->run(run, config, e) : filter(run, stage, config, e);
	if (r == 0)
		r = report(run, &began, e);
	stats_release(&stats);
	pool_free(run->pool);
	return r;
}
