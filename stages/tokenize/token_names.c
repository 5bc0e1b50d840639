/* What the files of a set of shards are called. */
#include "stages/tokenize/token_names.h"

#include "lib/core/mem.h"
#include "lib/core/temps.h"
#include "lib/stream/publish.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/* Of a set, without the map: all that any layout writes. */
static const char *const endings[] = { ".bin", ".idx", ".npy", ".ds", ".ds.index", ".ds.metadata",
	".mds", TOKEN_MAP_ENDING };

static int check_path(const struct token_set_options *o, struct err *e)
{
	struct slice path = slice_str(o->path), ending = slice_str(o->format->ending);

	if (!path.n || slice_eq(path, SLICE("-")))
		return err_set(e, ERR_USAGE, "--to %s is written to --output %s%s, not %s",
			o->format->name, ending.n ? "NAME" : "DIR", ending.n ? ending.p : "",
			"standard output");
	if (slice_ends(path, ending) && path.n > ending.n)
		return 0;
	return err_set(e, ERR_USAGE, "--to %s is written to --output NAME%s, not %s",
		o->format->name, ending.p, o->path);
}

int token_names_make(struct token_names *n, const struct token_set_options *o, struct err *e)
{
	const char *ending = o->format->ending;

	*n = (struct token_names){ .format = o->format, .vocab_path = o->vocab_path };
	if (check_path(o, e) < 0)
		return -1;
	n->base = ending ? mem_strndup(o->path, strlen(o->path) - strlen(ending))
			 : mem_printf("%s/", o->path);
	n->numbered = !ending || o->shard_tokens;
	return 0;
}

void token_names_release(struct token_names *n)
{
	free(n->base);
	*n = (struct token_names){ 0 };
}

char *token_names_manifest(const struct token_names *n)
{
	return mem_printf("%s%s", n->base, n->format->ending ? ".json" : "manifest.json");
}

char *token_names_shard(const struct token_names *n, uint64_t number)
{
	const struct token_format *f = n->format;

	if (!n->numbered)
		return mem_strdup(n->base);
	return mem_printf(
		"%s%s%s%05" PRIu64, n->base, f->file ? f->file : "", f->separator, number);
}

/* What is read stays. */
static int check_place(
	const struct token_names *n, const struct run *run, const char *path, struct err *e)
{
	if (n->vocab_path && publish_same_place(path, n->vocab_path))
		return err_set(e, ERR_USAGE, "%s would be written over the vocabulary", path);
	for (size_t i = 0; i < run->n_files; i++) {
		if (publish_same_place(path, run->files[i]))
			return err_set(e, ERR_USAGE, "%s would be written over an input", path);
	}
	return run_check_output(run, path, e);
}

int token_names_check(
	const struct token_names *n, const struct run *run, const char *shard, struct err *e)
{
	char *manifest = token_names_manifest(n);
	int result = check_place(n, run, manifest, e);

	free(manifest);
	for (size_t i = 0; result == 0 && i < ARRAY_LEN(endings); i++) {
		char *path = mem_printf("%s%s", shard, endings[i]);

		result = check_place(n, run, path, e);
		free(path);
	}
	return result;
}

uint64_t token_names_remove_stale(const struct token_names *n, uint64_t first)
{
	static const char *const beside[] = { TOKEN_MAP_ENDING, ".idx", ".ds.index",
		".ds.metadata" };
	const char *ids = n->format->ending ? n->format->ending : ".mds";

	for (uint64_t number = first;; number++) {
		char *name = token_names_shard(n, number), *path = mem_printf("%s%s", name, ids);
		bool there = access(path, F_OK) == 0;

		temps_remove(path);
		free(path);
		for (size_t i = 0; there && i < ARRAY_LEN(beside); i++) {
			path = mem_printf("%s%s", name, beside[i]);
			temps_remove(path);
			free(path);
		}
		free(name);
		if (!there)
			return number - first;
	}
}
