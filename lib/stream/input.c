/* One input, decompressed: zstd, gzip, bzip2 or plain, told apart by its first bytes. */
#include "lib/stream/input.h"

#include "lib/core/mem.h"
#include "lib/stream/frame.h"
#include "lib/stream/input_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 }; /* bytes asked of read(2) at once */

/* --- raw bytes -------------------------------------------------------------------------------- */

int input_damaged(struct input *in, struct err *e, const char *what)
{
	return err_set(e, ERR_DATA, "byte %" PRIu64 ": %s", in->offset, what);
}

/* Waits until there is something to read. False: the run is stopping. */
static bool wait_for_bytes(const struct input *in)
{
	struct pollfd on[2] = { { .fd = in->fd, .events = POLLIN },
		{ .fd = in->stop, .events = POLLIN } };

	if (!in->stop)
		return true;
	while (poll(on, 2, -1) < 0) {
		if (errno != EINTR)
			return true; /* read(2) will say what is wrong */
	}
	return on[1].revents == 0;
}

/* Makes room by what is consumed, but for the current member's bytes, which salvage may need. */
static void drop_consumed(struct input *in)
{
	uint64_t span = in->salvage && in->in_member ? in->offset - in->member : 0;
	size_t keep = span <= MIN(in->at, (size_t)INPUT_KEEP) ? (size_t)span : 0;
	size_t gone = in->at - keep;

	if (!gone)
		return;
	memmove(in->raw.p, in->raw.p + gone, in->raw.n - gone);
	in->raw.n -= gone;
	in->at = keep;
}

int raw_fill(struct input *in, size_t want, struct err *e)
{
	while (in->raw.n - in->at < want && !in->eof) {
		size_t left = in->raw.n - in->at;
		ssize_t got;

		drop_consumed(in);
		buf_reserve(&in->raw, MAX(want - left, (size_t)CHUNK));
		if (!wait_for_bytes(in))
			return err_set(e, ERR_PIPE, "the run is stopping");
		got = read(in->fd, in->raw.p + in->raw.n, in->raw.cap - in->raw.n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, ERR_IO, "byte %" PRIu64 ": %s", in->offset + left,
				strerror(errno));
		in->eof = got == 0;
		in->raw.n += (size_t)got;
	}
	return 0;
}

/* --- members ---------------------------------------------------------------------------------- */

static bool all_zero(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i])
			return false;
	}
	return true;
}

/* Padding with zeros to a block size, as tapes and some archivers leave it, is no damage. */
static int skip_padding(struct input *in, bool *end, struct err *e)
{
	for (;;) {
		struct slice raw = raw_view(in);

		if (!all_zero(raw))
			break;
		raw_take(in, raw.n);
		if (raw_fill(in, 1, e) < 0)
			return -1;
		if (in->at == in->raw.n) {
			*end = true;
			return 0;
		}
	}
	return input_damaged(
		in, e, "bytes after the end of the compressed data that belong to nothing");
}

static int start_member(struct input *in)
{
	in->member = in->offset;
	in->in_member = true;
	return in->decoder->start(in);
}

/* Moves to the next member. *end at the end of the file. */
static int begin_member(struct input *in, bool *end, struct err *e)
{
	const struct decoder *d = in->decoder;
	struct slice frame, raw;

	*end = false;
	if (in->format == INPUT_ZSTD) {
		int kind = input_next_frame(in, &frame, e);

		if (kind < 0)
			return -1;
		if (kind == FRAME_DATA)
			input_note_frame(in, frame);
		in->mixed |= kind == FRAME_FOREIGN;
	}
	if (raw_fill(in, INPUT_SNIFF, e) < 0)
		return -1;
	raw = raw_view(in);
	if (raw.n == 0) {
		*end = true;
		if (in->stream_open)
			return input_damaged(in, e, "input ended early: its seek table is missing");
		return 0;
	}
	if (raw.n < d->magic_n || memcmp(raw.p, d->magic, d->magic_n) != 0)
		return skip_padding(in, end, e);
	if (start_member(in) < 0)
		return err_set(e, ERR_IO, "cannot start to decompress %s", d->name);
	return 0;
}

static void member_read(struct input *in)
{
	in->in_member = in->gap_open = false;
}

/* The end of a member may follow its last byte unread (checksum, empty block): take it now, so that
 * offsets are exact. */
