/* Reads robots.txt out of WARC files into a table of sites. */
#include "stages/extract/robots_sites.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/store/keyset.h"
#include "lib/stream/digest.h"
#include "lib/web/http.h"
#include "lib/web/robots.h"
#include "lib/web/url.h"
#include "lib/web/warc.h"

#include <stdlib.h>
#include <xxhash.h>

/* Sources: the operators' own pages on their crawlers, and the list of Longpre et al. 2024, "Consent
 * in Crisis: The Rapid Decline of the AI Data Commons". Names that stand for use in training without
 * a crawler of their own (Google-Extended, Applebot-Extended) count as any other. */
static const char *const training_agents[] = {
	"AI2Bot", /* allenai.org/crawler */
	"Amazonbot", /* developer.amazon.com/amazonbot */
	"anthropic-ai", /* Anthropic's, before ClaudeBot */
	"Applebot-Extended", /* support.apple.com/en-us/119829 */
	"Bytespider", /* ByteDance's */
	"CCBot", /* commoncrawl.org/ccbot: most corpora are made of its pages */
	"ClaudeBot", /* support.anthropic.com: Anthropic's */
	"cohere-ai", /* Cohere's */
	"Diffbot", /* docs.diffbot.com */
	"FacebookBot", /* developers.facebook.com/docs/sharing/bot */
	"Google-Extended", /* developers.google.com/search, "Google's common crawlers" */
	"GPTBot", /* platform.openai.com/docs/bots */
	"meta-externalagent", /* developers.facebook.com, "Meta Web Crawlers" */
	"omgili", /* webz.io */
	"PerplexityBot", /* docs.perplexity.ai/guides/bots */
	"Timpibot", /* timpi.io */
};

/* A robots.txt with what surrounds it in a WARC record; a site table may use 4 GiB of keys. */
enum { RECORD_MAX = 8 * 1024 * 1024, DATE_BYTES = 32 };
#define SITES_MEMORY (4 * GIB)

struct site {
	struct robots *rules; /* NULL: all is allowed */
	char date[DATE_BYTES]; /* of the crawl */
};

struct robots_sites {
	const struct opt_list *files;
	const char *const *agents;
	size_t n_agents;
	struct digest *digests; /* of each file's records */
	struct keyset *keys; /* of a site's name: its place in at */
	struct site *at;
	size_t n, cap;
};

/* A file in progress. */
struct loader {
	struct robots_sites *sites;
	struct digest *digest;
	struct buf data;
	struct http_scratch http;
};

/* The key of scheme, host and port as in an origin, with the other of http and https where that is
 * asked. False for what is no web page's address. */
static bool site_key(const struct url *u, bool other_scheme, struct key128 *key)
{
	struct buf name = { 0 };
	XXH128_hash_t h;

	if (u->scheme != URL_HTTP && u->scheme != URL_HTTPS)
		return false;
	buf_str(&name, (u->scheme == URL_HTTPS) != other_scheme ? "https://" : "http://");
	buf_slice(&name, url_part(u, u->host));
	if (u->port >= 0)
		buf_printf(&name, ":%d", (int)u->port);
	h = XXH3_128bits(name.p, name.n);
	*key = (struct key128){ h.low64, h.high64 };
	buf_release(&name);
	return true;
}

static int put_site(struct robots_sites *s, struct slice url, struct slice date,
	struct robots *rules, struct err *e)
{
	struct site new = { .rules = rules };
	struct url u = { 0 };
	struct key128 key;
	bool known = url_parse(&u, url, NULL) && site_key(&u, false, &key);
	uint64_t *at;

	url_release(&u);
	if (!known) {
		robots_free(rules);
		return 0;
	}
	memcpy(new.date, date.p ? date.p : "", MIN(date.n, sizeof(new.date) - 1));
	switch (keyset_put(s->keys, key, s->n, &at)) {
	case KEYSET_FULL:
		robots_free(rules);
		return err_set(e, ERR_LIMIT, "more than %zu sites with a robots.txt", s->n);
	case KEYSET_SEEN:
		/* Dates in one form compare as texts. Of two in one second the first stays. */
		if (strcmp(new.date, s->at[*at].date) <= 0) {
			robots_free(rules);
			return 0;
		}
		robots_free(s->at[*at].rules);
		s->at[*at] = new;
		return 0;
	case KEYSET_NEW: break;
	}
	mem_grow(&s->at, s->n, &s->cap, sizeof(*s->at));
	s->at[s->n++] = new;
	return 0;
}

/* A page under that name, as sites send for all they do not know, has no line of a robots.txt. */
static struct robots *read_rules(struct loader *l, const struct http_response *r)
{
	struct slice body = { 0 }, coding;
	struct robots *rules;

