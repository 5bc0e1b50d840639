/* What rules found, written for people and for later stages. */
#include "stages/quality/report.h"

#include <math.h>

/* Blanks up to a column, counted from the beginning of the line. */
static void pad(struct buf *out, size_t column)
{
	while (out->n < column)
		buf_byte(out, ' ');
}

static void put_limit(struct buf *out, const char *key, bool given, double limit)
{
	json_put_key(out, key);
	json_put_number(out, given ? limit : (double)NAN);
}

static void explain_rule(struct buf *out, const struct rule_set *set, const struct rule *rule,
	struct finding f, struct slice id)
{
	out->n = 0;
	buf_byte(out, '{');
	json_put_key(out, "verdict");
	json_put_string(out, slice_str(f.fails ? "fail" : f.defined ? "pass" : "undefined"));
	json_put_key(out, "rule");
	json_put_string(out, slice_str(rule->name));
	pad(out, 58);
	json_put_key(out, "value");
	json_put_number(out, f.defined ? f.value : (double)NAN);
	pad(out, 88);
	put_limit(out, "min", rule->has_min, rule->min);
	pad(out, 102);
	put_limit(out, "max", rule->has_max, rule->max);
	pad(out, 116);
	json_put_key(out, "statistic");
	json_put_string(out, slice_str(statistic_name(rule->statistic)));
	pad(out, 154);
	json_put_key(out, "rules");
	json_put_string(out, slice_str(set->name));
	json_put_key(out, "id");
	json_put_string(out, id);
	buf_byte(out, '}');
}

void report_explain(struct report *report, const struct quality_sets *sets,
	struct text_stats *stats, struct record *r, struct emitter *to)
{
	struct slice id = record_id(r);

	for (size_t s = 0; s < sets->n; s++) {
		const struct rule_set *set = &sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			struct rule *rule = &set->rules[i];

			explain_rule(&report->json, set, rule, quality_try(stats, set, rule), id);
			emit_line(to, buf_view(&report->json));
		}
	}
}

/* key as it stands in a JSON object, with its quotes. */
static bool is_ours(const struct quality_sets *sets, struct slice key)
{
	key = slice_skip(slice_head(key, key.n - 1), 1);
	if (slice_eq(key, SLICE("reasons")))
		return true;
	for (size_t i = 0; i < sets->n_columns; i++) {
		if (slice_eq(key, slice_str(sets->columns[i].key)))
			return true;
	}
	return false;
}

/* What an earlier stage or run left in "quality". */
static void keep_members(struct report *report, const struct quality_sets *sets, struct slice was)
{
	struct buf *out = &report->json;
	const char *what;
	size_t where;

	if (!was.p || !json_scan_object(was, &report->members, &where, &what))
		return;
	for (size_t i = 0; i < report->members.n; i++) {
		const struct json_member *m = &report->members.at[i];

		if (is_ours(sets, m->key))
			continue;
		if (out->p[out->n - 1] != '{')
			buf_byte(out, ',');
		buf_slice(out, m->key);
		buf_byte(out, ':');
		buf_slice(out, m->value);
	}
}

static void put_statistics(
	struct report *report, const struct quality_sets *sets, struct text_stats *stats)
{
	for (size_t i = 0; i < sets->n_columns; i++) {
		const struct column *c = &sets->columns[i];
		double value;

		if (!text_stats_get(stats, c->view, c->statistic, &value))
			continue;
		json_put_key(&report->json, c->key);
		json_put_number(&report->json, value);
	}
}

static void put_reasons(
	struct report *report, const struct quality_sets *sets, struct text_stats *stats, bool all)
{
	struct buf *out = &report->json;

	json_put_key(out, "reasons");
	buf_byte(out, '[');
	for (size_t s = 0; s < sets->n; s++) {
		const struct rule_set *set = &sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			bool fails = quality_try(stats, set, &set->rules[i]).fails;
			bool first = out->p[out->n - 1] == '[';

			if (!fails || (!first && !all))
				continue;
			if (!first)
				buf_byte(out, ',');
			json_put_string(out, slice_str(set->rules[i].name));
		}
	}
	buf_byte(out, ']');
}

void report_annotate(struct report *report, const struct quality_sets *sets,
	struct text_stats *stats, unsigned what, struct record *r)
{
	report->json.n = 0;
	buf_byte(&report->json, '{');
	keep_members(report, sets, record_raw(r, "quality"));
	if (what & REPORT_STATISTICS)
		put_statistics(report, sets, stats);
	put_reasons(report, sets, stats, what & REPORT_ALL_REASONS);
	buf_byte(&report->json, '}');
	record_set_raw(r, "quality", buf_view(&report->json));
}

void report_release(struct report *report)
{
	buf_release(&report->json);
	json_members_release(&report->members);
}
