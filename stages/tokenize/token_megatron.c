/* Megatron's two files: NAME.bin, the ids, and NAME.idx, where sequences and documents begin.
 *
 * Source: megatron/core/datasets/indexed_dataset.py of NVIDIA/Megatron-LM, _IndexWriter. The index
 * is a mark of nine bytes, the version 1 in eight, the code of the type in one, the numbers of
 * sequences and of document indices in eight each; then for each sequence its ids in four bytes,
 * for each the byte of NAME.bin where it begins in eight, and for each document the number of
 * sequences before it in eight, with their total behind the last. Each sequence is a document of
 * its own, as preprocess_data.py writes them. */
#include "lib/core/mem.h"
#include "stages/tokenize/token_format.h"

#include <stdlib.h>

enum {
	LENGTHS_AT = 34, /* of the first sequence's length in the index */
	CHUNK_LENGTHS = 16384,
	CODE_INT32 = 4,
	CODE_UINT16 = 8,
};

static int megatron_open(struct token_shard *s, struct err *e)
{
	static const char zeros[LENGTHS_AT];

	if (token_shard_open_file(s, &s->ids, ".bin", e) < 0 ||
		token_shard_open_file(s, &s->index, ".idx", e) < 0)
		return -1;
	return token_file_append(s->index, (struct slice){ zeros, sizeof(zeros) }, e);
}

static int megatron_sequence(struct token_shard *s, struct slice ids, struct err *e)
{
	uint64_t n = ids.n / s->id_bytes;
	char length[4];

	if (n > INT32_MAX)
		return err_set(e, ERR_LIMIT, "%s.idx: a sequence of more than %d tokens", s->name,
			INT32_MAX);
	for (unsigned i = 0; i < sizeof(length); i++)
		length[i] = (char)(n >> (8 * i));
	if (token_file_append(s->index, (struct slice){ length, sizeof(length) }, e) < 0)
		return -1;
	return token_file_append(s->ids, ids, e);
}

/* The lengths are read back, so that only some are in memory at a time. */
static int put_places(struct token_shard *s, struct err *e)
{
	char *lengths = mem_alloc(CHUNK_LENGTHS * 4);
	struct buf places = { 0 };
	uint64_t place = 0, done = 0;
	int result = 0;

	while (result == 0 && done < s->n_sequences) {
		size_t n = (size_t)MIN(s->n_sequences - done, (uint64_t)CHUNK_LENGTHS);

		result = token_file_read(s->index, LENGTHS_AT + 4 * done, lengths, 4 * n, e);
		places.n = 0;
		for (size_t i = 0; result == 0 && i < n; i++) {
			buf_le64(&places, place);
			place += (uint64_t)load_le32(lengths + 4 * i) * s->id_bytes;
		}
		if (result == 0)
			result = token_file_append(s->index, buf_view(&places), e);
		done += n;
	}
	buf_release(&places);
	free(lengths);
	return result;
}

static int put_documents(struct token_shard *s, struct err *e)
{
	struct buf some = { 0 };
	int result = 0;

	for (uint64_t i = 0; result == 0 && i <= s->n_sequences; i++) {
		buf_le64(&some, i);
		if (some.n >= 8 * CHUNK_LENGTHS || i == s->n_sequences) {
			result = token_file_append(s->index, buf_view(&some), e);
			some.n = 0;
		}
	}
	buf_release(&some);
	return result;
}

static int put_front(struct token_shard *s, struct err *e)
{
	struct buf front = { 0 };
	int result;

	buf_append(&front, "MMIDIDX\0", 9);
	buf_le64(&front, 1);
	buf_byte(&front, s->id_bytes == 2 ? CODE_UINT16 : CODE_INT32);
	buf_le64(&front, s->n_sequences);
	buf_le64(&front, s->n_sequences + 1);
	result = token_file_patch(s->index, 0, buf_view(&front), e);
	buf_release(&front);
	return result;
}

static int megatron_close(struct token_shard *s, struct err *e)
{
	if (put_places(s, e) < 0 || put_documents(s, e) < 0 || put_front(s, e) < 0 ||
		token_shard_end_file(s, &s->ids, e) < 0)
		return -1;
	return token_shard_end_file(s, &s->index, e);
}

const struct token_format token_megatron = {
	.name = "megatron",
	.ending = ".bin",
	.separator = "-",
	.wide = "int32",
	.open = megatron_open,
	.sequence = megatron_sequence,
	.close = megatron_close,
};
