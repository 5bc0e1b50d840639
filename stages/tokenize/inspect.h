/* inspect.h - facts for people, a line each under a title, or as members of a JSON object. */
#ifndef CORPUS_INSPECT_H
#define CORPUS_INSPECT_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct inspect_config;
struct token_source;

struct facts {
	bool json;
	struct buf out;
	const char *list; /* the name of the list at hand */
	char bracket;
	size_t n_listed;
};

/* A file's facts. */
void facts_begin(struct facts *f, const char *title);
void facts_end(struct facts *f);

/* Names are words with "_" between them. */
void facts_text(struct facts *f, const char *name, struct slice text);
void facts_number(struct facts *f, const char *name, uint64_t n);

/* Several values of one name; bracket is that of JSON. What one is, is appended to what facts_item
 * gives. */
void facts_list_begin(struct facts *f, const char *name, char bracket);
struct buf *facts_item(struct facts *f);
void facts_item_end(struct facts *f);
void facts_list_end(struct facts *f);

/* inspect_shards.c: -1 also when a file is not what its manifest says; facts are added in any
 * case. */
int inspect_shards(struct facts *f, const struct inspect_config *c, const char *path,
	const struct token_source *s, struct err *e) MUST_CHECK;

#endif
