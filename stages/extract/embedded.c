/* Looks through the data of a page for the thing that the page is about. */
#include "stages/extract/embedded.h"

#include "stages/extract/embedded_text.h"
#include "stages/extract/evidence.h"
#include "stages/extract/markdown.h"
#include "stages/extract/text.h"

/* SHOWN_MAX: a page that shows more is no shell, whatever else it carries. TEXT_MIN: less is a
 * description of the page. TIMES: how much longer the text must be than what is shown. */
enum { SHOWN_MAX = 1000, TEXT_MIN = 200, TIMES = 4 };

enum {
	DATA_MAX = 2 * 1024 * 1024, /* bytes of one script or attribute: 50 MiB of values at most */
	THINGS_MAX = 64, /* things on a page whose text is gathered */
	STEPS_MAX = 1000 * 1000, /* values looked at on a page, and bytes of text by the dozen */
	TITLE_WORDS = 32,
	KEEP_BYTES = 1024 * 1024,
};

struct search {
	struct embedded *e;
	uint32_t words[TITLE_WORDS]; /* of the page's title */
	size_t n_words;
	uint64_t steps;
	int things;
	enum embedded_from from; /* where it looks */
	enum embedded_from best; /* where the text in e->html was */
};

const char *embedded_name(enum embedded_from from)
{
	static const char *const names[] = {
		[EMBEDDED_PRELOADED] = "data-preloaded",
		[EMBEDDED_STATE] = "state",
		[EMBEDDED_JSONLD] = "json-ld",
	};

	return names[from];
}

/* --- things ----------------------------------------------------------------------------------- */

/* Most words of either title are in the other, which may have the site's name besides. */
static bool is_title(const struct search *s, struct slice title)
{
	uint32_t words[TITLE_WORDS];
	size_t n = word_hashes(title, words, TITLE_WORDS), common = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < s->n_words; k++)
			if (words[i] == s->words[k]) {
				common++;
				break;
			}
	return common && common * 10 >= MAX(n, s->n_words) * 6;
}

static bool is_of_type(const struct ld_value *thing, struct slice name, struct arena *arena)
{
	struct ld_value *type = ld_get(thing, "@type");

	return slice_eq(ld_text(ld_is(type, LD_ARRAY) ? ld_first(type) : type, arena), name);
}

static bool is_thread(const struct ld_value *thing, struct arena *arena)
{
	static const struct slice types[] = { { "DiscussionForumPosting", 22 },
		{ "SocialMediaPosting", 18 }, { "Question", 8 }, { "QAPage", 6 } };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (is_of_type(thing, types[i], arena))
			return true;
	return false;
}

/* Of schema.org's things those count whose text is the page's by their type, and others of the
 * page's title. The description of an article is none. */
static bool is_main_thing(const struct search *s, const struct ld_value *thing)
{
	struct arena *arena = &s->e->arena;
	int rank = jsonld_rank(thing, arena);

	if (is_thread(thing, arena) || is_of_type(thing, SLICE("FAQPage"), arena))
		return true;
	if (rank == JSONLD_ARTICLE)
		return ld_get(thing, "articleBody") || ld_get(thing, "text");
	return rank >= JSONLD_MEDIA && is_title(s, embedded_title(thing, arena));
}

static void consider(struct search *s, struct ld_value *thing)
{
	struct embedded *e = s->e;
	unsigned how = 0;
	uint64_t bytes;

	if (s->from == EMBEDDED_JSONLD)
		how = EMBEDDED_LINKED | (is_thread(thing, &e->arena) ? EMBEDDED_THREAD : 0);
	buf_clear(&e->candidate, KEEP_BYTES);
	bytes = embedded_text(thing, how, &s->steps, &e->arena, &e->candidate);
	/* The thing itself comes before what it is in, which holds it and more that is none of it;
	 * copies differ by little. */
	if (bytes * 4 > e->bytes * 5) {
		struct buf less = e->html;

		e->html = e->candidate;
		e->candidate = less;
		e->bytes = bytes;
		s->best = s->from;
	}
}

