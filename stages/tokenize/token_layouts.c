/* How the layouts whose ids stand side by side are read. The sources of what they hold are named
 * where they are written (token_format.c, token_megatron.c, token_datatrove.c). */
#include "stages/tokenize/token_layouts.h"

#include "lib/core/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

const char *const token_layout_names[] = { "flat", "llmc", "megatron", "npy", "olmo", "datatrove",
	"mds", NULL };

static uint64_t load(const char *p)
{
	return load_le64(p);
}

/* ---- flat, olmo ---- */

static int plain_open(struct token_reader *r, struct err *e)
{
	(void)e;
	r->n_ids = TOKEN_IDS_UNSAID;
	return 0;
}

const struct token_layout token_read_flat = { .name = "flat", .open = plain_open };
const struct token_layout token_read_olmo = { .name = "olmo", .open = plain_open };

/* ---- llm.c ---- */

enum { LLMC_BYTES = 1024, LLMC_GPT2 = 20240520, LLMC_LLAMA3 = 20240801 };

static int llmc_open(struct token_reader *r, struct err *e)
{
	const char *p = token_window_get(&r->ids, 0, LLMC_BYTES, e);
	uint32_t mark = p ? load_le32(p) : 0, version = p ? load_le32(p + 4) : 0;

	if (!p)
		return -1;
	if ((mark != LLMC_GPT2 || version != 1) && (mark != LLMC_LLAMA3 || version != 7))
		return err_set(e, ERR_DATA, "%s: byte 0: no header of llm.c", r->ids.path);
	r->dtype = token_dtype_find(mark == LLMC_GPT2 ? "uint16" : "uint32");
	r->data_at = LLMC_BYTES;
	r->n_ids = load_le32(p + 8);
	return 0;
}

const struct token_layout token_read_llmc = { .name = "llmc", .open = llmc_open };

/* ---- megatron ---- */

enum { MEGATRON_FRONT = 34 };

static const char *const megatron_types[] = { [4] = "int32", [5] = "int64", [8] = "uint16" };

static int megatron_front(struct token_reader *r, struct err *e)
{
	const char *p = token_window_get(&r->index, 0, MEGATRON_FRONT, e);
	unsigned code = p ? (unsigned char)p[17] : 0;
	uint64_t documents;

	if (!p)
		return -1;
	if (memcmp(p, "MMIDIDX\0\0", 9) != 0 || load(p + 9) != 1)
		return err_set(e, ERR_DATA, "%s: byte 0: no index of Megatron", r->index.path);
	if (code >= ARRAY_LEN(megatron_types) || !megatron_types[code])
		return err_set(e, ERR_DATA, "%s: byte 17: type %u is not one of token ids",
			r->index.path, code);
	r->dtype = token_dtype_find(megatron_types[code]);
	r->n_parts = load(p + 18);
	documents = load(p + 26);
	/* Modes of one byte a sequence may follow, of multimodal sets. */
	if (r->n_parts > r->index.bytes / 12 || documents > r->index.bytes / 8 ||
		MEGATRON_FRONT + r->n_parts * 12 + documents * 8 > r->index.bytes)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": ended early: %" PRIu64 " sequences are promised",
			r->index.path, r->index.bytes, r->n_parts);
	return 0;
}

static int megatron_length(struct token_reader *r, uint64_t part, uint64_t *n, struct err *e)
{
	const char *p = token_window_get(&r->index, MEGATRON_FRONT + 4 * part, 4, e);

	*n = p ? load_le32(p) : 0;
	if (p && *n > INT32_MAX)
		return err_set(e, ERR_DATA, "%s: byte %" PRIu64 ": a negative length",
			r->index.path, MEGATRON_FRONT + 4 * part);
	return p ? 0 : -1;
}

