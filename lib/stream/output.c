/* A stream of records written as frames, stamp and seek table. */
#include "lib/stream/output.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stream/frame.h"
#include "lib/stream/pool.h"
#include "lib/stream/publish.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum {
	FILE_LEVEL = 3, /* zstd's default */
	/* A frame that passes through is worth its small size down to here; below, its lines
	 * join others. */
	PASS_MIN = 512 * 1024,
};

/* One frame on its way: lines that a worker compresses, or a frame as it came. */
struct piece {
	struct job job;
	struct output *out;
	struct buf lines;
	struct buf frame;
	uint64_t records;
	bool submitted;
};

struct output {
	struct pool *pool;
	struct publish *file; /* NULL: standard output */
	int fd;
	const char *name;
	int level;
	bool plain;

	struct piece *pieces; /* a ring */
	size_t n_pieces;
	uint64_t begun, written; /* pieces so far; the one being filled is number begun */

	void **contexts; /* a ZSTD_CCtx a worker, made when first needed */
	struct frame_entry *entries;
	size_t n_entries, cap_entries;
	struct digest digest;
	uint64_t compressed;
};

/* --- opening ---------------------------------------------------------------------------------- */

static bool name_is_plain(const char *path)
{
	static const char *const endings[] = { ".jsonl", ".ndjson", ".json" };

	for (size_t i = 0; path && i < ARRAY_LEN(endings); i++) {
		if (slice_ends(slice_str(path), slice_str(endings[i])))
			return true;
	}
	return false;
}

static int open_file(struct output *out, const char *path, struct err *e)
{
	if (path && strcmp(path, "-") != 0) {
		if (publish_open(&out->file, path, e) < 0)
			return -1;
		out->fd = publish_fd(out->file);
		out->name = publish_name(out->file);
		return 0;
	}
	out->fd = STDOUT_FILENO;
	out->name = "standard output";
	return 0;
}

static int begin_stream(struct output *out, bool regular, struct err *e)
{
	struct buf mark = { 0 };
	int r;

	if (out->plain || regular)
		return 0;
	frame_put_mark(&mark);
	r = write_all(out->fd, mark.p, mark.n, out->name, e);
	mem_grow(&out->entries, out->n_entries, &out->cap_entries, sizeof(*out->entries));
	out->entries[out->n_entries++] = (struct frame_entry){ .compressed = (uint32_t)mark.n };
	out->compressed += mark.n;
	buf_release(&mark);
	return r;
}

static void output_free(struct output *out)
{
	for (size_t i = 0; i < out->n_pieces; i++) {
		if (out->pieces[i].submitted)
			pool_wait(out->pool, &out->pieces[i].job);
		buf_release(&out->pieces[i].lines);
		buf_release(&out->pieces[i].frame);
	}
	for (unsigned i = 0; out->contexts && i < pool_size(out->pool); i++)
		ZSTD_freeCCtx(out->contexts[i]);
	free(out->contexts);
	free(out->pieces);
	free(out->entries);
	free(out);
}

void output_abort(struct output *out)
{
	if (!out)
		return;
	publish_abort(out->file);
	output_free(out);
}

int output_open(struct output **result, struct pool *pool, const char *path,
	const struct output_options *o, struct err *e)
{
	struct output *out = mem_zalloc(1, sizeof(*out));
	struct stat st;
	bool regular;

	*result = NULL;
	out->pool = pool;
	out->n_pieces = 2 * (size_t)pool_size(pool) + 1;
	out->pieces = mem_zalloc(out->n_pieces, sizeof(*out->pieces));
	out->contexts = mem_zalloc(pool_size(pool), sizeof(*out->contexts));
	if (open_file(out, path, e) < 0) {
		output_abort(out);
		return -1;
	}
	if (fstat(out->fd, &st) != 0) {
		err_set(e, ERR_IO, "%s: %s", out->name, strerror(errno));
		output_abort(out);
		return -1;
	}
	regular = S_ISREG(st.st_mode);
	out->plain = o->plain || name_is_plain(path) || isatty(out->fd);
	out->level = o->level != LEVEL_DEFAULT ? o->level
		: regular		       ? FILE_LEVEL
					       : OUTPUT_PIPE_LEVEL;
	if (begin_stream(out, regular, e) < 0) {
		output_abort(out);
		return -1;
	}
	*result = out;
	return 0;
}

