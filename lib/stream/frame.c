/* The parts of a stream of ours: data frames, mark, stamp, seek table. */
#define ZSTD_STATIC_LINKING_ONLY
#include "lib/stream/frame.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

enum {
	SKIP_HEADER = 8,
	TABLE_FOOTER = 9,
	TABLE_ENTRY = 12,
	TABLE_HAS_CHECKSUMS = 0x80,
	BLOCK_MAX = 128 * 1024, /* RFC 8878, section 3.1.1.2.4 */
	HEADER_MAX = 18,
	BIG_SIZE = 3 << 6, /* the frame header descriptor's form of an eight-byte content size */
	SINGLE_SEGMENT = 1 << 5,
	HAS_CHECKSUM = 1 << 2,
	HAS_DICTIONARY = 3,
};

static const char mark_text[] = "corpusmill pipe 1\n";
static const char stamp_text[] = "corpusmill stamp 1\n";

/* --- looking ---------------------------------------------------------------------------------- */

/* Bytes of a data frame's header that stand before its content size. */
static size_t size_field(unsigned char descriptor)
{
	return descriptor & SINGLE_SEGMENT ? 5 : 6;
}

static bool is_ours(struct slice p)
{
	unsigned char descriptor = (unsigned char)p.p[4];

	return (descriptor & BIG_SIZE) == BIG_SIZE && descriptor & HAS_CHECKSUM &&
		!(descriptor & HAS_DICTIONARY) &&
		load_le64(p.p + size_field(descriptor)) <= FRAME_MAX_CONTENT;
}

/* Bytes that no frame of ours with so much content takes more of. */
static size_t largest_frame(uint64_t content)
{
	return ZSTD_compressBound(content) + HEADER_MAX + 4;
}

/* Walks the block headers of a frame of ours. */
static enum frame_kind look_data(struct slice p, size_t *need, size_t *walked)
{
	size_t largest = largest_frame(frame_content(p)), at = *walked;
	bool last = false;

	if (!at)
		at = size_field((unsigned char)p.p[4]) + 8;
	while (!last) {
		uint32_t block, type, size;

		*walked = at;
		if (at > largest)
			return FRAME_FOREIGN;
		if (p.n < at + 3) {
			*need = at + 3;
			return FRAME_SHORT;
		}
		block = load_le32((const char[4]){ p.p[at], p.p[at + 1], p.p[at + 2], 0 });
		last = block & 1;
		type = block >> 1 & 3;
		size = block >> 3;
		if (type == 3 || size > BLOCK_MAX)
			return FRAME_NONE;
		at += 3 + (type == 1 ? 1 : size);
	}
	*need = at + 4;
	return p.n < *need ? FRAME_SHORT : FRAME_DATA;
}

enum frame_kind frame_look(struct slice p, size_t *need, size_t *walked)
{
	uint32_t magic;

	*need = HEADER_MAX;
	if (p.n < 4)
		return FRAME_SHORT;
	magic = load_le32(p.p);
	if (magic == FRAME_DATA_MAGIC) {
		if (p.n < HEADER_MAX)
			return FRAME_SHORT;
		*need = 0;
		return is_ours(p) ? look_data(p, need, walked) : FRAME_FOREIGN;
	}
	if ((magic & 0xFFFFFFF0U) != ZSTD_MAGIC_SKIPPABLE_START)
		return FRAME_NONE;
	if (p.n < SKIP_HEADER)
		return FRAME_SHORT;
	*need = SKIP_HEADER + (size_t)load_le32(p.p + 4);
	if (magic == FRAME_DICTIONARY_MAGIC)
		return FRAME_DICTIONARY;
	if (magic == FRAME_MARK_MAGIC)
		return FRAME_MARK;
	if (magic == FRAME_STAMP_MAGIC)
		return FRAME_STAMP;
	return magic == FRAME_TABLE_MAGIC ? FRAME_TABLE : FRAME_SKIP;
}

