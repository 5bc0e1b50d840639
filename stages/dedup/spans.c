/* Sorted spans in blocks, and an index of the blocks. */
#include "stages/dedup/spans.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"

#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

enum { BLOCK = 512 };

struct block {
	uint64_t first; /* from of its first span */
	uint64_t digest; /* XXH3-64 */
};

struct spans {
	int fd;
	char *name;
	struct span open[BLOCK]; /* the block being filled */
	size_t n_open;
	uint64_t n;
	struct block *blocks;
	size_t n_blocks, cap;
};

int spans_new(struct spans **out, const char *tmpdir, struct err *e)
{
	int fd = temp_open(tmpdir, e);
	struct spans *s;

	if (fd < 0)
		return -1;
	s = mem_zalloc(1, sizeof(*s));
	s->fd = fd;
	s->name = disk_temp_name(tmpdir);
	*out = s;
	return 0;
}

static size_t block_size(const struct spans *s, size_t block)
{
	return (size_t)MIN(s->n - (uint64_t)block * BLOCK, (uint64_t)BLOCK);
}

static int write_block(struct spans *s, struct err *e)
{
	size_t bytes = s->n_open * sizeof(*s->open);

	if (!s->n_open)
		return 0;
	if (disk_write(s->fd, s->open, bytes, (uint64_t)s->n_blocks * sizeof(s->open), s->name, e) <
		0)
		return -1;
	mem_grow(&s->blocks, s->n_blocks, &s->cap, sizeof(*s->blocks));
	s->blocks[s->n_blocks++] = (struct block){ s->open[0].from, XXH3_64bits(s->open, bytes) };
	s->n_open = 0;
	return 0;
}

int spans_add(struct spans *s, struct span span, struct err *e)
{
	s->open[s->n_open++] = span;
	s->n++;
	return s->n_open == BLOCK ? write_block(s, e) : 0;
}

int spans_seal(struct spans *s, struct err *e)
{
	return write_block(s, e);
}

uint64_t spans_count(const struct spans *s)
{
	return s->n;
}

/* The last block that begins at from or before it, or the first of all. */
static size_t block_of(const struct spans *s, uint64_t from)
{
	size_t low = 0, high = s->n_blocks;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->blocks[middle].first <= from)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : 0;
}

static int read_block(const struct spans *s, size_t block, struct span *to, struct err *e)
{
	size_t bytes = block_size(s, block) * sizeof(*to);

	if (disk_read(s->fd, to, bytes, (uint64_t)block * sizeof(s->open), s->name, e) < 0)
		return -1;
	if (XXH3_64bits(to, bytes) != s->blocks[block].digest)
		return err_set(e, ERR_DATA, "%s: damaged", s->name);
	return 0;
}

int spans_within(
	const struct spans *s, uint64_t from, uint64_t to, struct span_list *found, struct err *e)
{
	struct span block[BLOCK];

	found->n = 0;
	for (size_t b = block_of(s, from); b < s->n_blocks && s->blocks[b].first < to; b++) {
		if (read_block(s, b, block, e) < 0)
			return -1;
		for (size_t i = 0; i < block_size(s, b) && block[i].from < to; i++) {
			if (block[i].from < from)
				continue;
			mem_grow(&found->at, found->n, &found->cap, sizeof(*found->at));
			found->at[found->n++] = block[i];
		}
	}
	return 0;
}

int spans_fd(const struct spans *s)
{
	return s->fd;
}

void spans_free(struct spans *s)
{
	if (!s)
		return;
	close(s->fd);
	free(s->name);
	free(s->blocks);
	free(s);
}

void span_list_release(struct span_list *l)
{
	free(l->at);
	*l = (struct span_list){ 0 };
}
