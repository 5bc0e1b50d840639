/* EPUB books to records. */
#include "stages/extract/epub.h"

#include "lib/text/charset.h"
#include "stages/extract/book_html.h"
#include "stages/extract/book_markdown.h"
#include "stages/extract/book_record.h"
#include "stages/extract/book_strip.h"
#include "stages/extract/epub_package.h"
#include "stages/extract/epub_zip.h"

#include <stdlib.h>

/* One book on its way. */
struct epub {
	const struct extract_config *cfg;
	struct epub_zip zip;
	struct epub_package package;
	struct html_tree tree;
	struct buf path; /* of the package document */
	struct buf file, page, html; /* a document as stored, as UTF-8, and as HTML */
	struct buf text;
	struct book_record record;
};

/* What a file that is not there, or not to be read, means for the whole book. KEEP: it was read. */
static enum verdict fetch(struct epub *b, struct slice name, struct reason *why, struct err *e)
{
	b->file.n = 0;
	switch (epub_zip_read(&b->zip, name, &b->file, e)) {
	case EPUB_READ: return KEEP;
	case EPUB_ENCRYPTED: return drop_named(why, "drm", name);
	case EPUB_LIMIT: return drop(why, b->zip.limit, b->zip.value, b->zip.limit_value);
	case EPUB_ABSENT:
		err_set(e, ERR_DATA, "%.*s is not in the archive", (int)MIN(name.n, (size_t)200),
			name.p);
		return BAD;
	case EPUB_DAMAGED: break;
	}
	return BAD;
}

static enum verdict open_book(struct epub *b, struct reason *why, struct err *e)
{
	const struct epub_limits limits = { b->cfg->max_entries, b->cfg->max_ratio,
		b->cfg->max_body };
	enum verdict v;

	if (epub_zip_open(&b->zip, b->record.item->data, &limits, e) < 0) {
		if (!b->zip.limit)
			return BAD;
		return drop(why, b->zip.limit, b->zip.value, b->zip.limit_value);
	}
	v = fetch(b, SLICE("META-INF/encryption.xml"), why, e);
	if (v == DROP)
		return v;
	if (v == KEEP && epub_is_protected(buf_view(&b->file)))
		return drop_named(why, "drm", SLICE("META-INF/encryption.xml"));
	err_clear(e);
	v = fetch(b, SLICE("META-INF/container.xml"), why, e);
	if (v == BAD && b->file.n == 0) {
		err_clear(e);
		return drop_named(why, "mime", SLICE("application/zip"));
	}
	if (v == KEEP && !epub_rootfile(buf_view(&b->file), &b->path)) {
		err_set(e, ERR_DATA, "META-INF/container.xml names no package document");
		return BAD;
	}
	return v;
}

static enum verdict read_package(struct epub *b, struct reason *why, struct err *e)
{
	enum verdict v = fetch(b, buf_view(&b->path), why, e);

	if (v != KEEP)
		return v;
	if (!epub_package_read(buf_view(&b->file), buf_view(&b->path), &b->package)) {
		err_set(e, ERR_DATA, "the package document has no spine");
		return BAD;
	}
	return KEEP;
}

static enum verdict add_document(
	struct epub *b, struct slice path, struct reason *why, struct err *e)
{
	enum verdict v = fetch(b, path, why, e);
	struct charset_choice choice;
	size_t before = b->text.n, begin;

	if (v != KEEP)
		return v;
	choice = charset_choose(buf_view(&b->file), book_xhtml_label(buf_view(&b->file)), false);
	if (!b->record.charset)
		b->record.charset = charset_name(choice.charset);
	b->page.n = b->html.n = 0;
	charset_decode(choice.charset, slice_skip(buf_view(&b->file), choice.bom), &b->page,
		&b->record.replaced);
	book_xhtml_to_html(buf_view(&b->page), &b->html);
	if (before)
		buf_str(&b->text, "\n\n");
	begin = b->text.n;
	if (!book_html_text(&b->tree, buf_view(&b->html), b->cfg, b->cfg->format == FORMAT_MARKDOWN,
		    &b->text))
		return drop(why, b->tree.limit, (double)b->tree.limit_value + 1,
			(double)b->tree.limit_value);
	if (b->text.n == begin || book_html_is_contents(&b->tree))
		b->text.n = before;
	return KEEP;
}

static void take_facts(struct epub *b, const struct book_facts *facts)
{
	const struct epub_package *p = &b->package;

	b->record.number = facts->number;
	b->record.id = epub_slice(p, p->identifier);
	b->record.title = epub_slice(p, p->title);
	b->record.author = epub_slice(p, p->author);
	b->record.license = epub_slice(p, p->rights);
	b->record.published = facts->released.n ? facts->released : epub_slice(p, p->date);
}

static enum verdict read_book(
	struct epub *b, struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct book_facts facts;
	enum verdict v = open_book(b, why, e);

	if (v == KEEP)
		v = read_package(b, why, e);
	for (size_t i = 0; v == KEEP && i < b->package.n_spine; i++)
		v = add_document(b, epub_slice(&b->package, b->package.spine[i]), why, e);
	if (v != KEEP)
		return v;
	if (book_strip(buf_view(&b->text), &b->record.text, &facts) &&
		b->cfg->format == FORMAT_MARKDOWN)
		b->record.text = book_markdown_trim(b->record.text);
	take_facts(b, &facts);
	return book_settle(&b->record, b->cfg, scratch, to, why);
}

enum verdict epub_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct epub b = { .cfg = cfg, .record = { .item = item, .mime = "application/epub+zip" } };
	enum verdict v;

	scratch->n = 0;
	v = read_book(&b, scratch, to, why, e);
	epub_zip_close(&b.zip);
	epub_package_release(&b.package);
	html_release(&b.tree);
	buf_release(&b.path);
	buf_release(&b.file);
	buf_release(&b.page);
	buf_release(&b.html);
	buf_release(&b.text);
	return v;
}
