/* http.h - a stored HTTP/1.x response: status, fields, and the body without its codings.
 *
 * Sources: RFC 9112 (message format, chunked), RFC 9110 section 8.4 (content codings), RFC 7932
 * (br), RFC 8878 and 9659 (zstd). Crawlers store what came over the wire, some undo codings without
 * saying so, and servers label wrongly: a body that is not in the coding its header names is read
 * by what its bytes show, and taken as it is when that is text, as browsers do. */
#ifndef CORPUS_HTTP_H
#define CORPUS_HTTP_H

#include "lib/core/buf.h"

struct http_response {
	int status;
	struct slice fields; /* the lines between status line and empty line */
	struct slice body; /* as stored */
};

/* Splits block, whose memory the response points into. False when it begins with no HTTP status
 * line. A response that ends inside its fields has an empty body. */
bool http_parse(struct slice block, struct http_response *r);

/* Takes the next field off *fields; a folded value is cut at its first line. False at the end. */
bool http_next_field(struct slice *fields, struct slice *name, struct slice *value);

/* The value of the first field of that name, whatever its case; {NULL, 0} when there is none. */
struct slice http_field(const struct http_response *r, const char *name);

/* The type of a Content-Type without its parameters, as it is written. */
struct slice http_media_type(struct slice content_type);

enum http_coding_result {
	HTTP_DECODED, /* *body is the content */
	HTTP_CUT, /* as far as it could be decoded: what follows is damaged or missing */
	HTTP_TOO_LONG, /* the content is longer than the limit */
	HTTP_UNKNOWN_CODING, /* binary data under the label *coding, which is not read here or is
				wrong */
};

/* Two buffers that decoding goes to and fro between. All zero is valid. */
struct http_scratch {
	struct buf at[2];
};

/* Undoes the transfer and content codings: chunked, gzip, deflate (zlib or raw), br, zstd, in any
 * stack; gzip and zstd also where no label says so. *body points into the response or the scratch,
 * valid until that is used again. No more than max bytes of any coding are made, whatever the
 * stored size. */
enum http_coding_result http_decode(const struct http_response *r, size_t max,
	struct http_scratch *scratch, struct slice *body, struct slice *coding);

void http_scratch_release(struct http_scratch *s);

#endif
