/* Stable radix sort of fixed-size records, and its reference. */
#include "lib/store/sort.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>

/* Runs this short are cheaper to insert than to count. */
enum { SHORT_RUN = 24 };

int sort_compare(const struct sort_shape *shape, const void *a, const void *b)
{
	const char *p = a, *q = b;

	if (shape->order == KEY_BYTES)
		return memcmp(p, q, shape->key_bytes);
	for (uint32_t i = 0; i < shape->key_bytes; i += 8) {
		uint64_t x = load_le64(p + i), y = load_le64(q + i);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

uint64_t sort_prefix(const struct sort_shape *shape, const void *record)
{
	const unsigned char *p = record;
	uint64_t v = 0;

	if (shape->order == KEY_LE64)
		return load_le64(p);
	for (uint32_t i = 0; i < 8; i++)
		v = v << 8 | (i < shape->key_bytes ? p[i] : 0);
	return v;
}

/* Copies one record; the sizes that dedup and mix use are constants to the compiler. */
static inline void move(char *to, const char *from, size_t n)
{
	switch (n) {
	case 16: memcpy(to, from, 16); break;
	case 24: memcpy(to, from, 24); break;
	case 32: memcpy(to, from, 32); break;
	default: memcpy(to, from, n);
	}
}

static void insertion(const struct sort_shape *shape, char *p, size_t n)
{
	size_t size = shape->record_bytes;
	char held[SORT_MAX_RECORD];

	for (size_t i = 1; i < n; i++) {
		size_t j = i;

		if (sort_compare(shape, p + (i - 1) * size, p + i * size) <= 0)
			continue;
		move(held, p + i * size, size);
		for (; j > 0 && sort_compare(shape, p + (j - 1) * size, held) > 0; j--)
			move(p + j * size, p + (j - 1) * size, size);
		move(p + j * size, held, size);
	}
}

/* Where in the record the digit stands that comes next in significance. */
static inline size_t digit_at(const struct sort_shape *shape, uint32_t digit)
{
	return shape->order == KEY_BYTES ? digit : (digit & ~7u) + (7 - (digit & 7));
}

static void count_digits(
	const struct sort_shape *shape, const char *p, size_t n, uint32_t digit, size_t counts[256])
{
	const char *at = p + digit_at(shape, digit);

	memset(counts, 0, 256 * sizeof(*counts));
	for (size_t i = 0; i < n; i++)
		counts[(unsigned char)at[i * shape->record_bytes]]++;
}

/* True when all n records share the digit that was counted. */
static bool one_value(const size_t counts[256], size_t n)
{
	for (size_t v = 0; v < 256; v++)
		if (counts[v])
			return counts[v] == n;
	return true;
}

/* Distributes from to to by the digit; begins[v] becomes the end of the records of digit v. */
static void distribute(const struct sort_shape *shape, const char *from, char *to, size_t n,
	uint32_t digit, size_t begins[256])
{
	size_t size = shape->record_bytes, at = digit_at(shape, digit), sum = 0;

	for (size_t v = 0; v < 256; v++) {
		size_t count = begins[v];

		begins[v] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++, from += size)
		move(to + begins[(unsigned char)from[at]]++ * size, from, size);
}

/* Sorts the n records at p from the digit on. They end at p, or at other when swap says so. */
static void radix(
	const struct sort_shape *shape, char *p, char *other, size_t n, uint32_t digit, bool swap)
{
	size_t ends[256], begin = 0, size = shape->record_bytes;

	for (; n > SHORT_RUN && digit < shape->key_bytes; digit++) {
		count_digits(shape, p, n, digit, ends);
		if (!one_value(ends, n))
			break;
	}
	if (n <= SHORT_RUN || digit == shape->key_bytes) {
		if (n <= SHORT_RUN)
			insertion(shape, p, n);
		if (swap)
			memcpy(other, p, n * size);
		return;
	}
	distribute(shape, p, other, n, digit, ends);
	for (size_t v = 0; v < 256; begin = ends[v++])
		if (ends[v] > begin)
			radix(shape, other + begin * size, p + begin * size, ends[v] - begin,
				digit + 1, !swap);
}

void sort_records(const struct sort_shape *shape, void *p, void *scratch, size_t n)
{
	assert(shape->record_bytes && shape->record_bytes <= SORT_MAX_RECORD);
	assert(shape->key_bytes && shape->key_bytes <= SORT_MAX_KEY);
	assert(shape->key_bytes <= shape->record_bytes);
	assert(shape->order == KEY_BYTES || shape->key_bytes % 8 == 0);
	if (n > 1)
		radix(shape, p, scratch, n, 0, false);
}

/* qsort is not stable: the place in the array decides between equal keys. */
static int compare_places(const void *a, const void *b, void *shape)
{
	const char *p = *(char *const *)a, *q = *(char *const *)b;
	int order = sort_compare(shape, p, q);

	return order ? order : (p > q) - (p < q);
}

void sort_records_plain(const struct sort_shape *shape, void *p, size_t n)
{
	size_t size = shape->record_bytes;
	char *copy = mem_zalloc(n, size);
	char **places = mem_zalloc(n, sizeof(*places));
	struct sort_shape own = *shape;

	if (n)
		memcpy(copy, p, n * size);
	for (size_t i = 0; i < n; i++)
		places[i] = copy + i * size;
	qsort_r(places, n, sizeof(*places), compare_places, &own);
	for (size_t i = 0; i < n; i++)
		memcpy((char *)p + i * size, places[i], size);
	free(places);
	free(copy);
}
