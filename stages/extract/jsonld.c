/* Reads JSON-LD with jansson and picks the thing that the page is about. */
#include "stages/extract/jsonld.h"

#include <jansson.h>

enum { SCRIPT_MAX = 1024 * 1024, THINGS_MAX = 500, REFERENCES_MAX = 20, GRAPH_MAX = 200 };

/* Kinds of things that are pages' contents, by the end of their type's name: BlogPosting,
 * NewsArticle. */
static const struct {
	const char *end;
	int rank;
} kinds[] = {
	{ "Article", JSONLD_ARTICLE },
	{ "BlogPosting", JSONLD_ARTICLE },
	{ "DiscussionForumPosting", JSONLD_ARTICLE },
	{ "SocialMediaPosting", JSONLD_ARTICLE },
	{ "LiveBlogPosting", JSONLD_ARTICLE },
	{ "Report", JSONLD_ARTICLE },
	{ "Recipe", JSONLD_THING },
	{ "Question", JSONLD_THING },
	{ "HowTo", JSONLD_THING },
	{ "JobPosting", JSONLD_THING },
	{ "Event", JSONLD_THING },
	{ "Product", JSONLD_THING },
	{ "Book", JSONLD_THING },
	{ "Dataset", JSONLD_THING },
	{ "CreativeWork", JSONLD_THING },
	{ "SoftwareApplication", JSONLD_THING },
	{ "VideoObject", JSONLD_MEDIA },
	{ "PodcastEpisode", JSONLD_MEDIA },
	{ "Course", JSONLD_MEDIA },
	{ "WebPage", JSONLD_PAGE },
	{ "ItemPage", JSONLD_PAGE },
	{ "AboutPage", JSONLD_PAGE },
	{ "CollectionPage", JSONLD_PAGE },
	{ "FAQPage", JSONLD_PAGE },
	{ "QAPage", JSONLD_PAGE },
	{ "WebSite", JSONLD_SITE },
};

/* A page's JSON-LD while it is read. steps bounds the work over things that hold things. */
struct reader {
	struct jsonld_facts *f;
	struct arena *arena;
	const json_t *root;
	int steps, references;
};

static struct slice copy_text(struct reader *r, const json_t *value)
{
	struct slice s;

	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (!json_is_string(value))
		return (struct slice){ 0 };
	s = (struct slice){ json_string_value(value), json_string_length(value) };
	return s.n ? arena_copy(r->arena, slice_head(s, 4000)) : (struct slice){ 0 };
}

static int rank_of_name(const char *type)
{
	struct slice name = slice_str(type);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (slice_ends(name, slice_str(kinds[i].end)))
			return kinds[i].rank;
	return JSONLD_NONE;
}

static int rank_of(const json_t *thing)
{
	const json_t *type = json_object_get(thing, "@type");
	int best = JSONLD_NONE;

	if (json_is_string(type))
		return rank_of_name(json_string_value(type));
	for (size_t i = 0; i < MIN(json_array_size(type), (size_t)10); i++) {
		const json_t *one = json_array_get(type, i);

		if (json_is_string(one))
			best = MAX(best, rank_of_name(json_string_value(one)));
	}
	return best;
}

static bool has_id(const json_t *thing, const char *id)
{
	const json_t *other = json_object_get(thing, "@id");

	return json_is_string(other) && strcmp(json_string_value(other), id) == 0 &&
		json_object_get(thing, "name");
}

static const json_t *find_in(const json_t *list, const char *id)
{
	for (size_t i = 0; i < MIN(json_array_size(list), (size_t)GRAPH_MAX); i++) {
		const json_t *thing = json_array_get(list, i);
		const json_t *inner = json_object_get(thing, "@graph");

		if (has_id(thing, id))
			return thing;
		for (size_t k = 0; k < MIN(json_array_size(inner), (size_t)GRAPH_MAX); k++)
			if (has_id(json_array_get(inner, k), id))
				return json_array_get(inner, k);
	}
	return NULL;
}

