/* Worker threads that take jobs in the order they were given. */
#include "lib/stream/pool.h"

#include "lib/core/mem.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct queue {
	struct job *first;
	struct job **end;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t submitted;
	pthread_cond_t finished;
	struct queue urgent, normal;
	bool closing;
	unsigned n;
	struct worker {
		struct pool *pool;
		pthread_t thread;
		unsigned number;
	} workers[];
};

static struct job *queue_take(struct queue *q)
{
	struct job *job = q->first;

	if (job) {
		q->first = job->next;
		if (!q->first)
			q->end = &q->first;
	}
	return job;
}

static void queue_put(struct queue *q, struct job *job)
{
	job->next = NULL;
	*q->end = job;
	q->end = &job->next;
}

static void *worker_main(void *arg)
{
	struct worker *self = arg;
	struct pool *p = self->pool;
	struct job *job;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		job = queue_take(&p->urgent);
		if (!job)
			job = queue_take(&p->normal);
		if (job) {
			pthread_mutex_unlock(&p->lock);
			job->work(job, self->number);
			pthread_mutex_lock(&p->lock);
			job->done = true;
			pthread_cond_broadcast(&p->finished);
		} else if (p->closing) {
			break;
		} else {
			pthread_cond_wait(&p->submitted, &p->lock);
		}
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static unsigned cpus(void)
{
	cpu_set_t set;

	/* It fails where the machine has more processors than the set has room for. */
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return (unsigned)MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
	return (unsigned)MAX(CPU_COUNT(&set), 1);
}

struct pool *pool_new(unsigned threads)
{
	unsigned want = threads ? threads : cpus();
	struct pool *p = mem_zalloc(1, sizeof(*p) + want * sizeof(p->workers[0]));
	sigset_t all, was;

	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->submitted, NULL);
	pthread_cond_init(&p->finished, NULL);
	p->urgent.end = &p->urgent.first;
	p->normal.end = &p->normal.first;
	/* Signals go to the main thread, so that a worker is never stopped with a lock held. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	for (p->n = 0; p->n < want; p->n++) {
		struct worker *w = &p->workers[p->n];

		w->pool = p;
		w->number = p->n;
		if (pthread_create(&w->thread, NULL, worker_main, w) != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (p->n == 0) {
		pool_free(p);
		return NULL;
	}
	return p;
}

unsigned pool_size(const struct pool *p)
{
	return p->n;
}

void pool_submit(struct pool *p, struct job *job)
{
	pthread_mutex_lock(&p->lock);
	job->done = false;
	queue_put(job->urgent ? &p->urgent : &p->normal, job);
	pthread_cond_signal(&p->submitted);
	pthread_mutex_unlock(&p->lock);
}

void pool_wait(struct pool *p, struct job *job)
{
	pthread_mutex_lock(&p->lock);
	while (!job->done)
		pthread_cond_wait(&p->finished, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

bool pool_done(struct pool *p, struct job *job)
{
	bool done;

	pthread_mutex_lock(&p->lock);
	done = job->done;
	pthread_mutex_unlock(&p->lock);
	return done;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->submitted);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n; i++)
		pthread_join(p->workers[i].thread, NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->submitted);
	pthread_cond_destroy(&p->finished);
	free(p);
}
