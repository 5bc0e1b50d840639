/* corpus-tokenize: makes and uses vocabularies. */
#include "lib/cmd.h"
#include "stages/tokenize/tokenize.h"

#define TRAIN(name) offsetof(struct train_run_config, name)
#define ENCODE(name) offsetof(struct encode_config, name)
#define COUNT(name) offsetof(struct count_config, name)

/* clang-format off */
/* The options of the verbs that use a vocabulary. Its digest stands in the stamp, not its name. */
#define USE(FIELD) \
	{ 0, "vocab", OPT_FILE, FIELD(use.path), .neutral = true, \
		.help = "the vocabulary", \
		.detail = "A tokenizer.json, a vocab.json (with --merges) or a .tiktoken file, " \
			  "told apart by content. What it asks for and is not done here is " \
			  "refused by name" }, \
	{ 0, "merges", OPT_FILE, FIELD(use.merges), .neutral = true, \
		.help = "the merges.txt beside a vocab.json" }, \
	{ 0, "pattern", OPT_CHOICE, FIELD(use.pattern), .choices = tokenize_patterns, \
		.help = "the pattern that cuts text, where the vocabulary does not say" }, \
	{ 0, "special", OPT_CHOICE, FIELD(use.special), .choices = tokenize_specials, \
		.help = "which special tokens are found in text", \
		.detail = "With none their text is text like any other" }
/* clang-format on */

static const struct opt train_options[] = {
	{ 0, "from", OPT_CHOICE, TRAIN(from), .choices = train_froms, .help = "what the files hold",
		.detail = "Text is taken a line at a time, with its line end" },
	{ 0, "lines", OPT_FLAG, TRAIN(lines), .help = "cut the text of records at line ends",
		.detail = "As train(files) of Hugging Face tokenizers does with its files; without "
			  "it white space across line ends is counted too, as "
			  "train_from_iterator does" },
	{ 'n', "vocab-size", OPT_UINT, TRAIN(vocab_size), .min = 256, .max = VOCAB_MAX_IDS - 1,
		.help = "tokens at most, special ones and the 256 bytes included" },
	{ 0, "min-frequency", OPT_UINT, TRAIN(min_frequency), .min = 1, .max = -1,
		.help = "merge no pair that stands less often" },
	{ 0, "special-tokens", OPT_LIST, TRAIN(specials), .arg = "TOKENS",
		.help = "special tokens, which get the first ids" },
};

static const struct opt encode_options[] = {
	USE(ENCODE),
	{ 0, "to", OPT_CHOICE, ENCODE(to), .choices = encode_tos, .help = "what to write",
		.detail = "A shard is NAME.bin with NAME.docs.jsonl.zst and NAME.json beside it; "
			  "jsonl is a line of id and ids a record" },
	{ 0, "dtype", OPT_CHOICE, ENCODE(type), .choices = encode_types,
		.help = "the type of an id in a shard",
		.detail = "With auto it is uint16 when the vocabulary has no id over 65535" },
	{ 0, "eot", OPT_STR, ENCODE(eot), .arg = "TOKEN",
		.help = "the token behind each document of a shard; empty: none" },
};

static const struct opt count_options[] = {
	USE(COUNT),
};

int main(int argc, char **argv)
{
	const char *specials[] = { "<|endoftext|>" };
	struct train_run_config train = { .vocab_size = 32768,
		.min_frequency = 2,
		.specials = { .at = specials, .n = ARRAY_LEN(specials) } };
	struct encode_config encode = { .use.pattern = -1, .eot = "<|endoftext|>" };
	struct count_config count = { .use.pattern = -1 };
	const struct command commands[] = {
		{ "train", &tokenize_train_stage, train_options, ARRAY_LEN(train_options), &train },
		{ "encode", &tokenize_encode_stage, encode_options, ARRAY_LEN(encode_options),
			&encode },
		{ "count", &tokenize_count_stage, count_options, ARRAY_LEN(count_options), &count },
	};

	return cmd_run_verbs(
		argc, argv, "tokenize", "make and use vocabularies", commands, ARRAY_LEN(commands));
}
