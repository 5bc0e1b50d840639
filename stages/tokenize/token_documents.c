/* The documents of one shard, one after another. */
#include "stages/tokenize/token_documents.h"

#include "tokenizer/vocab.h"

#include <inttypes.h>

/* A line of a map has an id and numbers. */
#define MAX_LINE (16 * MIB)

/* ---- opening ---- */

/* The sizes that the manifest says, so that what was cut short is told at once. */
static int check_files(const struct token_source_shard *shard, struct err *e)
{
	for (size_t i = 0; i < shard->n_files; i++) {
		const struct token_claim *c = &shard->files[i];
		struct token_window w = { 0 };
		uint64_t bytes;

		if (c->bytes == UINT64_MAX)
			continue;
		if (token_window_open(&w, c->path, e) < 0)
			return -1;
		bytes = w.bytes;
		token_window_close(&w);
		if (bytes != c->bytes)
			return err_set(e, ERR_DATA,
				"%s: byte %" PRIu64
				": the file ends, but its manifest says %" PRIu64 " bytes",
				c->path, bytes, c->bytes);
	}
	return 0;
}

static int check_types(
	const struct token_reader *r, const char *said, const char *by, struct err *e)
{
	if (!said || strcmp(r->dtype->name, said) == 0)
		return 0;
	return err_set(e, ERR_DATA, "%s: the ids are %s, but %s says %s", r->ids.path,
		r->dtype->name, by, said);
}

static int open_reader(struct token_documents *d, const struct token_source *s,
	const struct token_hints *hints, struct err *e)
{
	const char *layout = s->layout ? s->layout : hints->layout;
	const char *dtype = s->dtype ? s->dtype : hints->dtype;

	if (check_files(d->shard, e) < 0)
		return -1;
	if (token_reader_open(&d->reader, d->shard->files[0].path, layout,
		    dtype ? dtype : hints->default_dtype, e) < 0)
		return -1;
	if (!d->reader.dtype)
		return 0;
	if (check_types(&d->reader, s->dtype, "its manifest", e) < 0 ||
		check_types(&d->reader, hints->dtype, "--dtype", e) < 0)
		return -1;
	if (d->shard->tokens != UINT64_MAX && d->shard->tokens != d->reader.n_ids)
		return err_set(e, ERR_DATA, "%s: %" PRIu64 " ids, but its manifest says %" PRIu64,
			d->reader.ids.path, d->reader.n_ids, d->shard->tokens);
	return 0;
}

int token_documents_open(struct token_documents *d, const struct token_source *s, size_t shard,
	const struct token_hints *hints, struct err *e)
{
	struct batches_options o = { .max_record = MAX_LINE, .serial = true };

	*d = (struct token_documents){
		.shard = &s->shards[shard],
		.pack = s->pack,
		.max_ids = hints->max_ids,
		.eot_id = s->manifest && s->eot_id != NO_TOKEN ? s->eot_id : hints->eot_id,
	};
	if (open_reader(d, s, hints, e) < 0 ||
		(d->shard->map.path && batches_open(&d->map, d->shard->map.path, &o, e) < 0)) {
		token_documents_close(d);
		return -1;
	}
	return 0;
}

void token_documents_close(struct token_documents *d)
{
	token_reader_close(&d->reader);
	if (d->map)
		batches_free(d->map);
	buf_release(&d->batch.data);
	record_release(&d->record);
	ids_release(&d->held);
	ids_release(&d->ahead);
	*d = (struct token_documents){ 0 };
}

/* ---- by the map ---- */

static int next_line(struct token_documents *d, struct slice *line, struct err *e)
{
	while (!next_record_line(&d->lines, line)) {
		int got = batches_next(d->map, &d->batch, e);

		if (got <= 0)
			return got;
		if (d->batch.too_long)
			return err_set(e, ERR_LIMIT,
				"%s: byte %" PRIu64 ": a line of %" PRIu64 " bytes",
				d->shard->map.path, d->batch.byte, d->batch.too_long);
		d->lines = buf_view(&d->batch.data);
	}
	return 1;
}

/* Behind the last line: it must be the map that the manifest speaks of. */
static int end_map(struct token_documents *d, struct err *e)
{
	const char *said = d->shard->map.digest;
	char hex[33];

	digest_hex(&d->map_digest, hex);
	if (!*said || strcmp(hex, said) == 0)
		return 0;
	return err_set(e, ERR_DATA, "%s: content digest %s, but its manifest says %s",
		d->shard->map.path, hex, said);
}

