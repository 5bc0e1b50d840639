/* What shards are, and whether they are what their manifest says. */
#include "stages/tokenize/inspect.h"

#include "lib/core/hex.h"
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "stages/tokenize/token_documents.h"
#include "stages/tokenize/tokenize.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

enum { SHOWN = 3 }; /* documents of the beginning, and of the end */

/* A document that is shown. */
struct shown {
	struct buf id;
	uint64_t shard, start, n, from;
};

struct shard_facts {
	const struct inspect_config *c;
	const struct token_source *s;
	const char *layout, *dtype;
	uint64_t tokens, bytes, documents, parts;
	struct shown first[SHOWN], last[SHOWN]; /* last: a ring, by the number of the document */
	uint64_t n_seen; /* documents, and parts of them, that were met */
	size_t n_checked; /* files with the digest of the manifest */
};

/* ---- digests ---- */

static int digest_file(const struct token_claim *claim, char hex[33], struct err *e)
{
	XXH3_state_t *state = XXH3_createState();
	struct token_window w = { 0 };
	XXH128_hash_t hash;
	int result = token_window_open(&w, claim->path, e);

	XXH3_128bits_reset(state);
	for (uint64_t at = 0; result == 0 && at < w.bytes; at += TOKEN_WINDOW) {
		size_t n = (size_t)MIN(w.bytes - at, (uint64_t)TOKEN_WINDOW);
		const char *p = token_window_get(&w, at, n, e);

		result = p ? 0 : -1;
		if (p)
			XXH3_128bits_update(state, p, n);
	}
	hash = XXH3_128bits_digest(state);
	hex_128(hash.high64, hash.low64, hex);
	token_window_close(&w);
	XXH3_freeState(state);
	return result;
}

static int check_digest(struct shard_facts *f, const struct token_claim *claim, struct err *e)
{
	char hex[33];

	if (!claim->path || !*claim->digest)
		return 0;
	if (digest_file(claim, hex, e) < 0)
		return -1;
	if (strcmp(hex, claim->digest) != 0)
		return err_set(e, ERR_DATA, "%s: XXH3-128 %s, but its manifest says %s",
			claim->path, hex, claim->digest);
	f->n_checked++;
	return 0;
}

static int check_digests(
	struct shard_facts *f, const struct token_source_shard *shard, struct err *e)
{
	for (size_t i = 0; i < shard->n_files; i++)
		if (check_digest(f, &shard->files[i], e) < 0)
			return -1;
	return 0;
}

/* ---- documents ---- */

static void keep(struct shown *to, size_t shard, const struct token_document *doc)
{
	to->id.n = 0;
	buf_slice(&to->id, doc->id.n ? doc->id : SLICE("null"));
	to->shard = shard;
	to->start = doc->start;
	to->n = doc->n;
	to->from = doc->from;
}

static void see(struct shard_facts *f, size_t shard, const struct token_document *doc)
{
	if (f->n_seen < SHOWN)
		keep(&f->first[f->n_seen], shard, doc);
	else
		keep(&f->last[f->n_seen % SHOWN], shard, doc);
	f->n_seen++;
	f->documents += doc->from == 0;
	f->parts += doc->from != 0;
}

/* Without the type of an id no document can be counted. */
static int see_documents(struct shard_facts *f, size_t i, struct err *e)
{
	struct token_hints hints = {
		.layout = f->c->from > 0 ? decode_froms[f->c->from] : NULL,
		.dtype = f->c->type >= 0 ? decode_types[f->c->type] : NULL,
		.eot_id = NO_TOKEN,
	};
	struct token_documents in = { 0 };
	struct token_document doc;
	bool delimited;
	int got = 0;

	if (token_documents_open(&in, f->s, i, &hints, e) < 0)
		return -1;
	f->layout = in.reader.layout->name;
	f->dtype = in.reader.dtype ? in.reader.dtype->name : NULL;
	f->tokens += in.reader.n_ids;
	f->bytes += in.reader.ids.bytes;
	delimited = in.map || in.reader.n_parts || in.eot_id != NO_TOKEN;
	while (f->dtype && delimited && (got = token_documents_next(&in, &doc, e)) > 0)
		see(f, i, &doc);
	token_documents_close(&in);
	return got;
}

/* ---- what is said ---- */

