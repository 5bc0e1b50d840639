/* frame.h - the parts of a stream of ours, as corpus-stream(5) describes them.
 *
 *	[mark]  data frame ... data frame  stamp  seek table        (the mark on pipes only)
 *
 * A data frame is a zstd frame (RFC 8878) of whole lines with checksum and content size. Its
 * content size is written in the eight-byte form, which the zstd library keeps for contents of 4
 * GiB and more: legal everywhere, and it tells a reader that the frame is ours, so that it ends
 * at a line end and the stream must end in a table. The other parts are skippable frames. The
 * seek table is that of the zstd seekable format (facebook/zstd, contrib/seekable_format), with
 * checksums; the stamp and the mark stand in it as entries without content. */
#ifndef CORPUS_FRAME_H
#define CORPUS_FRAME_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

#define FRAME_DATA_MAGIC 0xFD2FB528U
#define FRAME_MARK_MAGIC 0x184D2A5BU
#define FRAME_STAMP_MAGIC 0x184D2A5CU
#define FRAME_DICTIONARY_MAGIC 0x184D2A5DU /* of WARC files, see input_frames.c */
#define FRAME_TABLE_MAGIC 0x184D2A5EU
#define FRAME_SEEKABLE_MAGIC 0x8F92EAB1U

/* A data frame of ours holds at most this many bytes: --max-record and one frame more stay below
 * it. */
#define FRAME_MAX_CONTENT ((uint64_t)2 << 30)

/* A level of frame_compress: blocks as they are, only framed and summed. */
enum { LEVEL_STORE = -1000000 };

enum frame_kind {
	FRAME_SHORT, /* more bytes are needed to tell */
	FRAME_NONE, /* no zstd frame begins here */
	FRAME_DATA, /* one of ours */
	FRAME_FOREIGN, /* a zstd frame of somebody else */
	FRAME_SKIP, /* a skippable frame of somebody else */
	FRAME_DICTIONARY, /* one that may hold a dictionary */
	FRAME_MARK,
	FRAME_STAMP,
	FRAME_TABLE,
};

/* What begins at p. *need is the number of bytes that must be there: for FRAME_SHORT to ask
 * again, for our data and skippable frames the size of the whole frame, for FRAME_FOREIGN
 * nothing. A block walk: reads a few bytes a block, decompresses nothing. *walked, 0 when a frame
 * is looked at first, keeps how far it came for the next time. A data frame larger than its
 * content allows is taken for a foreign one, so that no more than that is held of it. */
enum frame_kind frame_look(struct slice p, size_t *need, size_t *walked);

/* One data frame of content, appended to out. Not for content over FRAME_MAX_CONTENT. ctx is a
 * ZSTD_CCtx of the calling thread. */
void frame_compress(void *ctx, struct slice content, int level, struct buf *out);

/* The declared content size of a data frame of ours. */
uint64_t frame_content(struct slice frame);

/* The content of one data frame of ours, appended to out, its checksum verified. ERR_DATA when
 * damaged. ctx is a ZSTD_DCtx of the calling thread. */
int frame_decompress(void *ctx, struct slice frame, struct buf *out, struct err *e) MUST_CHECK;

/* One entry of the seek table, and the number of records that the stamp keeps for the frame. */
struct frame_entry {
	uint32_t compressed;
	uint32_t content;
	uint32_t checksum; /* the low 32 bits of the XXH64 of the content */
	uint32_t records;
};

/* The entry of a data frame with so many records. */
struct frame_entry frame_entry(struct slice frame, uint64_t records);

void frame_put_mark(struct buf *out);

/* True when a whole frame of the mark's magic number is the mark of this version. */
bool frame_is_mark(struct slice frame);

/* json describes the stream (stamp.h); the records of each entry go in front of it. */
void frame_put_stamp(
	struct buf *out, const struct frame_entry *entries, size_t n, struct slice json);
void frame_put_table(struct buf *out, const struct frame_entry *entries, size_t n);

/* The stamp's parts: pointers into frame. ERR_DATA when it is damaged or of a version we don't
 * know. */
int frame_read_stamp(struct slice frame, struct slice *json, const char **records, size_t *n,
	struct err *e) MUST_CHECK;

/* The entries of a table frame, records left 0. The caller frees *entries. */
int frame_read_table(
	struct slice frame, struct frame_entry **entries, size_t *n, struct err *e) MUST_CHECK;

/* The table and stamp of a regular file, read from its end; data frames of the last stream in
 * the file when several stand one after another. */
struct frame_index {
	struct frame_entry *entries; /* data frames only */
	uint64_t *offsets; /* of each in the file */
	size_t n;
	struct buf stamp; /* the JSON */
	uint64_t begin; /* where the stream begins in the file: 0 unless others stand before it */
};

/* 1: read; 0: the file has none; -1: it has a damaged one, or could not be read. */
int frame_index_read(int fd, struct frame_index *out, struct err *e) MUST_CHECK;
void frame_index_release(struct frame_index *x);

#endif
