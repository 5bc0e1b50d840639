/* err.h - errors as values that read as sentences.
 *
 * A function that can fail returns int, 0 or -1, and takes a struct err last. The text runs from
 * the outside in
 * ("FILE: record 41 at byte 9981: what is wrong"): the place where it happens sets it, callers wrap
 * it. Only cmd_run prints it, behind the program's name. */
#ifndef CORPUS_ERR_H
#define CORPUS_ERR_H

#include "lib/core/base.h"

enum err_code {
	ERR_NONE,
	ERR_USAGE, /* the command line or a configuration file: exit status 2 */
	ERR_NOINPUT, /* a file that is not there or cannot be opened */
	ERR_DATA, /* damaged, truncated or malformed input */
	ERR_LIMIT, /* a named limit was passed */
	ERR_IO, /* read, write, sync or rename failed */
	ERR_PIPE, /* who reads our output is gone: ends without a word */
	ERR_INTERNAL, /* the run does not add up: a fault of ours */
};

/* All zero is "no error". */
struct err {
	enum err_code code;
	char text[1000];
};

/* Sets e to one sentence without the final stop; an error that stands already is kept, because the
 * first is the cause. Returns -1, so that "return err_set(e, ...)" reads well. A text over the
 * buffer ends in "...". */
int err_set(struct err *e, enum err_code code, const char *fmt, ...) PRINTF(3, 4);

/* Puts a place in front of what e says: "PLACE: what it said". Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* Forgets the error. */
void err_clear(struct err *e);

#endif
