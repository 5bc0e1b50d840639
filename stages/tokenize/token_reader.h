/* token_reader.h - one shard of token ids, ours or somebody else's, read from front to back.
 *
 *	struct token_reader r = { 0 };
 *	if (token_reader_open(&r, "a.bin", NULL, NULL, &e) < 0) ...
 *	while ((got = token_reader_part(&r, &n, &e)) > 0)       the layout's own documents, if any
 *		token_reader_read(&r, n, &ids, &e);
 *	token_reader_close(&r);
 *
 * The layouts are those of token_format.h. Lengths and places that a file claims are checked
 * against its size before anything is made of them. Memory: two windows. One thread. */
#ifndef CORPUS_TOKEN_READER_H
#define CORPUS_TOKEN_READER_H

#include "stages/tokenize/token_window.h"
#include "tokenizer/ids.h"

struct token_reader;

/* A type of an id by numpy's name. */
struct token_dtype {
	const char *name;
	unsigned bytes;
};

struct token_layout {
	const char *name;

	/* Reads what stands before the ids and beside them: sets data_at, n_ids and whatever the
	 * file says of dtype. */
	int (*open)(struct token_reader *r, struct err *e);

	/* The length of the document number part; NULL: the layout has none of its own. */
	int (*length)(struct token_reader *r, uint64_t part, uint64_t *n, struct err *e);

	/* The byte of its first id, for layouts whose documents are not side by side; NULL. */
	int (*place)(struct token_reader *r, uint64_t part, uint64_t *offset, struct err *e);
};

/* Columns of a sample of mds that are told apart. */
enum { TOKEN_MAX_COLUMNS = 64 };

/* All zero is closed. */
struct token_reader {
	const struct token_layout *layout;
	const struct token_dtype *dtype; /* NULL: the file does not say, and nobody did */
	struct token_window ids, index;
	uint64_t data_at; /* the byte of the first id */
	uint64_t n_ids; /* 0 while dtype is NULL */
	uint64_t n_parts; /* of the layout's own documents */

	uint64_t row; /* npy: ids of a row of two dimensions, or 0 */
	size_t n_columns, column; /* mds: which of them holds the ids */
	uint32_t sizes[TOKEN_MAX_COLUMNS]; /* mds: of the columns; 0: in the sample */
	bool has_shape; /* mds: the ids have their number in front */

	uint64_t next_part; /* of token_reader_part */
	uint64_t at; /* ids read so far */
	uint64_t part,
		part_at; /* mds: the document that they end in, and how many of it are read */
};

/* The names of layouts, for --from; NULL ends them. */
extern const char *const token_layout_names[];

/* The type by its name, or NULL. */
const struct token_dtype *token_dtype_find(const char *name);

/* Whether the file is a shard of a layout that can be told, by name and content: its name, or
 * NULL. */
const char *token_layout_guess(const char *path);

/* Opens the file with the ids (or NAME.idx). layout and dtype are taken from the file where NULL;
 * for layouts that do not say dtype it may stay open, and then n_ids is 0. */
int token_reader_open(struct token_reader *r, const char *path, const char *layout,
	const char *dtype, struct err *e) MUST_CHECK;

/* The length of the layout's next document: 1; 0 behind the last or when it has none; -1. */
int token_reader_part(struct token_reader *r, uint64_t *n, struct err *e) MUST_CHECK;

/* Appends the next n ids, which must be there (ERR_DATA). One over 32 bits is NO_TOKEN. */
int token_reader_read(
	struct token_reader *r, uint64_t n, struct ids *out, struct err *e) MUST_CHECK;

/* For messages: the byte of the id number at. */
uint64_t token_reader_byte(struct token_reader *r, uint64_t at);

void token_reader_close(struct token_reader *r);

#endif
