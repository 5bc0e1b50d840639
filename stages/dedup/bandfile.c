/* Band keys in chunks, a chain of them for each partition. */
#include "stages/dedup/bandfile.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "stages/dedup/bandfile_parts.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

/* A chunk's header: magic, partition, payload bytes, entries, offset of the chunk before, digest of
 * these and the payload. */
enum {
	AT_PARTITION = 4,
	AT_BYTES = 8,
	AT_ENTRIES = 12,
	AT_BEFORE = 16,
	AT_DIGEST = 24,
	CHUNK_HEADER = 32
};
static const uint32_t chunk_magic = 0x4b424b42u; /* BKBK */

/* Small chunks cost headers and seeks, large ones memory: 4 KiB waste under a hundredth. */
enum { MIN_CHUNK = 256, MAX_CHUNK = 64 * 1024 };

/* Bytes of an entry: the key without what the partition implies, and a 40-bit distance. */
enum { KEY_STORED = 7, MAX_ENTRY = KEY_STORED + 6 };

struct bandfile *bandfile_new(int fd, const char *name, uint32_t bands, size_t memory)
{
	struct bandfile *b = mem_zalloc(1, sizeof(*b));
	size_t n = (size_t)bands * BAND_PARTS;

	assert(bands && bands <= BAND_MAX);
	b->fd = fd;
	b->name = mem_strdup(name);
	b->bands = bands;
	b->end = BANDFILE_HEADER;
	b->parts = mem_zalloc(n, sizeof(*b->parts));
	for (size_t i = 0; i < n; i++)
		b->parts[i].written.last = UINT64_MAX;
	/* A power of two, because buffers grow by doubling. */
	b->chunk_bytes = MIN_CHUNK;
	while (b->chunk_bytes < MAX_CHUNK && b->chunk_bytes * 2 <= memory / n)
		b->chunk_bytes *= 2;
	return b;
}

static uint64_t chunk_digest(const char *chunk, size_t n)
{
	return XXH3_64bits_withSeed(
		chunk + CHUNK_HEADER, n - CHUNK_HEADER, XXH3_64bits(chunk, AT_DIGEST));
}

static void put_le(char *at, uint64_t v, size_t bytes)
{
	v = htole64(v);
	memcpy(at, &v, bytes);
}

static int part_flush(struct bandfile *b, struct band_part *p, struct err *e)
{
	struct buf *held = &p->held;

	if (!p->held_entries)
		return 0;
	put_le(held->p, chunk_magic, 4);
	put_le(held->p + AT_PARTITION, (uint64_t)(p - b->parts), 4);
	put_le(held->p + AT_BYTES, held->n - CHUNK_HEADER, 4);
	put_le(held->p + AT_ENTRIES, p->held_entries, 4);
	put_le(held->p + AT_BEFORE, p->written.last, 8);
	put_le(held->p + AT_DIGEST, chunk_digest(held->p, held->n), 8);
	if (disk_write(b->fd, held->p, held->n, b->end, b->name, e) < 0)
		return -1;
	p->written.last = b->end;
	p->written.bytes += held->n - CHUNK_HEADER;
	p->written.entries += p->held_entries;
	b->end += held->n;
	p->held_entries = 0;
	held->n = CHUNK_HEADER;
	return 0;
}

static int part_add(
	struct bandfile *b, struct band_part *p, uint64_t document, uint64_t key, struct err *e)
{
	uint64_t distance;
	char *at;

	if (p->held.n + MAX_ENTRY > b->chunk_bytes && part_flush(b, p, e) < 0)
		return -1;
	if (p->held.n == 0) {
		buf_reserve(&p->held, CHUNK_HEADER);
		p->held.n = CHUNK_HEADER;
	}
	at = p->held.cap - p->held.n >= 8 + MAX_ENTRY ? p->held.p + p->held.n
						      : buf_reserve(&p->held, 8 + MAX_ENTRY);
	distance = p->held_entries ? document - p->document : document;
	key = htole64(key);
	memcpy(at, &key, 8);
	at += KEY_STORED;
	for (; distance > 0x7f; distance >>= 7)
		*at++ = (char)(0x80 | (distance & 0x7f));
	*at++ = (char)distance;
	p->held.n = (size_t)(at - p->held.p);
	p->held_entries++;
	p->document = document;
	return 0;
}

int bandfile_add(struct bandfile *b, uint64_t document, const uint64_t *keys, struct err *e)
{
	if (document >= DOCUMENT_MAX)
		return err_set(e, ERR_LIMIT, "more documents than 2^40");
	for (uint32_t i = 0; i < b->bands; i++) {
		size_t at = (size_t)i * BAND_PARTS + (size_t)(keys[i] >> 56);

		if (part_add(b, &b->parts[at], document, keys[i], e) < 0)
			return -1;
	}
	b->entries += b->bands;
	return 0;
}

int bandfile_flush(struct bandfile *b, struct err *e)
{
	for (size_t i = 0; i < (size_t)b->bands * BAND_PARTS; i++) {
		if (part_flush(b, &b->parts[i], e) < 0)
			return -1;
		buf_release(&b->parts[i].held);
	}
	return 0;
}

/* What fits the buffers stays there. */
int bandfile_seal(struct bandfile *b, struct err *e)
{
	return b->end > BANDFILE_HEADER ? bandfile_flush(b, e) : 0;
}

