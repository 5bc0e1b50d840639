/* url_key.h - keys of URLs: equal for addresses at which the same page is to be expected.
 *
 * Always, for every URL:
 *	- what the parser makes equal: case of scheme and host, the scheme's own port, "." and ".."
 *	  in the path, tabs and line ends;
 *	- the fragment goes;
 *	- in path and query, characters that RFC 3986 calls unreserved (section 2.3: letters,
 *	  digits, "-", ".", "_", "~") stand for themselves; those that it allows nowhere there ("|",
 *	  "^", "[", "%" without two digits, ...) are written %XX, and hexadecimal digits are
 *	  capitals (section 6.2.2). Reserved characters are another thing coded than plain: "%2F"
 *	  and "/" differ, "+" and "%20" too;
 *	- an empty query goes, and empty parameters between two "&";
 *	- one dot at the end of the host's name goes.
 *
 * By rule, for http and https:
 *	scheme		http and https are the same; the key begins with "//"
 *	www		"www." in front of the host goes where a name with a dot is left
 *	tracking	parameters that say where a reader came from go (url_key_params.c)
 *	session		identifiers of a session go, as the Internet Archive's canonicalisers know
 *			them: parameters, ";jsessionid=" in the path, and segments such as
 *			"(S(lit3py55t21z5v55vlm25s55))" of ASP.NET
 *	index		a last segment such as "index.html" goes
 *
 * What differs remains different: order of parameters, case of the path, its last "/", the name of
 * a user, another port. Parameters are parted by "&" alone. */
#ifndef CORPUS_URL_KEY_H
#define CORPUS_URL_KEY_H

#include "lib/web/url.h"

enum {
	URL_KEY_SCHEME = 1 << 0,
	URL_KEY_WWW = 1 << 1,
	URL_KEY_TRACKING = 1 << 2,
	URL_KEY_SESSION = 1 << 3,
	URL_KEY_INDEX = 1 << 4,
	URL_KEY_ALL = (1 << 5) - 1,
};

/* The bit of a rule by its name above, or 0. */
unsigned url_key_rule(const char *name);

/* Appends the key of u under the rules, some of the bits above. The key of a key is the same, but
 * for one that has lost its scheme. */
void url_put_key(struct buf *out, const struct url *u, unsigned rules);

#endif
