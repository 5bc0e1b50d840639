/* Any bytes as a run of records: refused, or read to its end. */
#include "lib/store/runfile.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct runfile_kind kind = { .shape = { 24, 16, KEY_BYTES }, .sorted = true };
	struct runfile_reader *r;
	struct err e = { 0 };
	const char *record;
	int fd = memfd_create("run", MFD_CLOEXEC);

	if (write(fd, data, size) == (ssize_t)size &&
		runfile_open(&r, fd, 0, &kind, "run", 100, &e) == 0) {
		while (runfile_next(r, &record, &e) > 0)
			;
		runfile_close(r);
	}
	close(fd);
	return 0;
}
