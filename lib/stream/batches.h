/* batches.h - one input cut into batches of whole lines, the unit of work of a thread.
 *
 * A frame of ours is a batch as it stands, still compressed. Everything else is decompressed
 * here and cut at the first line end at or after FRAME_BYTES, so that batches depend on the
 * bytes alone and not on how they arrive. */
#ifndef CORPUS_BATCHES_H
#define CORPUS_BATCHES_H

#include "lib/stream/digest.h"
#include "lib/stream/input.h"

enum { BATCH_HEAD = 1024 * 1024 };

struct batch {
	struct buf data; /* lines, the last perhaps without a newline; or one compressed frame */
	bool frame; /* data is a frame of ours */
	uint64_t byte; /* where its lines begin in the decompressed input */
	uint64_t too_long; /* no lines, but one of so many bytes that was passed over; 0: none. data
			      holds its first BATCH_HEAD bytes */
	struct digest digest; /* of that line */
	uint64_t passed; /* bytes that were passed over, line ends included */
	uint64_t records; /* that the stamp says a frame holds; UINT64_MAX: not known */
	uint64_t skip; /* with a range: records of it to pass over, */
	uint64_t take; /* and then to take; UINT64_MAX: all */
};

struct batches_options {
	uint64_t max_record; /* bytes of the longest line that is handed out; 0: no limit */
	bool salvage;
	bool serial; /* never hand out frames compressed */
	bool range; /* of records, counted from 0: from first on, before end */
	uint64_t first, end;
	int stop; /* as of input_open_until */
};

struct batches;

/* Opens path ("-": standard input). A range uses the seek table where the file has one. */
int batches_open(struct batches **out, const char *path, const struct batches_options *o,
	struct err *e) MUST_CHECK;

/* 1: the next batch, whose buffer is emptied first and keeps its memory; 0: the end; -1. */
int batches_next(struct batches *b, struct batch *batch, struct err *e) MUST_CHECK;

/* The input below: for its offset, stamp and gaps. */
struct input *batches_input(const struct batches *b);

void batches_free(struct batches *b);

/* Records (lines that are not blank) in lines. */
uint64_t count_records(struct slice lines);

/* Takes the next line, without its newline, off the front of lines; false at the end. Blank lines
 * (nothing but space, tab and CR) are passed over. */
bool next_record_line(struct slice *lines, struct slice *line);

#endif
