/* Any bytes as a WARC or ARC file, read with and without salvage. Not as zstd: a frame may ask for
 * a window of 2 GiB, which input.h allows and a fuzzer does not. */
#include "lib/web/warc.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int fd = memfd_create("fuzz", 0);
	char path[40];
	struct buf record = { 0 };
	struct warc_header h;
	struct warc_place place;
	struct input *in;
	struct err e = { 0 };

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (n && write(fd, data + 1, n - 1) == (ssize_t)n - 1 &&
		input_open(&in, path, data[0] & 1, &e) == 0) {
		struct warc *w = warc_new(in);

		for (; input_format(in) != INPUT_ZSTD && warc_next(w, &record, &h, &e) > 0;
			record.n = 0)
			if ((data[0] & 2 && warc_block(w, &record, &e) < 0) ||
				warc_finish(w, &place, &e) < 0)
				break;
		warc_free(w);
		input_free(in);
	}
	buf_release(&record);
	close(fd);
	return 0;
}
