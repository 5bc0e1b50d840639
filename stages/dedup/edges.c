/* Pairs of one task among several, in a file. */
#include "stages/dedup/edges.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/store/runfile.h"
#include "lib/stream/publish.h"
#include "stages/dedup/pairsort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[8] = "corpusED";

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_PART = 16,
	AT_PARTS = 20,
	AT_IDENTITY = 24,
	AT_CHECK = 56,
	HEADER = 64,
	BUFFER = 256 * 1024
};

static struct runfile_kind edge_kind(void)
{
	return (struct runfile_kind){ .shape = pair_shape, .sorted = true };
}

struct edges {
	struct pairsort *sort;
};

struct edges *edges_new(size_t memory, const char *tmpdir)
{
	struct edges *s = mem_zalloc(1, sizeof(*s));

	s->sort = pairsort_new(memory, tmpdir);
	return s;
}

int edges_add(struct edges *s, uint64_t a, uint64_t b, struct err *e)
{
	return pairsort_add(s->sort, a, b, e);
}

static int write_pairs(struct edges *s, int fd, const char *path, struct err *e)
{
	struct runfile_kind kind = edge_kind();
	struct runfile_writer *w = runfile_begin(fd, HEADER, &kind, path, BUFFER);
	uint64_t a, b, end;
	int got = pairsort_finish(s->sort, e);

	while (got >= 0 && (got = pairsort_next(s->sort, &a, &b, e)) > 0) {
		char pair[PAIR_BYTES];

		pair_put(pair, a, b);
		got = runfile_put(w, pair, 1, e);
	}
	if (got == 0)
		return runfile_end(w, &end, e);
	runfile_drop(w);
	return -1;
}

static int write_header(
	int fd, const char *path, uint64_t identity, unsigned part, unsigned parts, struct err *e)
{
	struct buf h = { 0 };
	int result;

	buf_append(&h, magic, sizeof(magic));
	buf_le64(&h, VERSION);
	buf_le32(&h, part);
	buf_le32(&h, parts);
	buf_le64(&h, identity);
	while (h.n < AT_CHECK)
		buf_byte(&h, 0);
	buf_le64(&h, XXH3_64bits(h.p, AT_CHECK));
	result = disk_write(fd, h.p, h.n, 0, path, e);
	buf_release(&h);
	return result;
}

int edges_write(struct edges *s, const char *path, uint64_t identity, unsigned part, unsigned parts,
	struct err *e)
{
	struct publish *file;

	if (publish_open(&file, path, e) < 0)
		return -1;
	if (write_pairs(s, publish_fd(file), path, e) == 0 &&
		write_header(publish_fd(file), path, identity, part, parts, e) == 0)
		return publish_commit(file, e);
	publish_abort(file);
	return -1;
}

void edges_free(struct edges *s)
{
	if (!s)
		return;
	pairsort_free(s->sort);
	free(s);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The parts that were met; all 0 before the first. */
struct met {
	uint32_t parts;
	bool *parts_met;
};

static int check_header(
	const char *h, const char *path, uint64_t identity, struct met *m, struct err *e)
{
	uint32_t part = load_le32(h + AT_PART), parts = load_le32(h + AT_PARTS);

	if (memcmp(h, magic, sizeof(magic)) != 0)
		return err_set(e, ERR_DATA, "%s: not a file of edges", path);
	if (load_le64(h + AT_CHECK) != XXH3_64bits(h, AT_CHECK))
		return err_set(e, ERR_DATA, "%s: the header's digest differs", path);
	if (load_le64(h + AT_VERSION) != VERSION || part < 1 || part > parts || parts > 99999)
		return err_set(e, ERR_DATA, "%s: written by another version", path);
	if (load_le64(h + AT_IDENTITY) != identity)
		return err_set(e, ERR_USAGE, "%s: made of other shards, or in another order", path);
	if (!m->parts_met) {
		m->parts = parts;
		m->parts_met = mem_zalloc(parts + 1, sizeof(*m->parts_met));
	}
	if (parts != m->parts)
		return err_set(e, ERR_USAGE, "%s: one part of %u, where others are of %u", path,
			parts, m->parts);
	if (m->parts_met[part])
		return err_set(e, ERR_USAGE, "%s: part %u is there twice", path, part);
	m->parts_met[part] = true;
	return 0;
}

static int read_pairs(int fd, const char *path, edges_put *put, void *to, struct err *e)
{
	struct runfile_kind kind = edge_kind();
	struct runfile_reader *r;
	const char *pair;
	int got;

	if (runfile_open(&r, fd, HEADER, &kind, path, BUFFER, e) < 0)
		return -1;
	while ((got = runfile_next(r, &pair, e)) > 0) {
		uint64_t a, b;

		pair_get(pair, &a, &b);
		if (put(to, a, b, e) < 0) {
			got = e->code == ERR_DATA ? err_wrap(e, "%s", path) : -1;
			break;
		}
	}
	runfile_close(r);
	return got;
}

static int read_file(
	const char *path, uint64_t identity, struct met *m, edges_put *put, void *to, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), result;
	char h[HEADER];

	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	result = disk_read(fd, h, sizeof(h), 0, path, e);
	if (result == 0)
		result = check_header(h, path, identity, m, e);
	if (result == 0)
		result = read_pairs(fd, path, put, to, e);
	close(fd);
	return result;
}

int edges_read_all(
	const char **paths, size_t n, uint64_t identity, edges_put *put, void *to, struct err *e)
{
	struct met m = { 0 };
	int result = 0;

	for (size_t i = 0; result == 0 && i < n; i++)
		result = read_file(paths[i], identity, &m, put, to, e);
	for (uint32_t i = 1; result == 0 && i <= m.parts; i++) {
		if (!m.parts_met[i])
			result = err_set(
				e, ERR_USAGE, "--edges: part %u of %u is missing", i, m.parts);
	}
	free(m.parts_met);
	return result;
}
