/* robots_sites.h - the robots.txt files of a crawl, by site.
 *
 * Common Crawl keeps them in WARC files of their own (robotstxt/), other crawlers among the pages.
 * They are read before the pages, so that what a page is told does not depend on the order of
 * records. Memory is bounded by the sites and the rules that concern the agents asked about. */
#ifndef CORPUS_EXTRACT_ROBOTS_SITES_H
#define CORPUS_EXTRACT_ROBOTS_SITES_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/core/opt.h"

struct robots_sites;

/* Reads the responses to /robots.txt in the WARC files, for these agents, or where none is named
 * for crawlers that gather text to train models (a table in robots_sites.c). Those of status 2xx
 * hold rules, those of 4xx allow all (RFC 9309, section 2.3.1), others say nothing. Of several for
 * one site, which is scheme, host and port, the one crawled last counts. */
int robots_sites_load(struct robots_sites **out, const struct opt_list *files,
	const struct opt_list *agents, struct err *e) MUST_CHECK;

/* Whether the site's robots.txt keeps one of the agents from url. Where there is none for the
 * scheme that of the other counts. Safe on several threads. */
bool robots_sites_refuse(const struct robots_sites *s, struct slice url);

/* Sites whose robots.txt was read, with rules or without. */
size_t robots_sites_count(const struct robots_sites *s);

/* For the stamp: "robots":[{"name":FILE,"xxh3_128":DIGEST}, …], the digests those of the files'
 * robots.txt records. */
void robots_sites_describe(const struct robots_sites *s, struct buf *json);

void robots_sites_free(struct robots_sites *s);

#endif