static int megatron_open(struct token_reader *r, struct err *e)
{
	char *path = token_path_beside(r->ids.path, ".idx");
	int result = token_window_open(&r->index, path, e);
	uint64_t n;

	free(path);
	if (result < 0 || megatron_front(r, e) < 0)
		return -1;
	for (uint64_t i = 0; i < r->n_parts; i++) {
		if (megatron_length(r, i, &n, e) < 0)
			return -1;
		r->n_ids += n;
	}
	return 0;
}

const struct token_layout token_read_megatron = {
	.name = "megatron",
	.open = megatron_open,
	.length = megatron_length,
};

/* ---- npy ---- */

/* What stands behind a key of the header's dictionary. */
static struct slice npy_value(struct slice header, struct slice key)
{
	return slice_trim(slice_skip(header, slice_find(header, key) + key.n), " :");
}

/* Takes a number off the front; false where there is none. */
static bool take_number(struct slice *s, uint64_t *n)
{
	size_t i = 0;

	for (*n = 0; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		if (__builtin_mul_overflow(*n, (uint64_t)10, n) ||
			__builtin_add_overflow(*n, (uint64_t)(s->p[i] - '0'), n))
			return false;
	*s = slice_trim(slice_skip(*s, i), " ");
	return i > 0;
}

/* (N,) or (ROWS, ROW). */
static bool npy_shape(struct token_reader *r, struct slice s)
{
	uint64_t n;

	if (!slice_starts(s, SLICE("(")))
		return false;
	s = slice_skip(s, 1);
	if (!take_number(&s, &n) || !slice_starts(s, SLICE(",")))
		return false;
	s = slice_trim(slice_skip(s, 1), " ");
	r->n_ids = n;
	if (slice_starts(s, SLICE(")")))
		return true;
	if (!take_number(&s, &r->row) || !slice_starts(s, SLICE(")")))
		return false;
	r->n_parts = r->row ? n : 0;
	return !__builtin_mul_overflow(n, r->row, &r->n_ids);
}

static bool npy_type(struct token_reader *r, struct slice s)
{
	static const struct {
		struct slice descr;
		const char *name;
	} types[] = {
		{ { "'<u2'", 5 }, "uint16" },
		{ { "'<u4'", 5 }, "uint32" },
		{ { "'<i4'", 5 }, "int32" },
		{ { "'<i8'", 5 }, "int64" },
		{ { "'<u8'", 5 }, "uint64" },
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (slice_starts(s, types[i].descr)) {
			r->dtype = token_dtype_find(types[i].name);
			return true;
		}
	}
	return false;
}

static int npy_open(struct token_reader *r, struct err *e)
{
	const char *p = token_window_get(&r->ids, 0, 12, e);
	size_t front, bytes;
	struct slice header;

	if (!p)
		return -1;
	if (memcmp(p, "\x93NUMPY", 6) != 0)
		return err_set(e, ERR_DATA, "%s: byte 0: no header of numpy", r->ids.path);
	front = p[6] == 1 ? 10 : 12;
	bytes = front + (p[6] == 1 ? load_le32(p + 8) & 0xFFFF : load_le32(p + 8));
	p = bytes <= TOKEN_WINDOW ? token_window_get(&r->ids, 0, bytes, e) : NULL;
	if (!p)
		return e->code ? -1
			       : err_set(e, ERR_DATA, "%s: byte 8: a header of %zu bytes",
					 r->ids.path, bytes);
	header = (struct slice){ p + front, bytes - front };
	if (!npy_type(r, npy_value(header, SLICE("'descr'"))) ||
		!slice_starts(npy_value(header, SLICE("'fortran_order'")), SLICE("False")) ||
		!npy_shape(r, npy_value(header, SLICE("'shape'"))))
		return err_set(e, ERR_DATA,
			"%s: byte %zu: %.*s is no array of token ids of one or two dimensions",
			r->ids.path, front, (int)MIN(header.n, (size_t)200), header.p);
	r->data_at = bytes;
	return 0;
}

static int npy_length(struct token_reader *r, uint64_t part, uint64_t *n, struct err *e)
{
	(void)part;
	(void)e;
	*n = r->row;
	return 0;
}

const struct token_layout token_read_npy = {
	.name = "npy",
	.open = npy_open,
	.length = npy_length,
};

/* ---- datatrove ---- */

/* The first line of the metadata ends in a stroke and the bytes of an id. */
static int datatrove_type(struct token_reader *r, struct err *e)
{
	char *path = mem_printf("%s.metadata", r->ids.path);
	struct token_window w = { 0 };
	int result = 0;

	if (!r->dtype && access(path, R_OK) == 0) {
		const char *p = NULL;
		size_t n;

		result = token_window_open(&w, path, e);
		n = (size_t)MIN(w.bytes, (uint64_t)4096);
		p = result == 0 ? token_window_get(&w, 0, n, e) : NULL;
		if (p) {
			struct slice line = slice_head((struct slice){ p, n },
				slice_find((struct slice){ p, n }, SLICE("\n")));

			if (slice_ends(line, SLICE("|2")))
				r->dtype = token_dtype_find("uint16");
			if (slice_ends(line, SLICE("|4")))
				r->dtype = token_dtype_find("uint32");
		}
		result = p ? 0 : -1;
		token_window_close(&w);
	}
	free(path);
	return result;
}

static int datatrove_open(struct token_reader *r, struct err *e)
{
	char *path = mem_printf("%s.index", r->ids.path);
	int result = datatrove_type(r, e);

	if (result == 0 && access(path, R_OK) == 0)
		result = token_window_open(&r->index, path, e);
	free(path);
	if (result == 0 && r->index.bytes % 8)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": ended early: inside a number of 8 bytes",
			r->index.path, r->index.bytes);
	r->n_parts = r->index.bytes / 8;
	r->n_ids = TOKEN_IDS_UNSAID;
	return result;
}

