/* token_documents.h - the documents of one shard, one after another.
 *
 *	while ((got = token_documents_next(&d, &doc, &e)) > 0)
 *		token_documents_ids(&d, &ids, &e);          or not, for all of them
 *
 * Where each ends says its map, else the layout's own index, else the end-of-text token, else it is
 * all one document. Documents stand side by side: a map or an index that leaves ids out, or that
 * goes beyond the ids, is ERR_DATA, but behind the last document of a packed set may be padding.
 * Memory: a batch of the map, and without map and index a document. One thread. */
#ifndef CORPUS_TOKEN_DOCUMENTS_H
#define CORPUS_TOKEN_DOCUMENTS_H

#include "lib/record/record.h"
#include "lib/stream/batches.h"
#include "stages/tokenize/token_reader.h"
#include "stages/tokenize/token_source.h"

/* What the user says beside the files. All zero but eot_id says nothing. */
struct token_hints {
	const char *layout, *dtype; /* NULL: not said */
	const char *default_dtype; /* where nobody says; or NULL */
	uint32_t eot_id; /* where no manifest says; NO_TOKEN: none */
	uint64_t max_ids; /* of a document; 0: no limit */
};

struct token_document {
	struct slice id; /* a JSON value, valid until the next; empty: none */
	uint64_t start, n; /* in the shard, in ids */
	uint64_t from; /* ids of it in earlier shards */
};

/* All zero is closed. */
struct token_documents {
	struct token_reader reader;
	const struct token_source_shard *shard;
	uint64_t pack, max_ids;
	uint32_t eot_id;

	struct batches *map; /* NULL: none */
	struct batch batch;
	struct slice lines; /* of it that are left */
	struct record record;
	struct digest map_digest;

	uint64_t at; /* where the next document begins */
	struct ids held; /* without map and index: of the document */
	struct ids ahead; /* read behind it, from number taken on */
	size_t taken;
};

int token_documents_open(struct token_documents *d, const struct token_source *s, size_t shard,
	const struct token_hints *hints, struct err *e) MUST_CHECK;

/* 1, 0 behind the last, -1. */
int token_documents_next(
	struct token_documents *d, struct token_document *doc, struct err *e) MUST_CHECK;

/* Appends the ids of the document that came last. ERR_LIMIT over max_ids. */
int token_documents_ids(struct token_documents *d, const struct token_document *doc,
	struct ids *out, struct err *e) MUST_CHECK;

void token_documents_close(struct token_documents *d);

#endif
