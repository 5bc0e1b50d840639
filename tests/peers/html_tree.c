/* The HTML parser for tests/peers/html_tree.py: reads requests from standard input and answers
 * each.
 *
 *	tree SIZE\n PAGE        the tree in the format of html5lib-tests
 *	text SIZE\n PAGE        the texts of the body but scripts, styles and templates, end to end
 *	names SIZE\n PAGE       the names of the elements but those in templates, a line each
 *	tokens STATE NAME SIZE\n PAGE
 *		a JSON array a line for each tag and text, read from the state on
 *
 * An answer is its size in a line, then that many bytes. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/web/html_parser.h"

#include <stdio.h>
#include <stdlib.h>

static const struct html_limits wide = {
	.max_nodes = 100000000, .max_depth = 100000, .max_bytes = UINT32_MAX
};

static const char *const attr_names[] = {
#define X(id, name) name,
	HTML_ATTRS(X)
#undef X
};

static void put_name(struct buf *out, const struct html_tree *t, uint32_t i)
{
	struct slice name = html_attr(t, i, HTML_ATTR_TAG);

	if (t->nodes[i].tag != HTML_OTHER)
		name = slice_str(html_tag_name(t->nodes[i].tag));
	for (size_t k = 0; k < name.n; k++)
		buf_byte(out, html_lower(name.p[k]));
}

static void put_indent(struct buf *out, unsigned depth)
{
	buf_str(out, "| ");
	for (unsigned i = 0; i < depth; i++)
		buf_str(out, "  ");
}

static void put_node(struct buf *out, const struct html_tree *t, uint32_t i, unsigned depth)
{
	static const char *const spaces[] = { "", "math ", "svg " };

	put_indent(out, depth);
	if (t->nodes[i].tag == HTML_TEXT) {
		buf_byte(out, '"');
		buf_slice(out, html_text(t, i));
		buf_str(out, "\"\n");
		return;
	}
	buf_byte(out, '<');
	buf_str(out, spaces[t->nodes[i].space]);
	put_name(out, t, i);
	buf_str(out, ">\n");
	for (size_t name = 0; name < ARRAY_LEN(attr_names); name++) {
		struct slice value = html_attr(t, i, (enum html_attr_name)name);

		if (!value.p)
			continue;
		put_indent(out, depth + 1);
		buf_printf(out, "%s=\"%.*s\"\n", attr_names[name], (int)value.n, value.p);
	}
}

static void put_tree(struct buf *out, struct slice page)
{
	struct html_tree t = { 0 };
	unsigned *depth;

	html_parse(&t, page, &wide);
	depth = mem_zalloc(t.n_nodes, sizeof(*depth));
	for (uint32_t i = 1; i < t.n_nodes; i++) {
		const struct html_node *parent = &t.nodes[t.nodes[i].parent];
		bool in_template = parent->tag == HTML_TEMPLATE && !parent->space;

		depth[i] = depth[t.nodes[i].parent] + 1 + in_template;
		if (in_template && i == t.nodes[i].parent + 1) {
			put_indent(out, depth[i] - 2);
			buf_str(out, "content\n");
		}
		put_node(out, &t, i, depth[i] - 1);
		if (t.nodes[i].tag == HTML_TEMPLATE && !t.nodes[i].space &&
			t.nodes[i].end == i + 1) {
			put_indent(out, depth[i]);
			buf_str(out, "content\n");
		}
	}
	free(depth);
	html_release(&t);
}

static void put_text(struct buf *out, struct slice page)
{
	struct html_tree t = { 0 };
	uint32_t i = 1;

	html_parse(&t, page, &wide);
	while (i < t.n_nodes && t.nodes[i].tag != HTML_BODY)
		i++;
	for (uint32_t end = i < t.n_nodes ? t.nodes[i].end : i; i < end; i++)
		if (t.nodes[i].tag == HTML_TEXT)
			buf_slice(out, html_text(&t, i));
		else if (t.nodes[i].tag == HTML_SCRIPT || t.nodes[i].tag == HTML_STYLE ||
			t.nodes[i].tag == HTML_TEMPLATE)
			i = t.nodes[i].end - 1;
	html_release(&t);
}

static void put_names(struct buf *out, struct slice page)
{
	struct html_tree t = { 0 };

	html_parse(&t, page, &wide);
	for (uint32_t i = 1; i < t.n_nodes; i++) {
		if (t.nodes[i].tag == HTML_TEXT)
			continue;
		put_name(out, &t, i);
		buf_byte(out, '\n');
		if (t.nodes[i].tag == HTML_TEMPLATE && !t.nodes[i].space)
			i = t.nodes[i].end - 1;
	}
	html_release(&t);
}

/* --- tokens ----------------------------------------------------------------------------------- */

