/* shard.h - a flat shard of token ids, its map and its manifest.
 *
 *	NAME.bin	the ids, 2 or 4 bytes each, little-endian, nothing else
 *	NAME.docs.jsonl.zst	a record a document: {"id":ID,"start":N,"n":N}, counted in ids
 *	NAME.json	the manifest: counts, type, digests; published last
 *
 * The format is in corpus-tokenize(1). Used by one thread; output.h compresses the map on the
 * pool. */
#ifndef CORPUS_SHARD_H
#define CORPUS_SHARD_H

#include "lib/run.h"

struct token_shard;

/* What the manifest says beside the counts. */
struct shard_facts {
	const char *eot; /* "": none */
	uint32_t eot_id;
	uint64_t vocab_tokens; /* ids of the vocabulary: the greatest and one */
	const char *vocab_digest;
};

/* path must end in ".bin" (ERR_USAGE). id_bytes is 2 or 4. */
int shard_open(struct token_shard **out, struct run *run, const char *path, unsigned id_bytes,
	struct err *e) MUST_CHECK;

/* One document: its ids, id_bytes each, and its id as a JSON value. */
int shard_document(
	struct token_shard *s, struct slice ids, struct slice id, struct err *e) MUST_CHECK;

/* Publishes the three files. stage and config are for the map's stamp. Frees s in every case. */
int shard_close(struct token_shard *s, const struct stage *stage, const void *config,
	const struct shard_facts *facts, struct err *e) MUST_CHECK;

/* Nothing is published. NULL is allowed. */
void shard_abort(struct token_shard *s);

#endif
