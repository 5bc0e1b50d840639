/* Parses URLs: the states of the URL Standard's machine (section 4.4) as functions that take what
 * is left of the input.
 *
 * The parts are met in the order in which they are serialised, so each is written to href at once.
 * Only the path changes when it stands: ".." takes off its end. */
#include "lib/web/url.h"

#include "lib/text/utf8.h"
#include "lib/web/url_parts.h"

#include <assert.h>
#include <stdio.h>

static bool put_host(struct url *u, struct slice text)
{
	u->host.at = u->href.n;
	u->has_host = true;
	if (text.n && !url_put_host(&u->href, text, url_special(u)))
		return false;
	u->host.n = u->href.n - u->host.at;
	return true;
}

/* --- the authority ---------------------------------------------------------------------------- */

static void put_credentials(struct url *u, struct slice text)
{
	size_t colon = slice_find(text, SLICE(":"));
	struct slice password = slice_skip(text, colon + 1);

	if (!colon && !password.n)
		return;
	u->user = url_put_encoded(u, slice_head(text, colon), url_set_userinfo);
	if (password.n) {
		buf_byte(&u->href, ':');
		u->password = url_put_encoded(u, password, url_set_userinfo);
	}
	buf_byte(&u->href, '@');
}

static bool put_port(struct url *u, struct slice digits)
{
	int32_t port = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (!url_is_digit(digits.p[i]))
			return false;
		port = port * 10 + (digits.p[i] - '0');
		if (port > UINT16_MAX)
			return false;
	}
	if (digits.n && port != url_default_port(u->scheme)) {
		u->port = port;
		buf_printf(&u->href, ":%d", (int)port);
	}
	return true;
}

static bool host_and_port(struct url *u, struct slice text)
{
	bool in_brackets = false;
	size_t n = 0;

	for (; n < text.n && (text.p[n] != ':' || in_brackets); n++) {
		if (text.p[n] == '[')
			in_brackets = true;
		else if (text.p[n] == ']')
			in_brackets = false;
	}
	if (n == 0 && (text.n || url_special(u)))
		return false;
	return put_host(u, slice_head(text, n)) && put_port(u, slice_skip(text, n + 1));
}

static bool authority(struct url *u, struct slice s)
{
	size_t n = 0, at = SIZE_MAX;
	struct slice text;

	for (; n < s.n && !url_is_slash(u, s.p[n]) && !url_ends_path(s.p[n]); n++)
		if (s.p[n] == '@')
			at = n;
	text = slice_head(s, n);
	buf_str(&u->href, "//");
	if (at != SIZE_MAX) {
		put_credentials(u, slice_head(text, at));
		text = slice_skip(text, at + 1);
		if (!text.n)
			return false;
	}
	return host_and_port(u, text) && url_take_path_start(u, slice_skip(s, n));
}

/* "special authority ignore slashes state". */
static bool special_authority(struct url *u, struct slice s)
{
	while (url_slash_at(u, s, 0))
		s = slice_skip(s, 1);
	return authority(u, s);
}

/* --- files ------------------------------------------------------------------------------------ */

static bool file_host(struct url *u, struct slice s)
{
	size_t n = 0;

	while (n < s.n && !url_is_slash(u, s.p[n]) && !url_ends_path(s.p[n]))
		n++;
	if (url_is_drive(slice_head(s, n))) {
		url_put_empty_host(u);
		url_begin_path(u);
		return url_take_path(u, s);
	}
	buf_str(&u->href, "//");
	if (!put_host(u, slice_head(s, n)))
		return false;
	if (slice_eq(url_part(u, u->host), SLICE("localhost"))) {
		u->href.n = u->host.at;
		u->host.n = 0;
	}
	return url_take_path_start(u, slice_skip(s, n));
}

/* base: that of a file, or NULL. */
static bool file_slash(struct url *u, struct slice s, const struct url *base)
{
	struct slice drive;

	if (url_slash_at(u, s, 0))
		return file_host(u, slice_skip(s, 1));
	if (!base) {
		url_put_empty_host(u);
		url_begin_path(u);
		return url_take_path(u, s);
	}
	url_inherit_authority(u, base);
	drive = slice_head(url_part(base, base->path), 3);
	if (!url_starts_with_drive(s) &&
		url_starts_with_drive(slice_skip(url_part(base, base->path), 1)) &&
		drive.p[2] == ':')
		buf_slice(&u->href, drive);
	return url_take_path(u, s);
}

static bool file(struct url *u, struct slice s, const struct url *base)
{
	if (base && base->scheme != URL_FILE)
		base = NULL;
	if (url_slash_at(u, s, 0))
		return file_slash(u, slice_skip(s, 1), base);
	if (!base) {
		url_put_empty_host(u);
		url_begin_path(u);
		return url_take_path(u, s);
	}
	if (url_starts_with_drive(s)) {
		url_inherit_authority(u, base);
		return url_take_path(u, s);
	}
	url_inherit_path(u, base);
	if (!s.n || url_ends_path(*s.p))
		return url_take_same_path(u, s, base);
	url_shorten(u);
	return url_take_path(u, s);
}

/* --- the scheme ------------------------------------------------------------------------------- */

