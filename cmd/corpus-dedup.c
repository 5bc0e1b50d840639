/* corpus-dedup: drops what is there more than once. */
#include "lib/cmd.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/minhash.h"
#include "stages/dedup/normalise.h"
#include "stages/dedup/substring.h"
#include "stages/dedup/units.h"

#include <math.h>

#define EXACT(name) offsetof(struct dedup_exact_config, name)

static const struct opt exact_options[] = {
	{ 0, "field", OPT_STR, EXACT(field), .arg = "NAME",
		.help = "compare the string NAME of each record",
		.detail = "Records without it are kept. A field that no record has is said on "
			  "standard error" },
	{ 0, "normalise", OPT_CHOICE, EXACT(normalise), .choices = dedup_exact_normalise_names,
		.help = "what does not count: nothing, white space, or white space, case and form; "
			"or in a URL what leads to the same page",
		.detail =
			"none compares the bytes. space makes one blank of each run of white space "
			"and none at the ends. fold does so after NFKC_Casefold, which removes "
			"differences of case and of compatible forms, and invisible characters. "
			"url compares addresses by the rules of --url-rules, and goes with --field" },
	{ 0, "url-rules", OPT_LIST, EXACT(url_rules),
		.help = "what of a URL does not count: none, scheme, www, tracking, session, "
			"index; without it all but index",
		.detail = "For --normalise url" },
	{ 0, "keep", OPT_STR, EXACT(keep), .arg = "first|longest|best:FIELD",
		.help = "which record of equal ones stays",
		.detail = "best takes the largest number in FIELD, or the last string. Of records "
			  "that are as good the one with the smallest id stays" },
	{ 0, "annotate", OPT_FLAG, EXACT(annotate),
		.help = "drop nothing; write exact_cluster_id and exact_cluster_size",
		.detail = "Records that equal one of --against get exact_against instead of "
			  "exact_cluster_id" },
	{ 0, "against", OPT_FILES, EXACT(against), .arg = "FILE",
		.help = "drop also what equals a record of FILE, of which nothing is written",
		.detail = "The option may be given several times" },
};

#define NEAR(name) offsetof(struct dedup_near_config, name)

/* --- minhash ---------------------------------------------------------------------------------- */

#define NEAR_SIGN_OPTIONS \
	{ 0, "field", OPT_STR, NEAR(field), .arg = "NAME", \
		.help = "compare the string NAME of each record" }, \
		{ 0, "shingle", OPT_UINT, NEAR(shingle), .min = 1, .max = 64, \
			.help = "compare sets of N consecutive words" }, \
		{ 0, "bands", OPT_UINT, NEAR(bands), .min = 1, .max = 1024, \
			.help = "number of bands: two texts meet that agree in one" }, \
		{ 0, "rows", OPT_UINT, NEAR(rows), .min = 1, .max = 1024, \
			.help = "MinHash values a band" }, \
		{ 0, "seed", OPT_UINT, NEAR(seed), .max = -1, \
			.help = "seed of the permutations" }, \
	{ \
		0, "compat", OPT_CHOICE, NEAR(compat), \
			.choices = minhash_compat_names, \
			.help = "make the signatures of another program", \
			.detail = \
				"datatrove: its words (lower case, numbers as 0, without marks and " \
				"punctuation, cut as spaCy does), hashes and permutations, value for " \
				"value; a text of fewer words than --shingle is never dropped" \
	}

#define NEAR_KEEP_OPTION \
	{ \
		0, "keep", OPT_STR, NEAR(keep), \
			.arg = "WHICH", \
			.help = "which of a cluster stays: first, longest or best:FIELD", \
			.detail = \
				"best:FIELD is the largest number or the last string; of equals the " \
				"least id stays" \
	}

#define NEAR_ANNOTATE_OPTION \
	{ \
		0, "annotate", OPT_FLAG, NEAR(annotate), \
			.help = "drop nothing, only write the cluster and its size" \
	}

#define NEAR_MAX_CLUSTER_OPTION \
	{ \
		0, "max-cluster", OPT_UINT, NEAR(max_cluster), \
			.max = -1, .neutral = true, \
			.help = "tell of clusters of more than N documents" \
	}

static const struct opt minhash_options[] = {
	NEAR_SIGN_OPTIONS,
	NEAR_KEEP_OPTION,
	NEAR_ANNOTATE_OPTION,
	NEAR_MAX_CLUSTER_OPTION,
	{ 0, "pairs", OPT_FILE, NEAR(pairs), .neutral = true,
		.help = "write the pairs that share a band to FILE" },
	{ 0, "verify", OPT_RATIO, NEAR(verify), .arg = "J",
		.help = "join only pairs of at least this Jaccard index" },
	{ 0, "index", OPT_STR, NEAR(index), .arg = "DIR",
		.help = "drop what is near a record of the snapshots in DIR, and add this one" },
	{ 0, "against", OPT_FILES, NEAR(against),
		.help = "drop what is near a record of FILE too; may be given again" },
};

