/* work.h - one batch on its way through the driver. Only lib/driver includes this. */
#ifndef CORPUS_WORK_H
#define CORPUS_WORK_H

#include "lib/driver/driver.h"
#include "lib/stream/batches.h"

#include <pthread.h>

enum work_kind {
	WORK_LINES, /* a batch of lines, perhaps a frame */
	WORK_ITEMS, /* items of a source */
	WORK_FILE_END, /* what is known at the end of a file */
	WORK_ERROR, /* the reader failed */
};

/* One record that may go out: its bytes in content, or in lines when it was changed. Without a
 * decide it stands for all that follow it there. */
struct outgoing {
	size_t at, n; /* with its newline, which the last line of an input may lack */
	bool in_lines;
	bool dropped; /* decide said so */
	bool amend; /* this too */
	uint64_t number; /* among the batch's records */
	struct note note;
	struct digest digest;
};

struct bad_record {
	uint64_t number; /* among the batch's records */
	uint64_t byte; /* in the decompressed input, or the item's offset in the file */
	char *text;
};

struct value_count {
	const char *rule;
	char value[sizeof(((struct reason *)NULL)->name)];
};

struct drop_count {
	const char *rule;
	uint64_t records;
};

struct work {
	struct job job; /* must be first */
	struct driver *driver;
	struct work *next;
	enum work_kind kind;
	size_t file; /* which input */
	char *path; /* of the file in it, when it is a folder; else NULL */
	struct batch batch;
	struct buf sides; /* lines of the --with files, those of one file after another */
	struct item *items;
	size_t n_items, cap_items;
	uint64_t offset; /* of the file, read when the batch was complete: for progress */

	struct buf stamp; /* of WORK_FILE_END */
	uint64_t links; /* of WORK_FILE_END, symbolic links in a folder */
	struct buf places; /* of WORK_FILE_END, of the first gaps, a line each */
	bool undecided; /* decide failed */
	uint64_t gaps, lost; /* of WORK_FILE_END what the reader passed over, else the worker */
	char damage[200]; /* what was wrong at the first of the gaps */

	/* what the worker made of it */
	struct buf content; /* decompressed */
	struct buf lines; /* what goes out, unless whole */
	struct buf made; /* while lines are put together */
	bool whole; /* the content goes out as it is */
	struct outgoing *out;
	size_t n_out, cap_out;
	struct arena beyond; /* what notes point to */
	struct buf rejects;
	uint64_t n_rejects;
	struct bad_record *bad;
	size_t n_bad, cap_bad;
	struct drop_count *drops;
	size_t n_drops, cap_drops;
	struct value_count *values; /* one for each record of a counted reason */
	size_t n_values, cap_values;
	uint64_t read, read_bytes, kept, split;
	uint64_t replaced, duplicate_keys;
	struct digest in_digest, out_digest;
	struct err err;
};

/* What each worker thread has. */
struct worker {
	void *stage_worker;
	bool made;
	struct record record;
	void *zstd; /* a ZSTD_DCtx */
};

struct driver {
	struct driver_run run;
	struct worker *workers;
	bool serial; /* frames are decompressed by the reader, for --with */

	pthread_t reader;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct work *free, *ready, **ready_end; /* taken and given back; read, in order */
	bool stop;
	int stop_pipe[2]; /* closing the second wakes a reader that waits for an input */

	/* the calling thread's */
	size_t file;
	uint64_t file_records; /* of the current file, before the batch at hand */
	uint64_t all_records; /* decided */
	struct work *decided, **decided_end; /* in order, their edits perhaps still being made */
	size_t n_decided;
	struct digest file_digest;
	uint64_t file_gaps, file_lost; /* frames of it that the workers could not read */
	char damage[200]; /* of the first gap */
	uint64_t n_bad;
	bool bad_said;
};

/* reader.c: the reader thread. */
void *reader_main(void *driver);

/* reader_items.c: reads one operand of a stage with a source. 0: at its end; 1: the run is
 * stopping; -1. */
int reader_source(struct driver *d, size_t file, struct err *e) MUST_CHECK;

/* What an operand came to. */
struct read_sums {
	uint64_t bytes; /* of its files */
	uint64_t gaps, lost;
	char damage[200]; /* of the first gap */
	uint64_t links;
	struct buf places; /* of the first gaps, a line each */
};

/* reader.c: an empty batch, or NULL when the run is stopping; it goes back, or to the workers and
 * in order to the calling thread. */
struct work *reader_take_free(struct driver *d);
void reader_give_back(struct driver *d, struct work *w);
void reader_hand_over(struct driver *d, struct work *w);

/* reader.c: adds what an input came to. */
void reader_add_sums(struct read_sums *sums, const struct input *in);

/* reader.c: tells the calling thread that an operand is read, and releases sums. 1: the run is
 * stopping. */
int reader_end_file(struct driver *d, size_t file, struct read_sums *sums, struct slice stamp);

/* worker.c: the job of a batch, and its end: lines out of what the worker left, when decide has
 * spoken, at once or as a job that makes the edits first. */
void worker_job(struct job *job, unsigned worker);
void worker_amend_job(struct job *job, unsigned worker);
void work_assemble(struct work *w);

/* Writes the object of a dropped record to rejects: line with "reject" spliced in. */
void work_reject(struct work *w, struct record *r, const struct reason *why);

/* driver.c: the path of an input, and what the user calls it. */
const char *driver_file_name(const struct driver *d, size_t file);
const char *driver_operand(const struct driver *d, size_t file);

#endif