static int finish_member(struct input *in, struct err *e)
{
	bool ended = false;
	char none;

	if (raw_fill(in, 1, e) < 0)
		return -1;
	if (in->decoder->step(in, &none, 0, &ended, e) < 0)
		return -1;
	if (ended)
		member_read(in);
	return 0;
}

static ssize_t read_member(struct input *in, char *to, size_t n, struct err *e)
{
	for (;;) {
		bool ended = false, short_of_raw;
		ssize_t got;

		if (raw_fill(in, 1, e) < 0)
			return -1;
		short_of_raw = in->at == in->raw.n;
		got = in->decoder->step(in, to, n, &ended, e);
		if (got < 0)
			return -1;
		if (ended)
			member_read(in);
		else if (got > 0 && finish_member(in, e) < 0)
			return -1;
		if (got > 0 || ended)
			return got;
		if (short_of_raw)
			return input_damaged(in, e, "input ended early: inside compressed data");
	}
}

static ssize_t read_plain(struct input *in, char *to, size_t n, struct err *e)
{
	struct slice raw;

	if (raw_fill(in, 1, e) < 0)
		return -1;
	raw = slice_head(raw_view(in), n);
	in->member = in->offset;
	if (raw.n)
		memcpy(to, raw.p, raw.n);
	raw_take(in, raw.n);
	return (ssize_t)raw.n;
}

/* --- salvage ---------------------------------------------------------------------------------- */

/* Goes to the next place behind from where a member may begin. False, and all is consumed, at the
 * end of the file. */
static bool resynchronise(struct input *in, uint64_t from)
{
	const struct decoder *d = in->decoder;
	struct slice magic = { d->magic, d->magic_n };
	struct err e = { 0 };

	if (in->offset == from && raw_fill(in, 1, &e) == 0 && in->at < in->raw.n)
		raw_take(in, 1);
	for (;;) {
		struct slice raw;
		size_t hit;

		if (raw_fill(in, INPUT_SNIFF, &e) < 0)
			return false; /* the next read says so again */
		raw = raw_view(in);
		hit = slice_find(raw, magic);
		if (hit == raw.n && raw.n < INPUT_SNIFF) {
			raw_take(in, raw.n);
			return false;
		}
		if (hit == raw.n) {
			raw_take(in, raw.n - magic.n + 1);
			continue;
		}
		raw_take(in, hit);
		if (raw_fill(in, INPUT_SNIFF, &e) == 0 && d->plausible(raw_view(in)))
			return true;
		raw_take(in, 1);
	}
}

/* Back to the beginning of the member that is damaged, when its bytes are still there. */
static void rewind_member(struct input *in)
{
	uint64_t span = in->offset - in->member;

	if (!in->in_member || span > in->at)
		return;
	in->at -= (size_t)span;
	in->offset -= span;
}

static void note_gap(struct input *in, uint64_t at, const char *what)
{
	if (in->gaps < INPUT_GAPS_SHOWN) {
		struct input_gap *gap = &in->shown[in->gaps];

		gap->at = at;
		snprintf(gap->what, sizeof(gap->what), "%.*s", (int)sizeof(gap->what) - 1, what);
	}
	in->gaps++;
}

static void note_lost(struct input *in, uint64_t bytes)
{
	in->lost += bytes;
	if (in->gaps <= INPUT_GAPS_SHOWN)
		in->shown[in->gaps - 1].bytes += bytes;
}

/* After damage: notes it and goes on behind it. False: not to be salvaged, e stands. What follows a
 * gap and cannot be read either, such as bytes of the damaged member that look like the first of
 * another, belongs to the gap. */
static bool salvaged(struct input *in, struct err *e)
{
	uint64_t from = in->in_member ? in->member : in->offset;

	if (!in->salvage || e->code != ERR_DATA)
		return false;
	if (!in->gap_open)
		note_gap(in, from, e->text);
	in->gap_open = true;
	in->breaks++;
	err_clear(e);
	rewind_member(in);
	in->in_member = in->stream_open = false;
	in->seen = (struct frame_sums){ 0 };
	resynchronise(in, from);
	note_lost(in, in->offset - MAX(from, in->lost_to));
	in->lost_to = in->offset;
	return true;
}

/* --- the interface ---------------------------------------------------------------------------- */

/* One to three bytes that begin a zstd or skippable frame of ours: a stream that was cut at
 * once. */
