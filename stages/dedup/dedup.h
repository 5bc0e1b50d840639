/* dedup.h - the commands of corpus-dedup, each a whole program that reads its input more than
 * once. */
#ifndef CORPUS_DEDUP_H
#define CORPUS_DEDUP_H

#include "lib/core/opt.h"
#include "lib/stage.h"

#include <math.h>

/* corpus-dedup exact: of the records whose normalised text has the same XXH3-128 hash one stays.
 *
 * With keep first, while the set of hashes fits --memory, the output is written at once, in one
 * pass. When it no longer does, what was seen goes to temporary files, 24 bytes a record, to be
 * sorted there; the output so far is forgotten, and the input is read a second time. The bytes are
 * the same either way. Another keep, and annotate, sort and read twice at once, with 88 bytes a
 * record for another keep. */
struct dedup_exact_config {
	const char *field; /* whose string is compared */
	int normalise; /* enum normalise (normalise.h) */
	struct opt_list url_rules; /* for NORMALISE_URL */
	const char *keep; /* keep.h */
	bool annotate; /* write exact_cluster_id, exact_cluster_size, exact_against; drop nothing */
	struct opt_list against; /* files of which no text may be in the output */
};

/* The words of --normalise for text, in the order of enum normalise; NULL-terminated. */
extern const char *const dedup_normalise_names[];

/* The same for exact, which compares addresses too. */
extern const char *const dedup_exact_normalise_names[];

extern const struct stage dedup_exact_stage;

/* corpus-dedup lines and paragraphs: of the parts (parts.h) of all texts whose XXH3-128 hash is the
 * same, the first ones stay in their texts.
 *
 * The set of hashes and the two passes are as for exact: 24 bytes a part in memory or in temporary
 * files, 88 with another keep, and 24 more for each that goes where two passes are made. */
struct dedup_lines_config {
	const char *field; /* whose string is cut */
	int normalise; /* enum normalise, of each part */
	uint64_t min_length; /* code points of a part; shorter ones stay */
	uint64_t copies; /* so many of equal parts stay */
	double max_share; /* a text that loses a larger share of its bytes is dropped */
	const char *keep; /* keep.h, of the texts that hold a part */
	bool annotate; /* write repeated_lines, repeated_lines_share, ...; cut and drop nothing */
};

extern const struct stage dedup_lines_stage, dedup_paragraphs_stage;

/* corpus-dedup minhash: of the records in a cluster of near duplicates one stays. Two texts are
 * joined when they share a band key (minhash.h), and clusters are what is joined by any chain of
 * them. The input is read twice; between, keys are grouped in --memory and temporary files. */
struct dedup_near_config {
	const char *field; /* whose string is compared */
	uint64_t shingle, bands, rows, seed; /* minhash_config */
	int compat; /* enum minhash_compat */
	const char *keep; /* keep_parse */
	bool annotate; /* nothing is dropped */
	uint64_t max_cluster; /* documents; larger clusters are told */
	const char *pairs; /* file for the candidate pairs, or NULL */
	double verify; /* least Jaccard index of a candidate pair; NaN: all are joined */
	const char *index; /* folder of earlier snapshots, or NULL */
	struct opt_list against; /* files of which nothing may be in the output */
};

#define DEDUP_NEAR_DEFAULTS \
	{ \
		.field = "text", .shingle = 5, .bands = 14, .rows = 8, .seed = 1, .keep = "first", \
		.max_cluster = 1000, .verify = (double)NAN \
	}

extern const struct stage dedup_minhash_stage;

/* The same in steps: bands writes the keys of a shard, with field, shingle, bands, rows, seed and
 * keep of dedup_near_config. */
extern const struct stage dedup_bands_stage;

/* From the keys of all shards to the clusters, or with part to some of the pairs. */
struct dedup_cluster_config {
	const char *part; /* "I/N": this part of the keys, and write edges.h; or NULL */
	struct opt_list edges; /* the files of all parts, instead of looking at keys */
	uint64_t max_cluster; /* documents; larger clusters are told */
};
extern const struct stage dedup_cluster_stage;

/* What stays of a shard. */
struct dedup_filter_config {
	const char *clusters; /* the file that cluster wrote */
	const char *shard; /* the band file, by the name that cluster was given */
	bool annotate; /* nothing is dropped */
};
extern const struct stage dedup_filter_stage;

/* corpus-dedup decontaminate: cuts the n-grams of benchmarks out of the texts, with a window around
 * them, by the five rules of GPT-3 (excerpt.h; the fifth: n-grams that are in many documents do not
 * count, for which the input is read twice). */
struct dedup_decontaminate_config {
	struct opt_list benchmarks; /* NAME[:FIELD,...]=FILE (benchmarks.h) */
	const char *field; /* whose string is searched */
	uint64_t ngram; /* tokens */
	uint64_t max_docs; /* in more documents an n-gram does not count; 0: all count */
	uint64_t window, min_piece, max_pieces; /* as in struct excerpt_rules */
	bool annotate; /* cut nothing */
	const char *report;
	uint64_t examples; /* in it, a benchmark */
};

/* Those of GPT-3. */
#define DEDUP_DECONTAMINATE_DEFAULTS \
	{ \
		.field = "text", .ngram = 13, .max_docs = 10, .window = 200, .min_piece = 200, \
		.max_pieces = 10, .examples = 5 \
	}

extern const struct stage dedup_decontaminate_stage;

#endif
