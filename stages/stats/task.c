/* task.c - the --stats file of one run, and the manifest of a mix, as structs. */
#include "stages/stats/task.h"

#include "lib/core/mem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A whole number under key; one that is absent is 0 unless it is needed. */
static int get_count(json_t *o, const char *key, bool needed, uint64_t *out, struct err *e)
{
	json_t *v = json_object_get(o, key);

	*out = 0;
	if (!v && !needed)
		return 0;
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return err_set(
			e, ERR_DATA, "\"%s\" is %s", key, v ? "no whole number" : "not there");
	*out = (uint64_t)json_integer_value(v);
	return 0;
}

static const char *get_str(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static int read_part(json_t *o, struct part *p, struct err *e)
{
	p->file = get_str(o, "file");
	if (!p->file)
		return err_set(e, ERR_DATA, "a file without \"file\"");
	p->of_records = json_object_get(o, "records") != NULL;
	p->digest = get_str(o, "digest");
	if (get_count(o, p->of_records ? "records" : "items", false, &p->count, e) < 0)
		return -1;
	return get_count(o, "bytes", false, &p->bytes, e);
}

static int read_parts(json_t *stats, const char *key, struct part **parts, size_t *n, struct err *e)
{
	json_t *list = json_object_get(stats, key), *one;
	size_t i;

	*parts = mem_zalloc(json_array_size(list) + 1, sizeof(**parts));
	*n = 0;
	json_array_foreach(list, i, one)
	{
		if (read_part(one, &(*parts)[(*n)++], e) < 0)
			return err_wrap(e, "\"%s\"", key);
	}
	return 0;
}

static int read_drops(json_t *dropped, struct task *t, struct err *e)
{
	json_t *rules = json_object_get(dropped, "by_reason"), *v;
	const char *rule;

	t->drops = mem_zalloc(json_object_size(rules) + 1, sizeof(*t->drops));
	json_object_foreach(rules, rule, v)
	{
		t->drops[t->n_drops].name = rule;
		if (get_count(rules, rule, true, &t->drops[t->n_drops++].count, e) < 0)
			return err_wrap(e, "\"by_reason\"");
	}
	return get_count(dropped, "records", true, &t->dropped, e);
}

static int read_counts(json_t *stats, struct task *t, struct err *e)
{
	json_t *in = json_object_get(stats, "read"), *out = json_object_get(stats, "kept");

	if (get_count(in, "records", true, &t->read, e) < 0 ||
		get_count(in, "bytes", false, &t->read_bytes, e) < 0)
		return err_wrap(e, "\"read\"");
	if (get_count(out, "records", true, &t->kept, e) < 0 ||
		get_count(out, "bytes", false, &t->kept_bytes, e) < 0)
		return err_wrap(e, "\"kept\"");
	if (get_count(stats, "split", false, &t->split, e) < 0 ||
		get_count(stats, "bad", false, &t->bad, e) < 0 ||
		get_count(stats, "replaced", false, &t->replaced, e) < 0 ||
		get_count(stats, "tokens", false, &t->tokens, e) < 0 ||
		get_count(stats, "duplicate_keys", false, &t->duplicate_keys, e) < 0)
		return -1;
	return read_drops(json_object_get(stats, "dropped"), t, e);
}

static int read_task(json_t *stats, const char *path, struct task *t, struct err *e)
{
	t->from = path;
	t->stage = get_str(stats, "stage");
	t->source = get_str(json_object_get(stats, "options"), "source");
	if (!t->stage)
		return err_set(e, ERR_DATA, "neither --stats nor a manifest: no \"stage\"");
	if (read_parts(stats, "inputs", &t->inputs, &t->n_inputs, e) < 0 ||
		read_parts(stats, "outputs", &t->outputs, &t->n_outputs, e) < 0)
		return -1;
	return read_counts(stats, t, e);
}

static json_t *load(struct build *b, const char *path, struct err *e)
{
	json_error_t why;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);

	if (!root) {
		err_set(e, ERR_DATA, "%s: line %d: %s", path, why.line, why.text);
		return NULL;
	}
	mem_grow(&b->roots, b->n_roots, &b->cap_roots, sizeof(*b->roots));
	b->roots[b->n_roots++] = root;
	return root;
}

int build_add(struct build *b, const char *path, struct err *e)
{
	json_t *root = load(b, path, e);

	if (!root)
		return -1;
	mem_grow(&b->tasks, b->n_tasks, &b->cap_tasks, sizeof(*b->tasks));
	b->tasks[b->n_tasks] = (struct task){ 0 };
	return read_task(root, path, &b->tasks[b->n_tasks++], e) < 0 ? err_wrap(e, "%s", path) : 0;
}

void build_release(struct build *b)
{
	for (size_t i = 0; i < b->n_tasks; i++) {
		free(b->tasks[i].inputs);
		free(b->tasks[i].outputs);
		free(b->tasks[i].drops);
		free(b->tasks[i].shares);
	}
	for (size_t i = 0; i < b->n_roots; i++)
		json_decref(b->roots[i]);
	free(b->tasks);
	free(b->roots);
	*b = (struct build){ 0 };
}

int build_join_manifests(struct build *b, struct err *e)
{
	(void)b;
	(void)e;
	return 0;
}
