/* The manifest of a set of shards. */
#include "stages/tokenize/token_manifest.h"

#include "lib/core/hex.h"
#include "lib/record/json.h"

static void put_text(struct buf *out, const char *key, const char *text)
{
	json_put_key(out, key);
	json_put_string(out, slice_str(text));
}

static void put_number(struct buf *out, const char *key, uint64_t n)
{
	json_put_key(out, key);
	json_put_uint(out, n);
}

static void put_file(struct buf *out, const struct token_file_facts *file)
{
	char hex[33];

	hex_128(file->hash_high, file->hash_low, hex);
	buf_byte(out, '{');
	put_number(out, "bytes", file->bytes);
	put_text(out, "digest", hex);
	put_text(out, "file", file->name);
	buf_byte(out, '}');
}

void token_manifest_shard(struct buf *lines, const struct token_shard *s, uint64_t documents,
	const char *map, const struct digest *map_digest)
{
	char hex[33];

	buf_str(lines, lines->n ? ",\n    {" : "\n    {");
	put_number(lines, "documents", documents);
	json_put_key(lines, "files");
	buf_byte(lines, '[');
	for (size_t i = 0; i < s->n_files; i++) {
		if (i)
			buf_byte(lines, ',');
		put_file(lines, &s->files[i]);
	}
	buf_byte(lines, ']');
	digest_hex(map_digest, hex);
	json_put_key(lines, "map");
	buf_byte(lines, '{');
	put_text(lines, "digest", hex);
	put_text(lines, "file", map);
	buf_byte(lines, '}');
	put_number(lines, "tokens", s->n_ids);
	buf_byte(lines, '}');
}

/* A member of the outermost object, on a line of its own. */
static void begin_line(struct buf *out, const char *key)
{
	buf_printf(out, "%s\n  \"%s\": ", out->p[out->n - 1] == '{' ? "" : ",", key);
}

static void line_text(struct buf *out, const char *key, const char *text)
{
	begin_line(out, key);
	json_put_string(out, slice_str(text));
}

static void line_number(struct buf *out, const char *key, uint64_t n)
{
	begin_line(out, key);
	json_put_uint(out, n);
}

static void line_pack(
	struct buf *out, const struct token_set_options *o, const struct token_totals *totals)
{
	begin_line(out, "pack");
	buf_byte(out, '{');
	put_number(out, "dropped_documents", totals->dropped_documents);
	put_number(out, "dropped_tokens", totals->dropped_tokens);
	put_number(out, "length", o->pack);
	put_number(out, "padding", totals->padding);
	put_number(out, "sequences", totals->sequences);
	put_text(out, "tail", o->drop_tail ? "drop" : "pad");
	buf_byte(out, '}');
}

static void line_vocabulary(struct buf *out, const struct token_set_options *o)
{
	begin_line(out, "vocabulary");
	buf_byte(out, '{');
	put_text(out, "digest", o->vocab_digest);
	put_number(out, "ids", o->vocab_ids);
	buf_byte(out, '}');
}

void token_manifest(struct buf *out, const struct token_set_options *o,
	const struct token_totals *totals, const struct token_file_facts *index,
	struct slice shards)
{
	buf_byte(out, '{');
	line_number(out, "documents", totals->documents);
	line_text(out, "dtype", o->id_bytes == 2 ? "uint16" : o->format->wide);
	if (*o->eot) {
		line_text(out, "eot", o->eot);
		line_number(out, "eot_id", o->eot_id);
	}
	line_text(out, "format", "corpus-tokens 2");
	if (index) {
		begin_line(out, "index");
		put_file(out, index);
	}
	line_text(out, "layout", o->llmc ? "llmc" : o->format->name);
	if (o->pack)
		line_pack(out, o, totals);
	begin_line(out, "shards");
	buf_byte(out, '[');
	buf_slice(out, shards);
	buf_str(out, shards.n ? "\n  ]" : "]");
	line_number(out, "tokens", totals->tokens);
	line_vocabulary(out, o);
	buf_str(out, "\n}\n");
}
