/* How a shard of MosaicML is read: samples of columns, one of them "tokens" (token_mds.c names the
 * source of the format). */
#include "lib/core/mem.h"
#include "stages/tokenize/token_layouts.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

/* Bytes where the sample begins and ends. */
static int sample_range(
	struct token_reader *r, uint64_t i, uint64_t *begin, uint64_t *end, struct err *e)
{
	const char *p = token_window_get(&r->index, 4 * (i + 1), 8, e);

	if (!p)
		return -1;
	*begin = load_le32(p);
	*end = load_le32(p + 4);
	if (*begin < r->data_at || *end < *begin || *end > r->ids.bytes)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": sample %" PRIu64 " is from byte %" PRIu64
			" to %" PRIu64 " of %" PRIu64,
			r->ids.path, 4 * (i + 1), i, *begin, *end, r->ids.bytes);
	return 0;
}

/* The bytes of the column: the sizes of those that have none of their own stand in front. */
static int column_range(
	struct token_reader *r, uint64_t i, uint64_t *begin, uint64_t *n, struct err *e)
{
	uint64_t at, end, sizes;

	if (sample_range(r, i, &at, &end, e) < 0)
		return -1;
	sizes = at;
	for (size_t c = 0; c < r->n_columns; c++)
		at += r->sizes[c] ? 0 : 4;
	*n = 0;
	for (size_t c = 0; c <= r->column; c++) {
		const char *p = r->sizes[c] ? NULL : token_window_get(&r->ids, sizes, 4, e);

		if (!r->sizes[c] && !p)
			return -1;
		at += *n;
		*n = r->sizes[c] ? r->sizes[c] : load_le32(p);
		sizes += r->sizes[c] ? 0 : 4;
	}
	*begin = at;
	if (at > end || *n > end - at)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": sample %" PRIu64 " does not hold its columns",
			r->ids.path, at, i);
	return 0;
}

/* The number of ids that stands in front of them, of an array of one dimension: takes it off. */
static int take_shape(
	struct token_reader *r, uint64_t i, uint64_t *begin, uint64_t *n, struct err *e)
{
	const char *p =
		*n ? token_window_get(&r->ids, *begin, (size_t)MIN(*n, (uint64_t)9), e) : NULL;
	unsigned wide = p ? 1U << (*p & 3) : 0;
	uint64_t length = 0;

	if (!p && e->code)
		return -1;
	if (p && *p >> 2 == 1 && *n > wide) {
		for (unsigned b = 0; b < wide; b++)
			length |= (uint64_t)(unsigned char)p[1 + b] << (8 * b);
		*begin += 1 + wide;
		*n -= 1 + wide;
		if (*n % r->dtype->bytes == 0 && length == *n / r->dtype->bytes)
			return 0;
	}
	return err_set(e, ERR_DATA,
		"%s: byte %" PRIu64 ": sample %" PRIu64 " holds no array of one dimension of %s",
		r->ids.path, *begin, i, r->dtype->name);
}

static int ids_range(
	struct token_reader *r, uint64_t i, uint64_t *begin, uint64_t *n, struct err *e)
{
	if (column_range(r, i, begin, n, e) < 0)
		return -1;
	if (r->has_shape && take_shape(r, i, begin, n, e) < 0)
		return -1;
	if (*n % r->dtype->bytes)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": sample %" PRIu64 " holds no whole ids of %s",
			r->ids.path, *begin, i, r->dtype->name);
	*n /= r->dtype->bytes;
	return 0;
}

static int mds_length(struct token_reader *r, uint64_t part, uint64_t *n, struct err *e)
{
	uint64_t begin;

	return ids_range(r, part, &begin, n, e);
}

static int mds_place(struct token_reader *r, uint64_t part, uint64_t *offset, struct err *e)
{
	uint64_t n;

	return ids_range(r, part, offset, &n, e);
}

/* ---- the columns ---- */

