/* index.h - band keys and ids of earlier snapshots in a folder, for --index.
 *
 *	index_open(&x, dir, parameters, options, &e);
 *	index_begin(x, bands, memory, tmpdir, &e);   x->bands, x->ids, x->links are to be filled
 *	index_recognise(x, fingerprint);             when all records were read
 *	... index_files, index_name, index_kept ...
 *	index_commit(x, documents, &e);              after the output was published
 *	index_free(x);
 *
 * The folder holds a small text file, "index", that lists the snapshots, and of each of these the
 * files NUMBER.bands (bandfile.h), NUMBER.ids (blobfile.h) and NUMBER.links (a run of pairs: a
 * document that was dropped, and the one that was kept for it). A snapshot's files are published
 * whole, the list after them, so that a run that is killed leaves the index as it was, and what it
 * left unlisted the next one replaces. A run holds a lock on the folder itself (flock), which goes
 * with the process.
 *
 * Documents are numbered over all snapshots in their order. A run over records that are a snapshot
 * already (by the digest of their ids and keys in order) is that snapshot's again: it looks at
 * those before it, gives the same output and adds nothing. So a run can be repeated whenever it was
 * killed. */
#ifndef CORPUS_INDEX_H
#define CORPUS_INDEX_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/store/runfile.h"
#include "stages/dedup/groups.h"

struct blobfile;
struct index;

/* parameters: what the keys are; options: what else decides who stays, which must be there only
 * when it is asked to recognise. ERR_USAGE when the index was made with other parameters or another
 * run uses it, ERR_DATA when it is damaged. */
int index_open(struct index **out, const char *dir, const char *parameters, const char *options,
	struct err *e) MUST_CHECK;

/* Files of a new snapshot, not yet to be seen. */
struct index_new {
	struct bandfile *bands;
	struct blobfile *ids;
	struct runfile_writer *links;
};
int index_begin(struct index *x, uint32_t bands, size_t memory, const char *tmpdir,
	struct index_new *out, struct err *e) MUST_CHECK;

/* ERR_USAGE when it was a snapshot with other options. */
int index_recognise(
	struct index *x, uint64_t fingerprint, uint64_t documents, struct err *e) MUST_CHECK;

/* Documents of the snapshots that are looked at. */
uint64_t index_documents(const struct index *x);
size_t index_snapshots(const struct index *x);

/* One for each of index_snapshots. */
void index_files(const struct index *x, struct groups_file *out);

/* Whether documents were put aside in an earlier run: the one that was kept for document, or
 * itself. */
int index_kept(struct index *x, uint64_t document, uint64_t *kept, struct err *e) MUST_CHECK;

/* Appends the id. */
int index_name(struct index *x, uint64_t document, struct buf *out, struct err *e) MUST_CHECK;

/* Publishes the new snapshot, unless it was recognised. Takes the three files, which are complete:
 * bands stored, ids sealed, links ended. */
int index_commit(struct index *x, struct err *e) MUST_CHECK;

/* The number of the snapshot that was recognised, from 1 on, or 0. */
uint64_t index_again(const struct index *x);
void index_free(struct index *x);

/* --- the list --------------------------------------------------------------------------------- */

struct snapshot {
	uint64_t documents, fingerprint;
	char options[96];
};

struct snapshot_list {
	char parameters[128];
	struct snapshot *at;
	size_t n, cap;
};

/* text is a list as it stands in the folder. ERR_DATA says what is wrong with it. */
int snapshot_list_read(struct snapshot_list *list, struct slice text, struct err *e) MUST_CHECK;
void snapshot_list_write(const struct snapshot_list *list, struct buf *out);
void snapshot_list_release(struct snapshot_list *list);

#endif
