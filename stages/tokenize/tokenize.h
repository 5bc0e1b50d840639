/* tokenize.h - vocabularies made and used: the verbs of corpus-tokenize.
 *
 *	train	records or lines of text -> tokenizer.json or .tiktoken
 *	encode	records or text -> shards of token ids with maps and a manifest (token_set.h), or
 *		JSON lines
 *	decode	shards or JSON lines of ids -> records or text
 *	inspect	a vocabulary or shards -> what they are
 *	count	records -> records with token_count
 *	split	records -> the ends of the pieces that tokens never cross
 *	convert	a vocabulary -> a vocabulary in another format
 *
 * Each stage's config holds its options and, behind them, what setup makes of them. */
#ifndef CORPUS_TOKENIZE_H
#define CORPUS_TOKENIZE_H

#include "lib/core/opt.h"
#include "lib/stage.h"
#include "stages/tokenize/waiting.h"
#include "tokenizer/corpustok.h"

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
	const char *merges; /* --merges: beside a vocab.json; NULL: looked for there */
	const char *pattern; /* --pattern: for files that do not say */
	struct opt_list special_tokens; /* --special-tokens, for the same files */
	int special; /* --special, an enum special_use */
	uint64_t cache; /* --cache: bytes, of each thread's encoder */

	struct vocab vocab;
	char digest[33]; /* vocab_digest's */
	const char *kind; /* of the file (vocab_file.h) */
	struct tokenizer tokenizer;
	struct tokenize_seen *seen; /* owned; the workers write to it */
};

extern const char *const tokenize_specials[]; /* choices of --special */

/* Loads the vocabulary; ERR_USAGE when --vocab is not given. Released in either case by
 * tokenize_vocab_release. */
int tokenize_vocab_load(struct tokenize_vocab *v, struct err *e) MUST_CHECK;

/* The same for verbs that only encode: without what tokenizer_slim frees. */
int tokenize_vocab_load_slim(struct tokenize_vocab *v, struct err *e) MUST_CHECK;

/* The same without what cuts text, and with the merges: for verbs that take tokens alone, and those
 * that tell or write what is in the vocabulary. */
int tokenize_vocab_read(struct tokenize_vocab *v, struct err *e) MUST_CHECK;

void tokenize_vocab_release(struct tokenize_vocab *v);

/* What becomes of a record whose text cannot be encoded: it is bad when that is the text's fault,
 * as it is when the text takes too many steps. */
enum verdict tokenize_failed(const struct err *e);

/* Appends the vocabulary's digest as members of a stamp's "uses". */
void tokenize_vocab_describe(const struct tokenize_vocab *v, struct buf *json);

/* ---- count ---- */

struct count_config {
	struct tokenize_vocab use;
};

extern const struct stage tokenize_count_stage;

/* ---- split ---- */

struct split_config {
	struct tokenize_vocab use; /* --vocab; without it pattern is what cuts */
};

extern const struct stage tokenize_split_stage;

/* ---- encode ---- */

enum encode_from { ENCODE_RECORDS, ENCODE_TEXT, ENCODE_LINES };

/* Those before the last in the order of token_formats (token_format.h). */
enum encode_to {
	ENCODE_FLAT,
	ENCODE_MEGATRON,
	ENCODE_NPY,
	ENCODE_OLMO,
	ENCODE_DATATROVE,
	ENCODE_MDS,
	ENCODE_JSONL
};
enum encode_type { ENCODE_AUTO, ENCODE_UINT16, ENCODE_UINT32 };
enum encode_tail { ENCODE_PAD, ENCODE_DROP };

struct token_set;

struct encode_config {
	struct tokenize_vocab use;
	int from; /* enum encode_from */
	bool bytes; /* text is encoded byte for byte */
	int to; /* enum encode_to; -1: not given */
	int type; /* --dtype, an enum encode_type */
	const char *eot; /* the token behind each document; "": none */
	bool llmc; /* flat with the header of llm.c */
	uint64_t pack; /* ids of a sequence; 0: documents stay whole */
	int tail; /* enum encode_tail; -1: not given */
	uint64_t shard_tokens; /* 0: one shard */

	uint32_t eot_id; /* NO_TOKEN: none */
	unsigned id_bytes;
	struct token_set *set;
	struct waiting_list list; /* ids that are not written yet */
};

extern const char *const encode_froms[]; /* choices of --from */
extern const char *const encode_tos[]; /* choices of --to */
extern const char *const encode_types[]; /* choices of --dtype */
extern const char *const encode_tails[]; /* choices of --tail */
extern const struct stage tokenize_encode_stage;

/* ---- decode ---- */

enum decode_to { DECODE_RECORDS, DECODE_TEXT, DECODE_LINES };

struct output;

struct decode_config {
	struct tokenize_vocab use;
	int from; /* into decode_froms; -1: told by name and content */
	int type; /* --dtype, into decode_types; -1: not given */
	int to; /* enum decode_to */
	const char *eot; /* NULL: not given; "": none */

	uint32_t eot_id; /* NO_TOKEN: none */
	uint64_t max_text; /* bytes of a document's text */
	struct output *out;
	struct waiting_list list; /* texts that are not written yet */
};

extern const char *const decode_froms[]; /* choices of --from */
extern const char *const decode_types[]; /* choices of --dtype */
extern const char *const decode_tos[]; /* choices of --to */
extern const struct stage tokenize_decode_stage;

/* ---- inspect ---- */

struct inspect_config {
	const char *merges; /* --merges */
	int from; /* into decode_froms; -1: told by name and content */
	int type; /* into decode_types; -1: not given */
	bool json;
};

extern const struct stage tokenize_inspect_stage;

/* ---- convert ---- */

struct convert_config {
	struct tokenize_vocab use; /* its path is the operand */
	int to; /* enum vocab_format; -1: not given */
};

extern const char *const convert_tos[]; /* choices of --to */
extern const struct stage tokenize_convert_stage;

/* ---- train ---- */

enum train_from { TRAIN_RECORDS, TRAIN_TEXT };
enum train_to { TRAIN_TO_JSON, TRAIN_TO_TIKTOKEN };
enum train_special_ids { TRAIN_SPECIALS_FIRST, TRAIN_SPECIALS_LAST };

struct train_spill;

struct train_run_config {
	int from; /* enum train_from */
	bool lines; /* records are cut at line ends */
	const char *pattern; /* a name or a regular expression */
	int to; /* enum train_to */
	uint64_t vocab_size;
	uint64_t min_frequency;
	struct opt_list specials;
	int special_ids; /* enum train_special_ids; -1: not given */

	struct pretok *pretok;
	struct tokenize_seen seen;
	struct train_counts *done; /* of the workers, when they have read all */
	size_t n_done, cap_done;
	struct train_spill *spill;
	size_t share; /* bytes that a worker's counts may take */
};

extern const char *const train_froms[]; /* choices of --from */
extern const char *const train_tos[]; /* choices of --to */
extern const char *const train_special_ids[]; /* choices of --special-ids */
extern const struct stage tokenize_train_stage;

#endif