/* --- data frames ------------------------------------------------------------------------------ */

static void put_header(
	struct buf *out, unsigned char descriptor, const char *window, uint64_t content)
{
	buf_le32(out, FRAME_DATA_MAGIC);
	buf_byte(out, (char)descriptor);
	if (window)
		buf_byte(out, *window);
	buf_le64(out, content);
}

static void put_block_header(struct buf *out, bool last, size_t n)
{
	uint32_t block = (uint32_t)last | (uint32_t)n << 3;

	buf_append(out, (const char[3]){ (char)block, (char)(block >> 8), (char)(block >> 16) }, 3);
}

/* A single segment of raw blocks: the price of a pipe between two of our programs is a copy and
 * a sum. */
static void store(struct slice content, struct buf *out)
{
	size_t at = 0;

	buf_reserve(out, content.n + 3 * (content.n / BLOCK_MAX + 1) + HEADER_MAX + 4);
	put_header(out, BIG_SIZE | SINGLE_SEGMENT | HAS_CHECKSUM, NULL, content.n);
	do {
		size_t n = MIN(content.n - at, (size_t)BLOCK_MAX);

		put_block_header(out, at + n == content.n, n);
		buf_append(out, content.p + at, n);
		at += n;
	} while (at < content.n);
	buf_le32(out, (uint32_t)XXH64(content.p, content.n, 0));
}

void frame_compress(void *ctx, struct slice content, int level, struct buf *out)
{
	size_t begin = out->n, header, n, bound = ZSTD_compressBound(content.n);
	unsigned char descriptor;
	char *to, window;

	assert(content.n <= FRAME_MAX_CONTENT);
	if (level == LEVEL_STORE) {
		store(content, out);
		return;
	}
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	buf_reserve(out, bound + HEADER_MAX);
	to = out->p + out->n;
	n = ZSTD_compress2(ctx, to + HEADER_MAX, bound, content.p, content.n);
	/* The bound holds and the context has no dictionary, so it cannot fail but for memory. */
	assert(!ZSTD_isError(n));
	header = ZSTD_frameHeaderSize(to + HEADER_MAX, n);
	descriptor = (unsigned char)to[HEADER_MAX + 4];
	window = to[HEADER_MAX + 5];
	put_header(out, (unsigned char)(descriptor | BIG_SIZE),
		descriptor & SINGLE_SEGMENT ? NULL : &window, content.n);
	n -= header;
	memmove(out->p + out->n, out->p + begin + HEADER_MAX + header, n);
	out->n += n;
}

uint64_t frame_content(struct slice frame)
{
	return load_le64(frame.p + size_field((unsigned char)frame.p[4]));
}

int frame_decompress(void *ctx, struct slice frame, struct buf *out, struct err *e)
{
	uint64_t content = frame_content(frame);
	size_t n;

	buf_reserve(out, content);
	n = ZSTD_decompressDCtx(ctx, out->p + out->n, content, frame.p, frame.n);
	if (ZSTD_isError(n))
		return err_set(e, ERR_DATA, "damaged zstd frame: %s", ZSTD_getErrorName(n));
	if (n != content)
		return err_set(
			e, ERR_DATA, "damaged zstd frame: %zu bytes, not %zu", n, (size_t)content);
	out->n += n;
	return 0;
}

struct frame_entry frame_entry(struct slice frame, uint64_t records)
{
	return (struct frame_entry){
		.compressed = (uint32_t)frame.n,
		.content = (uint32_t)frame_content(frame),
		.checksum = load_le32(frame.p + frame.n - 4),
		.records = (uint32_t)records,
	};
}

/* --- skippable frames ------------------------------------------------------------------------- */

static void put_skippable(struct buf *out, uint32_t magic, size_t n)
{
	buf_le32(out, magic);
	buf_le32(out, (uint32_t)n);
}

void frame_put_mark(struct buf *out)
{
	put_skippable(out, FRAME_MARK_MAGIC, sizeof(mark_text) - 1);
	buf_append(out, mark_text, sizeof(mark_text) - 1);
}

