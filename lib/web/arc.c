/* ARC record lines, said as WARC headers. */
#include "lib/web/arc.h"

#include <strings.h>

enum { FIELDS_BEHIND_DATE_MAX = 16 };

struct arc_line {
	struct slice url, date, type, length;
};

static bool all_in(struct slice s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!byte_in(s.p[i], set))
			return false;
	return s.n > 0;
}

static bool is_date(struct slice s)
{
	return (s.n == 14 || s.n == 12) && all_in(s, "0123456789");
}

static bool is_address(struct slice s)
{
	return all_in(s, "0123456789abcdefABCDEF.:") || slice_eq(s, SLICE("-")) ||
		slice_is_word(s, "unknown");
}

static struct slice take_field(struct slice *rest)
{
	const char *space = rest->n ? memchr(rest->p, ' ', rest->n) : NULL;
	struct slice field = slice_head(*rest, space ? (size_t)(space - rest->p) : rest->n);

	*rest = slice_skip(*rest, field.n + 1);
	return field;
}

/* URLs were written as they were found, spaces and all: the first address with a date behind it
 * ends the URL. */
static bool split(struct slice line, struct arc_line *a)
{
	struct slice rest = line, before = { 0 };

	while (rest.n) {
		struct slice field = take_field(&rest);

		if (is_date(field) && before.n && is_address(before) && before.p > line.p) {
			a->url = slice_head(line, (size_t)(before.p - line.p) - 1);
			a->date = field;
			break;
		}
		before = field;
	}
	a->type = take_field(&rest);
	for (int i = 0; rest.n && i < FIELDS_BEHIND_DATE_MAX; i++)
		a->length = take_field(&rest);
	return a->url.n && memchr(a->url.p, ':', a->url.n) && !rest.n &&
		all_in(a->length, "0123456789");
}

static bool begins(struct slice s, const char *word)
{
	return s.n >= strlen(word) && strncasecmp(s.p, word, strlen(word)) == 0;
}

static void put_date(struct buf *out, struct slice d)
{
	buf_printf(out, "WARC-Date: %.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ\r\n", d.p, d.p + 4, d.p + 6,
		d.p + 8, d.p + 10, d.n == 14 ? d.p + 12 : "00");
}

static void put_line(struct buf *out, const char *name, struct slice value)
{
	buf_str(out, name);
	buf_slice(out, value);
	buf_str(out, "\r\n");
}

bool arc_to_warc(struct slice line, struct buf *out)
{
	struct arc_line a = { 0 };
	bool http;

	if (!split(slice_trim(line, " \t\r\n"), &a))
		return false;
	http = begins(a.url, "http:") || begins(a.url, "https:");
	put_line(out, "WARC/1.0\r\nWARC-Type: ",
		begins(a.url, "filedesc:") ? SLICE("warcinfo")
			: http		   ? SLICE("response")
					   : SLICE("resource"));
	buf_str(out, "WARC-Record-ID: <");
	buf_slice(out, a.date);
	buf_byte(out, '/');
	buf_slice(out, a.url);
	buf_str(out, ">\r\n");
	put_line(out, "WARC-Target-URI: ", a.url);
	put_date(out, a.date);
	if (http)
		buf_str(out, "Content-Type: application/http; msgtype=response\r\n");
	if (a.type.n && memchr(a.type.p, '/', a.type.n))
		put_line(out, http ? "WARC-Identified-Payload-Type: " : "Content-Type: ", a.type);
	put_line(out, "Content-Length: ", a.length);
	buf_str(out, "\r\n");
	return true;
}
