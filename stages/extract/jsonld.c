/* Picks from JSON-LD the thing that the page is about. */
#include "stages/extract/jsonld.h"

#include "stages/extract/jsonld_tree.h"

enum { SCRIPT_MAX = 1024 * 1024, THINGS_MAX = 500, REFERENCES_MAX = 20, GRAPH_MAX = 200 };
enum { TYPES_MAX = 10, TEXT_MAX = 4000, NAME_MAX_BYTES = 300 };

/* Kinds of things that are pages' contents, by the end of their type's name: BlogPosting,
 * NewsArticle. */
static const struct {
	struct slice end;
	int rank;
} kinds[] = {
	{ { "Article", 7 }, JSONLD_ARTICLE },
	{ { "BlogPosting", 11 }, JSONLD_ARTICLE },
	{ { "DiscussionForumPosting", 22 }, JSONLD_ARTICLE },
	{ { "SocialMediaPosting", 18 }, JSONLD_ARTICLE },
	{ { "LiveBlogPosting", 15 }, JSONLD_ARTICLE },
	{ { "Report", 6 }, JSONLD_ARTICLE },
	{ { "Recipe", 6 }, JSONLD_THING },
	{ { "Question", 8 }, JSONLD_THING },
	{ { "HowTo", 5 }, JSONLD_THING },
	{ { "JobPosting", 10 }, JSONLD_THING },
	{ { "Event", 5 }, JSONLD_THING },
	{ { "Product", 7 }, JSONLD_THING },
	{ { "Book", 4 }, JSONLD_THING },
	{ { "Dataset", 7 }, JSONLD_THING },
	{ { "CreativeWork", 12 }, JSONLD_THING },
	{ { "SoftwareApplication", 19 }, JSONLD_THING },
	{ { "VideoObject", 11 }, JSONLD_MEDIA },
	{ { "PodcastEpisode", 14 }, JSONLD_MEDIA },
	{ { "Course", 6 }, JSONLD_MEDIA },
	{ { "WebPage", 7 }, JSONLD_PAGE },
	{ { "ItemPage", 8 }, JSONLD_PAGE },
	{ { "AboutPage", 9 }, JSONLD_PAGE },
	{ { "CollectionPage", 14 }, JSONLD_PAGE },
	{ { "FAQPage", 7 }, JSONLD_PAGE },
	{ { "QAPage", 6 }, JSONLD_PAGE },
	{ { "WebSite", 7 }, JSONLD_SITE },
};

/* A page's JSON-LD while it is read. steps bounds the work over things that hold things. */
struct reader {
	struct jsonld_facts *f;
	struct arena *arena;
	const struct ld_value *root;
	int steps, references;
};

static struct slice text_in(struct reader *r, struct ld_value *value)
{
	if (ld_is(value, LD_ARRAY))
		value = ld_first(value);
	return slice_head(ld_text(value, r->arena), TEXT_MAX);
}

static int rank_of_name(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (slice_ends(name, kinds[i].end))
			return kinds[i].rank;
	return JSONLD_NONE;
}

int jsonld_rank(const struct ld_value *thing, struct arena *arena)
{
	struct ld_value *type = ld_get(thing, "@type");
	int best = JSONLD_NONE, left = TYPES_MAX;

	if (ld_is(type, LD_STRING))
		return rank_of_name(ld_text(type, arena));
	for (struct ld_value *one = ld_first(type); one && left--; one = one->next) {
		int rank = ld_is(one, LD_STRING) ? rank_of_name(ld_text(one, arena)) : JSONLD_NONE;

		best = MAX(best, rank);
	}
	return best;
}

static bool has_id(struct reader *r, const struct ld_value *thing, struct slice id)
{
	struct ld_value *other = ld_get(thing, "@id");

	return ld_is(other, LD_STRING) && slice_eq(ld_text(other, r->arena), id) &&
		ld_get(thing, "name");
}

static struct ld_value *find_in(struct reader *r, const struct ld_value *list, struct slice id)
{
	int left = GRAPH_MAX;

	for (struct ld_value *thing = ld_first(list); thing && left--; thing = thing->next) {
		int left_inside = GRAPH_MAX;

		if (has_id(r, thing, id))
			return thing;
		for (struct ld_value *inner = ld_first(ld_get(thing, "@graph"));
			inner && left_inside--; inner = inner->next)
			if (has_id(r, inner, id))
				return inner;
	}
	return NULL;
}

/* The named thing whose @id is that of reference, or reference itself. */
static const struct ld_value *resolve(struct reader *r, const struct ld_value *reference)
{
	struct ld_value *id = ld_get(reference, "@id");
	const struct ld_value *thing;

	if (!ld_is(id, LD_STRING) || ld_get(reference, "name") || r->references++ >= REFERENCES_MAX)
		return reference;
	thing = find_in(r, ld_is(r->root, LD_ARRAY) ? r->root : ld_get(r->root, "@graph"),
		ld_text(id, r->arena));
	return thing ? thing : reference;
}

static struct slice name_of(struct reader *r, struct ld_value *who)
{
	if (ld_is(who, LD_OBJECT))
		who = ld_get(resolve(r, who), "name");
	if (ld_is(who, LD_ARRAY))
		who = ld_first(who);
	return ld_text(who, r->arena);
}

static void add_author(struct reader *r, struct ld_value *who, struct jsonld_facts *one)
{
	struct slice name = name_of(r, who);

	if (name.p && name.n < NAME_MAX_BYTES && one->n_authors < JSONLD_AUTHORS_MAX)
		one->authors[one->n_authors++] = name;
}

