/* cues.h - what an element's class, id and role say about it.
 *
 * Web authors name the parts of a page by a small shared vocabulary. Names are cut into words at
 * what is no letter and where a capital follows a small letter ("topNav-item2": top, nav, item). */
#ifndef CORPUS_EXTRACT_CUES_H
#define CORPUS_EXTRACT_CUES_H

#include "lib/core/base.h"

enum cue {
	CUE_CONTENT = 1, /* article, content, post, entry */
	CUE_ASIDE = 2, /* sidebar, widget, promo: rarely the main text */
	CUE_CHROME = 4, /* navigation, footer, cookie notice, share bar: never the main text */
	CUE_COMMENT = 8, /* comments of readers */
	CUE_DETAIL = 16, /* byline, date, tags: small print beside the text */
};

/* The cues of a class or id value, or-ed. Linear in its length. */
unsigned cues_of_names(struct slice names);

/* The cues of a role (WAI-ARIA 1.2, section 5.4). */
unsigned cues_of_role(struct slice role);

#endif
