/* The rule sets of a run, in the order in which they are tried. */
#include "stages/quality/sets.h"

#include "lib/core/datadir.h"
#include "lib/core/mem.h"
#include "lib/record/json.h"

#include <stdlib.h>

/* Gives the set the view of its splitter, a new one where no set before it names the same. */
static int take_splitter(struct quality_sets *sets, struct rule_set *set, struct err *e)
{
	if (!set->splitter)
		return 0;
	while (set->view < sets->n_splitters && sets->splitters[set->view] != set->splitter)
		set->view++;
	if (set->view == STATS_MAX_SPLITTERS)
		return err_set(
			e, ERR_USAGE, "rule sets with more than %d splitters", STATS_MAX_SPLITTERS);
	if (set->view == sets->n_splitters)
		sets->splitters[sets->n_splitters++] = set->splitter;
	return 0;
}

static void take_column(
	struct quality_sets *sets, const struct rule_set *set, enum statistic statistic)
{
	size_t view = statistic_needs_words(statistic) ? set->view : 0;
	const char *name = statistic_name(statistic);

	for (size_t i = 0; i < sets->n_columns; i++) {
		if (sets->columns[i].statistic == statistic && sets->columns[i].view == view)
			return;
	}
	mem_grow(&sets->columns, sets->n_columns, &sets->cap_columns, sizeof(sets->columns[0]));
	sets->columns[sets->n_columns++] = (struct column){
		.key = view ? mem_printf("%s.%s", name, splitter_name(set->splitter))
			    : mem_strdup(name),
		.statistic = statistic,
		.view = view,
	};
}

static int load_set(struct quality_sets *sets, const char *name, struct err *e)
{
	struct rule_set *set = &sets->at[sets->n];
	struct buf path = { 0 };
	int status = datadir_find("quality", name, &path, e);

	if (status == 0)
		status = rule_set_load(set, buf_cstr(&path), e);
	buf_release(&path);
	if (status < 0)
		return -1;
	sets->n++;
	sets->n_rules += set->n;
	if (take_splitter(sets, set, e) < 0)
		return -1;
	for (size_t i = 0; i < set->n; i++)
		take_column(sets, set, set->rules[i].statistic);
	return 0;
}

int quality_sets_load(struct quality_sets **out, const struct opt_list *names, struct err *e)
{
	struct quality_sets *sets = *out = mem_zalloc(1, sizeof(*sets));

	sets->at = mem_zalloc(names->n, sizeof(sets->at[0]));
	for (size_t i = 0; i < names->n; i++) {
		if (load_set(sets, names->at[i], e) < 0)
			return -1;
	}
	return 0;
}

void quality_set_once(atomic_bool *flag)
{
	/* Read first, so that it stays in every core's cache. */
	if (!atomic_load_explicit(flag, memory_order_relaxed))
		atomic_store_explicit(flag, true, memory_order_relaxed);
}

struct finding quality_try(struct text_stats *stats, const struct rule_set *set, struct rule *rule)
{
	struct finding f = { 0 };

	quality_set_once(&rule->tried);
	f.defined = text_stats_get(stats, set->view, rule->statistic, &f.value);
	if (f.defined)
		quality_set_once(&rule->applied);
	f.fails = f.defined && rule_fails(rule, f.value, &f.limit);
	return f;
}

void quality_sets_describe(const struct quality_sets *sets, struct buf *json)
{
	buf_str(json, "\"rules\":[");
	for (size_t i = 0; i < sets->n; i++) {
		buf_str(json, i ? ",{\"name\":" : "{\"name\":");
		json_put_string(json, slice_str(sets->at[i].name));
		json_put_key(json, "xxh3_128");
		json_put_string(json, slice_str(sets->at[i].digest));
		buf_byte(json, '}');
	}
	buf_byte(json, ']');
}

/* Rules are tried in order, so that those no record came to stand together at the end of a set. */
static void note_untried(const struct rule_set *set, size_t first, struct buf *notes)
{
	size_t n = 0;

	for (size_t i = first; i < set->n; i++)
		n += set->rules[i].has_min || set->rules[i].has_max;
	buf_printf(notes, "no record came to rule %s of %s", set->rules[first].name, set->name);
	if (n > 1)
		buf_printf(notes, " and the %zu behind it", n - 1);
	buf_byte(notes, '\n');
}

static void note_rules(const struct rule_set *set, struct buf *notes)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct rule *rule = &set->rules[i];

		if (!rule->has_min && !rule->has_max)
			continue;
		if (!rule->tried) {
			note_untried(set, i, notes);
			return;
		}
		if (!rule->applied)
			buf_printf(notes, "rule %s of %s: %s was undefined in every record\n",
				rule->name, set->name, statistic_name(rule->statistic));
	}
}

void quality_sets_notes(const struct quality_sets *sets, struct buf *notes)
{
	if (!sets->record_seen)
		return;
	if (!sets->text_seen)
		buf_str(notes, "no record has a text\n");
	for (size_t s = 0; sets->text_seen && s < sets->n; s++)
		note_rules(&sets->at[s], notes);
}

void quality_sets_free(struct quality_sets *sets)
{
	if (!sets)
		return;
	for (size_t i = 0; i < sets->n; i++)
		rule_set_release(&sets->at[i]);
	for (size_t i = 0; i < sets->n_columns; i++)
		free(sets->columns[i].key);
	free(sets->columns);
	free(sets->at);
	free(sets);
}
