/* The radix sort, against qsort. */
#include "lib/store/sort.h"

#include "lib/core/mem.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* n records whose key bytes take few or many values, so that equal keys and shared beginnings come;
 * the last bytes hold the place, which shows whether equal keys stayed in order. */
static char *records(const struct sort_shape *shape, size_t n, unsigned values, uint64_t seed)
{
	char *p = mem_zalloc(n, shape->record_bytes);

	for (size_t i = 0; i < n; i++) {
		char *r = p + i * shape->record_bytes;

		for (uint32_t b = 0; b < shape->key_bytes; b++)
			r[b] = (char)(random_next(&seed) % values * (255 / values));
		if (shape->record_bytes >= shape->key_bytes + 4)
			memcpy(r + shape->record_bytes - 4, &(uint32_t){ (uint32_t)i }, 4);
	}
	return p;
}

static void expect_same(const struct sort_shape *shape, size_t n, unsigned values)
{
	char *fast = records(shape, n, values, n * 31 + values);
	char *plain = records(shape, n, values, n * 31 + values);
	char *scratch = mem_zalloc(n, shape->record_bytes);

	sort_records(shape, fast, scratch, n);
	sort_records_plain(shape, plain, n);
	cr_expect(n == 0 || memcmp(fast, plain, n * shape->record_bytes) == 0,
		"%u bytes, key %u, order %d, %zu records, %u values", shape->record_bytes,
		shape->key_bytes, shape->order, n, values);
	free(fast);
	free(plain);
	free(scratch);
}

Test(store_sort, agrees_with_qsort_for_every_shape)
{
	static const struct sort_shape shapes[] = {
		{ 24, 16, KEY_BYTES },
		{ 16, 8, KEY_LE64 },
		{ 32, 16, KEY_LE64 },
		{ 1, 1, KEY_BYTES },
		{ 9, 5, KEY_BYTES },
		{ 20, 16, KEY_LE64 },
		{ 8, 8, KEY_LE64 },
		{ 256, 64, KEY_BYTES },
	};
	static const size_t counts[] = { 0, 1, 2, 23, 24, 25, 100, 257, 5000 };
	static const unsigned values[] = { 1, 2, 3, 255 };

	for (size_t s = 0; s < ARRAY_LEN(shapes); s++)
		for (size_t c = 0; c < ARRAY_LEN(counts); c++)
			for (size_t v = 0; v < ARRAY_LEN(values); v++)
				expect_same(&shapes[s], counts[c], values[v]);
}

Test(store_sort, little_endian_keys_order_as_numbers)
{
	struct sort_shape shape = { 8, 8, KEY_LE64 };
	uint64_t given[] = { 256, 1, 255, UINT64_MAX, 0, 65536 };
	static const uint64_t want[] = { 0, 1, 255, 256, 65536, UINT64_MAX };
	uint64_t scratch[ARRAY_LEN(given)];

	sort_records(&shape, given, scratch, ARRAY_LEN(given));
	cr_expect_arr_eq(given, want, sizeof(want));
}

Test(store_sort, a_prefix_orders_as_its_key)
{
	struct sort_shape bytes = { 3, 3, KEY_BYTES }, number = { 8, 8, KEY_LE64 };

	cr_expect_eq(sort_prefix(&bytes, "\x01\x02\x03"), 0x0102030000000000u);
	cr_expect_eq(sort_prefix(&number, "\x01\0\0\0\0\0\0\0"), 1);
}
