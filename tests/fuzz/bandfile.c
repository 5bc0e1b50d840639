/* Any bytes in place of the chunks of a file of band keys: told as damage, or read. */
#include "lib/core/buf.h"
#include "stages/dedup/bandfile_parts.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int put(void *to, const struct band_entry *entry, struct err *e)
{
	(void)entry, (void)e;
	++*(uint64_t *)to;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct band_facts facts = { .documents = 1 };
	struct err e = { 0 };
	struct bandfile *b, *read;
	uint64_t entries = 0;
	char path[64];

	/* A real file, over whose chunks the bytes are written. */
	b = bandfile_new(dup(fd), "fuzz", 1, 0);
	for (uint64_t i = 0; i < 300; i++)
		assert(bandfile_add(b, i, &(uint64_t){ i << 54 }, &e) == 0);
	assert(bandfile_store(b, &facts, -1, &e) == 0);
	bandfile_free(b);
	n = n > 2000 ? 2000 : n;
	assert(pwrite(fd, data, n, BANDFILE_HEADER) == (ssize_t)n);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert(bandfile_open(&read, path, &facts, &e) == 0);
	for (size_t p = 0; p < BAND_PARTS; p++)
		if (bandfile_each(read, p, 0, put, &entries, &e) < 0)
			assert(e.code == ERR_DATA);
	assert(entries <= 300);
	bandfile_free(read);
	close(fd);
	return 0;
}
