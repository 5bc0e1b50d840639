/* Sorts partitions of band keys and walks the groups of equal ones. */
#include "stages/dedup/groups.h"

#include "lib/core/mem.h"
#include "lib/store/extsort.h"

#include <endian.h>
#include <stdlib.h>

/* The key alone decides the group, the document the order in it. */
static const struct sort_shape entry_shape = { sizeof(struct band_entry), 16, KEY_LE64 };

struct walk {
	struct groups_options *o;
	groups_member *member;
	void *to;
	struct band_entry *entries, *scratch; /* grow with the largest partition */
	size_t n, cap;
	struct band_entry last;
	bool any, in_group; /* last is set; it was handed out */
};

static int take(struct walk *w, const struct band_entry *entry, struct err *e)
{
	bool same = w->any && entry->key == w->last.key;
	/* Repeated entries are one: a file may have been named twice. */
	bool again = same && entry->document == w->last.document;

	if (same && !again) {
		if (!w->in_group && w->member(w->to, le64toh(w->last.document), true, e) < 0)
			return -1;
		if (w->member(w->to, le64toh(entry->document), false, e) < 0)
			return -1;
	}
	w->in_group = same && (!again || w->in_group);
	w->last = *entry;
	w->any = true;
	return 0;
}

static int put_memory(void *to, const struct band_entry *entry, struct err *e)
{
	struct walk *w = to;

	if (w->n == w->cap)
		return err_set(e, ERR_DATA, "a partition holds more entries than it should");
	w->entries[w->n++] = *entry;
	return 0;
}

static int put_sort(void *to, const struct band_entry *entry, struct err *e)
{
	return extsort_add(to, entry, e);
}

static int each(struct walk *w, size_t partition, band_put *put, void *to, struct err *e)
{
	for (size_t i = 0; i < w->o->n_files; i++) {
		const struct groups_file *f = &w->o->files[i];

		if (bandfile_each(f->file, partition, f->base, put, to, e) < 0)
			return -1;
	}
	return 0;
}

static int in_memory(struct walk *w, size_t partition, size_t n, struct err *e)
{
	if (n > w->cap) {
		free(w->entries);
		free(w->scratch);
		w->entries = mem_zalloc(n, sizeof(*w->entries));
		w->scratch = mem_zalloc(n, sizeof(*w->scratch));
		w->cap = n;
	}
	w->n = 0;
	if (each(w, partition, put_memory, w, e) < 0)
		return -1;
	sort_records(&entry_shape, w->entries, w->scratch, w->n);
	for (size_t i = 0; i < w->n; i++) {
		if (take(w, &w->entries[i], e) < 0)
			return -1;
	}
	return 0;
}

static int on_disk(struct walk *w, size_t partition, struct err *e)
{
	struct extsort *s = extsort_new(
		&(struct extsort_options){ entry_shape, w->o->memory, w->o->tmpdir, 0 });
	const void *next;
	int got = each(w, partition, put_sort, s, e);

	if (got == 0)
		got = extsort_finish(s, e);
	w->o->spilled = MAX(w->o->spilled, extsort_spilled(s));
	while (got >= 0 && (got = extsort_next(s, &next, e)) > 0) {
		struct band_entry entry;

		memcpy(&entry, next, sizeof(entry));
		got = take(w, &entry, e);
	}
	extsort_free(s);
	return got;
}

static int count(const struct walk *w, size_t partition, uint64_t *sum, struct err *e)
{
	*sum = 0;
	for (size_t i = 0; i < w->o->n_files; i++) {
		uint64_t n;

		if (bandfile_entries(w->o->files[i].file, partition, &n, e) < 0)
			return -1;
		*sum += n;
	}
	return 0;
}

static int partition(struct walk *w, size_t at, struct err *e)
{
	uint64_t n;

	if (count(w, at, &n, e) < 0)
		return -1;
	w->any = w->in_group = false;
	if (n < 2)
		return 0;
	if (n <= w->o->memory / (2 * sizeof(struct band_entry)))
		return in_memory(w, at, (size_t)n, e);
	free(w->entries);
	free(w->scratch);
	w->entries = w->scratch = NULL;
	w->cap = 0;
	return on_disk(w, at, e);
}

int groups_walk(struct groups_options *o, groups_member *member, void *to, struct err *e)
{
	struct walk w = { .o = o, .member = member, .to = to };
	int result = 0;

	for (size_t i = o->from; result == 0 && i < o->to; i++)
		result = partition(&w, i, e);
	free(w.entries);
	free(w.scratch);
	return result;
}
