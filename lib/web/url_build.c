/* The URL so far: what the states of the parser put into it, in the order of reading. */
#include "lib/web/url_parts.h"

static const struct {
	const char *name;
	int32_t port;
} schemes[] = {
	[URL_OTHER] = { "", -1 },
	[URL_FILE] = { "file", -1 },
	[URL_FTP] = { "ftp", 21 },
	[URL_HTTP] = { "http", 80 },
	[URL_HTTPS] = { "https", 443 },
	[URL_WS] = { "ws", 80 },
	[URL_WSS] = { "wss", 443 },
};

int32_t url_default_port(enum url_scheme scheme)
{
	return schemes[scheme].port;
}

/* --- characters ------------------------------------------------------------------------------- */

bool url_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool url_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* '/' and, in special URLs, '\'. */
bool url_is_slash(const struct url *u, char c)
{
	return c == '/' || (c == '\\' && url_special(u));
}

bool url_slash_at(const struct url *u, struct slice s, size_t at)
{
	return at < s.n && url_is_slash(u, s.p[at]);
}

bool url_ends_path(char c)
{
	return c == '?' || c == '#';
}

/* "C:" or "C|" at the front. */
bool url_is_drive(struct slice s)
{
	return s.n == 2 && url_is_alpha(s.p[0]) && (s.p[1] == ':' || s.p[1] == '|');
}

bool url_starts_with_drive(struct slice s)
{
	return url_is_drive(slice_head(s, 2)) && (s.n == 2 || byte_in(s.p[2], "/\\?#"));
}

/* --- the URL so far --------------------------------------------------------------------------- */

void url_restart(struct url *u)
{
	struct buf href = u->href, scratch = u->scratch;

	href.n = 0;
	*u = (struct url){ .href = href, .scratch = scratch, .port = -1 };
}

void url_put_scheme(struct url *u, struct slice name)
{
	u->name = (struct url_span){ u->href.n, name.n };
	for (size_t i = 0; i < name.n; i++)
		buf_byte(&u->href, (char)(name.p[i] | (url_is_alpha(name.p[i]) ? 0x20 : 0)));
	name = url_part(u, u->name);
	for (size_t i = URL_FILE; i < ARRAY_LEN(schemes); i++)
		if (slice_eq(name, slice_str(schemes[i].name)))
			u->scheme = (enum url_scheme)i;
	buf_byte(&u->href, ':');
}

struct url_span url_put_encoded(struct url *u, struct slice text, struct url_set set)
{
	size_t at = u->href.n;

	url_encode(&u->href, text, set);
	return (struct url_span){ at, u->href.n - at };
}

void url_put_empty_host(struct url *u)
{
	buf_str(&u->href, "//");
	u->host = (struct url_span){ u->href.n, 0 };
	u->has_host = true;
}

void url_begin_path(struct url *u)
{
	u->path.at = u->href.n;
}

static struct slice path_so_far(const struct url *u)
{
	return slice_skip(buf_view(&u->href), u->path.at);
}

/* Takes off the last segment, but not the drive of a file. */
void url_shorten(struct url *u)
{
	struct slice path = path_so_far(u);
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	if (u->scheme == URL_FILE && path.n == 3 && url_is_drive(slice_skip(path, 1)))
		return;
	if (slash)
		u->href.n = (size_t)(slash - u->href.p);
}

/* What a relative URL has of its base, up to the path. The "/." before a path that begins with "//"
 * is the serialiser's (see finish). */
void url_inherit_authority(struct url *u, const struct url *base)
{
	struct buf href = u->href, scratch = u->scratch;

	*u = *base;
	u->href = href;
	u->scratch = scratch;
	u->has_query = u->has_fragment = false;
	u->path = u->query = u->fragment = (struct url_span){ 0 };
	u->href.n = 0;
	buf_append(&u->href, base->href.p,
		base->has_host ? base->path.at : base->name.at + base->name.n + 1);
	url_begin_path(u);
}

