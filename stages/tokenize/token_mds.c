/* Mosaic Data Shards: a folder of shard.00000.mds and an index.json, one column "tokens".
 *
 * Source: streaming/base/format/mds (writer.py, encodings.py) and base/writer.py of
 * mosaicml/streaming. A shard is the number of samples in four bytes, where each begins and the
 * last ends in four bytes each, the JSON of its columns, and the samples. A sample is the bytes of
 * its column in four bytes and the column: an ndarray of one dimension, that is a byte (dimensions
 * times four, and the logarithm of the bytes of a length), the length, and the ids. */
#include "lib/record/json.h"
#include "stages/tokenize/token_format.h"

#include <inttypes.h>

/* A sample without ids is refused by the writer of MosaicML and is not written here either: the
 * document is in the map alone. */
static uint64_t sample_bytes(uint64_t n, unsigned id_bytes)
{
	return 4 + 1 + (n < 1 << 8 ? 1U : n < 1 << 16 ? 2U : 4U) + n * id_bytes;
}

/* Keys sorted and blanks as json.dumps writes them. */
static void put_columns(struct buf *out, const struct token_shard *s)
{
	buf_printf(out,
		"\"column_encodings\": [\"ndarray:%s\"], \"column_names\": [\"tokens\"], "
		"\"column_sizes\": [null], \"compression\": null, \"format\": \"mds\", "
		"\"hashes\": []",
		s->dtype);
}

static void put_limit(struct buf *out, const struct token_shard *s)
{
	if (s->limit)
		buf_printf(out, "\"size_limit\": %" PRIu64 ", \"version\": 2}", s->limit);
	else
		buf_str(out, "\"size_limit\": null, \"version\": 2}");
}

static void put_config(struct buf *out, const struct token_shard *s)
{
	buf_byte(out, '{');
	put_columns(out, s);
	buf_str(out, ", ");
	put_limit(out, s);
}

static int mds_open(struct token_shard *s, struct err *e)
{
	s->sizes.n = 0;
	return token_shard_open_file(s, &s->index, ".samples", e);
}

/* The bytes of the shard with n samples of so many bytes in all. */
static uint64_t shard_bytes(const struct token_shard *s, uint64_t n, uint64_t bytes)
{
	struct buf config = { 0 };
	uint64_t front;

	put_config(&config, s);
	front = config.n;
	buf_release(&config);
	return 4 + 4 * (n + 1) + front + bytes;
}

static bool mds_fits(const struct token_shard *s, uint64_t bytes)
{
	uint64_t sample = sample_bytes(bytes / s->id_bytes, s->id_bytes);
	uint64_t all = shard_bytes(
		s, s->sizes.n / 4 + 1, (s->index ? token_file_bytes(s->index) : 0) + sample);

	return all <= (s->limit ? s->limit : UINT32_MAX);
}

static int mds_sequence(struct token_shard *s, struct slice ids, struct err *e)
{
	uint64_t n = ids.n / s->id_bytes, bytes = sample_bytes(n, s->id_bytes);
	int wide = n < 1 << 8 ? 0 : n < 1 << 16 ? 1 : 2;
	struct buf front = { 0 };
	int result;

	if (!n)
		return 0;
	if (bytes > UINT32_MAX - MIB)
		return err_set(
			e, ERR_LIMIT, "a document of %" PRIu64 " tokens is too long for mds", n);
	buf_le32(&front, (uint32_t)bytes - 4);
	buf_byte(&front, (char)(1 << 2 | wide));
	for (int i = 0; i < 1 << wide; i++)
		buf_byte(&front, (char)(n >> (8 * i)));
	buf_le32(&s->sizes, (uint32_t)bytes);
	result = token_file_append(s->index, buf_view(&front), e);
	buf_release(&front);
	return result < 0 ? -1 : token_file_append(s->index, ids, e);
}

static void put_front(struct buf *out, const struct token_shard *s)
{
	uint64_t n = s->sizes.n / 4, at = shard_bytes(s, n, 0);

	buf_le32(out, (uint32_t)n);
	buf_le32(out, (uint32_t)at);
	for (size_t i = 0; i < n; i++) {
		at += load_le32(s->sizes.p + 4 * i);
		buf_le32(out, (uint32_t)at);
	}
	put_config(out, s);
}

static int copy_samples(struct token_shard *s, struct err *e)
{
	uint64_t all = token_file_bytes(s->index);
	struct buf some = { 0 };
	int result = 0;

	for (uint64_t at = 0; result == 0 && at < all; at += some.n) {
		some.n = 0;
		buf_reserve(&some, 1 << 18);
		some.n = (size_t)MIN(all - at, (uint64_t)1 << 18);
		result = token_file_read(s->index, at, some.p, some.n, e);
		if (result == 0)
			result = token_file_append(s->ids, buf_view(&some), e);
	}
	buf_release(&some);
	return result;
}

static int mds_close(struct token_shard *s, struct err *e)
{
	struct buf front = { 0 };
	int result = token_shard_open_file(s, &s->ids, ".mds", e);

	put_front(&front, s);
	if (result == 0)
		result = token_file_append(s->ids, buf_view(&front), e);
	buf_release(&front);
	if (result < 0 || copy_samples(s, e) < 0)
		return -1;
	token_file_abort(s->index);
	s->index = NULL;
	return token_shard_end_file(s, &s->ids, e);
}

const struct token_format token_mds = {
	.name = "mds",
	.file = "shard",
	.separator = ".",
	.wide = "int32",
	.open = mds_open,
	.fits = mds_fits,
	.sequence = mds_sequence,
	.close = mds_close,
};

/* ---- index.json ---- */

void token_mds_index_open(struct buf *out)
{
	buf_str(out, "{\"shards\": [");
}

void token_mds_index_shard(struct buf *out, const struct token_shard *s)
{
	buf_str(out, out->p[out->n - 1] == '[' ? "{" : ", {");
	put_columns(out, s);
	buf_str(out, ", \"raw_data\": {\"basename\": ");
	json_put_string(out, slice_str(s->files[0].name));
	buf_printf(out, ", \"bytes\": %" PRIu64 ", \"hashes\": {}}, \"samples\": %zu, ",
		s->files[0].bytes, s->sizes.n / 4);
	/* size_limit, version, zip_data: sorted, the last behind what put_limit ends with. */
	put_limit(out, s);
	out->n--;
	buf_str(out, ", \"zip_data\": null}");
}

void token_mds_index_close(struct buf *out)
{
	buf_str(out, "], \"version\": 2}");
}
