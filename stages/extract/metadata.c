/* What a page says about itself: one walk collects, then each fact is chosen. */
#include "stages/extract/metadata.h"

#include "stages/extract/evidence.h"

/* The host of an address without port; of an archive's copy that of the page. */
static struct slice host_of(struct slice url)
{
	size_t n = 0;

	for (size_t at; (at = slice_find(url, SLICE("://"))) < url.n;)
		url = slice_skip(url, at + 3);
	while (n < url.n && !byte_in(url.p[n], "/?#:"))
		n++;
	return slice_head(url, n);
}

/* "/story" and "//host/story" on the page's address; other relative forms say nothing. */
static struct slice absolute(struct slice link, struct slice url, struct arena *arena)
{
	size_t scheme = slice_find(url, SLICE("://"));
	size_t origin = scheme + 3;
	char *out;

	if (!link.n || (*link.p != '/' && slice_find(link, SLICE("://")) < link.n))
		return link;
	if (*link.p != '/' || scheme == url.n)
		return (struct slice){ 0 };
	while (origin < url.n && !byte_in(url.p[origin], "/?#"))
		origin++;
	if (slice_starts(link, SLICE("//")))
		origin = scheme + 1;
	out = arena_alloc(arena, origin + link.n);
	memcpy(out, url.p, origin);
	memcpy(out + origin, link.p, link.n);
	return (struct slice){ out, origin + link.n };
}

/* Letters as RFC 5646, section 2.1.1, writes them: en-US, zh-Hant, and small behind a singleton. */
static void set_case(char *tag, size_t n)
{
	bool singleton = false;

	for (size_t at = 0, end; at < n; at = end + 1) {
		for (end = at; end < n && tag[end] != '-'; end++)
			if (tag[end] >= 'A' && tag[end] <= 'Z')
				tag[end] |= 0x20;
		for (size_t i = at; i < end && at && !singleton; i++)
			if ((end - at == 2 || (end - at == 4 && i == at)) && tag[i] >= 'a')
				tag[i] &= ~0x20;
		singleton |= end - at == 1;
	}
}

/* A tag has letters, digits and hyphens; "en_US" of Open Graph becomes en-US. */
static struct slice language_tag(struct slice value, struct arena *arena)
{
	size_t n = 0;
	char *out;

	value = slice_trim(value, " ");
	value = slice_head(value, slice_find(value, SLICE(",")));
	out = arena_alloc(arena, value.n + 1);
	for (; n < value.n; n++) {
		char c = value.p[n] == '_' ? '-' : value.p[n];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (!letter && (n == 0 || ((c < '0' || c > '9') && c != '-')))
			return (struct slice){ 0 };
		out[n] = c;
	}
	set_case(out, n);
	return n >= 2 && n <= 35 ? (struct slice){ out, n } : (struct slice){ 0 };
}

static void add_jsonld_facts(struct evidence *e)
{
	evidence_fact(e, FACT_SITE, 3, e->jsonld.site);
	evidence_fact(e, FACT_LICENSE, 2, e->jsonld.license);
	evidence_fact(e, FACT_DESCRIPTION, 5, e->jsonld.description);
	evidence_fact(e, FACT_LANGUAGE, 5, e->jsonld.language);
}

/* A URL, or words. */
static struct slice license_of(const struct evidence *e)
{
	struct slice license = e->best[FACT_LICENSE];

	return license.n && *license.p == '/' ? absolute(license, e->url, e->arena) : license;
}

void metadata_find(
	struct metadata *m, const struct html_tree *t, struct slice url, struct arena *arena)
{
	struct evidence e = { .t = t, .arena = arena, .url = url };

	evidence_collect(&e);
	add_jsonld_facts(&e);
	e.host = host_of(url.n ? url : e.best[FACT_CANONICAL]);
	e.order = date_order_of(e.best[FACT_LANGUAGE], e.host);
	*m = (struct metadata){
		.title = title_choose(&e),
		.site = e.best[FACT_SITE],
		.description = e.best[FACT_DESCRIPTION],
		.language = language_tag(e.best[FACT_LANGUAGE], arena),
		.license = license_of(&e),
		.canonical = absolute(e.best[FACT_CANONICAL], url, arena),
		.optouts = e.optouts,
	};
	/* These look for what stands near the headline. */
	m->author = author_choose(&e);
	m->published = published_choose(&e);
}
