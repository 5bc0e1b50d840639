/* Finds the TeX of a formula among the ways in which pages hold it. */
#include "stages/extract/math.h"

#include "lib/core/arena.h"

enum {
	MAX_LOOK = 2000, /* nodes that are looked at for one formula */
	MAX_NEAR = 50, /* nodes on each side of one that are asked whether they are chosen */
	MAX_UP = 4, /* blocks around it that may hold the text it belongs to */
};

/* --- TeX -------------------------------------------------------------------------------------- */

/* Without what only sets the size: MediaWiki writes {\displaystyle x}. */
static struct slice unwrap(struct slice s)
{
	static const char *const styles[] = { "{\\displaystyle", "{\\textstyle", "{\\scriptstyle" };

	s = slice_trim(s, " \t\r\n\f");
	for (size_t i = 0; i < ARRAY_LEN(styles); i++)
		if (slice_starts(s, slice_str(styles[i])) && slice_ends(s, SLICE("}"))) {
			s = slice_skip(s, strlen(styles[i]));
			s.n--;
		}
	if (s.n > 4 && slice_starts(s, SLICE("$$")) && slice_ends(s, SLICE("$$")))
		s = (struct slice){ s.p + 2, s.n - 4 };
	else if (s.n > 2 && *s.p == '$' && s.p[s.n - 1] == '$')
		s = (struct slice){ s.p + 1, s.n - 2 };
	return slice_trim(s, " \t\r\n\f");
}

/* Where a comment at the head of s ends: behind its line, whose break goes too. */
static size_t comment_end(struct slice s)
{
	return slice_take_line(&s).n;
}

/* On one line; dollar signs in it (of \text{…}) become \( and \), which mean the same. */
static bool put_tex(struct buf *out, struct slice s)
{
	size_t start = out->n;
	bool inner = false;

	s = unwrap(s);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n && (unsigned char)s.p[i + 1] > ' ') {
			buf_byte(out, c);
			buf_byte(out, s.p[++i]);
		} else if (c == '%' && memchr(s.p + i, '\n', s.n - i)) {
			i += comment_end(slice_skip(s, i)) - 1;
		} else if (c == '$') {
			buf_str(out, inner ? "\\)" : "\\(");
			inner = !inner;
		} else if (c == ' ' || (c >= '\t' && c <= '\r')) {
			if (out->n > start && out->p[out->n - 1] != ' ')
				buf_byte(out, ' ');
		} else {
			buf_byte(out, c);
		}
	}
	while (out->n > start && byte_in(out->p[out->n - 1], " \\"))
		out->n--;
	return out->n > start;
}

/* --- where it stands -------------------------------------------------------------------------- */

static bool class_starts(const struct html_tree *t, uint32_t node, const char *head)
{
	return slice_starts(html_attr(t, node, HTML_ATTR_CLASS), slice_str(head));
}

static bool chosen(const struct html_tree *t, const uint8_t *in, uint32_t from, uint32_t to)
{
	if (!in)
		return true;
	for (uint32_t i = from; i < to && i < from + MAX_LOOK; i++)
		if (in[i] && t->nodes[i].tag == HTML_TEXT)
			return true;
	return false;
}

/* What the texts of the nodes from first to end say, those of node left aside. */
enum say { SAY_NOTHING, SAY_CHOSEN, SAY_NOT };

static enum say ask(
	const struct html_tree *t, const uint8_t *in, uint32_t first, uint32_t end, uint32_t node)
{
	enum say say = SAY_NOTHING;

	for (uint32_t i = first; i < end; i++) {
		if (i == node)
			i = t->nodes[node].end - 1;
		else if (t->nodes[i].tag != HTML_TEXT)
			i = html_tag_flags(t->nodes[i].tag) & HTML_NO_TEXT ? t->nodes[i].end - 1
									   : i;
		else if (in[i])
			return SAY_CHOSEN;
		else if (slice_trim(html_text(t, i), " \t\r\n\f").n)
			say = SAY_NOT;
	}
	return say;
}

/* True when the text that it stands in is chosen: what holds the TeX is hidden mostly, and so never
 * is. A block of formulas alone goes with the text around it. */
static bool near_chosen(const struct html_tree *t, const uint8_t *in, uint32_t node)
{
	uint32_t up = t->nodes[node].parent;

	for (unsigned blocks = 0; in && up && blocks < MAX_UP; up = t->nodes[up].parent) {
		uint32_t first = up + 1, end = t->nodes[up].end;
		enum say say;

		if (!html_tag_flags(t->nodes[up].tag))
			continue;
		blocks++;
		if (node - first > MAX_NEAR)
			first = node - MAX_NEAR;
		say = ask(t, in, first, MIN(end, t->nodes[node].end + MAX_NEAR), node);
		if (say != SAY_NOTHING)
			return say == SAY_CHOSEN;
	}
	return !in;
}

/* --- the kinds -------------------------------------------------------------------------------- */

static bool is_tex_annotation(const struct html_tree *t, uint32_t node)
{
	struct slice encoding = html_attr(t, node, HTML_ATTR_ENCODING);

	return slice_is_word(encoding, "application/x-tex") || slice_is_word(encoding, "TeX") ||
		slice_is_word(encoding, "application/x-latex");
}