/* One, several, or, out of some programs, a list inside a list. */
static void read_authors(
	struct reader *r, struct ld_value *who, struct jsonld_facts *one, int depth)
{
	int left = JSONLD_AUTHORS_MAX;

	if (!ld_is(who, LD_ARRAY)) {
		add_author(r, who, one);
		return;
	}
	for (who = ld_first(who); depth < 3 && who && left--; who = who->next)
		read_authors(r, who, one, depth + 1);
}

static struct slice either(struct slice first, struct slice second)
{
	return first.n ? first : second;
}

static void take(struct slice *to, struct slice from, bool over)
{
	*to = over ? either(from, *to) : either(*to, from);
}

static struct slice text_of(
	struct reader *r, const struct ld_value *thing, const char *key, const char *other)
{
	struct slice first = text_in(r, ld_get(thing, key));

	return first.n || !other ? first : text_in(r, ld_get(thing, other));
}

/* A thing of a higher rank overrules what was found before; of the same rank the first counts. */
static void read_facts(struct reader *r, const struct ld_value *thing, int rank)
{
	struct jsonld_facts *f = r->f, one = { 0 };
	struct ld_value *who = ld_get(thing, "author");
	struct ld_value *license = ld_get(thing, "license");
	bool over = rank > f->rank;

	if (rank == JSONLD_SITE) { /* its name is no page's title */
		take(&f->site, text_of(r, thing, "name", NULL), false);
		return;
	}
	take(&f->title, text_of(r, thing, "headline", "name"), over);
	take(&f->published, text_of(r, thing, "datePublished", "dateCreated"), over);
	if (!f->published.n)
		take(&f->published, text_of(r, thing, "uploadDate", "datePosted"), over);
	take(&f->modified, text_of(r, thing, "dateModified", NULL), over);
	take(&f->description, text_of(r, thing, "description", NULL), over);
	take(&f->language, text_of(r, thing, "inLanguage", NULL), over);
	take(&f->license, text_in(r, ld_is(license, LD_OBJECT) ? ld_get(license, "url") : license),
		over);
	take(&f->site, slice_head(name_of(r, ld_get(thing, "publisher")), TEXT_MAX), false);
	read_authors(r, who ? who : ld_get(thing, "creator"), &one, 0);
	if (one.n_authors && (over || !f->n_authors)) {
		memcpy(f->authors, one.authors, sizeof(f->authors));
		f->n_authors = one.n_authors;
	}
	f->rank = MAX(f->rank, rank);
}

static void read_thing(struct reader *r, const struct ld_value *thing, int depth)
{
	static const char *const inside[] = { "@graph", "mainEntity", "mainEntityOfPage" };
	int rank;

	if (depth > 8 || r->steps++ > THINGS_MAX)
		return;
	for (struct ld_value *one = ld_first(thing); one && r->steps <= THINGS_MAX; one = one->next)
		read_thing(r, one, depth + 1);
	if (!ld_is(thing, LD_OBJECT))
		return;
	rank = jsonld_rank(thing, r->arena);
	if (rank > 0)
		read_facts(r, thing, rank);
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		read_thing(r, ld_get(thing, inside[i]), depth + 1);
}

/* --- what is no JSON -------------------------------------------------------------------------- */

/* The string behind "key": in what is no JSON, or {NULL, 0}. Its escapes stay. */
static struct slice string_behind(struct slice text, struct slice key)
{
	struct slice rest = slice_skip(text, slice_find(text, key) + key.n);
	size_t n = 0;

	rest = slice_skip(rest, rest.n && *rest.p == '"');
	while (rest.n && byte_in(*rest.p, " :[{\t\r\n"))
		rest = slice_skip(rest, 1);
	if (rest.n < 2 || *rest.p != '"')
		return (struct slice){ 0 };
	rest = slice_skip(rest, 1);
	while (n < rest.n && n < 300 && rest.p[n] != '"' && rest.p[n] != '\\')
		n++;
	return n < rest.n && rest.p[n] == '"' ? slice_head(rest, n) : (struct slice){ 0 };
}

static void read_broken(struct slice text, struct jsonld_facts *f, struct arena *arena)
{
	struct slice author = slice_skip(text, slice_find(text, SLICE("\"author\"")));
	struct slice name = string_behind(slice_head(author, 400), SLICE("\"name\""));
	struct slice published = string_behind(text, SLICE("\"datePublished\""));
	struct slice title = string_behind(text, SLICE("\"headline\""));

	if (f->rank >= JSONLD_ARTICLE || (!published.n && !title.n))
		return;
	take(&f->title, arena_copy(arena, title), true);
	take(&f->published, arena_copy(arena, published), true);
	if (name.n) {
		f->authors[0] = arena_copy(arena, name);
		f->n_authors = 1;
	}
	f->rank = JSONLD_ARTICLE;
}

void jsonld_read(struct slice script, struct jsonld_facts *f, struct arena *arena)
{
	struct reader r = { .f = f, .arena = arena };
	struct arena values = { 0 };
	struct slice rest;

	if (script.n > SCRIPT_MAX)
		return;
	rest.p = jsonld_repaired(script, arena, &rest.n);
	while (rest.n) {
		r.root = ld_parse(&rest, &values);
		if (!r.root) {
			read_broken(rest, f, arena);
			break;
		}
		read_thing(&r, r.root, 0);
		while (rest.n && byte_in(*rest.p, " ,;"))
			rest = slice_skip(rest, 1);
	}
	arena_release(&values);
}
