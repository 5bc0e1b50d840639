/* sightings.h - which questions of which benchmarks were found in a corpus, and what went for it.
 *
 *	sightings_init(&mine, &benchmarks, 5);       a worker's
 *	sightings_add(&mine, &document);             each document in which something was found
 *	sightings_merge(&all, &mine);                on one thread
 *	sightings_mark(&all, gram, QUESTION_SEEN);   each n-gram found
 *	sightings_put(&all, &out);                   a line of JSON a benchmark
 *
 * Nothing of it depends on the order of documents: the examples are of the first questions found,
 * in the order of the benchmark, each in the document whose line has the smallest hash. An n-gram
 * that many questions share is an example of the first alone, so that a prompt before all of them
 * costs no more than another. */
#ifndef CORPUS_DEDUP_SIGHTINGS_H
#define CORPUS_DEDUP_SIGHTINGS_H

#include "stages/dedup/benchmarks.h"

/* Characters shown on each side of an example's n-gram. */
enum { SIGHTING_CONTEXT = 100 };

/* A document in which an n-gram was found, as it was read. */
struct sighted {
	struct slice id, text;
	uint64_t hash; /* of its line */
	const struct tokens *tokens;
	const struct gram_hits *hits; /* that count */
	uint64_t removed; /* characters that went */
	bool dropped; /* all of it */
};

struct example; /* sightings.c's */

/* What a benchmark's questions did. */
struct sighting {
	uint64_t documents; /* in which one was found */
	uint64_t dropped; /* of them, whole */
	uint64_t removed; /* characters, of all documents in which one was found */
	struct example *examples; /* ascending by question */
	size_t n_examples;
	uint64_t last; /* 1 + the document that was counted last */
};

struct sightings {
	const struct benchmarks *benchmarks;
	size_t max_examples; /* a benchmark */
	struct sighting *at; /* one a benchmark */
	unsigned char *questions; /* enum question_seen, of each; NULL while none is marked */
	uint64_t documents, dropped, removed; /* each document once */
};

enum question_seen {
	QUESTION_FREQUENT = 1, /* by an n-gram that is in too many documents to count */
	QUESTION_SEEN = 2, /* by one that counts */
};

/* The benchmarks must outlive s. */
void sightings_init(struct sightings *s, const struct benchmarks *b, size_t max_examples);

void sightings_add(struct sightings *s, const struct sighted *d);

/* True when one of the benchmark's is in the document that was added last. */
bool sightings_in_last(const struct sightings *s, size_t benchmark);

/* The questions of an n-gram were seen so; asked for each n-gram found, when all is read. */
void sightings_mark(struct sightings *s, uint32_t gram, enum question_seen how);

/* Adds what another has, but for marks. */
void sightings_merge(struct sightings *s, const struct sightings *other);

/* {"benchmark":…,"questions":…,"questions_seen":…,…} of benchmark i, without a newline. */
void sightings_put(const struct sightings *s, size_t i, bool examples, struct buf *out);

void sightings_release(struct sightings *s);

#endif
