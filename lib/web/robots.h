/* robots.h - robots.txt: who may fetch what (RFC 9309).
 *
 *	static const char *const agents[] = { "CCBot", "GPTBot" };
 *	struct robots *r = robots_new(text, agents, 2);
 *	if (robots_refused(r, SLICE("/story?page=2")) & 1)
 *		... CCBot is kept out ...
 *	robots_free(r);
 *
 * A file is read once for several crawlers, each by its product token. The group that names one
 * holds for it, all groups that do together; where none does, that of "*". Of the rules that match,
 * the one with the longest pattern counts, and of two equally long ones that which allows.
 *
 * Read as well, as Google's parser does (github.com/google/robotstxt): a token with a version
 * behind it ("CCBot/2.0"), keys in wrong spellings (disalow, user agent), a missing colon. */
#ifndef CORPUS_ROBOTS_H
#define CORPUS_ROBOTS_H

#include "lib/core/base.h"

enum {
	ROBOTS_MAX_BYTES = 500 * 1024, /* RFC 9309, section 2.5: what must be read at least */
	ROBOTS_MAX_AGENTS = 64,
	ROBOTS_MAX_PATTERN = 4096, /* bytes; a longer one is left out */
};

struct robots;

/* The rules of text (any bytes; those past ROBOTS_MAX_BYTES are not looked at, and a line that is
 * cut there neither) for the crawlers with these product tokens. Owned by the caller; its size is
 * that of the rules that concern them. */
struct robots *robots_new(struct slice text, const char *const *agents, size_t n_agents);
void robots_free(struct robots *r);

/* The crawlers that may not fetch target (path and query of a URL, an empty one is "/"), bit i for
 * agents[i]. Time is linear in the sum of the patterns plus their number times target.n.
 * /robots.txt itself is refused to nobody. A target longer than 64 KiB is looked at up to there. */
uint64_t robots_refused(const struct robots *r, struct slice target);

/* The seconds that agent should wait between two requests: Crawl-delay, no part of the RFC but
 * common. At most 3600; 0: none is asked for. */
double robots_crawl_delay(const struct robots *r, size_t agent);

/* True when nobody is refused anything, whatever the target, and no delay is asked for. */
bool robots_empty(const struct robots *r);

/* Path and query of an absolute URL, without the fragment; empty where there is none. */
struct slice robots_target(struct slice url);

/* Whether url is that of a robots.txt. */
bool robots_is_url(struct slice url);

#endif
