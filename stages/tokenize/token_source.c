/* What a user names as shards: one, a set by its manifest, or a folder. */
#include "stages/tokenize/token_source.h"

#include "lib/core/mem.h"
#include "lib/stream/folder.h"
#include "lib/stream/input.h"
#include "stages/tokenize/token_layouts.h"
#include "tokenizer/vocab.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

/* A set of a million shards has a manifest of some hundred megabytes. */
#define MAX_MANIFEST (1024 * MIB)
#define UNSAID UINT64_MAX

static void claim_release(struct token_claim *c)
{
	free(c->path);
	*c = (struct token_claim){ 0 };
}

void token_source_release(struct token_source *s)
{
	for (size_t i = 0; i < s->n_shards; i++) {
		for (size_t k = 0; k < s->shards[i].n_files; k++)
			claim_release(&s->shards[i].files[k]);
		free(s->shards[i].files);
		claim_release(&s->shards[i].map);
	}
	claim_release(&s->index);
	free(s->shards);
	free(s->manifest);
	free(s->layout);
	free(s->dtype);
	free(s->eot);
	free(s->vocab_digest);
	*s = (struct token_source){ 0 };
}

/* ---- manifests ---- */

static const char *get_str(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static char *copy_str(json_t *o, const char *key)
{
	const char *s = get_str(o, key);

	return s ? mem_strdup(s) : NULL;
}

static uint64_t get_count(json_t *o, const char *key, uint64_t absent)
{
	json_t *n = json_object_get(o, key);

	return json_is_integer(n) && json_integer_value(n) >= 0 ? (uint64_t)json_integer_value(n)
								: absent;
}

/* Files stand beside their manifest: a name with a slash would lead elsewhere. */
static int read_claim(
	struct token_claim *c, json_t *o, const char *folder, const char *key, struct err *e)
{
	const char *file = get_str(o, key), *digest = get_str(o, "digest");

	if (!file || !*file || strchr(file, '/'))
		return err_set(e, ERR_DATA, "\"%s\" is no name of a file beside the manifest",
			file ? file : key);
	*c = (struct token_claim){
		.path = mem_printf("%s%s", folder, file),
		.bytes = get_count(o, "bytes", UNSAID),
	};
	if (digest && strlen(digest) == 32)
		memcpy(c->digest, digest, 33);
	return 0;
}

static int read_shard(
	struct token_source_shard *shard, json_t *o, const char *folder, struct err *e)
{
	json_t *files = json_object_get(o, "files"), *file;
	size_t i;

	shard->documents = get_count(o, "documents", UNSAID);
	shard->tokens = get_count(o, "tokens", UNSAID);
	if (!json_array_size(files))
		return err_set(e, ERR_DATA, "a shard without files");
	shard->files = mem_zalloc(json_array_size(files), sizeof(*shard->files));
	json_array_foreach(files, i, file)
	{
		if (read_claim(&shard->files[shard->n_files++], file, folder, "file", e) < 0)
			return -1;
	}
	return read_claim(&shard->map, json_object_get(o, "map"), folder, "file", e);
}

static int read_version_1(struct token_source *s, json_t *root, const char *folder, struct err *e)
{
	json_t *shard = json_object_get(root, "shard");
	struct token_source_shard *to;

	s->layout = mem_strdup("flat");
	s->dtype = copy_str(shard, "dtype");
	s->shards = to = mem_zalloc(1, sizeof(*s->shards));
	s->n_shards = to->n_files = 1;
	to->files = mem_zalloc(1, sizeof(*to->files));
	to->documents = s->documents;
	to->tokens = s->tokens;
	if (read_claim(&to->files[0], shard, folder, "file", e) < 0)
		return -1;
	return read_claim(&to->map, json_object_get(root, "map"), folder, "file", e);
}

static int read_version_2(struct token_source *s, json_t *root, const char *folder, struct err *e)
{
	json_t *pack = json_object_get(root, "pack"), *index = json_object_get(root, "index");
	json_t *shards = json_object_get(root, "shards"), *shard;
	const char *tail = get_str(pack, "tail");
	size_t i;

	s->layout = copy_str(root, "layout");
	s->dtype = copy_str(root, "dtype");
	s->pack = get_count(pack, "length", 0);
	s->padding = get_count(pack, "padding", 0);
	s->dropped_tokens = get_count(pack, "dropped_tokens", 0);
	s->dropped_documents = get_count(pack, "dropped_documents", 0);
	s->drops_tail = tail && strcmp(tail, "drop") == 0;
	if (index && read_claim(&s->index, index, folder, "file", e) < 0)
		return -1;
	s->shards = mem_zalloc(json_array_size(shards) + 1, sizeof(*s->shards));
	json_array_foreach(shards, i, shard)
	{
		if (read_shard(&s->shards[s->n_shards++], shard, folder, e) < 0)
			return err_wrap(e, "shard %zu", i);
	}
	return 0;
}

/* index.json of MosaicML, perhaps of somebody else. */
static int read_mosaic(struct token_source *s, json_t *root, const char *folder, struct err *e)
{
	json_t *shards = json_object_get(root, "shards"), *shard;
	size_t i;

	s->layout = mem_strdup("mds");
	s->documents = s->tokens = UNSAID;
	s->shards = mem_zalloc(json_array_size(shards) + 1, sizeof(*s->shards));
	json_array_foreach(shards, i, shard)
	{
		struct token_source_shard *to = &s->shards[s->n_shards++];
		json_t *raw = json_object_get(shard, "raw_data");

		to->documents = get_count(shard, "samples", UNSAID);
		to->tokens = UNSAID;
		to->files = mem_zalloc(1, sizeof(*to->files));
		to->n_files = 1;
		if (read_claim(&to->files[0], raw, folder, "basename", e) < 0)
			return err_wrap(e, "shard %zu", i);
	}
	return 0;
}

static int read_root(struct token_source *s, json_t *root, const char *folder, struct err *e)
{
	const char *format = get_str(root, "format");
	json_t *vocabulary = json_object_get(root, "vocabulary");

	if (!format)
		return read_mosaic(s, root, folder, e);
	s->eot = copy_str(root, "eot");
	s->eot_id = (uint32_t)MIN(get_count(root, "eot_id", NO_TOKEN), (uint64_t)NO_TOKEN);
	s->documents = get_count(root, "documents", UNSAID);
	s->tokens = get_count(root, "tokens", UNSAID);
	s->vocab_digest = copy_str(vocabulary, "digest");
	s->vocab_ids = get_count(vocabulary, "ids", 0);
	if (strcmp(format, "corpus-tokens 1") == 0)
		return read_version_1(s, root, folder, e);
	if (strcmp(format, "corpus-tokens 2") == 0)
		return read_version_2(s, root, folder, e);
	return err_set(e, ERR_DATA, "format \"%.100s\" is not known", format);
}

int token_source_parse(struct token_source *s, struct slice text, const char *folder, struct err *e)
{
	json_error_t where;
	json_t *root = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &where);
	int result;

	if (!root)
		return err_set(e, ERR_DATA, "line %d: %s", where.line, where.text);
	s->eot_id = NO_TOKEN;
	result = read_root(s, root, folder, e);
	if (result == 0 && s->dtype && !token_dtype_find(s->dtype))
		result = err_set(e, ERR_DATA, "dtype \"%.100s\" is not known", s->dtype);
	json_decref(root);
	if (result < 0)
		token_source_release(s);
	return result;
}

