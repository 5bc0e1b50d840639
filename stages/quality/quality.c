/* corpus-quality: drops records that fail rule sets, or writes their statistics. */
#include "stages/quality/quality.h"

#include "lib/core/datadir.h"
#include "lib/core/mem.h"
#include "stages/quality/rules.h"

#include <stdlib.h>

struct quality_sets {
	struct rule_set *at;
	size_t n;
	size_t n_rules; /* of all sets */
	const struct splitter *splitters[STATS_MAX_SPLITTERS];
	size_t n_splitters;
	atomic_bool text_seen;
};

struct quality_worker {
	const struct quality_config *cfg;
	struct quality_sets *sets;
	struct stats *stats;
	struct buf json;
	struct json_members members;
};

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
	return take_splitter(sets, set, e);
}

static int quality_setup(void *config, struct err *e)
{
	struct quality_config *cfg = config;

	if (cfg->rules.n == 0)
		return err_set(
			e, ERR_USAGE, "no rule set: name one with --rules, such as --rules gopher");
	if (cfg->annotate && cfg->explain)
		return err_set(e, ERR_USAGE, "--annotate and --explain exclude each other");
	cfg->sets = mem_zalloc(1, sizeof(*cfg->sets));
	cfg->sets->at = mem_zalloc(cfg->rules.n, sizeof(cfg->sets->at[0]));
	for (size_t i = 0; i < cfg->rules.n; i++) {
		if (load_set(cfg->sets, cfg->rules.at[i], e) < 0)
			return -1;
	}
	return 0;
}

static void quality_worker_free(void *worker)
{
	struct quality_worker *self = worker;

	if (!self)
		return;
	stats_free(self->stats);
	buf_release(&self->json);
	json_members_release(&self->members);
	free(self);
}

static void *quality_worker_new(const void *config, struct err *e)
{
	const struct quality_config *cfg = config;
	struct quality_worker *self = mem_zalloc(1, sizeof(*self));

	self->cfg = cfg;
	self->sets = cfg->sets;
	if (stats_new(&self->stats, self->sets->splitters, self->sets->n_splitters, e) == 0)
		return self;
	quality_worker_free(self);
	return NULL;
}

/* A flag that all threads set and none clears: read first, so that it stays in every cache. */
static void set_once(atomic_bool *flag)
{
	if (!atomic_load_explicit(flag, memory_order_relaxed))
		atomic_store_explicit(flag, true, memory_order_relaxed);
}

/* What a rule says of the text that stats has. */
struct finding {
	bool defined, fails;
	double value, limit;
};

static struct finding try_rule(
	struct quality_worker *self, const struct rule_set *set, struct rule *rule)
{
	struct finding f = { 0 };

	f.defined = stats_get(self->stats, set->view, rule->statistic, &f.value);
	if (f.defined)
		set_once(&rule->applied);
	f.fails = f.defined && rule_fails(rule, f.value, &f.limit);
	return f;
}

/* One row of --explain: an object padded so that rows stand in columns. */
static void put_padded(struct buf *out, const char *text, size_t width)
{
	size_t begin = out->n;

	json_put_string(out, slice_str(text));
	while (out->n - begin < width + 2)
		buf_byte(out, ' ');
}

static void put_limit(struct buf *out, const char *key, bool given, double limit)
{
	size_t begin = out->n;

	buf_printf(out, ", \"%s\": ", key);
	if (given)
		json_put_number(out, limit);
	else
		buf_str(out, "null");
	while (out->n - begin < 15)
		buf_byte(out, ' ');
}

static void explain_rule(
	struct quality_worker *self, const struct rule_set *set, struct rule *rule, struct slice id)
{
	struct finding f = try_rule(self, set, rule);
	struct buf *out = &self->json;

