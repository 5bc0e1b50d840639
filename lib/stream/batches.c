/* One input cut into batches of whole lines. */
#include "lib/stream/batches.h"

#include "lib/core/mem.h"
#include "lib/stream/frame.h"
#include "lib/stream/output.h"

#include <stdlib.h>

enum { READ_BYTES = 256 * 1024, BATCH_ROOM = FRAME_BYTES + 2 * READ_BYTES };

struct batches {
	struct input *in;
	struct batches_options o;
	struct buf carry; /* what was read behind the last cut */
	struct buf pending; /* a frame of ours that comes after the lines being cut */
	bool discarding; /* the carry begins a line over the limit */
	bool ended;
	bool first_bytes; /* nothing was handed out yet: a byte-order mark may stand here */
	uint64_t byte; /* decompressed bytes handed out or passed over */
	uint64_t record; /* of the next batch's first record, when there is a range */
	struct frame_index index;
	size_t frame; /* the next frame of the index, when a range has been sought */
	bool sought;
};

/* --- lines ------------------------------------------------------------------------------------ */

static bool is_blank(struct slice line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			return false;
	}
	return true;
}

bool next_record_line(struct slice *lines, struct slice *line)
{
	while (lines->n) {
		const char *end = memchr(lines->p, '\n', lines->n);
		size_t n = end ? (size_t)(end - lines->p) : lines->n;

		*line = slice_head(*lines, n);
		*lines = slice_skip(*lines, n + 1);
		if (!is_blank(*line))
			return true;
	}
	return false;
}

