/* A value, a newline and a line: the value set in the line comes back, and all else stays. */
#include "lib/record/record.h"
#include "lib/text/utf8.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The members but the first of key are the same, byte for byte, in the same order. */
static void check_others(const struct record *a, const struct record *b, struct slice key)
{
	size_t i = 0;

	for (; i < a->members.n; i++) {
		const struct json_member *x = &a->members.at[i], *y = &b->members.at[i];

		assert(slice_eq(x->key, y->key));
		if (x->value.p != key.p)
			assert(slice_eq(x->value, y->value));
	}
	assert(b->members.n == i + !key.p);
	assert(b->duplicate_keys == a->duplicate_keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice all = { (const char *)data, n },
		     value = slice_head(all, slice_find(all, SLICE("\n")));
	struct slice line = slice_skip(all, value.n + 1), back;
	struct record a = { 0 }, b = { 0 };
	struct buf out = { 0 }, want = { 0 };
	struct err e = { 0 };

	if (record_scan(&a, line, &e) == 0) {
		struct slice was = record_raw(&a, "k");

		record_text(&a);
		record_write(&a, &out);
		assert(slice_eq(slice_head(buf_view(&out), out.n - 1), line));
		out.n = 0;
		record_set_str(&a, "k", value);
		record_write(&a, &out);
		assert(record_scan(&b, slice_head(buf_view(&out), out.n - 1), &e) == 0);
		utf8_repair(&want, value);
		assert(record_str(&b, "k", &back) == RECORD_FOUND &&
			slice_eq(back, buf_view(&want)));
		check_others(&a, &b, was);
	}
	record_release(&a);
	record_release(&b);
	buf_release(&out);
	buf_release(&want);
	return 0;
}
