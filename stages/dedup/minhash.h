/* minhash.h - MinHash signatures of a text's shingles, and the keys of their bands.
 *
 *	struct minhash *m = minhash_new(&config, &e);
 *	if (!m) ...
 *	if (minhash_keys(m, text, keys)) ...         keys[0] to keys[bands - 1]
 *	minhash_free(m);
 *
 * A signature is bands * rows values; two texts agree in each with the probability of the Jaccard
 * index j of their shingle sets, so in all rows of at least one band, which is in a key, with
 * 1 - (1 - j^rows)^bands. Source: Broder 1997, "On the resemblance and containment of documents";
 * Leskovec, Rajaraman and Ullman, "Mining of massive datasets", section 3.4. */
#ifndef CORPUS_DEDUP_MINHASH_H
#define CORPUS_DEDUP_MINHASH_H

#include "lib/core/base.h"
#include "lib/core/err.h"

enum minhash_compat {
	MINHASH_OWN, /* tokens.h, shingles.h, permute.h */
	MINHASH_DATATROVE, /* datatrove.h; shorter texts have no signature, and the seed is of 32
			      bits */
};

/* The words of --compat, in the order of enum minhash_compat; NULL-terminated. */
extern const char *const minhash_compat_names[];

enum { MINHASH_MAX_VALUES = 4096 }; /* bands * rows */

struct minhash_config {
	unsigned shingle; /* tokens, 1 to SHINGLE_MAX */
	unsigned bands, rows; /* at least 1 each */
	uint64_t seed;
	int compat; /* enum minhash_compat */
};

/* FineWeb's (Penedo et al. 2024, "The FineWeb datasets", appendix on deduplication): what is found
 * is three in four pairs of j = 0.75, and one in a hundred of 0.41. */
#define MINHASH_DEFAULTS \
	{ \
		.shingle = 5, .bands = 14, .rows = 8, .seed = 1 \
	}

struct minhash;

/* ERR_USAGE for what is beyond the limits. For one thread; config is copied. */
struct minhash *minhash_new(const struct minhash_config *config, struct err *e) MUST_CHECK;

/* The bands * rows values of text, which is valid UTF-8. False when it has no signature: it holds
 * no token, or is too long for tokens.h (compat: too short or too long for datatrove.h). */
bool minhash_sign(struct minhash *m, struct slice text, uint64_t *values) MUST_CHECK;

/* Of each band a key: two texts share one where they agree in all rows of a band. Keys of
 * different bands differ as random numbers do. Returns how many: bands, or 0 where there is no
 * signature. */
size_t minhash_keys(struct minhash *m, struct slice text, uint64_t *keys) MUST_CHECK;

void minhash_free(struct minhash *m);

#endif