/* --- pieces ----------------------------------------------------------------------------------- */

static void compress_piece(struct job *job, unsigned worker)
{
	struct piece *piece = (struct piece *)job;
	struct output *out = piece->out;

	if (!out->contexts[worker])
		out->contexts[worker] = ZSTD_createCCtx();
	frame_compress(out->contexts[worker], buf_view(&piece->lines), out->level, &piece->frame);
	buf_clear(&piece->lines, 2 * FRAME_BYTES);
}

static int write_piece(struct output *out, struct piece *piece, struct err *e)
{
	struct buf *bytes = out->plain ? &piece->lines : &piece->frame;

	if (piece->submitted)
		pool_wait(out->pool, &piece->job);
	piece->submitted = false;
	if (write_all(out->fd, bytes->p, bytes->n, out->name, e) < 0)
		return -1;
	out->compressed += bytes->n;
	if (!out->plain) {
		mem_grow(&out->entries, out->n_entries, &out->cap_entries, sizeof(*out->entries));
		out->entries[out->n_entries++] = frame_entry(buf_view(bytes), piece->records);
	}
	buf_clear(bytes, 2 * FRAME_BYTES);
	out->written++;
	return 0;
}

/* The piece being filled. The ring never runs full: finish_piece makes room. */
static struct piece *current(struct output *out)
{
	return &out->pieces[out->begun % out->n_pieces];
}

/* Sends the current piece off, and writes what is ready, at least as much as makes room for the
 * next. */
static int finish_piece(struct output *out, struct err *e)
{
	struct piece *piece = current(out);

	if (!out->plain && piece->frame.n == 0) {
		piece->job.work = compress_piece;
		piece->job.urgent = true;
		piece->out = out;
		piece->submitted = true;
		pool_submit(out->pool, &piece->job);
	}
	out->begun++;
	while (out->written < out->begun) {
		struct piece *oldest = &out->pieces[out->written % out->n_pieces];
		bool full = out->begun - out->written == out->n_pieces;

		if (!full && oldest->submitted && !pool_done(out->pool, &oldest->job))
			break;
		if (write_piece(out, oldest, e) < 0)
			return -1;
	}
	current(out)->records = 0;
	return 0;
}

/* --- the interface ---------------------------------------------------------------------------- */

static struct digest digest_lines(struct slice lines)
{
	struct digest d = { 0 };

	while (lines.n) {
		const char *end = memchr(lines.p, '\n', lines.n);
		size_t n = end ? (size_t)(end - lines.p) : lines.n;

		digest_line(&d, slice_head(lines, n));
		lines = slice_skip(lines, n + 1);
	}
	return d;
}

/* The part of lines that fills the frame: to the first line end that makes it FRAME_BYTES or
 * more. */
static size_t frame_rest(const struct piece *piece, struct slice lines)
{
	size_t room = FRAME_BYTES - piece->lines.n;
	const char *end;

	if (lines.n < room)
		return lines.n;
	end = memchr(lines.p + room - 1, '\n', lines.n - room + 1);
	return end ? (size_t)(end - lines.p) + 1 : lines.n;
}

static uint64_t count_lines(struct slice lines)
{
	uint64_t n = 0;

	for (const char *p = lines.p, *end = p + lines.n; p < end; n++) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p++)
			return n;
	}
	return n;
}

/* Appends lines to the frames being filled. */
static int append(struct output *out, struct slice lines, uint64_t records, struct err *e)
{
	while (lines.n) {
		struct piece *piece = current(out);
		size_t n = frame_rest(piece, lines);
		uint64_t here = n == lines.n ? records : count_lines(slice_head(lines, n));

		buf_append(&piece->lines, lines.p, n);
		piece->records += here;
		records -= here;
		lines = slice_skip(lines, n);
		if (piece->lines.n >= FRAME_BYTES && finish_piece(out, e) < 0)
			return -1;
	}
	return 0;
}

