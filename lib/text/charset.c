/* The encodings of the Web by name, and their bytes as UTF-8. */
#include "lib/text/charset.h"

#include "lib/text/charset_table.h"
#include "lib/text/utf8.h"

#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>

enum { LABEL_MAX = 32 };

/* --- labels ----------------------------------------------------------------------------------- */

static int by_label(const void *key, const void *row)
{
	return strcmp(key, ((const struct charset_label *)row)->label);
}

const struct charset *charset_of_label(struct slice label)
{
	const struct charset_label *found;
	const struct charset *c;
	char key[LABEL_MAX];

	label = slice_trim(label, " \t\n\f\r");
	if (label.n == 0 || label.n >= sizeof(key))
		return NULL;
	for (size_t i = 0; i < label.n; i++) {
		char b = label.p[i];

		if (b == '\0')
			return NULL;
		key[i] = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
	}
	key[label.n] = '\0';
	found = bsearch(key, charset_labels, charset_n_labels, sizeof(*found), by_label);
	c = found ? &charset_rows[found->row] : NULL;
	return c && (c->icu || c->high) ? c : NULL;
}

const char *charset_name(const struct charset *c)
{
	return c->name;
}

/* --- encodings of single bytes ---------------------------------------------------------------- */

static void decode_single(
	const uint16_t *high, struct slice bytes, struct buf *out, uint64_t *replaced)
{
	while (bytes.n) {
		size_t ascii = charset_ascii_run(bytes), high_run, at = 0;
		char *to;

		buf_slice(out, slice_head(bytes, ascii));
		bytes = slice_skip(bytes, ascii);
		for (high_run = 0; high_run < bytes.n && bytes.p[high_run] & 0x80;)
			high_run++;
		to = buf_reserve(out, high_run * 3 + 1);
		for (size_t i = 0; i < high_run; i++) {
			uint32_t c = high[(unsigned char)bytes.p[i] - 0x80];

			*replaced += c == 0;
			at += utf8_put(to + at, c ? c : UTF8_REPLACEMENT);
		}
		out->n += at;
		bytes = slice_skip(bytes, high_run);
	}
}

/* --- encodings of more bytes ------------------------------------------------------------------ */

static void append_units(const UChar *units, int32_t n, struct buf *out, uint64_t *replaced)
{
	char *to = buf_reserve(out, (size_t)n * 3 + 1);
	size_t at = 0;

	for (int32_t i = 0; i < n; i++) {
		uint32_t c = units[i];

		if (U16_IS_LEAD(c) && i + 1 < n && U16_IS_TRAIL(units[i + 1]))
			c = ((c - 0xD800) << 10) + (units[++i] - 0xDC00u) + 0x10000;
		else if (U16_IS_SURROGATE(c))
			c = UTF8_REPLACEMENT;
		*replaced += c == UTF8_REPLACEMENT;
		at += utf8_put(to + at, c);
	}
	out->n += at;
}

static void decode_icu(const char *name, struct slice bytes, struct buf *out, uint64_t *replaced)
{
	UErrorCode status = U_ZERO_ERROR;
	UConverter *converter = ucnv_open(name, &status);
	const char *from = bytes.p, *end = bytes.p + bytes.n;
	UChar units[4096];
	int32_t held = 0; /* a lead surrogate whose trail comes with the next lot */

	if (U_FAILURE(status)) { /* ICU is there without its data: what is ASCII survives */
		*replaced += utf8_repair(out, bytes);
		return;
	}
	do {
		UChar *to = units + held;
		int32_t n;

		status = U_ZERO_ERROR;
		ucnv_toUnicode(
			converter, &to, units + ARRAY_LEN(units), &from, end, NULL, true, &status);
		n = (int32_t)(to - units);
		held = status == U_BUFFER_OVERFLOW_ERROR && n > 1 && U16_IS_LEAD(units[n - 1]);
		append_units(units, n - held, out, replaced);
		if (held)
			units[0] = units[n - 1];
	} while (status == U_BUFFER_OVERFLOW_ERROR);
	ucnv_close(converter);
}

void charset_decode(
	const struct charset *c, struct slice bytes, struct buf *out, uint64_t *replaced)
{
	if (bytes.n == 0)
		return;
	if (c == charset_rows)
		*replaced += utf8_repair(out, bytes);
	else if (c->high)
		decode_single(c->high, bytes, out, replaced);
	else
		decode_icu(c->icu, bytes, out, replaced);
}

struct slice charset_text(const struct charset_choice *choice, struct slice bytes,
	struct buf *scratch, uint64_t *replaced)
{
	bytes = slice_skip(bytes, choice->bom);
	if (choice->charset == charset_rows && (choice->valid || utf8_valid(bytes)))
		return bytes;
	charset_decode(choice->charset, bytes, scratch, replaced);
	return buf_view(scratch);
}

/* --- UTF-8 ------------------------------------------------------------------------------------ */

size_t charset_ascii_run(struct slice bytes)
{
	const char *p = bytes.p;
	size_t i = 0;

	while (i + 8 <= bytes.n && !(load_le64(p + i) & 0x8080808080808080u))
		i += 8;
	while (i < bytes.n && !(p[i] & 0x80))
		i++;
	return i;
}

struct utf8_count utf8_count(struct slice bytes)
{
	struct utf8_count count = { 0 };
	uint32_t c;

	for (;;) {
		int n;

		bytes = slice_skip(bytes, charset_ascii_run(bytes));
		if (!bytes.n)
			return count;
		n = utf8_decode(bytes, &c);
		count.good += n > 0;
		count.bad += n < 0;
		bytes = slice_skip(bytes, (size_t)(n < 0 ? -n : n));
	}
}
