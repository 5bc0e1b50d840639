/* corpus-tokenize: makes and uses vocabularies. */
#include "lib/cmd.h"
#include "stages/tokenize/tokenize.h"

#define TRAIN(name) offsetof(struct train_run_config, name)
#define ENCODE(name) offsetof(struct encode_config, name)
#define CONVERT(name) offsetof(struct convert_config, name)
#define COUNT(name) offsetof(struct count_config, name)
#define DECODE(name) offsetof(struct decode_config, name)
#define INSPECT(name) offsetof(struct inspect_config, name)
#define SPLIT(name) offsetof(struct split_config, name)

#define PATTERN_DETAIL \
	"A name (gpt2, cl100k, o200k, llama3, qwen2, deepseek3 or tekken) or a regular expression"

/* clang-format off */
/* The options of the verbs that use a vocabulary. Its digest stands in the stamp, not its name. */
#define MERGES(FIELD) \
	{ 0, "merges", OPT_FILE, FIELD, .neutral = true, \
		.help = "the merges of a vocab.json, else merges.txt or vocab.bpe beside it" }
#define VOCAB(FIELD) \
	{ 0, "vocab", OPT_FILE, FIELD(use.path), .neutral = true, \
		.help = "the vocabulary", \
		.detail = "A tokenizer.json, a vocab.json (with --merges), a .tiktoken file or a " \
			  "tekken.json, told apart by content. What it asks for and is not done " \
			  "here is refused by name" }, \
	MERGES(FIELD(use.merges)), \
	{ 0, "special-tokens", OPT_LIST, FIELD(use.special_tokens), .arg = "TEXT=ID,...", \
		.neutral = true, .help = "the special tokens of a .tiktoken file", \
		.detail = "In place of those that are known of it" }
#define USE(FIELD) \
	VOCAB(FIELD), \
	{ 0, "pattern", OPT_STR, FIELD(use.pattern), .arg = "PATTERN", .neutral = true, \
		.help = "what cuts text, where a .tiktoken file is not known", \
		.detail = PATTERN_DETAIL }, \
	{ 0, "special", OPT_CHOICE, FIELD(use.special), .choices = tokenize_specials, \
		.help = "which special tokens are found in text", \
		.detail = "With none the text of an added token is text like any other; with all " \
			  "it is that token, as Hugging Face tokenizers has it; refuse does the " \
			  "same, but a record with a mark such as <|endoftext|> in its text is " \
			  "bad" }
#define CACHE(FIELD) \
	{ 0, "cache", OPT_SIZE, FIELD(use.cache), .min = 1 << 20, .max = UINT64_C(1) << 40, \
		.neutral = true, .help = "memory of each thread for pieces met", \
		.detail = "Pieces that come again are looked up there. More of it is faster on " \
			  "text in many languages" }
/* clang-format on */

static const struct opt train_options[] = {
	{ 0, "from", OPT_CHOICE, TRAIN(from), .choices = train_froms, .help = "what the files hold",
		.detail = "Text is taken a line at a time, with its line end; a line over "
			  "--max-record is cut there" },
	{ 0, "lines", OPT_FLAG, TRAIN(lines), .help = "cut the text of records at line ends",
		.detail = "As train(files) of Hugging Face tokenizers does with its files; without "
			  "it white space across line ends is counted too, as "
			  "train_from_iterator does" },
	{ 'n', "vocab-size", OPT_UINT, TRAIN(vocab_size), .min = 256, .max = VOCAB_MAX_IDS - 1,
		.help = "tokens at most, special ones and the 256 bytes included" },
	{ 0, "min-frequency", OPT_UINT, TRAIN(min_frequency), .min = 1, .max = -1,
		.help = "merge no pair that stands less often" },
	{ 0, "pattern", OPT_STR, TRAIN(pattern), .arg = "PATTERN", .help = "what cuts text",
		.detail = PATTERN_DETAIL },
	{ 0, "special-tokens", OPT_LIST, TRAIN(specials), .arg = "TOKENS", .help = "special tokens",
		.detail = "In a --config file [] is none" },
	{ 0, "special-ids", OPT_CHOICE, TRAIN(special_ids), .choices = train_special_ids,
		.help = "where the ids of special tokens are: first for json, last for tiktoken",
		.detail = "Before those of the bytes, as Hugging Face's trainer has them, or "
			  "behind all others, as in tiktoken's vocabularies" },
	{ 0, "to", OPT_CHOICE, TRAIN(to), .choices = train_tos, .help = "what to write",
		.detail = "The tokenizer.json of Hugging Face tokenizers, or a .tiktoken file, "
			  "which says neither pattern nor special tokens" },
};

