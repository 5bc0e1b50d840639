/* wiki_cut.h - cuts a MediaWiki XML dump into its pages, without parsing what is in them.
 *
 * Mark-up inside a page's text is escaped in a dump, so that <page> and </page> are never anything
 * but tags. Memory: one page and a window of 64 KiB. Source of the format:
 * https://www.mediawiki.org/xml/export-0.11.xsd. */
#ifndef CORPUS_WIKI_CUT_H
#define CORPUS_WIKI_CUT_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

#include <sys/types.h>

/* Where the bytes come from: lib/stream/input.h, or memory in tests. */
struct wiki_bytes {
	ssize_t (*read)(void *from, void *p, size_t n, struct err *e);
	uint64_t (*offset)(void *from); /* of the member that the last bytes read came from */
	void *from;
};

struct wiki_cutter {
	struct wiki_bytes bytes;
	bool salvage; /* a page that is cut off at the end is passed over */
	struct buf window; /* bytes read and not used yet begin at at */
	size_t at;
	size_t fresh; /* where in the window the last bytes read begin */
	uint64_t offset, fresh_offset; /* of the member of the bytes before and behind fresh */
	uint64_t used; /* bytes that left the window */
	struct buf siteinfo; /* <siteinfo>…</siteinfo>, empty until it was passed */
	bool root_open; /* <mediawiki> without its end */
	bool seen; /* any tag of a dump */
	bool cut_off; /* with salvage: the dump ended inside a page, which is lost */
	uint64_t page_from; /* bytes used before the last page */
};

/* Appends the siteinfo, if there was one, and the next <page>…</page> to data. 1: a page; 0: the
 * end; -1: an error. A page of more than max_bytes sets *too_long and appends nothing. *offset is
 * that of the compressed member in which the page begins. */
int wiki_cut_next(struct wiki_cutter *c, struct buf *data, size_t max_bytes, bool *too_long,
	uint64_t *offset, struct err *e) MUST_CHECK;

void wiki_cut_release(struct wiki_cutter *c);

#endif
