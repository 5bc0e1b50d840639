/* vocab.h - a BPE vocabulary: tokens, merges, special tokens, and what happens to a text before.
 *
 *	struct vocab v = { 0 };
 *	if (vocab_parse(&v, text, merges, &e) < 0) ...      a file of others: vocab_file.h
 *	... any number of encoders on any number of threads (encode.h) ...
 *	vocab_release(&v);
 *
 * Or built by hand: vocab_add every token, then vocab_add_merge, vocab_add_special, and
 * vocab_finish last. After vocab_finish nothing changes, so that threads may share it. */
#ifndef CORPUSTOK_VOCAB_H
#define CORPUSTOK_VOCAB_H

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "tokenizer/steps.h"

/* No token. Ids are below it, and below VOCAB_MAX_IDS. */
#define NO_TOKEN UINT32_MAX

/* The largest vocabularies in use have some 260,000 entries; the bound keeps a hostile file from
 * asking for gigabytes or days. */
enum { VOCAB_MAX_IDS = 1 << 24 };

/* The longest token of a file of ranks, where every cut of a token is looked up. The longest in use
 * is one of some hundred spaces. */
enum { VOCAB_MAX_RANKED = 4096 };

/* left and right, side by side, become made; the lowest rank goes first. */
struct vocab_merge {
	uint32_t left, right;
	uint32_t made;
	uint32_t rank;
};

/* A token that is found in the text before it is cut into pieces, when the caller allows it. The
 * last four are as added_vocabulary.rs of Hugging Face tokenizers has them. */
struct vocab_special {
	struct slice text;
	uint32_t id;
	bool control; /* "special" in tokenizer.json: a mark, no part of the text */
	bool added; /* no token of the model: merges and pieces never give it */
	bool normalized; /* its normalised form is found, in the normalised text */
	bool lstrip, rstrip; /* it takes the white space before, or behind it */
	bool single_word; /* not where a letter, digit or mark stands beside it */
};

/* Open addressing; the number of slots is a power of two, at least twice the entries. */
struct vocab_words {
	struct vocab_word {
		uint32_t tag; /* the hash's upper half */
		uint32_t id; /* NO_TOKEN: free */
	} * slots;
	size_t mask;
};

/* Places that a merge crosses, a bit each, for crossings.c. */
struct vocab_crossings {
	uint64_t *bits; /* 1 << (64 - shift) of them */
	struct crossing_sides *sides; /* by the bits of a character of three bytes */
	unsigned shift;
};

struct vocab_pairs {
	struct vocab_pair {
		uint64_t key; /* left << 32 | right; UINT64_MAX: free */
		uint32_t rank, made;
	} * slots;
	size_t mask;
};

struct vocab {
	struct arena arena; /* the tokens' bytes */
	struct slice *tokens; /* by id; p is NULL where an id has no token */
	uint32_t n_ids; /* the greatest id and one */
	size_t cap_ids;
	uint32_t n_tokens;

	struct vocab_merge *merges; /* in the order they were added */
	size_t n_merges, cap_merges;
	struct vocab_special *specials; /* in the order they were added */
	size_t n_specials, cap_specials;

	/* A piece that is a token becomes that token whatever the merges say ("ignore_merges", and
	 * the way of .tiktoken files). */
	bool whole_first;
	bool ranked; /* made from ranks: the merges are all cuts of each token */

	/* How the text is normalised, and then cut into pieces (pretok.h). Their texts are in the
	 * arena. */
	struct norm_step *norms;
	size_t n_norms, cap_norms;
	struct cut_step *cuts; /* none: the whole text is one piece */
	size_t n_cuts, cap_cuts;
	bool cuts_missing; /* the file does not say how text is cut, and cuts is empty */

	/* A piece starts as characters, not bytes, as in SentencePiece's vocabularies: byte_id is
	 * then what a byte of a character without a token becomes, or NO_TOKEN. */
	bool characters;
	/* What such a character becomes where its bytes have no tokens: nothing, or unk_id; with
	 * fuse_unk several side by side become one. */
	bool has_unk, fuse_unk;
	uint32_t unk_id;

	/* In whose tokens this stands for a space; empty: it does not. And what of them is left out
	 * at the beginning of a decoded text. */
	struct slice space_mark;
	enum vocab_strip {
		STRIP_NOTHING,
		STRIP_SPACE, /* one space */
		STRIP_MARKS, /* all marks of the first token */
	} strip;

	/* Of a tokenizer.json, as they stand there, for writing it again; or empty. */
	struct slice decoder, post_processor;

