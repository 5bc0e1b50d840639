/* corpus-stats: the ledger of a build, and the keys by which make knows what changed. */
#include "lib/cmd.h"
#include "stages/stats/stats.h"

#define LEDGER(name) offsetof(struct ledger_config, name)
#define KEY(name) offsetof(struct key_config, name)

static const struct opt ledger_options[] = {
	{ 0, "json", OPT_FLAG, LEDGER(json),
		.help = "write JSON, a line a row, in place of tables" },
	{ 0, "files-from", OPT_FILE, LEDGER(files_from), .arg = "LIST",
		.help = "read the files named in LIST too, a name a line" },
};

static const struct opt key_options[] = {
	{ 0, "dir", OPT_FILE, KEY(dir), .arg = "DIR", .help = "write the key files below DIR",
		.detail =
			"For FILE there is DIR/FILE.key, where a leading slash is written +root/ and "
			"each ../ is written +up/, and beside it FILE.look, which says when FILE "
			"has to be read again." },
	{ 0, "files-from", OPT_FILE, KEY(files_from), .arg = "LIST",
		.help = "look at the files named in LIST too, a name a line" },
	{ 0, "if-present", OPT_FLAG, KEY(if_present),
		.help = "pass over files that are not there" },
	{ 0, "made", OPT_FLAG, KEY(made),
		.help = "give a key the time of its file, which a task of the build made" },
	{ 0, "trust-stat", OPT_FLAG, KEY(trust_stat),
		.help = "take size and time of a file for its content, and do not read it" },
};

int main(int argc, char **argv)
{
	struct ledger_config ledger = { 0 };
	struct key_config key = { 0 };
	const struct command commands[] = {
		{ "ledger", &ledger_stage, ledger_options, ARRAY_LEN(ledger_options), &ledger },
		{ "key", &key_stage, key_options, ARRAY_LEN(key_options), &key },
	};

	return cmd_run_verbs(argc, argv, "stats", "say what a corpus holds and what became of it",
		commands, ARRAY_LEN(commands));
}
