/* Repeated windows: by anchors, hashes and places. */
#include "stages/dedup/repeats.h"

#include "lib/core/mem.h"
#include "lib/store/extsort.h"
#include "stages/dedup/anchors.h"
#include "stages/dedup/twice.h"

#include <endian.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <xxhash.h>

/* A window that is compared. All little-endian, and all key: windows come from many threads, so
 * that only the place orders equal ones. */
struct window {
	uint64_t hi, lo; /* its hash */
	uint64_t place; /* of its first unit */
};
static const struct sort_shape window_shape = { sizeof(struct window), 24, KEY_LE64 };
static const struct sort_shape place_shape = { 8, 8, KEY_LE64 };

enum { WAITING = 1024 }; /* windows that a thread hands over at once */

struct repeats {
	struct repeats_options o;
	struct twice *anchors; /* until all is collected */
	pthread_mutex_t lock; /* of windows */
	struct extsort *windows;
	struct extsort *places; /* of repeats */
	struct spans *spans;
	_Atomic uint64_t n_windows;
	uint64_t n_compared, n_repeated;
};

struct repeats_searcher {
	struct repeats *owner;
	struct units units;
	struct anchors anchors;
	struct window waiting[WAITING];
	size_t n_waiting;
};

int repeats_new(struct repeats **out, const struct repeats_options *o, struct err *e)
{
	struct repeats *r = mem_zalloc(1, sizeof(*r));

	r->o = *o;
	if (spans_new(&r->spans, o->tmpdir, e) < 0) {
		free(r);
		return -1;
	}
	/* An anchor in seven units or more, and four places for two units. */
	r->anchors = twice_new((size_t)MIN(o->expected / 2, o->memory / 4));
	r->windows =
		extsort_new(&(struct extsort_options){ window_shape, o->memory / 2, o->tmpdir, 0 });
	r->places =
		extsort_new(&(struct extsort_options){ place_shape, o->memory / 4, o->tmpdir, 0 });
	pthread_mutex_init(&r->lock, NULL);
	*out = r;
	return 0;
}

void repeats_free(struct repeats *r)
{
	if (!r)
		return;
	twice_free(r->anchors);
	extsort_free(r->windows);
	extsort_free(r->places);
	spans_free(r->spans);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

struct repeats_searcher *repeats_searcher_new(struct repeats *r)
{
	struct repeats_searcher *s = mem_zalloc(1, sizeof(*s));

	s->owner = r;
	anchors_init(&s->anchors, r->o.window);
	return s;
}

void repeats_searcher_free(struct repeats_searcher *s)
{
	if (!s)
		return;
	units_release(&s->units);
	anchors_release(&s->anchors);
	free(s);
}

/* --- all texts ------------------------------------------------------------------------------- */

static bool begin(struct repeats_searcher *s, struct slice text)
{
	const struct repeats_options *o = &s->owner->o;

	return units_begin(&s->units, o->unit, text, o->window - 1);
}

/* The windows of the next piece by their anchors. An anchor that has windows in two pieces is met
 * twice, and its windows are then compared in vain. */
static bool next_piece(struct repeats_searcher *s)
{
	if (!units_more(&s->units))
		return false;
	anchors_find(&s->anchors, s->units.hash, s->units.n);
	return true;
}

bool repeats_look(struct repeats_searcher *s, struct slice text)
{
	uint64_t windows = 0;

	if (!begin(s, text))
		return false;
	while (next_piece(s)) {
		for (size_t i = 0; i < s->anchors.n; i++) {
			twice_add(s->owner->anchors, s->anchors.at[i].hash);
			windows += s->anchors.at[i].n;
		}
	}
	s->owner->n_windows += windows;
	return true;
}

/* --- once more ------------------------------------------------------------------------------- */

static int hand_over(struct repeats_searcher *s, struct err *e)
{
	struct repeats *r = s->owner;
	int result = 0;

	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; result == 0 && i < s->n_waiting; i++)
		result = extsort_add(r->windows, &s->waiting[i], e);
	r->n_compared += s->n_waiting;
	pthread_mutex_unlock(&r->lock);
	s->n_waiting = 0;
	return result;
}

