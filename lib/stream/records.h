/* records.h - the records of one file, one after another, on the calling thread.
 *
 * For whole programs (mix, tokenize, stats); stages are driven by the parallel driver instead.
 * Frames are decompressed ahead by the pool's workers. A line is not yet checked: record_scan does
 * that. */
#ifndef CORPUS_RECORDS_H
#define CORPUS_RECORDS_H

#include "lib/core/err.h"
#include "lib/stream/digest.h"

struct pool;
struct records;

/* A line over max_record bytes (0: no limit) is handed out as an empty slice with NULL p: a bad
 * record. */
int records_open(struct records **out, struct pool *pool, const char *path, size_t max_record,
	bool salvage, struct err *e) MUST_CHECK;

/* 1 and the line without its newline, valid until the next call; 0 at the end; -1. Blank lines are
 * passed over. */
int records_next(struct records *r, struct slice *line, struct err *e) MUST_CHECK;

/* The place of the line that was handed out last: its number from 0 and its byte in the
 * decompressed file. */
uint64_t records_number(const struct records *r);
uint64_t records_byte(const struct records *r);

/* What was read, complete after the end. */
struct digest records_digest(const struct records *r);

/* The stamp of the file as JSON, or empty when it has none; valid until records_free, complete
 * after the end. */
struct slice records_stamp(const struct records *r);

/* Bytes of the file read so far, compressed. */
uint64_t records_offset(const struct records *r);

void records_free(struct records *r);

#endif
