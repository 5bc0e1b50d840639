/* Plain-text and HTML books to records. */
#include "stages/extract/book.h"

#include "lib/text/charset.h"
#include "stages/extract/book_html.h"
#include "stages/extract/book_markdown.h"
#include "stages/extract/book_record.h"
#include "stages/extract/book_strip.h"
#include "stages/extract/book_wrap.h"

enum {
	HEAD_BYTES = 8 * 1024, /* in which a header says its encoding */
	TOLD_BYTES = 64 * 1024, /* in which an HTML book's header ends, behind its style sheet */
	TOLD_LINE = 60, /* of the line that ends it, up to GUTENBERG EBOOK */
};

/* Takes over what a header of Project Gutenberg says. */
static void take_facts(struct book_record *b, const struct book_facts *facts)
{
	b->number = facts->number;
	b->title = facts->title;
	b->author = facts->author;
	b->published = facts->released;
}

/* Plain text. */

static void decode(struct book_record *b, struct slice label, bool html, struct buf *utf8)
{
	struct charset_choice choice = charset_choose(b->item->data, label, html);

	b->charset = charset_name(choice.charset);
	charset_decode(choice.charset, slice_skip(b->item->data, choice.bom), utf8, &b->replaced);
}

enum verdict book_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct book_record b = { .item = item, .mime = "text/plain" };
	struct buf utf8 = { 0 }, text = { 0 }, marked = { 0 };
	struct slice body;
	struct book_facts facts;
	enum verdict verdict;

	(void)e;
	book_read_facts(slice_head(item->data, HEAD_BYTES), &facts);
	decode(&b, facts.charset, false, &utf8);
	book_strip(buf_view(&utf8), &body, &facts);
	take_facts(&b, &facts);
	book_unwrap(body, &text);
	if (cfg->format == FORMAT_MARKDOWN)
		book_markdown(buf_view(&text), &marked);
	b.text = cfg->format == FORMAT_MARKDOWN ? buf_view(&marked) : buf_view(&text);
	verdict = book_settle(&b, cfg, scratch, to, why);
	buf_release(&marked);
	buf_release(&text);
	buf_release(&utf8);
	return verdict;
}

/* HTML. */

bool book_html_told(struct slice page)
{
	struct slice head = slice_head(page, TOLD_BYTES);

	/* Since 2022 the line stands behind a tag. */
	for (;;) {
		size_t at = slice_find(head, SLICE("START OF TH"));
		struct slice behind = slice_head(slice_skip(head, at), TOLD_LINE);

		if (at == head.n)
			return false;
		if (at && byte_in(head.p[at - 1], "* ") &&
			slice_find(behind, SLICE("PROJECT GUTENBERG EBOOK")) < behind.n)
			return true;
		head = slice_skip(head, at + 1);
	}
}

static enum verdict read_markdown(struct book_record *b, const struct extract_config *cfg,
	struct html_tree *tree, struct buf *scratch, struct emitter *to, struct reason *why)
{
	struct buf marked = { 0 };
	struct book_facts facts;
	enum verdict verdict = FAIL;

	if (book_html_text(tree, buf_view(scratch), cfg, true, &marked)) {
		book_strip(buf_view(&marked), &b->text, &facts);
		b->text = book_markdown_trim(b->text);
		verdict = book_settle(b, cfg, scratch, to, why);
	}
	buf_release(&marked);
	return verdict;
}

static enum verdict read_html(struct book_record *b, const struct extract_config *cfg,
	struct html_tree *tree, struct buf *text, struct buf *scratch, struct emitter *to,
	struct reason *why)
{
	struct book_facts facts;

	decode(b, (struct slice){ NULL, 0 }, true, scratch);
	if (!book_html_text(tree, buf_view(scratch), cfg, false, text))
		return drop(
			why, tree->limit, (double)tree->limit_value + 1, (double)tree->limit_value);
	book_strip(buf_view(text), &b->text, &facts);
	take_facts(b, &facts);
	if (cfg->format ==
		FORMAT_MARKDOWN) /* the same again; what the header says needs no marks */
		return read_markdown(b, cfg, tree, scratch, to, why);
	return book_settle(b, cfg, scratch, to, why);
}

enum verdict book_html_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct book_record b = { .item = item, .mime = "text/html" };
	struct html_tree tree = { 0 };
	struct buf text = { 0 };
	enum verdict verdict;

	(void)e;
	if (item->data.n > cfg->max_body)
		return drop(why, "max_body", (double)item->data.n, (double)cfg->max_body);
	scratch->n = 0;
	verdict = read_html(&b, cfg, &tree, &text, scratch, to, why);
	html_release(&tree);
	buf_release(&text);
	return verdict;
}