/* The TeX in a math element or what holds one; {NULL, 0} when it has none. */
static struct slice find_tex(const struct html_tree *t, uint32_t node)
{
	struct slice alt = { 0 };
	uint32_t end = t->nodes[node].end;

	for (uint32_t i = node; i < end && i < node + MAX_LOOK; i++) {
		enum html_tag tag = t->nodes[i].tag;

		if (tag == HTML_MATH && !alt.n)
			alt = html_attr(t, i, HTML_ATTR_ALTTEXT);
		else if (tag == HTML_IMG && !alt.n)
			alt = html_attr(t, i, HTML_ATTR_ALT);
		else if (tag == HTML_OTHER && i + 1 < t->nodes[i].end &&
			t->nodes[i + 1].tag == HTML_TEXT && is_tex_annotation(t, i))
			return html_text(t, i + 1);
	}
	return alt;
}

static bool is_display(const struct html_tree *t, uint32_t math)
{
	uint32_t up = t->nodes[math].parent;

	if (slice_is_word(html_attr(t, math, HTML_ATTR_DISPLAY), "block"))
		return true;
	for (unsigned i = 0; up && i < 4; i++, up = t->nodes[up].parent)
		if (class_starts(t, up, "katex-display"))
			return true;
	return false;
}

static enum math_kind of_math(
	const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex, bool *display)
{
	if (!chosen(t, in, node, t->nodes[node].end))
		return MATH_COPY;
	*display = is_display(t, node);
	return put_tex(tex, find_tex(t, node)) ? MATH_TEX : MATH_NONE;
}

/* A span of MediaWiki: hidden MathML and an image. */
static enum math_kind of_mediawiki(
	const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex, bool *display)
{
	if (!chosen(t, in, node, t->nodes[node].end) && !near_chosen(t, in, node))
		return MATH_COPY;
	for (uint32_t i = node + 1; i < t->nodes[node].end && i < node + MAX_LOOK; i++)
		*display |= t->nodes[i].tag == HTML_MATH && is_display(t, i);
	return put_tex(tex, find_tex(t, node)) ? MATH_TEX : MATH_NONE;
}

static bool is_formula_image(const struct html_tree *t, uint32_t node)
{
	return class_starts(t, node, "mwe-math") || class_starts(t, node, "latex") ||
		slice_is_word(html_attr(t, node, HTML_ATTR_CLASS), "tex");
}

static enum math_kind of_image(
	const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex)
{
	if (!is_formula_image(t, node))
		return MATH_NONE;
	if (!near_chosen(t, in, node))
		return MATH_COPY;
	return put_tex(tex, html_attr(t, node, HTML_ATTR_ALT)) ? MATH_TEX : MATH_NONE;
}

static bool is_tex_script(const struct html_tree *t, uint32_t node)
{
	return t->nodes[node].tag == HTML_SCRIPT &&
		slice_starts(html_attr(t, node, HTML_ATTR_TYPE), SLICE("math/tex"));
}

static enum math_kind of_script(
	const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex, bool *display)
{
	struct slice type = html_attr(t, node, HTML_ATTR_TYPE);

	if (!is_tex_script(t, node) || node + 1 == t->nodes[node].end || !near_chosen(t, in, node))
		return MATH_COPY;
	*display = slice_find(type, SLICE("display")) < type.n;
	return put_tex(tex, html_text(t, node + 1)) ? MATH_TEX : MATH_COPY;
}

/* What MathJax 2 shows stands before the script it was made from. */
static bool script_follows(const struct html_tree *t, uint32_t node)
{
	for (int i = 0; i < 3 && (node = html_next(t, node)) != 0; i++)
		if (is_tex_script(t, node))
			return true;
	return false;
}

static enum math_kind of_box(
	const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex, bool *display)
{
	struct slice names = html_attr(t, node, HTML_ATTR_CLASS);

	if (slice_starts(names, SLICE("mwe-math-element")))
		return of_mediawiki(t, in, node, tex, display);
	if (slice_starts(names, SLICE("katex-html")) &&
		class_starts(t, t->nodes[node].parent + 1, "katex-mathml"))
		return MATH_COPY;
	if (slice_starts(names, SLICE("MathJax")) && script_follows(t, node))
		return MATH_COPY;
	return MATH_NONE;
}

enum math_kind math_at(
	const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex, bool *display)
{
	*display = false;
	switch (t->nodes[node].tag) {
	case HTML_MATH: return of_math(t, in, node, tex, display);
	case HTML_IMG: return of_image(t, in, node, tex);
	case HTML_SCRIPT: return of_script(t, in, node, tex, display);
	case HTML_SPAN:
	case HTML_DIV: return of_box(t, in, node, tex, display);
	default: return MATH_NONE;
	}
}

bool math_in(const struct html_tree *t)
{
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		enum html_tag tag = t->nodes[i].tag;

		if (tag == HTML_MATH || (tag == HTML_SCRIPT && is_tex_script(t, i)) ||
			(tag == HTML_IMG && is_formula_image(t, i)))
			return true;
	}
	return false;
}
