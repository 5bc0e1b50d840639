/* Bytes of documents on disk. */
#include "stages/dedup/blobfile.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[8] = "corpusBL";

/* The header: magic, version, documents, their bytes, digest of these and the ends, zeros, and a
 * digest of itself. */
enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_COUNT = 16,
	AT_BYTES = 24,
	AT_DIGEST = 32,
	AT_CHECK = 56,
	HEADER = 64,
	BLOCK = 256 * 1024
};

struct blobfile {
	int fd, ends_fd;
	char *name;
	uint64_t count, bytes;
	uint64_t written, ends_written; /* of each file */
	struct buf held, ends; /* not yet written */
	size_t max;
	XXH3_state_t *digest; /* of the bytes; the ends follow when it is sealed */
};

struct blobfile *blobfile_new_take(int fd, int ends, const char *name, size_t max)
{
	struct blobfile *f = mem_zalloc(1, sizeof(*f));

	f->fd = fd;
	f->ends_fd = ends;
	f->name = mem_strdup(name);
	f->max = max;
	f->written = HEADER;
	f->digest = XXH3_createState();
	XXH3_64bits_reset(f->digest);
	return f;
}

struct blobfile *blobfile_new_temp(const char *tmpdir, size_t max, struct err *e)
{
	int fd = temp_open(tmpdir, e), ends = fd < 0 ? -1 : temp_open(tmpdir, e);
	struct blobfile *f;
	char *name;

	if (ends < 0) {
		if (fd >= 0)
			close(fd);
		err_wrap(e, "--tmpdir");
		return NULL;
	}
	name = disk_temp_name(tmpdir);
	f = blobfile_new_take(fd, ends, name, max);
	free(name);
	return f;
}

static int flush(struct blobfile *f, struct err *e)
{
	if (disk_write(f->fd, f->held.p, f->held.n, f->written, f->name, e) < 0 ||
		disk_write(f->ends_fd, f->ends.p, f->ends.n, f->ends_written, f->name, e) < 0)
		return -1;
	f->written += f->held.n;
	f->ends_written += f->ends.n;
	f->held.n = f->ends.n = 0;
	return 0;
}

int blobfile_add(struct blobfile *f, struct slice bytes, struct err *e)
{
	assert(f->ends_fd >= 0 && bytes.n <= f->max);
	XXH3_64bits_update(f->digest, bytes.p ? bytes.p : "", bytes.n);
	buf_slice(&f->held, bytes);
	f->bytes += bytes.n;
	f->count++;
	buf_le64(&f->ends, f->bytes);
	return f->held.n + f->ends.n > BLOCK ? flush(f, e) : 0;
}

/* The ends, from the file of their own to behind the ids. */
static int move_ends(struct blobfile *f, struct err *e)
{
	char *block = mem_alloc(BLOCK);
	int result = 0;

	for (uint64_t at = 0; result == 0 && at < f->ends_written;) {
		size_t n = (size_t)MIN(f->ends_written - at, (uint64_t)BLOCK);

		result = disk_read(f->ends_fd, block, n, at, f->name, e);
		if (result == 0)
			result = disk_write(f->fd, block, n, f->written + at, f->name, e);
		XXH3_64bits_update(f->digest, block, n);
		at += n;
	}
	free(block);
	return result;
}

int blobfile_seal(struct blobfile *f, struct err *e)
{
	struct buf h = { 0 };
	int result;

	if (flush(f, e) < 0 || move_ends(f, e) < 0)
		return -1;
	buf_append(&h, magic, sizeof(magic));
	buf_le64(&h, VERSION);
	buf_le64(&h, f->count);
	buf_le64(&h, f->bytes);
	buf_le64(&h, XXH3_64bits_digest(f->digest));
	while (h.n < AT_CHECK)
		buf_byte(&h, 0);
	buf_le64(&h, XXH3_64bits(h.p, AT_CHECK));
	result = disk_write(f->fd, h.p, h.n, 0, f->name, e);
	buf_release(&h);
	buf_release(&f->held);
	buf_release(&f->ends);
	close(f->ends_fd);
	f->ends_fd = -1;
	return result;
}

static int damaged(const struct blobfile *f, const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "%s: %s", f->name, what);
}

static int read_header(struct blobfile *f, uint64_t *digest, struct err *e)
{
	char h[HEADER];

	if (disk_read(f->fd, h, sizeof(h), 0, f->name, e) < 0)
		return -1;
	if (memcmp(h, magic, sizeof(magic)) != 0)
		return damaged(f, "not a file of documents' bytes", e);
	if (load_le64(h + AT_CHECK) != XXH3_64bits(h, AT_CHECK))
		return damaged(f, "the header's digest differs", e);
	if (load_le64(h + AT_VERSION) != VERSION)
		return damaged(f, "written by another version", e);
	f->count = load_le64(h + AT_COUNT);
	f->bytes = load_le64(h + AT_BYTES);
	*digest = load_le64(h + AT_DIGEST);
	return 0;
}

static int check_digest(struct blobfile *f, uint64_t want, struct err *e)
{
	uint64_t end = HEADER + f->bytes + f->count * 8;
	char *block = mem_alloc(BLOCK);
	int result = 0;

	for (uint64_t at = HEADER; result == 0 && at < end;) {
		size_t n = (size_t)MIN(end - at, (uint64_t)BLOCK);

		result = disk_read(f->fd, block, n, at, f->name, e);
		if (result == 0)
			XXH3_64bits_update(f->digest, block, n);
		at += n;
	}
	free(block);
	if (result == 0 && XXH3_64bits_digest(f->digest) != want)
		return damaged(f, "the digest of its bytes differs", e);
	return result;
}

int blobfile_open(struct blobfile **out, const char *path, size_t max, struct err *e)
{
	struct blobfile *f;
	uint64_t digest = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	f = blobfile_new_take(fd, -1, path, max);
	if (read_header(f, &digest, e) < 0 || check_digest(f, digest, e) < 0) {
		blobfile_free(f);
		return -1;
	}
	f->written = HEADER + f->bytes;
	*out = f;
	return 0;
}

uint64_t blobfile_count(const struct blobfile *f)
{
	return f->count;
}

int blobfile_get(const struct blobfile *f, uint64_t number, struct buf *out, struct err *e)
{
	char ends[16] = { 0 };
	size_t skip = number ? 0 : 8;
	uint64_t from, to;

	if (number >= f->count)
		return damaged(f, "holds fewer documents than were asked for", e);
	if (disk_read(f->fd, ends + skip, 16 - skip, f->written + (number - (number > 0)) * 8,
		    f->name, e) < 0)
		return -1;
	from = load_le64(ends);
	to = load_le64(ends + 8);
	if (from > to || to > f->bytes || to - from > f->max)
		return damaged(f, "the end of a document is damaged", e);
	if (disk_read(f->fd, buf_reserve(out, to - from), to - from, HEADER + from, f->name, e) < 0)
		return -1;
	out->n += to - from;
	return 0;
}

void blobfile_free(struct blobfile *f)
{
	if (!f)
		return;
	close(f->fd);
	if (f->ends_fd >= 0)
		close(f->ends_fd);
	XXH3_freeState(f->digest);
	buf_release(&f->held);
	buf_release(&f->ends);
	free(f->name);
	free(f);
}