/* "ndarray:TYPE", "ndarray:TYPE:LENGTH", or "bytes", which LLM Foundry fills with int64. */
static int read_encoding(struct token_reader *r, const char *encoding, struct err *e)
{
	char name[16] = "int64";
	struct slice s = slice_str(encoding);
	size_t n;

	if (strcmp(encoding, "bytes") != 0) {
		if (!slice_starts(s, SLICE("ndarray:")))
			goto other;
		s = slice_skip(s, strlen("ndarray:"));
		n = slice_find(s, SLICE(":"));
		if (n >= sizeof(name))
			goto other;
		memcpy(name, s.p, n);
		name[n] = '\0';
		r->has_shape = n == s.n;
	}
	r->dtype = token_dtype_find(name);
	if (r->dtype)
		return 0;
other:
	return err_set(e, ERR_DATA, "%s: the column tokens is %.100s: not supported", r->ids.path,
		encoding);
}

static int read_columns(struct token_reader *r, json_t *root, struct err *e)
{
	json_t *names = json_object_get(root, "column_names"), *name;
	json_t *sizes = json_object_get(root, "column_sizes");
	json_t *encodings = json_object_get(root, "column_encodings");
	const char *found = NULL;
	size_t i;

	r->n_columns = json_array_size(names);
	if (r->n_columns > TOKEN_MAX_COLUMNS)
		return err_set(e, ERR_LIMIT, "%s: %zu columns exceed %d", r->ids.path, r->n_columns,
			TOKEN_MAX_COLUMNS);
	json_array_foreach(names, i, name)
	{
		json_int_t size = json_integer_value(json_array_get(sizes, i));

		r->sizes[i] = size > 0 && size <= UINT32_MAX ? (uint32_t)size : 0;
		if (!json_is_string(name) || strcmp(json_string_value(name), "tokens") != 0)
			continue;
		r->column = i;
		found = json_string_value(json_array_get(encodings, i));
	}
	if (!found)
		return err_set(e, ERR_DATA, "%s: no column is called tokens", r->ids.path);
	return read_encoding(r, found, e);
}

/* The JSON between the places and the first sample. */
static int read_config(struct token_reader *r, uint64_t begin, struct err *e)
{
	uint64_t n = r->data_at - begin;
	const char *p = n <= TOKEN_WINDOW ? token_window_get(&r->ids, begin, (size_t)n, e) : NULL;
	json_error_t where;
	json_t *root = p ? json_loadb(p, (size_t)n, 0, &where) : NULL;
	int result;

	if (!root)
		return e->code ? -1
			       : err_set(e, ERR_DATA, "%s: byte %" PRIu64 ": no JSON of columns",
					 r->ids.path, begin);
	result = read_columns(r, root, e);
	json_decref(root);
	return result;
}

static int mds_open(struct token_reader *r, struct err *e)
{
	const char *p = token_window_get(&r->ids, 0, 8, e);
	uint64_t n;

	if (!p || token_window_open(&r->index, r->ids.path, e) < 0)
		return -1;
	r->n_parts = load_le32(p);
	r->data_at = load_le32(p + 4);
	if (r->data_at < 4 * (r->n_parts + 2) || r->data_at > r->ids.bytes)
		return err_set(e, ERR_DATA,
			"%s: byte 4: %" PRIu64 " samples from byte %" PRIu64 " of %" PRIu64,
			r->ids.path, r->n_parts, r->data_at, r->ids.bytes);
	if (read_config(r, 4 * (r->n_parts + 2), e) < 0)
		return -1;
	for (uint64_t i = 0; i < r->n_parts; i++) {
		if (mds_length(r, i, &n, e) < 0)
			return -1;
		r->n_ids += n;
	}
	return 0;
}

const struct token_layout token_read_mds = {
	.name = "mds",
	.open = mds_open,
	.length = mds_length,
	.place = mds_place,
};
