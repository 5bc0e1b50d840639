/* A flat shard of token ids, its map and its manifest. */
#include "stages/tokenize/shard.h"

#include "lib/core/hex.h"
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* Written in pieces of this size at least. */
enum { CHUNK = 1024 * 1024 };

struct token_shard {
	struct run *run;
	char *name; /* without ".bin" */
	unsigned id_bytes;
	struct publish *ids;
	struct output *map;
	struct buf pending; /* ids that are not written yet */
	struct buf line;
	XXH3_state_t *hash;
	uint64_t n_ids, n_documents;
	struct digest map_digest;
};

static void shard_free(struct token_shard *s)
{
	buf_release(&s->pending);
	buf_release(&s->line);
	XXH3_freeState(s->hash);
	free(s->name);
	free(s);
}

static char *path_of(const struct token_shard *s, const char *ending)
{
	return mem_printf("%s%s", s->name, ending);
}

static int open_map(struct token_shard *s, struct err *e)
{
	char *path = path_of(s, ".docs.jsonl.zst");
	int result = run_open(s->run, path, &s->map, e);

	free(path);
	return result;
}

int shard_open(struct token_shard **out, struct run *run, const char *path, unsigned id_bytes,
	struct err *e)
{
	struct slice name = slice_str(path);
	struct token_shard *s;

	if (!slice_ends(name, SLICE(".bin")) || name.n == 4)
		return err_set(e, ERR_USAGE, "a shard is written to --output NAME.bin, not %s",
			path ? path : "standard output");
	s = mem_zalloc(1, sizeof(*s));
	s->run = run;
	s->name = mem_strndup(name.p, name.n - 4);
	s->id_bytes = id_bytes;
	s->hash = XXH3_createState();
	XXH3_128bits_reset(s->hash);
	if (publish_open(&s->ids, path, e) < 0 || open_map(s, e) < 0) {
		shard_abort(s);
		return -1;
	}
	*out = s;
	return 0;
}

void shard_abort(struct token_shard *s)
{
	if (!s)
		return;
	if (s->ids)
		publish_abort(s->ids);
	if (s->map)
		output_abort(s->map);
	shard_free(s);
}

static int flush(struct token_shard *s, struct err *e)
{
	XXH3_128bits_update(s->hash, s->pending.p, s->pending.n);
	if (write_all(publish_fd(s->ids), s->pending.p, s->pending.n, publish_name(s->ids), e) < 0)
		return -1;
	buf_clear(&s->pending, CHUNK * 2);
	return 0;
}

int shard_document(struct token_shard *s, struct slice ids, struct slice id, struct err *e)
{
	uint64_t n = ids.n / s->id_bytes;

	s->line.n = 0;
	buf_str(&s->line, "{\"id\":");
	buf_slice(&s->line, id.p ? id : SLICE("null"));
	buf_printf(&s->line, ",\"start\":%" PRIu64 ",\"n\":%" PRIu64 "}\n", s->n_ids, n);
	if (output_lines(s->map, buf_view(&s->line), 1, NULL, e) < 0)
		return -1;
	s->n_ids += n;
	s->n_documents++;
	buf_slice(&s->pending, ids);
	return s->pending.n >= CHUNK ? flush(s, e) : 0;
}

/* ---- the manifest: keys sorted, a line each ---- */

static void put_key(struct buf *out, const char *indent, const char *key)
{
	buf_printf(out, "%s\n%s\"%s\": ", out->p[out->n - 1] == '{' ? "" : ",", indent, key);
}

static void put_text(struct buf *out, const char *indent, const char *key, const char *text)
{
	put_key(out, indent, key);
	json_put_string(out, slice_str(text));
}

static void put_number(struct buf *out, const char *indent, const char *key, uint64_t n)
{
	put_key(out, indent, key);
	json_put_uint(out, n);
}

/* The name of a file beside the manifest. */
static void put_file(struct buf *out, const struct token_shard *s, const char *ending)
{
	const char *slash = strrchr(s->name, '/');
	char *file = mem_printf("%s%s", slash ? slash + 1 : s->name, ending);

	put_text(out, "    ", "file", file);
	free(file);
}

static void put_map(struct buf *out, const struct token_shard *s)
{
	char hex[33];

	digest_hex(&s->map_digest, hex);
	put_key(out, "  ", "map");
	buf_byte(out, '{');
	put_text(out, "    ", "digest", hex);
	put_file(out, s, ".docs.jsonl.zst");
	buf_str(out, "\n  }");
}

static void put_ids(struct buf *out, const struct token_shard *s)
{
	XXH128_hash_t hash = XXH3_128bits_digest(s->hash);
	char hex[33];

	hex_128(hash.high64, hash.low64, hex);
	put_key(out, "  ", "shard");
	buf_byte(out, '{');
	put_number(out, "    ", "bytes", s->n_ids * s->id_bytes);
	put_text(out, "    ", "digest", hex);
	put_text(out, "    ", "dtype", s->id_bytes == 2 ? "uint16" : "uint32");
	put_file(out, s, ".bin");
	buf_str(out, "\n  }");
}

static void put_vocabulary(struct buf *out, const struct shard_facts *facts)
{
	put_key(out, "  ", "vocabulary");
	buf_byte(out, '{');
	put_text(out, "    ", "digest", facts->vocab_digest);
	put_number(out, "    ", "ids", facts->vocab_tokens);
	buf_str(out, "\n  }");
}

static void put_manifest(
	struct buf *out, const struct token_shard *s, const struct shard_facts *facts)
{
	buf_byte(out, '{');
	put_number(out, "  ", "documents", s->n_documents);
	if (*facts->eot) {
		put_text(out, "  ", "eot", facts->eot);
		put_number(out, "  ", "eot_id", facts->eot_id);
	}
	put_text(out, "  ", "format", "corpus-tokens 1");
	put_map(out, s);
	put_ids(out, s);
	put_number(out, "  ", "tokens", s->n_ids);
	put_vocabulary(out, facts);
	buf_str(out, "\n}\n");
}

/* ---- the end ---- */

static int close_ids(struct token_shard *s, struct err *e)
{
	XXH128_hash_t hash = XXH3_128bits_digest(s->hash);
	struct stats_file *file = stats_add_output(s->run->stats, publish_name(s->ids));
	struct publish *ids = s->ids;

	file->digest =
		(struct digest){ .lo = hash.low64, .hi = hash.high64, .records = s->n_documents };
	file->file_bytes = s->n_ids * s->id_bytes;
	s->ids = NULL;
	return publish_commit(ids, e);
}

static int close_map(
	struct token_shard *s, const struct stage *stage, const void *config, struct err *e)
{
	struct output *map = s->map;

	s->map_digest = output_digest(map);
	s->map = NULL;
	return run_close(s->run, stage, config, map, e);
}

static int write_manifest(struct token_shard *s, const struct shard_facts *facts, struct err *e)
{
	char *path = path_of(s, ".json");
	struct buf text = { 0 };
	int result;

	put_manifest(&text, s, facts);
	result = publish_bytes(path, buf_view(&text), e);
	buf_release(&text);
	free(path);
	return result;
}

int shard_close(struct token_shard *s, const struct stage *stage, const void *config,
	const struct shard_facts *facts, struct err *e)
{
	if (flush(s, e) < 0 || close_map(s, stage, config, e) < 0 || close_ids(s, e) < 0 ||
		write_manifest(s, facts, e) < 0) {
		shard_abort(s);
		return -1;
	}
	shard_free(s);
	return 0;
}
