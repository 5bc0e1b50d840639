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
	p->rejects = json_is_true(json_object_get(o, "rejects"));
	p->digest = get_str(o, "digest");
	p->made_by = get_str(o, "made_by");
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
		get_count(stats, "bad", false, &t->bad, e) < 0)
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

static void keep(struct build *b, json_t *root)
{
	mem_grow(&b->roots, b->n_roots, &b->cap_roots, sizeof(*b->roots));
	b->roots[b->n_roots++] = root;
}

/* ---- manifests ---- */

/* A manifest until its task is found. */
struct pending_manifest {
	json_t *root;
	const char *path;
};

static bool is_manifest(json_t *root)
{
	const char *format = get_str(root, "format");

	return format &&
		(strcmp(format, "corpus-mix manifest 1") == 0 ||
			strcmp(format, "corpus-tokens 1") == 0 ||
			strcmp(format, "corpus-tokens 2") == 0);
}

/* The first file that the manifest speaks of; of a set of token shards the one with the ids. */
static const char *first_file(json_t *root)
{
	json_t *shards = json_object_get(root, "shards");
	json_t *first = shards ? json_array_get(shards, 0) : json_object_get(root, "shard");
	json_t *files = json_object_get(first, "files");

	return get_str(files ? json_array_get(files, 0) : first, "file");
}

/* The path of a file that stands beside the manifest; the caller frees it. */
static char *beside(const char *manifest, const char *file)
{
	const char *slash = strrchr(manifest, '/');

	return mem_printf(
		"%.*s%s", slash ? (int)(slash + 1 - manifest) : 0, manifest, file ? file : "");
}

/* The output whose file stands beside the manifest. */
static struct written *find_beside(
	const struct build *b, const struct pending_manifest *m, const char *file)
{
	char *path = beside(m->path, file);
	struct written *found = build_find(b, path);

	free(path);
	return found;
}

static int read_share(const char *source, json_t *o, struct share *s, struct err *e)
{
	s->source = source;
	if (get_count(o, "input_documents", true, &s->in, e) < 0 ||
		get_count(o, "input_bytes", true, &s->bytes_in, e) < 0 ||
		get_count(o, "left_out", true, &s->left_out, e) < 0 ||
		get_count(o, "documents", true, &s->out, e) < 0 ||
		get_count(o, "bytes", true, &s->bytes_out, e) < 0)
		return err_wrap(e, "source %s", source);
	return 0;
}

static int read_promised(const struct build *b, json_t *shard, const struct pending_manifest *m,
	struct part *p, struct err *e)
{
	const struct written *written = find_beside(b, m, get_str(shard, "file"));

	p->file = written ? written->file : get_str(shard, "file");
	p->digest = get_str(shard, "digest");
	if (!p->file || !p->digest)
		return err_set(e, ERR_DATA, "a shard without \"file\" or \"digest\"");
	return get_count(shard, "documents", true, &p->count, e);
}

static int join_mix(
	const struct build *b, struct task *t, const struct pending_manifest *m, struct err *e)
{
	json_t *sources = json_object_get(m->root, "sources"), *o;
	json_t *shards = json_object_get(m->root, "shards");
	const char *name;
	size_t i;

	t->shares = mem_zalloc(json_object_size(sources) + 1, sizeof(*t->shares));
	json_object_foreach(sources, name, o)
	{
		if (read_share(name, o, &t->shares[t->n_shares++], e) < 0)
			return -1;
	}
	t->promised = mem_zalloc(json_array_size(shards) + 1, sizeof(*t->promised));
	json_array_foreach(shards, i, o)
	{
		if (read_promised(b, o, m, &t->promised[t->n_promised++], e) < 0)
			return -1;
	}
	return 0;
}

static int join(struct build *b, const struct pending_manifest *m, struct err *e)
{
	bool mix = strcmp(get_str(m->root, "format"), "corpus-mix manifest 1") == 0;
	const char *file = first_file(m->root);
	const struct written *written = file ? find_beside(b, m, file) : NULL;
	struct task *t = written ? &b->tasks[written->task] : NULL;

	if (!t)
		return err_set(e, ERR_DATA, "no --stats is given of the task that wrote %s",
			file ? file : "its shards");
	if (mix && t->n_shares == 0)
		return join_mix(b, t, m, e);
	return get_count(m->root, "tokens", true, &t->tokens, e);
}

static int by_path(const void *a, const void *b)
{
	const struct written *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	/* Equal paths in the order of the tasks, so that a fault reads the same each time. */
	return order ? order : (x->task > y->task) - (x->task < y->task);
}

static void index_outputs(struct build *b)
{
	size_t cap = 0;

	for (size_t i = 0; i < b->n_tasks; i++)
		for (size_t k = 0; k < b->tasks[i].n_outputs; k++) {
			const struct part *p = &b->tasks[i].outputs[k];

			if (strcmp(p->file, "-") == 0)
				continue; /* a pipe has no name to follow */
			mem_grow(&b->files, b->n_files, &cap, sizeof(*b->files));
			b->files[b->n_files++] =
				(struct written){ .file = p->file, .task = i, .part = p };
		}
	if (b->n_files)
		qsort(b->files, b->n_files, sizeof(*b->files), by_path);
}

static int by_path_alone(const void *key, const void *b)
{
	return strcmp(key, ((const struct written *)b)->file);
}

struct written *build_find(const struct build *b, const char *path)
{
	struct written *found = b->n_files
		? bsearch(path, b->files, b->n_files, sizeof(*b->files), by_path_alone)
		: NULL;

	while (found && found > b->files && strcmp(found[-1].file, path) == 0)
		found--;
	return found;
}

int build_join(struct build *b, struct err *e)
{
	index_outputs(b);
	for (size_t i = 0; i < b->n_manifests; i++)
		if (join(b, &b->manifests[i], e) < 0)
			return err_wrap(e, "%s", b->manifests[i].path);
	return 0;
}

/* ---- both ---- */

static int add_root(
	struct build *b, const char *path, json_t *root, const json_error_t *why, struct err *e)
{
	if (!root)
		return err_set(e, ERR_DATA, "%s: line %d: %s", path, why->line, why->text);
	keep(b, root);
	if (is_manifest(root)) {
		mem_grow(&b->manifests, b->n_manifests, &b->cap_manifests, sizeof(*b->manifests));
		b->manifests[b->n_manifests++] = (struct pending_manifest){ root, path };
		return 0;
	}
	mem_grow(&b->tasks, b->n_tasks, &b->cap_tasks, sizeof(*b->tasks));
	b->tasks[b->n_tasks] = (struct task){ 0 };
	return read_task(root, path, &b->tasks[b->n_tasks++], e) < 0 ? err_wrap(e, "%s", path) : 0;
}

int build_add(struct build *b, const char *path, struct err *e)
{
	json_error_t why;

	return add_root(b, path, json_load_file(path, JSON_REJECT_DUPLICATES, &why), &why, e);
}

int build_add_text(struct build *b, const char *name, struct slice text, struct err *e)
{
	json_error_t why;

	return add_root(b, name, json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why), &why, e);
}

void build_release(struct build *b)
{
	for (size_t i = 0; i < b->n_tasks; i++) {
		free(b->tasks[i].inputs);
		free(b->tasks[i].outputs);
		free(b->tasks[i].drops);
		free(b->tasks[i].shares);
		free(b->tasks[i].promised);
	}
	for (size_t i = 0; i < b->n_roots; i++)
		json_decref(b->roots[i]);
	free(b->tasks);
	free(b->manifests);
	free(b->roots);
	free(b->files);
	*b = (struct build){ 0 };
}
