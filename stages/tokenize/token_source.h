/* token_source.h - what a user names as shards: one, a set by its manifest, or a folder.
 *
 *	struct token_source s = { 0 };
 *	got = token_source_open(&s, path, &e);      1: shards; 0: something else; -1
 *	for (size_t i = 0; i < s.n_shards; i++)
 *		token_documents_open(&d, &s, i, hint, &e) ...        (token_documents.h)
 *	token_source_release(&s);
 *
 * A shard finds the manifest of its set beside it. Manifests are those of version 1 and 2, and the
 * index.json of MosaicML. */
#ifndef CORPUS_TOKEN_SOURCE_H
#define CORPUS_TOKEN_SOURCE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

/* A file that the manifest speaks of. All strings are owned. */
struct token_claim {
	char *path;
	char digest[33]; /* XXH3-128, or of a map its content digest; "": not said */
	uint64_t bytes; /* UINT64_MAX: not said */
};

struct token_source_shard {
	struct token_claim *files; /* first the one with the ids */
	size_t n_files;
	struct token_claim map; /* path NULL: none */
	uint64_t documents, tokens; /* UINT64_MAX: not said */
};

/* All zero is empty. */
struct token_source {
	char *manifest; /* its path, or NULL */
	bool whole; /* all shards of it are here, not just the one that was named */
	char *layout, *dtype; /* NULL: not said */
	char *eot; /* NULL: none, or no manifest */
	uint32_t eot_id; /* NO_TOKEN: none, or not said */
	char *vocab_digest; /* NULL: not said */
	uint64_t vocab_ids; /* 0: not said */
	uint64_t documents, tokens; /* of all; UINT64_MAX: not said */
	uint64_t pack; /* ids of a sequence; 0: not packed, or not said */
	uint64_t padding, dropped_tokens, dropped_documents;
	bool drops_tail;
	struct token_claim index; /* of a folder; path NULL: none */
	struct token_source_shard *shards;
	size_t n_shards;
};

/* layout: what the user says of a file whose name and content do not tell; NULL: nothing. 0: path
 * names no shards, and s is empty. */
int token_source_open(
	struct token_source *s, const char *path, const char *layout, struct err *e) MUST_CHECK;

/* The same from a manifest's text, whose files stand in folder ("" or with its slash). */
int token_source_parse(
	struct token_source *s, struct slice text, const char *folder, struct err *e) MUST_CHECK;

void token_source_release(struct token_source *s);

#endif
