/* Reads all records of a WARC file with their blocks: warc_read FILE; prints records, bytes and
 * processor seconds. For warc-read.sh. */
#include "lib/web/warc.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static double processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct input *in;
	struct warc *w;
	struct warc_header h;
	struct buf data = { 0 };
	struct err e = { 0 };
	uint64_t records = 0, bytes = 0;
	double began = processor_seconds();
	int r = argc == 2 ? input_open(&in, argv[1], false, &e) : -1;

	if (r < 0) {
		fprintf(stderr, "warc_read: %s\n", e.text);
		return 1;
	}
	w = warc_new(in);
	while ((r = warc_next(w, &data, &h, &e)) > 0 && (r = warc_block(w, &data, &e)) > 0) {
		records++;
		bytes += data.n - h.header_bytes;
		data.n = 0;
	}
	printf("%" PRIu64 " %" PRIu64 " %.3f\n", records, bytes, processor_seconds() - began);
	if (r < 0)
		fprintf(stderr, "warc_read: %s\n", e.text);
	warc_free(w);
	input_free(in);
	buf_release(&data);
	return r < 0;
}