/* The named thing whose @id is that of reference, or reference itself. */
static const json_t *resolve(struct reader *r, const json_t *reference)
{
	const json_t *id = json_object_get(reference, "@id");
	const json_t *thing;

	if (!json_is_string(id) || json_object_get(reference, "name") ||
		r->references++ >= REFERENCES_MAX)
		return reference;
	thing = find_in(json_is_array(r->root) ? r->root : json_object_get(r->root, "@graph"),
		json_string_value(id));
	return thing ? thing : reference;
}

static const json_t *name_of(struct reader *r, const json_t *who)
{
	if (json_is_object(who))
		who = json_object_get(resolve(r, who), "name");
	if (json_is_array(who))
		who = json_array_get(who, 0);
	return json_is_string(who) ? who : NULL;
}

static void add_author(struct reader *r, const json_t *who, struct jsonld_facts *one)
{
	const json_t *name = name_of(r, who);

	if (name && json_string_length(name) < 300 && one->n_authors < JSONLD_AUTHORS_MAX)
		one->authors[one->n_authors++] = copy_text(r, name);
}

/* One, several, or, out of some programs, a list inside a list. */
static void read_authors(struct reader *r, const json_t *who, struct jsonld_facts *one, int depth)
{
	if (!json_is_array(who)) {
		add_author(r, who, one);
		return;
	}
	for (size_t i = 0; depth < 3 && i < MIN(json_array_size(who), (size_t)JSONLD_AUTHORS_MAX);
		i++)
		read_authors(r, json_array_get(who, i), one, depth + 1);
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
	struct reader *r, const json_t *thing, const char *key, const char *other)
{
	struct slice first = copy_text(r, json_object_get(thing, key));

	return first.n || !other ? first : copy_text(r, json_object_get(thing, other));
}

static struct slice named(struct reader *r, const json_t *thing, const char *key)
{
	const json_t *name = name_of(r, json_object_get(thing, key));

	return name ? copy_text(r, name) : (struct slice){ 0 };
}

/* A thing of a higher rank overrules what was found before; of the same rank the first counts. */
static void read_facts(struct reader *r, const json_t *thing, int rank)
{
	struct jsonld_facts *f = r->f, one = { 0 };
	const json_t *who = json_object_get(thing, "author");
	const json_t *license = json_object_get(thing, "license");
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
	take(&f->license,
		copy_text(r, json_is_object(license) ? json_object_get(license, "url") : license),
		over);
	take(&f->site, named(r, thing, "publisher"), false);
	read_authors(r, who ? who : json_object_get(thing, "creator"), &one, 0);
	if (one.n_authors && (over || !f->n_authors)) {
		memcpy(f->authors, one.authors, sizeof(f->authors));
		f->n_authors = one.n_authors;
	}
	f->rank = MAX(f->rank, rank);
}

static void read_thing(struct reader *r, const json_t *thing, int depth)
{
	static const char *const inside[] = { "@graph", "mainEntity", "mainEntityOfPage" };

	if (depth > 8 || r->steps++ > THINGS_MAX)
		return;
	for (size_t i = 0; i < json_array_size(thing) && r->steps <= THINGS_MAX; i++)
		read_thing(r, json_array_get(thing, i), depth + 1);
	if (!json_is_object(thing))
		return;
	if (rank_of(thing) > 0)
		read_facts(r, thing, rank_of(thing));
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		read_thing(r, json_object_get(thing, inside[i]), depth + 1);
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
	struct slice rest;
	char *text;
	size_t n;

	if (script.n > SCRIPT_MAX)
		return;
	text = jsonld_repaired(script, arena, &n);
	for (rest = (struct slice){ text, n }; rest.n;) {
		json_error_t error;
		json_t *root = json_loadb(rest.p, rest.n, JSON_DISABLE_EOF_CHECK, &error);

		if (!root) {
			read_broken(rest, f, arena);
			return;
		}
		r.root = root;
		read_thing(&r, root, 0);
		json_decref(root);
		rest = slice_skip(rest, MAX((size_t)error.position, 1));
		while (rest.n && byte_in(*rest.p, " ,;"))
			rest = slice_skip(rest, 1);
	}
}
