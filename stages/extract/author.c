/* Chooses the author of a page among what its data and its bylines say. */
#include "stages/extract/author.h"

#include "stages/extract/evidence.h"

/* What a source is worth, found on one half of the development pages and rounded: the share of
 * right names where the source says something, and what else the page says is wrong. JSON-LD is
 * worth a little more than meta elements, which often name the publisher. */
static const int worth_of_source[] = {
	[AUTHOR_META] = 95,
	[AUTHOR_META_WEAK] = 60,
	[AUTHOR_LABEL] = 93,
	[AUTHOR_ITEMPROP] = 85,
	[AUTHOR_REL] = 75,
	[AUTHOR_CLASS] = 72,
	[AUTHOR_LINK] = 60,
	[AUTHOR_TEXT] = 62,
	[AUTHOR_USER] = 50,
};

enum {
	WORTH_JSONLD = 100,
	IN_ASIDE = -25,
	IN_COMMENT = -60,
	IS_SITE = -22,
	IS_HANDLE = -35, /* @janedoe */
	IS_ODD = -30, /* in sight, and not of the form of a name */
	IS_LONG = -30, /* a paragraph about the author */
	LONG_BYTES = 200,
	LEAST = 30,
	WIDENS = 90, /* what names more people must be worth */
	IS_ROLE = -40,
	NEAR = 15, /* within NEAR_NODES of the headline */
	IN_SIGHT = 5,
	FAR = -10,
	NEAR_NODES = 60,
	SIGHT_NODES = 200,
	TOGETHER_NODES = 16, /* between the links to two authors of one text */
};

static int worth_of_place(const struct evidence *e, uint32_t node)
{
	uint32_t distance = node > e->headline ? node - e->headline : e->headline - node;

	if (!e->headline)
		return 0;
	return distance <= NEAR_NODES ? NEAR : distance <= SIGHT_NODES ? IN_SIGHT : FAR;
}

static bool is_visible(int source)
{
	return source >= AUTHOR_ITEMPROP;
}

static int worth_of_names(const struct evidence *e, const struct author_names *names)
{
	int worth = 0;

	if (names->n == 1 && is_site_name(e, names->name[0]))
		worth += IS_SITE;
	if (names->roles_only)
		worth += IS_ROLE;
	if (*names->name[0].p == '@')
		worth += IS_HANDLE;
	return worth;
}

/* Before its text is looked at, which only makes it less. */
static int worth_at_most(const struct evidence *e, const struct candidate *c)
{
	int worth = worth_of_source[c->source];

	if (is_visible(c->source))
		worth += worth_of_place(e, c->node);
	if (c->aside)
		worth += IN_ASIDE;
	if (c->comment)
		worth += IN_COMMENT;
	return worth;
}

/* 0 when it is less than least. */
static int worth_of(
	const struct evidence *e, const struct candidate *c, struct author_names *names, int least)
{
	int worth = worth_at_most(e, c);

	if (worth < least)
		return 0;
	author_names(is_visible(c->source) ? c->value : folded(c->value, e->arena), names);
	if (!names->n)
		return 0;
	if (is_visible(c->source) && !author_looks_like_name(names->name[0])) {
		if (c->source == AUTHOR_TEXT)
			return 0; /* "By the sea" */
		worth += c->source == AUTHOR_USER ? IS_ODD / 3 : IS_ODD;
	}
	if (is_visible(c->source) && c->value.n > LONG_BYTES)
		worth += IS_LONG;
	worth += worth_of_names(e, names);
	return worth < least ? 0 : worth;
}

static void add_names(struct author_names *to, const struct author_names *from)
{
	for (size_t i = 0; i < from->n && to->n < AUTHOR_NAMES_MAX; i++) {
		bool known = false;

		for (size_t k = 0; k < to->n; k++)
			known |= slice_find(to->name[k], from->name[i]) < to->name[k].n;
		if (!known)
			to->name[to->n++] = from->name[i];
	}
}

/* The names of the other elements of the same kind: meta elements all over the page, visible ones
 * side by side. */
static void add_companions(const struct evidence *e, const struct candidate *best, int worth,
	struct author_names *names)
{
	uint32_t last = best->node;

	for (const struct candidate *c = best + 1; c < e->authors + e->n_authors; c++) {
		struct author_names more;

		if (c->source != best->source || c->comment != best->comment)
			continue;
		if (is_visible(c->source) && c->node > last + TOGETHER_NODES)
			break;
		if (!worth_of(e, c, &more, worth))
			continue;
		last = c->node;
		add_names(names, &more);
	}
}

static struct slice join(const struct author_names *names, struct arena *arena)
{
	size_t size = 0, n = 0;
	char *out;

	for (size_t i = 0; i < names->n; i++)
		size += names->name[i].n + 2;
	if (!size)
		return (struct slice){ 0 };
	out = arena_alloc(arena, size);
	for (size_t i = 0; i < names->n; i++) {
		if (i) {
			memcpy(out + n, "; ", 2);
			n += 2;
		}
		memcpy(out + n, names->name[i].p, names->name[i].n);
		n += names->name[i].n;
	}
	return (struct slice){ out, n };
}

/* Meta elements that name the same people and more: some programs' JSON-LD has the first alone. */
static void widen(const struct evidence *e, struct author_names *best)
{
	for (size_t i = 0; i < e->n_authors && best->n == 1; i++) {
		struct author_names names;

		if (e->authors[i].source > AUTHOR_LABEL ||
			!worth_of(e, &e->authors[i], &names, WIDENS) || names.n < 2)
			continue;
		for (size_t k = 0; k < names.n; k++)
			if (slice_eq(names.name[k], best->name[0])) {
				*best = names;
				return;
			}
	}
}

struct slice author_choose(const struct evidence *e)
{
	struct author_names best = { 0 };
	const struct candidate *from = NULL;
	int most = LEAST - 1;

	for (size_t i = 0; i < e->jsonld.n_authors; i++) {
		struct author_names names;

		author_names(folded(e->jsonld.authors[i], e->arena), &names);
		if (i == 0 && names.n)
			most = WORTH_JSONLD + worth_of_names(e, &names);
		add_names(&best, &names);
	}
	for (size_t i = 0; i < e->n_authors; i++) {
		struct author_names names;
		int worth = worth_of(e, &e->authors[i], &names, most + 1);

		if (worth > most) {
			most = worth;
			best = names;
			from = &e->authors[i];
		}
	}
	if (from)
		add_companions(e, from, most, &best);
	widen(e, &best);
	return join(&best, e->arena);
}