/* "relative state". The base's path is a list. */
static bool relative(struct url *u, struct slice s, const struct url *base)
{
	url_inherit_authority(u, base);
	if (url_slash_at(u, s, 0)) {
		if (!url_slash_at(u, s, 1))
			return url_take_path(u, slice_skip(s, 1));
		url_restart(u);
		url_put_scheme(u, url_part(base, base->name));
		s = slice_skip(s, 2);
		return url_special(u) ? special_authority(u, s) : authority(u, s);
	}
	url_inherit_path(u, base);
	if (!s.n || url_ends_path(*s.p))
		return url_take_same_path(u, s, base);
	url_shorten(u);
	return url_take_path(u, s);
}

/* Behind the ':' of a scheme. */
static bool absolute(struct url *u, struct slice s, const struct url *base)
{
	if (u->scheme == URL_FILE)
		return file(u, s, base);
	if (url_special(u)) {
		if (base && base->scheme == u->scheme && !slice_starts(s, SLICE("//")))
			return relative(u, s, base);
		return special_authority(u, s);
	}
	if (slice_starts(s, SLICE("//")))
		return authority(u, slice_skip(s, 2));
	if (!s.n || *s.p != '/')
		return url_take_opaque_path(u, s);
	url_begin_path(u);
	return url_take_path(u, slice_skip(s, 1));
}

/* Bytes before the ':' of a scheme, or 0. */
static size_t scheme_length(struct slice s)
{
	size_t n = 0;

	if (!s.n || !url_is_alpha(*s.p))
		return 0;
	while (n < s.n && (url_is_alpha(s.p[n]) || url_is_digit(s.p[n]) || byte_in(s.p[n], "+-.")))
		n++;
	return n < s.n && s.p[n] == ':' ? n : 0;
}

static bool parse(struct url *u, struct slice s, const struct url *base)
{
	size_t n = scheme_length(s);

	if (n) {
		url_put_scheme(u, slice_head(s, n));
		return absolute(u, slice_skip(s, n + 1), base);
	}
	if (!base)
		return false;
	if (base->opaque) {
		if (!s.n || *s.p != '#')
			return false;
		url_inherit_path(u, base);
		return url_take_same_path(u, s, base);
	}
	if (base->scheme != URL_FILE)
		return relative(u, s, base);
	url_put_scheme(u, SLICE("file"));
	return file(u, s, base);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool is_tab_or_end(char c)
{
	return c == '\t' || c == '\n' || c == '\r';
}

/* s may stand in scratch. */
static struct slice without_tabs(struct slice s, struct buf *scratch)
{
	char *to;

	if (!scratch->n) {
		buf_slice(scratch, s);
		s = buf_view(scratch);
	}
	to = scratch->p;
	for (size_t i = 0; i < s.n; i++)
		if (!is_tab_or_end(s.p[i]))
			*to++ = s.p[i];
	return (struct slice){ scratch->p, (size_t)(to - scratch->p) };
}

/* Without C0 controls and blanks around it, without tabs and line ends, in UTF-8. */
static struct slice made_ready(struct slice s, struct buf *scratch)
{
	size_t n = 0;

	buf_clear(scratch, SIZE_MAX);
	if (!utf8_valid(s)) {
		utf8_repair(scratch, s);
		s = buf_view(scratch);
	}
	while (s.n && (unsigned char)*s.p <= ' ')
		s = slice_skip(s, 1);
	while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	while (n < s.n && !is_tab_or_end(s.p[n]))
		n++;
	return n == s.n ? s : without_tabs(s, scratch);
}

/* A path of a URL without a host that begins with "//" is written behind "/.", or it would read as
 * a host (section 4.5). */
static void finish(struct url *u)
{
	static const char dot[] = "/.";
	size_t tail_bytes;

	if (u->has_host || u->opaque || !slice_starts(url_part(u, u->path), SLICE("//")))
		return;
	tail_bytes = u->href.n - u->path.at;
	buf_append(&u->href, dot, 2);
	memmove(u->href.p + u->path.at + 2, u->href.p + u->path.at, tail_bytes);
	memcpy(u->href.p + u->path.at, dot, 2);
	u->path.at += 2;
	u->query.at += 2;
	u->fragment.at += 2;
}

bool url_parse(struct url *u, struct slice input, const struct url *base)
{
	assert(u != base && (!base || base->name.n));
	url_restart(u);
	if (!parse(u, made_ready(input, &u->scratch), base)) {
		url_restart(u);
		return false;
	}
	finish(u);
	return true;
}

void url_put_origin(struct buf *out, const struct url *u)
{
	if (url_special(u) && u->scheme != URL_FILE) {
		buf_slice(out, url_part(u, u->name));
		buf_str(out, "://");
		buf_slice(out, url_part(u, u->host));
		if (u->port >= 0)
			buf_printf(out, ":%d", (int)u->port);
	} else if (slice_eq(url_part(u, u->name), SLICE("blob"))) {
		struct url inner = { 0 };

		if (url_parse(&inner, url_part(u, u->path), NULL) &&
			(inner.scheme == URL_HTTP || inner.scheme == URL_HTTPS))
			url_put_origin(out, &inner);
		else
			buf_str(out, "null");
		url_release(&inner);
	} else {
		buf_str(out, "null");
	}
}

void url_release(struct url *u)
{
	buf_release(&u->href);
	buf_release(&u->scratch);
	*u = (struct url){ 0 };
}
