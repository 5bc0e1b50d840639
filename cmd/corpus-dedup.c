/* corpus-dedup: drops what is there more than once. */
#include "lib/cmd.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/normalise.h"

#define EXACT(name) offsetof(struct dedup_exact_config, name)

static const struct opt exact_options[] = {
	{ 0, "field", OPT_STR, EXACT(field), .arg = "NAME",
		.help = "compare the string NAME of each record",
		.detail = "Records without it are kept. A field that no record has is said on "
			  "standard error" },
	{ 0, "normalise", OPT_CHOICE, EXACT(normalise), .choices = dedup_normalise_names,
		.help = "what does not count: nothing, white space, or white space, case and form",
		.detail =
			"none compares the bytes. space makes one blank of each run of white space "
			"and none at the ends. fold does so after NFKC_Casefold, which removes "
			"differences of case and of compatible forms, and invisible characters" },
};

int main(int argc, char **argv)
{
	struct dedup_exact_config exact = { .field = "text", .normalise = NORMALISE_SPACE };
	const struct command commands[] = {
		{ "exact", &dedup_exact_stage, exact_options, ARRAY_LEN(exact_options), &exact },
	};

	return cmd_run_verbs(argc, argv, "dedup", "drop what is there more than once", commands,
		ARRAY_LEN(commands));
}
