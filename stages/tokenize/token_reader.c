/* One shard of token ids, read from front to back: what all layouts share. */
#include "stages/tokenize/token_reader.h"

#include "lib/core/mem.h"
#include "stages/tokenize/token_layouts.h"

#include <inttypes.h>
#include <stdlib.h>

static const struct token_dtype dtypes[] = {
	{ "uint16", 2 },
	{ "uint32", 4 },
	{ "int32", 4 },
	{ "int64", 8 },
	{ "uint64", 8 },
};

const struct token_dtype *token_dtype_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(dtypes); i++)
		if (strcmp(dtypes[i].name, name) == 0)
			return &dtypes[i];
	return NULL;
}

static const struct token_layout *const layouts[] = {
	&token_read_flat,
	&token_read_llmc,
	&token_read_megatron,
	&token_read_npy,
	&token_read_olmo,
	&token_read_datatrove,
	&token_read_mds,
};

static const struct token_layout *find_layout(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (strcmp(layouts[i]->name, name) == 0)
			return layouts[i];
	return NULL;
}

/* ---- opening ---- */

/* The file of the ids for one that may be called by its index. */
static char *ids_path(const char *path)
{
	struct slice s = slice_str(path);

	if (slice_ends(s, SLICE(".idx")))
		return mem_printf("%.*s.bin", (int)(s.n - 4), path);
	if (slice_ends(s, SLICE(".ds.index")))
		return mem_strndup(path, s.n - strlen(".index"));
	return mem_strdup(path);
}

char *token_path_beside(const char *path, const char *ending)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

	if (!dot || (slash && dot < slash))
		return mem_printf("%s%s", path, ending);
	return mem_printf("%.*s%s", (int)(dot - path), path, ending);
}

/* The bytes of the ids must be what the layout says, or whole ids where it says nothing. */
static int check_size(struct token_reader *r, struct err *e)
{
	uint64_t bytes = r->ids.bytes - r->data_at;
	bool said = r->n_ids != TOKEN_IDS_UNSAID, whole;

	if (!said)
		r->n_ids = r->dtype ? bytes / r->dtype->bytes : 0;
	if (!r->dtype || r->layout->place)
		return 0;
	whole = bytes % r->dtype->bytes == 0;
	if (whole && r->n_ids == bytes / r->dtype->bytes)
		return 0;
	if (said)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": the file ends, but %" PRIu64
			" ids of %s from byte %" PRIu64 " on are promised",
			r->ids.path, r->ids.bytes, r->n_ids, r->dtype->name, r->data_at);
	return err_set(e, ERR_DATA,
		"%s: byte %" PRIu64 ": ended early: inside an id of %u bytes (%s)", r->ids.path,
		r->ids.bytes, r->dtype->bytes, r->dtype->name);
}

static int open_as(struct token_reader *r, const char *layout, const char *dtype, struct err *e)
{
	const char *name = layout ? layout : token_layout_guess(r->ids.path);

	r->layout = name ? find_layout(name) : NULL;
	if (!r->layout)
		return err_set(e, ERR_DATA, "%s: no shard of token ids", r->ids.path);
	if (dtype)
		r->dtype = token_dtype_find(dtype);
	if (r->layout->open(r, e) < 0)
		return -1;
	return check_size(r, e);
}

int token_reader_open(struct token_reader *r, const char *path, const char *layout,
	const char *dtype, struct err *e)
{
	char *ids = ids_path(path);
	int result = token_window_open(&r->ids, ids, e);

	free(ids);
	if (result < 0)
		return -1;
	if (open_as(r, layout, dtype, e) < 0) {
		token_reader_close(r);
		return -1;
	}
	return 0;
}

void token_reader_close(struct token_reader *r)
{
	token_window_close(&r->ids);
	token_window_close(&r->index);
	*r = (struct token_reader){ 0 };
}

/* ---- reading ---- */

int token_reader_part(struct token_reader *r, uint64_t *n, struct err *e)
{
	if (!r->layout->length || r->next_part == r->n_parts)
		return 0;
	return r->layout->length(r, r->next_part++, n, e) < 0 ? -1 : 1;
}

static uint64_t load_id(const char *p, unsigned bytes)
{
	uint64_t id = 0;

	for (unsigned i = 0; i < bytes; i++)
		id |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return id;
}

/* Where the next ids are and how many stand side by side there. */
static int find_next(struct token_reader *r, uint64_t *offset, uint64_t *n, struct err *e)
{
	uint64_t length = 0;

	if (!r->layout->place) {
		*offset = r->data_at + r->at * r->dtype->bytes;
		*n = r->n_ids - r->at;
		return 0;
	}
	for (; r->part < r->n_parts; r->part++, r->part_at = 0) {
		if (r->layout->length(r, r->part, &length, e) < 0)
			return -1;
		if (r->part_at < length)
			break;
	}
	*n = r->part < r->n_parts ? length - r->part_at : 0;
	if (*n && r->layout->place(r, r->part, offset, e) < 0)
		return -1;
	*offset += r->part_at * r->dtype->bytes;
	return 0;
}

int token_reader_read(struct token_reader *r, uint64_t n, struct ids *out, struct err *e)
{
	if (n > r->n_ids - r->at)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": ended early: %" PRIu64
			" ids more are promised and %" PRIu64 " are there",
			r->ids.path, r->ids.bytes, n, r->n_ids - r->at);
	while (n) {
		uint64_t offset = 0, some = 0;
		const char *p;

		if (find_next(r, &offset, &some, e) < 0)
			return -1;
		some = MIN(MIN(some, n), (uint64_t)TOKEN_WINDOW / r->dtype->bytes);
		p = token_window_get(&r->ids, offset, (size_t)some * r->dtype->bytes, e);
		if (!p)
			return -1;
		ids_reserve(out, (size_t)some);
		for (uint64_t i = 0; i < some; i++, p += r->dtype->bytes)
			ids_put(out,
				(uint32_t)MIN(load_id(p, r->dtype->bytes), (uint64_t)UINT32_MAX));
		r->at += some;
		r->part_at += some;
		n -= some;
	}
	return 0;
}

uint64_t token_reader_byte(struct token_reader *r, uint64_t at)
{
	struct err e = { 0 };
	uint64_t offset = r->data_at, n = 0;

	if (!r->layout->place)
		return offset + at * r->dtype->bytes;
	for (uint64_t part = 0; part < r->n_parts; part++, at -= n) {
		if (r->layout->length(r, part, &n, &e) < 0)
			break;
		if (at >= n)
			continue;
		if (r->layout->place(r, part, &offset, &e) < 0)
			break;
		return offset + at * r->dtype->bytes;
	}
	return offset;
}
