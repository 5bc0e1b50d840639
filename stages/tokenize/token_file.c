/* One file of a shard on its way to the disk, with its digest. */
#include "stages/tokenize/token_file.h"

#include "lib/core/mem.h"
#include "lib/stream/publish.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

/* Written in pieces of this size at least. */
enum { CHUNK = 1024 * 1024 };

struct token_file {
	struct publish *file;
	struct buf pending; /* not written yet */
	uint64_t bytes; /* of the file, pending ones included */
	XXH3_state_t *hash; /* of what was written */
	bool patched; /* the hash no longer holds */
};

static void token_file_free(struct token_file *f)
{
	buf_release(&f->pending);
	XXH3_freeState(f->hash);
	free(f);
}

void token_file_abort(struct token_file *f)
{
	if (!f)
		return;
	publish_abort(f->file);
	token_file_free(f);
}

int token_file_open(struct token_file **out, const char *path, struct err *e)
{
	struct token_file *f = mem_zalloc(1, sizeof(*f));

	*out = NULL;
	if (publish_open(&f->file, path, e) < 0) {
		free(f);
		return -1;
	}
	f->hash = XXH3_createState();
	XXH3_128bits_reset(f->hash);
	*out = f;
	return 0;
}

static int flush(struct token_file *f, struct err *e)
{
	XXH3_128bits_update(f->hash, f->pending.p, f->pending.n);
	if (write_all(publish_fd(f->file), f->pending.p, f->pending.n, publish_name(f->file), e) <
		0)
		return -1;
	buf_clear(&f->pending, CHUNK * 2);
	return 0;
}

int token_file_append(struct token_file *f, struct slice bytes, struct err *e)
{
	f->bytes += bytes.n;
	while (bytes.n) {
		struct slice some = slice_head(bytes, CHUNK);

		buf_slice(&f->pending, some);
		if (f->pending.n >= CHUNK && flush(f, e) < 0)
			return -1;
		bytes = slice_skip(bytes, some.n);
	}
	return 0;
}

uint64_t token_file_bytes(const struct token_file *f)
{
	return f->bytes;
}

static int failed(const struct token_file *f, ssize_t done, struct err *e)
{
	return err_set(e, ERR_IO, "%s: %s", publish_name(f->file),
		done < 0 ? strerror(errno) : "it became shorter while it was written");
}

int token_file_read(struct token_file *f, uint64_t offset, void *p, size_t n, struct err *e)
{
	char *to = p;

	if (f->pending.n && flush(f, e) < 0)
		return -1;
	while (n) {
		ssize_t got = pread(publish_fd(f->file), to, n, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return failed(f, got, e);
		to += got;
		offset += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

int token_file_patch(struct token_file *f, uint64_t offset, struct slice bytes, struct err *e)
{
	if (flush(f, e) < 0)
		return -1;
	f->patched = true;
	while (bytes.n) {
		ssize_t done = pwrite(publish_fd(f->file), bytes.p, bytes.n, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return failed(f, done, e);
		bytes = slice_skip(bytes, (size_t)done);
		offset += (uint64_t)done;
	}
	return 0;
}

static int hash_again(struct token_file *f, struct err *e)
{
	char *chunk = mem_alloc(CHUNK);
	int result = 0;

	XXH3_128bits_reset(f->hash);
	for (uint64_t at = 0; result == 0 && at < f->bytes; at += CHUNK) {
		size_t n = (size_t)MIN(f->bytes - at, (uint64_t)CHUNK);

		result = token_file_read(f, at, chunk, n, e);
		if (result == 0)
			XXH3_128bits_update(f->hash, chunk, n);
	}
	free(chunk);
	return result;
}

int token_file_end(struct token_file *f, struct token_file_facts *facts, struct err *e)
{
	const char *name = publish_name(f->file), *slash = strrchr(name, '/');
	XXH128_hash_t hash;

	if (flush(f, e) < 0 || (f->patched && hash_again(f, e) < 0) ||
		publish_park(f->file, e) < 0) {
		token_file_abort(f);
		return -1;
	}
	hash = XXH3_128bits_digest(f->hash);
	*facts = (struct token_file_facts){
		.file = f->file,
		.name = mem_strdup(slash ? slash + 1 : name),
		.bytes = f->bytes,
		.hash_low = hash.low64,
		.hash_high = hash.high64,
	};
	token_file_free(f);
	return 0;
}

void token_file_facts_release(struct token_file_facts *facts)
{
	publish_abort(facts->file);
	free(facts->name);
	*facts = (struct token_file_facts){ 0 };
}