bool frame_is_mark(struct slice frame)
{
	return slice_eq(
		slice_skip(frame, SKIP_HEADER), (struct slice){ mark_text, sizeof(mark_text) - 1 });
}

void frame_put_stamp(
	struct buf *out, const struct frame_entry *entries, size_t n, struct slice json)
{
	size_t text = sizeof(stamp_text) - 1, begin;

	put_skippable(out, FRAME_STAMP_MAGIC, text + 4 + 4 * n + json.n + 8);
	begin = out->n;
	buf_append(out, stamp_text, text);
	buf_le32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		buf_le32(out, entries[i].records);
	buf_slice(out, json);
	buf_le64(out, XXH3_64bits(out->p + begin, out->n - begin));
}

int frame_read_stamp(
	struct slice frame, struct slice *json, const char **records, size_t *n, struct err *e)
{
	struct slice s = slice_skip(frame, SKIP_HEADER);
	size_t text = sizeof(stamp_text) - 1;

	if (!slice_starts(s, (struct slice){ stamp_text, text }))
		return err_set(e, ERR_DATA, "stamp of an unknown version");
	if (s.n < text + 4 + 8 || load_le64(s.p + s.n - 8) != XXH3_64bits(s.p, s.n - 8))
		return err_set(e, ERR_DATA, "damaged stamp");
	*n = load_le32(s.p + text);
	if (*n > (s.n - text - 12) / 4)
		return err_set(e, ERR_DATA, "damaged stamp");
	*records = s.p + text + 4;
	json->p = *records + 4 * *n;
	json->n = (size_t)(s.p + s.n - 8 - json->p);
	return 0;
}

void frame_put_table(struct buf *out, const struct frame_entry *entries, size_t n)
{
	put_skippable(out, FRAME_TABLE_MAGIC, TABLE_ENTRY * n + TABLE_FOOTER);
	for (size_t i = 0; i < n; i++) {
		buf_le32(out, entries[i].compressed);
		buf_le32(out, entries[i].content);
		buf_le32(out, entries[i].checksum);
	}
	buf_le32(out, (uint32_t)n);
	buf_byte(out, (char)TABLE_HAS_CHECKSUMS);
	buf_le32(out, FRAME_SEEKABLE_MAGIC);
}

/* Bytes of one entry of the table whose last nine bytes are at p, or 0 when they are none. */
static size_t table_entry_size(const char *p)
{
	unsigned char descriptor = (unsigned char)p[4];

	if (load_le32(p + 5) != FRAME_SEEKABLE_MAGIC || descriptor & 0x7C)
		return 0;
	return descriptor & TABLE_HAS_CHECKSUMS ? TABLE_ENTRY : TABLE_ENTRY - 4;
}

int frame_read_table(struct slice frame, struct frame_entry **entries, size_t *n, struct err *e)
{
	struct slice s = slice_skip(frame, SKIP_HEADER);
	size_t each = s.n < TABLE_FOOTER ? 0 : table_entry_size(s.p + s.n - TABLE_FOOTER);

	if (!each || (s.n - TABLE_FOOTER) / each != load_le32(s.p + s.n - TABLE_FOOTER) ||
		(s.n - TABLE_FOOTER) % each)
		return err_set(e, ERR_DATA, "damaged seek table");
	*n = (s.n - TABLE_FOOTER) / each;
	*entries = mem_zalloc(*n, sizeof(**entries));
	for (size_t i = 0; i < *n; i++) {
		const char *p = s.p + i * each;

		(*entries)[i].compressed = load_le32(p);
		(*entries)[i].content = load_le32(p + 4);
		(*entries)[i].checksum = each == TABLE_ENTRY ? load_le32(p + 8) : 0;
	}
	return 0;
}

/* --- the index of a file ---------------------------------------------------------------------- */

