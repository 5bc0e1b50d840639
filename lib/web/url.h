/* url.h - URLs by the WHATWG's URL Standard (url.spec.whatwg.org): what browsers and crawlers make
 * of an address or link, of any bytes.
 *
 *	struct url page = { 0 }, link = { 0 };
 *	if (url_parse(&page, address, NULL) && url_parse(&link, href, &page))
 *		... url_href(&link), url_part(&link, link.host)
 *	url_release(&link);
 *	url_release(&page);
 *
 * Section 4.4 ("basic URL parser") without its setters, 3.5 (hosts) and 4.5 (serialising), with two
 * choices where the text has changed or leaves room:
 *	- '^' stays as it is in a path: the standard has encoded it since 2025 only;
 *	- a host name with characters beyond ASCII or with an xn-- label is refused when it is
 *	  longer than URL_IDNA_MAX bytes, because the time of Punycode grows with the square of its
 *	  length.
 * Names are mapped by ICU's UTS #46 processing (non-transitional, CheckBidi, CheckJoiners, without
 * CheckHyphens, STD3 rules and lengths), as section 3.3 asks; libidn2 refuses what IDNA 2008
 * disallows, such as symbols, also under its UTS #46 flags. The tables are those of ICU's Unicode
 * version. */
#ifndef CORPUS_URL_H
#define CORPUS_URL_H

#include "lib/core/buf.h"

/* A name of 253 bytes in ASCII, the most that DNS can carry (RFC 1035, section 3.1), has at most
 * 253 characters in Unicode, of 4 bytes each. */
enum { URL_IDNA_MAX = 253 * 4 };

/* The special schemes of section 4.2; the others are one to the parser. */
enum url_scheme { URL_OTHER, URL_FILE, URL_FTP, URL_HTTP, URL_HTTPS, URL_WS, URL_WSS };

/* Bytes of href. */
struct url_span {
	size_t at, n;
};

/* All zero is valid, empty and free; it may be parsed into again and again. */
struct url {
	struct buf href; /* the whole, serialised */
	struct url_span name; /* the scheme, without its ':' */
	struct url_span user, password;
	struct url_span host; /* in ASCII, an IPv6 address with its brackets */
	struct url_span path; /* with its '/' where it is not opaque */
	struct url_span query, fragment; /* without '?' and '#' */
	enum url_scheme scheme;
	int32_t port; /* -1: none, or the scheme's own */
	bool has_host, has_query, has_fragment; /* the part may be there and empty */
	bool opaque; /* the path is no list of segments: "mailto:a@b" */
	struct buf scratch; /* input made ready */
};

/* Parses input, with base for what is relative (NULL: none; not u itself). Bytes that are no UTF-8
 * count as U+FFFD. False when it is no URL; u is then empty. Linear in the lengths of input and
 * base. */
bool url_parse(struct url *u, struct slice input, const struct url *base);

static inline struct slice url_href(const struct url *u)
{
	return buf_view(&u->href);
}

static inline struct slice url_part(const struct url *u, struct url_span s)
{
	return s.n ? (struct slice){ u->href.p + s.at, s.n } : (struct slice){ 0 };
}

static inline bool url_special(const struct url *u)
{
	return u->scheme != URL_OTHER;
}

/* The port of a special scheme, or -1. */
int32_t url_default_port(enum url_scheme scheme);

/* Appends the origin, "https://example.com:8443", or "null" where it is opaque; for a blob: URL that
 * of the http or https URL in its path (section 4.6). */
void url_put_origin(struct buf *out, const struct url *u);

void url_release(struct url *u);

#endif
