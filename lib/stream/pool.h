/* pool.h - worker threads that take jobs in the order they were given.
 *
 *	appender --job--> [queue] --> N workers --> job->done --> appender waits for its oldest job
 *
 * There is no result queue: who submitted a job keeps it, in order, and waits for it when its turn
 * comes. */
#ifndef CORPUS_POOL_H
#define CORPUS_POOL_H

#include "lib/core/err.h"

struct pool;

struct job {
	void (*work)(struct job *job, unsigned worker); /* worker: 0 to pool_size - 1 */
	bool urgent; /* before those that are not: jobs that free memory */
	bool done; /* set by the pool */
	struct job *next; /* the pool's */
};

/* threads of 0 means all CPUs that this process may use (sched_getaffinity, cgroup limits left
 * aside). NULL when the system gives no thread at all. */
struct pool *pool_new(unsigned threads);
unsigned pool_size(const struct pool *p);
void pool_submit(struct pool *p, struct job *job);
void pool_wait(struct pool *p, struct job *job);
bool pool_done(struct pool *p, struct job *job); /* without waiting */

/* Finishes what was submitted, then ends the threads. */
void pool_free(struct pool *p);

#endif
