/* url_parts.h - what the files of the parser of URLs share. */
#ifndef CORPUS_URL_PARTS_H
#define CORPUS_URL_PARTS_H

#include "lib/web/url.h"

/* ASCII characters, a bit each. What is beyond ASCII is in every set. */
struct url_set {
	uint64_t low, high;
};

static inline bool url_set_has(struct url_set set, char c)
{
	unsigned char b = (unsigned char)c;

	if (b < 64)
		return set.low >> b & 1;
	return b > 127 || (set.high >> (b - 64) & 1);
}

/* The percent-encode sets of section 1.3. */
extern const struct url_set url_set_c0, url_set_fragment, url_set_query, url_set_special_query;
extern const struct url_set url_set_path, url_set_userinfo;

/* Appends text with %XX for each byte that is in set. */
void url_encode(struct buf *out, struct slice text, struct url_set set);

/* Appends text with each %XX as the byte it stands for. */
void url_decode(struct buf *out, struct slice text);

/* The value of a hexadecimal digit, or -1. */
int url_hex(char c);

/* The host parser of section 3.5: appends what text, not empty, is as a host. False when it is
 * none; out is then as it was. special: a domain name or an address, else an opaque host. */
bool url_put_host(struct buf *out, struct slice text, bool special);

/* --- the URL so far (url_build.c), written in the order in which it is read ------------------- */

bool url_is_alpha(char c);
bool url_is_digit(char c);

/* '/' and, in special URLs, '\'. */
bool url_is_slash(const struct url *u, char c);

/* Whether s has one at that place, or ends before it. */
bool url_slash_at(const struct url *u, struct slice s, size_t at);

/* '?' or '#'. */
bool url_ends_path(char c);

/* "C:" or "C|", the drive of a file. */
bool url_is_drive(struct slice s);
bool url_starts_with_drive(struct slice s);

/* Empty, with its memory. */
void url_restart(struct url *u);

void url_put_scheme(struct url *u, struct slice name);
struct url_span url_put_encoded(struct url *u, struct slice text, struct url_set set);
void url_put_empty_host(struct url *u);

/* What a relative URL has of its base: all before the path, or also the path. */
void url_inherit_authority(struct url *u, const struct url *base);
void url_inherit_path(struct url *u, const struct url *base);

void url_begin_path(struct url *u);

/* Takes off the last segment, but not the drive of a file. */
void url_shorten(struct url *u);

/* The rest of a URL whose path has begun. "path state": s is segments, the first without its '/',
 * behind those that are there; "path start state": s follows the authority; "opaque path state". */
bool url_take_path(struct url *u, struct slice s);
bool url_take_path_start(struct url *u, struct slice s);
bool url_take_opaque_path(struct url *u, struct slice s);

/* The rest, empty or beginning with '?' or '#', of one whose path is its base's: without a query of
 * its own it has the base's. */
bool url_take_same_path(struct url *u, struct slice s, const struct url *base);

#endif
