/* The blocks of Markdown: paragraphs, headings, code, tables, rules, in lists and quotes. */
#include "stages/extract/markdown.h"

#include "stages/extract/flow.h"
#include "stages/extract/markdown_inline.h"

enum leaf_kind { LEAF_NONE, LEAF_PARAGRAPH, LEAF_HEADING, LEAF_CODE, LEAF_CELL };

enum { MAX_TARGET = 2000, MAX_LANGUAGE = 24 };

/* A container whose mark has been written. */
struct open_container {
	struct flow_container of;
	size_t width; /* of its mark */
	char mark; /* of an item: - * . ) */
	uint32_t blocks; /* in it */
};

struct writer {
	const struct html_tree *t;
	bool links;
	struct buf *out;
	size_t start; /* of the text in out */

	/* the block that is collected */
	enum leaf_kind kind;
	uint32_t node; /* of a heading, pre or cell */
	struct inline_text text;
	struct buf code;
	struct flow_container in[FLOW_MAX_DEPTH];
	size_t n_in;

	/* the table that is written */
	uint32_t table, row;
	uint32_t columns, column;
	uint32_t rows;

	/* the containers of the block written last */
	struct open_container open[FLOW_MAX_DEPTH];
	size_t n_open;
	enum leaf_kind last;
};

/* --- lines ------------------------------------------------------------------------------------ */

/* The head of a line within the first n containers. */
static void put_prefix(struct writer *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!w->open[i].of.list)
			buf_str(w->out, "> ");
		else
			for (size_t k = 0; k < w->open[i].width; k++)
				buf_byte(w->out, ' ');
}

static void put_blank_line(struct writer *w, size_t n)
{
	put_prefix(w, n);
	while (w->out->p[w->out->n - 1] == ' ')
		w->out->n--;
	buf_byte(w->out, '\n');
}

static void next_line(struct writer *w)
{
	buf_byte(w->out, '\n');
	put_prefix(w, w->n_open);
}

static void break_line(void *to, struct buf *out)
{
	(void)out;
	next_line(to);
}

/* Two lists side by side are one to a reader unless their marks differ. */
static char mark_of(const struct flow_container *c, const struct open_container *before)
{
	bool beside = before && before->of.list && before->of.ordered == c->ordered;
	bool change = beside && before->of.list != c->list;

	if (beside && !change)
		return before->mark;
	if (c->ordered)
		return change && before->mark == '.' ? ')' : '.';
	return change && before->mark == '-' ? '*' : '-';
}

static void open_container(
	struct writer *w, const struct flow_container *c, const struct open_container *before)
{
	struct open_container open = { .of = *c, .width = 2 };
	size_t at = w->out->n;

	if (!c->list) {
		buf_str(w->out, "> ");
	} else {
		open.mark = mark_of(c, before);
		if (c->ordered)
			buf_printf(w->out, "%u", (unsigned)c->number);
		buf_byte(w->out, open.mark);
		buf_byte(w->out, ' ');
		open.width = w->out->n - at;
	}
	w->open[w->n_open++] = open;
}

/* Items follow line by line where each is one paragraph. Of an ordered list only one that begins
 * with 1 can follow the paragraph of the item it stands in (CommonMark, section 5.2). */
static bool is_tight(const struct writer *w, size_t common)
{
	const struct flow_container *next = &w->in[common];

	if (common >= w->n_in || !next->list || w->last != LEAF_PARAGRAPH || !w->n_open ||
		!w->open[w->n_open - 1].of.list || w->open[w->n_open - 1].blocks != 1)
		return false;
	if (common < w->n_open)
		return w->open[common].of.list == next->list;
	return !next->ordered || next->number == 1;
}

/* Ends the block before, closes and opens containers; the block's first line goes behind. */
static void begin_block(struct writer *w, enum leaf_kind kind)
{
	size_t common = 0;
	struct open_container before = { 0 };

	while (common < w->n_in && common < w->n_open &&
		w->in[common].node == w->open[common].of.node)
		common++;
	if (w->out->n > w->start) {
		bool tight = is_tight(w, common);

		buf_byte(w->out, '\n');
		if (!tight)
			put_blank_line(w, common);
	}
	if (common < w->n_open)
		before = w->open[common];
	w->n_open = common;
	put_prefix(w, common);
	for (size_t i = common; i < w->n_in; i++)
		open_container(w, &w->in[i], i == common ? &before : NULL);
	for (size_t i = 0; i < w->n_open; i++)
		w->open[i].blocks++;
	w->last = kind;
}

