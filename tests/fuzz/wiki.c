/* A dump of any bytes: cut into pages, each read. */
#include "stages/extract/wiki_cut.h"
#include "stages/extract/wiki_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ssize_t read_some(void *from, void *p, size_t n, struct err *e)
{
	struct slice *rest = from;

	(void)e;
	for (n = 0; n < MIN((size_t)13, rest->n); n++)
		((char *)p)[n] = rest->p[n];
	*rest = slice_skip(*rest, n);
	return (ssize_t)n;
}

static uint64_t offset_of(void *from)
{
	return ((struct slice *)from)->n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	struct wiki_cutter c = { .bytes = { read_some, offset_of, &rest } };
	struct buf page = { 0 }, text = { 0 };
	struct wiki_page parsed;
	struct err e = { 0 };
	uint64_t offset;
	bool too_long;

	for (; wiki_cut_next(&c, &page, 4096, &too_long, &offset, &e) > 0; page.n = 0)
		if (wiki_page_parse(buf_view(&page), &parsed))
			wiki_xml_decode(parsed.text, &text);
	wiki_cut_release(&c);
	buf_release(&page);
	buf_release(&text);
	return 0;
}
