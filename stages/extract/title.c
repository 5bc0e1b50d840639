/* Chooses the title of a page among its headings, title element and meta elements.
 *
 * Each of them is a candidate, and each part of the title element between separators. One is worth
 * more the more it agrees with the others: the title element and og:title mostly hold the heading
 * and the name of the site, and of several headings the right one is that which they hold. The
 * weights were found by a random search over one half of the pages of the development sets and
 * rounded; on the half that was not looked at they gave .86 (wcxb) and .90 (trafilatura's set) of
 * the titles, where a fixed order of trust gave .83 and .88. */
#include "lib/text/utf8.h"
#include "stages/extract/evidence.h"

#include <unicode/uchar.h>

enum { WORDS_MAX = 48, OPTIONS_MAX = 32 };

/* Where an option is from; behind those of enum title_source. */
enum { FIRST_PART = TITLE_SOURCES, FROM_JSONLD, ORIGINS };

static const double origin_weight[ORIGINS] = {
	[TITLE_H1] = 1,
	[TITLE_H1_MORE] = 1,
	[TITLE_OG] = 0,
	[TITLE_HEAD] = 0,
	[TITLE_META] = -1.5,
	[FIRST_PART] = 0.6,
	[FROM_JSONLD] = -1.5,
};

/* How much agreement with each counts. */
static const double WITH_H1 = 0.5, WITH_OG = 1.3, WITH_HEAD = 1.5, WITH_ADDRESS = 1.0;
static const double IS_SITE = -2.0, IS_ONE_WORD = -0.5, IS_LONG = -0.4, IS_ONLY_H1 = 1.0;

static const double LOWER_AGREES = 0.6; /* of an h2 to h4 that is the headline */

enum { LONG_WORDS = 20 };

struct words {
	uint32_t hash[WORDS_MAX];
	size_t n;
};

struct option {
	struct slice text;
	uint32_t node;
	int origin;
	struct words words;
};

struct chooser {
	const struct evidence *e;
	struct option options[OPTIONS_MAX];
	size_t n;
	struct words address;
	bool home; /* the page is the site's front page */
};

static void read_words(struct words *w, struct slice text)
{
	w->n = word_hashes(text, w->hash, WORDS_MAX);
}

/* --- the site's name -------------------------------------------------------------------------- */