int bandfile_entries(const struct bandfile *b, size_t partition, uint64_t *entries, struct err *e)
{
	struct band_row row;

	assert(partition < (size_t)b->bands * BAND_PARTS);
	if (b->parts) {
		*entries = b->parts[partition].written.entries + b->parts[partition].held_entries;
		return 0;
	}
	if (bandfile_read_row(b, partition, &row, e) < 0)
		return -1;
	*entries = row.entries;
	return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int damaged(const struct bandfile *b, uint64_t offset, struct err *e)
{
	return err_set(
		e, ERR_DATA, "%s: the chunk at byte %" PRIu64 " is damaged", b->name, offset);
}

/* Takes one entry off the front of *payload. False: it is none. */
static bool take_entry(struct slice *payload, uint64_t *key, uint64_t *distance)
{
	const unsigned char *p = (const unsigned char *)payload->p;
	size_t at = KEY_STORED;

	if (payload->n <= KEY_STORED)
		return false;
	*key = 0;
	memcpy(key, p, KEY_STORED);
	*key = le64toh(*key);
	*distance = 0;
	for (unsigned shift = 0; at < payload->n && shift < 42; shift += 7) {
		*distance |= (uint64_t)(p[at] & 0x7f) << shift;
		if (p[at++] < 0x80) {
			*payload = slice_skip(*payload, at);
			return true;
		}
	}
	return false;
}

static int chunk_each(const struct bandfile *b, size_t partition, struct slice payload,
	uint32_t entries, uint64_t offset, uint64_t base, band_put *put, void *to, struct err *e)
{
	uint64_t range = (uint64_t)(partition % BAND_PARTS) << 56, document = 0, key, distance;

	for (uint32_t i = 0; i < entries; i++) {
		if (!take_entry(&payload, &key, &distance))
			return damaged(b, offset, e);
		document += distance;
		if (document >= DOCUMENT_MAX)
			return damaged(b, offset, e);
		if (put(to, &(struct band_entry){ htole64(range | key), htole64(base + document) },
			    e) < 0)
			return -1;
	}
	return payload.n ? damaged(b, offset, e) : 0;
}

/* Reads the chunk at offset into b->chunk. left is what the partition may still hold. */
static int chunk_read(struct bandfile *b, int fd, size_t partition, uint64_t offset,
	const struct band_row *left, struct err *e)
{
	char header[CHUNK_HEADER], *at;
	uint64_t bytes;

	if (disk_read(fd, header, sizeof(header), offset, b->name, e) < 0)
		return -1;
	bytes = load_le32(header + AT_BYTES);
	if (load_le32(header) != chunk_magic || load_le32(header + AT_PARTITION) != partition ||
		bytes > left->bytes || load_le32(header + AT_ENTRIES) > left->entries)
		return damaged(b, offset, e);
	b->chunk.n = 0;
	at = buf_reserve(&b->chunk, CHUNK_HEADER + bytes);
	memcpy(at, header, sizeof(header));
	b->chunk.n = CHUNK_HEADER + bytes;
	if (disk_read(fd, at + CHUNK_HEADER, bytes, offset + CHUNK_HEADER, b->name, e) < 0)
		return -1;
	if (chunk_digest(b->chunk.p, b->chunk.n) != load_le64(header + AT_DIGEST))
		return damaged(b, offset, e);
	return 0;
}

/* Follows the chain of chunks, the newest first. */
static int chain_each(struct bandfile *b, int fd, size_t partition, struct band_row row,
	uint64_t base, band_put *put, void *to, struct err *e)
{
	while (row.last != UINT64_MAX) {
		uint64_t offset = row.last, before;
		uint32_t entries;

		if (chunk_read(b, fd, partition, offset, &row, e) < 0)
			return -1;
		before = load_le64(b->chunk.p + AT_BEFORE);
		entries = load_le32(b->chunk.p + AT_ENTRIES);
		if (before != UINT64_MAX && before >= offset)
			return damaged(b, offset, e);
		row.last = before;
		row.bytes -= b->chunk.n - CHUNK_HEADER;
		row.entries -= entries;
		if (chunk_each(b, partition, slice_skip(buf_view(&b->chunk), CHUNK_HEADER), entries,
			    offset, base, put, to, e) < 0)
			return -1;
	}
	return row.bytes || row.entries ? err_set(e, ERR_DATA, "%s: chunks are missing", b->name)
					: 0;
}

int bandfile_each(
	struct bandfile *b, size_t partition, uint64_t base, band_put *put, void *to, struct err *e)
{
	struct band_row row;
	int fd, result;

	if (b->parts) {
		struct band_part *p = &b->parts[partition];

		if (chain_each(b, b->fd, partition, p->written, base, put, to, e) < 0)
			return -1;
		return chunk_each(b, partition, slice_skip(buf_view(&p->held), CHUNK_HEADER),
			p->held_entries, b->end, base, put, to, e);
	}
	if (bandfile_read_row(b, partition, &row, e) < 0)
		return -1;
	fd = open(b->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", b->name, strerror(errno));
	result = chain_each(b, fd, partition, row, base, put, to, e);
	close(fd);
	return result;
}

uint64_t bandfile_bytes(const struct bandfile *b)
{
	return b->end == BANDFILE_HEADER ? 0 : b->end;
}

const char *bandfile_name(const struct bandfile *b)
{
	return b->name;
}

void bandfile_free(struct bandfile *b)
{
	if (!b)
		return;
	for (size_t i = 0; b->parts && i < (size_t)b->bands * BAND_PARTS; i++)
		buf_release(&b->parts[i].held);
	free(b->parts);
	buf_release(&b->chunk);
	free(b->name);
	if (b->fd >= 0)
		close(b->fd);
	free(b);
}
