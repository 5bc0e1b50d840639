/* bandfile.h - the band keys of documents on disk, parted by band and by the range of the key.
 *
 *	b = bandfile_new(fd, "name", bands, memory);     bytes of buffers
 *	bandfile_add(b, document, keys, &e);             documents in ascending order
 *	bandfile_seal(b, &e);                            no more is added
 *	bandfile_each(b, partition, base, put, to, &e);  any number of times
 *	bandfile_free(b);
 *
 * A file kept between steps gets a header and a directory too: bandfile_store instead of
 * bandfile_seal, and bandfile_open to read it.
 *
 *	header    512 bytes: magic, version, parameters in words, counts, digests (bandfile_store.c)
 *	chunks    of one partition each, in the order they were filled; each names the chunk of the
 *	          same partition before it and carries a digest
 *	ranks     a run (runfile.h) of one record a document in their order, where --keep needs it
 *	directory a row a partition: its last chunk, bytes and entries
 *
 * An entry is the low 56 bits of the key, whose high 8 the partition implies, and the distance to
 * the document before it in the chunk, 7 bits a byte: 8.6 bytes when each document has a key, so
 * 121 a document with 14 bands. Document numbers have 40 bits (DOCUMENT_MAX). What is never stored
 * and fits the buffers is never written. One thread at a time. */
#ifndef CORPUS_BANDFILE_H
#define CORPUS_BANDFILE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/stream/digest.h"

/* Numbers of documents are below it: 2^40, a hundred times ten billion. */
#define DOCUMENT_MAX (UINT64_C(1) << 40)

/* Partitions of a band; the least a chunk takes of memory and the most. */
enum { BAND_PARTS = 256, BAND_MAX = 1024 };

struct band_entry {
	uint64_t key, document; /* little-endian, so that sort_records orders both */
};

/* What a stored file says of itself. */
struct band_facts {
	char parameters[128]; /* "shingle=5 bands=14 ...": files of other parameters are refused */
	char keep[64]; /* what the ranks are of, empty without */
	uint32_t bands;
	uint64_t documents, entries;
	struct digest input; /* content digest of the records */
};

struct bandfile;

/* fd is written at its own offsets from the front and closed by bandfile_free; name is for
 * messages and copied. */
struct bandfile *bandfile_new(int fd, const char *name, uint32_t bands, size_t memory);

/* keys has one a band. ERR_LIMIT when document is no number below DOCUMENT_MAX. */
int bandfile_add(
	struct bandfile *b, uint64_t document, const uint64_t *keys, struct err *e) MUST_CHECK;
int bandfile_seal(struct bandfile *b, struct err *e) MUST_CHECK;

/* Partitions are numbered band * BAND_PARTS + range. */
int bandfile_entries(
	const struct bandfile *b, size_t partition, uint64_t *entries, struct err *e) MUST_CHECK;

/* Calls put for each entry of a partition, base added to the document. They come in no order that
 * may be relied on. */
typedef int band_put(void *to, const struct band_entry *entry, struct err *e);
int bandfile_each(struct bandfile *b, size_t partition, uint64_t base, band_put *put, void *to,
	struct err *e) MUST_CHECK;

/* Seals and writes header and directory; facts->bands and entries are filled in. ranks is a
 * sealed temporary file of a run, or -1. */
int bandfile_store(
	struct bandfile *b, struct band_facts *facts, int ranks, struct err *e) MUST_CHECK;

/* ERR_DATA when path is no band file or is damaged; a damaged chunk is told when it is loaded.
 * Holds no descriptor between calls, so that there may be many files. */
int bandfile_open(struct bandfile **out, const char *path, struct band_facts *facts,
	struct err *e) MUST_CHECK;

/* Where the run of ranks begins in a file that was opened. */
uint64_t bandfile_ranks(const struct bandfile *b);
const char *bandfile_name(const struct bandfile *b);

/* Bytes written so far. */
uint64_t bandfile_bytes(const struct bandfile *b);
void bandfile_free(struct bandfile *b);

#endif