static bool is_ascii_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static uint32_t small(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Letters and digits alone, small, so that names compare as people read them. */
static size_t squeeze(struct slice s, char *out, size_t max)
{
	size_t n = 0;

	while (s.n && n + UTF8_MAX_BYTES <= max) {
		uint32_t c = utf8_next(&s);

		if (c < 0x80 ? is_ascii_alnum(c) : u_isalnum((UChar32)c))
			n += utf8_put(
				out + n, c < 0x80 ? small(c) : (uint32_t)u_tolower((UChar32)c));
	}
	return n;
}

enum { SQUEEZED_MAX = 128 };

static bool is_squeezed(struct slice name, struct slice other)
{
	char b[SQUEEZED_MAX];
	size_t m = other.n && name.n ? squeeze(other, b, sizeof(b)) : 0;

	return m > 0 && slice_eq(name, (struct slice){ b, m });
}

/* A label of the host, but for the top level, in the squeezed name or around it: "The Lamp Post" on
 * www.lamppost.example. */
static bool is_host_name(struct slice host, struct slice name)
{
	char b[SQUEEZED_MAX / 2];

	if (name.n < 2 || name.n > 40)
		return false;
	for (struct slice rest = host; rest.n;) {
		struct slice label = slice_head(rest, slice_find(rest, SLICE(".")));
		struct slice other = { b, squeeze(label, b, sizeof(b)) };
		bool shorter = other.n < name.n;
		struct slice outer = shorter ? name : other, inner = shorter ? other : name;

		rest = slice_skip(rest, label.n + 1);
		if (!rest.n)
			break;
		if (slice_eq(name, other))
			return true;
		if (inner.n >= 4 && inner.n * 2 >= outer.n && slice_find(outer, inner) < outer.n)
			return true;
	}
	return is_squeezed(name, host);
}

bool is_site_name(const struct evidence *e, struct slice name)
{
	char a[SQUEEZED_MAX];
	struct slice squeezed = { a, squeeze(name, a, sizeof(a)) };

	return is_squeezed(squeezed, e->best[FACT_SITE]) || is_squeezed(squeezed, e->jsonld.site) ||
		is_host_name(e->host, squeezed);
}

/* --- the parts of a title --------------------------------------------------------------------- */

/* The length of the separator at the front of s: " | ", " - ", "»" and others; 0 when there is none.
 * What also stands inside of titles needs a space on both sides. */
static size_t separator(struct slice s)
{
	static const struct slice spaced[] = { { "-", 1 }, { "–", 3 }, { "—", 3 }, { "/", 1 },
		{ ":", 1 }, { "::", 2 }, { "|", 1 }, { "‹", 3 }, { "›", 3 }, { "«", 2 }, { "»", 2 },
		{ "·", 2 }, { "•", 3 }, { "~", 1 }, { "<", 1 }, { ">", 1 }, { "∙", 3 },
		{ "●", 3 } };
	static const struct slice bare[] = { { "|", 1 }, { "»", 2 }, { "•", 3 }, { "｜", 3 } };

	if (*s.p == ' ' ? s.n < 3 || is_ascii_alnum((unsigned char)s.p[1])
			: is_ascii_alnum((unsigned char)*s.p))
		return 0;
	for (size_t i = 0; *s.p == ' ' && i < ARRAY_LEN(spaced); i++) {
		size_t n = spaced[i].n;

		if (slice_starts(slice_skip(s, 1), spaced[i]) && s.n > n + 1 && s.p[n + 1] == ' ')
			return n + 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(bare); i++)
		if (slice_starts(s, bare[i]))
			return bare[i].n;
	return 0;
}

enum { PARTS_MAX = 12 };

static size_t split_title(struct slice title, struct slice parts[PARTS_MAX])
{
	size_t n = 0, begin = 0;

	for (size_t at = 0; at < title.n && n + 1 < PARTS_MAX;) {
		size_t mark = separator(slice_skip(title, at));

		if (!mark) {
			at++;
			continue;
		}
		if (at > begin)
			parts[n++] = slice_head(slice_skip(title, begin), at - begin);
		at += mark;
		begin = at;
	}
	if (begin < title.n)
		parts[n++] = slice_skip(title, begin);
	return n;
}

/* The title without parts at its ends that are the site's name; *first is the first of what is left
 * where that is several. */
static struct slice without_site(const struct evidence *e, struct slice title, struct slice *first)
{
	struct slice parts[PARTS_MAX];
	size_t n = split_title(title, parts), begin = 0;

	*first = (struct slice){ 0 };
	while (n > 1 && is_site_name(e, parts[n - 1]))
		n--;
	while (begin + 1 < n && is_site_name(e, parts[begin]))
		begin++;
	if (n == 0)
		return title;
	if (n - begin > 1)
		*first = parts[begin];
	return (struct slice){ parts[begin].p,
		(size_t)(parts[n - 1].p + parts[n - 1].n - parts[begin].p) };
}

/* --- weighing --------------------------------------------------------------------------------- */

static size_t shared(const struct words *a, const struct words *b)
{
	bool taken[WORDS_MAX] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (!taken[k] && a->hash[i] == b->hash[k]) {
				taken[k] = true;
				n++;
				break;
			}
	return n;
}

/* F1 of the words: 1 where both hold the same, 0 where they share none. */
static double agreement(const struct words *a, const struct words *b)
{
	return a->n + b->n ? 2.0 * (double)shared(a, b) / (double)(a->n + b->n) : 0;
}

static double agreement_with(const struct chooser *c, const struct option *o, int origin)
{
	double best = 0;

	for (size_t i = 0; i < c->n; i++)
		if (c->options[i].origin == origin) {
			double one = agreement(&o->words, &c->options[i].words);

			best = MAX(best, one);
		}
	return best;
}

static double worth(const struct chooser *c, const struct option *o)
{
	double sum = origin_weight[o->origin];

	sum += WITH_H1 * agreement_with(c, o, TITLE_H1);
	sum += WITH_OG * agreement_with(c, o, TITLE_OG);
	sum += WITH_HEAD * agreement_with(c, o, TITLE_HEAD);
	if (o->words.n)
		sum += WITH_ADDRESS * (double)shared(&o->words, &c->address) / (double)o->words.n;
	if (is_site_name(c->e, o->text))
		sum += IS_SITE;
	if (o->words.n == 1)
		sum += IS_ONE_WORD;
	if (o->words.n > LONG_WORDS)
		sum += IS_LONG;
	/* A front page's heading is a slogan. */
	if (o->origin == TITLE_H1 && c->e->n_h1 == 1 && !c->home)
		sum += IS_ONLY_H1;
	return sum;
}

/* --- choosing --------------------------------------------------------------------------------- */

static void add_option(struct chooser *c, int origin, uint32_t node, struct slice text)
{
	struct option *o = &c->options[c->n];

	if (!text.n || c->n == OPTIONS_MAX)
		return;
	*o = (struct option){ .text = text, .node = node, .origin = origin };
	read_words(&o->words, text);
	c->n += o->words.n > 0;
}

static void add_options(struct chooser *c)
{
	const struct evidence *e = c->e;
	bool seen[TITLE_SOURCES] = { 0 };
	struct slice first;

	for (size_t i = 0; i < e->n_titles; i++) {
		const struct candidate *t = &e->titles[i];
		bool heading = t->source == TITLE_H1 || t->source == TITLE_H1_MORE;

		if (heading) {
			add_option(c, t->source, t->node, t->value);
			continue;
		}
		if (seen[t->source] && t->source != TITLE_META) /* drawings have titles too */
			continue;
		seen[t->source] = true;
		add_option(c, t->source, 0, without_site(e, t->value, &first));
		if (t->source == TITLE_HEAD)
			add_option(c, FIRST_PART, 0, first);
	}
	add_option(c, FROM_JSONLD, 0, folded(e->jsonld.title, e->arena));
}

/* The heading that says most of what the title says: the byline stands around it. */
static uint32_t find_headline(const struct chooser *c, const struct option *best)
{
	double most = 0.3;
	uint32_t node = 0;

	if (best->node)
		return best->node;
	for (size_t i = 0; i < c->n; i++) {
		double one = c->options[i].node ? agreement(&best->words, &c->options[i].words) : 0;

		if (one > most) {
			most = one;
			node = c->options[i].node;
		}
	}
	for (size_t i = 0; i < c->e->n_headings; i++) {
		struct words words;
		double one;

		read_words(&words, text_in(c->e, c->e->headings[i]));
		one = agreement(&best->words, &words);
		if (one > MAX(most, LOWER_AGREES)) {
			most = one;
			node = c->e->headings[i];
		}
	}
	return node;
}

struct slice title_choose(struct evidence *e)
{
	struct chooser c = { .e = e };
	const struct option *best = NULL;
	double most = 0;
	struct slice path = slice_skip(e->url, slice_find(e->url, SLICE("://")) + 3);

	path = slice_skip(path, slice_find(path, SLICE("/")));
	path = slice_head(path, slice_find(path, SLICE("?")));
	c.home = e->url.n && path.n <= 1;
	read_words(&c.address, path);
	add_options(&c);
	for (size_t i = 0; i < c.n; i++) {
		double one = worth(&c, &c.options[i]);

		if (!best || one > most) {
			best = &c.options[i];
			most = one;
		}
	}
	if (!best)
		return (struct slice){ 0 };
	e->headline = find_headline(&c, best);
	return best->text;
}