static const struct opt bands_options[] = {
	NEAR_SIGN_OPTIONS,
	NEAR_KEEP_OPTION,
};

#define CLUSTER(name) offsetof(struct dedup_cluster_config, name)

static const struct opt cluster_options[] = {
	{ 0, "part", OPT_STR, CLUSTER(part), .arg = "I/N",
		.help = "look at the I-th of N parts of the keys only, and write its pairs" },
	{ 0, "edges", OPT_FILES, CLUSTER(edges),
		.help = "take the pairs from FILE, once for each part, instead of the keys" },
	{ 0, "max-cluster", OPT_UINT, CLUSTER(max_cluster), .max = -1, .neutral = true,
		.help = "tell of clusters of more than N documents" },
};

#define FILTER(name) offsetof(struct dedup_filter_config, name)

static const struct opt filter_options[] = {
	{ 0, "clusters", OPT_FILE, FILTER(clusters), .help = "what cluster wrote" },
	{ 0, "shard", OPT_FILE, FILTER(shard),
		.help = "which shard it is: its file of keys, as cluster was given it" },
	{ 0, "annotate", OPT_FLAG, FILTER(annotate),
		.help = "drop nothing, only write the cluster and its size" },
};

/* --- substring -------------------------------------------------------------------------------- */

#define SUBSTRING(name) offsetof(struct dedup_substring_config, name)

static const struct opt substring_options[] = {
	{ 0, "field", OPT_STR, SUBSTRING(field), .arg = "NAME",
		.help = "compare the string NAME of each record",
		.detail = "Records without it are kept. A field that no record has is said on "
			  "standard error" },
	{ 0, "unit", OPT_CHOICE, SUBSTRING(unit), .choices = dedup_substring_units,
		.help = "what is compared: tokens, characters or bytes",
		.detail = "Tokens are the longest runs of letters, digits and underscores, without "
			  "regard to case; what stands between them makes no difference. bytes are "
			  "those of UTF-8, of which no character is cut in two" },
	{ 0, "length", OPT_UINT, SUBSTRING(length), .arg = "N", .min = 4, .max = 100000,
		.help = "a repeat has N units or more; without it 50 tokens, 100 characters or "
			"bytes" },
	{ 0, "keep", OPT_CHOICE, SUBSTRING(keep), .choices = dedup_substring_keeps,
		.help = "which of the places stays: the first in the order of input, or none" },
	{ 0, "action", OPT_CHOICE, SUBSTRING(action), .choices = dedup_substring_actions,
		.help = "cut repeats out of the text, or drop the record" },
	{ 0, "max-share", OPT_RATIO, SUBSTRING(max_share), .arg = "P", .min = 0, .max = 1,
		.help = "drop records of whose text more than P is repeated; without it 1 for cut, "
			"0 for drop",
		.detail = "A share of the bytes" },
	{ 0, "min-left", OPT_UINT, SUBSTRING(min_left), .arg = "N", .max = -1,
		.help = "drop records of which fewer than N characters are left after the cut",
		.detail = "White space at both ends does not count" },
	{ 0, "annotate", OPT_FLAG, SUBSTRING(annotate),
		.help = "say in the record what of it is repeated, and change nothing else",
		.detail =
			"The field substring_repeats lists the repeats as [from,to] in characters "
			"from 0 on; records without repeats do not get it" },
};

/* --- lines and paragraphs --------------------------------------------------------------------- */

#define LINES(name) offsetof(struct dedup_lines_config, name)

static const struct opt lines_options[] = {
	{ 0, "field", OPT_STR, LINES(field), .arg = "NAME",
		.help = "cut the string NAME of each record",
		.detail = "Records without it are kept. A field that no record has is said on "
			  "standard error" },
	{ 0, "min-length", OPT_UINT, LINES(min_length), .min = 1, .max = UINT32_MAX,
		.help = "compare what has N characters and more, blanks at its ends left aside" },
	{ 0, "copies", OPT_UINT, LINES(copies), .min = 1, .max = UINT32_MAX,
		.help = "so many of equal ones stay" },
	{ 0, "max-share", OPT_RATIO, LINES(max_share), .arg = "P", .min = 0, .max = 1,
		.help = "drop a record that loses more than P of the bytes of its text",
		.detail = "One of which nothing is left is always dropped" },
	{ 0, "normalise", OPT_CHOICE, LINES(normalise), .choices = dedup_normalise_names,
		.help = "what does not count: nothing, white space, or white space, case and form",
		.detail = "As for exact" },
	{ 0, "keep", OPT_STR, LINES(keep), .arg = "first|longest|best:FIELD",
		.help = "which record keeps what several have", .detail = "As for exact" },
	{ 0, "annotate", OPT_FLAG, LINES(annotate),
		.help = "cut and drop nothing; write how much would go",
		.detail = "repeated_lines is the number of lines and repeated_lines_share that of "
			  "the bytes, repeated_paragraphs and repeated_paragraphs_share for "
			  "paragraphs" },
};