	out->n = 0;
	buf_str(out, "{\"verdict\": ");
	put_padded(out, f.fails ? "fail" : f.defined ? "pass" : "undefined", 9);
	buf_str(out, ", \"rule\": ");
	put_padded(out, rule->name, 28);
	buf_str(out, ", \"value\": ");
	json_put_number(out, f.value);
	while (out->n < 92)
		buf_byte(out, ' ');
	put_limit(out, "min", rule->has_min, rule->min);
	put_limit(out, "max", rule->has_max, rule->max);
	buf_str(out, ", \"statistic\": ");
	json_put_string(out, slice_str(statistic_name(rule->statistic)));
	buf_str(out, ", \"rules\": ");
	json_put_string(out, slice_str(set->name));
	buf_str(out, ", \"id\": ");
	json_put_string(out, id);
	buf_byte(out, '}');
}

static enum verdict explain(struct quality_worker *self, struct record *r, struct emitter *to)
{
	struct slice id = record_id(r);

	for (size_t s = 0; s < self->sets->n; s++) {
		const struct rule_set *set = &self->sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			explain_rule(self, set, &set->rules[i], id);
			emit_line(to, buf_view(&self->json));
		}
	}
	return SPLIT;
}

/* The first rule that fails, in the order of the sets and their files. */
static enum verdict first_failure(struct quality_worker *self, struct reason *why)
{
	for (size_t s = 0; s < self->sets->n; s++) {
		const struct rule_set *set = &self->sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			struct rule *rule = &set->rules[i];
			struct finding f;

			if (!rule->has_min && !rule->has_max)
				continue;
			f = try_rule(self, set, rule);
			if (f.fails)
				return drop(why, rule->name, f.value, f.limit);
		}
	}
	return KEEP;
}

/* True when the statistic was written for a rule before this one. */
static bool is_written(const struct quality_sets *sets, const struct rule *rule, size_t view)
{
	for (size_t s = 0; s < sets->n; s++) {
		const struct rule_set *set = &sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			if (&set->rules[i] == rule)
				return false;
			if (set->rules[i].statistic == rule->statistic &&
				(set->view == view || !statistic_needs_words(rule->statistic)))
				return true;
		}
	}
	return false;
}

/* "STATISTIC": value, with ".SPLITTER" behind the name for any splitter but the first. */
static void put_statistic(struct quality_worker *self, const struct rule_set *set,
	const struct rule *rule, double value)
{
	char key[128];
	bool other = statistic_needs_words(rule->statistic) && set->view > 0;

	snprintf(key, sizeof(key), "%s%s%s", statistic_name(rule->statistic), other ? "." : "",
		other ? splitter_name(set->splitter) : "");
	json_put_key(&self->json, key);
	json_put_number(&self->json, value);
}

static void put_statistics(struct quality_worker *self)
{
	for (size_t s = 0; s < self->sets->n; s++) {
		const struct rule_set *set = &self->sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			struct finding f = try_rule(self, set, &set->rules[i]);

			if (f.defined && !is_written(self->sets, &set->rules[i], set->view))
				put_statistic(self, set, &set->rules[i], f.value);
		}
	}
}

/* "reasons": the names of the rules that fail, all of them or the first. */
static void put_reasons(struct quality_worker *self)
{
	size_t n = 0;

	json_put_key(&self->json, "reasons");
	buf_byte(&self->json, '[');
	for (size_t s = 0; s < self->sets->n; s++) {
		const struct rule_set *set = &self->sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			if (!try_rule(self, set, &set->rules[i]).fails ||
				(n && !self->cfg->all_reasons))
				continue;
			if (n++)
				buf_byte(&self->json, ',');
			json_put_string(&self->json, slice_str(set->rules[i].name));
		}
	}
	buf_byte(&self->json, ']');
}

/* True when the new object (json, not yet closed) has this key, quotes included. */
static bool is_ours(const struct quality_worker *self, struct slice key)
{
	struct buf object = { 0 };
	struct json_members members = { 0 };
	const char *what;
	bool found = false;
	size_t where;

	buf_slice(&object, buf_view(&self->json));
	buf_byte(&object, '}');
	if (json_scan_object(buf_view(&object), &members, &where, &what)) {
		for (size_t i = 0; i < members.n; i++)
			found = found || slice_eq(members.at[i].key, key);
	}
	json_members_release(&members);
	buf_release(&object);
	return found;
}

