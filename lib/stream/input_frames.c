/* Streams of ours in an input: marks, data frames, stamps and tables, held against each other. */
#include "lib/stream/input_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

enum {
	SKIP_MAX = 1 << 30, /* a stamp or table over this is damage */
	DICTIONARY_MAX = 64 << 20, /* those that are in use are of a few MiB */
	STEP = 1 << 16,
};

#define INSIDE_SKIPPABLE "input ended early: inside a skippable frame"

static void add_entry(struct frame_sums *sums, const struct frame_entry *entry)
{
	sums->frames++;
	sums->compressed += entry->compressed;
	sums->content += entry->content;
	sums->chain =
		XXH3_64bits_withSeed(entry, offsetof(struct frame_entry, records), sums->chain);
}

void input_note_frame(struct input *in, struct slice frame)
{
	struct frame_entry entry = frame_entry(frame, 0);

	in->stream_open = true;
	add_entry(&in->seen, &entry);
}

/* The table must tell of the frames that went by: a lost, doubled or moved frame shows here. */
static int check_table(struct input *in, struct slice frame, struct err *e)
{
	struct frame_entry *entries;
	struct frame_sums told = { 0 };
	size_t n;

	/* Another program's seekable file has a table too, and nothing of ours before it. */
	if (!in->stream_open)
		return 0;
	if (frame_read_table(frame, &entries, &n, e) < 0)
		return err_wrap(e, "byte %" PRIu64, in->offset);
	for (size_t i = 0; i < n; i++) {
		if (entries[i].content)
			add_entry(&told, &entries[i]);
	}
	free(entries);
	if (told.frames == in->seen.frames && told.compressed == in->seen.compressed &&
		told.chain != in->seen.chain)
		return err_set(e, ERR_DATA,
			"byte %" PRIu64 ": a seek table of other frames than those before it",
			in->offset);
	if (memcmp(&told, &in->seen, sizeof(told)) != 0)
		return err_set(e, ERR_DATA,
			"byte %" PRIu64 ": %" PRIu64 " frames of %" PRIu64
			" bytes before a seek table of %" PRIu64 " frames of %" PRIu64 " bytes",
			in->offset, in->seen.frames, in->seen.compressed, told.frames,
			told.compressed);
	in->stream_open = false;
	in->seen = (struct frame_sums){ 0 };
	return 0;
}

static int take_stamp(struct input *in, struct slice frame, struct err *e)
{
	struct slice json;
	const char *records;
	size_t n;

	if (frame_read_stamp(frame, &json, &records, &n, e) < 0)
		return err_wrap(e, "byte %" PRIu64, in->offset);
	if (n != in->seen.frames)
		return err_set(e, ERR_DATA,
			"byte %" PRIu64 ": stamp of %zu frames, but %" PRIu64 " went by",
			in->offset, n, in->seen.frames);
	in->mixed |= in->stamp.n > 0;
	buf_clear(&in->stamp, SIZE_MAX);
	buf_slice(&in->stamp, json);
	in->stream_open = true;
	return 0;
}

/* --- dictionaries ----------------------------------------------------------------------------- */

static bool unpack(struct slice packed, struct buf *out)
{
	ZSTD_DCtx *context = ZSTD_createDCtx();
	ZSTD_inBuffer from = { packed.p, packed.n, 0 };
	size_t r = context ? 1 : 0, moved = 1;

	while (r && !ZSTD_isError(r) && out->n <= DICTIONARY_MAX && moved) {
		ZSTD_outBuffer to = { buf_reserve(out, STEP), STEP, 0 };
		size_t before = from.pos;

		r = ZSTD_decompressStream(context, &to, &from);
		out->n += to.pos;
		moved = to.pos + (from.pos - before);
	}
	ZSTD_freeDCtx(context);
	return context && r == 0 && out->n <= DICTIONARY_MAX;
}

/* A compressed WARC file may begin with the dictionary of all its frames, itself perhaps compressed
 * (Zstandard Compression for WARC Files 1.0, IIPC, "Dictionary frame"). What is neither is another
 * program's skippable frame. */
static int take_dictionary(struct input *in, struct slice frame, struct err *e)
{
	struct slice content = slice_skip(frame, 8);
	struct buf unpacked = { 0 };
	uint32_t magic = content.n >= 4 ? load_le32(content.p) : 0;
	bool good = true;

	if (magic == ZSTD_MAGICNUMBER) {
		good = unpack(content, &unpacked);
		content = buf_view(&unpacked);
		magic = content.n >= 4 ? load_le32(content.p) : 0;
		good = good && magic == ZSTD_MAGIC_DICTIONARY;
	}
	if (good && magic == ZSTD_MAGIC_DICTIONARY)
		good = input_zstd_dictionary(in, content) == 0;
	buf_release(&unpacked);
	return good ? 0 : input_damaged(in, e, "damaged zstd dictionary");
}

/* --- skippable frames ------------------------------------------------------------------------- */

/* Another program's, which may hold up to 4 GiB: passed over without being held. */
static int pass_over(struct input *in, size_t size, struct err *e)
{
	while (size) {
		size_t some;

		if (raw_fill(in, 1, e) < 0)
			return -1;
		some = MIN(size, in->raw.n - in->at);
		if (!some)
			return input_damaged(in, e, INSIDE_SKIPPABLE);
		raw_take(in, some);
		size -= some;
	}
	return 0;
}

static int take_skippable(struct input *in, enum frame_kind kind, size_t size, struct err *e)
{
	struct slice frame;

	if (kind == FRAME_SKIP || (kind == FRAME_DICTIONARY && size > DICTIONARY_MAX))
		return pass_over(in, size, e);
	if (size > SKIP_MAX)
		return input_damaged(in, e, "stamp or seek table over 1 GiB");
	if (raw_fill(in, size, e) < 0)
		return -1;
	frame = slice_head(raw_view(in), size);
	if (frame.n < size)
		return input_damaged(in, e, INSIDE_SKIPPABLE);
	if (kind == FRAME_MARK && in->stream_open)
		return input_damaged(
			in, e, "input ended early: another stream begins before its table");
	if (kind == FRAME_MARK && !frame_is_mark(frame))
		return input_damaged(in, e, "mark of an unknown version");
	in->stream_open |= kind == FRAME_MARK;
	if (kind == FRAME_DICTIONARY && take_dictionary(in, frame, e) < 0)
		return -1;
	if (kind == FRAME_STAMP && take_stamp(in, frame, e) < 0)
		return -1;
	if (kind == FRAME_TABLE && check_table(in, frame, e) < 0)
		return -1;
	raw_take(in, size);
	return 0;
}

/* Passes over skippable frames; then FRAME_DATA with the whole frame in raw, FRAME_FOREIGN,
 * FRAME_NONE, or FRAME_SHORT at the end of the file. -1 on damage. */
int input_next_frame(struct input *in, struct slice *frame, struct err *e)
{
	for (;;) {
		size_t need = INPUT_SNIFF, walked = 0;
		bool at_end = false;
		enum frame_kind kind = FRAME_SHORT;

		while (kind == FRAME_SHORT && !at_end) {
			if (raw_fill(in, need, e) < 0)
				return -1;
			at_end = in->raw.n - in->at < need;
			kind = frame_look(raw_view(in), &need, &walked);
		}
		if (kind >= FRAME_SKIP) {
			if (take_skippable(in, kind, need, e) < 0)
				return -1;
			continue;
		}
		if (kind == FRAME_DATA)
			*frame = slice_head(raw_view(in), need);
		return (int)kind;
	}
}