/* --- code ------------------------------------------------------------------------------------- */

/* How classes and attributes name the language of code, the surest first. */
static const char *const language_heads[] = { "language-", "lang-", "highlight-source-",
	"highlight-text-", "brush:", "highlight-", "sourceCode " };

static bool is_language_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
		byte_in(c, "+#.-_");
}

/* The word at the head of s when it can be a language's name. */
static struct slice language_word(struct slice s)
{
	static const char *const none[] = { "default", "none", "plaintext", "text", "notranslate",
		"nohighlight" };
	size_t n = 0;

	s = slice_trim(s, " ");
	while (n < s.n && is_language_byte(s.p[n]))
		n++;
	s.n = n;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (slice_is_word(s, none[i]))
			s.n = 0;
	return s.n <= MAX_LANGUAGE ? s : (struct slice){ 0 };
}

static struct slice language_of_element(const struct html_tree *t, uint32_t node)
{
	struct slice names = html_attr(t, node, HTML_ATTR_CLASS);
	struct slice said = html_attr(t, node, HTML_ATTR_DATA_LANG);

	for (size_t i = 0; !said.n && i < ARRAY_LEN(language_heads); i++) {
		struct slice head = slice_str(language_heads[i]);
		size_t at = slice_find(names, head);

		if (at < names.n && (at == 0 || names.p[at - 1] == ' '))
			said = language_word(slice_skip(names, at + head.n));
	}
	return language_word(said);
}

/* Said by the pre, the code in it, or up to two elements around it. */
static struct slice language_of(const struct html_tree *t, uint32_t pre)
{
	struct slice found = language_of_element(t, pre);
	uint32_t inner = html_first(t, pre), up = pre;

	if (!found.n && inner && t->nodes[inner].tag == HTML_CODE)
		found = language_of_element(t, inner);
	for (int i = 0; !found.n && i < 2; i++) {
		up = t->nodes[up].parent;
		if (t->nodes[up].tag == HTML_DIV || t->nodes[up].tag == HTML_FIGURE)
			found = language_of_element(t, up);
	}
	return found;
}

static size_t longest_run(struct slice s, char c)
{
	size_t longest = 0, n = 0;

	for (size_t i = 0; i < s.n; i++) {
		n = s.p[i] == c ? n + 1 : 0;
		longest = MAX(longest, n);
	}
	return longest;
}

static void put_fence(struct writer *w, size_t ticks)
{
	for (size_t i = 0; i < ticks; i++)
		buf_byte(w->out, '`');
}

static void write_code(struct writer *w)
{
	struct slice code = buf_view(&w->code);
	size_t ticks = MAX(longest_run(code, '`') + 1, 3);

	begin_block(w, LEAF_CODE);
	put_fence(w, ticks);
	buf_slice(w->out, language_of(w->t, w->node));
	while (code.n) {
		struct slice line = slice_take_line(&code);

		if (line.p[line.n - 1] == '\n')
			line.n--;
		buf_byte(w->out, '\n');
		put_prefix(w, w->n_open);
		buf_slice(w->out, line);
		while (!line.n && w->out->p[w->out->n - 1] == ' ')
			w->out->n--;
	}
	next_line(w);
	put_fence(w, ticks);
}

/* --- tables ----------------------------------------------------------------------------------- */

static void end_row(struct writer *w)
{
	if (!w->row)
		return;
	if (w->rows++ == 0) {
		for (; w->column < w->columns; w->column++)
			buf_str(w->out, "  |");
		next_line(w);
		buf_byte(w->out, '|');
		for (uint32_t i = 0; i < w->columns; i++)
			buf_str(w->out, " --- |");
	}
	w->row = 0;
}

static void end_table(struct writer *w)
{
	end_row(w);
	w->table = w->rows = 0;
}

static void begin_cell(struct writer *w, const struct flow *f)
{
	if (w->table != f->table.node) {
		w->table = f->table.node;
		w->columns = f->table.columns;
		begin_block(w, LEAF_CELL);
	} else if (w->row != f->row) {
		end_row(w);
		next_line(w);
	}
	if (w->row != f->row) {
		w->row = f->row;
		w->column = 0;
		buf_byte(w->out, '|');
	}
	for (; w->column < f->column; w->column++)
		buf_str(w->out, "  |");
	w->column = f->column + 1;
}

/* --- leaves ----------------------------------------------------------------------------------- */

