/* corpus-cat: views, concatenates, samples and verifies files of records. */
#include "lib/cmd.h"
#include "stages/cat.h"

#define FIELD(name) offsetof(struct cat_config, name)

static const struct opt options[] = {
	{ 'z', "frames", OPT_FLAG, FIELD(frames),
		.help = "write compressed frames, with stamp and seek table, to any output",
		.detail = "Without this option that is done when the name given to --output ends "
			  "in .zst; frames of the input that stay whole are not compressed again" },
	{ 0, "sample", OPT_RATIO, FIELD(sample), .arg = "P",
		.help = "keep a share P of the records, chosen by their hash" },
	{ 0, "seed", OPT_UINT, FIELD(seed), .arg = "N", .help = "choose others with another seed" },
	{ 0, "verify", OPT_FLAG, FIELD(verify),
		.help = "check checksums, seek table, content digest and each record; write no "
			"records" },
	{ 0, "info", OPT_FLAG, FIELD(info),
		.help = "print the seek table's facts and the stamp of each FILE as JSON" },
};

int main(int argc, char **argv)
{
	struct cat_config config = { .sample = 1 };

	return cmd_run(argc, argv, &cat_stage, options, ARRAY_LEN(options), &config);
}
