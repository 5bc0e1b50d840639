/* Keys of URLs, written part by part; what a rule takes away is cut off again. */
#include "lib/web/url_key.h"

#include "lib/web/url_key_params.h"
#include "lib/web/url_parts.h"

#include <stdio.h>

static const struct {
	const char *name;
	unsigned bit;
} rule_names[] = {
	{ "scheme", URL_KEY_SCHEME },
	{ "www", URL_KEY_WWW },
	{ "tracking", URL_KEY_TRACKING },
	{ "session", URL_KEY_SESSION },
	{ "index", URL_KEY_INDEX },
};

unsigned url_key_rule(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(rule_names); i++)
		if (strcmp(name, rule_names[i].name) == 0)
			return rule_names[i].bit;
	return 0;
}

/* --- percent-encoding ------------------------------------------------------------------------- */

/* RFC 3986, section 2.3. */
static bool is_unreserved(char c)
{
	return url_is_alpha(c) || url_is_digit(c) || byte_in(c, "-._~");
}

/* What stands in a path or query as it is: section 3.3, "pchar", with "/" and "?". */
static bool is_allowed(char c)
{
	return is_unreserved(c) || byte_in(c, "!$&'()*+,;=:@/?");
}

static void put_coded(struct buf *out, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char b = (unsigned char)c;

	buf_append(out, (char[]){ '%', digits[b >> 4], digits[b & 15] }, 3);
}

/* In its one spelling. A '%' without two digits stands for itself and is coded: left plain, it
 * would make another character with digits that are decoded behind it ("%%34%31"). */
static void put_text(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%' && s.n - i > 2 && url_hex(s.p[i + 1]) >= 0 &&
			url_hex(s.p[i + 2]) >= 0) {
			c = (char)(url_hex(s.p[i + 1]) << 4 | url_hex(s.p[i + 2]));
			i += 2;
			if (is_unreserved(c))
				buf_byte(out, c);
			else
				put_coded(out, c);
		} else if (is_allowed(c)) {
			buf_byte(out, c);
		} else {
			put_coded(out, c);
		}
	}
}

/* --- the path --------------------------------------------------------------------------------- */

static bool is_dots(struct slice segment)
{
	return slice_eq(segment, SLICE(".")) || slice_eq(segment, SLICE(".."));
}

/* "a;jsessionid=1;v=2" from start on becomes "a;v=2". A segment that would become "." or ".." is
 * left. */
static void drop_path_params(struct buf *out, size_t start)
{
	static const char name[] = ";jsessionid=";
	struct slice rest = slice_skip(buf_view(out), start);
	size_t first = slice_find(rest, SLICE(";")), kept = start + first;

	if (first == rest.n || is_dots(slice_head(rest, first)))
		return;
	for (rest = slice_skip(rest, first); rest.n;) {
		size_t end = 1 + slice_find(slice_skip(rest, 1), SLICE(";"));
		struct slice param = slice_head(rest, end);

		rest = slice_skip(rest, end);
		if (!slice_is_word(slice_head(param, sizeof(name) - 1), name)) {
			memmove(out->p + kept, param.p, param.n);
			kept += param.n;
		}
	}
	out->n = kept;
}

/* A segment with the '/' before it; last: none follows. */
static void put_segment(struct buf *out, struct slice raw, bool last, unsigned rules)
{
	size_t start = out->n;
	struct slice segment;

	buf_byte(out, '/');
	put_text(out, raw);
	if (rules & URL_KEY_SESSION)
		drop_path_params(out, start + 1);
	segment = slice_skip(buf_view(out), start + 1);
	if ((rules & URL_KEY_SESSION) && !last && url_segment_is_session(segment))
		out->n = start;
	else if ((rules & URL_KEY_INDEX) && last && url_segment_is_index(segment))
		out->n = start + 1;
}

static void put_path(struct buf *out, struct slice path, unsigned rules)
{
	while (path.n) {
		size_t n = slice_find(path = slice_skip(path, 1), SLICE("/"));

		put_segment(out, slice_head(path, n), n == path.n, rules);
		path = slice_skip(path, n);
	}
}

/* --- the query -------------------------------------------------------------------------------- */

static bool is_dropped(struct slice param, unsigned rules)
{
	return !param.n || ((rules & URL_KEY_TRACKING) && url_param_tracks(param)) ||
		((rules & URL_KEY_SESSION) && url_param_is_session(param));
}

static void put_query(struct buf *out, struct slice query, unsigned rules)
{
	char mark = '?';

	while (query.n) {
		size_t n = slice_find(query, SLICE("&")), start = out->n;

		buf_byte(out, mark);
		put_text(out, slice_head(query, n));
		if (is_dropped(slice_skip(buf_view(out), start + 1), rules))
			out->n = start;
		else
			mark = '&';
		query = slice_skip(query, n + 1);
	}
}

/* --- the whole -------------------------------------------------------------------------------- */

static struct slice key_host(const struct url *u, unsigned rules)
{
	struct slice host = url_part(u, u->host), www = SLICE("www.");

	if (host.n > 1 && slice_ends(host, SLICE(".")) && !slice_ends(host, SLICE("..")))
		host.n--;
	while ((rules & URL_KEY_WWW) && slice_starts(host, www) &&
		slice_find(slice_skip(host, www.n), SLICE(".")) < host.n - www.n)
		host = slice_skip(host, www.n);
	return host;
}

static void put_authority(struct buf *out, const struct url *u, unsigned rules)
{
	buf_str(out, "//");
	buf_slice(out, url_part(u, u->user));
	if (u->password.n) {
		buf_byte(out, ':');
		buf_slice(out, url_part(u, u->password));
	}
	if (u->user.n || u->password.n)
		buf_byte(out, '@');
	buf_slice(out, key_host(u, rules));
	if (u->port >= 0)
		buf_printf(out, ":%d", (int)u->port);
}

void url_put_key(struct buf *out, const struct url *u, unsigned rules)
{
	bool web = u->scheme == URL_HTTP || u->scheme == URL_HTTPS;
	struct slice path = url_part(u, u->path);

	if (!web)
		rules = 0;
	if (!(rules & URL_KEY_SCHEME)) {
		buf_slice(out, url_part(u, u->name));
		buf_byte(out, ':');
	}
	if (u->has_host)
		put_authority(out, u, rules);
	else if (slice_starts(path, SLICE("//")))
		buf_str(out, "/."); /* as the serialiser writes it */
	if (u->opaque)
		put_text(out, path);
	else
		put_path(out, path, rules);
	put_query(out, url_part(u, u->query), rules);
}