uint64_t count_records(struct slice lines)
{
	struct slice line;
	uint64_t n = 0;

	while (next_record_line(&lines, &line))
		n++;
	return n;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* A frame of ours ends with the line that fills it. One that holds more than that line may take
 * is read in pieces instead, so that no worker has to hold what it says it holds. */
static uint64_t largest_content(const struct batches *b)
{
	return b->o.max_record ? FRAME_BYTES + b->o.max_record : UINT64_MAX;
}

/* Whether each batch will be a frame of the index. */
static bool frames_fit(const struct batches *b)
{
	for (size_t i = 0; i < b->index.n; i++) {
		if (b->index.entries[i].content > largest_content(b))
			return false;
	}
	return true;
}

/* With a seek table, a range begins at the frame that holds its first record. */
static int seek_range(struct batches *b, struct err *e)
{
	uint64_t record = 0, byte = 0;
	int r = frame_index_read(input_fd(b->in), &b->index, e);

	if (r < 0)
		return err_wrap(e, "%s", input_name(b->in));
	if (r == 0 || b->index.begin != 0 || !frames_fit(b))
		return 0;
	while (b->frame < b->index.n && record + b->index.entries[b->frame].records <= b->o.first) {
		record += b->index.entries[b->frame].records;
		byte += b->index.entries[b->frame].content;
		b->frame++;
	}
	b->record = record;
	b->byte = byte;
	b->sought = true;
	if (b->frame == b->index.n) {
		b->ended = true;
		return 0;
	}
	return input_seek(b->in, b->index.offsets[b->frame], e);
}

int batches_open(
	struct batches **out, const char *path, const struct batches_options *o, struct err *e)
{
	struct batches *b = mem_zalloc(1, sizeof(*b));

	*out = NULL;
	b->o = *o;
	b->first_bytes = true;
	if (input_open_until(&b->in, path, o->salvage, o->stop, e) < 0 ||
		(o->range && input_format(b->in) == INPUT_ZSTD && seek_range(b, e) < 0)) {
		batches_free(b);
		return -1;
	}
	*out = b;
	return 0;
}

/* --- cutting ---------------------------------------------------------------------------------- */

/* One more piece of the decompressed input behind data: 1, 0 at the end. A gap that salvage left
 * ends the line before it, which then fails as a record by itself. */
static int read_piece(struct batches *b, struct buf *data, struct err *e)
{
	uint64_t breaks = input_breaks(b->in);
	ssize_t got;
	char *to;

	/* What is more than a piece is mostly a whole batch: grown step by step it would hold half
	 * as much again. */
	if (data->n > 0 && data->cap < BATCH_ROOM)
		buf_reserve(data, BATCH_ROOM - data->n);
	to = buf_reserve(data, READ_BYTES + 1);
	got = input_read(b->in, to, READ_BYTES, e);
	if (got < 0)
		return -1;
	if (input_breaks(b->in) != breaks && data->n && data->p[data->n - 1] != '\n') {
		memmove(to + 1, to, (size_t)got);
		*to = '\n';
		got++;
	}
	data->n += (size_t)got;
	return got > 0;
}

static void drop_front(struct buf *data, size_t n)
{
	memmove(data->p, data->p + n, data->n - n);
	data->n -= n;
}

/* A byte-order mark at the very beginning is no part of the first line. */
static void drop_bom(struct batches *b, struct buf *data)
{
	if (b->first_bytes && data->n > 4 && memcmp(data->p, "\xEF\xBB\xBF", 3) == 0) {
		drop_front(data, 3);
		b->byte += 3;
	}
	b->first_bytes = false;
}

/* Moves what stands behind the first n bytes of data to the carry. */
static void cut(struct batches *b, struct buf *data, size_t n)
{
	if (n < data->n)
		buf_append(&b->carry, data->p + n, data->n - n);
	data->n = n;
}

/* Where the batch in data ends: behind the first line end at or after FRAME_BYTES; 0: not yet.
 * *line is the beginning of the line that is still open. */
static size_t find_cut(const struct buf *data, size_t *searched, size_t *line)
{
	const char *last;

	if (!data->n)
		return 0;
	if (data->n >= FRAME_BYTES) {
		size_t from = MAX(*searched, FRAME_BYTES - 1);
		const char *end = memchr(data->p + from, '\n', data->n - from);

		if (end)
			return (size_t)(end - data->p) + 1;
	}
	last = memrchr(data->p + *searched, '\n', data->n - *searched);
	if (last)
		*line = (size_t)(last - data->p) + 1;
	*searched = data->n;
	return 0;
}

/* A piece of a line over the limit, whose head is kept. */
static void pass_piece(struct batch *batch, struct slice piece)
{
	batch->too_long += piece.n;
	batch->passed += piece.n;
	buf_slice(&batch->data, slice_head(piece, BATCH_HEAD - batch->data.n));
}

/* Passes over the rest of a line over the limit, whose beginning is in the carry: a batch of no
 * lines, and of no record when the line is blank. */
static int pass_over(struct batches *b, struct batch *batch, struct err *e)
{
	struct digest_pieces *line = digest_begin();
	struct buf *carry = &b->carry;
	bool ended = false, blank = true;
	int more = 1;

	b->discarding = false;
	while (!ended && more > 0) {
		size_t n = slice_find(buf_view(carry), SLICE("\n"));
		struct slice piece = slice_head(buf_view(carry), n);

		ended = n < carry->n;
		blank = blank && is_blank(piece);
		digest_piece(line, piece);
		pass_piece(batch, piece);
		drop_front(carry, n + ended);
		if (!ended)
			more = read_piece(b, carry, e);
	}
	batch->passed += ended;
	b->byte += batch->passed;
	digest_end(line, &batch->digest);
	if (blank) {
		batch->digest = (struct digest){ 0 };
		batch->too_long = batch->data.n = 0;
	}
	return more < 0 ? -1 : 1;
}

/* True when a frame of ours comes next, which is then pending: lines before it end here. */
static int frame_follows(struct batches *b, const struct buf *data, struct err *e)
{
	struct slice frame;
	int r;

	if (b->o.serial || (data->n && data->p[data->n - 1] != '\n'))
		return 0;
	r = input_frame(b->in, largest_content(b), &frame, e);
	if (r == 1) {
		b->pending.n = 0;
		buf_slice(&b->pending, frame);
	}
	return r;
}

/* More lines behind data: 1; 0: it ends here. */
static int extend(struct batches *b, struct buf *data, struct err *e)
{
	int r = frame_follows(b, data, e);

	if (r != 0)
		return r < 0 ? -1 : 0;
	r = read_piece(b, data, e);
	drop_bom(b, data);
	return r;
}

/* Fills batch->data from the decompressed input. */
static int fill_lines(struct batches *b, struct batch *batch, struct err *e)
{
	struct buf *data = &batch->data;
	size_t searched = 0, line = 0, end;

	buf_slice(data, buf_view(&b->carry));
	b->carry.n = 0;
	while ((end = find_cut(data, &searched, &line)) == 0) {
		int r;

		if (b->o.max_record && data->n - line > b->o.max_record) {
			end = line;
			b->discarding = true;
			break;
		}
		r = extend(b, data, e);
		if (r < 0)
			return -1;
		if (r == 0) {
			end = data->n;
			break;
		}
	}
	cut(b, data, end);
	b->byte += data->n;
	if (data->n == 0 && b->discarding)
		return pass_over(b, batch, e);
	return data->n > 0;
}

/* --- frames and ranges ------------------------------------------------------------------------ */

static int next_whole(struct batches *b, struct batch *batch, struct err *e)
{
	int r = 0;

	if (b->discarding)
		return pass_over(b, batch, e);
	if (b->pending.n == 0 && b->carry.n == 0)
		r = frame_follows(b, &batch->data, e);
	if (r < 0)
		return -1;
	if (b->pending.n == 0)
		r = fill_lines(b, batch, e);
	if (r < 0 || batch->data.n || batch->too_long || b->pending.n == 0)
		return r;
	buf_slice(&batch->data, buf_view(&b->pending));
	b->pending.n = 0;
	batch->frame = true;
	b->byte += frame_content(buf_view(&batch->data));
	b->first_bytes = false;
	return 1;
}

/* Records of the batch, where the range must know. */
static uint64_t records_of(struct batches *b, struct batch *batch)
{
	if (b->sought)
		return batch->records = b->index.entries[b->frame++].records;
	return batch->too_long ? 1 : count_records(buf_view(&batch->data));
}

/* Sets what of the batch the range takes. False: nothing. */
static bool within_range(struct batches *b, struct batch *batch)
{
	uint64_t begin = b->record, end = begin + records_of(b, batch);

	b->record = end;
	if (end >= b->o.end || (b->sought && b->frame == b->index.n))
		b->ended = true;
	if (end <= b->o.first || begin >= b->o.end)
		return false;
	batch->skip = b->o.first > begin ? b->o.first - begin : 0;
	batch->take = MIN(end, b->o.end) - begin - batch->skip;
	return true;
}

int batches_next(struct batches *b, struct batch *batch, struct err *e)
{
	int r;

	do {
		buf_clear(&batch->data, 4 * FRAME_BYTES);
		batch->frame = false;
		batch->too_long = batch->passed = batch->skip = 0;
		batch->digest = (struct digest){ 0 };
		batch->take = batch->records = UINT64_MAX;
		batch->byte = b->byte;
		if (b->ended)
			return 0;
		/* A range without a seek table is counted, for which the lines must be seen. */
		b->o.serial |= b->o.range && !b->sought;
		r = next_whole(b, batch, e);
		if (r <= 0)
			return r;
	} while (b->o.range && !within_range(b, batch));
	return 1;
}

struct input *batches_input(const struct batches *b)
{
	return b->in;
}

void batches_free(struct batches *b)
{
	if (!b)
		return;
	input_free(b->in);
	buf_release(&b->carry);
	buf_release(&b->pending);
	frame_index_release(&b->index);
	free(b);
}
