/* identity.h - what a file holds, as 32 digits, and when it has to be looked at again. */
#ifndef CORPUS_STATS_IDENTITY_H
#define CORPUS_STATS_IDENTITY_H

#include "lib/core/err.h"

#include <sys/stat.h>

/* What the system says of a file. A write changes ctime, which nobody can set back, so an equal
 * look is an equal file, unless the look was taken within the clock's grain of a write: such a one
 * is "fresh" and equals nothing, itself included. */
struct look {
	uint64_t size, inode, device;
	int64_t mtime_ns, ctime_ns;
	bool fresh;
};

struct look look_at(const struct stat *st);
bool look_eq(const struct look *a, const struct look *b);

/* The bytes of an open file, hashed by XXH3-128 with seed 0, as 32 hexadecimal digits. A file of
 * ours (corpus-stream(5)) is known by its end: its stamp's content digest and the sizes and check
 * sums of its frames are hashed in place of its bytes, so that no more than the end is read and
 * the stamp itself, which names versions, does not count. */
int identity_of(int fd, const char *path, char out[33], struct err *e) MUST_CHECK;

/* Instead of that, and without reading: of the size and the time of the last change. */
void identity_of_look(const struct look *look, char out[33]);

#endif
