/* page.h - one Web page, out of a WARC record or a file, to a record. */
#ifndef CORPUS_EXTRACT_PAGE_H
#define CORPUS_EXTRACT_PAGE_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* What a worker keeps from page to page: memory alone. */
struct pages;

struct pages *pages_new(const struct extract_config *config);
void pages_free(struct pages *p);

/* A whole WARC record: header and block. A response or resource in HTML becomes its main text, a
 * conversion (WET) its text as it stands. Dropped: what is not of status 200 ("status"), not HTML
 * ("mime"), in a coding that is not read ("coding"), over a limit ("max_body", "max_nodes",
 * "max_depth"), asking not to be used ("optout"), shorter than "min_text". */
enum verdict page_warc_item(struct pages *p, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e);

/* The bytes of an HTML file. */
enum verdict page_file_item(struct pages *p, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e);

#endif