static void put_shown(struct facts *out, const struct shard_facts *f, const struct shown *d)
{
	struct buf *item = facts_item(out);

	if (out->json)
		buf_printf(item,
			"{\"id\":%.*s,\"shard\":%" PRIu64 ",\"start\":%" PRIu64 ",\"n\":%" PRIu64
			",\"from\":%" PRIu64 "}",
			(int)d->id.n, d->id.p, d->shard, d->start, d->n, d->from);
	else if (f->s->n_shards > 1)
		buf_printf(item, "%.*s, shard %" PRIu64 ", tokens %" PRIu64 " to %" PRIu64,
			(int)MIN(d->id.n, (size_t)100), d->id.p, d->shard, d->start,
			d->start + d->n);
	else
		buf_printf(item, "%.*s, tokens %" PRIu64 " to %" PRIu64,
			(int)MIN(d->id.n, (size_t)100), d->id.p, d->start, d->start + d->n);
	facts_item_end(out);
}

static void put_documents(struct facts *out, const struct shard_facts *f)
{
	uint64_t last = f->n_seen > SHOWN ? MIN(f->n_seen - SHOWN, (uint64_t)SHOWN) : 0;

	if (!f->n_seen)
		return;
	facts_list_begin(out, "first_documents", '[');
	for (uint64_t i = 0; i < MIN(f->n_seen, (uint64_t)SHOWN); i++)
		put_shown(out, f, &f->first[i]);
	facts_list_end(out);
	if (!last)
		return;
	facts_list_begin(out, "last_documents", '[');
	for (uint64_t i = f->n_seen - last; i < f->n_seen; i++)
		put_shown(out, f, &f->last[i % SHOWN]);
	facts_list_end(out);
}

static void put_manifest(struct facts *out, const struct token_source *s)
{
	if (!s->manifest)
		return;
	facts_text(out, "manifest", slice_str(s->manifest));
	if (s->eot) {
		facts_text(out, "eot", slice_str(s->eot));
		facts_number(out, "eot_id", s->eot_id);
	}
	if (s->vocab_digest) {
		facts_text(out, "vocabulary", slice_str(s->vocab_digest));
		facts_number(out, "vocabulary_ids", s->vocab_ids);
	}
	if (!s->pack)
		return;
	facts_number(out, "sequence", s->pack);
	if (s->drops_tail) {
		facts_number(out, "dropped_tokens", s->dropped_tokens);
		facts_number(out, "dropped_documents", s->dropped_documents);
	} else {
		facts_number(out, "padding", s->padding);
	}
}

static void put_facts(struct facts *out, const struct shard_facts *f, const char *path)
{
	facts_begin(out, path);
	facts_text(out, "file", slice_str(path));
	facts_text(out, "layout", slice_str(f->layout ? f->layout : f->s->layout));
	facts_text(out, "dtype", f->dtype ? slice_str(f->dtype) : SLICE("not said (--dtype)"));
	facts_number(out, "shards", f->s->n_shards);
	facts_number(out, "bytes", f->bytes);
	if (f->dtype)
		facts_number(out, "tokens", f->tokens);
	if (f->n_seen)
		facts_number(out, "documents", f->documents);
	if (f->parts)
		facts_number(out, "document_parts", f->parts);
	put_manifest(out, f->s);
	if (f->n_checked)
		facts_number(out, "digests_right", f->n_checked);
	put_documents(out, f);
	facts_end(out);
}

int inspect_shards(struct facts *out, const struct inspect_config *c, const char *path,
	const struct token_source *s, struct err *e)
{
	struct shard_facts f = { .c = c, .s = s };
	int result = s->whole ? check_digest(&f, &s->index, e) : 0;

	for (size_t i = 0; result == 0 && i < s->n_shards; i++) {
		result = see_documents(&f, i, e);
		if (result == 0)
			result = check_digests(&f, &s->shards[i], e);
	}
	if (result == 0 && s->whole && s->documents != UINT64_MAX && s->documents != f.documents)
		result = err_set(e, ERR_DATA,
			"%s: %" PRIu64 " documents in the maps, but the manifest says %" PRIu64,
			path, f.documents, s->documents);
	put_facts(out, &f, path);
	for (size_t i = 0; i < SHOWN; i++) {
		buf_release(&f.first[i].id);
		buf_release(&f.last[i].id);
	}
	return result;
}
