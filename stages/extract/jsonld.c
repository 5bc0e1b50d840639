/* Reads JSON-LD with jansson and picks the thing that the page is about. */
#include "stages/extract/jsonld.h"

#include "lib/core/buf.h"

#include <jansson.h>

enum { SCRIPT_MAX = 1024 * 1024, THINGS_MAX = 2000, NAMES_MAX = 10 };

/* Kinds of things that are pages' contents, by the end of their type's name: BlogPosting,
 * NewsArticle. A higher rank is nearer to the text. */
static const struct {
	const char *end;
	int rank;
} kinds[] = {
	{ "Article", 5 },
	{ "BlogPosting", 5 },
	{ "DiscussionForumPosting", 5 },
	{ "Report", 5 },
	{ "Recipe", 4 },
	{ "Question", 4 },
	{ "HowTo", 4 },
	{ "JobPosting", 4 },
	{ "Event", 4 },
	{ "Product", 4 },
	{ "Book", 4 },
	{ "VideoObject", 3 },
	{ "Course", 3 },
	{ "WebPage", 2 },
	{ "ItemPage", 2 },
	{ "CollectionPage", 2 },
	{ "FAQPage", 2 },
	{ "WebSite", 1 },
};

/* A page's JSON-LD while it is read. steps bounds the work over things that hold things. */
struct reader {
	struct jsonld_facts *f;
	struct arena *arena;
	const json_t *root;
	int steps;
};

static struct slice copy_text(struct reader *r, const json_t *value)
{
	struct slice s;

	if (!json_is_string(value))
		return (struct slice){ 0 };
	s = (struct slice){ json_string_value(value), json_string_length(value) };
	return s.n ? arena_copy(r->arena, s) : (struct slice){ 0 };
}

static int rank_of_name(const char *type)
{
	struct slice name = slice_str(type);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (slice_ends(name, slice_str(kinds[i].end)))
			return kinds[i].rank;
	return 0;
}

static int rank_of(const json_t *thing)
{
	const json_t *type = json_object_get(thing, "@type");
	int best = 0;

	if (json_is_string(type))
		return rank_of_name(json_string_value(type));
	for (size_t i = 0; i < json_array_size(type); i++) {
		const json_t *one = json_array_get(type, i);

		if (json_is_string(one))
			best = MAX(best, rank_of_name(json_string_value(one)));
	}
	return best;
}

/* The object in the page's graph whose @id is that of reference, or reference itself. */
static const json_t *resolve(const struct reader *r, const json_t *reference)
{
	const json_t *id = json_object_get(reference, "@id");
	const json_t *graph = json_object_get(r->root, "@graph");

	if (!json_is_string(id) || json_object_get(reference, "name"))
		return reference;
	for (size_t i = 0; i < MIN(json_array_size(graph), (size_t)100); i++) {
		const json_t *thing = json_array_get(graph, i);
		const json_t *other = json_object_get(thing, "@id");

		if (json_is_string(other) &&
			strcmp(json_string_value(other), json_string_value(id)) == 0)
			return thing;
	}
	return reference;
}

static const json_t *name_of(const struct reader *r, const json_t *who)
{
	if (json_is_object(who))
		who = json_object_get(resolve(r, who), "name");
	if (json_is_array(who))
		who = json_array_get(who, 0);
	return json_is_string(who) ? who : NULL;
}

static void add_name(struct reader *r, const json_t *who, struct buf *names)
{
	const json_t *name = name_of(r, who);

	if (!name || json_string_length(name) == 0 || json_string_length(name) > 200 ||
		strstr(json_string_value(name), "://"))
		return;
	if (names->n)
		buf_str(names, ", ");
	buf_append(names, json_string_value(name), json_string_length(name));
}

static struct slice names_of(struct reader *r, const json_t *who)
{
	struct buf names = { 0 };
	struct slice out = { 0 };

	if (json_is_array(who))
		for (size_t i = 0; i < MIN(json_array_size(who), (size_t)NAMES_MAX); i++)
			add_name(r, json_array_get(who, i), &names);
	else
		add_name(r, who, &names);
	if (names.n)
		out = arena_copy(r->arena, buf_view(&names));
	buf_release(&names);
	return out;
}

static struct slice either(struct slice first, struct slice second)
{
	return first.n ? first : second;
}

/* A thing of a higher rank overrules what was found before; of the same rank the first counts. */
static void read_facts(struct reader *r, const json_t *thing, int rank)
{
	struct jsonld_facts *f = r->f;
	struct jsonld_facts one = {
		.title = either(copy_text(r, json_object_get(thing, "headline")),
			copy_text(r, json_object_get(thing, "name"))),
		.author = names_of(r, json_object_get(thing, "author")),
		.published = either(copy_text(r, json_object_get(thing, "datePublished")),
			copy_text(r, json_object_get(thing, "dateCreated"))),
		.site = names_of(r, json_object_get(thing, "publisher")),
		.license = copy_text(r, json_object_get(thing, "license")),
	};
	bool over = rank > f->rank;

	if (rank == 1) { /* the site: its name is no page's title */
		f->site = either(f->site, one.title);
		return;
	}
	f->title = over ? either(one.title, f->title) : either(f->title, one.title);
	f->author = over ? either(one.author, f->author) : either(f->author, one.author);
	f->published =
		over ? either(one.published, f->published) : either(f->published, one.published);
	f->site = either(f->site, one.site);
	f->license = either(f->license, one.license);
	f->rank = MAX(f->rank, rank);
}

static void read_thing(struct reader *r, const json_t *thing, int depth)
{
	static const char *const inside[] = { "@graph", "mainEntity", "mainEntityOfPage" };

	if (depth > 8 || r->steps++ > THINGS_MAX)
		return;
	for (size_t i = 0; i < json_array_size(thing); i++)
		read_thing(r, json_array_get(thing, i), depth + 1);
	if (!json_is_object(thing))
		return;
	if (rank_of(thing) > 0)
		read_facts(r, thing, rank_of(thing));
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		read_thing(r, json_object_get(thing, inside[i]), depth + 1);
}

/* Line breaks inside strings are no JSON, and common. */
static char *without_controls(struct slice script)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < script.n; i++)
		buf_byte(&out, (unsigned char)script.p[i] < ' ' ? ' ' : script.p[i]);
	return buf_cstr(&out);
}

void jsonld_read(struct slice script, struct jsonld_facts *f, struct arena *arena)
{
	struct reader r = { .f = f, .arena = arena };
	json_error_t unused;
	json_t *root;
	char *clean;

	if (script.n > SCRIPT_MAX)
		return;
	clean = without_controls(script);
	root = json_loads(clean, JSON_DISABLE_EOF_CHECK, &unused);
	free(clean);
	r.root = root;
	if (json_is_array(root) && json_array_size(root) > 0 &&
		json_object_get(json_array_get(root, 0), "@graph"))
		r.root = json_array_get(root, 0);
	read_thing(&r, root, 0);
	json_decref(root);
}
