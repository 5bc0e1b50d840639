/* decode.h - ids to text, for the two ways to read them: shards (decode.c) and JSON lines
 * (decode_lines.c). */
#ifndef CORPUS_DECODE_H
#define CORPUS_DECODE_H

#include "lib/run.h"
#include "stages/tokenize/tokenize.h"

/* Appends the text of the ids, without the end-of-text token behind them. Each must be a token.
 * ERR_LIMIT over --max-record. */
int decode_ids(const struct decode_config *c, const struct ids *ids, struct buf *text,
	struct err *e) MUST_CHECK;

/* Appends what is written of a document: the text, with a line end for lines, or a record with its
 * line end, where ill-formed UTF-8 becomes U+FFFD and is counted. id is a JSON value, or empty. */
void decode_put(const struct decode_config *c, struct slice id, struct slice text,
	uint64_t *replaced, struct buf *out);

/* Reads JSON lines of ids and writes to c->out. */
int decode_lines(struct run *run, struct decode_config *c, struct err *e) MUST_CHECK;

#endif