static void search_text(struct search *s, struct slice json, int level);

static void search_value(struct search *s, struct ld_value *v, int level)
{
	bool found = false;

	if (!s->steps || !s->things)
		return;
	s->steps--;
	if (v->kind == LD_SCALAR)
		return;
	if (v->kind == LD_STRING) { /* JSON in JSON */
		if (level == 0 && v->text.n > TEXT_MIN && byte_in(*v->text.p, "{["))
			search_text(s, ld_text(v, &s->e->arena), level + 1);
		return;
	}
	for (struct ld_value *one = v->first; one; one = one->next)
		search_value(s, one, level);
	if (v->kind == LD_ARRAY)
		return;
	if (s->from == EMBEDDED_JSONLD)
		found = is_main_thing(s, v);
	else
		found = is_title(s, embedded_title(v, &s->e->arena));
	if (found && s->things) {
		s->things--;
		consider(s, v);
	}
}

/* The first value of json; JSON-LD may have several. */
static void search_text(struct search *s, struct slice json, int level)
{
	struct ld_value *root;

	if (json.n > DATA_MAX)
		return;
	json.p = jsonld_repaired(json, &s->e->arena, &json.n);
	while (json.n && (root = ld_parse(&json, &s->e->arena)) != NULL) {
		search_value(s, root, level);
		if (s->from != EMBEDDED_JSONLD)
			break;
		while (json.n && byte_in(*json.p, " ,;"))
			json = slice_skip(json, 1);
	}
}

/* --- the page's data -------------------------------------------------------------------------- */

/* JSON in a string of JavaScript, as an array of that string: what escapes the two languages share
 * are all that writers of JSON use. */
static struct slice literal(struct slice script, struct arena *arena)
{
	size_t end = 1;
	char *list;

	while (end < script.n && script.p[end] != '"')
		end += script.p[end] == '\\' ? 2 : 1;
	if (end >= script.n || end > DATA_MAX)
		return (struct slice){ 0 };
	list = arena_alloc(arena, end + 3);
	list[0] = '[';
	memcpy(list + 1, script.p, end + 1);
	list[end + 2] = ']';
	return (struct slice){ list, end + 3 };
}

/* The JSON behind window.NAME = in a script that begins so; also as JSON.parse("..."). */
static struct slice assigned(struct slice script, struct arena *arena)
{
	static const struct slice globals[] = { { "window", 6 }, { "self", 4 },
		{ "globalThis", 10 } };
	static const struct slice parse = { "JSON.parse(\"", 12 };
	enum { HEAD = 120 };
	size_t i = 0;

	script = slice_trim(script, " \t\r\n;");
	while (i < ARRAY_LEN(globals) && !slice_starts(script, globals[i]))
		i++;
	if (i == ARRAY_LEN(globals))
		return (struct slice){ 0 };
	script = slice_skip(script, slice_find(slice_head(script, HEAD), SLICE("=")) + 1);
	while (script.n && byte_in(*script.p, " \t\r\n"))
		script = slice_skip(script, 1);
	if (slice_starts(script, parse))
		return literal(slice_skip(script, parse.n - 1), arena);
	return script.n && byte_in(*script.p, "{[") ? script : (struct slice){ 0 };
}

/* The data that node i has of the kind that is looked for. */
static struct slice data_of(const struct search *s, const struct html_tree *t, uint32_t i)
{
	const struct slice none = { 0 };
	struct slice type;
	bool linked;

