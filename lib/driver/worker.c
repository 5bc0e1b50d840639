/* What a worker thread does with a batch: decompress, scan, ask the stage, build lines. */
#include "lib/driver/work.h"

#include "lib/core/mem.h"
#include "lib/stream/frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

enum { KEEP_BYTES = 2 * 4 * 1024 * 1024 }; /* memory that a buffer keeps from batch to batch */

/* --- verdicts that leave a trace -------------------------------------------------------------- */

static void count_value(struct work *w, const struct reason *why)
{
	struct value_count *v;

	mem_grow(&w->values, w->n_values, &w->cap_values, sizeof(*w->values));
	v = &w->values[w->n_values++];
	v->rule = why->rule;
	memcpy(v->value, why->name, sizeof(v->value));
}

static void count_drop(struct work *w, const char *rule)
{
	for (size_t i = 0; i < w->n_drops; i++) {
		if (w->drops[i].rule == rule) {
			w->drops[i].records++;
			return;
		}
	}
	mem_grow(&w->drops, w->n_drops, &w->cap_drops, sizeof(*w->drops));
	w->drops[w->n_drops++] = (struct drop_count){ rule, 1 };
}

static void put_reason(struct buf *out, const char *stage, const struct reason *why)
{
	buf_byte(out, '{');
	json_put_key(out, "stage");
	json_put_string(out, slice_str(stage));
	json_put_key(out, "rule");
	json_put_string(out, slice_str(why->rule));
	json_put_key(out, "value");
	if (why->named) {
		json_put_string(out, slice_str(why->name));
	} else {
		json_put_number(out, why->value);
		json_put_key(out, "limit");
		json_put_number(out, why->limit);
	}
	buf_byte(out, '}');
}

void work_reject(struct work *w, struct record *r, const struct reason *why)
{
	struct buf reason = { 0 };

	put_reason(&reason, w->driver->run.stage->name, why);
	record_set_raw(r, "reject", buf_view(&reason));
	record_write(r, &w->rejects);
	w->n_rejects++;
	buf_release(&reason);
}

/* A line that is no record is kept for --rejects as a string, cut at a length that helps. bytes is
 * that of the whole line. */
static void reject_raw(struct work *w, struct slice line, uint64_t bytes, const char *text)
{
	struct buf *out = &w->rejects;

	buf_str(out, "{\"id\":null");
	json_put_key(out, "raw");
	json_put_string(out, slice_head(line, BATCH_HEAD));
	json_put_key(out, "raw_bytes");
	json_put_uint(out, bytes);
	buf_str(out, ",\"reject\":{");
	json_put_key(out, "stage");
	json_put_string(out, slice_str(w->driver->run.stage->name));
	json_put_key(out, "rule");
	json_put_string(out, SLICE("bad"));
	json_put_key(out, "value");
	json_put_string(out, slice_str(text));
	buf_str(out, "}}\n");
	w->n_rejects++;
}

