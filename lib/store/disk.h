/* disk.h - reading and writing at offsets, whole or with a sentence.
 *
 * name stands in front of the message: a path, or "temporary file in DIR". Several threads may use
 * one descriptor at different offsets. */
#ifndef CORPUS_DISK_H
#define CORPUS_DISK_H

#include "lib/core/err.h"

int disk_write(int fd, const void *p, size_t n, uint64_t offset, const char *name,
	struct err *e) MUST_CHECK;

/* Exactly n bytes; fewer are ERR_DATA "ends early". */
int disk_read(
	int fd, void *p, size_t n, uint64_t offset, const char *name, struct err *e) MUST_CHECK;

/* "temporary file in DIR", DIR as temp_open takes it. To be freed. */
char *disk_temp_name(const char *dir);

#endif