static const struct opt encode_options[] = {
	USE(ENCODE),
	CACHE(ENCODE),
	{ 0, "from", OPT_CHOICE, ENCODE(from), .choices = encode_froms,
		.help = "what the files hold",
		.detail = "With text a file is one document, with lines each of its lines is, "
			  "without its line end" },
	{ 0, "bytes", OPT_FLAG, ENCODE(bytes), .help = "encode text byte for byte",
		.detail = "Without it what is no UTF-8 becomes U+FFFD, as in records" },
	{ 0, "to", OPT_CHOICE, ENCODE(to), .choices = encode_tos,
		.help = "what to write: flat to a file, jsonl to standard output",
		.detail =
			"The layouts of shards are described below; jsonl is a line of id and ids "
			"a document, which goes to standard output without compression" },
	{ 0, "dtype", OPT_CHOICE, ENCODE(type), .choices = encode_types,
		.help = "the type of an id in a shard",
		.detail = "With auto it is uint16 when the vocabulary has no id over 65535. Four "
			  "bytes are int32 for megatron and mds" },
	{ 0, "eot", OPT_STR, ENCODE(eot), .arg = "TOKEN",
		.help = "the token behind each document of a shard; empty: none" },
	{ 0, "llmc", OPT_FLAG, ENCODE(llmc), .help = "begin a flat shard with the header of llm.c",
		.detail = "That of GPT-2 for ids of two bytes, that of Llama 3 for four" },
	{ 0, "pack", OPT_UINT, ENCODE(pack), .arg = "LENGTH", .max = 1 << 24,
		.help = "cut all documents, one behind another, into sequences of LENGTH tokens",
		.detail = "Documents cross the borders of sequences, and of shards; 0 is no "
			  "packing" },
	{ 0, "tail", OPT_CHOICE, ENCODE(tail), .choices = encode_tails,
		.help = "what becomes of the tokens that fill no sequence",
		.detail = "They are padded with the token of --eot, which is the default, or "
			  "dropped" },
	{ 0, "shard-tokens", OPT_UINT, ENCODE(shard_tokens), .arg = "N", .max = -1,
		.help = "end a shard with the document or sequence that brings it to N tokens",
		.detail = "The shards are numbered: NAME-00000, NAME-00001 and so on. 0 is one "
			  "shard" },
};

/* What the user says of files of ids that do not say it themselves. */
#define IDS(FIELD) \
	{ 0, "from", OPT_CHOICE, FIELD(from), .choices = decode_froms, \
		.help = "what the files hold, else told by name and content", \
		.detail = "Standard input is jsonl" }, \
	{ \
		0, "dtype", OPT_CHOICE, FIELD(type), \
			.choices = decode_types, \
			.help = "the type of an id, where neither manifest nor layout says it" \
	}

static const struct opt decode_options[] = {
	VOCAB(DECODE),
	IDS(DECODE),
	{ 0, "to", OPT_CHOICE, DECODE(to), .choices = decode_tos, .help = "what to write",
		.detail = "text is the bytes of all documents and nothing between them, lines a "
			  "line end behind each" },
	{ 0, "eot", OPT_STR, DECODE(eot), .arg = "TOKEN",
		.help = "the token that ends a document, where no manifest says it; empty: none",
		.detail = "It is <|endoftext|> where the vocabulary has that, and no part of the "
			  "text" },
};

static const struct opt inspect_options[] = {
	MERGES(INSPECT(merges)),
	IDS(INSPECT),
	{ 0, "json", OPT_FLAG, INSPECT(json), .help = "write JSON, an object a file" },
};

static const struct opt count_options[] = {
	USE(COUNT),
	CACHE(COUNT),
};

static const struct opt split_options[] = {
	{ 0, "vocab", OPT_FILE, SPLIT(use.path), .neutral = true,
		.help = "the vocabulary whose pattern cuts" },
	MERGES(SPLIT(use.merges)),
	{ 0, "pattern", OPT_STR, SPLIT(use.pattern), .arg = "PATTERN",
		.help = "the pattern that cuts text", .detail = PATTERN_DETAIL },
};

static const struct opt convert_options[] = {
	{ 0, "to", OPT_CHOICE, CONVERT(to), .choices = convert_tos, .help = "the format to write",
		.detail =
			"The file is read again: a format that cannot hold the vocabulary so that "
			"every text gets the same ids is an error. vocab is vocab.json and, beside "
			"it, merges.txt" },
	{ 0, "merges", OPT_FILE, CONVERT(use.merges), .neutral = true,
		.help = "the merges of a vocab.json, else merges.txt or vocab.bpe beside it" },
	{ 0, "pattern", OPT_STR, CONVERT(use.pattern), .arg = "PATTERN", .neutral = true,
		.help = "what cuts text, where a .tiktoken file is not known",
		.detail = PATTERN_DETAIL },
	{ 0, "special-tokens", OPT_LIST, CONVERT(use.special_tokens), .arg = "TEXT=ID,...",
		.neutral = true, .help = "the special tokens of a .tiktoken file",
		.detail = "In place of those that are known of it" },
};

int main(int argc, char **argv)
{
	const char *specials[] = { "<|endoftext|>" };
	struct train_run_config train = { .pattern = "gpt2",
		.vocab_size = 32768,
		.special_ids = -1,
		.min_frequency = 2,
		.specials = { .at = specials, .n = ARRAY_LEN(specials) } };
	struct encode_config encode = {
		.to = -1, .tail = -1, .eot = "<|endoftext|>", .use.cache = 12 * MIB
	};
	struct decode_config decode = { .from = -1, .type = -1 };
	struct inspect_config inspect = { .from = -1, .type = -1 };
	struct count_config count = { .use.cache = 12 * MIB };
	struct split_config split = { 0 };
	struct convert_config convert = { .to = -1 };
	const struct command commands[] = {
		{ "train", &tokenize_train_stage, train_options, ARRAY_LEN(train_options), &train },
		{ "encode", &tokenize_encode_stage, encode_options, ARRAY_LEN(encode_options),
			&encode },
		{ "decode", &tokenize_decode_stage, decode_options, ARRAY_LEN(decode_options),
			&decode },
		{ "inspect", &tokenize_inspect_stage, inspect_options, ARRAY_LEN(inspect_options),
			&inspect },
		{ "count", &tokenize_count_stage, count_options, ARRAY_LEN(count_options), &count },
		{ "split", &tokenize_split_stage, split_options, ARRAY_LEN(split_options), &split },
		{ "convert", &tokenize_convert_stage, convert_options, ARRAY_LEN(convert_options),
			&convert },
	};

	return cmd_run_verbs(
		argc, argv, "tokenize", "make and use vocabularies", commands, ARRAY_LEN(commands));
}