	if (http_decode(r, RECORD_MAX, &l->http, &body, &coding) == HTTP_UNKNOWN_CODING)
		return NULL;
	rules = robots_new(body, l->sites->agents, l->sites->n_agents);
	if (robots_empty(rules)) {
		robots_free(rules);
		return NULL;
	}
	return rules;
}

static int read_record(
	struct loader *l, size_t header_bytes, const struct warc_header *h, struct err *e)
{
	struct slice block = slice_skip(buf_view(&l->data), header_bytes);
	struct robots_sites *s = l->sites;
	struct http_response r;

	if (!http_parse(block, &r))
		return 0;
	digest_line(l->digest, buf_view(&l->data));
	if (r.status >= 200 && r.status < 300)
		return put_site(s, h->uri, h->date, read_rules(l, &r), e);
	if (r.status >= 400 && r.status < 500)
		return put_site(s, h->uri, h->date, NULL, e);
	return 0;
}

static int read_file(struct loader *l, const char *path, struct err *e)
{
	struct input *in = NULL;
	struct warc *w = NULL;
	struct warc_header h;
	struct warc_place place;
	int got, r = -1;

	if (input_open(&in, path, false, e) < 0)
		return -1;
	w = warc_new(in);
	for (;;) {
		l->data.n = 0;
		if ((got = warc_next(w, &l->data, &h, e)) <= 0)
			break;
		if (h.type == WARC_RESPONSE && h.length <= RECORD_MAX && robots_is_url(h.uri)) {
			const char *what;

			if (warc_block(w, &l->data, e) < 0)
				goto out;
			/* The block made the buffer move, and the header's slices with it. */
			if (warc_parse(buf_view(&l->data), &h, &what) &&
				read_record(l, h.header_bytes, &h, e) < 0)
				goto out;
		}
		if (warc_finish(w, &place, e) < 0)
			goto out;
	}
	r = got;
out:
	warc_free(w);
	input_free(in);
	return r;
}

int robots_sites_load(struct robots_sites **out, const struct opt_list *files,
	const struct opt_list *agents, struct err *e)
{
	struct robots_sites *s = mem_zalloc(1, sizeof(*s));
	struct loader l = { .sites = s };
	int r = 0;

	*s = (struct robots_sites){ .files = files, .agents = agents->at, .n_agents = agents->n };
	if (!agents->n) {
		s->agents = training_agents;
		s->n_agents = ARRAY_LEN(training_agents);
	}
	s->digests = mem_zalloc(MAX(files->n, (size_t)1), sizeof(*s->digests));
	s->keys = keyset_new(SITES_MEMORY);
	for (size_t i = 0; r == 0 && i < files->n; i++) {
		l.digest = &s->digests[i];
		r = read_file(&l, files->at[i], e);
	}
	buf_release(&l.data);
	http_scratch_release(&l.http);
	if (r < 0) {
		robots_sites_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

/* Path and query, in the spelling that a crawler asks for. */
static struct slice target_of(const struct url *u)
{
	const struct url_span *last = u->has_query ? &u->query : &u->path;

	return slice_skip(slice_head(url_href(u), last->at + last->n), u->path.at);
}

bool robots_sites_refuse(const struct robots_sites *s, struct slice url)
{
	struct url u = { 0 };
	const uint64_t *at = NULL;
	struct key128 key;
	bool refused = false;

	if (url_parse(&u, url, NULL))
		for (int other = 0; other < 2 && !at && site_key(&u, other, &key); other++)
			at = keyset_get(s->keys, key);
	if (at && s->at[*at].rules)
		refused = robots_refused(s->at[*at].rules, target_of(&u)) != 0;
	url_release(&u);
	return refused;
}

size_t robots_sites_count(const struct robots_sites *s)
{
	return s->n;
}

void robots_sites_describe(const struct robots_sites *s, struct buf *json)
{
	buf_str(json, "\"robots\":[");
	for (size_t i = 0; i < s->files->n; i++) {
		char hex[33];

		digest_hex(&s->digests[i], hex);
		buf_str(json, i ? ",{\"name\":" : "{\"name\":");
		json_put_string(json, slice_str(s->files->at[i]));
		json_put_key(json, "xxh3_128");
		json_put_string(json, slice_str(hex));
		buf_byte(json, '}');
	}
	buf_byte(json, ']');
}

void robots_sites_free(struct robots_sites *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		robots_free(s->at[i].rules);
	keyset_free(s->keys);
	free(s->at);
	free(s->digests);
	free(s);
}