static void add_bad(struct work *w, uint64_t byte, struct slice line, uint64_t bytes, struct err *e)
{
	mem_grow(&w->bad, w->n_bad, &w->cap_bad, sizeof(*w->bad));
	w->bad[w->n_bad++] = (struct bad_record){ w->read - 1, byte, mem_strdup(e->text) };
	if (w->driver->run.rejects)
		reject_raw(w, line, bytes, e->text);
	err_clear(e);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* A record that may go out: the range of content or of lines that holds it. */
static void add_out(struct work *w, size_t at, size_t n, bool in_lines, const struct digest *digest)
{
	struct outgoing *last = w->n_out ? &w->out[w->n_out - 1] : NULL;

	/* Where none can be dropped any more, neighbours go out as one: short records would else
	 * take several times their size. */
	if (!w->driver->run.stage->decide && last && last->in_lines == in_lines &&
		last->at + last->n == at) {
		last->n += n;
		digest_add(&last->digest, digest);
		return;
	}
	mem_grow(&w->out, w->n_out, &w->cap_out, sizeof(*w->out));
	w->out[w->n_out++] = (struct outgoing){
		.at = at, .n = n, .in_lines = in_lines, .number = w->read - 1, .digest = *digest
	};
}

static void keep_line(struct work *w, struct record *r, size_t at, const struct digest *digest)
{
	size_t begin = w->lines.n, end = at + r->line.n;
	struct digest changed = { 0 };

	if (!record_changed(r)) {
		add_out(w, at, r->line.n + (end < w->content.n), false, digest);
		return;
	}
	record_write(r, &w->lines);
	digest_line(&changed, (struct slice){ w->lines.p + begin, w->lines.n - begin - 1 });
	add_out(w, begin, w->lines.n - begin, true, &changed);
}

/* One or more lines that the stage emitted itself. */
static void keep_emitted(struct work *w, size_t begin)
{
	struct slice lines = { w->lines.p + begin, w->lines.n - begin };

	while (lines.n) {
		size_t n = slice_find(lines, SLICE("\n"));
		struct digest digest = { 0 };

		digest_line(&digest, slice_head(lines, n));
		add_out(w, (size_t)(lines.p - w->lines.p), n + 1, true, &digest);
		lines = slice_skip(lines, n + 1);
	}
}

/* What the accounting makes of a record for which the stage emitted n. */
static void count_emitted(struct work *w, uint64_t n)
{
	if (n == 0)
		count_drop(w, "empty");
	else
		w->split += n - 1;
}

/* One line of --annotate-only, whatever the verdict was, so that lines and records stay side by
 * side. r is NULL when the line is no record. */
static void annotate(struct work *w, struct record *r, enum verdict v, const struct reason *why)
{
	size_t begin = w->lines.n;

	/* A bad record has a line too, which the identity must know of. */
	w->split += v == BAD;
	if (!r) {
		emit_line(&(struct emitter){ .out = &w->lines }, SLICE("{\"id\":null}"));
		keep_emitted(w, begin);
		return;
	}

	if (v == DROP) {
		struct buf reason = { 0 };

		put_reason(&reason, w->driver->run.stage->name, why);
		record_set_raw(r, "reject", buf_view(&reason));
		buf_release(&reason);
	}
	record_write_side(r, &w->lines);
	keep_emitted(w, begin);
}

static void settle(struct work *w, struct record *r, size_t at, enum verdict v,
	const struct reason *why, const struct emitter *to, size_t begin,
	const struct digest *digest)
{
	if (v == KEEP) {
		keep_line(w, r, at, digest);
	} else if (v == SPLIT) {
		keep_emitted(w, begin);
		count_emitted(w, to->emitted);
	} else {
		count_drop(w, why->rule);
		if (why->counted)
			count_value(w, why);
		if (w->driver->run.rejects)
			work_reject(w, r, why);
	}
}

/* Takes one line off each side file's lines of this batch and joins it to the record, when the
 * line is one. */
static int join_sides(struct record *r, bool scanned, struct slice *sides, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct slice line = { 0 };

		if (!next_record_line(&sides[i], &line))
			return err_set(e, ERR_INTERNAL, "no line beside it in the --with file");
		if (scanned && record_join(r, line, e) < 0)
			return -1;
	}
	return 0;
}

/* Checks the line and lists its members. False: it is no record, and e says why. */
static bool scan(struct work *w, struct record *r, struct slice line, struct err *e)
{
	const struct common *common = w->driver->run.common;
	uint64_t max = common->max_record;

	if (max && line.n > max) {
		err_set(e, ERR_LIMIT, "record of %zu bytes exceeds --max-record %" PRIu64, line.n,
			max);
		return false;
	}
	if (w->driver->run.stage->unchecked && !common->with.n && !common->annotate_only) {
		r->line = line;
		return true;
	}
	return record_scan(r, line, e) == 0;
}

static int one_line(
	struct work *w, struct worker *self, struct slice line, struct slice *sides, struct err *e)
{
	const struct driver_run *run = &w->driver->run;
	size_t at = (size_t)(line.p - w->content.p), begin = w->lines.n;
	struct emitter to = { .out = &w->lines };
	struct digest digest = { 0 };
	struct reason why = { 0 };
	struct record *r = &self->record;
	struct err join = { 0 };
	bool scanned = scan(w, r, line, e);
	enum verdict v = BAD;