static int next_of_map(struct token_documents *d, struct token_document *doc, struct err *e)
{
	uint64_t number = d->map_digest.records;
	struct slice line;
	int got = next_line(d, &line, e);

	if (got <= 0)
		return got < 0 ? -1 : end_map(d, e);
	digest_line(&d->map_digest, line);
	if (record_scan(&d->record, line, e) < 0)
		return err_wrap(e, "%s: record %" PRIu64, d->shard->map.path, number);
	doc->id = record_raw(&d->record, "id");
	doc->from = 0;
	if (record_uint(&d->record, "start", &doc->start) != RECORD_FOUND ||
		record_uint(&d->record, "n", &doc->n) != RECORD_FOUND ||
		record_uint(&d->record, "from", &doc->from) == RECORD_OTHER_TYPE)
		return err_set(e, ERR_DATA, "%s: record %" PRIu64 ": no start and n",
			d->shard->map.path, number);
	if (doc->start != d->at)
		return err_set(e, ERR_DATA,
			"%s: record %" PRIu64 ": a document begins at token %" PRIu64
			", but the one before ends at %" PRIu64,
			d->shard->map.path, number, doc->start, d->at);
	return 1;
}

/* ---- by the end-of-text token ---- */

enum { CHUNK_IDS = 16384 };

/* Copies ids from ahead to held, up to an end-of-text token: true when there was one. */
static bool take_document(struct token_documents *d)
{
	const uint32_t *from = d->ahead.at + d->taken;
	size_t left = d->ahead.n - d->taken, n = 0;
	bool found = false;

	while (n < left && !found)
		found = from[n++] == d->eot_id && d->eot_id != NO_TOKEN;
	memcpy(ids_reserve(&d->held, n), from, n * sizeof(*from));
	d->held.n += n;
	d->taken += n;
	return found;
}

static int too_long(const struct token_documents *d, struct err *e)
{
	return err_set(e, ERR_LIMIT,
		"%s: the document at token %" PRIu64 " exceeds --max-record %" PRIu64,
		d->reader.ids.path, d->at, d->max_ids);
}

static int next_of_tokens(struct token_documents *d, struct token_document *doc, struct err *e)
{
	d->held.n = 0;
	while (d->taken == d->ahead.n || !take_document(d)) {
		uint64_t left = d->reader.n_ids - d->reader.at;

		if (d->max_ids && d->held.n > d->max_ids)
			return too_long(d, e);
		if (!left)
			break;
		d->ahead.n = d->taken = 0;
		if (token_reader_read(&d->reader, MIN(left, (uint64_t)CHUNK_IDS), &d->ahead, e) < 0)
			return -1;
	}
	*doc = (struct token_document){ .start = d->at, .n = d->held.n };
	return d->held.n > 0;
}

/* ---- the interface ---- */

static int next_document(struct token_documents *d, struct token_document *doc, struct err *e)
{
	*doc = (struct token_document){ .start = d->at };
	if (d->map)
		return next_of_map(d, doc, e);
	if (d->reader.layout->length && d->reader.n_parts)
		return token_reader_part(&d->reader, &doc->n, e);
	return next_of_tokens(d, doc, e);
}

int token_documents_next(struct token_documents *d, struct token_document *doc, struct err *e)
{
	int got = next_document(d, doc, e);
	uint64_t left = d->reader.n_ids - d->at;

	if (got < 0)
		return -1;
	if (got == 0 && left && !d->pack)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": %" PRIu64 " ids are of no document",
			d->reader.ids.path, token_reader_byte(&d->reader, d->at), left);
	if (got == 0)
		return 0;
	if (doc->n > left)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": ended early: the document at token %" PRIu64
			" has %" PRIu64 " ids and %" PRIu64 " are there",
			d->reader.ids.path, d->reader.ids.bytes, doc->start, doc->n, left);
	d->at += doc->n;
	return 1;
}

int token_documents_ids(
	struct token_documents *d, const struct token_document *doc, struct ids *out, struct err *e)
{
	if (d->max_ids && doc->n > d->max_ids)
		return too_long(d, e);
	if (!d->held.n)
		return token_reader_read(&d->reader, doc->n, out, e);
	memcpy(ids_reserve(out, d->held.n), d->held.at, d->held.n * sizeof(*d->held.at));
	out->n += d->held.n;
	return 0;
}
