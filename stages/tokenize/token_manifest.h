/* token_manifest.h - the manifest of a set of shards: keys sorted, a line each, and a line a shard.
 */
#ifndef CORPUS_TOKEN_MANIFEST_H
#define CORPUS_TOKEN_MANIFEST_H

#include "stages/tokenize/token_set.h"

/* What a set came to. */
struct token_totals {
	uint64_t documents, tokens;
	uint64_t sequences; /* with pack */
	uint64_t padding; /* tokens behind the last document */
	uint64_t dropped_tokens, dropped_documents; /* of the tail */
};

/* Appends a shard's line. map is the name of its map. */
void token_manifest_shard(struct buf *lines, const struct token_shard *s, uint64_t documents,
	const char *map, const struct digest *map_digest);

/* Appends the manifest. index is what stands beside the shards, or NULL; shards are the lines. */
void token_manifest(struct buf *out, const struct token_set_options *o,
	const struct token_totals *totals, const struct token_file_facts *index,
	struct slice shards);

#endif
