/* Chooses the date of publication of a page among its data, its address and what is in sight. */
#include "stages/extract/evidence.h"

#include <stdlib.h>

/* What a source is worth, found on one half of the development pages and rounded: the share of
 * right dates where the source says something, and what else the page says is wrong. */
static const int worth_of_source[] = {
	[DATE_META] = 100,
	[DATE_META_WEAK] = 66,
	[DATE_MODIFIED] = 50,
	[DATE_ITEMPROP] = 90,
	[DATE_TIME] = 70,
	[DATE_CLASS] = 68,
	[DATE_TEXT] = 55,
	[DATE_TEXT_INSIDE] = 28,
};

enum {
	WORTH_JSONLD = 101,
	WORTH_JSONLD_PAGE = 88,
	WORTH_PATH = 74,
	IN_ASIDE = -25,
	IN_COMMENT = -60,
	NEAR = 15, /* within NEAR_NODES of the headline */
	IN_SIGHT = 5,
	FAR = -10,
	NEAR_NODES = 60,
	SIGHT_NODES = 200,
	LEAST = 20,
	FRONT = 24, /* bytes: a date that a line begins with is its own */
	IN_PROSE = -15,
	AGREES = 6, /* another kind of source says the same day, up to twice */
	AGREES_WORTH = 50,
	AT_FRONT = 20, /* a paragraph begins with it: "(3 March 2021) The harbour …" */
};

enum { FROM_JSONLD = DATE_TEXT_INSIDE + 1, FROM_PATH };

/* A date that may be the page's. */
struct option {
	struct date date;
	struct slice time;
	uint8_t source; /* enum date_source, FROM_JSONLD or FROM_PATH */
	int worth;
};

enum { OPTIONS_MAX = DATES_MAX + 4 };

struct chooser {
	const struct evidence *e;
	struct option options[OPTIONS_MAX];
	size_t n;
};

static bool is_visible(int source)
{
	return source >= DATE_TIME && source <= DATE_TEXT_INSIDE;
}

static uint32_t distance(const struct evidence *e, uint32_t node)
{
	return node > e->headline ? node - e->headline : e->headline - node;
}

static bool is_near(const struct evidence *e, uint32_t node)
{
	return e->headline && distance(e, node) <= NEAR_NODES;
}

static int worth_of_place(const struct evidence *e, uint32_t node)
{
	if (!e->headline)
		return 0;
	return is_near(e, node) ? NEAR : distance(e, node) <= SIGHT_NODES ? IN_SIGHT : FAR;
}

/* "Updated on", "Last edited", "Stand:" in front of a date. */
static bool says_modified(struct slice before)
{
	static const struct slice words[] = { { "pdate", 5 }, { "odifi", 5 }, { "edited", 6 },
		{ "ktualisiert", 11 }, { "eändert", 8 }, { "earbeitet", 9 }, { "ctualiz", 7 },
		{ "ctualis", 7 }, { "is à jour", 10 }, { "ggiornat", 8 }, { "ijgewerkt", 9 },
		{ "eviewed", 7 }, { "tualizado", 9 }, { "reviewed", 8 }, { "бновлен", 14 },
		{ "更新", 6 } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_find(before, words[i]) < before.n)
			return true;
	return false;
}

/* In sight, eight digits are some other number. */
static bool is_compact(struct slice text, const struct date_found *found)
{
	return found->end - found->at == 8 && memchr(text.p + found->at, '/', 8) == NULL &&
		memchr(text.p + found->at, '-', 8) == NULL &&
		memchr(text.p + found->at, '.', 8) == NULL &&
		memchr(text.p + found->at, ' ', 8) == NULL;
}

static bool in_headline(const struct evidence *e, uint32_t node)
{
	return e->headline && node > e->headline && node < e->t->nodes[e->headline].end;
}

static int worth_of(const struct evidence *e, const struct candidate *c)
{
	int worth = worth_of_source[c->source];

	if (is_visible(c->source))
		worth += worth_of_place(e, c->node);
	if (c->aside)
		worth += is_near(e, c->node) ? IN_ASIDE / 2 : IN_ASIDE;
	if (c->comment)
		worth += IN_COMMENT;
	return worth;
}

