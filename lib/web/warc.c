/* Reads WARC records one after another, from any compression that input.h reads. */
#include "lib/web/warc.h"

#include "lib/core/mem.h"
#include "lib/web/arc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { CHUNK = 64 * 1024, HEADER_MAX = 1024 * 1024 };

struct warc {
	struct input *in;
	char *raw; /* CHUNK bytes, all of one compressed member */
	size_t at, n;
	uint64_t base; /* the decompressed position of raw[0] */
	uint64_t breaks; /* input_breaks when raw was filled */
	bool fresh; /* raw[0] is the first byte of its member */
	bool member_done; /* raw holds the last bytes of its member */
	struct buf taken; /* what resynchronise has taken of the next record's header */
	bool arc; /* the last header was that of an ARC file */

	uint64_t number; /* of the current record */
	bool begun_any;
	uint64_t begun; /* decompressed position of its first byte */
	uint64_t offset; /* of its member */
	bool alone; /* it begins its member */
	bool open; /* its block or what follows is not passed over yet */
	uint64_t left; /* bytes of the block */
	bool lost; /* salvage took bytes out of this record */

	const char *wrong; /* of the record, what bad_record said last */
	/* A record that could not be read, until it is known where the next one begins. */
	bool passing;
	uint64_t passed_from; /* its place in the file */
	uint64_t passed_lost; /* input_lost at that time: what comes to it is counted there */
	char passed_what[100];
};

/* --- header ----------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum warc_type type;
} types[] = {
	{ "warcinfo", WARC_INFO },
	{ "response", WARC_RESPONSE },
	{ "resource", WARC_RESOURCE },
	{ "request", WARC_REQUEST },
	{ "metadata", WARC_METADATA },
	{ "revisit", WARC_REVISIT },
	{ "conversion", WARC_CONVERSION },
	{ "continuation", WARC_CONTINUATION },
};

static enum warc_type type_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (slice_is_word(name, types[i].name))
			return types[i].type;
	return WARC_OTHER;
}

static struct slice without_brackets(struct slice s)
{
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		return (struct slice){ s.p + 1, s.n - 2 };
	return s;
}

/* Only digits count: strtoull would take a sign, and -1 for the largest number. */
static bool parse_length(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, (uint64_t)10, &v) ||
			__builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return s.n > 0;
}

static bool is_version(struct slice line)
{
	static const char *const versions[] = { "WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17" };

	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (slice_is_word(line, versions[i]))
			return true;
	return false;
}

