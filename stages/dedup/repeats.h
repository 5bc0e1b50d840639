/* repeats.h - the parts of many texts that stand in them more than once.
 *
 *	repeats_new(&r, &(struct repeats_options){ .unit = UNIT_TOKEN, .window = 50, … }, &e);
 *	repeats_look(s, place, text, &e);                 every text, on any thread
 *	repeats_look_again(s, place, text, &e);           every text once more
 *	repeats_finish(r, &e);
 *	repeats_of(r, place, text.n, &spans, &e);         any text, on any thread
 *	repeats_free(r);
 *
 * where s = repeats_searcher_new(r) is the thread's own. A repeat is a window (that many neighbours
 * among the units of a text) that begins at two places or more; its parts are the union of the
 * windows. This is what Lee et al. 2021, "Deduplicating training data makes language models better"
 * (arXiv:2107.06499), section 4.1, find by a suffix array; but windows of one length ask for
 * equality alone, for no order, and so for no text at hand while they are compared:
 *
 *	look        anchors of all windows --> two bits each: once, or perhaps twice (twice.h)
 *	look_again  windows with such an anchor --> XXH3-128 and place, 24 bytes --> sorted on disk
 *	finish      places of equal hashes --> sorted --> joined to spans (spans.h)
 *
 * Memory is bounded whatever there is to be read; where it is short, more windows have an anchor
 * that perhaps is there twice, and the disk holds more, up to 24 bytes a unit. The result depends
 * on the texts and their places alone. Two windows are the same when their hashes are. */
#ifndef CORPUS_DEDUP_REPEATS_H
#define CORPUS_DEDUP_REPEATS_H

#include "lib/core/err.h"
#include "stages/dedup/spans.h"
#include "stages/dedup/units.h"

struct repeats;
struct repeats_searcher;

struct repeats_options {
	enum unit unit;
	size_t window; /* units, at least 1 */
	bool all; /* what stands at the first of the places is a repeat too */
	size_t memory; /* bytes */
	const char *tmpdir; /* as temp_open takes it */
	uint64_t expected; /* bytes of text, more or less: less memory is taken for few */
};

int repeats_new(struct repeats **out, const struct repeats_options *o, struct err *e) MUST_CHECK;

/* Ends before r does. */
struct repeats_searcher *repeats_searcher_new(struct repeats *r);
void repeats_searcher_free(struct repeats_searcher *s);

/* place is a number that tells the text from all others: texts come in its order, and the units of
 * one, numbered from its place on, end before the place of the next. False where the text is too
 * long to be split (units.h). */
bool repeats_look(struct repeats_searcher *s, struct slice text) MUST_CHECK;

/* 1, or 0 as above, or -1. */
int repeats_look_again(
	struct repeats_searcher *s, uint64_t place, struct slice text, struct err *e) MUST_CHECK;

int repeats_finish(struct repeats *r, struct err *e) MUST_CHECK;

/* The spans of the text's units, numbered from 0, in ascending order, that are repeats; n is at
 * least their number in the text. */
int repeats_of(const struct repeats *r, uint64_t place, uint64_t n, struct span_list *found,
	struct err *e) MUST_CHECK;

/* Windows that were looked at, of them those that were compared, and of these the repeats. */
struct repeats_sums {
	uint64_t windows, compared, repeated;
};
struct repeats_sums repeats_sums(const struct repeats *r);

void repeats_free(struct repeats *r);

#endif
