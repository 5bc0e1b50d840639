/* token_format.h - the layouts of token shards: what each writes, a row a layout.
 *
 *	flat		NAME.bin: the ids, nothing else; with llm.c's header before them
 *	megatron	NAME.bin and NAME.idx
 *	npy		NAME.npy with numpy's header
 *	olmo		NAME.npy without one
 *	datatrove	NAME.ds, NAME.ds.index and NAME.ds.metadata
 *	mds		a folder: index.json and shard.00000.mds
 *
 * All ids are little-endian, 2 bytes each where the vocabulary allows it, else 4. The set that
 * shards belong to (token_set.h) calls a row's functions in the order open, then sequence and
 * document any number of times, then close. Reading: token_reader.h. */
#ifndef CORPUS_TOKEN_FORMAT_H
#define CORPUS_TOKEN_FORMAT_H

#include "stages/tokenize/token_file.h"

enum { TOKEN_SHARD_FILES = 3 };

/* A shard that is being written. All zero but name and what the set is told is valid. */
struct token_shard {
	const char *name; /* of its files, without their endings */
	const char *dtype; /* numpy's name of the type of an id */
	unsigned id_bytes; /* 2 or 4 */
	uint64_t pack; /* ids of each sequence; 0: a sequence is a document */
	bool llmc; /* flat: with llm.c's header */
	uint64_t limit; /* mds: bytes of a shard at most; 0: what its offsets can say */
	const char *vocab_digest;

	uint64_t n_ids, n_sequences; /* of the sequences so far */
	struct token_file *ids, *index; /* being written */
	struct buf sizes; /* mds: four bytes a sample */
	struct token_file_facts files[TOKEN_SHARD_FILES]; /* written; first the one with the ids */
	size_t n_files;
};

struct token_format {
	const char *name; /* of --to */
	const char *ending; /* of --output; NULL: a folder */
	const char *file; /* in a folder: a shard's name, before its number */
	const char *separator; /* before a shard's number */
	const char *wide; /* numpy's name of the type of ids that need four bytes */

	int (*open)(struct token_shard *s, struct err *e);

	/* Whether a sequence of so many bytes may be added to a shard that has some; NULL: any. */
	bool (*fits)(const struct token_shard *s, uint64_t bytes);

	/* A whole sequence, id_bytes an id. n_ids and n_sequences are those before it. */
	int (*sequence)(struct token_shard *s, struct slice ids, struct err *e);

	/* A document ends behind the id number end - 1 of the shard. NULL: not asked for. */
	int (*document)(struct token_shard *s, uint64_t end, struct err *e);

	/* Adds what was written to files. */
	int (*close)(struct token_shard *s, struct err *e);
};

extern const struct token_format token_flat, token_megatron, token_npy, token_olmo, token_datatrove,
	token_mds;

/* By name, in the order of --to; NULL ends it. */
extern const struct token_format *const token_formats[];

/* For the rows: opens NAME and ending. */
int token_shard_open_file(struct token_shard *s, struct token_file **out, const char *ending,
	struct err *e) MUST_CHECK;

/* For the rows: ends the file and adds it to files. */
int token_shard_end_file(struct token_shard *s, struct token_file **file, struct err *e) MUST_CHECK;

/* Frees what s holds; what was not published is gone. */
void token_shard_release(struct token_shard *s);

/* token_mds.c: the index.json of a folder, of the shards behind one another. */
void token_mds_index_open(struct buf *out);
void token_mds_index_shard(struct buf *out, const struct token_shard *s);
void token_mds_index_close(struct buf *out);

#endif
