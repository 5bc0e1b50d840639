/* Reading and writing at offsets. */
#include "lib/store/disk.h"

#include "lib/core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int disk_write(int fd, const void *p, size_t n, uint64_t offset, const char *name, struct err *e)
{
	const char *at = p;

	while (n > 0) {
		ssize_t wrote = pwrite(fd, at, n, (off_t)offset);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return err_set(e, ERR_IO, "%s: write at byte %llu: %s", name,
				(unsigned long long)offset, strerror(wrote ? errno : ENOSPC));
		at += wrote;
		n -= (size_t)wrote;
		offset += (uint64_t)wrote;
	}
	return 0;
}

int disk_read(int fd, void *p, size_t n, uint64_t offset, const char *name, struct err *e)
{
	char *at = p;

	while (n > 0) {
		ssize_t got = pread(fd, at, n, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, ERR_IO, "%s: read at byte %llu: %s", name,
				(unsigned long long)offset, strerror(errno));
		if (got == 0)
			return err_set(e, ERR_DATA, "%s: ends early, at byte %llu", name,
				(unsigned long long)offset);
		at += got;
		n -= (size_t)got;
		offset += (uint64_t)got;
	}
	return 0;
}

char *disk_temp_name(const char *dir)
{
	if (!dir)
		dir = getenv("TMPDIR");
	return mem_printf("temporary file in %s", dir && *dir ? dir : "/tmp");
}