/* The first of a repeated field counts. */
static void set_field(struct warc_header *h, struct slice name, struct slice value)
{
	const struct {
		const char *name;
		struct slice *to;
	} fields[] = {
		{ "WARC-Target-URI", &h->uri },
		{ "WARC-Record-ID", &h->id },
		{ "WARC-Date", &h->date },
		{ "Content-Type", &h->content_type },
		{ "WARC-Truncated", &h->truncated },
		{ "WARC-Identified-Payload-Type", &h->payload_type },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (slice_is_word(name, fields[i].name) && !fields[i].to->p)
			*fields[i].to = value;
}

static bool parse_field(struct warc_header *h, struct slice line, bool *length, bool *type)
{
	const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
	struct slice name, value;

	if (!colon)
		return true; /* some writers leave stray lines; a field we need is missed below */
	name = slice_trim(slice_head(line, (size_t)(colon - line.p)), " \t\r\n");
	value = slice_trim(slice_skip(line, (size_t)(colon - line.p) + 1), " \t\r\n");
	set_field(h, name, value);
	if (slice_is_word(name, "WARC-Type") && !*type) {
		h->type = type_of(value);
		*type = true;
	}
	if (slice_is_word(name, "Content-Length") && !*length)
		return *length = parse_length(value, &h->length);
	return true;
}

bool warc_parse(struct slice text, struct warc_header *h, const char **what)
{
	struct slice rest = text;
	bool length = false, type = false;

	*h = (struct warc_header){ 0 };
	if (!is_version(slice_trim(slice_take_line(&rest), " \t\r\n"))) {
		*what = "no WARC version line";
		return false;
	}
	for (;;) {
		struct slice line = slice_take_line(&rest);

		if (slice_trim(line, " \t\r\n").n == 0)
			break;
		if (!parse_field(h, line, &length, &type)) {
			*what = "Content-Length is not a number";
			return false;
		}
	}
	if (!length || !type) {
		*what = length ? "no WARC-Type" : "no Content-Length";
		return false;
	}
	h->uri = without_brackets(h->uri);
	h->id = without_brackets(h->id);
	h->header_bytes = text.n - rest.n;
	return true;
}

/* --- bytes ------------------------------------------------------------------------------------ */

static int bad_record(struct warc *w, struct err *e, const char *what)
{
	w->wrong = what;
	return err_set(e, ERR_DATA, "%s: record %" PRIu64 " at byte %" PRIu64 ": %s",
		input_name(w->in), w->number, w->offset, what);
}

/* Makes at least one byte stand at raw[at]. 1; 0 at the end; -1. When salvage passed over bytes
 * before them, lost is set and they belong to another record. */
static int fill(struct warc *w, struct err *e)
{
	bool fresh = w->member_done || w->base + w->n == 0;
	ssize_t got;

	if (w->at < w->n)
		return 1;
	w->base += w->n;
	w->at = w->n = 0;
	got = input_read(w->in, w->raw, CHUNK, e);
	if (got < 0)
		return -1;
	w->n = (size_t)got;
	w->fresh = fresh;
	w->member_done = input_member_ended(w->in);
	if (w->breaks != input_breaks(w->in)) {
		w->breaks = input_breaks(w->in);
		w->fresh = w->lost = true;
	}
	return w->n > 0;
}

/* The next byte, or END or FAILED. */
enum { END = -1, FAILED = -2 };

static int peek(struct warc *w, struct err *e)
{
	int r = fill(w, e);

	return r > 0 ? (unsigned char)w->raw[w->at] : r == 0 ? END : FAILED;
}

/* Appends a line with its newline. 1; 0 when salvage broke it; -1. */
static int read_line(struct warc *w, struct buf *data, size_t max, struct err *e)
{
	size_t start = data->n;

	for (;;) {
		int r = fill(w, e);
		const char *from = w->raw + w->at, *end;
		size_t n;

		if (r < 0 || w->lost)
			return r < 0 ? -1 : 0;
		if (r == 0)
			return bad_record(w, e, "input ended early: inside a header");
		end = memchr(from, '\n', w->n - w->at);
		n = end ? (size_t)(end - from) + 1 : w->n - w->at;
		if (data->n - start + n > max)
			return bad_record(w, e, "header over 1 MiB");
		buf_append(data, from, n);
		w->at += n;
		if (end)
			return 1;
	}
}

/* --- records ---------------------------------------------------------------------------------- */

static bool is_line_end(int c)
{
	return c == '\r' || c == '\n';
}

static void begin_record(struct warc *w)
{
	size_t before = w->taken.n;

	w->lost = false;
	w->begun = w->base + w->at - before;
	w->alone = w->fresh && w->at == before;
	w->offset = input_member_offset(w->in);
	if (input_format(w->in) == INPUT_PLAIN)
		w->offset += w->at - before;
}

/* A line that begins with white space goes on the line before: the end of that becomes one
 * space. */
static void unfold(struct buf *data, size_t line)
{
	size_t end = line, from = line;

	while (end && is_line_end(data->p[end - 1]))
		end--;
	while (from < data->n && byte_in(data->p[from], " \t"))
		from++;
	data->p[end++] = ' ';
	memmove(data->p + end, data->p + from, data->n - from);
	data->n -= from - end;
}

/* The rest of a WARC header, whose first line stands at start. 1; 0 when salvage broke it; -1. */
static int read_fields(struct warc *w, struct buf *data, size_t start, struct err *e)
{
	for (;;) {
		size_t line = data->n;
		int r = read_line(w, data, HEADER_MAX - MIN((size_t)HEADER_MAX, line - start), e);

		if (r <= 0)
			return r;
		if (is_line_end(data->p[line]) && data->n - line <= 2)
			return 1;
		if (byte_in(data->p[line], " \t"))
			unfold(data, line);
	}
}

/* An ARC record's line becomes the WARC header that says the same. */
static int turn_arc_line(struct warc *w, struct buf *data, size_t start, struct err *e)
{
	struct buf line = { 0 };
	bool known;

	buf_slice(&line, slice_skip(buf_view(data), start));
	data->n = start;
	known = arc_to_warc(buf_view(&line), data);
	w->arc |= known;
	buf_release(&line);
	return known ? 1 : bad_record(w, e, "no WARC version line");
}

/* 1; 0 when salvage broke it; -1. */
static int read_header(struct warc *w, struct buf *data, struct err *e)
{
	size_t start = data->n;
	bool whole = slice_ends(buf_view(&w->taken), SLICE("\n"));
	int r;

	buf_slice(data, buf_view(&w->taken));
	w->taken.n = 0;
	r = whole ? 1 : read_line(w, data, HEADER_MAX, e);
	if (r <= 0)
		return r;
	if (!slice_starts(slice_skip(buf_view(data), start), SLICE("WARC/")))
		return turn_arc_line(w, data, start, e);
	w->arc = false;
	return read_fields(w, data, start, e);
}

/* True when line, which has grown by a byte, begins the next record. */
static bool begins_record(struct warc *w, struct slice line)
{
	struct buf unused = { 0 };
	bool begins = slice_eq(line, SLICE("WARC/"));

	if (w->arc && slice_ends(line, SLICE("\n"))) {
		begins = arc_to_warc(line, &unused);
		buf_release(&unused);
	}
	return begins;
}

/* Takes the next "WARC/" that begins a line, in an ARC file the next line that begins a record, or
 * all to the end of the input. */
static int resynchronise(struct warc *w, struct err *e)
{
	int c;

	w->taken.n = 0; /* lines are read whole, so this is the start of one */
	while ((c = peek(w, e)) >= 0) {
		if (w->fresh && w->at == 0)
			w->taken.n = 0;
		if (w->taken.n < ARC_LINE_MAX)
			buf_byte(&w->taken, (char)c);
		w->at++;
		if (begins_record(w, buf_view(&w->taken)))
			return 0;
		if (c == '\n')
			w->taken.n = 0;
	}
	w->taken.n = 0;
	return c == FAILED ? -1 : 0;
}

/* What was passed over is known: all of the file up to here. */
static void end_passing(struct warc *w, uint64_t here)
{
	uint64_t bytes = here - w->passed_from, told = input_lost(w->in) - w->passed_lost;

	if (w->passing)
		input_note_damage(w->in, w->passed_from, bytes - MIN(bytes, told), w->passed_what);
	w->passing = false;
}

/* After a record that cannot be read: true when reading can go on behind it. Of bytes that the
 * input lost, it has told itself. */
static bool recover(struct warc *w, struct err *e)
{
	if (!input_salvages(w->in) || (e->code != ERR_NONE && e->code != ERR_DATA))
		return false;
	if (!w->lost) {
		w->passing = true;
		w->passed_from = w->offset;
		w->passed_lost = input_lost(w->in);
		snprintf(w->passed_what, sizeof(w->passed_what),
			"record %" PRIu64 " at byte %" PRIu64 ": %s", w->number, w->offset,
			w->wrong ? w->wrong : "damaged");
	}
	err_clear(e);
	w->open = false;
	if (resynchronise(w, e) < 0)
		return false;
	if (!w->taken.n)
		end_passing(w, input_offset(w->in));
	return true;
}

static int read_record(struct warc *w, struct buf *data, struct warc_header *h, struct err *e)
{
	size_t start = data->n;
	const char *what;
	int r = read_header(w, data, e);

	if (r > 0 && !warc_parse(slice_skip(buf_view(data), start), h, &what))
		r = bad_record(w, e, what);
	if (r > 0) {
		w->left = h->length;
		w->open = true;
		return 1;
	}
	data->n = start;
	*h = (struct warc_header){ .type = WARC_DAMAGED };
	return recover(w, e) ? 1 : -1;
}

int warc_next(struct warc *w, struct buf *data, struct warc_header *h, struct err *e)
{
	struct warc_place unused;
	int c = 0;

	if (w->open && warc_finish(w, &unused, e) < 0)
		return -1;
	while (!w->taken.n && is_line_end(c = peek(w, e)))
		w->at++;
	if (!w->taken.n && c < 0)
		return c == FAILED ? -1 : 0;
	w->number += w->begun_any;
	w->begun_any = true;
	begin_record(w);
	end_passing(w, w->offset);
	return read_record(w, data, h, e);
}

/* Takes up to left bytes of the block to data, or nowhere. 1; 0 when salvage broke it; -1. */
static int read_block(struct warc *w, struct buf *data, struct err *e)
{
	while (w->left) {
		int r = fill(w, e);
		size_t n = (size_t)MIN((uint64_t)(w->n - w->at), w->left);

		if (r > 0 && !w->lost) {
			if (data)
				buf_append(data, w->raw + w->at, n);
			w->at += n;
			w->left -= n;
			continue;
		}
		if (r == 0 && !w->lost)
			bad_record(w, e, "input ended early: inside a block");
		return recover(w, e) ? 0 : -1;
	}
	return 1;
}

int warc_block(struct warc *w, struct buf *data, struct err *e)
{
	return w->open ? read_block(w, data, e) : 1;
}

/* The line ends behind the block, as far as they stand in the same member. */
static int skip_record_end(struct warc *w, struct err *e)
{
	bool plain = input_format(w->in) == INPUT_PLAIN;
	int c = 0;

	while (plain || w->at < w->n || !w->member_done) {
		c = peek(w, e);
		if (!is_line_end(c) || w->lost)
			break;
		w->at++;
	}
	return c == FAILED ? -1 : 0;
}

/* A line end follows a block, or some writers' next record at once. What else follows shows that
 * the length is wrong: the block holds others' bytes, or lacks its own. */
static bool runs_on(struct warc *w, struct err *e)
{
	bool more = input_format(w->in) == INPUT_PLAIN || w->at < w->n || !w->member_done;
	int c = more && !w->arc ? peek(w, e) : END;

	return c >= 0 && !w->lost && !is_line_end(c) && c != 'W';
}

static uint64_t stored_length(const struct warc *w)
{
	if (input_format(w->in) == INPUT_PLAIN)
		return w->base + w->at - w->begun;
	if (w->alone && w->at == w->n && w->member_done)
		return input_offset(w->in) - w->offset;
	return 0;
}

int warc_finish(struct warc *w, struct warc_place *place, struct err *e)
{
	int r = 1;

	*place = (struct warc_place){ .number = w->number, .offset = w->offset };
	if (!w->open)
		return 1;
	r = read_block(w, NULL, e);
	w->open = false;
	if (r <= 0)
		return r;
	if (input_salvages(w->in) && runs_on(w, e)) {
		bad_record(w, e, "the block does not end where Content-Length says");
		return recover(w, e) ? 0 : -1;
	}
	if (skip_record_end(w, e) < 0)
		return -1;
	if (w->lost)
		return 0; /* its checksum failed: all of it is in doubt */
	place->length = stored_length(w);
	return 1;
}

struct warc *warc_new(struct input *in)
{
	struct warc *w = mem_zalloc(1, sizeof(*w));

	w->in = in;
	w->raw = mem_alloc(CHUNK);
	return w;
}

void warc_free(struct warc *w)
{
	if (!w)
		return;
	buf_release(&w->taken);
	free(w->raw);
	free(w);
}
