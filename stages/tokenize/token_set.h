/* token_set.h - documents of token ids to shards, their maps and one manifest.
 *
 *	NAME.bin, NAME.idx, ...	the shard, in one of the layouts of token_format.h
 *	NAME.docs.jsonl.zst	its map, a record a document: {"id":ID,"start":N,"n":N}
 *	NAME.json	the manifest: counts, files, digests
 *
 * Or NAME-00000.bin, NAME-00001.bin ... with a map each and one NAME.json; or a folder with
 * shard.00000.mds ... and manifest.json. All of them appear when the set is closed, the manifest
 * last. The formats are in corpus-tokenize(1). Used by one thread; output.h compresses the map on
 * the pool. Memory: 2 MiB, one sequence with --pack, and some hundred bytes for each file. */
#ifndef CORPUS_TOKEN_SET_H
#define CORPUS_TOKEN_SET_H

#include "lib/run.h"
#include "stages/tokenize/token_format.h"

struct token_set;

struct token_set_options {
	const struct token_format *format;
	const char *path; /* --output */
	unsigned id_bytes; /* 2 or 4 */
	bool llmc;
	uint64_t pack; /* ids of each sequence; 0: documents stay whole */
	bool drop_tail; /* what is left at the end and fills no sequence; else it is padded */
	uint64_t shard_tokens; /* a shard that has so many is full; 0: there is one */
	const char *eot; /* the token behind each document and for padding; "": none */
	uint32_t eot_id;
	uint64_t vocab_ids; /* of the vocabulary: the greatest and one */
	const char *vocab_digest;
	const char *vocab_path; /* not to be written over */
};

/* ERR_USAGE when path does not suit the format. Strings are borrowed until the set is freed. stage
 * and config are for the stamps of the maps. */
int token_set_open(struct token_set **out, struct run *run, const struct stage *stage,
	const void *config, const struct token_set_options *o, struct err *e) MUST_CHECK;

/* One document: its ids, id_bytes each, the end-of-text token included, and its id as a JSON value,
 * empty for none. With pack there must be an id. */
int token_set_document(
	struct token_set *s, struct slice ids, struct slice id, struct err *e) MUST_CHECK;

/* Publishes all files. Sentences for the user are appended to notes. Frees s in every case. */
int token_set_close(struct token_set *s, struct buf *notes, struct err *e) MUST_CHECK;

/* Nothing is published. NULL is allowed. */
void token_set_abort(struct token_set *s);

#endif