static bool is_stump(struct slice raw)
{
	static const char *const magics[] = { "\x28\xB5\x2F", "\x5B\x2A\x4D" };

	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		if (raw.n && raw.n < 4 && memcmp(raw.p, magics[i], raw.n) == 0)
			return true;
	}
	return false;
}

/* Every producer of ours writes a mark first, so a pipe through which nothing came had none that
 * lived: one that was killed at once, or did not understand its options. */
static bool is_dead_pipe(const struct input *in, mode_t mode, struct slice raw)
{
	return !raw.n && !in->salvage && (S_ISFIFO(mode) || S_ISSOCK(mode));
}

static int sniff(struct input *in, mode_t mode, struct err *e)
{
	struct slice raw;
	uint32_t magic;

	if (raw_fill(in, INPUT_SNIFF, e) < 0)
		return -1;
	raw = raw_view(in);
	if (is_dead_pipe(in, mode, raw))
		return err_set(e, ERR_DATA, INPUT_EMPTY_PIPE);
	if (is_stump(raw))
		return input_damaged(in, e, "input ended early: inside the first frame's header");
	magic = raw.n >= 4 ? load_le32(raw.p) : 0;
	if (magic == FRAME_DATA_MAGIC || (magic & 0xFFFFFFF0U) == ZSTD_MAGIC_SKIPPABLE_START)
		in->format = INPUT_ZSTD;
	else if (slice_starts(raw, SLICE("\x1F\x8B")))
		in->format = INPUT_GZIP;
	else if (input_begins_bzip2(raw))
		in->format = INPUT_BZIP2;
	in->decoder = &input_decoders[in->format];
	return 0;
}

int input_open(struct input **out, const char *path, bool salvage, struct err *e)
{
	return input_open_until(out, path, salvage, 0, e);
}

int input_open_until(struct input **out, const char *path, bool salvage, int stop, struct err *e)
{
	struct input *in = mem_zalloc(1, sizeof(*in));
	bool standard = strcmp(path, "-") == 0;
	struct stat st;

	*out = NULL;
	in->salvage = salvage;
	in->name = mem_strdup(standard ? "standard input" : path);
	in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0 || fstat(in->fd, &st) != 0) {
		err_set(e, ERR_NOINPUT, "%s: %s", in->name, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		err_set(e, ERR_NOINPUT, "%s: is a directory", in->name);
	} else {
		bool regular = S_ISREG(st.st_mode);

		in->size = regular ? (uint64_t)st.st_size : 0;
		in->stop = regular ? 0 : stop;
		if (sniff(in, st.st_mode, e) == 0) {
			*out = in;
			return 0;
		}
		err_wrap(e, "%s", in->name);
	}
	input_free(in);
	return -1;
}

static ssize_t read_some(struct input *in, void *p, size_t n, struct err *e)
{
	if (in->format == INPUT_PLAIN)
		return read_plain(in, p, n, e);
	for (;;) {
		bool end;
		ssize_t got = in->streams ? input_streams_read(in, p, n, e) : 0;

		if (got != 0)
			return got;
		if (!in->in_member) {
			if (begin_member(in, &end, e) < 0)
				return -1;
			if (end)
				return 0;
		}
		got = read_member(in, p, n, e);
		if (got != 0)
			return got;
	}
}

static ssize_t read_or_salvage(struct input *in, void *p, size_t n, struct err *e)
{
	ssize_t got;

	do
		got = read_some(in, p, n, e);
	while (got < 0 && salvaged(in, e));
	return got < 0 ? err_wrap(e, "%s", in->name) : got;
}

static size_t take_ahead(struct input *in, void *p, size_t n)
{
	n = MIN(n, in->ahead.n - in->ahead_at);
	memcpy(p, in->ahead.p + in->ahead_at, n);
	if (in->format == INPUT_PLAIN)
		in->member = in->offset - (in->ahead.n - in->ahead_at);
	in->ahead_at += n;
	return n;
}

ssize_t input_read(struct input *in, void *p, size_t n, struct err *e)
{
	ssize_t got;

	if (in->ahead_at < in->ahead.n)
		got = (ssize_t)take_ahead(in, p, n);
	else
		got = read_or_salvage(in, p, n, e);
	if (got > 0)
		in->position += (uint64_t)got;
	return got;
}

