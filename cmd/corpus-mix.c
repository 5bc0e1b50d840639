/* corpus-mix: sources in, by a recipe one shuffled corpus in shards out. */
#include "lib/cmd.h"
#include "stages/mix/mix.h"
#include "stages/mix/recipe.h"

#define FIELD(name) offsetof(struct mix_config, name)

static const struct opt options[] = {
	{ 'r', "recipe", OPT_FILE, FIELD(recipe), .neutral = true,
		.help = "the sources of the mix and their weights or epochs",
		.detail = "A YAML file, see FILES. Its digest stands in the stamps and in the "
			  "manifest" },
	{ 0, "total", OPT_STR, FIELD(total), .arg = "N",
		.help = "how much the mix shall hold, e.g. 300G or 300e9",
		.detail =
			"In the unit; K, M, G and T are powers of 1000. Without it, and without "
			"a total in the recipe, the mix is the largest that repeats no source over "
			"its max_epochs" },
	{ 0, "unit", OPT_CHOICE, FIELD(unit), .choices = mix_unit_names,
		.help = "what total and weights are counted in",
		.detail = "tokens are summed from token_count, bytes are of the decoded text. "
			  "Without it the unit is the recipe's, or tokens; where a source has no "
			  "token_count it is bytes, and that is said" },
	{ 0, "seed", OPT_UINT, FIELD(seed),
		.help = "choose and shuffle by this seed instead of the recipe's" },
	{ 0, "shards", OPT_UINT, FIELD(shards), .min = 1, .max = 1000000,
		.help = "write N shards instead of going by their size" },
	{ 0, "shard-size", OPT_SIZE, FIELD(shard_size), .min = 1, .max = -1,
		.help = "as many shards as hold at most SIZE each, before compression" },
	{ 0, "layout", OPT_CHOICE, FIELD(layout), .choices = mix_layout_names,
		.help = "one shuffle of all, or the shards of each source apart",
		.detail = "mixed writes train-00000-of-00064.jsonl.zst and so on, each with the "
			  "proportions of the whole; source writes shards named after each source, "
			  "for a trainer that mixes by itself" },
	{ 0, "without", OPT_LIST, FIELD(without), .arg = "NAMES",
		.help = "leave these sources of the recipe out" },
	{ 0, "with", OPT_FILES, FIELD(with), .arg = "NAME=FILE",
		.help = "join the side file FILE to the documents of source NAME",
		.detail = "Its lines, as --annotate-only writes them, stand in the order of the "
			  "source's documents, those of its files in the order of their names, and "
			  "are checked by id. The option may be given several times" },
};

int main(int argc, char **argv)
{
	struct mix_config config = {
		.unit = -1,
		.seed = UINT64_MAX,
		.shards = UINT64_MAX,
		.shard_size = GIB,
	};

	return cmd_run(argc, argv, &mix_stage, options, ARRAY_LEN(options), &config);
}
