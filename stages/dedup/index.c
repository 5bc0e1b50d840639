/* The index of earlier snapshots. */
#include "stages/dedup/index.h"

#include "lib/core/mem.h"
#include "lib/core/mkdirs.h"
#include "lib/store/disk.h"
#include "lib/stream/input.h"
#include "lib/stream/publish.h"
#include "stages/dedup/blobfile.h"
#include "stages/dedup/pairsort.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIST_MAX = 64 * 1024 * 1024, LINKS_BUFFER = 64 * 1024, ID_MAX = 1024 };

static const struct runfile_kind link_kind = {
	.shape = { PAIR_BYTES, PAIR_BYTES, KEY_BYTES },
	.sorted = true,
};

/* A snapshot's files; ids and links are opened when they are first asked for. */
struct part {
	uint64_t base; /* number of its first document */
	struct bandfile *bands;
	struct blobfile *ids;
	int links; /* -1: not open */
	uint64_t n_links;
};

/* The kinds of files, in the order in which they are published. */
enum { BANDS, IDS, LINKS, KINDS };
static const char *const endings[KINDS] = { "bands", "ids", "links" };

struct index {
	char *dir;
	int dir_fd; /* holds the lock */
	const char *options;
	struct snapshot_list list;
	struct part *parts; /* of all in the list when it was read, and one for what comes */
	size_t n_parts; /* without that one */
	size_t looked; /* of them, those before the one at hand */
	uint64_t again;
	struct publish *fresh[KINDS];
	char *links_name;
};

static char *file_name(const struct index *x, size_t number, int kind)
{
	return mem_printf("%s/%06zu.%s", x->dir, number + 1, endings[kind]);
}

/* --- opening ---------------------------------------------------------------------------------- */