/* Members that an earlier stage or run left in "quality" stay, behind ours. */
static void keep_members(struct quality_worker *self, struct record *r)
{
	struct slice was = record_raw(r, "quality");
	const char *what;
	size_t where;

	if (!was.p || !json_scan_object(was, &self->members, &where, &what))
		return;
	for (size_t i = 0; i < self->members.n; i++) {
		const struct json_member *m = &self->members.at[i];

		if (is_ours(self, m->key))
			continue;
		if (self->json.p[self->json.n - 1] != '{')
			buf_byte(&self->json, ',');
		buf_slice(&self->json, m->key);
		buf_byte(&self->json, ':');
		buf_slice(&self->json, m->value);
	}
}

static void annotate(struct quality_worker *self, struct record *r)
{
	self->json.n = 0;
	buf_byte(&self->json, '{');
	if (self->cfg->annotate)
		put_statistics(self);
	put_reasons(self);
	keep_members(self, r);
	buf_byte(&self->json, '}');
	record_set_raw(r, "quality", buf_view(&self->json));
}

static enum verdict quality_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct quality_worker *self = worker;
	enum verdict v = KEEP;
	struct slice text;

	if (self->sets->n_rules == 0 && !self->cfg->explain)
		return KEEP;
	text = record_text(r);
	if (text.n >= WORDS_MAX_TEXT) {
		err_set(e, ERR_LIMIT, "text of %zu bytes: rules read less than 1 GiB", text.n);
		return BAD;
	}
	if (text.n)
		set_once(&self->sets->text_seen);
	stats_text(self->stats, text);
	if (self->cfg->explain)
		return explain(self, r, to);
	if (!self->cfg->annotate)
		v = first_failure(self, why);
	if (self->cfg->annotate || (self->cfg->all_reasons && v == DROP))
		annotate(self, r);
	return v;
}

static void quality_describe(const void *config, struct buf *json)
{
	const struct quality_sets *sets = ((const struct quality_config *)config)->sets;

	buf_str(json, "{\"rules\":[");
	for (size_t i = 0; sets && i < sets->n; i++) {
		buf_str(json, i ? ",{\"name\":" : "{\"name\":");
		json_put_string(json, slice_str(sets->at[i].name));
		json_put_key(json, "xxh3_128");
		json_put_string(json, slice_str(sets->at[i].digest));
		buf_byte(json, '}');
	}
	buf_str(json, "]}");
}

/* A rule that never had a value is as good as not there. */
static int quality_finish(void *config, struct buf *notes, struct err *e)
{
	const struct quality_sets *sets = ((const struct quality_config *)config)->sets;

	(void)e;
	if (sets->n_rules && !sets->text_seen) {
		buf_str(notes, "no record has a text\n");
		return 0;
	}
	for (size_t s = 0; s < sets->n; s++) {
		for (size_t i = 0; i < sets->at[s].n; i++) {
			const struct rule *rule = &sets->at[s].rules[i];

			if (!rule->applied && (rule->has_min || rule->has_max))
				buf_printf(notes, "rule %s of %s applied to no record\n",
					rule->name, sets->at[s].name);
		}
	}
	return 0;
}

static void quality_release(void *config)
{
	struct quality_config *cfg = config;

	if (!cfg->sets)
		return;
	for (size_t i = 0; i < cfg->rules.n; i++)
		rule_set_release(&cfg->sets->at[i]);
	free(cfg->sets->at);
	free(cfg->sets);
	cfg->sets = NULL;
}

const struct stage quality_stage = {
	.name = "quality",
	.summary = "keep the records that pass quality rules",
	.setup = quality_setup,
	.worker_new = quality_worker_new,
	.worker_free = quality_worker_free,
	.record = quality_record,
	.describe = quality_describe,
	.finish = quality_finish,
	.release = quality_release,
};