static int read_at(int fd, uint64_t offset, size_t n, struct buf *out, struct err *e)
{
	buf_reserve(out, n);
	while (n) {
		ssize_t got = pread(fd, out->p + out->n, n, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, ERR_IO, "%s", strerror(errno));
		if (got == 0)
			return err_set(e, ERR_DATA, "file got shorter while it was read");
		out->n += (size_t)got;
		offset += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

/* Reads the stamp, which is the last entry of the table, and the records of each frame out of
 * it. */
static int read_index_stamp(
	int fd, uint64_t offset, size_t size, struct frame_index *x, size_t n_data, struct err *e)
{
	struct buf frame = { 0 };
	struct slice json;
	const char *records;
	size_t n;
	int r = read_at(fd, offset, size, &frame, e);

	if (r == 0 && (frame.n < SKIP_HEADER || load_le32(frame.p) != FRAME_STAMP_MAGIC))
		r = err_set(e, ERR_DATA, "damaged seek table: no stamp at byte %llu",
			(unsigned long long)offset);
	if (r == 0)
		r = frame_read_stamp(buf_view(&frame), &json, &records, &n, e);
	if (r == 0 && n != n_data)
		r = err_set(
			e, ERR_DATA, "stamp of %zu frames beside a seek table of %zu", n, n_data);
	for (size_t i = 0; r == 0 && i < n; i++)
		x->entries[i].records = load_le32(records + 4 * i);
	if (r == 0)
		buf_slice(&x->stamp, json);
	buf_release(&frame);
	return r;
}

/* Keeps the data frames of the table's entries and works out where each begins. */
static int place_entries(int fd, uint64_t table_at, struct frame_index *x, size_t n, struct err *e)
{
	uint64_t total = 0, at;
	size_t data = 0, stamp_size;

	for (size_t i = 0; i < n; i++)
		total += x->entries[i].compressed;
	if (n == 0 || total > table_at || x->entries[n - 1].content != 0)
		return 0; /* a seekable file, but none of ours */
	at = x->begin = table_at - total;
	stamp_size = x->entries[n - 1].compressed;
	x->offsets = mem_zalloc(n, sizeof(*x->offsets));
	for (size_t i = 0; i < n; i++) {
		struct frame_entry entry = x->entries[i];

		if (entry.content) {
			x->entries[data] = entry;
			x->offsets[data++] = at;
		}
		at += entry.compressed;
	}
	x->n = data;
	if (read_index_stamp(fd, table_at - stamp_size, stamp_size, x, data, e) < 0)
		return -1;
	return 1;
}

int frame_index_read(int fd, struct frame_index *out, struct err *e)
{
	struct buf tail = { 0 };
	struct stat st;
	uint64_t size, table;
	size_t n, each;
	int r;

	*out = (struct frame_index){ 0 };
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < TABLE_FOOTER + SKIP_HEADER)
		return 0;
	size = (uint64_t)st.st_size;
	r = read_at(fd, size - TABLE_FOOTER, TABLE_FOOTER, &tail, e);
	each = r == 0 ? table_entry_size(tail.p) : 0;
	n = each ? load_le32(tail.p) : 0;
	table = SKIP_HEADER + each * n + TABLE_FOOTER;
	if (r == 0 && each && table <= size) {
		buf_clear(&tail, SIZE_MAX);
		r = read_at(fd, size - table, table, &tail, e);
		if (r == 0 && load_le32(tail.p) != FRAME_TABLE_MAGIC)
			r = err_set(e, ERR_DATA, "damaged seek table");
		if (r == 0)
			r = frame_read_table(buf_view(&tail), &out->entries, &n, e);
		if (r == 0)
			r = place_entries(fd, size - table, out, n, e);
	}
	buf_release(&tail);
	if (r <= 0)
		frame_index_release(out);
	return r;
}

void frame_index_release(struct frame_index *x)
{
	free(x->entries);
	free(x->offsets);
	buf_release(&x->stamp);
	*x = (struct frame_index){ 0 };
}
