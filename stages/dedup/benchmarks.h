/* benchmarks.h - the questions that must not be in a corpus, read from files of JSON lines.
 *
 * A benchmark is given as NAME[:FIELD,...]=FILE. Of each line, which is one question, the strings
 * under each FIELD (text where none is given) are searched for: the string there, or those of the
 * array or object there, to a depth of BENCHMARK_MAX_DEPTH. n-grams do not reach from one string
 * into the next. A question's id is the string "id", or its number in the file, from 0. */
#ifndef CORPUS_DEDUP_BENCHMARKS_H
#define CORPUS_DEDUP_BENCHMARKS_H

#include "lib/core/arena.h"
#include "lib/core/opt.h"
#include "lib/stream/digest.h"
#include "stages/dedup/grams.h"

/* Arrays and objects within one another, each of which is read once more for what is in it. */
enum { BENCHMARK_MAX_DEPTH = 8 };

struct question {
	uint32_t benchmark; /* its number */
	struct slice id;
};

struct benchmark {
	struct slice name;
	const char *file;
	struct slice fields; /* separated by commas; borrowed as file is */
	uint32_t first, end; /* of its questions */
	struct digest digest; /* of its lines */
	uint64_t no_string; /* questions without a string under any of the fields */
	uint64_t too_short; /* with one, but with no n-gram */
};

struct benchmarks {
	struct benchmark *at;
	size_t n, cap;
	struct question *questions; /* of all, in the order they were given */
	size_t n_questions, cap_questions;
	struct grams *grams; /* sealed */
	struct arena ids;
};

struct benchmarks_options {
	const struct opt_list *given;
	size_t ngram; /* tokens */
	size_t memory; /* bytes for the n-grams */
	uint64_t max_record; /* bytes of a line; 0: no limit */
};

/* Reads all files. ERR_USAGE when one is given in another form or two have one name; ERR_DATA,
 * with file and line, for a line that is no JSON object, and when no line of a file has a string
 * under a FIELD: a wrong name must not look like a clean corpus. To be released in either case. */
int benchmarks_read(
	struct benchmarks *b, const struct benchmarks_options *o, struct err *e) MUST_CHECK;

/* "benchmarks":[{"name":…,"digest":…},…] for the stamp. */
void benchmarks_describe(const struct benchmarks *b, struct buf *json);

/* The sentences about questions that cannot be found. */
void benchmarks_tell(const struct benchmarks *b, size_t ngram, struct buf *notes);

void benchmarks_release(struct benchmarks *b);

#endif
