/* cues.h - what an element's tag, class, id and role say about it.
 *
 * Web authors name the parts of a page by a small shared vocabulary. Names are cut into words at
 * what is no letter and where a capital follows a small letter ("topNav-item2": top, nav, item);
 * each word of the vocabulary speaks for one cue. A cue is evidence, no verdict: what it weighs is
 * learnt (features.h). */
#ifndef CORPUS_EXTRACT_CUES_H
#define CORPUS_EXTRACT_CUES_H

#include "lib/web/html.h"
#include "stages/extract/wordtable.h"

#define CUES(X) \
	X(CONTENT) /* the text itself: article, content, entry, body */ \
	X(MAIN) /* the main part: main, primary */ \
	X(POST) /* posts and messages: post, thread, topic */ \
	X(PRODUCT) \
	X(DESCRIPTION) /* and summaries, introductions */ \
	X(SPEC) /* specifications, features, details */ \
	X(PRICE) /* prices, carts, stock */ \
	X(REVIEW) /* reviews, ratings, testimonials */ \
	X(COMMENT) /* comments of readers */ \
	X(QUESTION) /* questions, answers, accordions, tabs */ \
	X(LISTING) /* lists of items: results, archive, grid */ \
	X(CARD) /* one of them: card, item, tile */ \
	X(HEADER) /* the page's head: header, logo, branding */ \
	X(FOOTER) /* its foot, with copyright and legal notes */ \
	X(NAV) /* navigation, menus */ \
	X(SIDEBAR) \
	X(BREADCRUMB) \
	X(PAGER) /* next, previous, pagination */ \
	X(SHARE) /* sharing and social networks */ \
	X(RELATED) /* related, recommended, popular, latest */ \
	X(AD) /* advertisements, promotions */ \
	X(POPUP) /* consent, modal windows, tooltips */ \
	X(LOGIN) /* accounts */ \
	X(NEWSLETTER) /* subscriptions */ \
	X(SEARCH) /* search, filters, sorting */ \
	X(FORM) /* forms and contact */ \
	X(AUTHOR) /* bylines, profiles */ \
	X(DATE) \
	X(TAGS) /* tags and categories */ \
	X(META) /* small print beside a text: meta, counts, votes */ \
	X(TITLE) /* headlines */ \
	X(CAPTION) /* captions, galleries, media */ \
	X(WIDGET) /* widgets, modules, blocks */ \
	X(HERO) /* hero images with a slogan, calls to action */ \
	X(HIDDEN) /* hidden, for screen readers, for print */ \
	X(TOC) /* tables of contents */ \
	X(CODE) \
	X(INFOBOX) \
	X(SIGNATURE) /* signatures, quotes in a forum */ \
	X(SERVICE) /* services, benefits, steps, teams, plans */ \
	X(BUTTON) /* buttons and links by name */ \
	X(LANGUAGE) /* languages, countries, currencies */ \
	X(NOTICE) /* notices, alerts, disclaimers */ \
	/* elements */ \
	X(E_ARTICLE) \
	X(E_MAIN) \
	X(E_SECTION) \
	X(E_HEADER) \
	X(E_FOOTER) \
	X(E_NAV) \
	X(E_ASIDE) \
	X(E_FORM) \
	X(E_TABLE) \
	X(E_LIST) \
	X(E_FIGURE) \
	X(E_NOSCRIPT) \
	X(E_HIDDEN) /* by attribute or style */

enum cue_index {
#define X(id) CUE_INDEX_##id,
	CUES(X)
#undef X
		CUE_COUNT,
};

#define CUE(id) ((uint64_t)1 << CUE_INDEX_##id)

/* The vocabulary, hashed. Once a worker. */
void cue_words_make(struct word_table *words);

/* The cues of an element's tag, and of one of its attributes: class, id, role (WAI-ARIA 1.2,
 * section 5.4), hidden, aria-hidden, style. Linear in the value's length. */
uint64_t cues_of_tag(enum html_tag tag);
uint64_t cues_of_attribute(
	const struct word_table *words, enum html_attr_name name, struct slice value);

/* The name of a cue in small letters, for the tables of features. */
const char *cue_name(unsigned index);

#endif
