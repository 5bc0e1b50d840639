/* Header and directory of a band file that is kept. */
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "stages/dedup/bandfile_parts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[8] = "corpusBK";

/* Places in the header; all numbers are little-endian. The check is a digest of what is before
 * it. */
enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_BANDS = 12,
	AT_DOCUMENTS = 16,
	AT_ENTRIES = 24,
	AT_DIRECTORY = 32,
	AT_DIRECTORY_DIGEST = 40,
	AT_RANKS = 48,
	AT_INPUT = 56, /* lo, hi, records, bytes */
	AT_PARAMETERS = 96,
	AT_KEEP = AT_PARAMETERS + 128,
	AT_CHECK = BANDFILE_HEADER - 8,
	BLOCK = 256 * 1024
};

static void put_le64(char *at, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		at[i] = (char)(v >> 8 * i);
}

/* --- writing ---------------------------------------------------------------------------------- */

static int append(struct bandfile *b, const void *p, size_t n, struct err *e)
{
	if (disk_write(b->fd, p, n, b->end, b->name, e) < 0)
		return -1;
	b->end += n;
	return 0;
}

static int append_file(struct bandfile *b, int from, struct err *e)
{
	off_t size = lseek(from, 0, SEEK_END);
	char *block = mem_alloc(BLOCK);
	int result = 0;

	for (off_t at = 0; result == 0 && at < size;) {
		size_t n = (size_t)MIN(size - at, (off_t)BLOCK);

		result = disk_read(from, block, n, (uint64_t)at, b->name, e);
		if (result == 0)
			result = append(b, block, n, e);
		at += (off_t)n;
	}
	free(block);
	return result;
}

static int append_directory(struct bandfile *b, uint64_t *digest, struct err *e)
{
	struct buf rows = { 0 };
	int result;

	for (size_t i = 0; i < (size_t)b->bands * BAND_PARTS; i++) {
		const struct band_row *row = &b->parts[i].written;

		buf_le64(&rows, row->last);
		buf_le64(&rows, row->bytes);
		buf_le64(&rows, row->entries);
	}
	*digest = XXH3_64bits(rows.p, rows.n);
	result = append(b, rows.p, rows.n, e);
	buf_release(&rows);
	return result;
}

int bandfile_store(struct bandfile *b, struct band_facts *facts, int ranks, struct err *e)
{
	char h[BANDFILE_HEADER] = { 0 };
	uint64_t ranks_at, directory, digest;

	facts->bands = b->bands;
	facts->entries = b->entries;
	if (bandfile_flush(b, e) < 0)
		return -1;
	ranks_at = b->end;
	if (ranks >= 0 && append_file(b, ranks, e) < 0)
		return -1;
	directory = b->end;
	if (append_directory(b, &digest, e) < 0)
		return -1;
	memcpy(h, magic, sizeof(magic));
	h[AT_VERSION] = VERSION;
	put_le64(h + AT_DOCUMENTS, facts->documents);
	put_le64(h + AT_ENTRIES, facts->entries);
	put_le64(h + AT_DIRECTORY, directory);
	put_le64(h + AT_DIRECTORY_DIGEST, digest);
	put_le64(h + AT_RANKS, ranks >= 0 ? ranks_at : 0);
	put_le64(h + AT_INPUT, facts->input.lo);
	put_le64(h + AT_INPUT + 8, facts->input.hi);
	put_le64(h + AT_INPUT + 16, facts->input.records);
	put_le64(h + AT_INPUT + 24, facts->input.bytes);
	memcpy(h + AT_PARAMETERS, facts->parameters, sizeof(facts->parameters));
	memcpy(h + AT_KEEP, facts->keep, sizeof(facts->keep));
	h[AT_BANDS] = (char)b->bands;
	h[AT_BANDS + 1] = (char)(b->bands >> 8);
	put_le64(h + AT_CHECK, XXH3_64bits(h, AT_CHECK));
	return disk_write(b->fd, h, sizeof(h), 0, b->name, e);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int damaged(const struct bandfile *b, const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "%s: %s", b->name, what);
}

static int read_header(
	struct bandfile *b, int fd, struct band_facts *facts, uint64_t *digest, struct err *e)
{
	char h[BANDFILE_HEADER];

	if (disk_read(fd, h, sizeof(h), 0, b->name, e) < 0)
		return -1;
	if (memcmp(h, magic, sizeof(magic)) != 0)
		return damaged(b, "not a file of band keys", e);
	if (load_le64(h + AT_CHECK) != XXH3_64bits(h, AT_CHECK))
		return damaged(b, "the header's digest differs", e);
	if (load_le32(h + AT_VERSION) != VERSION)
		return damaged(b, "written by another version", e);
	b->bands = facts->bands = load_le32(h + AT_BANDS);
	b->entries = facts->entries = load_le64(h + AT_ENTRIES);
	facts->documents = load_le64(h + AT_DOCUMENTS);
	b->directory = load_le64(h + AT_DIRECTORY);
	*digest = load_le64(h + AT_DIRECTORY_DIGEST);
	b->ranks = load_le64(h + AT_RANKS);
	facts->input = (struct digest){ load_le64(h + AT_INPUT), load_le64(h + AT_INPUT + 8),
		load_le64(h + AT_INPUT + 16), load_le64(h + AT_INPUT + 24) };
	memcpy(facts->parameters, h + AT_PARAMETERS, sizeof(facts->parameters));
	memcpy(facts->keep, h + AT_KEEP, sizeof(facts->keep));
	facts->parameters[sizeof(facts->parameters) - 1] = '\0';
	facts->keep[sizeof(facts->keep) - 1] = '\0';
	if (!b->bands || b->bands > BAND_MAX || facts->documents > DOCUMENT_MAX)
		return damaged(b, "the header is damaged", e);
	return 0;
}

static int check_directory(struct bandfile *b, int fd, uint64_t digest, struct err *e)
{
	size_t n = (size_t)b->bands * BAND_PARTS * BANDFILE_ROW;
	char *rows = mem_alloc(n);
	int result = disk_read(fd, rows, n, b->directory, b->name, e);

	if (result == 0 && XXH3_64bits(rows, n) != digest)
		result = damaged(b, "the directory's digest differs", e);
	free(rows);
	return result;
}

int bandfile_open(struct bandfile **out, const char *path, struct band_facts *facts, struct err *e)
{
	struct bandfile *b;
	uint64_t digest = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC), result;

	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	b = mem_zalloc(1, sizeof(*b));
	b->fd = -1;
	b->name = mem_strdup(path);
	result = read_header(b, fd, facts, &digest, e);
	if (result == 0)
		result = check_directory(b, fd, digest, e);
	close(fd);
	if (result < 0) {
		bandfile_free(b);
		return -1;
	}
	*out = b;
	return 0;
}

int bandfile_read_row(
	const struct bandfile *b, size_t partition, struct band_row *row, struct err *e)
{
	char at[BANDFILE_ROW];
	int fd = open(b->name, O_RDONLY | O_CLOEXEC), result;

	assert(partition < (size_t)b->bands * BAND_PARTS);
	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", b->name, strerror(errno));
	result = disk_read(fd, at, sizeof(at), b->directory + partition * BANDFILE_ROW, b->name, e);
	close(fd);
	*row = (struct band_row){ load_le64(at), load_le64(at + 8), load_le64(at + 16) };
	return result;
}

uint64_t bandfile_ranks(const struct bandfile *b)
{
	return b->ranks;
}
