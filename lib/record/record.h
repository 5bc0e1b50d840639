/* record.h - one record: a JSON object on a line, read lazily, changed by splicing.
 *
 *	struct record r = { 0 };
 *	if (record_scan(&r, line, &e) < 0)          the line is bad: counted, kept with --rejects
 *		...
 *	struct slice text = record_text(&r);        decoded UTF-8, valid until the next scan
 *	record_set_str(&r, "language", SLICE("en")); remembered
 *	record_write(&r, out);                      the line with the new field, and a newline
 *
 * All bytes of the line that no edit touches come out as they went in. Of duplicate keys the first
 * counts. The record format is corpus-record(5). Not shared between threads. */
#ifndef CORPUS_RECORD_H
#define CORPUS_RECORD_H

#include "lib/record/json.h"

struct record_edit;
struct record_decoded;

/* 128 bits that a record hands from the worker thread to what is decided in input order. */
struct note {
	uint64_t lo, hi;
};

struct record {
	struct slice line; /* without its newline; borrowed until the next scan */
	struct json_members members; /* of line */
	struct json_members side; /* of the side line that was joined last */
	struct arena arena; /* decoded strings and edits; emptied by the next scan */
	struct record_edit *edits; /* in the order they were made; at most one a key */
	size_t n_edits;
	size_t cap_edits;
	struct record_decoded *decoded; /* strings decoded so far, each once */
	struct buf scratch; /* where a new value is written before the arena has it */
	uint64_t replaced; /* ill-formed sequences replaced in what was decoded of this record */
	uint32_t duplicate_keys; /* members whose key stood before in the line */
	struct note note; /* for the stage's decide (stage.h); zero after a scan */
	struct arena
		*batch; /* the driver's: what note points to, valid until the record went out */
	/* Where the line begins, set by the driver: the input, and the byte in its decompressed
	 * content. The same in each pass over the same files, known on every thread, and in the
	 * order of the records. */
	size_t file;
	uint64_t byte;
};

/* Checks the line and lists its members. A line that is not one JSON object fails with ERR_DATA and
 * a text such as "byte 17: unescaped control character"; r is then empty and not to be written. */
int record_scan(struct record *r, struct slice line, struct err *e) MUST_CHECK;

/* How many members have a key that stood before. arena holds what that takes. */
uint32_t record_duplicate_keys(const struct json_members *m, struct arena *arena);

/* The raw JSON value that the record has now under key (an edit counts), or an empty slice with
 * NULL p. */
struct slice record_raw(const struct record *r, const char *key);

enum record_found { RECORD_ABSENT, RECORD_FOUND, RECORD_OTHER_TYPE };

/* The decoded string under key, valid until the next scan; absent and null are RECORD_ABSENT. *out
 * is empty where no string was found. */
enum record_found record_str(struct record *r, const char *key, struct slice *out);

/* The number under key; absent and null are RECORD_ABSENT. What json_uint refuses is
 * RECORD_OTHER_TYPE to record_uint. */
enum record_found record_num(const struct record *r, const char *key, double *out);
enum record_found record_uint(const struct record *r, const char *key, uint64_t *out);

/* The decoded "text", empty when it is absent or no string. Decoded once a record. */
struct slice record_text(struct record *r);

/* The decoded "id", empty when absent. */
struct slice record_id(struct record *r);

/* Sets the field: replaces the value where the first member of that key stands, or adds a member
 * before the closing brace. Keys and values are copied. raw must be valid JSON. */
void record_set_raw(struct record *r, const char *key, struct slice raw);
void record_set_str(struct record *r, const char *key, struct slice value);
void record_set_num(struct record *r, const char *key, double value);
void record_set_uint(struct record *r, const char *key, uint64_t value);

/* A score between 0 and 1, written with at most 6 decimals. */
void record_set_ratio(struct record *r, const char *key, double value);

/* True when record_write would change the line; a field set to what it was changes nothing. */
bool record_changed(const struct record *r);

/* Appends the line with its edits and a newline. */
void record_write(const struct record *r, struct buf *out);

/* Appends {"id":ID,FIELDS} and a newline, where FIELDS are those that were set: a line of a side
 * file (--annotate-only). ID stands as in the record, null when it has none. */
void record_write_side(const struct record *r, struct buf *out);

/* Members of a side line: each is looked up among the record's, so that more would take the square
 * of a hostile line's length. What we write has a few. */
enum { RECORD_MAX_SIDE = 1000 };

/* Sets the fields of a side file's line, all but its id, which must equal the record's: ERR_DATA
 * otherwise, ERR_LIMIT when they are too many. They then count as fields of the record (--with). */
int record_join(struct record *r, struct slice side, struct err *e) MUST_CHECK;

void record_release(struct record *r);

#endif
