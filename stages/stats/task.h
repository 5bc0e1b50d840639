/* task.h - the --stats file of one run, and the manifest of a mix, as structs.
 *
 * Strings point into the parsed JSON, which a build owns until build_release. */
#ifndef CORPUS_STATS_TASK_H
#define CORPUS_STATS_TASK_H

#include "lib/core/err.h"

struct pending_manifest;
struct json_t; /* jansson's, which task.c alone includes */

/* One input or output. */
struct part {
	const char *file;
	bool rejects; /* what was dropped, not what was kept */
	bool of_records; /* else a WARC, a dump, token ids: counted in items, without digest */
	uint64_t count; /* records or items */
	uint64_t bytes;
	const char *digest; /* of its content, or NULL */
	const char *made_by; /* the stage that its stamp names, of an input that has one */
};

/* An output of some task, found by its path. */
struct written {
	const char *file;
	size_t task; /* its number in the build */
	const struct part *part;
	const char *read_by; /* the stage, when one did */
};

/* Documents under one name: dropped by a rule. */
struct rule_count {
	const char *name;
	uint64_t count;
};

/* What a mix took of one source and gave of it: documents and bytes. */
struct share {
	const char *source;
	uint64_t in, left_out, out;
	uint64_t bytes_in, bytes_out;
};

struct task {
	const char *from; /* the --stats file */
	const char *stage; /* with its verb, where it has one */
	const char *source; /* found by following the chain; NULL before that */
	struct part *inputs, *outputs;
	size_t n_inputs, n_outputs;
	uint64_t read, read_bytes, split, kept, kept_bytes, dropped, bad;
	uint64_t tokens; /* of a token shard whose manifest was given */
	struct rule_count *drops;
	size_t n_drops;
	struct share *shares; /* of a mix whose manifest was given */
	size_t n_shares;
	struct part *promised; /* its shards as the manifest has them */
	size_t n_promised;
	unsigned depth; /* tasks before this one, on the longest way from a raw input */
	int visit; /* 0: not yet, 1: on the way, 2: depth and source are known */
};

struct build {
	struct task *tasks;
	size_t n_tasks, cap_tasks;
	struct pending_manifest *manifests;
	size_t n_manifests, cap_manifests;
	struct json_t **roots; /* what the strings point into */
	size_t n_roots, cap_roots;
	struct written *files; /* all outputs with a name, sorted by it; made by build_join */
	size_t n_files;
};

/* Adds what path holds: --stats of a task, or a manifest. A manifest of a mix or of a token
 * shard is no task: it is laid aside for the task that wrote the shards, which build_join finds
 * after the last file. One whose task is not there is ERR_DATA. */
int build_add(struct build *b, const char *path, struct err *e) MUST_CHECK;
int build_add_text(struct build *b, const char *name, struct slice text, struct err *e) MUST_CHECK;
int build_join(struct build *b, struct err *e) MUST_CHECK;

/* The output at path, of the first task that wrote one there, or NULL. */
struct written *build_find(const struct build *b, const char *path);

void build_release(struct build *b);

#endif