int output_lines(struct output *out, struct slice lines, uint64_t records,
	const struct digest *known, struct err *e)
{
	struct digest d = known ? *known : digest_lines(lines);

	digest_add(&out->digest, &d);
	return append(out, lines, records, e);
}

int output_frame(struct output *out, struct slice frame, struct slice lines,
	const struct digest *known, struct err *e)
{
	struct piece *piece = current(out);

	digest_add(&out->digest, known);
	if (out->plain || lines.n < PASS_MIN || (piece->lines.n && piece->lines.n < PASS_MIN))
		return append(out, lines, known->records, e);
	if (piece->lines.n && finish_piece(out, e) < 0)
		return -1;
	piece = current(out);
	buf_slice(&piece->frame, frame);
	piece->records = known->records;
	return finish_piece(out, e);
}

/* The stamp's JSON object with the facts of the content behind what the caller describes. */
static void describe(const struct output *out, struct slice stamp, struct buf *json)
{
	char hex[33];

	digest_hex(&out->digest, hex);
	buf_append(json, stamp.n ? stamp.p : "{", stamp.n ? stamp.n - 1 : 1);
	json_put_key(json, "records");
	json_put_uint(json, out->digest.records);
	json_put_key(json, "bytes");
	json_put_uint(json, out->digest.bytes);
	json_put_key(json, "digest");
	json_put_string(json, slice_str(hex));
	buf_byte(json, '}');
}

static int write_end(struct output *out, struct slice stamp, struct err *e)
{
	struct buf json = { 0 }, end = { 0 };
	size_t mark = out->n_entries && !out->entries[0].content, where;
	const char *what;
	int r;

	describe(out, stamp, &json);
	if (!json_valid(buf_view(&json), &where, &what)) {
		/* A stage's own description went into it. Better no file than one no reader
		 * takes. */
		err_set(e, ERR_INTERNAL, "the stamp is no JSON at byte %zu: %s", where, what);
		buf_release(&json);
		return -1;
	}
	frame_put_stamp(&end, out->entries + mark, out->n_entries - mark, buf_view(&json));
	mem_grow(&out->entries, out->n_entries, &out->cap_entries, sizeof(*out->entries));
	out->entries[out->n_entries++] = (struct frame_entry){ .compressed = (uint32_t)end.n };
	frame_put_table(&end, out->entries, out->n_entries);
	r = write_all(out->fd, end.p, end.n, out->name, e);
	out->compressed += end.n;
	buf_release(&json);
	buf_release(&end);
	return r;
}

/* Standard output is done only when it closed well: a full disk behind NFS tells it then. */
static int close_standard_output(struct err *e)
{
	int copy = dup(STDOUT_FILENO);

	if (copy < 0 || close(copy) != 0)
		return err_set(e, ERR_IO, "standard output: %s", strerror(errno));
	return 0;
}

int output_end(struct output *out, struct slice stamp_json, uint64_t *file_bytes,
	struct publish **result, struct err *e)
{
	struct publish *file = out->file;
	int r = 0;

	*result = NULL;
	if (current(out)->lines.n)
		r = finish_piece(out, e);
	while (r == 0 && out->written < out->begun)
		r = write_piece(out, &out->pieces[out->written % out->n_pieces], e);
	if (r == 0 && !out->plain)
		r = write_end(out, stamp_json, e);
	if (file_bytes)
		*file_bytes = out->compressed;
	output_free(out);
	if (r < 0) {
		publish_abort(file);
		return -1;
	}
	*result = file;
	return file ? 0 : close_standard_output(e);
}

int output_close(struct output *out, struct slice stamp_json, uint64_t *file_bytes, struct err *e)
{
	struct publish *file;

	if (output_end(out, stamp_json, file_bytes, &file, e) < 0)
		return -1;
	return file ? publish_commit(file, e) : 0;
}

struct digest output_digest(const struct output *out)
{
	return out->digest;
}

const char *output_operand(const struct output *out)
{
	return out->file ? out->name : "-";
}