	w->read++;
	digest_line(&digest, line);
	digest_add(&w->in_digest, &digest);
	if (join_sides(r, scanned, sides, run->common->with.n, &join) < 0) {
		*e = join;
		return -1;
	}
	if (scanned) {
		r->batch = &w->beyond;
		r->file = w->file;
		r->byte = w->batch.byte + at;
		v = run->stage->record(self->stage_worker, r, &to, &why, e);
		w->replaced += r->replaced;
		w->duplicate_keys += r->duplicate_keys;
	}
	if (v == FAIL)
		return -1;
	if (v == BAD)
		add_bad(w, w->batch.byte + at, line, line.n, e);
	if (run->common->annotate_only)
		annotate(w, scanned ? r : NULL, v, &why);
	else if (v != BAD)
		settle(w, r, at, v, &why, &to, begin, &digest);
	if (v == KEEP && run->stage->decide)
		w->out[w->n_out - 1].note = r->note;
	return 0;
}

static int all_lines(struct work *w, struct worker *self, struct slice *sides, struct err *e)
{
	struct slice rest = buf_view(&w->content), line;
	uint64_t skip = w->batch.skip, take = w->batch.take;

	while (take && next_record_line(&rest, &line)) {
		if (skip) {
			skip--;
			continue;
		}
		take--;
		if (one_line(w, self, line, sides, e) < 0)
			return -1;
	}
	return 0;
}

/* --- items ------------------------------------------------------------------------------------ */

/* What --rejects keeps of an item: the record that the stage built before it dropped it, or the
 * place from which the bytes can be fetched again. */
static void reject_item(struct work *w, struct worker *self, const struct item *item,
	struct slice emitted, const struct reason *why)
{
	struct buf place = { 0 };
	struct err e = { 0 };

	if (!emitted.n) {
		buf_byte(&place, '{');
		json_put_key(&place, "file_path");
		json_put_string(&place, slice_str(item->path));
		json_put_key(&place, "warc_offset");
		json_put_uint(&place, item->offset);
		json_put_key(&place, "warc_length");
		json_put_uint(&place, item->length);
		buf_byte(&place, '}');
		emitted = buf_view(&place);
	} else {
		emitted.n--; /* the newline */
		buf_slice(&place, emitted);
		emitted = buf_view(&place);
	}
	if (record_scan(&self->record, emitted, &e) == 0)
		work_reject(w, &self->record, why);
	buf_release(&place);
}

static int one_item(struct work *w, struct worker *self, const struct item *item, struct err *e)
{
	const struct driver_run *run = &w->driver->run;
	struct emitter to = { .out = &w->lines };
	struct reason why = { 0 };
	size_t begin = w->lines.n;
	enum verdict v;

	w->read++;
	if (item->skip) {
		v = DROP;
		why.rule = run->stage->source->skips[item->skip - 1];
	} else {
		v = run->stage->item(self->stage_worker, item, &to, &why, e);
		w->replaced += to.replaced;
		w->duplicate_keys += to.duplicate_keys;
	}
	if (v == FAIL)
		return -1;
	if (v == KEEP || v == SPLIT) {
		keep_emitted(w, begin);
		count_emitted(w, to.emitted);
		if (run->stage->decide && to.emitted)
			w->out[w->n_out - 1].note = to.note;
		return 0;
	}
	if (v == BAD) {
		w->lines.n = begin;
		add_bad(w, item->offset, item->data, item->data.n, e);
		return 0;
	}
	count_drop(w, why.rule);
	if (why.counted)
		count_value(w, &why);
	if (run->rejects && !item->skip)
		reject_item(w, self, item, (struct slice){ w->lines.p + begin, w->lines.n - begin },
			&why);
	w->lines.n = begin;
	return 0;
}

static int all_items(struct work *w, struct worker *self, struct err *e)
{
	size_t at = 0;

	for (size_t i = 0; i < w->n_items; i++) {
		/* The buffer may have moved while items were read into it. */
		w->items[i].data.p = w->batch.data.p + at;
		at += w->items[i].data.n;
		if (one_item(w, self, &w->items[i], e) < 0)
			return err_wrap(e, "item %" PRIu64 " at byte %" PRIu64, w->items[i].number,
				w->items[i].offset);
	}
	return 0;
}

