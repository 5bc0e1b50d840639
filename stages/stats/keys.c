/* keys.c - key files: what make compares in place of the times of the files themselves.
 *
 * Times are wrong both ways: touch, git checkout and cp change them without changing what is in the
 * file, and cp -p brings another content with an old time. So for each FILE there are two small
 * files under --dir:
 *	FILE.key   the identity of what FILE holds (identity.h); rewritten only when that changed:
 *		   its time is that of the last change of content, and targets depend on it
 *	FILE.look  size, inode and times of FILE when it was last looked at, and its identity; while
 *		   they stay, FILE need not be read; newer than FILE, which tells make so
 * Both appear by rename. The key is written first: a process killed in between does it again. */
#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "lib/core/mkdirs.h"
#include "lib/path_list.h"
#include "lib/run.h"
#include "lib/stream/publish.h"
#include "stages/stats/identity.h"
#include "stages/stats/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SMALL = 256 }; /* bytes: neither of the two files is as long */

#define NS_PER_S INT64_C(1000000000)

struct key_job {
	struct job job; /* first: a pointer to it is one to the whole */
	const struct key_config *cfg;
	const char *path;
	struct err err;
};

/* DIR/PATH, where a leading slash is "+root/" and each "../" is "+up/": configs/corpus.mk makes
 * the same name of it. */
static char *key_name(const char *dir, const char *path)
{
	struct buf name = { 0 };

	buf_printf(&name, "%s/", dir);
	if (*path == '/')
		buf_str(&name, "+root");
	while (*path) {
		if (strncmp(path, "../", 3) == 0) {
			buf_str(&name, "+up/");
			path += 3;
		} else {
			buf_byte(&name, *path++);
		}
	}
	return buf_cstr(&name);
}

/* The content of a small file, empty when there is none that can be read. */
static void read_small(const char *path, char out[SMALL])
{
	/* Without waiting: a pipe of nobody's is refused below, not waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, out, SMALL - 1);

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
}

static int write_small(const char *path, const char *text, struct err *e)
{
	return publish_bytes(path, slice_str(text), e);
}

/* What the look file says: false when it says nothing. */
static bool read_look(const char *path, struct look *look, char identity[33])
{
	char text[SMALL];

	*look = (struct look){ 0 };
	read_small(path, text);
	return sscanf(text,
		       "size %" SCNu64 " inode %" SCNu64 " device %" SCNu64 " mtime %" SCNd64
		       " ctime %" SCNd64 " identity %32[0-9a-f]",
		       &look->size, &look->inode, &look->device, &look->mtime_ns, &look->ctime_ns,
		       identity) == 6;
}

static int write_look(const char *path, const struct look *look, const char *id, struct err *e)
{
	char text[SMALL];

	/* A fresh look is written so that it equals none. */
	snprintf(text, sizeof(text),
		"size %" PRIu64 " inode %" PRIu64 " device %" PRIu64 " mtime %" PRId64
		" ctime %" PRId64 " identity %s\n",
		look->size, look->inode, look->device, look->mtime_ns,
		look->fresh ? 0 : look->ctime_ns, id);
	return write_small(path, text, e);
}

/* True when the key file holds what the last look found and nothing has changed since. */
static bool key_is_current(const char *key, const char *seen, const struct look *now)
{
	struct look then;
	char identity[33], stands[SMALL];

	if (!read_look(seen, &then, identity) || !look_eq(&then, now))
		return false;
	read_small(key, stands);
	return strncmp(stands, identity, 32) == 0 && strcmp(stands + 32, "\n") == 0;
}

/* Gives the key the time at which its file came to be there, which cannot be set back. */
static int set_time(const char *key, const struct look *look, struct err *e)
{
	const struct timespec time = { look->ctime_ns / NS_PER_S, look->ctime_ns % NS_PER_S };
	const struct timespec times[] = { time, time };

	if (utimensat(AT_FDCWD, key, times, 0) < 0)
		return err_set(e, ERR_IO, "%s: %s", key, strerror(errno));
	return 0;
}

/* Rewrites the key if the identity differs from what it holds, then the look in any case. A key's
 * time is now: the content may have come by another way than a write, such as a symbolic link that
 * leads elsewhere. What a task made came by a write, and other tasks may have read it since without
 * make (that of "make tasks"), so its key has the time of that write. */
static int key_write(const struct key_config *cfg, const char *key, const char *seen,
	const struct look *look, const char *identity, struct err *e)
{
	char stands[SMALL], text[SMALL];

	read_small(key, stands);
	snprintf(text, sizeof(text), "%s\n", identity);
	if (strcmp(stands, text) != 0) {
		if (mkdirs_above(key, e) < 0 || write_small(key, text, e) < 0)
			return -1;
		if (cfg->made && set_time(key, look, e) < 0)
			return -1;
	}
	return write_look(seen, look, identity, e);
}

/* path is open as fd. */
static int key_refresh_open(const struct key_config *cfg, const char *path, int fd, const char *key,
	const char *seen, struct err *e)
{
	char identity[33];
	struct look look;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_NOINPUT, "%s: no regular file, so it has no key", path);
	/* Before it is read: what is written to it meanwhile will differ from this look. */
	look = look_at(&st);
	if (key_is_current(key, seen, &look))
		return 0;
	if (cfg->trust_stat)
		identity_of_look(&look, identity);
	else if (identity_of(fd, path, identity, e) < 0)
		return -1;
	return key_write(cfg, key, seen, &look, identity, e);
}

static int key_refresh(const struct key_config *cfg, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *name, *key, *seen;
	int rc;

	if (fd < 0 && errno == ENOENT && cfg->if_present)
		return 0;
	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	name = key_name(cfg->dir, path);
	key = mem_printf("%s.key", name);
	seen = mem_printf("%s.look", name);
	rc = key_refresh_open(cfg, path, fd, key, seen, e);
	close(fd);
	free(seen);
	free(key);
	free(name);
	return rc;
}

static void key_work(struct job *job, unsigned worker)
{
	struct key_job *self = (struct key_job *)job;

	(void)worker;
	if (key_refresh(self->cfg, self->path, &self->err) < 0)
		return; /* err stands for it */
}

/* All files at once on the pool's threads; the first error in order is the run's. */
static int key_all(
	struct run *run, const struct key_config *cfg, const struct path_list *l, struct err *e)
{
	struct key_job *jobs = mem_zalloc(l->n, sizeof(*jobs));
	int rc = 0;

	for (size_t i = 0; i < l->n; i++) {
		jobs[i] = (struct key_job){
			.job = { .work = key_work }, .cfg = cfg, .path = l->at[i]
		};
		pool_submit(run->pool, &jobs[i].job);
	}
	for (size_t i = 0; i < l->n; i++) {
		pool_wait(run->pool, &jobs[i].job);
		if (jobs[i].err.code != ERR_NONE)
			rc = err_set(e, jobs[i].err.code, "%s", jobs[i].err.text);
	}
	free(jobs);
	return rc;
}

static int key_run(struct run *run, void *config, struct err *e)
{
	const struct key_config *cfg = config;
	struct path_list files = { 0 };
	int rc;

	if (!cfg->dir)
		return err_set(e, ERR_USAGE, "key needs --dir, where the key files stand");
	rc = path_list_operands(&files, run, cfg->files_from, e);
	if (rc == 0)
		rc = key_all(run, cfg, &files, e);
	path_list_release(&files);
	return rc;
}

const struct stage key_stage = {
	.name = "stats",
	.summary = "note what files hold, so that make rebuilds what changed and nothing else",
	.operands = "FILE ...",
	.common = COMMON_THREADS,
	.run = key_run,
};
