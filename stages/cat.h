/* cat.h - corpus-cat: views, concatenates, samples and verifies files of records. */
#ifndef CORPUS_CAT_H
#define CORPUS_CAT_H

#include "lib/stage.h"

struct cat_config {
	bool frames; /* write zstd frames to standard output too */
	double sample; /* share of the records to keep; 1: all */
	uint64_t seed;
	bool verify;
	bool info;
};

extern const struct stage cat_stage;

#endif
