/* keep.h - which record of a cluster stays: --keep first|longest|best:FIELD.
 *
 * The choice is an order of ranks: bytes that memcmp compares, the smallest of a cluster stays. A
 * rank holds what --keep asks for and then the record's id, so that who stays does not depend on
 * the order of the input; records of equal ranks (ids that agree in KEEP_ID bytes) are told apart
 * by their numbers, which is the caller's. */
#ifndef CORPUS_KEEP_H
#define CORPUS_KEEP_H

#include "lib/record/record.h"

enum keep_kind { KEEP_FIRST, KEEP_LONGEST, KEEP_BEST };

struct keep {
	enum keep_kind kind;
	const char *field; /* of KEEP_BEST, in the word that was parsed */
};

/* Bytes of a value and of an id that are compared: a date of RFC 3339 with a zone, and all but the
 * last 7 of the 47 bytes of a WARC-Record-ID, which is a UUID. */
enum { KEEP_VALUE = 24, KEEP_ID = 40 };

struct keep_rank {
	unsigned char value[KEEP_VALUE];
	unsigned char id[KEEP_ID];
};

/* Reads the option's word, which must live as long as k. ERR_USAGE. */
int keep_parse(struct keep *k, const char *word, struct err *e) MUST_CHECK;

/* The rank of a record of which text, in UTF-8 as it stands in the record, is compared.
 *
 *	first	all ranks are equal, so that the number decides
 *	longest	the most bytes of text
 *	best	the largest number in the field; behind all numbers the string that is last in the
 *		order of its first 23 bytes (the newest date); behind these what has neither
 *
 * False when the record lacks the field of best, or has another type there: a caller says when that
 * was so of all records. */
bool keep_rank_record(
	const struct keep *k, struct record *r, struct slice text, struct keep_rank *out);

#endif
