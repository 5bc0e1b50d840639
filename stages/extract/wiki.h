/* wiki.h - MediaWiki XML dumps (pages-articles and others of the kind) to records, one a page.
 *
 * The record: id (DBNAME-PAGEID), text, source, url, date (of the revision), title, mime,
 * file_path.
 * Dropped: pages outside namespace 0 ("namespace"), redirects ("redirect"), disambiguation pages
 * unless asked for ("disambiguation"), pages that are no wikitext ("model"), those without text
 * ("empty") and those below --min-text ("min_text"). With salvage
 * the page in which a dump ends is counted as "damaged". */
#ifndef CORPUS_WIKI_H
#define CORPUS_WIKI_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* Why the source passes over a page: numbers of its skips. */
enum wiki_skip { WIKI_SKIP_MAX_RECORD = 1, WIKI_SKIP_DAMAGED };

/* Cuts a dump into items of one <page> each, with the <siteinfo> of the dump before it. */
extern const struct source wiki_source;

enum verdict wiki_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e);

#endif
