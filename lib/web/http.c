/* Splits stored HTTP responses into status, fields and body. */
#include "lib/web/http.h"

#include <strings.h>

/* "HTTP/1.1 200 OK"; some servers write "HTTP/1.1  200" or "ICY 200 OK". */
static int parse_status(struct slice line)
{
	size_t i = 0;
	int status = 0, digits = 0;

	if (!slice_starts(line, SLICE("HTTP/")) && !slice_starts(line, SLICE("ICY ")))
		return 0;
	while (i < line.n && line.p[i] != ' ')
		i++;
	while (i < line.n && line.p[i] == ' ')
		i++;
	for (; i < line.n && line.p[i] >= '0' && line.p[i] <= '9' && digits < 4; i++, digits++)
		status = status * 10 + (line.p[i] - '0');
	return digits == 3 ? status : 0;
}

bool http_parse(struct slice block, struct http_response *r)
{
	struct slice rest = block;
	const char *from;

	r->status = parse_status(slice_take_line(&rest));
	r->fields = r->body = (struct slice){ 0 };
	if (!r->status)
		return false;
	from = rest.p;
	while (rest.n) {
		struct slice line = slice_take_line(&rest);

		if (slice_trim(line, " \t\r\n").n == 0) {
			r->fields = (struct slice){ from, (size_t)(line.p - from) };
			r->body = rest;
			return true;
		}
	}
	r->fields = (struct slice){ from, (size_t)(block.p + block.n - from) };
	return true;
}

bool http_next_field(struct slice *fields, struct slice *name, struct slice *value)
{
	while (fields->n) {
		struct slice line = slice_take_line(fields);
		const char *colon = memchr(line.p, ':', line.n);

		if (!colon || line.p[0] == ' ' || line.p[0] == '\t')
			continue;
		*name = slice_trim(slice_head(line, (size_t)(colon - line.p)), " \t\r\n");
		*value = slice_trim(slice_skip(line, (size_t)(colon - line.p) + 1), " \t\r\n");
		return true;
	}
	return false;
}

struct slice http_field(const struct http_response *r, const char *name)
{
	struct slice rest = r->fields, field, value;

	while (http_next_field(&rest, &field, &value))
		if (slice_is_word(field, name))
			return value;
	return (struct slice){ 0 };
}

struct slice http_media_type(struct slice type)
{
	size_t n = 0;

	while (n < type.n && type.p[n] != ';' && type.p[n] != ',')
		n++;
	return slice_trim(slice_head(type, n), " \t\r\n");
}
