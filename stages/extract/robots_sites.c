/* Reads robots.txt out of WARC files into a table of sites. */
#include "stages/extract/robots_sites.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/store/keyset.h"
#include "lib/stream/digest.h"
#include "lib/web/http.h"
#include "lib/web/robots.h"
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

/* Scheme, host and port as "https://host:port", small letters, without a port that the scheme has by
 * itself and without the name of a user. */
static size_t site_name(struct slice url, bool other_scheme, char *out, size_t max)
{
	size_t scheme = slice_find(url, SLICE("://"));
	struct slice host = slice_skip(url, scheme + 3), name = slice_head(url, scheme);
	bool https = slice_is_word(name, "https");
	size_t n = 0, at;

	if (scheme == url.n || (!https && !slice_is_word(name, "http")))
		return 0;
	while (n < host.n && !byte_in(host.p[n], "/?#"))
		n++;
	host = slice_head(host, n);
	at = slice_find(host, SLICE("@"));
	host = slice_skip(host, at < host.n ? at + 1 : 0);
	if (slice_ends(host, https ? SLICE(":443") : SLICE(":80")))
		host.n -= https ? 4 : 3;
	if (!host.n || host.n + 8 > max)
		return 0;
	https ^= other_scheme;
	n = https ? 8 : 7;
	memcpy(out, https ? "https://" : "http://", n);
	for (size_t i = 0; i < host.n; i++)
		out[n++] =
			host.p[i] >= 'A' && host.p[i] <= 'Z' ? (char)(host.p[i] + 32) : host.p[i];
	return n;
}

static struct key128 key_of(const char *name, size_t n)
{
	XXH128_hash_t h = XXH3_128bits(name, n);

	return (struct key128){ h.low64, h.high64 };
}

static int put_site(struct robots_sites *s, struct slice url, struct slice date,
	struct robots *rules, struct err *e)
{
	char name[320];
	size_t n = site_name(url, false, name, sizeof(name));
	struct site new = { .rules = rules };
	uint64_t *at;

	if (n == 0) {
		robots_free(rules);
		return 0;
	}
	memcpy(new.date, date.p ? date.p : "", MIN(date.n, sizeof(new.date) - 1));
	switch (keyset_put(s->keys, key_of(name, n), s->n, &at)) {
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

bool robots_sites_refuse(const struct robots_sites *s, struct slice url)
{
	for (int other = 0; other < 2; other++) {
		char name[320];
		size_t n = site_name(url, other, name, sizeof(name));
		const uint64_t *at = n ? keyset_get(s->keys, key_of(name, n)) : NULL;

		if (at)
			return s->at[*at].rules &&
				robots_refused(s->at[*at].rules, robots_target(url)) != 0;
	}
	return false;
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
