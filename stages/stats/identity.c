/* identity.c - what a file holds, as 32 digits, and when it has to be looked at again. */
#include "stages/stats/identity.h"

#include "lib/core/buf.h"
#include "lib/core/hex.h"
#include "lib/core/mem.h"
#include "lib/stream/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#define NS_PER_S INT64_C(1000000000)

/* A file changed less than this ago may change again within one step of its file system's clock
 * (2 s is the coarsest in use, that of FAT; NFS servers round to 1 s at worst). */
#define GRAIN_NS (2 * NS_PER_S)

static int64_t to_ns(struct timespec t)
{
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

struct look look_at(const struct stat *st)
{
	struct timespec now;
	struct look look = {
		.size = (uint64_t)st->st_size,
		.inode = st->st_ino,
		.device = st->st_dev,
		.mtime_ns = to_ns(st->st_mtim),
		.ctime_ns = to_ns(st->st_ctim),
	};

	/* The clock decides only whether a file is hashed once more, never what comes out. */
	clock_gettime(CLOCK_REALTIME, &now);
	look.fresh = look.ctime_ns > to_ns(now) - GRAIN_NS;
	return look;
}

bool look_eq(const struct look *a, const struct look *b)
{
	return !a->fresh && !b->fresh && a->size == b->size && a->inode == b->inode &&
		a->device == b->device && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

static void print_hash(XXH128_hash_t h, char out[33])
{
	hex_128(h.high64, h.low64, out);
}

static int hash_bytes(int fd, const char *path, XXH3_state_t *state, struct err *e)
{
	char *block = mem_alloc(MIB);
	ssize_t n;

	while ((n = read(fd, block, MIB)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		XXH3_128bits_update(state, block, (size_t)n);
	}
	free(block);
	return n < 0 ? err_set(e, ERR_IO, "%s: %s", path, strerror(errno)) : 0;
}

static int identity_of_bytes(int fd, const char *path, char out[33], struct err *e)
{
	XXH3_state_t *state = XXH3_createState();
	int rc;

	XXH3_128bits_reset(state);
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	rc = lseek(fd, 0, SEEK_SET) < 0 ? err_set(e, ERR_IO, "%s: %s", path, strerror(errno))
					: hash_bytes(fd, path, state, e);
	if (rc == 0)
		print_hash(XXH3_128bits_digest(state), out);
	XXH3_freeState(state);
	return rc;
}

/* The content digest, which output.c puts last in the stamp; empty when the stamp ends
 * otherwise. */
static struct slice stamped_digest(struct slice stamp)
{
	const struct slice key = SLICE("\"digest\":\""), end = SLICE("\"}");
	struct slice tail = slice_skip(stamp, stamp.n - MIN(stamp.n, key.n + 32 + end.n));

	if (!slice_starts(tail, key) || !slice_ends(tail, end))
		return (struct slice){ 0 };
	return slice_head(slice_skip(tail, key.n), 32);
}

/* True when the file is one stream of ours, whole from the first byte to the last. The digest
 * does not depend on the order of lines, so the frames' sizes and sums, which do, are hashed
 * too: what is made of a file may depend on its order, and frames are passed on as they are. */
static bool identity_of_stream(int fd, char out[33])
{
	struct frame_index index = { 0 };
	struct err ignored = { 0 }; /* damaged: then it is known by its bytes */
	struct slice digest;
	struct buf facts = { 0 };
	bool is_stream = frame_index_read(fd, &index, &ignored) == 1 && index.begin == 0;

	digest = stamped_digest(buf_view(&index.stamp));
	is_stream = is_stream && digest.n == 32;
	if (is_stream) {
		buf_slice(&facts, digest);
		for (size_t i = 0; i < index.n; i++) {
			buf_le32(&facts, index.entries[i].compressed);
			buf_le32(&facts, index.entries[i].content);
			buf_le32(&facts, index.entries[i].checksum);
			buf_le32(&facts, index.entries[i].records);
		}
		print_hash(XXH3_128bits(facts.p, facts.n), out);
	}
	buf_release(&facts);
	frame_index_release(&index);
	return is_stream;
}

int identity_of(int fd, const char *path, char out[33], struct err *e)
{
	if (identity_of_stream(fd, out))
		return 0;
	return identity_of_bytes(fd, path, out, e);
}

void identity_of_look(const struct look *look, char out[33])
{
	const int64_t facts[] = { (int64_t)look->size, look->mtime_ns };

	print_hash(XXH3_128bits(facts, sizeof(facts)), out);
}
