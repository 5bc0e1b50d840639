/* tokenize.h - vocabularies made and used: the verbs of corpus-tokenize.
 *
 *	train	records or lines of text -> tokenizer.json
 *	encode	records -> a shard of token ids with its map and manifest (shard.h), or JSON lines
 *	count	records -> records with token_count
 *
 * Each stage's config holds its options and, behind them, what setup makes of them. */
#ifndef CORPUS_TOKENIZE_H
#define CORPUS_TOKENIZE_H

#include "lib/core/opt.h"
#include "lib/stage.h"
#include "tokenizer/corpustok.h"

#include <pthread.h>
#include <stdatomic.h>

/* Whether there were texts at all: a wrong field must not look like success. */
struct tokenize_seen {
	atomic_bool text, no_text;
};

/* True when the record has a string text, which is set in *text. */
bool tokenize_text(struct record *r, struct slice *text, struct tokenize_seen *seen);

/* A sentence when all records were without text. */
void tokenize_seen_note(const struct tokenize_seen *seen, struct buf *notes);

/* Which vocabulary, for the verbs that use one. */
struct tokenize_vocab {
	const char *path; /* --vocab */
	const char *merges; /* --merges: beside a vocab.json */
	int pattern; /* --pattern: for files that do not say; -1: not given */
	int special; /* --special, an enum special_use */

	struct vocab vocab;
	struct pretok *pretok;
	struct tokenize_seen *seen; /* owned; the workers write to it */
};

extern const char *const tokenize_patterns[]; /* choices of --pattern */
extern const char *const tokenize_specials[]; /* choices of --special */

/* Loads the vocabulary; ERR_USAGE when --vocab is not given. Released in either case by
 * tokenize_vocab_release. */
int tokenize_vocab_load(struct tokenize_vocab *v, struct err *e) MUST_CHECK;
void tokenize_vocab_release(struct tokenize_vocab *v);

/* Appends the vocabulary's digest as members of a stamp's "uses". */
void tokenize_vocab_describe(const struct tokenize_vocab *v, struct buf *json);

/* ---- count ---- */

struct count_config {
	struct tokenize_vocab use;
};

extern const struct stage tokenize_count_stage;

/* ---- encode ---- */

enum encode_to { ENCODE_SHARD, ENCODE_JSONL };
enum encode_type { ENCODE_AUTO, ENCODE_UINT16, ENCODE_UINT32 };

struct encoded;
struct token_shard;

struct encode_config {
	struct tokenize_vocab use;
	int to; /* enum encode_to */
	int type; /* --dtype, an enum encode_type */
	const char *eot; /* the token behind each document; "": none */

	uint32_t eot_id; /* NO_TOKEN: none */
	unsigned id_bytes;
	struct token_shard *shard;
	pthread_mutex_t lock; /* of the list */
	struct encoded *waiting; /* encoded documents that are not written yet */
};

extern const char *const encode_tos[]; /* choices of --to */
extern const char *const encode_types[]; /* choices of --dtype */
extern const struct stage tokenize_encode_stage;

/* ---- train ---- */

enum train_from { TRAIN_RECORDS, TRAIN_TEXT };

struct train_run_config {
	int from; /* enum train_from */
	bool lines; /* records are cut at line ends */
	uint64_t vocab_size;
	uint64_t min_frequency;
	struct opt_list specials;

	struct pretok *pretok;
	struct tokenize_seen seen;
	struct train_counts counts; /* of the workers that are done */
	uint64_t memory; /* bytes: the limit */
	atomic_uint_fast64_t used; /* by all workers */
};

extern const char *const train_froms[]; /* choices of --from */
extern const struct stage tokenize_train_stage;

#endif
