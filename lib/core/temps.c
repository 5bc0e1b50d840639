/* The registry of unpublished temporaries. */
#include "lib/core/temps.h"

#include "lib/core/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* Slots are never freed and only added at the head, so that a signal handler can walk the list at
 * any moment without a lock. Who takes a path out of its slot owns it. */
struct slot {
	_Atomic(char *) path;
	char *removed; /* the last that temps_remove_all took, which cannot be freed in a handler */
	struct slot *next;
};

static _Atomic(struct slot *) slots;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* between threads, not for the handler */

void temps_add(const char *path)
{
	char *copy = mem_strdup(path);
	struct slot *s;

	pthread_mutex_lock(&lock);
	for (s = atomic_load(&slots); s; s = s->next)
		if (!atomic_load(&s->path))
			break;
	if (s) {
		atomic_store(&s->path, copy);
	} else {
		s = mem_zalloc(1, sizeof(*s));
		atomic_init(&s->path, copy);
		s->next = atomic_load(&slots);
		atomic_store(&slots, s);
	}
	pthread_mutex_unlock(&lock);
}

/* The registered copy, out of its slot, or NULL. */
static char *take(const char *path)
{
	char *mine = NULL;

	pthread_mutex_lock(&lock);
	for (struct slot *s = atomic_load(&slots); s && !mine; s = s->next) {
		char *p = atomic_load(&s->path);

		if (p && strcmp(p, path) == 0)
			mine = atomic_exchange(&s->path, NULL);
	}
	pthread_mutex_unlock(&lock);
	return mine;
}

void temps_forget(const char *path)
{
	free(take(path));
}

void temps_remove(const char *path)
{
	unlink(path);
	temps_forget(path);
}

void temps_remove_all(void)
{
	for (struct slot *s = atomic_load(&slots); s; s = s->next) {
		char *p = atomic_exchange(&s->path, NULL);

		if (p)
			unlink(s->removed = p);
	}
}