static int read_manifest(struct token_source *s, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *folder = mem_strndup(path, slash ? (size_t)(slash + 1 - path) : 0);
	struct buf text = { 0 };
	int result = input_slurp(path, MAX_MANIFEST, &text, e);

	if (result == 0) {
		result = token_source_parse(s, buf_view(&text), folder, e);
		if (result < 0)
			err_wrap(e, "%s", path);
	}
	if (result == 0) {
		s->manifest = mem_strdup(path);
		s->whole = true;
	}
	buf_release(&text);
	free(folder);
	return result;
}

/* ---- what it is ---- */

/* True for a JSON text whose first lines name the format. */
static bool is_manifest(const char *path)
{
	struct token_window w = { 0 };
	struct err e = { 0 };
	struct slice head = { 0 };
	bool is;

	if (token_window_open(&w, path, &e) == 0)
		head = (struct slice){ NULL, (size_t)MIN(w.bytes, (uint64_t)4096) };
	head.p = head.n ? token_window_get(&w, 0, head.n, &e) : NULL;
	is = head.p && *head.p == '{' &&
		slice_find(head, SLICE("\"format\": \"corpus-tokens ")) < head.n;
	token_window_close(&w);
	return is;
}

/* The set's manifest without the shard's number (NAME-00000.bin), with it (NAME.bin), or in its
 * folder. */