	/* The rest is made by vocab_finish. */
	uint32_t byte_id[256]; /* NO_TOKEN where there is none */
	bool bytes_missing; /* some that well-formed UTF-8 does not have are no token */
	struct vocab_words words; /* every token of the model by its bytes */
	struct vocab_words whole; /* those that a piece of the same bytes becomes */
	struct vocab_pairs pairs;
	struct vocab_crossings crossings;
	struct matcher *matcher; /* NULL where pieces need merging (matcher.h) */
	/* A bit for each two bytes, the left one's value times 256: whether a merge joins tokens
	 * that end and begin with them. Where none does, a piece may be cut. */
	unsigned char joins[65536 / 8];
	size_t longest; /* bytes of the longest token in whole */
	size_t longest_unmade; /* and of the longest there that merges do not make */
};

/* First of all, for a vocabulary of characters: no byte has a token yet. */
void vocab_use_characters(struct vocab *v);

/* A token of the model. bytes are copied. ERR_DATA when the id is taken or out of range, or the
 * token is empty. */
int vocab_add(struct vocab *v, uint32_t id, struct slice bytes, struct err *e) MUST_CHECK;

/* The three must be tokens. Of two merges of one pair vocab_finish makes an error. */
int vocab_add_merge(struct vocab *v, const struct vocab_merge *m, struct err *e) MUST_CHECK;

/* Every way to cut a token into two tokens becomes a merge with the token's id as its rank: what
 * .tiktoken files mean. For before vocab_finish, which it takes the place of. */
int vocab_finish_ranks(struct vocab *v, struct err *e) MUST_CHECK;

/* The id may be that of a token of the same text, or new. */
int vocab_add_special(
	struct vocab *v, uint32_t id, struct slice text, bool control, struct err *e) MUST_CHECK;

/* The next step; its texts are copied. */
void vocab_add_norm(struct vocab *v, const struct norm_step *step);
void vocab_add_cut(struct vocab *v, const struct cut_step *step);

/* The steps of a published name (pretok.h); of any other text the one step that most vocabularies
 * have: the pieces are the regular expression's matches and what lies between them. */
void vocab_add_pattern(struct vocab *v, const char *pattern);

/* Checks that each byte of UTF-8 is a token (so that every text can be encoded) and makes the
 * tables for look-up. */
int vocab_finish(struct vocab *v, struct err *e) MUST_CHECK;

/* The id of the token with these bytes, a special one first, or NO_TOKEN. */
uint32_t vocab_find(const struct vocab *v, struct slice bytes);

/* The bytes of a token; {NULL, 0} when the id has none. */
static inline struct slice vocab_token(const struct vocab *v, uint32_t id)
{
	return id < v->n_ids ? v->tokens[id] : (struct slice){ NULL, 0 };
}

/* True when the token stands for a byte of characters that have no token: it is not found by its
 * bytes. */
static inline bool vocab_is_fallback(const struct vocab *v, uint32_t id)
{
	struct slice token = v->tokens[id];

	return v->characters && token.n == 1 && v->byte_id[(unsigned char)*token.p] == id;
}

/* Appends the text of n tokens: their bytes one behind another, but for marks that stand for
 * spaces. ERR_DATA names an id that is none. */
int vocab_decode(const struct vocab *v, const uint32_t *ids, size_t n, struct buf *out,
	struct err *e) MUST_CHECK;

/* Bytes of one id in a token shard: 2 when every id is at most 65,535, else 4. */
unsigned vocab_id_bytes(const struct vocab *v);

/* XXH3-128 as 32 hexadecimal digits and a NUL. Vocabularies with the same have the same tokens and
 * encode alike, whatever files they come from: it is made over tokens, the merges that happen in
 * the order of their ranks, added tokens and steps, a published pattern in any spelling being
 * one. */
void vocab_digest(const struct vocab *v, char out[33]);

/* Frees the merges, and what finds a merge or a whole piece. The vocabulary must have a matcher and
 * be one of bytes; after it bpe_merge, vocab_digest and writing are over. For tokenizer_slim. */
void vocab_slim(struct vocab *v);

void vocab_release(struct vocab *v);

/* Look-ups for bpe.c. */
uint32_t vocab_words_find(
	const struct vocab *v, const struct vocab_words *words, struct slice bytes);

static inline uint64_t vocab_pair_hash(uint64_t key)
{
	/* Fibonacci hashing (Knuth, volume 3, section 6.4), the upper bits folded down. */
	key *= UINT64_C(0x9E3779B97F4A7C15);
	return key ^ key >> 32;
}

static inline bool vocab_joins(const struct vocab *v, char left, char right)
{
	unsigned two = (unsigned char)left * 256u + (unsigned char)right;

	return v->joins[two / 8] >> two % 8 & 1;
}

/* The merge of a pair, or NULL. */
static inline const struct vocab_pair *vocab_pair_find(
	const struct vocab *v, uint32_t left, uint32_t right)
{
	uint64_t key = (uint64_t)left << 32 | right;

	for (size_t i = (size_t)vocab_pair_hash(key);; i++) {
		const struct vocab_pair *at = &v->pairs.slots[i & v->pairs.mask];

		if (at->key == key)
			return at;
		if (at->key == UINT64_MAX)
			return NULL;
	}
}

#endif