/* --- the batch -------------------------------------------------------------------------------- */

/* Records that stand one after another, in content or in lines, go out by one copy. */
struct stretch {
	size_t at, n;
	bool in_lines;
};

static void flush(struct work *w, const struct stretch *s)
{
	struct buf *made = &w->made;

	buf_append(made, (s->in_lines ? w->lines.p : w->content.p) + s->at, s->n);
	/* The last line of an input may lack its newline. */
	if (s->n && made->p[made->n - 1] != '\n')
		buf_byte(made, '\n');
}

/* True when the one stretch is all there is, so that nothing need be copied. */
static bool is_all(struct work *w, const struct stretch *s)
{
	if (w->made.n || !s->n)
		return false;
	if (s->in_lines)
		return s->n == w->lines.n;
	w->whole = s->n == w->content.n && w->content.p[s->n - 1] == '\n';
	return w->whole;
}

void work_assemble(struct work *w)
{
	struct stretch s = { 0 };
	struct buf swap;

	w->made.n = 0;
	for (size_t i = 0; i < w->n_out; i++) {
		const struct outgoing *o = &w->out[i];

		if (o->dropped)
			continue;
		w->kept += o->digest.records;
		digest_add(&w->out_digest, &o->digest);
		if (s.n && o->in_lines == s.in_lines && o->at == s.at + s.n) {
			s.n += o->n;
			continue;
		}
		flush(w, &s);
		s = (struct stretch){ o->at, o->n, o->in_lines };
	}
	if (is_all(w, &s))
		return;
	flush(w, &s);
	swap = w->lines;
	w->lines = w->made;
	w->made = swap;
}

/* A frame that cannot be read is lost alone with --salvage: a gap of unknown records. */
static int open_frame(struct work *w, struct worker *self, struct err *e)
{
	if (!self->zstd)
		self->zstd = ZSTD_createDCtx();
	if (frame_decompress(self->zstd, buf_view(&w->batch.data), &w->content, e) == 0) {
		if (w->content.n && w->content.p[w->content.n - 1] == '\n')
			return 0;
		err_set(e, ERR_DATA, "damaged frame: it does not end in a line end");
	}
	if (!w->driver->run.common->salvage || e->code != ERR_DATA)
		return -1;
	w->content.n = 0;
	w->gaps = 1;
	w->lost = w->batch.data.n;
	snprintf(w->damage, sizeof(w->damage), "byte %" PRIu64 " of the content: %.150s",
		w->batch.byte, e->text);
	err_clear(e);
	return 0;
}

/* The one line of a batch without lines. */
static void count_too_long(struct work *w, struct err *e)
{
	const struct batch *batch = &w->batch;
	const struct common *common = w->driver->run.common;

	w->read++;
	digest_add(&w->in_digest, &batch->digest);
	err_set(e, ERR_LIMIT, "record of %" PRIu64 " bytes exceeds --max-record %" PRIu64,
		batch->too_long, common->max_record);
	add_bad(w, batch->byte, buf_view(&batch->data), batch->too_long, e);
	if (common->annotate_only)
		annotate(w, NULL, BAD, NULL);
}

static int open_content(struct work *w, struct worker *self, struct err *e)
{
	struct buf swap = w->content;

	if (w->batch.frame)
		return open_frame(w, self, e);
	if (w->batch.too_long) {
		count_too_long(w, e);
		return 0;
	}
	w->content = w->batch.data;
	w->batch.data = swap;
	w->batch.data.n = 0;
	return 0;
}

static void begin(struct work *w)
{
	buf_clear(&w->content, KEEP_BYTES);
	buf_clear(&w->lines, KEEP_BYTES);
	buf_clear(&w->made, KEEP_BYTES);
	buf_clear(&w->rejects, KEEP_BYTES);
	arena_reset(&w->beyond);
	w->whole = false;
	w->n_out = w->n_bad = w->n_drops = w->n_values = 0;
	w->n_rejects = w->read = w->read_bytes = w->kept = w->split = 0;
	w->replaced = w->duplicate_keys = 0;
	w->gaps = w->lost = 0;
	w->in_digest = w->out_digest = (struct digest){ 0 };
	err_clear(&w->err);
}