static char *find_manifest(const char *path)
{
	char *name = token_path_beside(path, "");
	const char *slash = strrchr(path, '/');
	size_t n = strlen(name), digits = 0;
	char *places[3];
	char *found = NULL;

	while (digits < n && name[n - digits - 1] >= '0' && name[n - digits - 1] <= '9')
		digits++;
	places[0] = mem_printf("%s.json", name);
	places[1] = mem_printf("%.*s.json", (int)(n - digits - (digits < n)), name);
	places[2] = mem_printf("%.*smanifest.json", slash ? (int)(slash + 1 - path) : 0, path);
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (!found && is_manifest(places[i]))
			found = places[i];
		else
			free(places[i]);
	}
	free(name);
	return found;
}

static bool same_name(const char *a, const char *b)
{
	const char *x = strrchr(a, '/'), *y = strrchr(b, '/');

	return strcmp(x ? x + 1 : a, y ? y + 1 : b) == 0;
}

/* Leaves the shard alone that one of the files is of; false when there is none. */
static bool keep_one(struct token_source *s, const char *path)
{
	for (size_t i = 0; i < s->n_shards; i++) {
		for (size_t k = 0; k < s->shards[i].n_files; k++) {
			struct token_source_shard kept = s->shards[i];

			if (!same_name(s->shards[i].files[k].path, path))
				continue;
			s->shards[i] = s->shards[0];
			s->shards[0] = kept;
			for (size_t o = 1; o < s->n_shards; o++) {
				for (size_t f = 0; f < s->shards[o].n_files; f++)
					claim_release(&s->shards[o].files[f]);
				free(s->shards[o].files);
				claim_release(&s->shards[o].map);
			}
			s->whole = s->n_shards == 1;
			s->n_shards = 1;
			return true;
		}
	}
	return false;
}

static void lone_shard(struct token_source *s, const char *path, const char *layout)
{
	char *map = token_path_beside(path, ".docs.jsonl.zst");

	*s = (struct token_source){
		.layout = mem_strdup(layout),
		.eot_id = NO_TOKEN,
		.documents = UNSAID,
		.tokens = UNSAID,
		.shards = mem_zalloc(1, sizeof(*s->shards)),
		.n_shards = 1,
	};
	s->shards[0] = (struct token_source_shard){
		.files = mem_zalloc(1, sizeof(struct token_claim)),
		.n_files = 1,
		.documents = UNSAID,
		.tokens = UNSAID,
	};
	s->shards[0].files[0] = (struct token_claim){ .path = mem_strdup(path), .bytes = UNSAID };
	if (access(map, R_OK) == 0)
		s->shards[0].map = (struct token_claim){ .path = map, .bytes = UNSAID };
	else
		free(map);
}

static int open_shard(struct token_source *s, const char *path, const char *layout, struct err *e)
{
	char *manifest = find_manifest(path);
	int result = manifest ? read_manifest(s, manifest, e) : 0;

	free(manifest);
	if (result < 0)
		return -1;
	if (!keep_one(s, path)) {
		token_source_release(s);
		lone_shard(s, path, layout);
	}
	return 1;
}

static int open_folder(struct token_source *s, const char *path, struct err *e)
{
	static const char *const names[] = { "manifest.json", "index.json" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *file = mem_printf("%s/%s", path, names[i]);
		int result = 0;

		if (access(file, R_OK) == 0)
			result = read_manifest(s, file, e) < 0 ? -1 : 1;
		free(file);
		if (result)
			return result;
	}
	return err_set(e, ERR_NOINPUT, "%s: a folder without manifest.json or index.json", path);
}

int token_source_open(struct token_source *s, const char *path, const char *layout, struct err *e)
{
	const char *guess;

	*s = (struct token_source){ 0 };
	if (strcmp(path, "-") == 0)
		return 0;
	if (folder_is_one(path))
		return open_folder(s, path, e);
	if (is_manifest(path) || same_name(path, "index.json"))
		return read_manifest(s, path, e) < 0 ? -1 : 1;
	guess = layout ? layout : token_layout_guess(path);
	return guess ? open_shard(s, path, guess, e) : 0;
}
