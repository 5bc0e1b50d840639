/* Any bytes as a benchmark's file: refused with a sentence, or questions; and as a text that is cut
 * around what it shares with them. */
#include "stages/dedup/benchmarks.h"
#include "stages/dedup/excerpt.h"

#include "lib/text/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Pieces lie behind one another in the text, and are as long as was asked. */
static void cut(const struct benchmarks *b, struct slice text, const struct excerpt_rules *rules)
{
	struct tokens t = { 0 };
	struct gram_hits hits = { 0 };
	struct excerpt c = { 0 };
	const char *end = text.p;

	if (utf8_valid(text) && tokens_split(&t, text)) {
		grams_find(b->grams, t.at, t.n, &hits);
		if (hits.n)
			excerpt_cut(&c, rules, text, &t, &hits);
	}
	for (size_t i = 0; i < c.n; i++) {
		assert(c.at[i].text.p >= end && utf8_valid(c.at[i].text));
		assert(c.at[i].characters >= rules->min_piece);
		end = c.at[i].text.p + c.at[i].text.n;
	}
	assert(!c.n || end <= text.p + text.n);
	excerpt_release(&c);
	tokens_release(&t);
	free(hits.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char given[64];
	const char *at[] = { given };
	struct opt_list list = { at, 1, 0 };
	struct excerpt_rules rules = { size ? 1 + data[0] % 4 : 1, size % 9, size % 5, 10 };
	struct benchmarks_options o = { &list, rules.ngram, MIB, MIB };
	struct benchmarks b = { 0 };
	struct err e = { 0 };
	int fd = memfd_create("benchmark", 0);

	snprintf(given, sizeof(given), "fuzz:question,text=/proc/self/fd/%d", fd);
	if (write(fd, data, size) == (ssize_t)size && benchmarks_read(&b, &o, &e) == 0)
		cut(&b, (struct slice){ (const char *)data, size }, &rules);
	else
		assert(e.code != ERR_NONE);
	benchmarks_release(&b);
	close(fd);
	return 0;
}