static void write_inline(struct writer *w)
{
	struct inline_place place = {
		.cell = w->kind == LEAF_CELL,
		.heading = w->kind == LEAF_HEADING,
		.next_line = break_line,
		.to = w,
	};

	if (w->kind == LEAF_CELL) {
		buf_byte(w->out, ' ');
		inline_render(&w->text, &place, w->out);
		buf_str(w->out, " |");
		return;
	}
	begin_block(w, w->kind);
	place.item = w->n_open && w->open[w->n_open - 1].blocks == 1;
	if (place.heading) {
		for (enum html_tag tag = HTML_H1; tag <= w->t->nodes[w->node].tag; tag++)
			buf_byte(w->out, '#');
		buf_byte(w->out, ' ');
	}
	inline_render(&w->text, &place, w->out);
}

static void end_leaf(struct writer *w)
{
	switch (w->kind) {
	case LEAF_NONE: return;
	case LEAF_CODE: write_code(w); break;
	default: write_inline(w); break;
	}
	w->kind = LEAF_NONE;
}

static enum leaf_kind kind_of(const struct flow *f, uint32_t *node)
{
	if (f->cell) {
		*node = f->cell;
		return LEAF_CELL;
	}
	if (f->pre) {
		*node = f->pre;
		return LEAF_CODE;
	}
	if (f->heading) {
		*node = f->heading;
		return LEAF_HEADING;
	}
	*node = 0;
	return LEAF_PARAGRAPH;
}

static bool begins_leaf(const struct writer *w, const struct flow *f)
{
	uint32_t node;

	if (kind_of(f, &node) != w->kind || node != w->node)
		return true;
	return w->kind == LEAF_PARAGRAPH && f->gap >= GAP_LINE;
}

/* A rule stands in the containers that both its neighbours stand in. In a list it is of a sign that
 * is no item's mark: "- ---" would be a rule as a whole. */
static void write_rule(struct writer *w, const struct flow *f)
{
	size_t n = 0;

	while (n < f->n_containers && n < w->n_open && w->open[n].of.node == f->containers[n].node)
		n++;
	w->n_in = n;
	begin_block(w, LEAF_NONE);
	buf_str(w->out, n ? "___" : "---");
}

static void begin_leaf(struct writer *w, const struct flow *f)
{
	w->kind = kind_of(f, &w->node);
	if (w->table && f->table.node != w->table)
		end_table(w);
	if (f->rule && w->out->n > w->start)
		write_rule(w, f);
	w->n_in = f->n_containers;
	memcpy(w->in, f->containers, f->n_containers * sizeof(*w->in));
	inline_clear(&w->text);
	w->code.n = 0;
	if (w->kind == LEAF_CELL)
		begin_cell(w, f);
}

/* A link's target, or nothing when it leads nowhere outside of the page. */
static struct slice target_of(const struct writer *w, uint32_t link)
{
	static const char *const nowhere[] = { "#", "javascript:", "data:", "about:" };
	struct slice target = slice_trim(html_attr(w->t, link, HTML_ATTR_HREF), " \t\r\n\f");

	for (size_t i = 0; i < ARRAY_LEN(nowhere); i++)
		if (slice_starts(target, slice_str(nowhere[i])))
			target.n = 0;
	return target.n <= MAX_TARGET ? target : (struct slice){ 0 };
}

static void write_piece(void *to, const struct flow *f, struct slice text)
{
	struct writer *w = to;
	struct inline_style style = {
		.strong = f->strong && !f->heading,
		.em = f->em,
		.math = f->math,
		.display = f->display,
		.code = f->math ? 0 : f->code,
	};
	bool begins = begins_leaf(w, f);

	if (begins) {
		end_leaf(w);
		begin_leaf(w, f);
	}
	if (w->kind == LEAF_CODE) {
		buf_slice(&w->code, text);
		return;
	}
	if (w->links && f->link && !f->math) {
		style.target = target_of(w, f->link);
		style.link = style.target.n ? f->link : 0;
	}
	if (!begins && f->gap != GAP_NONE) {
		struct inline_style between = style;

		between.strong &= !f->strong_ended;
		between.em &= !f->em_ended;
		inline_space(&w->text, &between, f->gap == GAP_BREAK ? '\n' : ' ');
	}
	inline_add(&w->text, &style, text);
}

void html_markdown_of(const struct html_tree *t, const uint8_t *in, bool links, struct buf *out)
{
	struct writer w = { .t = t, .links = links, .out = out, .start = out->n };

	flow_walk(t, in, write_piece, &w);
	end_leaf(&w);
	end_table(&w);
	inline_release(&w.text);
	buf_release(&w.code);
}
