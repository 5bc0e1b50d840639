/* A file that is whole or absent. */
#include "lib/stream/publish.h"

#include "lib/core/mem.h"
#include "lib/core/temps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct publish {
	int fd;
	char *name; /* as the user wrote it, for messages */
	char *path; /* where it goes: symbolic links followed */
	char *temp; /* its name until then; NULL: it has none yet */
	bool regular; /* else written to directly */
};

static void publish_free(struct publish *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p->name);
	free(p->path);
	free(p->temp);
	free(p);
}

/* The folder of path, as a new string. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static char *temp_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	return mem_printf("%.*s.%.200s.%ld.tmp", (int)(base - path), path, base, (long)getpid());
}

/* A file with a name, for file systems that have none without. */
static int open_named(struct publish *p)
{
	p->temp = temp_name(p->path);
	temps_add(p->temp);
	p->fd = open(p->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (p->fd < 0 && errno == EEXIST) {
		/* Left by a process of this number that was killed. */
		temps_remove(p->temp);
		temps_add(p->temp);
		p->fd = open(p->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	}
	if (p->fd < 0) {
		int why = errno;

		temps_forget(p->temp);
		errno = why;
	}
	return p->fd;
}

static int open_nameless(struct publish *p)
{
	char *folder = folder_of(p->path);

	p->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(folder);
	if (p->fd >= 0 && access("/proc/self/fd", X_OK) != 0) {
		/* Without /proc it could never get a name. */
		close(p->fd);
		p->fd = -1;
		errno = EOPNOTSUPP;
	}
	return p->fd;
}

/* Where path leads, so that a symbolic link stays one; path itself when nothing is there yet. */
static char *resolve(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : mem_strdup(path);
}

/* /dev/stdout and its like name a descriptor that somebody else holds open: a new file under the
 * name behind it would not be theirs. */
static bool is_descriptor(const char *path)
{
	static const char *const places[] = { "/dev/", "/proc/" };

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (strncmp(path, places[i], strlen(places[i])) == 0)
			return true;
	}
	return false;
}

int publish_open(struct publish **out, const char *path, struct err *e)
{
	struct publish *p = mem_zalloc(1, sizeof(*p));
	struct stat st;
	bool there = stat(path, &st) == 0;

	*out = NULL;
	p->name = mem_strdup(path);
	p->path = resolve(path);
	p->regular = !is_descriptor(path) && (!there || S_ISREG(st.st_mode));
	if (!p->regular)
		p->fd = open(path, O_WRONLY | O_CLOEXEC);
	else if (open_nameless(p) < 0 &&
		(errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		open_named(p);
	if (p->fd < 0) {
		err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
		publish_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

int publish_fd(const struct publish *p)
{
	return p->fd;
}

const char *publish_name(const struct publish *p)
{
	return p->name;
}

/* Gives a nameless file a name beside the final one; link(2) cannot replace, rename(2) can. */
static int give_name(struct publish *p)
{
	char link[64];
	int r;

	p->temp = temp_name(p->path);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", p->fd);
	temps_remove(p->temp);
	temps_add(p->temp);
	r = linkat(AT_FDCWD, link, AT_FDCWD, p->temp, AT_SYMLINK_FOLLOW);
	if (r != 0) {
		int why = errno;

		temps_forget(p->temp);
		errno = why;
	}
	return r;
}

/* The rename is on the disk only when the folder is. */
static int sync_folder(const char *path)
{
	char *folder = folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

	free(folder);
	if (fd < 0)
		return -1;
	/* Some network file systems cannot sync a folder and say EINVAL: nothing to be done
	 * there. */
	if (fsync(fd) != 0 && errno != EINVAL && errno != EROFS)
		r = -1;
	close(fd);
	return r;
}

/* On the disk, and under a temporary name. */
static int make_whole(struct publish *p)
{
	if (fsync(p->fd) != 0 && errno != EINVAL)
		return -1;
	return p->temp || give_name(p) == 0 ? 0 : -1;
}

int publish_park(struct publish *p, struct err *e)
{
	int fd = p->fd;

	if (!p->regular)
		return 0;
	if (make_whole(p) != 0)
		return err_set(e, ERR_IO, "%s: %s", p->name, strerror(errno));
	p->fd = -1;
	return close(fd) == 0 ? 0 : err_set(e, ERR_IO, "%s: %s", p->name, strerror(errno));
}

static int move_into_place(struct publish *p)
{
	if (p->fd >= 0 && make_whole(p) != 0)
		return -1;
	if (rename(p->temp, p->path) != 0)
		return -1;
	temps_forget(p->temp);
	free(p->temp);
	p->temp = NULL;
	return sync_folder(p->path);
}

int publish_commit(struct publish *p, struct err *e)
{
	int fd = p->fd, r = 0;

	if (p->regular && move_into_place(p) != 0)
		r = err_set(e, ERR_IO, "%s: %s", p->name, strerror(errno));
	p->fd = -1;
	if (fd >= 0 && close(fd) != 0 && r == 0)
		r = err_set(e, ERR_IO, "%s: %s", p->name, strerror(errno));
	if (p->temp)
		temps_remove(p->temp);
	publish_free(p);
	return r;
}

void publish_abort(struct publish *p)
{
	if (!p)
		return;
	if (p->temp)
		temps_remove(p->temp);
	publish_free(p);
}

/* The path that a file has or would have, all links followed, as a new string. */
static char *place_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *place = realpath(path, NULL), *folder, *real;

	if (place)
		return place;
	folder = folder_of(path);
	real = realpath(folder, NULL);
	place = real ? mem_printf("%s/%s", real, slash ? slash + 1 : path) : mem_strdup(path);
	free(real);
	free(folder);
	return place;
}

bool publish_same_place(const char *path, const char *other)
{
	char *x = place_of(path), *y = place_of(other);
	struct stat st;
	bool same = strcmp(x, y) == 0 && (stat(x, &st) != 0 || S_ISREG(st.st_mode));

	free(x);
	free(y);
	return same;
}

int write_all(int fd, const void *data, size_t n, const char *name, struct err *e)
{
	const char *p = data;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_set(e, errno == EPIPE ? ERR_PIPE : ERR_IO, "%s: %s", name,
				strerror(errno));
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int publish_bytes(const char *path, struct slice bytes, struct err *e)
{
	struct publish *p;

	if (publish_open(&p, path, e) < 0)
		return -1;
	if (write_all(p->fd, bytes.p, bytes.n, path, e) < 0) {
		publish_abort(p);
		return -1;
	}
	return publish_commit(p, e);
}

int temp_open(const char *dir, struct err *e)
{
	const char *env = getenv("TMPDIR");
	char *name;
	int fd;

	if (!dir)
		dir = env && *env ? env : "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	name = mem_printf("%s/corpusmill.XXXXXX", dir);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		temps_remove(name);
	else
		err_set(e, ERR_IO, "temporary file in %s: %s", dir, strerror(errno));
	free(name);
	return fd;
}
