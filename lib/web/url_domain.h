/* url_domain.h - what belongs to one owner: the registrable domain of a host. */
#ifndef CORPUS_URL_DOMAIN_H
#define CORPUS_URL_DOMAIN_H

#include "lib/web/url.h"

/* The public suffix of u's host and one label more ("example.co.uk" of "a.b.example.co.uk"), a part
 * of href; its last dot does not belong to it. Empty for a public suffix, an address, a host of one
 * label, and the opaque hosts of URLs that are not special. By the list of publicsuffix.org that
 * libpsl was built with, its private section too (each "user.github.io" is one); a name that no rule
 * matches has its last label as the suffix. */
struct slice url_domain(const struct url *u);

#endif
