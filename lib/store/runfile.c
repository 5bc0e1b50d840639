/* Runs of fixed-size records on disk. */
#include "lib/store/runfile.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "lib/store/disk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

static const char magic[8] = "corpusRF";

enum { VERSION = 1, FLAG_SORTED = 1, FLAG_LE64 = 2 };

/* Places of the fields in the header. */
enum {
	AT_VERSION = 8,
	AT_RECORD = 12,
	AT_KEY = 16,
	AT_FLAGS = 20,
	AT_COUNT = 24,
	AT_DIGEST = 32,
	AT_PARAMETERS = 40,
	AT_RESERVED = 48,
	AT_CHECK = 56,
};

static uint32_t flags_of(const struct runfile_kind *kind)
{
	return (kind->sorted ? FLAG_SORTED : 0u) | (kind->shape.order == KEY_LE64 ? FLAG_LE64 : 0u);
}

/* Appends the RUNFILE_HEADER bytes. */
static void put_header(
	struct buf *b, const struct runfile_kind *kind, uint64_t count, uint64_t digest)
{
	buf_append(b, magic, sizeof(magic));
	buf_le32(b, VERSION);
	buf_le32(b, kind->shape.record_bytes);
	buf_le32(b, kind->shape.key_bytes);
	buf_le32(b, flags_of(kind));
	buf_le64(b, count);
	buf_le64(b, digest);
	buf_le64(b, kind->parameters);
	buf_le64(b, 0);
	buf_le64(b, XXH3_64bits(b->p, AT_CHECK));
	assert(b->n == RUNFILE_HEADER);
}

struct runfile_writer {
	int fd;
	const char *name;
	struct runfile_kind kind;
	uint64_t begin, at; /* of the header; of the next byte to write */
	uint64_t count;
	size_t buffer_bytes;
	struct buf held; /* records not yet written */
	XXH3_state_t *digest;
};

struct runfile_writer *runfile_begin(int fd, uint64_t offset, const struct runfile_kind *kind,
	const char *name, size_t buffer_bytes)
{
	struct runfile_writer *w = mem_zalloc(1, sizeof(*w));

	*w = (struct runfile_writer){
		.fd = fd,
		.name = name,
		.kind = *kind,
		.begin = offset,
		.at = offset + RUNFILE_HEADER,
		.buffer_bytes = buffer_bytes,
		.digest = XXH3_createState(),
	};
	XXH3_64bits_reset(w->digest);
	return w;
}

static int flush(struct runfile_writer *w, const char *p, size_t n, struct err *e)
{
	if (disk_write(w->fd, p, n, w->at, w->name, e) < 0)
		return -1;
	w->at += n;
	return 0;
}

int runfile_put(struct runfile_writer *w, const void *records, size_t n, struct err *e)
{
	size_t bytes = n * w->kind.shape.record_bytes;

	XXH3_64bits_update(w->digest, records, bytes);
	w->count += n;
	if (w->held.n + bytes > w->buffer_bytes) {
		if (flush(w, w->held.p, w->held.n, e) < 0)
			return -1;
		w->held.n = 0;
	}
	if (bytes >= w->buffer_bytes)
		return flush(w, records, bytes, e);
	buf_append(&w->held, records, bytes);
	return 0;
}

void runfile_drop(struct runfile_writer *w)
{
	if (!w)
		return;
	buf_release(&w->held);
	XXH3_freeState(w->digest);
	free(w);
}

int runfile_end(struct runfile_writer *w, uint64_t *end, struct err *e)
{
	struct buf header = { 0 };
	int result = flush(w, w->held.p, w->held.n, e);

	put_header(&header, &w->kind, w->count, XXH3_64bits_digest(w->digest));
	if (result == 0)
		result = disk_write(w->fd, header.p, header.n, w->begin, w->name, e);
	*end = w->at;
	buf_release(&header);
	runfile_drop(w);
	return result;
}

struct runfile_reader {
	int fd;
	const char *name;
	uint64_t begin, at; /* of the run, for messages; of the next byte to read */
	uint64_t count, left; /* records in the run; not yet handed out */
	size_t record_bytes;
	char *buffer;
	size_t room, next, held; /* records that fit; place in the buffer; records there */
	uint64_t want;
	XXH3_state_t *digest;
};

static int damaged(const struct runfile_reader *r, const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "%s: run at byte %" PRIu64 ": %s", r->name, r->begin, what);
}

/* Refuses a header that is none, or of another kind. */
static int check_header(
	struct runfile_reader *r, const char *h, const struct runfile_kind *kind, struct err *e)
{
	if (memcmp(h, magic, sizeof(magic)) != 0)
		return damaged(r, "not a run of records", e);
	if (load_le64(h + AT_CHECK) != XXH3_64bits(h, AT_CHECK))
		return damaged(r, "the header's digest differs", e);
	if (load_le32(h + AT_VERSION) != VERSION)
		return damaged(r, "written by another version", e);
	if (load_le32(h + AT_RECORD) != kind->shape.record_bytes)
		return damaged(r, "holds records of another size", e);
	if (load_le32(h + AT_KEY) != kind->shape.key_bytes ||
		load_le32(h + AT_FLAGS) != flags_of(kind))
		return damaged(r, "holds records of another key or order", e);
	if (load_le64(h + AT_PARAMETERS) != kind->parameters)
		return damaged(r, "made with other parameters", e);
	r->count = r->left = load_le64(h + AT_COUNT);
	r->want = load_le64(h + AT_DIGEST);
	return 0;
}

int runfile_open(struct runfile_reader **out, int fd, uint64_t offset,
	const struct runfile_kind *kind, const char *name, size_t buffer_bytes, struct err *e)
{
	struct runfile_reader *r = mem_zalloc(1, sizeof(*r));
	char header[RUNFILE_HEADER];

	r->fd = fd;
	r->name = name;
	r->begin = offset;
	r->at = offset + RUNFILE_HEADER;
	r->record_bytes = kind->shape.record_bytes;
	r->room = MAX(buffer_bytes / r->record_bytes, 1);
	if (disk_read(fd, header, sizeof(header), offset, name, e) < 0 ||
		check_header(r, header, kind, e) < 0) {
		runfile_close(r);
		return -1;
	}
	r->room = (size_t)MIN(r->room, MAX(r->count, 1));
	r->buffer = mem_zalloc(r->room, r->record_bytes);
	r->digest = XXH3_createState();
	XXH3_64bits_reset(r->digest);
	*out = r;
	return 0;
}

static int refill(struct runfile_reader *r, struct err *e)
{
	size_t bytes;

	r->next = 0;
	r->held = (size_t)MIN(r->left, r->room);
	bytes = r->held * r->record_bytes;
	if (disk_read(r->fd, r->buffer, bytes, r->at, r->name, e) < 0)
		return -1;
	XXH3_64bits_update(r->digest, r->buffer, bytes);
	r->at += bytes;
	return 0;
}

int runfile_next(struct runfile_reader *r, const char **record, struct err *e)
{
	if (r->left == 0)
		return XXH3_64bits_digest(r->digest) == r->want
			? 0
			: damaged(r, "the digest of its records differs", e);
	if (r->next == r->held && refill(r, e) < 0)
		return -1;
	*record = r->buffer + r->next++ * r->record_bytes;
	r->left--;
	return 1;
}

void runfile_close(struct runfile_reader *r)
{
	if (!r)
		return;
	XXH3_freeState(r->digest);
	free(r->buffer);
	free(r);
}
