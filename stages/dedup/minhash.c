/* MinHash signatures of a text's shingles, and the keys of their bands. */
#include "stages/dedup/minhash.h"

#include "lib/core/mem.h"
#include "stages/dedup/datatrove.h"
#include "stages/dedup/permute.h"
#include "stages/dedup/shingles.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

const char *const minhash_compat_names[] = { "none", "datatrove", NULL };

struct minhash {
	struct minhash_config cfg;
	size_t n_values;
	struct permutations permutations;
	uint32_t *least; /* of each permutation */
	struct tokens tokens;
	uint64_t *hashes; /* of the shingles of a piece of text */
	size_t cap_hashes;
	uint64_t *values;
	struct datatrove *datatrove; /* where that is asked for; then permutations is empty */
	uint64_t *a, *b; /* its permutations */
};

static int check(const struct minhash_config *c, struct err *e)
{
	if (c->shingle < 1 || c->shingle > SHINGLE_MAX)
		return err_set(e, ERR_USAGE, "a shingle of %u tokens; 1 to %d can be", c->shingle,
			SHINGLE_MAX);
	if (c->bands < 1 || c->rows < 1 || c->bands > MINHASH_MAX_VALUES / c->rows)
		return err_set(e, ERR_USAGE, "%u bands of %u rows: the product can be 1 to %d",
			c->bands, c->rows, MINHASH_MAX_VALUES);
	if (c->compat == MINHASH_DATATROVE && c->seed > UINT32_MAX)
		return err_set(e, ERR_USAGE,
			"seed %" PRIu64 ": numpy's, which datatrove takes, ends at %" PRIu32,
			c->seed, UINT32_MAX);
	return 0;
}

static void prepare_own(struct minhash *m)
{
	m->permutations = permutations_new(m->n_values, m->cfg.seed);
	m->least = aligned_alloc(64, m->permutations.n * sizeof(m->least[0]));
	if (!m->least)
		mem_exhausted();
}

static int prepare_datatrove(struct minhash *m, struct err *e)
{
	m->datatrove = datatrove_new(m->cfg.shingle, e);
	m->a = mem_zalloc(m->n_values, sizeof(m->a[0]));
	m->b = mem_zalloc(m->n_values, sizeof(m->b[0]));
	datatrove_draw(m->a, m->b, m->n_values, (uint32_t)m->cfg.seed);
	return m->datatrove ? 0 : -1;
}

struct minhash *minhash_new(const struct minhash_config *config, struct err *e)
{
	struct minhash *m;

	if (check(config, e) < 0)
		return NULL;
	m = mem_zalloc(1, sizeof(*m));
	m->cfg = *config;
	m->n_values = (size_t)config->bands * config->rows;
	m->values = mem_zalloc(m->n_values, sizeof(m->values[0]));
	if (config->compat == MINHASH_OWN)
		prepare_own(m);
	else if (prepare_datatrove(m, e) < 0) {
		minhash_free(m);
		return NULL;
	}
	return m;
}

static void reserve_hashes(struct minhash *m, size_t n)
{
	if (n <= m->cap_hashes)
		return;
	m->cap_hashes = n;
	m->hashes = mem_resize(m->hashes, n, sizeof(m->hashes[0]));
}

/* The least values under all permutations; returns the number of shingles. */
static uint64_t find_least(struct minhash *m, struct slice text)
{
	struct shingles s;
	uint64_t shingles = 0;
	size_t n;

	memset(m->least, 0xFF, m->permutations.n * sizeof(m->least[0]));
	if (!tokens_begin(&m->tokens, text))
		return 0;
	shingles_begin(&s, m->cfg.shingle);
	while (tokens_more(&m->tokens)) {
		reserve_hashes(m, m->tokens.n + 1);
		n = shingles_roll(&s, m->tokens.at, m->tokens.n, m->hashes);
		permute_least(&m->permutations, m->hashes, n, m->least);
		shingles += n;
	}
	reserve_hashes(m, 1);
	n = shingles_end(&s, m->hashes);
	permute_least(&m->permutations, m->hashes, n, m->least);
	return shingles + n;
}

static bool sign_datatrove(struct minhash *m, struct slice text, uint64_t *values)
{
	const uint64_t *hashes = NULL;
	size_t n = datatrove_shingles(m->datatrove, text, &hashes, NULL);

	memset(values, 0xFF, m->n_values * sizeof(values[0]));
	datatrove_least(m->a, m->b, m->n_values, hashes, n, values);
	return n > 0;
}

bool minhash_sign(struct minhash *m, struct slice text, uint64_t *values)
{
	if (m->datatrove)
		return sign_datatrove(m, text, values);
	if (find_least(m, text) == 0)
		return false;
	for (size_t i = 0; i < m->n_values; i++)
		values[i] = m->least[i];
	return true;
}

/* The number of the band is in the key, so that all keys can stand in one set. */
static uint64_t band_key(uint64_t *values, unsigned rows, unsigned band)
{
	for (unsigned i = 0; i < rows; i++)
		values[i] = htole64(values[i]);
	return XXH3_64bits_withSeed(values, rows * sizeof(values[0]), band);
}

size_t minhash_keys(struct minhash *m, struct slice text, uint64_t *keys)
{
	if (!minhash_sign(m, text, m->values))
		return 0;
	for (unsigned i = 0; i < m->cfg.bands; i++)
		keys[i] = band_key(m->values + (size_t)i * m->cfg.rows, m->cfg.rows, i);
	return m->cfg.bands;
}

void minhash_free(struct minhash *m)
{
	if (!m)
		return;
	permutations_free(&m->permutations);
	datatrove_free(m->datatrove);
	free(m->a);
	free(m->b);
	tokens_release(&m->tokens);
	free(m->least);
	free(m->hashes);
	free(m->values);
	free(m);
}
