/* stats.h - what corpus-stats does: a verb a stage. */
#ifndef CORPUS_STATS_STATS_H
#define CORPUS_STATS_STATS_H

#include "lib/stage.h"

/* corpus-stats ledger: operands are --stats files and mix manifests of one build. */
struct ledger_config {
	bool json;
	const char *files_from;
};

extern const struct stage ledger_stage;

/* corpus-stats key: operands are files whose key files are brought up to date. */
struct key_config {
	const char *dir;
	const char *files_from;
	bool if_present;
	bool made;
	bool trust_stat;
};

extern const struct stage key_stage;

#endif