int input_peek(struct input *in, size_t n, struct slice *head, struct err *e)
{
	ssize_t got = 1;

	if (in->ahead_at == in->ahead.n)
		in->ahead.n = in->ahead_at = 0;
	while (in->ahead.n - in->ahead_at < n && got > 0 &&
		(in->ahead.n == 0 || in->in_member || in->format == INPUT_PLAIN)) {
		size_t want = n - (in->ahead.n - in->ahead_at);

		got = read_or_salvage(in, buf_reserve(&in->ahead, want), want, e);
		if (got < 0)
			return -1;
		in->ahead.n += (size_t)got;
	}
	*head = slice_head(slice_skip(buf_view(&in->ahead), in->ahead_at), n);
	return 0;
}

int input_frame(struct input *in, uint64_t max_content, struct slice *frame, struct err *e)
{
	int kind;

	if (in->format != INPUT_ZSTD || in->in_member || in->ahead_at < in->ahead.n)
		return 0;
	do
		kind = input_next_frame(in, frame, e);
	while (kind < 0 && salvaged(in, e));
	if (kind < 0)
		return err_wrap(e, "%s", in->name);
	if (kind != FRAME_DATA || frame_content(*frame) > max_content)
		return 0;
	in->member = in->offset;
	in->gap_open = false;
	input_note_frame(in, *frame);
	raw_take(in, frame->n);
	return 1;
}

uint64_t input_member_offset(const struct input *in)
{
	return in->member;
}

bool input_member_ended(const struct input *in)
{
	return !in->in_member && in->ahead_at == in->ahead.n;
}

uint64_t input_offset(const struct input *in)
{
	return in->offset;
}

uint64_t input_position(const struct input *in)
{
	return in->position;
}

uint64_t input_size(const struct input *in)
{
	return in->size;
}

enum input_format input_format(const struct input *in)
{
	return in->format;
}

const char *input_name(const struct input *in)
{
	return in->name;
}

void input_rename(struct input *in, const char *name)
{
	free(in->name);
	in->name = mem_strdup(strcmp(name, "-") == 0 ? "standard input" : name);
}

int input_fd(const struct input *in)
{
	return in->fd;
}

int input_seek(struct input *in, uint64_t offset, struct err *e)
{
	if (lseek(in->fd, (off_t)offset, SEEK_SET) < 0)
		return err_set(e, ERR_IO, "%s: %s", in->name, strerror(errno));
	in->raw.n = in->at = in->ahead.n = in->ahead_at = 0;
	in->offset = offset;
	in->eof = in->in_member = false;
	return 0;
}

struct slice input_stamp(const struct input *in)
{
	return in->mixed ? (struct slice){ 0 } : buf_view(&in->stamp);
}

bool input_salvages(const struct input *in)
{
	return in->salvage;
}

uint64_t input_gaps(const struct input *in)
{
	return in->gaps;
}

uint64_t input_lost(const struct input *in)
{
	return in->lost;
}

uint64_t input_breaks(const struct input *in)
{
	return in->breaks;
}

bool input_gap(const struct input *in, size_t i, struct input_gap *gap)
{
	if (i >= MIN(in->gaps, (uint64_t)INPUT_GAPS_SHOWN))
		return false;
	*gap = in->shown[i];
	return true;
}

void input_note_damage(struct input *in, uint64_t at, uint64_t bytes, const char *what)
{
	note_gap(in, at, what);
	note_lost(in, bytes);
}

void input_free(struct input *in)
{
	if (!in)
		return;
	input_streams_free(in);
	if (in->decoder && in->decoder->end)
		in->decoder->end(in);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	buf_release(&in->raw);
	buf_release(&in->ahead);
	buf_release(&in->stamp);
	free(in->name);
	free(in);
}

int input_slurp(const char *path, size_t max, struct buf *out, struct err *e)
{
	struct input *in;
	ssize_t got = 1;

	if (input_open(&in, path, false, e) < 0)
		return -1;
	while (got > 0) {
		got = input_read(in, buf_reserve(out, CHUNK), CHUNK, e);
		if (got > 0)
			out->n += (size_t)got;
		if (got > 0 && out->n > max) {
			err_set(e, ERR_LIMIT, "%s: over %zu bytes", path, max);
			got = -1;
		}
	}
	input_free(in);
	return got < 0 ? -1 : 0;
}