/* Characters and bytes are compared as they stand; tokens by their hashes, which know no case. */
static XXH128_hash_t hash_window(const struct repeats_searcher *s, size_t first)
{
	const struct units *u = &s->units;
	size_t n = s->owner->o.window;

	if (s->owner->o.unit == UNIT_TOKEN)
		return XXH3_128bits(u->hash + first, n * sizeof(*u->hash));
	return XXH3_128bits(
		s->units.text.p + u->from[first], u->to[first + n - 1] - u->from[first]);
}

static int add_windows(
	struct repeats_searcher *s, uint64_t place, const struct anchor *a, struct err *e)
{
	for (size_t i = a->first; i < a->first + a->n; i++) {
		XXH128_hash_t h = hash_window(s, i);

		if (s->n_waiting == WAITING && hand_over(s, e) < 0)
			return -1;
		s->waiting[s->n_waiting++] = (struct window){ htole64(h.high64), htole64(h.low64),
			htole64(place + s->units.first + i) };
	}
	return 0;
}

int repeats_look_again(struct repeats_searcher *s, uint64_t place, struct slice text, struct err *e)
{
	if (!begin(s, text))
		return 0;
	while (next_piece(s)) {
		for (size_t i = 0; i < s->anchors.n; i++) {
			const struct anchor *a = &s->anchors.at[i];

			if (twice_perhaps(s->owner->anchors, a->hash) &&
				add_windows(s, place, a, e) < 0)
				return -1;
		}
	}
	return hand_over(s, e) < 0 ? -1 : 1;
}

/* --- equal windows --------------------------------------------------------------------------- */

static int add_place(struct repeats *r, const struct window *w, struct err *e)
{
	r->n_repeated++;
	return extsort_add(r->places, &w->place, e);
}

/* Equal windows come together, by their places. */
static int find_equal(struct repeats *r, struct err *e)
{
	struct window first = { 0 };
	bool any = false, alone = false; /* alone: no other equalled the first yet */
	const void *next;
	int got;

	while ((got = extsort_next(r->windows, &next, e)) > 0) {
		struct window w;

		memcpy(&w, next, sizeof(w));
		if (!any || w.hi != first.hi || w.lo != first.lo) {
			first = w;
			any = alone = true;
			continue;
		}
		if (alone && r->o.all && add_place(r, &first, e) < 0)
			return -1;
		alone = false;
		if (add_place(r, &w, e) < 0)
			return -1;
	}
	return got;
}

/* Windows that overlap or touch become one span. Those of two texts do neither: places grow by more
 * than a text has units. */
static int join(struct repeats *r, struct err *e)
{
	struct span open = { 0 };
	const void *next;
	int got;

	while ((got = extsort_next(r->places, &next, e)) > 0) {
		uint64_t place = load_le64(next);

		if (open.to && place <= open.to) {
			open.to = place + r->o.window;
			continue;
		}
		if (open.to && spans_add(r->spans, open, e) < 0)
			return -1;
		open = (struct span){ place, place + r->o.window };
	}
	if (got == 0 && open.to && spans_add(r->spans, open, e) < 0)
		return -1;
	return got < 0 ? -1 : spans_seal(r->spans, e);
}

int repeats_finish(struct repeats *r, struct err *e)
{
	int result;

	twice_free(r->anchors);
	r->anchors = NULL;
	result = extsort_finish(r->windows, e) < 0 ? -1 : find_equal(r, e);
	extsort_free(r->windows);
	r->windows = NULL;
	if (result == 0)
		result = extsort_finish(r->places, e) < 0 ? -1 : join(r, e);
	extsort_free(r->places);
	r->places = NULL;
	return result;
}

int repeats_of(
	const struct repeats *r, uint64_t place, uint64_t n, struct span_list *found, struct err *e)
{
	if (spans_within(r->spans, place, place + n, found, e) < 0)
		return -1;
	for (size_t i = 0; i < found->n; i++) {
		found->at[i].from -= place;
		found->at[i].to -= place;
	}
	return 0;
}

struct repeats_sums repeats_sums(const struct repeats *r)
{
	return (struct repeats_sums){ r->n_windows, r->n_compared, r->n_repeated };
}
