/* mime.h - the media type of bytes that nobody labelled, and of files.
 *
 * For counting what is passed over by what it is. Source of the patterns: MIME Sniffing Standard,
 * section 6, and the formats' own specifications; of the names: the types that the IANA
 * registers. */
#ifndef CORPUS_MIME_H
#define CORPUS_MIME_H

#include "lib/core/base.h"

/* By the first bytes: a format with a mark, "text/html" for what begins with one of its tags, else
 * {NULL, 0}. */
struct slice mime_of_bytes(struct slice bytes);

/* By the ending of a file's name, whatever its case; else {NULL, 0}. */
struct slice mime_of_name(const char *name);

/* By both: the bytes' mark, else the name, else "application/octet-stream". */
struct slice mime_of_file(const char *name, struct slice bytes);

bool mime_is_html(struct slice type);

/* Bytes that no text holds (MIME Sniffing Standard, section 3, "binary data byte") are more than a
 * stray few of the first 512. They are 27 of the 256 values, so compressed data has about one in
 * ten. UTF-16 is none with its byte order mark; without, its NUL bytes count. */
bool mime_is_binary(struct slice bytes);

#endif
