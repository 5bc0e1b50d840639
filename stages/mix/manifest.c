/* Writes manifest.json. */
#include "stages/mix/manifest.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/version.h"

#include <stdlib.h>

static void put_uint(struct buf *out, const char *key, uint64_t v)
{
	json_put_key(out, key);
	json_put_uint(out, v);
}

static void put_number(struct buf *out, const char *key, double v)
{
	json_put_key(out, key);
	json_put_number(out, v);
}

static void put_str(struct buf *out, const char *key, const char *v)
{
	json_put_key(out, key);
	json_put_string(out, slice_str(v));
}

static void put_digest(struct buf *out, const char *key, const struct digest *d)
{
	char hex[33];

	digest_hex(d, hex);
	put_str(out, key, hex);
}

/* A line for one of the top level's members. */
static void line(struct buf *out, const char *key)
{
	buf_str(out, out->n > 1 ? ",\n\"" : "\n\"");
	buf_str(out, key);
	buf_str(out, "\":");
}

static void line_uint(struct buf *out, const char *key, uint64_t v)
{
	line(out, key);
	json_put_uint(out, v);
}

static void line_str(struct buf *out, const char *key, const char *v)
{
	line(out, key);
	json_put_string(out, slice_str(v));
}

/* --- sources ---------------------------------------------------------------------------------- */

/* The actual share is of what was written; by chance of the hash it differs from the planned. */
static void put_source(
	struct buf *out, const struct manifest *m, const struct mix_source *s, double written)
{
	buf_byte(out, '{');
	put_uint(out, "bytes", s->out.digest.bytes);
	put_digest(out, "digest", &s->out.digest);
	put_uint(out, "documents", s->out.digest.records);
	put_number(out, "epochs", s->epochs);
	put_uint(out, "input_bytes", s->in.digest.bytes);
	put_uint(out, "input_documents", s->in.digest.records);
	put_uint(out, "input_text_bytes", s->in.text_bytes);
	put_uint(out, "input_tokens", s->in.tokens);
	put_uint(out, "left_out", s->left_out);
	put_number(out, "share", written > 0 ? tally_size(&s->out, m->unit) / written : 0);
	put_number(out, "share_planned", s->share);
	put_uint(out, "text_bytes", s->out.text_bytes);
	put_uint(out, "tokens", s->out.tokens);
	buf_byte(out, '}');
}

static int by_name(const void *a, const void *b)
{
	const struct mix_source *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* To be freed. */
static const struct mix_source **sorted(const struct sources *s)
{
	const struct mix_source **order = mem_zalloc(s->n, sizeof(*order));

	for (size_t i = 0; i < s->n; i++)
		order[i] = &s->at[i];
	qsort(order, s->n, sizeof(*order), by_name);
	return order;
}

static void put_sources(struct buf *out, const struct manifest *m, const struct tally *all,
	const struct mix_source *const *order)
{
	line(out, "sources");
	for (size_t i = 0; i < m->sources->n; i++) {
		buf_str(out, i ? ",\n" : "{\n");
		json_put_string(out, slice_str(order[i]->name));
		buf_byte(out, ':');
		put_source(out, m, order[i], tally_size(all, m->unit));
	}
	buf_str(out, "\n}");
}

/* --- shards ----------------------------------------------------------------------------------- */

static void put_shard(struct buf *out, const struct manifest *m, const struct shard *s,
	const struct mix_source *const *order)
{
	buf_byte(out, '{');
	put_uint(out, "bytes", s->all.digest.bytes);
	put_digest(out, "digest", &s->all.digest);
	put_uint(out, "documents", s->all.digest.records);
	put_str(out, "file", s->file);
	json_put_key(out, "sources");
	buf_byte(out, '{');
	for (size_t i = 0; i < m->sources->n; i++)
		put_uint(out, order[i]->name, s->by_source[order[i] - m->sources->at]);
	buf_byte(out, '}');
	put_uint(out, "text_bytes", s->all.text_bytes);
	put_uint(out, "tokens", s->all.tokens);
	buf_byte(out, '}');
}

static void put_shards(
	struct buf *out, const struct manifest *m, const struct mix_source *const *order)
{
	line(out, "shards");
	for (size_t i = 0; i < m->shards->n; i++) {
		buf_str(out, i ? ",\n" : "[\n");
		put_shard(out, m, &m->shards->at[i], order);
	}
	buf_str(out, "\n]");
}

void manifest_put(const struct manifest *m, struct buf *out)
{
	const struct mix_source **order = sorted(m->sources);
	struct tally all = { 0 };
	char hex[33];

	for (size_t i = 0; i < m->shards->n; i++)
		tally_add(&all, &m->shards->at[i].all);
	digest_hex(&all.digest, hex);
	buf_byte(out, '{');
	line_uint(out, "bytes", all.digest.bytes);
	line_str(out, "digest", hex);
	line_uint(out, "documents", all.digest.records);
	line_str(out, "format", "corpus-mix manifest 1");
	line_str(out, "layout", m->layout);
	line_str(out, "name", m->recipe->name);
	line_str(out, "recipe_digest", m->recipe->digest);
	line_uint(out, "seed", m->seed);
	put_shards(out, m, order);
	put_sources(out, m, &all, order);
	line_uint(out, "text_bytes", all.text_bytes);
	line_uint(out, "tokens", all.tokens);
	line(out, "total_planned");
	json_put_number(out, m->total);
	line_str(out, "unit", mix_unit_names[m->unit]);
	line_str(out, "version", CORPUS_VERSION);
	buf_str(out, "\n}\n");
	free(order);
}