static int datatrove_length(struct token_reader *r, uint64_t part, uint64_t *n, struct err *e)
{
	const char *p = token_window_get(&r->index, part ? 8 * (part - 1) : 0, part ? 16 : 8, e);
	uint64_t begin = p && part ? load(p) : 0, end = p ? load(part ? p + 8 : p) : 0;

	if (!p)
		return -1;
	if (end < begin)
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": a document ends before it begins", r->index.path,
			8 * part);
	*n = end - begin;
	return 0;
}

const struct token_layout token_read_datatrove = {
	.name = "datatrove",
	.open = datatrove_open,
	.length = datatrove_length,
};

/* ---- which it is ---- */

static bool begins_with(const char *path, struct slice head)
{
	struct token_window w = { 0 };
	struct err e = { 0 };
	const char *p = NULL;
	bool same;

	if (token_window_open(&w, path, &e) == 0)
		p = token_window_get(&w, 0, head.n, &e);
	same = p && memcmp(p, head.p, head.n) == 0;
	token_window_close(&w);
	return same;
}

static bool is_megatron(const char *path)
{
	char *index = token_path_beside(path, ".idx");
	bool is = begins_with(index, (struct slice){ "MMIDIDX\0", 9 });

	free(index);
	return is;
}

/* The header and as many ids as it says: a flat shard may begin with any bytes. */
static bool is_llmc(const char *path)
{
	struct token_reader r = { 0 };
	struct err e = { 0 };
	bool is = token_reader_open(&r, path, "llmc", NULL, &e) == 0;

	token_reader_close(&r);
	return is;
}

const char *token_layout_guess(const char *path)
{
	struct slice s = slice_str(path);

	if (slice_ends(s, SLICE(".idx")))
		return "megatron";
	if (begins_with(path, SLICE("\x93NUMPY")))
		return "npy";
	if (slice_ends(s, SLICE(".mds")))
		return "mds";
	if (slice_ends(s, SLICE(".ds")) || slice_ends(s, SLICE(".ds.index")))
		return "datatrove";
	if (slice_ends(s, SLICE(".npy")))
		return "olmo";
	if (!slice_ends(s, SLICE(".bin")))
		return NULL;
	return is_megatron(path) ? "megatron" : is_llmc(path) ? "llmc" : "flat";
}
