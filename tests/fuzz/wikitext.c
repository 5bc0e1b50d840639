/* Wikitext of any bytes. Where the input holds neither verbatim tags nor entities nor control
 * characters, nothing that looks like mark-up may come out. */
#include "stages/extract/wikitext.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has(struct slice s, const char *what)
{
	return slice_find(s, slice_str(what)) < s.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = { (const char *)data, size };
	struct wiki_names names = { .variants = size % 2, .language = SLICE("fr") };
	struct buf out = { 0 };
	struct slice text;

	wikitext_to_text(in, &names, size / 2 % 4, &out);
	text = buf_view(&out);
	assert(!has(text, "\n\n\n") || has(in, "<"));
	for (size_t i = 0; i < text.n; i++)
		assert((unsigned char)text.p[i] >= ' ' || text.p[i] == '\n' || text.p[i] == '\t');
	if (!has(in, "<") && !has(in, "&"))
		assert(!has(text, "[[") && !has(text, "{{"));
	buf_release(&out);
	return 0;
}
