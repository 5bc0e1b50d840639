/* The file of decisions that the tasks of shards share. */
#include "stages/dedup/clusters.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "stages/dedup/bandfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[8] = "corpusCL";

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_TABLE = 16,
	AT_TABLE_BYTES = 24,
	AT_TABLE_DIGEST = 32,
	AT_CHECK = 56,
	HEADER = 64,
	BUFFER = 256 * 1024,
	/* Ten million shards of long names. */
	TABLE_MAX = 1 << 30
};

static struct runfile_kind decision_kind(void)
{
	return (struct runfile_kind){ .shape = decision_shape, .sorted = true };
}

/* --- the table -------------------------------------------------------------------------------- */

void shard_table_write(const struct shard_table *t, struct buf *out)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct shard *s = &t->at[i];

		buf_printf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s %s\n", s->base,
			s->documents, s->offset, s->digest, s->name);
	}
}

/* Takes decimal digits and the blank behind them off the front of *s. */
static bool take_number(struct slice *s, uint64_t *out)
{
	size_t n = 0;

	for (*out = 0; n < s->n && n < 18 && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		*out = *out * 10 + (uint64_t)(s->p[n] - '0');
	if (n == 0 || n == s->n || s->p[n] != ' ')
		return false;
	*s = slice_skip(*s, n + 1);
	return true;
}

static bool read_row(struct slice line, struct shard *s)
{
	if (!take_number(&line, &s->base) || !take_number(&line, &s->documents) ||
		!take_number(&line, &s->offset))
		return false;
	if (line.n < 35 || line.p[32] != ' ' || line.p[line.n - 1] != '\n' ||
		memchr(line.p, 0, line.n) || s->base + s->documents > DOCUMENT_MAX)
		return false;
	memcpy(s->digest, line.p, 32);
	s->name = mem_strndup(line.p + 33, line.n - 34);
	return true;
}

int shard_table_read(struct shard_table *t, struct slice text, struct err *e)
{
	uint64_t base = 0;

	while (text.n) {
		struct shard s = { 0 };

		if (!read_row(slice_take_line(&text), &s))
			return err_set(e, ERR_DATA, "line %zu of the table of shards is damaged",
				t->n + 1);
		mem_grow(&t->at, t->n, &t->cap, sizeof(*t->at));
		t->at[t->n++] = s;
		if (s.base != base)
			return err_set(e, ERR_DATA, "shard %zu of the table is out of order", t->n);
		base += s.documents;
	}
	return 0;
}

void shard_table_release(struct shard_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->at[i].name);
	free(t->at);
	*t = (struct shard_table){ 0 };
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_header(struct buf *b, uint64_t table, uint64_t bytes, uint64_t digest)
{
	buf_append(b, magic, sizeof(magic));
	buf_le64(b, VERSION);
	buf_le64(b, table);
	buf_le64(b, bytes);
	buf_le64(b, digest);
	while (b->n < AT_CHECK)
		buf_byte(b, 0);
	buf_le64(b, XXH3_64bits(b->p, AT_CHECK));
}

/* The decisions of one shard; *d, where *more, is the next that comes. */
static int write_run(int fd, const char *name, struct shard *s, uint64_t *end, struct decision *d,
	int *more, int (*next)(void *, struct decision *, struct err *), void *from, struct err *e)
{
	struct runfile_kind kind = decision_kind();
	struct runfile_writer *w = runfile_begin(fd, *end, &kind, name, BUFFER);

	s->offset = *end;
	while (*more > 0 && d->document < s->base + s->documents) {
		char row[DECISION_BYTES];

		decision_put(row, d);
		if (runfile_put(w, row, 1, e) < 0) {
			runfile_drop(w);
			return -1;
		}
		*more = next(from, d, e);
	}
	if (*more < 0) {
		runfile_drop(w);
		return -1;
	}
	return runfile_end(w, end, e);
}

int clusters_write(int fd, const char *name, struct shard_table *t,
	int (*next)(void *from, struct decision *d, struct err *e), void *from, struct err *e)
{
	struct buf table = { 0 }, header = { 0 };
	uint64_t end = HEADER;
	struct decision d;
	int more = next(from, &d, e), result = more < 0 ? -1 : 0;

	for (size_t i = 0; result == 0 && i < t->n; i++)
		result = write_run(fd, name, &t->at[i], &end, &d, &more, next, from, e);
	shard_table_write(t, &table);
	put_header(&header, end, table.n, XXH3_64bits(table.p, table.n));
	if (result == 0)
		result = disk_write(fd, table.p, table.n, end, name, e);
	if (result == 0)
		result = disk_write(fd, header.p, header.n, 0, name, e);
	buf_release(&table);
	buf_release(&header);
	return result;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct clusters {
	int fd;
	char *name;
	struct runfile_reader *run;
};

static int damaged(const struct clusters *c, const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "%s: %s", c->name, what);
}

static int read_table(const struct clusters *c, struct shard_table *t, struct err *e)
{
	char h[HEADER];
	struct buf text = { 0 };
	size_t bytes;
	int result;

	if (disk_read(c->fd, h, sizeof(h), 0, c->name, e) < 0)
		return -1;
	if (memcmp(h, magic, sizeof(magic)) != 0)
		return damaged(c, "not a file of clusters", e);
	if (load_le64(h + AT_CHECK) != XXH3_64bits(h, AT_CHECK))
		return damaged(c, "the header's digest differs", e);
	if (load_le64(h + AT_VERSION) != VERSION || load_le64(h + AT_TABLE_BYTES) > TABLE_MAX)
		return damaged(c, "written by another version", e);
	bytes = load_le64(h + AT_TABLE_BYTES);
	result = disk_read(
		c->fd, buf_reserve(&text, bytes + 1), bytes, load_le64(h + AT_TABLE), c->name, e);
	text.n = bytes;
	if (result == 0 && XXH3_64bits(text.p, bytes) != load_le64(h + AT_TABLE_DIGEST))
		result = damaged(c, "the table's digest differs", e);
	if (result == 0 && shard_table_read(t, buf_view(&text), e) < 0)
		result = err_wrap(e, "%s", c->name);
	buf_release(&text);
	return result;
}

/* Only the shard's own part is read, and checked. */
static int open_shard(
	struct clusters *c, const char *shard_name, struct shard *shard, struct err *e)
{
	struct runfile_kind kind = decision_kind();
	struct shard_table t = { 0 };
	int result = read_table(c, &t, e);
	size_t i = 0;

	while (result == 0 && i < t.n && strcmp(t.at[i].name, shard_name) != 0)
		i++;
	if (result == 0 && i == t.n)
		result = err_set(e, ERR_USAGE, "%s: has no shard %s", c->name, shard_name);
	if (result == 0) {
		*shard = t.at[i];
		shard->name = mem_strdup(shard_name);
		result = runfile_open(&c->run, c->fd, shard->offset, &kind, c->name, BUFFER, e);
	}
	shard_table_release(&t);
	return result;
}

int clusters_open(struct clusters **out, const char *path, const char *shard_name,
	struct shard *shard, struct err *e)
{
	struct clusters *c;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	c = mem_zalloc(1, sizeof(*c));
	c->fd = fd;
	c->name = mem_strdup(path);
	if (open_shard(c, shard_name, shard, e) < 0) {
		clusters_free(c);
		return -1;
	}
	*out = c;
	return 0;
}

int clusters_next(void *clusters, struct decision *d, struct err *e)
{
	struct clusters *c = clusters;
	const char *row;
	int got = runfile_next(c->run, &row, e);

	if (got > 0)
		*d = decision_get(row);
	return got;
}

void clusters_free(struct clusters *c)
{
	if (!c)
		return;
	runfile_close(c->run);
	close(c->fd);
	free(c->name);
	free(c);
}
