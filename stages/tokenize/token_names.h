/* token_names.h - what the files of a set of shards are called, for token_set.c. */
#ifndef CORPUS_TOKEN_NAMES_H
#define CORPUS_TOKEN_NAMES_H

#include "stages/tokenize/token_set.h"

/* Of a shard's map, behind the shard's name. */
#define TOKEN_MAP_ENDING ".docs.jsonl.zst"

struct token_names {
	const struct token_format *format;
	const char *vocab_path;
	char *base; /* --output without its ending; the folder and a slash */
	bool numbered;
};

/* ERR_USAGE when --output does not suit the format; n is empty then. Strings are borrowed. */
int token_names_make(
	struct token_names *n, const struct token_set_options *o, struct err *e) MUST_CHECK;
void token_names_release(struct token_names *n);

/* The manifest, and a shard without its endings. The caller frees them. */
char *token_names_manifest(const struct token_names *n);
char *token_names_shard(const struct token_names *n, uint64_t number);

/* ERR_USAGE when a file of the shard, or the manifest, would take the place of something that is
 * read, or share it with --rejects, --stats or --metrics. */
int token_names_check(const struct token_names *n, const struct run *run, const char *shard,
	struct err *e) MUST_CHECK;

/* Removes the files of numbered shards from number first on, which an earlier run left: a reader
 * that goes by names would take them for this set's. Returns the number of shards. */
uint64_t token_names_remove_stale(const struct token_names *n, uint64_t first);

#endif
