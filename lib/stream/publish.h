/* publish.h - a file that is whole or absent.
 *
 *	struct publish *file;
 *	if (publish_open(&file, "out/x.json", &e) < 0) ...
 *	... write to publish_fd(file) ...
 *	return publish_commit(file, &e);        fsync, rename over the name, fsync of the folder
 *	publish_abort(file);                    instead: nothing was there, nothing stays
 *
 * The bytes go to a file without a name (O_TMPFILE) in the same folder, or where the file system
 * has none to
 * ".NAME.PID.tmp", which is registered (temps.h). A path that is there and no regular file (a pipe,
 * /dev/null) is written to directly. A symbolic link is followed, so that the link stays. */
#ifndef CORPUS_PUBLISH_H
#define CORPUS_PUBLISH_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct publish;

int publish_open(struct publish **out, const char *path, struct err *e) MUST_CHECK;
int publish_fd(const struct publish *p);
const char *publish_name(const struct publish *p);

/* For one of several files that are to appear together: what was written is synced and waits as
 * ".NAME.PID.tmp", without a descriptor, for publish_commit or publish_abort. A file that is written
 * to directly stays as it is. */
int publish_park(struct publish *p, struct err *e) MUST_CHECK;

/* Frees p in every case. */
int publish_commit(struct publish *p, struct err *e) MUST_CHECK;
void publish_abort(struct publish *p);

/* True when publishing path would take the place of other, whether they are there yet or not and
 * whatever links lead to them. False for devices and pipes, which are written to as they are. */
bool publish_same_place(const char *path, const char *other);

/* All of data to fd, through short writes. EPIPE is ERR_PIPE; name is for the message. */
int write_all(int fd, const void *data, size_t n, const char *name, struct err *e) MUST_CHECK;

/* A small file in one call. */
int publish_bytes(const char *path, struct slice bytes, struct err *e) MUST_CHECK;

/* A temporary file without a name in dir (NULL: $TMPDIR, or /tmp), open for reading and writing, or
 * -1. */
int temp_open(const char *dir, struct err *e) MUST_CHECK;

#endif
