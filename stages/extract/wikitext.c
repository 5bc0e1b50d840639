/* Comments, tags, templates, tables and links, in one pass over a stack of open brackets.
 *
 * What is kept is appended to out at once. A frame of the stack remembers where in out its bracket
 * opened; when the bracket closes, what stands behind that place is replaced by what it shows. So
 * inner brackets are done before outer ones, and nothing is read twice but kept text, once a level.
 */
#include "stages/extract/wikitext_expand.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* Whether a byte means something here; all others are copied. Control characters are dropped. */
static bool is_special(unsigned char c)
{
	static const bool special[128] = { ['<'] = true,
		['{'] = true,
		['}'] = true,
		['['] = true,
		[']'] = true,
		['|'] = true,
		['-'] = true };

	return c < ' ' ? c != '\t' : c < sizeof(special) && special[c];
}

static void step(struct expander *x)
{
	switch (*x->p) {
	case '<':
		if (next_is(x, "<!--"))
			wiki_comment(x);
		else
			wiki_tag(x);
		break;
	case '{': wiki_open_braces(x); break;
	case '}':
		if (next_is(x, "}-") && top_is(x, VARIANT))
			wiki_close_variant(x);
		else
			wiki_close_braces(x);
		break;
	case '[': wiki_open_brackets(x); break;
	case ']': wiki_close_brackets(x); break;
	case '|': wiki_bar(x); break;
	case '-': wiki_dash(x); break;
	case '\n': wiki_newline(x); break;
	default: x->p++; break; /* a control character */
	}
}

static void expand(struct expander *x)
{
	while (x->p < x->end) {
		const char *run = x->p;

		while (x->p < x->end && !is_special((unsigned char)*x->p))
			x->p++;
		buf_append(x->out, run, (size_t)(x->p - run));
		if (x->p < x->end)
			step(x);
	}
	wiki_close_open_tables(x);
}

/* __DISAMBIG__ and what it is called elsewhere (the DISAMBIG magic word of the Disambiguator
 * extension, Disambiguator.i18n.magic.php). */
static bool has_switch(struct slice wikitext)
{
	static const char *const names[] = { "__DISAMBIG__", "__BEGRIFFSKLÄRUNG__",
		"__DESAMBIGUACION__", "__DESAMBIGUACIÓN__", "__HOMONYMIE__", "__DISAMBIGUA__",
		"__DESAMBIGUAÇÃO__", "__НЕОДНОЗНАЧНОСТЬ__", "__曖昧さ回避__", "__消歧义__" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_find(wikitext, slice_str(names[i])) < wikitext.n)
			return true;
	return false;
}

bool wikitext_disambiguates(struct slice title)
{
	return wiki_is_disambiguation_title(title);
}

bool wikitext_is_redirect(struct slice wikitext)
{
	struct slice word;
	size_t link;

	wikitext = slice_head(slice_trim(wikitext, " \t\r\n"), 500);
	link = slice_find(wikitext, SLICE("[["));
	if (!slice_starts(wikitext, SLICE("#")) || link == wikitext.n)
		return false;
	word = slice_trim(slice_skip(slice_head(wikitext, link), 1), " \t\r\n:");
	return wiki_is_redirect_word(word);
}

bool wikitext_to_text(
	struct slice wikitext, const struct wiki_names *names, unsigned flags, struct buf *out)
{
	bool markdown = flags & WIKI_MARKDOWN;
	struct buf expanded = { 0 };
	struct expander x = { .p = wikitext.p,
		.end = wikitext.n ? wikitext.p + wikitext.n : wikitext.p,
		.out = &expanded,
		.markdown = markdown,
		.links = markdown && flags & WIKI_LINKS,
		.names = names };

	if (!wikitext.n)
		return false;
	buf_reserve(&expanded, wikitext.n);
	expand(&x);
	wiki_lines(buf_view(&expanded), markdown, out);
	buf_release(&x.tmp);
	buf_release(&expanded);
	return x.disambiguation || has_switch(wikitext);
}
