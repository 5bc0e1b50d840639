/* groups.h - the documents that share a band key, out of any number of band files.
 *
 * Each partition of each band is gathered from all files, sorted by key and document, and walked:
 * in memory where it fits, else through temporary files. The order of groups (band, key) and of
 * documents in a group depends on neither. */
#ifndef CORPUS_GROUPS_H
#define CORPUS_GROUPS_H

#include "stages/dedup/bandfile.h"

struct groups_file {
	struct bandfile *file;
	uint64_t base; /* added to its documents' numbers */
};

struct groups_options {
	const struct groups_file *files; /* all of the same number of bands */
	size_t n_files;
	uint32_t bands;
	size_t from, to; /* partitions: band * BAND_PARTS + range; all: 0, bands * BAND_PARTS */
	size_t memory;
	const char *tmpdir; /* as temp_open takes it */
	uint64_t spilled; /* set: the most bytes of temporary files at a time */
};

/* Called for each document of a group of two and more, ascending; fresh is its first. */
typedef int groups_member(void *to, uint64_t document, bool fresh, struct err *e);

int groups_walk(
	struct groups_options *o, groups_member *member, void *to, struct err *e) MUST_CHECK;

#endif
