/* Any bytes as an HTML page: tree, main text, metadata, data. */
#include "lib/text/charset.h"
#include "stages/extract/embedded.h"
#include "stages/extract/maintext.h"
#include "stages/extract/metadata.h"
#include "stages/extract/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct html_limits limits = { .max_nodes = 2000, .max_depth = 100, .max_bytes = 100000 };
	struct html_tree t = { 0 };
	struct maintext m = { 0 };
	struct embedded e = { 0 };
	struct metadata about;
	struct arena arena = { 0 };
	struct buf utf8 = { 0 }, text = { 0 };
	uint64_t replaced = 0;

	charset_decode(charset_of_label(SLICE("utf-8")), (struct slice){ (const char *)data, n },
		&utf8, &replaced);
	html_parse(&t, buf_view(&utf8), &limits);
	maintext_choose(&m, &t, (enum maintext_mode)(n % 3), n & 4);
	html_text_of(&t, m.in, &text);
	html_text_all(&t, &text);
	metadata_find(&about, &t, (struct slice){ 0 }, &arena);
	if (embedded_find(&e, &t, about.title, 0))
		embedded_write(&e, n & 1, n & 2, &text);
	html_release(&t);
	maintext_release(&m);
	embedded_release(&e);
	arena_release(&arena);
	buf_release(&utf8);
	buf_release(&text);
	return 0;
}
