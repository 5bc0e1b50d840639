/* corpus-cat: views, concatenates, samples and verifies files of records. */
#include "stages/cat.h"

#include "lib/driver/driver.h"
#include "lib/run.h"
#include "lib/stream/frame.h"
#include "lib/stream/publish.h"
#include "lib/stream/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>
#include <xxhash.h>

/* --- records ---------------------------------------------------------------------------------- */

/* A number in [0, 1) that depends on the line and the seed alone, so that the same records are
 * chosen in whatever files and order they stand. 53 bits fill a binary64. */
static double chance(struct slice line, uint64_t seed)
{
	return (double)(XXH3_64bits_withSeed(line.p, line.n, seed) >> 11) * 0x1p-53;
}

static enum verdict cat_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	const struct cat_config *config = worker;
	double u;

	(void)to, (void)e;
	if (config->sample >= 1)
		return KEEP;
	u = chance(r->line, config->seed);
	return u < config->sample ? KEEP : drop(why, "sample", u, config->sample);
}

static const struct stage pass_stage = {
	.name = "cat",
	.record = cat_record,
	.unchecked = true,
};

static const struct stage check_stage = {
	.name = "cat",
	.record = cat_record,
};

/* --- verify ----------------------------------------------------------------------------------- */

static const char *file_name(const struct run *run, size_t i)
{
	return run->n_files ? run->files[i] : "-";
}

static size_t file_count(const struct run *run)
{
	return MAX(run->n_files, (size_t)1);
}

static int print(const struct buf *text, struct err *e)
{
	return write_all(STDOUT_FILENO, text->p, text->n, "standard output", e);
}

/* Reads one file whole: frames' checksums, table and content digest are checked on the way, and
 * each line is checked to be a record. */
static int verify_file(struct run *run, struct cat_config *config, size_t i, struct err *e)
{
	struct stats stats = { 0 };
	char *file = NULL;
	struct driver_run d = {
		.stage = &check_stage,
		.config = config,
		.common = run->common,
		.files = &file,
		.n_files = run->n_files ? 1 : 0,
		.pool = run->pool,
		.stats = &stats,
		.notes = run->notes,
	};
	struct buf text = { 0 };
	char hex[33];
	int r;

	if (run->n_files)
		file = run->files[i];
	r = driver_run(&d, e);
	if (r == 0 && stats.bad)
		r = err_set(e, ERR_DATA, "%s: %" PRIu64 " bad records of %" PRIu64,
			file_name(run, i), stats.bad, stats.read);
	if (r == 0) {
		digest_hex(&stats.inputs[0].digest, hex);
		buf_printf(&text, "%s: ok, %" PRIu64 " records, %" PRIu64 " bytes, digest %s%s\n",
			file_name(run, i), stats.read, stats.read_bytes, hex,
			stats.inputs[0].stamp ? "" : ", no stamp");
		r = print(&text, e);
	}
	buf_release(&text);
	stats_release(&stats);
	return r;
}

static int verify(struct run *run, struct cat_config *config, struct err *e)
{
	for (size_t i = 0; i < file_count(run); i++) {
		if (verify_file(run, config, i, e) < 0)
			return -1;
	}
	return 0;
}

/* --- info ------------------------------------------------------------------------------------- */

static void put_info(struct buf *out, const char *name, const struct frame_index *x)
{
	uint64_t records = 0, compressed = 0, content = 0;

	for (size_t i = 0; i < x->n; i++) {
		records += x->entries[i].records;
		compressed += x->entries[i].compressed;
		content += x->entries[i].content;
	}
	buf_byte(out, '{');
	json_put_key(out, "file");
	json_put_string(out, slice_str(name));
	json_put_key(out, "frames");
	json_put_uint(out, x->n);
	json_put_key(out, "records");
	json_put_uint(out, records);
	json_put_key(out, "bytes");
	json_put_uint(out, content);
	json_put_key(out, "compressed");
	json_put_uint(out, compressed);
	json_put_key(out, "stamp");
	buf_slice(out, buf_view(&x->stamp));
	buf_str(out, "}\n");
}

static int info_file(const char *name, struct buf *out, struct err *e)
{
	struct frame_index index = { 0 };
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", name, strerror(errno));
	r = frame_index_read(fd, &index, e);
	if (fd != STDIN_FILENO)
		close(fd);
	if (r == 0)
		r = err_set(e, ERR_DATA, "no seek table and stamp at its end");
	if (r < 0)
		return err_wrap(e, "%s", name);
	put_info(out, name, &index);
	frame_index_release(&index);
	return 0;
}

static int info(struct run *run, struct err *e)
{
	struct buf text = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < file_count(run); i++)
		r = info_file(file_name(run, i), &text, e);
	if (r == 0)
		r = print(&text, e);
	buf_release(&text);
	return r;
}

/* --- the program ------------------------------------------------------------------------------ */

/* Unlike the filters, it is for people first: lines to standard output unless frames are asked
 * for or the output's name says so. */
static int open_output(
	struct run *run, const struct cat_config *config, struct output **out, struct err *e)
{
	const struct common *c = run->common;
	bool named = c->output && slice_ends(slice_str(c->output), SLICE(".zst"));
	struct output_options o = {
		.level = c->level == INT64_MIN ? LEVEL_DEFAULT : (int)c->level,
		.plain = c->plain || !(config->frames || named),
	};

	return output_open(out, run->pool, c->output, &o, e);
}

static bool has_output(const struct common *c)
{
	return c->output || c->rejects || c->stats || c->metrics;
}

static int cat_run(struct run *run, void *config, struct err *e)
{
	struct cat_config *c = config;
	struct output *out;

	if ((c->verify || c->info) && has_output(run->common))
		return err_set(e, ERR_USAGE,
			"--%s writes no records: no --output, --rejects, --stats or --metrics "
			"beside it",
			c->verify ? "verify" : "info");
	if (c->frames && run->common->plain)
		return err_set(e, ERR_USAGE, "--frames and --plain exclude each other");
	if (c->verify && (run->common->range || run->common->with.n || c->sample < 1))
		return err_set(e, ERR_USAGE,
			"--verify reads whole files: no --range, --sample or --with beside it");
	if (c->verify)
		return verify(run, c, e);
	if (c->info)
		return info(run, e);
	if (open_output(run, c, &out, e) < 0)
		return -1;
	if (run_stage(run, &pass_stage, c, out, e) < 0 || stats_check(run->stats, e) < 0) {
		output_abort(out);
		return -1;
	}
	return run_close(run, &cat_stage, c, out, e);
}

static int cat_annotate_only(void *config, struct err *e)
{
	(void)config;
	return err_set(e, ERR_USAGE, "corpus-cat adds no field that --annotate-only could write");
}

static int cat_setup(void *config, struct err *e)
{
	const struct cat_config *c = config;

	if (c->verify && c->info)
		return err_set(e, ERR_USAGE, "--verify and --info exclude each other");
	return 0;
}

const struct stage cat_stage = {
	.name = "cat",
	.summary = "view, concatenate, sample and verify files of records",
	.common = COMMON_FILTER,
	.annotate_only = cat_annotate_only,
	.setup = cat_setup,
	.run = cat_run,
};
