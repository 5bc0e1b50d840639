/* recipe.h - what a mix shall hold: its sources, their weights or epochs, the total.
 *
 *	name: gpt3                 # stands in the manifest; the file's name when absent
 *	seed: 3                    # of every choice by hash; 0 when absent
 *	unit: tokens               # tokens, bytes or documents: the measure of weights and total
 *	total: 300e9               # the largest that max_epochs allow when absent
 *	sources:
 *	  wikipedia:
 *	    weight: 3              # a share of the total, against the sum of all weights
 *	    max_epochs: 3.4        # at most so many copies of the source; 1 when absent
 *	    tokens: 3e9            # (documents, bytes too) facts for the reader and for tests
 *	  books1:
 *	    ...
 *
 * Either each source has a weight or each has epochs (then there is no total). epochs: 2.9 gives
 * each document two or three times. */
#ifndef CORPUS_RECIPE_H
#define CORPUS_RECIPE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct yaml;

enum mix_unit { UNIT_TOKENS, UNIT_BYTES, UNIT_DOCUMENTS, UNIT_COUNT };

/* The word of a unit in options, recipes and manifests. NULL-terminated. */
extern const char *const mix_unit_names[UNIT_COUNT + 1];

struct recipe_source {
	const char *name; /* letters, digits, ".", "_", "-": it becomes part of file names */
	double weight; /* above 0, or 0 in a recipe of epochs */
	double epochs; /* in a recipe of epochs */
	double max_epochs;
	double facts[UNIT_COUNT]; /* 0: not stated */
};

struct recipe {
	char *path;
	const char *name;
	uint64_t seed;
	int unit; /* enum mix_unit, or -1: not stated */
	double total; /* 0: not stated */
	bool by_epochs;
	struct recipe_source *sources; /* in the file's order */
	size_t n;
	char digest[33]; /* XXH3-128 of the file's bytes in hexadecimal */
	struct yaml *yaml; /* owns the strings */
};

/* All zero is empty. Errors name file, line and column. */
int recipe_load(struct recipe *out, const char *path, struct err *e) MUST_CHECK;
int recipe_parse(struct recipe *out, const char *path, struct slice text, struct err *e) MUST_CHECK;
void recipe_release(struct recipe *r);

/* The place of a source, or n. */
size_t recipe_find(const struct recipe *r, struct slice name);

/* Takes a source out; the others keep their order. */
void recipe_remove(struct recipe *r, size_t i);

/* "300G" is 300e9: a number above 0, with K, M, G or T as powers of 1000. False: it is none. */
bool recipe_number(const char *text, double *out);

/* What each source gives, by its size in the recipe's unit. */
struct plan {
	double *share; /* of the total; adds up to 1 */
	double *epochs;
	double total; /* in the unit */
};

/* Epochs by total, or where total is 0 by the largest total that keeps all within max_epochs. Adds
 * a sentence to notes when the weights had to be normalised. Refuses an empty source and a total
 * that needs more than max_epochs. */
int plan_make(struct plan *out, const struct recipe *r, const double *sizes, double total,
	struct buf *notes, struct err *e) MUST_CHECK;
void plan_release(struct plan *p);

#endif