	if (s->from == EMBEDDED_PRELOADED)
		return t->nodes[i].n ? html_attr(t, i, HTML_ATTR_DATA_PRELOADED) : none;
	if (t->nodes[i].tag != HTML_SCRIPT || !html_first(t, i))
		return none;
	type = html_attr(t, i, HTML_ATTR_TYPE);
	linked = slice_starts(type, SLICE("application/ld+json"));
	if (linked != (s->from == EMBEDDED_JSONLD))
		return none;
	if (linked || slice_starts(type, SLICE("application/json")))
		return html_text(t, i + 1);
	return assigned(html_text(t, i + 1), &s->e->arena);
}

static void search_page(struct search *s, const struct html_tree *t)
{
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct slice data;

		if (t->nodes[i].tag == HTML_TEXT)
			continue;
		data = data_of(s, t, i);
		if (data.n < TEXT_MIN)
			continue;
		search_text(s, data, 0);
		arena_reset(&s->e->arena);
	}
}

/* --- the text --------------------------------------------------------------------------------- */

void embedded_write(struct embedded *e, bool markdown, bool links, struct buf *out)
{
	const struct html_limits limits = {
		.max_nodes = 1000000,
		.max_depth = 512,
		.max_bytes = 4 * DATA_MAX,
	};
	struct slice rest = buf_view(&e->html);

	while (rest.n) {
		struct slice one = slice_head(rest, slice_find(rest, SLICE("\0")));
		size_t begin = out->n, gap = begin ? 2 : 0;

		rest = slice_skip(rest, one.n + 1);
		html_parse(&e->tree, one, &limits);
		buf_append(out, "\n\n", gap);
		if (markdown)
			html_markdown_of(&e->tree, NULL, links, out);
		else
			html_text_of(&e->tree, NULL, out);
		if (out->n == begin + gap)
			out->n = begin;
	}
}

/* Whether the page shows the text: most of some samples of it. */
static bool is_shown(struct slice text, struct slice page)
{
	enum { SAMPLES = 9, SAMPLE = 32 };
	const size_t step = text.n > SAMPLE ? (text.n - SAMPLE) / (SAMPLES - 1) : 0;
	size_t found = 0, n = 0;

	for (size_t i = 0; i < SAMPLES; i++) {
		struct slice sample = slice_head(slice_skip(text, i * step), (size_t)SAMPLE);

		if (memchr(sample.p, '\n', sample.n)) /* lines may end elsewhere */
			continue;
		n++;
		found += slice_find(page, sample) < page.n;
	}
	return found * 2 > n;
}

static bool is_long(uint64_t bytes, uint64_t shown)
{
	return bytes >= TEXT_MIN && bytes >= TIMES * shown;
}

enum embedded_from embedded_find(
	struct embedded *e, const struct html_tree *t, struct slice title, uint64_t shown)
{
	struct search s = { .e = e, .steps = STEPS_MAX, .things = THINGS_MAX };

	if (shown > SHOWN_MAX)
		return EMBEDDED_NONE;
	e->bytes = 0;
	buf_clear(&e->html, KEEP_BYTES);
	s.n_words = word_hashes(title, s.words, TITLE_WORDS);
	for (s.from = EMBEDDED_PRELOADED; s.from <= EMBEDDED_JSONLD; s.from++)
		search_page(&s, t);
	if (!is_long(e->bytes, shown))
		return EMBEDDED_NONE;
	buf_clear(&e->text, KEEP_BYTES);
	buf_clear(&e->seen, KEEP_BYTES);
	embedded_write(e, false, false, &e->text);
	/* What was counted above may have been comments, scripts or drawings. */
	if (!is_long(embedded_bytes(buf_view(&e->text), false), shown))
		return EMBEDDED_NONE;
	html_text_all(t, &e->seen);
	return is_shown(buf_view(&e->text), buf_view(&e->seen)) ? EMBEDDED_NONE : s.best;
}

void embedded_release(struct embedded *e)
{
	buf_release(&e->html);
	buf_release(&e->candidate);
	buf_release(&e->text);
	buf_release(&e->seen);
	html_release(&e->tree);
	arena_release(&e->arena);
	*e = (struct embedded){ 0 };
}
