/* Any bytes as a URL behind a line with its base: what comes out reads back as it is. */
#include "lib/web/url_domain.h"
#include "lib/web/url_key.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_again(const struct url *u)
{
	struct url again = { 0 };
	bool parsed = url_parse(&again, url_href(u), NULL);

	assert(parsed);
	assert(slice_eq(url_href(&again), url_href(u)));
	assert(slice_eq(url_part(&again, again.host), url_part(u, u->host)));
	assert(slice_eq(url_part(&again, again.path), url_part(u, u->path)));
	assert(slice_eq(url_part(&again, again.query), url_part(u, u->query)));
	assert(slice_eq(url_part(&again, again.fragment), url_part(u, u->fragment)));
	assert(again.port == u->port && again.opaque == u->opaque);
	for (size_t i = 0; i < u->href.n; i++)
		assert(u->href.p[i] >= ' ' && u->href.p[i] < 0x7f);
	url_release(&again);
}

/* The key of a key is the same: under the rule "scheme" it is read as http, where its port means the
 * same. */
static void check_key(const struct url *u, const struct url *http, unsigned rules)
{
	struct url again = { 0 };
	struct buf key = { 0 }, twice = { 0 };
	bool parsed;

	url_put_key(&key, u, rules);
	parsed = url_parse(&again, buf_view(&key), http);
	assert(parsed);
	url_put_key(&twice, &again, rules);
	assert(again.port != u->port || slice_eq(buf_view(&key), buf_view(&twice)));
	url_release(&again);
	buf_release(&key);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct slice head = slice_trim(slice_take_line(&text), "\n");
	struct url base = { 0 }, u = { 0 }, http = { 0 };
	bool has_base = url_parse(&base, head, NULL);

	if (!url_parse(&http, SLICE("http://h"), NULL))
		return 1;
	if (has_base)
		check_again(&base);
	if (url_parse(&u, text, has_base ? &base : NULL)) {
		check_again(&u);
		for (unsigned rules = 0; rules <= URL_KEY_ALL; rules++)
			check_key(&u, &http, rules);
		assert(url_domain(&u).n <= u.host.n);
	}
	url_release(&u);
	url_release(&base);
	url_release(&http);
	return 0;
}