/* A line of ten characters is the shortest that says something by itself, "Read more."; a paragraph
 * is longer than the lines that plain text is wrapped to, 72 to 80 characters, so that none of
 * these is taken for one. */
#define LINES_DEFAULTS(length) \
	{ \
		.field = "text", .normalise = NORMALISE_NONE, .min_length = (length), .copies = 1, \
		.max_share = 1, .keep = "first" \
	}

/* --- decontaminate ---------------------------------------------------------------------------- */

#define DECONTAMINATE(name) offsetof(struct dedup_decontaminate_config, name)

static const struct opt decontaminate_options[] = {
	{ 0, "benchmark", OPT_FILES, DECONTAMINATE(benchmarks), .arg = "NAME[:FIELD,...]=FILE",
		.help = "a file of questions, one JSON object a line",
		.detail = "Each further use adds a benchmark. Searched for are the strings under "
			  "each FIELD, text where none is given; where an array or object stands "
			  "there, the strings in it. A FIELD that no line has is refused" },
	{ 0, "field", OPT_STR, DECONTAMINATE(field), .arg = "NAME",
		.help = "search the string NAME of each record",
		.detail = "Records without it are kept. A field that no record has is said on "
			  "standard error" },
	{ 0, "ngram", OPT_UINT, DECONTAMINATE(ngram), .min = 1, .max = 100,
		.help = "tokens in a row that make a text contaminated" },
	{ 0, "max-docs", OPT_UINT, DECONTAMINATE(max_docs),
		.help = "n-grams found in more than N documents do not count",
		.detail = "The input is then read twice. With 0 all count, and it is read once" },
	{ 0, "window", OPT_UINT, DECONTAMINATE(window),
		.help = "characters that go on each side of an n-gram" },
	{ 0, "min-piece", OPT_UINT, DECONTAMINATE(min_piece),
		.help = "drop pieces of fewer than N characters" },
	{ 0, "max-pieces", OPT_UINT, DECONTAMINATE(max_pieces), .min = 0, .max = 1000,
		.help = "drop documents cut into more than N pieces",
		.detail = "With 0 every contaminated document is dropped" },
	{ 0, "annotate", OPT_FLAG, DECONTAMINATE(annotate),
		.help = "cut and drop nothing, but write what was found",
		.detail = "The field contamination of each contaminated record" },
	{ 0, "report", OPT_FILE, DECONTAMINATE(report), .arg = "FILE", .neutral = true,
		.help = "write what was found of each benchmark, a line of JSON each" },
	{ 0, "examples", OPT_UINT, DECONTAMINATE(examples), .min = 0, .max = 100, .neutral = true,
		.help = "examples in the report, a benchmark" },
};

int main(int argc, char **argv)
{
	struct dedup_exact_config exact = {
		.field = "text", .normalise = NORMALISE_SPACE, .keep = "first"
	};
	struct dedup_near_config near = DEDUP_NEAR_DEFAULTS, bands = DEDUP_NEAR_DEFAULTS;
	struct dedup_cluster_config cluster = { .max_cluster = 1000 };
	struct dedup_filter_config filter = { 0 };
	struct dedup_substring_config substring = {
		.field = "text",
		.unit = UNIT_TOKEN,
		.length = UINT64_MAX,
		.max_share = (double)NAN,
		.min_left = 1,
	};
	struct dedup_lines_config lines = LINES_DEFAULTS(10);
	struct dedup_lines_config paragraphs = LINES_DEFAULTS(100);
	struct dedup_decontaminate_config decontaminate = DEDUP_DECONTAMINATE_DEFAULTS;
	const struct command commands[] = {
		{ "exact", &dedup_exact_stage, exact_options, ARRAY_LEN(exact_options), &exact },
		{ "lines", &dedup_lines_stage, lines_options, ARRAY_LEN(lines_options), &lines },
		{ "paragraphs", &dedup_paragraphs_stage, lines_options, ARRAY_LEN(lines_options),
			&paragraphs },
		{ "minhash", &dedup_minhash_stage, minhash_options, ARRAY_LEN(minhash_options),
			&near },
		{ "bands", &dedup_bands_stage, bands_options, ARRAY_LEN(bands_options), &bands },
		{ "cluster", &dedup_cluster_stage, cluster_options, ARRAY_LEN(cluster_options),
			&cluster },
		{ "filter", &dedup_filter_stage, filter_options, ARRAY_LEN(filter_options),
			&filter },
		{ "substring", &dedup_substring_stage, substring_options,
			ARRAY_LEN(substring_options), &substring },
		{ "decontaminate", &dedup_decontaminate_stage, decontaminate_options,
			ARRAY_LEN(decontaminate_options), &decontaminate },
	};

	return cmd_run_verbs(argc, argv, "dedup", "drop what is there more than once", commands,
		ARRAY_LEN(commands));
}
