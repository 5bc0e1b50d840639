/* driver.h - runs a record or source stage over files on all threads, in order.
 *
 *	reader thread         worker threads (pool)         the calling thread
 *	cuts the inputs  -->  decompress, scan, call   -->  takes batches in order: decides,
 *	into batches          the stage, build lines        counts, gives lines to the output
 *	     ^                        ^   edits of stage->amend   |
 *	     |                        +---------------------------+
 *	     +------------------ empty batches -------------------+
 *
 * The batches are a fixed number of two a worker and two more, without output one a worker and two
 * more, so memory is bounded: each holds its input, its content and its output lines, about 4 MiB
 * each unless records are larger. */
#ifndef CORPUS_DRIVER_H
#define CORPUS_DRIVER_H

#include "lib/common.h"
#include "lib/stage.h"
#include "lib/stats.h"
#include "lib/stream/output.h"
#include "lib/stream/pool.h"

struct driver_run {
	const struct stage *stage;
	void *config;
	const struct common *common;
	char **files; /* none: standard input */
	size_t n_files;
	char **names; /* of the files, for messages and stats; NULL: as they are */
	struct pool *pool;
	struct output *out; /* NULL: nothing is written */
	struct output *rejects; /* NULL: not asked for */
	struct stats *stats; /* counts are added */
	struct buf *notes; /* sentences for the user */
};

/* Reads all files to their ends. Inputs and counts are added to stats, the identity is checked. */
int driver_run(const struct driver_run *run, struct err *e) MUST_CHECK;

#endif