void url_inherit_path(struct url *u, const struct url *base)
{
	url_inherit_authority(u, base);
	buf_slice(&u->href, url_part(base, base->path));
}

/* --- query and fragment ----------------------------------------------------------------------- */

static void put_query(struct url *u, struct slice text)
{
	buf_byte(&u->href, '?');
	u->has_query = true;
	u->query = url_put_encoded(u, text, url_special(u) ? url_set_special_query : url_set_query);
}

/* s is empty or begins with '#'. */
static void put_fragment(struct url *u, struct slice s)
{
	if (!s.n)
		return;
	buf_byte(&u->href, '#');
	u->has_fragment = true;
	u->fragment = url_put_encoded(u, slice_skip(s, 1), url_set_fragment);
}

/* The path is complete; s is empty or begins with '?' or '#'. */
static bool tail(struct url *u, struct slice s)
{
	u->path.n = u->href.n - u->path.at;
	if (s.n && *s.p == '?') {
		size_t n = slice_find(s, SLICE("#"));

		put_query(u, slice_skip(slice_head(s, n), 1));
		s = slice_skip(s, n);
	}
	put_fragment(u, s);
	return true;
}

/* The same with the base's path, and with its query where s has none. */
bool url_take_same_path(struct url *u, struct slice s, const struct url *base)
{
	if (!base->has_query || slice_starts(s, SLICE("?")))
		return tail(u, s);
	u->path.n = u->href.n - u->path.at;
	/* It is encoded already, which encoding it once more does not change. */
	put_query(u, url_part(base, base->query));
	put_fragment(u, s);
	return true;
}

/* --- the path --------------------------------------------------------------------------------- */

/* Section 4.3: how many dots the segment is, each '.' or "%2e"; 0 for another. */
static int dots(struct slice segment)
{
	int n = 0;

	for (; segment.n && n < 3; n++) {
		if (*segment.p == '.')
			segment = slice_skip(segment, 1);
		else if (slice_is_word(slice_head(segment, 3), "%2e"))
			segment = slice_skip(segment, 3);
		else
			return 0;
	}
	return n < 3 ? n : 0;
}

static void put_segment(struct url *u, struct slice segment)
{
	bool drive = u->scheme == URL_FILE && u->href.n == u->path.at && url_is_drive(segment);

	buf_byte(&u->href, '/');
	url_encode(&u->href, segment, url_set_path);
	if (drive)
		u->href.p[u->href.n - 1] = ':';
}

/* "path state": segments, the first without its '/', behind those that are there. */
bool url_take_path(struct url *u, struct slice s)
{
	for (bool more = true; more;) {
		struct slice segment;
		size_t n = 0;
		int up;

		while (n < s.n && !url_is_slash(u, s.p[n]) && !url_ends_path(s.p[n]))
			n++;
		more = url_slash_at(u, s, n);
		segment = slice_head(s, n);
		up = dots(segment);
		if (up == 2)
			url_shorten(u);
		if (up == 0)
			put_segment(u, segment);
		else if (!more)
			buf_byte(&u->href, '/');
		s = slice_skip(s, n + (more ? 1 : 0));
	}
	return tail(u, s);
}

/* "path start state": behind an authority. */
bool url_take_path_start(struct url *u, struct slice s)
{
	url_begin_path(u);
	if (!url_special(u) && (!s.n || url_ends_path(*s.p)))
		return tail(u, s);
	return url_take_path(u, slice_skip(s, url_slash_at(u, s, 0) ? 1 : 0));
}

/* The last blank before a query or fragment is encoded, so that it stays when they are cut off. */
bool url_take_opaque_path(struct url *u, struct slice s)
{
	size_t n = 0;
	bool blank;

	while (n < s.n && !url_ends_path(s.p[n]))
		n++;
	blank = n && n < s.n && s.p[n - 1] == ' ';
	u->opaque = true;
	url_begin_path(u);
	url_encode(&u->href, slice_head(s, n - (blank ? 1 : 0)), url_set_c0);
	if (blank)
		buf_str(&u->href, "%20");
	return tail(u, slice_skip(s, n));
}
