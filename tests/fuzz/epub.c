/* An EPUB of any bytes: as a whole archive, or as the files of one, parted by 0xFF, so that the XML
 * in it is reached without the luck of right checksums. */
#include "stages/extract/epub.h"
#include "stages/extract/epub_package.h"
#include "tests/epub_made.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf files_of(struct slice in)
{
	struct made_file files[] = { { "META-INF/container.xml", SLICE(MADE_CONTAINER), false },
		{ "OPS/book.opf", { "", 0 }, false }, { "OPS/a.xhtml", { "", 0 }, false },
		{ "OPS/b.xhtml", { "", 0 }, false },
		{ "META-INF/encryption.xml", { "", 0 }, false } };
	size_t n = 1;

	while (n < ARRAY_LEN(files) && in.n) {
		size_t end = slice_find(in, SLICE("\xFF"));

		files[n++].data = slice_head(in, end);
		in = slice_skip(in, end + 1);
	}
	return made_archive(files, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct extract_config config = { .min_text = 1,
		.max_body = MIB,
		.max_nodes = 10000,
		.max_depth = 200,
		.max_attrs = 100,
		.max_entries = 100,
		.max_ratio = 100 };
	struct slice in = { (const char *)data, size };
	struct buf made = { 0 }, scratch = { 0 }, out = { 0 };
	struct emitter to = { .out = &out };
	struct reason why;
	struct err e = { 0 };
	struct item item = { .data = in, .path = "fuzz" };
	enum verdict v;

	epub_setup();
	if (!slice_starts(in, SLICE("PK"))) {
		made = files_of(in);
		item.data = buf_view(&made);
	}
	v = epub_item(&item, &config, &scratch, &to, &why, &e);
	assert(v == KEEP || v == DROP || (v == BAD && e.text[0]));
	assert(v != KEEP || to.emitted == 1);
	buf_release(&made);
	buf_release(&scratch);
	buf_release(&out);
	return 0;
}