/* What the text around a date in sight says of it; 0: it is no date of the page. */
static int worth_in_sight(const struct evidence *e, const struct candidate *c,
	const struct date_found *found, int worth)
{
	if (is_compact(c->value, found))
		return 0;
	if (c->source >= DATE_TEXT && in_headline(e, c->node))
		return 0; /* the headline speaks of it */
	if (c->source == DATE_TEXT && found->at > FRONT)
		worth += IN_PROSE;
	if (c->source == DATE_TEXT_INSIDE && found->at <= 2)
		worth += AT_FRONT;
	if (says_modified(slice_head(c->value, found->at)))
		return MIN(worth, worth_of_source[DATE_MODIFIED] + IN_SIGHT);
	return worth;
}

static void add_option(struct chooser *c, struct slice value, uint8_t source, int worth)
{
	struct date_found found;

	if (c->n < OPTIONS_MAX && date_read(value, c->e->order, &found))
		c->options[c->n++] = (struct option){ found.date, found.time, source, worth };
}

static void add_candidate(struct chooser *c, const struct candidate *one)
{
	int worth = worth_of(c->e, one);
	struct date_found found;

	if (c->n == OPTIONS_MAX || worth + AT_FRONT < LEAST ||
		!date_read(one->value, c->e->order, &found))
		return;
	if (is_visible(one->source))
		worth = worth_in_sight(c->e, one, &found, worth);
	if (worth >= LEAST)
		c->options[c->n++] = (struct option){ found.date, found.time, one->source, worth };
}

static bool same_day(struct date a, struct date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* One element in sight may be a time, of a class and a text at once. */
static int kind_of(uint8_t source)
{
	return is_visible(source) ? DATE_TIME : source;
}

/* Sources of another kind that name the same day make it likelier. */
static int agreement(const struct chooser *c, const struct option *o)
{
	unsigned kinds = 0;
	int worth = 0;

	if (o->source == DATE_MODIFIED)
		return 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct option *other = &c->options[i];

		if (kind_of(other->source) == kind_of(o->source) ||
			other->source == DATE_MODIFIED || kinds & 1U << kind_of(other->source) ||
			other->worth < AGREES_WORTH || !same_day(o->date, other->date))
			continue;
		kinds |= 1U << kind_of(other->source);
		worth += AGREES;
	}
	return MIN(worth, 2 * AGREES);
}

static bool is_utc(struct slice time)
{
	return slice_ends(time, SLICE("Z")) || slice_ends(time, SLICE("+00:00")) ||
		slice_ends(time, SLICE("+0000"));
}

/* A time in UTC may be on another day than where the page was written: an address or a line near
 * the headline that is one day off tells the day there. */
static void keep_local_day(const struct chooser *c, struct option *best)
{
	const struct option *local = NULL;

	if (!is_utc(best->time))
		return;
	for (size_t i = 0; i < c->n; i++) {
		const struct option *o = &c->options[i];

		if (o->source == FROM_PATH ||
			(is_visible(o->source) && !local &&
				o->worth >= worth_of_source[DATE_TEXT] + NEAR))
			local = o;
	}
	if (local && labs(date_days(local->date) - date_days(best->date)) == 1)
		*best = (struct option){ .date = local->date };
}

struct slice published_choose(const struct evidence *e)
{
	const struct jsonld_facts *ld = &e->jsonld;
	struct chooser c = { .e = e };
	struct date path = date_in_path(e->url.n ? e->url : e->best[FACT_CANONICAL]);
	struct option best = { 0 };
	int most = 0;

	add_option(&c, ld->published, FROM_JSONLD,
		ld->rank <= JSONLD_PAGE ? WORTH_JSONLD_PAGE : WORTH_JSONLD);
	if (path.year)
		c.options[c.n++] = (struct option){ path, { 0 }, FROM_PATH, WORTH_PATH };
	for (size_t i = 0; i < e->n_dates; i++)
		add_candidate(&c, &e->dates[i]);
	add_option(&c, ld->modified, DATE_MODIFIED, worth_of_source[DATE_MODIFIED]);
	for (size_t i = 0; i < c.n; i++) {
		int worth = c.options[i].worth + agreement(&c, &c.options[i]);

		if (worth > most) {
			most = worth;
			best = c.options[i];
		}
	}
	if (!best.date.year)
		return (struct slice){ 0 };
	keep_local_day(&c, &best);
	return date_print(best.date, best.time, e->arena);
}