static int lock(struct index *x, struct err *e)
{
	x->dir_fd = open(x->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->dir_fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", x->dir, strerror(errno));
	if (flock(x->dir_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(e, ERR_USAGE, "--index %s: another run uses it", x->dir);
	return err_set(e, ERR_IO, "%s: flock: %s", x->dir, strerror(errno));
}

static int read_list(struct index *x, const char *parameters, struct err *e)
{
	char *path = mem_printf("%s/index", x->dir);
	struct buf text = { 0 };
	int result = 0;

	memset(x->list.parameters, 0, sizeof(x->list.parameters));
	memcpy(x->list.parameters, parameters, strlen(parameters));
	if (access(path, F_OK) == 0) {
		result = input_slurp(path, LIST_MAX, &text, e);
		if (result == 0 && snapshot_list_read(&x->list, buf_view(&text), e) < 0)
			result = err_wrap(e, "%s", path);
	}
	if (result == 0 && strcmp(x->list.parameters, parameters) != 0)
		result = err_set(e, ERR_USAGE, "--index %s: made with %s, not %s", x->dir,
			x->list.parameters, parameters);
	buf_release(&text);
	free(path);
	return result;
}

static int open_part(struct index *x, size_t i, uint64_t base, struct err *e)
{
	char *path = file_name(x, i, BANDS);
	struct band_facts facts;
	int result;

	x->parts[i] = (struct part){ .base = base, .links = -1 };
	result = bandfile_open(&x->parts[i].bands, path, &facts, e);
	if (result == 0 &&
		(facts.documents != x->list.at[i].documents ||
			facts.input.lo != x->list.at[i].fingerprint))
		result = err_set(e, ERR_DATA, "%s: not the file that the index lists", path);
	free(path);
	return result;
}

int index_open(struct index **out, const char *dir, const char *parameters, const char *options,
	struct err *e)
{
	struct index *x = mem_zalloc(1, sizeof(*x));
	uint64_t base = 0;

	*out = x;
	x->dir = mem_strdup(dir);
	x->dir_fd = -1;
	x->options = options;
	if (mkdirs(dir, e) < 0 || lock(x, e) < 0 || read_list(x, parameters, e) < 0)
		goto fail;
	x->n_parts = x->list.n;
	x->parts = mem_zalloc(x->n_parts + 1, sizeof(*x->parts));
	for (; x->looked < x->list.n; x->looked++) {
		if (open_part(x, x->looked, base, e) < 0) {
			x->looked++;
			goto fail;
		}
		base += x->list.at[x->looked].documents;
	}
	x->parts[x->n_parts].base = base;
	return 0;
fail:
	index_free(x);
	*out = NULL;
	return -1;
}

/* --- a new snapshot --------------------------------------------------------------------------- */

/* A descriptor of its own for who writes; the published file keeps one. */
static int begin_file(struct index *x, int kind, char **name, struct err *e)
{
	int fd;

	*name = file_name(x, x->list.n, kind);
	if (publish_open(&x->fresh[kind], *name, e) < 0)
		return -1;
	fd = fcntl(publish_fd(x->fresh[kind]), F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? err_set(e, ERR_IO, "%s: %s", *name, strerror(errno)) : fd;
}

int index_begin(struct index *x, uint32_t bands, size_t memory, const char *tmpdir,
	struct index_new *out, struct err *e)
{
	char *name;
	int fd = begin_file(x, BANDS, &name, e);

	if (fd >= 0)
		out->bands = bandfile_new(fd, name, bands, memory);
	free(name);
	if (fd < 0)
		return -1;
	fd = begin_file(x, IDS, &name, e);
	if (fd >= 0)
		out->ids = blobfile_new_take(fd, temp_open(tmpdir, e), name, ID_MAX);
	free(name);
	if (fd < 0 || e->code != ERR_NONE)
		return -1;
	x->links_name = file_name(x, x->list.n, LINKS);
	if (publish_open(&x->fresh[LINKS], x->links_name, e) < 0)
		return -1;
	out->links = runfile_begin(
		publish_fd(x->fresh[LINKS]), 0, &link_kind, x->links_name, LINKS_BUFFER);
	return 0;
}

int index_recognise(struct index *x, uint64_t fingerprint, uint64_t documents, struct err *e)
{
	for (size_t i = 0; i < x->list.n; i++) {
		const struct snapshot *s = &x->list.at[i];

		if (s->fingerprint != fingerprint || s->documents != documents)
			continue;
		if (strcmp(s->options, x->options) != 0)
			return err_set(e, ERR_USAGE,
				"--index %s: these records are snapshot %zu already, with %s, not %s",
				x->dir, i + 1, s->options, x->options);
		x->looked = i;
		x->again = i + 1;
		return 0;
	}
	mem_grow(&x->list.at, x->list.n, &x->list.cap, sizeof(*x->list.at));
	x->list.at[x->list.n] = (struct snapshot){ documents, fingerprint, { 0 } };
	strncpy(x->list.at[x->list.n].options, x->options,
		sizeof(x->list.at[x->list.n].options) - 1);
	return 0;
}

static int publish_list(struct index *x, struct err *e)
{
	char *path = mem_printf("%s/index", x->dir);
	struct buf text = { 0 };
	int result;

	snapshot_list_write(&x->list, &text);
	result = publish_bytes(path, buf_view(&text), e);
	buf_release(&text);
	free(path);
	return result;
}

int index_commit(struct index *x, struct err *e)
{
	if (x->again)
		return 0;
	for (int kind = 0; kind < KINDS; kind++) {
		struct publish *file = x->fresh[kind];

		x->fresh[kind] = NULL;
		if (publish_commit(file, e) < 0)
			return -1;
	}
	x->list.n++;
	return publish_list(x, e);
}

/* --- asking ----------------------------------------------------------------------------------- */

uint64_t index_documents(const struct index *x)
{
	return x->parts[x->looked].base;
}

size_t index_snapshots(const struct index *x)
{
	return x->looked;
}

void index_files(const struct index *x, struct groups_file *out)
{
	for (size_t i = 0; i < x->looked; i++)
		out[i] = (struct groups_file){ x->parts[i].bands, x->parts[i].base };
}

uint64_t index_again(const struct index *x)
{
	return x->again;
}

/* The snapshot that holds a document. */
static size_t part_of(const struct index *x, uint64_t document)
{
	size_t low = 0, high = x->looked;

	assert(document < index_documents(x));
	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (x->parts[mid].base <= document)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* All links are read once, so that damage is found before they are trusted. */
static int check_links(struct part *p, const char *path, struct err *e)
{
	struct runfile_reader *r;
	const char *record;
	int got;

	if (runfile_open(&r, p->links, 0, &link_kind, path, LINKS_BUFFER, e) < 0)
		return -1;
	while ((got = runfile_next(r, &record, e)) > 0)
		p->n_links++;
	runfile_close(r);
	return got;
}

static int open_links(struct index *x, size_t i, struct err *e)
{
	struct part *p = &x->parts[i];
	char *path;
	int result;

	if (p->links >= 0)
		return 0;
	path = file_name(x, i, LINKS);
	p->links = open(path, O_RDONLY | O_CLOEXEC);
	result = p->links < 0 ? err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno))
			      : check_links(p, path, e);
	free(path);
	return result;
}

int index_kept(struct index *x, uint64_t document, uint64_t *kept, struct err *e)
{
	size_t i = part_of(x, document);
	struct part *p = &x->parts[i];
	uint64_t low = 0, high;

	*kept = document;
	if (open_links(x, i, e) < 0)
		return -1;
	for (high = p->n_links; low < high;) {
		uint64_t mid = (low + high) / 2, from, to;
		char link[PAIR_BYTES];

		if (disk_read(p->links, link, sizeof(link), RUNFILE_HEADER + mid * PAIR_BYTES,
			    x->dir, e) < 0)
			return -1;
		pair_get(link, &from, &to);
		if (from + p->base == document) {
			*kept = to;
			return 0;
		}
		if (from + p->base < document)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

int index_name(struct index *x, uint64_t document, struct buf *out, struct err *e)
{
	size_t i = part_of(x, document);
	struct part *p = &x->parts[i];

	if (!p->ids) {
		char *path = file_name(x, i, IDS);
		int result = blobfile_open(&p->ids, path, ID_MAX, e);

		free(path);
		if (result < 0)
			return -1;
	}
	return blobfile_get(p->ids, document - p->base, out, e);
}

void index_free(struct index *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n_parts; i++) {
		bandfile_free(x->parts[i].bands);
		blobfile_free(x->parts[i].ids);
		if (x->parts[i].bands && x->parts[i].links >= 0)
			close(x->parts[i].links);
	}
	for (int kind = 0; kind < KINDS; kind++)
		publish_abort(x->fresh[kind]);
	free(x->links_name);
	free(x->parts);
	snapshot_list_release(&x->list);
	if (x->dir_fd >= 0)
		close(x->dir_fd);
	free(x->dir);
	free(x);
}
