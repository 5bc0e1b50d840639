/* Inputs of every format and damage: any bytes are read to an end or to an error, and salvage
 * ends. */
#include "lib/stream/batches.h"
#include "lib/stream/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int fd = memfd_create("fuzz", 0);
	char path[64];

	if (fd < 0 || write(fd, data, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < 4; i++) {
		struct batches_options o = { .max_record = 1000 };
		struct batch batch = { 0 };
		struct batches *b;
		struct err e = { 0 };

		o.salvage = i & 1;
		o.serial = i & 2;
		o.range = n % 3 == 0;
		o.end = 5;
		if (batches_open(&b, path, &o, &e) < 0)
			continue;
		while (batches_next(b, &batch, &e) > 0)
			;
		batches_free(b);
		buf_release(&batch.data);
	}
	close(fd);
	return 0;
}