static void put_text_token(struct buf *out, const struct html_tree *t, struct html_run run)
{
	struct slice text = { (run.own ? t->bytes.p : t->page) + run.at, run.n };

	if (!run.n)
		return;
	buf_str(out, "[\"Character\",");
	json_put_string(out, text);
	buf_str(out, "]\n");
}

static void put_tag_token(
	struct buf *out, const struct html_tree *t, const struct html_token *tag, struct slice name)
{
	buf_str(out, tag->end ? "[\"EndTag\"," : "[\"StartTag\",");
	json_put_string(out, name);
	buf_str(out, ",{");
	for (uint32_t i = 0, n = 0; i < tag->n_attrs; i++) {
		const struct html_attr *a = &t->attrs[tag->attr + i];

		if (a->name == HTML_ATTR_TAG)
			continue;
		buf_str(out, n++ ? "," : "");
		json_put_string(out, slice_str(attr_names[a->name]));
		buf_byte(out, ':');
		json_put_string(
			out, (struct slice){ (a->own ? t->bytes.p : t->page) + a->at, a->n });
	}
	buf_printf(out, "},%s]\n", tag->self_closing ? "true" : "false");
}

static void read_tag(struct buf *out, struct html_parser *p, bool end)
{
	struct html_token tag;
	struct buf name = { 0 };

	p->p += end ? 2 : 1;
	for (const char *s = p->p; s < p->end && !html_is_space(*s) && *s != '/' && *s != '>'; s++)
		if (*s)
			buf_byte(&name, html_lower(*s));
		else
			buf_str(&name, "\xEF\xBF\xBD");
	if (html_read_tag(p, end, &tag))
		put_tag_token(out, p->t, &tag, buf_view(&name));
	buf_release(&name);
}

static void read_token(struct buf *out, struct html_parser *p)
{
	struct html_run run;

	if (*p->p != '<' || !html_is_markup(p->p, p->end)) {
		run = html_read_text(p, HTML_DATA);
		put_text_token(out, p->t, run);
	} else if (html_is_letter(p->p[1])) {
		read_tag(out, p, false);
	} else if (p->p[1] == '/' && html_is_letter(p->p[2])) {
		read_tag(out, p, true);
	} else if (p->end - p->p >= 9 && strncasecmp(p->p, "<!doctype", 9) == 0) {
		html_read_doctype(p);
	} else {
		html_skip_comment(p);
	}
}

static void put_tokens(struct buf *out, struct slice page, const char *state, const char *name)
{
	struct html_tree t = { 0 };
	struct html_parser *p;

	html_begin(&t, page, &wide);
	p = t.parser;
	if (strcmp(state, "data") != 0) {
		struct html_token tag = { .end = true };

		put_text_token(out, &t, html_read_raw(p, html_tag_of(slice_str(name)), &tag));
		if (tag.tag)
			put_tag_token(out, &t, &tag, slice_str(name));
	}
	while (p->p < p->end)
		read_token(out, p);
	html_release(&t);
}

int main(void)
{
	char kind[16], state[32], name[32];
	struct buf page = { 0 }, out = { 0 };
	size_t n;

	while (scanf("%15s", kind) == 1) {
		if (strcmp(kind, "tokens") == 0 && scanf("%31s %31s", state, name) != 2)
			return 1;
		if (scanf("%zu", &n) != 1 || getchar() != '\n')
			return 1;
		page.n = out.n = 0;
		buf_reserve(&page, n + 1);
		page.n = fread(page.p, 1, n, stdin);
		if (strcmp(kind, "tree") == 0)
			put_tree(&out, buf_view(&page));
		else if (strcmp(kind, "text") == 0)
			put_text(&out, buf_view(&page));
		else if (strcmp(kind, "names") == 0)
			put_names(&out, buf_view(&page));
		else
			put_tokens(&out, buf_view(&page), state, name);
		printf("%zu\n", out.n);
		fwrite(out.p, 1, out.n, stdout);
		fflush(stdout);
	}
	buf_release(&page);
	buf_release(&out);
	return 0;
}
