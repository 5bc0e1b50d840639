/* corpus-quality: keeps the records that pass quality rules, or writes their statistics. */
#include "lib/cmd.h"
#include "stages/quality/quality.h"

#define FIELD(name) offsetof(struct quality_config, name)

static const struct opt options[] = {
	{ 'r', "rules", OPT_LIST, FIELD(rules), .arg = "NAMES",
		.help = "apply these rule sets, in this order, e.g. gopher,gopher-repetition",
		.detail = "A name is looked for among the installed sets; one that holds a slash "
			  "or ends in .yaml is a file of the user's own." },
	{ 'a', "annotate", OPT_FLAG, FIELD(annotate),
		.help = "write the statistics as the field quality and drop nothing" },
	{ 0, "all-reasons", OPT_FLAG, FIELD(all_reasons),
		.help = "list every rule that fails, not the first alone",
		.detail = "The list is quality.reasons, of the records in --rejects, or with "
			  "--annotate of all. A record still counts under the first." },
	{ 0, "explain", OPT_FLAG, FIELD(explain),
		.help = "write one line for each record and rule instead of the record",
		.detail = "It holds the verdict, the value and the limits, in columns." },
};

int main(int argc, char **argv)
{
	struct quality_config config = { 0 };

	return cmd_run(argc, argv, &quality_stage, options, ARRAY_LEN(options), &config);
}
