/* token_file.h - one file of a shard on its way to the disk, with its digest.
 *
 *	struct token_file *f;
 *	if (token_file_open(&f, "a.bin", &e) < 0) ...
 *	token_file_append(f, bytes, &e);
 *	token_file_patch(f, 0, header, &e);       what is known at the end alone
 *	token_file_end(f, &facts, &e);            written, not yet published: facts.file
 *
 * One thread. Memory: 1 MiB. */
#ifndef CORPUS_TOKEN_FILE_H
#define CORPUS_TOKEN_FILE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct publish;
struct token_file;

/* What is known of a file that is written. Both pointers are owned. */
struct token_file_facts {
	struct publish *file; /* parked (publish.h) */
	char *name; /* without its folder */
	uint64_t bytes;
	uint64_t hash_low, hash_high; /* XXH3-128 of all bytes */
};

int token_file_open(struct token_file **out, const char *path, struct err *e) MUST_CHECK;

int token_file_append(struct token_file *f, struct slice bytes, struct err *e) MUST_CHECK;

/* Bytes appended so far. */
uint64_t token_file_bytes(const struct token_file *f);

/* Other bytes in the place of some that were appended. The file is then read again for its digest,
 * so its path must not be a pipe. */
int token_file_patch(
	struct token_file *f, uint64_t offset, struct slice bytes, struct err *e) MUST_CHECK;

/* Reads back n bytes that were appended. */
int token_file_read(
	struct token_file *f, uint64_t offset, void *p, size_t n, struct err *e) MUST_CHECK;

/* Frees f in every case. */
int token_file_end(struct token_file *f, struct token_file_facts *facts, struct err *e) MUST_CHECK;

/* Nothing stays. NULL is allowed. */
void token_file_abort(struct token_file *f);

/* What was not published is gone. */
void token_file_facts_release(struct token_file_facts *facts);

#endif
