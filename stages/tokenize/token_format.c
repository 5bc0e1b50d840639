/* The layouts of token shards that hold nothing but ids, and what all layouts share. */
#include "stages/tokenize/token_format.h"

#include "lib/core/mem.h"

#include <inttypes.h>
#include <stdlib.h>

const struct token_format *const token_formats[] = {
	&token_flat,
	&token_megatron,
	&token_npy,
	&token_olmo,
	&token_datatrove,
	&token_mds,
	NULL,
};

int token_shard_open_file(
	struct token_shard *s, struct token_file **out, const char *ending, struct err *e)
{
	char *path = mem_printf("%s%s", s->name, ending);
	int result = token_file_open(out, path, e);

	free(path);
	return result;
}

int token_shard_end_file(struct token_shard *s, struct token_file **file, struct err *e)
{
	struct token_file *f = *file;

	*file = NULL;
	return token_file_end(f, &s->files[s->n_files++], e);
}

void token_shard_release(struct token_shard *s)
{
	token_file_abort(s->ids);
	token_file_abort(s->index);
	buf_release(&s->sizes);
	for (size_t i = 0; i < s->n_files; i++)
		token_file_facts_release(&s->files[i]);
	*s = (struct token_shard){ 0 };
}

static int ids_sequence(struct token_shard *s, struct slice ids, struct err *e)
{
	return token_file_append(s->ids, ids, e);
}

static int ids_close(struct token_shard *s, struct err *e)
{
	return token_shard_end_file(s, &s->ids, e);
}

/* ---- flat ---- */

/* llm.c's header, of dev/data/data_common.py in karpathy/llm.c: 256 numbers of 32 bits, of which
 * three are used. Each kind of model has a mark, a version and a type of id. */
enum { LLMC_BYTES = 256 * 4 };

static int flat_open(struct token_shard *s, struct err *e)
{
	static const char zeros[LLMC_BYTES];

	if (token_shard_open_file(s, &s->ids, ".bin", e) < 0)
		return -1;
	return s->llmc ? token_file_append(s->ids, (struct slice){ zeros, sizeof(zeros) }, e) : 0;
}

static int flat_close(struct token_shard *s, struct err *e)
{
	struct buf header = { 0 };
	int result = 0;

	if (s->llmc && s->n_ids > INT32_MAX)
		return err_set(e, ERR_LIMIT,
			"%s.bin: the header of --llmc counts no more than %d tokens, and there are "
			"%" PRIu64 ": see --shard-tokens",
			s->name, INT32_MAX, s->n_ids);
	if (s->llmc) {
		buf_le32(&header, s->id_bytes == 2 ? 20240520 : 20240801);
		buf_le32(&header, s->id_bytes == 2 ? 1 : 7);
		buf_le32(&header, (uint32_t)s->n_ids);
		result = token_file_patch(s->ids, 0, buf_view(&header), e);
		buf_release(&header);
	}
	return result < 0 ? -1 : ids_close(s, e);
}

const struct token_format token_flat = {
	.name = "flat",
	.ending = ".bin",
	.separator = "-",
	.wide = "uint32",
	.open = flat_open,
	.sequence = ids_sequence,
	.close = flat_close,
};

/* ---- olmo ---- */

static int olmo_open(struct token_shard *s, struct err *e)
{
	return token_shard_open_file(s, &s->ids, ".npy", e);
}

const struct token_format token_olmo = {
	.name = "olmo",
	.ending = ".npy",
	.separator = "-",
	.wide = "uint32",
	.open = olmo_open,
	.sequence = ids_sequence,
	.close = ids_close,
};

/* ---- npy ---- */

/* numpy/lib/_format_impl.py: a mark, version 1.0, the length of a Python dictionary with spaces and
 * a line end behind it, so that all is a multiple of 64 bytes. numpy leaves room for a first
 * dimension of 21 digits, so that the header is of one size here: the bytes are those of
 * numpy.save. */
enum { NPY_BYTES = 128 };

static int npy_open(struct token_shard *s, struct err *e)
{
	static const char zeros[NPY_BYTES];

	if (token_shard_open_file(s, &s->ids, ".npy", e) < 0)
		return -1;
	return token_file_append(s->ids, (struct slice){ zeros, sizeof(zeros) }, e);
}

static int npy_close(struct token_shard *s, struct err *e)
{
	struct buf header = { 0 };
	int result;

	buf_slice(&header, SLICE("\x93NUMPY\x01\x00"));
	buf_slice(&header, SLICE("\x76\x00")); /* 118: the rest */
	buf_printf(&header, "{'descr': '<u%u', 'fortran_order': False, 'shape': (", s->id_bytes);
	if (s->pack)
		buf_printf(&header, "%" PRIu64 ", %" PRIu64, s->n_sequences, s->pack);
	else
		buf_printf(&header, "%" PRIu64 ",", s->n_ids);
	buf_str(&header, "), }");
	while (header.n < NPY_BYTES - 1)
		buf_byte(&header, ' ');
	buf_byte(&header, '\n');
	result = token_file_patch(s->ids, 0, buf_view(&header), e);
	buf_release(&header);
	return result < 0 ? -1 : ids_close(s, e);
}

const struct token_format token_npy = {
	.name = "npy",
	.ending = ".npy",
	.separator = "-",
	.wide = "uint32",
	.open = npy_open,
	.sequence = ids_sequence,
	.close = npy_close,
};
