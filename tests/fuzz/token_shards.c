/* Any bytes as a shard of each layout, with what stands beside it: read to its end or refused, and
 * no more ids come out than its bytes can hold. */
#include "stages/tokenize/token_documents.h"
#include "tokenizer/vocab.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static char folder[] = "/tmp/corpus-fuzz-XXXXXX";

static void put(const char *name, const uint8_t *data, size_t n)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	close(fd);
}

static void read_all(const char *name, const char *layout, size_t bytes)
{
	struct token_hints hints = { .default_dtype = "uint16", .eot_id = 0, .max_ids = 1 << 20 };
	struct token_documents d = { 0 };
	struct token_document doc;
	struct token_source s;
	struct ids ids = { 0 };
	struct err e = { 0 };
	char path[100];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (token_source_open(&s, path, layout, &e) > 0 &&
		token_documents_open(&d, &s, 0, &hints, &e) == 0) {
		while (token_documents_next(&d, &doc, &e) > 0) {
			ids.n = 0;
			if (token_documents_ids(&d, &doc, &ids, &e) < 0)
				break;
			assert(ids.n == doc.n && doc.start + doc.n <= bytes / 2);
		}
		token_documents_close(&d);
	}
	ids_release(&ids);
	token_source_release(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const beside[] = { "a.idx", "a.ds.index", "a.docs.jsonl.zst", "a.json" };
	static const char *const names[] = { "a.bin", "a.bin", "a.bin", "a.npy", "a.npy", "a.ds",
		"a.mds" };
	static bool made;
	size_t layout, which, cut;

	if (n < 3)
		return 0;
	made = made || mkdtemp(folder);
	layout = data[0] % ARRAY_LEN(names);
	which = data[1] % (2 * ARRAY_LEN(beside)); /* the upper half: nothing beside */
	cut = which < ARRAY_LEN(beside) ? 3 + (n - 3) * data[2] / 256 : 3;
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		char path[100];

		snprintf(path, sizeof(path), "%s/%s", folder, beside[i]);
		unlink(path);
		if (i == which)
			put(beside[i], data + 3, cut - 3);
	}
	put(names[layout], data + cut, n - cut);
	read_all(names[layout], token_layout_names[layout], n);
	return 0;
}
