/* wiki_page.h - what a <page> of a MediaWiki dump says, and what the <siteinfo> before it does. */
#ifndef CORPUS_WIKI_PAGE_H
#define CORPUS_WIKI_PAGE_H

#include "stages/extract/wikitext.h"

/* Fields as they stand in the XML (wiki_xml_decode reads them), pointing into what was parsed; an
 * empty one is not there. Of several revisions the last counts. */
struct wiki_page {
	struct slice title, ns, id;
	bool redirect;
	struct slice redirect_title;
	struct slice timestamp, model, format, text;
	struct slice dbname, base;
	struct wiki_names names;
	struct slice title_namespace; /* the number of the namespace that the title begins with */
};

/* Reads an item of wiki_source. False: it is no page (no title). Linear. */
bool wiki_page_parse(struct slice xml, struct wiki_page *page);

/* Appends XML character data with its references resolved. What is no reference stays. */
void wiki_xml_decode(struct slice s, struct buf *out);

#endif