static int split_sides(struct work *w, struct slice *sides, struct err *e)
{
	size_t n = w->driver->run.common->with.n;
	struct slice rest = buf_view(&w->sides);

	/* The reader put a length in front of each file's lines. */
	for (size_t i = 0; i < n; i++) {
		uint64_t bytes = rest.n >= 8 ? load_le64(rest.p) : UINT64_MAX;

		if (bytes > rest.n - 8)
			return err_set(e, ERR_INTERNAL, "side lines of a batch are missing");
		sides[i] = slice_head(slice_skip(rest, 8), bytes);
		rest = slice_skip(rest, 8 + bytes);
	}
	return 0;
}

static int make_worker(struct work *w, struct worker *self, struct err *e)
{
	const struct driver_run *run = &w->driver->run;

	if (self->made)
		return 0;
	if (!run->stage->worker_new) {
		self->stage_worker = run->config;
		return 0;
	}
	self->stage_worker = run->stage->worker_new(run->config, e);
	self->made = self->stage_worker != NULL;
	if (!self->made)
		return err_set(e, ERR_INTERNAL, "a worker could not be made");
	return 0;
}

/* A range goes by what the stamp says of each frame; one that lies would give other records. */
static int check_records(const struct work *w, struct err *e)
{
	uint64_t promised = w->batch.records, n;

	if (!w->batch.frame || promised == UINT64_MAX || w->gaps)
		return 0;
	n = count_records(buf_view(&w->content));
	if (n == promised)
		return 0;
	return err_set(e, ERR_DATA, "frame of %" PRIu64 " records, but its stamp says %" PRIu64, n,
		promised);
}

static int do_lines(struct work *w, struct worker *self, struct err *e)
{
	struct slice *sides = mem_zalloc(w->driver->run.common->with.n, sizeof(*sides));
	int r = open_content(w, self, e);

	w->read_bytes = w->content.n + w->batch.passed;
	if (r == 0)
		r = check_records(w, e);
	if (r == 0 && w->driver->serial)
		r = split_sides(w, sides, e);
	if (r == 0)
		r = all_lines(w, self, sides, e);
	free(sides);
	return r;
}

static int do_items(struct work *w, struct worker *self, struct err *e)
{
	w->read_bytes = w->batch.data.n;
	return all_items(w, self, e);
}

void worker_job(struct job *job, unsigned number)
{
	struct work *w = (struct work *)job;
	struct worker *self = &w->driver->workers[number];
	int r;

	begin(w);
	r = make_worker(w, self, &w->err);
	if (r == 0)
		r = w->kind == WORK_LINES ? do_lines(w, self, &w->err) : do_items(w, self, &w->err);
	if (r == 0 && !w->driver->run.stage->decide)
		work_assemble(w);
}

/* --- edits after decide ----------------------------------------------------------------------- */

/* The record as it stands now is the one it becomes, behind the lines that are there. */
static int amend_record(struct work *w, struct worker *self, struct outgoing *o, struct err *e)
{
	struct slice line = { (o->in_lines ? w->lines.p : w->content.p) + o->at, o->n };
	struct record *r = &self->record;

	if (slice_ends(line, SLICE("\n")))
		line.n--;
	if (record_scan(r, line, e) < 0 ||
		w->driver->run.stage->amend(self->stage_worker, r, o->note, e) < 0)
		return -1;
	if (!record_changed(r))
		return 0;
	w->made.n = 0;
	record_write(r, &w->made);
	*o = (struct outgoing){ .at = w->lines.n, .n = w->made.n, .in_lines = true };
	digest_line(&o->digest, slice_head(buf_view(&w->made), w->made.n - 1));
	buf_slice(&w->lines, buf_view(&w->made));
	return 0;
}

void worker_amend_job(struct job *job, unsigned number)
{
	struct work *w = (struct work *)job;
	struct worker *self = &w->driver->workers[number];
	int r = make_worker(w, self, &w->err);

	for (size_t i = 0; r == 0 && i < w->n_out; i++) {
		if (w->out[i].amend)
			r = amend_record(w, self, &w->out[i], &w->err);
	}
	if (r == 0)
		work_assemble(w);
}
