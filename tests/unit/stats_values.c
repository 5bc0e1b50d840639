/* What was dropped by each value of a reason: told apart, bounded, sorted. */
#include "lib/stats.h"

#include <criterion/criterion.h>
#include <stdio.h>

static bool holds(struct buf *json, const char *part)
{
	return strstr(buf_cstr(json), part) != NULL;
}

static void print(struct stats *s, struct buf *json)
{
	struct stats_run run = { .stage = "x", .options = SLICE("{}") };

	json->n = 0;
	stats_sort_values(s);
	stats_json(s, &run, json);
}

Test(stats_values, stand_beside_their_reasons_in_order)
{
	struct stats s = { 0 };
	struct buf json = { 0 };

	print(&s, &json);
	cr_expect(!holds(&json, "by_value"));
	stats_drop(&s, "mime", 3);
	stats_drop_value(&s, "mime", "text/css", 1);
	stats_drop_value(&s, "mime", "image/png", 1);
	stats_drop_value(&s, "mime", "text/css", 1);
	stats_drop(&s, "coding", 1);
	stats_drop_value(&s, "coding", "a\"b", 1);
	print(&s, &json);
	cr_expect(holds(&json,
			  "\"dropped\":{\"records\":4,\"by_reason\":{\"coding\":1,\"mime\":3},"
			  "\"by_value\":{\"coding\":{\"a\\\"b\":1},"
			  "\"mime\":{\"image/png\":1,\"text/css\":2}}}"),
		"%s", json.p);
	stats_release(&s);
	buf_release(&json);
}

Test(stats_values, beyond_a_number_are_counted_together)
{
	struct stats s = { 0 };
	struct buf json = { 0 };
	uint64_t sum = 0;

	for (int i = 0; i < 100000; i++) {
		char name[20];

		snprintf(name, sizeof(name), "type/%d", i % 50000);
		stats_drop_value(&s, "mime", name, 1);
	}
	cr_expect(s.n_values == STATS_VALUES_MAX + 1);
	for (size_t i = 0; i < s.n_values; i++)
		sum += s.values[i].records;
	cr_expect(sum == 100000);
	print(&s, &json);
	cr_expect(holds(&json, "\"(other)\":99600"));
	stats_release(&s);
	buf_release(&json);
}
