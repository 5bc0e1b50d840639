/* The vocabulary of class and id names, and the way names are cut into words. */
#include "stages/extract/cues.h"

#include <stdlib.h>

struct word {
	const char *word;
	unsigned cue;
};

/* Sorted. Collected by hand from the names that content systems give to the parts of their pages
 * (WordPress, Drupal, MediaWiki, Discourse, phpBB, Shopify, Bootstrap themes). */
static const struct word words[] = {
	{ "ad", CUE_ASIDE },
	{ "addthis", CUE_CHROME },
	{ "addtoany", CUE_CHROME },
	{ "ads", CUE_ASIDE },
	{ "adsense", CUE_CHROME },
	{ "advert", CUE_CHROME },
	{ "advertisement", CUE_CHROME },
	{ "article", CUE_CONTENT },
	{ "articlebody", CUE_CONTENT },
	{ "articlecontent", CUE_CONTENT },
	{ "articletext", CUE_CONTENT },
	{ "aside", CUE_ASIDE },
	{ "author", CUE_DETAIL },
	{ "banner", CUE_DETAIL },
	{ "basket", CUE_CHROME },
	{ "blogpost", CUE_CONTENT },
	{ "body", CUE_CONTENT },
	{ "bodytext", CUE_CONTENT },
	{ "breadcrumb", CUE_CHROME },
	{ "breadcrumbs", CUE_CHROME },
	{ "byline", CUE_DETAIL },
	{ "callout", CUE_ASIDE },
	{ "caption", CUE_DETAIL },
	{ "cart", CUE_CHROME },
	{ "categories", CUE_DETAIL },
	{ "category", CUE_DETAIL },
	{ "colophon", CUE_CHROME },
	{ "comment", CUE_COMMENT },
	{ "commentbody", CUE_COMMENT },
	{ "commentform", CUE_COMMENT },
	{ "commentlist", CUE_COMMENT },
	{ "comments", CUE_COMMENT },
	{ "consent", CUE_CHROME },
	{ "content", CUE_CONTENT },
	{ "contents", CUE_CONTENT },
	{ "cookie", CUE_CHROME },
	{ "cookiebanner", CUE_CHROME },
	{ "cookies", CUE_CHROME },
	{ "copy", CUE_CONTENT },
	{ "copyright", CUE_CHROME },
	{ "counter", CUE_DETAIL },
	{ "credit", CUE_DETAIL },
	{ "crosssell", CUE_ASIDE },
	{ "cta", CUE_ASIDE },
	{ "date", CUE_DETAIL },
	{ "description", CUE_CONTENT },
	{ "descriptions", CUE_CONTENT },
	{ "detail", CUE_CONTENT },
	{ "details", CUE_CONTENT },
	{ "disclaimer", CUE_DETAIL },
	{ "discuss", CUE_COMMENT },
	{ "disqus", CUE_COMMENT },
	{ "documentation", CUE_CONTENT },
	{ "dropdown", CUE_CHROME },
	{ "editsection", CUE_CHROME },
	{ "entry", CUE_CONTENT },
	{ "faq", CUE_CONTENT },
	{ "faqs", CUE_CONTENT },
	{ "feedback", CUE_ASIDE },
	{ "foot", CUE_CHROME },
	{ "footer", CUE_CHROME },
	{ "footnav", CUE_CHROME },
	{ "gdpr", CUE_CHROME },
	{ "hatnote", CUE_ASIDE },
	{ "hentry", CUE_CONTENT },
	{ "infobox", CUE_ASIDE },
	{ "langswitcher", CUE_CHROME },
	{ "languages", CUE_DETAIL },
	{ "latest", CUE_DETAIL },
	{ "legal", CUE_DETAIL },
	{ "lightbox", CUE_CHROME },
	{ "likes", CUE_DETAIL },
	{ "login", CUE_CHROME },
	{ "main", CUE_CONTENT },
	{ "mainbody", CUE_CONTENT },
	{ "maincontent", CUE_CONTENT },
	{ "mainnav", CUE_CHROME },
	{ "markdown", CUE_CONTENT },
	{ "masthead", CUE_CHROME },
	{ "megamenu", CUE_CHROME },
	{ "menu", CUE_CHROME },
	{ "menus", CUE_CHROME },
	{ "message", CUE_CONTENT },
	{ "messages", CUE_CONTENT },
	{ "meta", CUE_DETAIL },
	{ "minicart", CUE_CHROME },
	{ "modal", CUE_CHROME },
	{ "more", CUE_DETAIL },
	{ "mostread", CUE_ASIDE },
	{ "nav", CUE_CHROME },
	{ "navbar", CUE_CHROME },
	{ "navigation", CUE_CHROME },
	{ "navmenu", CUE_CHROME },
	{ "newsletter", CUE_CHROME },
	{ "onetrust", CUE_CHROME },
	{ "outbrain", CUE_CHROME },
	{ "overlay", CUE_CHROME },
	{ "page", CUE_CONTENT },
	{ "pager", CUE_CHROME },
	{ "paginate", CUE_CHROME },
	{ "pagination", CUE_CHROME },
	{ "paging", CUE_CHROME },
	{ "popover", CUE_CHROME },
	{ "popular", CUE_DETAIL },
	{ "popup", CUE_CHROME },
	{ "post", CUE_CONTENT },
	{ "postbody", CUE_CONTENT },
	{ "postcontent", CUE_CONTENT },
	{ "posted", CUE_DETAIL },
	{ "postmessage", CUE_CONTENT },
	{ "prevnext", CUE_CHROME },
	{ "printfriendly", CUE_CHROME },
	{ "promo", CUE_ASIDE },
	{ "promos", CUE_ASIDE },
	{ "promotion", CUE_ASIDE },
	{ "promotional", CUE_ASIDE },
	{ "prose", CUE_CONTENT },
	{ "published", CUE_DETAIL },
	{ "rail", CUE_ASIDE },
	{ "rating", CUE_DETAIL },
	{ "ratings", CUE_DETAIL },
	{ "readmore", CUE_DETAIL },
	{ "recipe", CUE_CONTENT },
	{ "recirc", CUE_ASIDE },
	{ "recirculation", CUE_CHROME },
	{ "recommendation", CUE_ASIDE },
	{ "recommendations", CUE_CHROME },
	{ "recommended", CUE_CHROME },
	{ "register", CUE_CHROME },
	{ "related", CUE_CHROME },
	{ "relatedarticles", CUE_CHROME },
	{ "relatedposts", CUE_CHROME },
	{ "replies", CUE_COMMENT },
	{ "reply", CUE_COMMENT },
	{ "respond", CUE_COMMENT },
	{ "richtext", CUE_CONTENT },
	{ "search", CUE_DETAIL },
	{ "searchbar", CUE_CHROME },
	{ "searchbox", CUE_DETAIL },
	{ "searchform", CUE_CHROME },
	{ "share", CUE_CHROME },
	{ "sharebar", CUE_CHROME },
	{ "shares", CUE_CHROME },
	{ "sharethis", CUE_CHROME },
	{ "sharing", CUE_CHROME },
	{ "sidebar", CUE_ASIDE },
	{ "sidenav", CUE_CHROME },
	{ "signin", CUE_CHROME },
	{ "signup", CUE_CHROME },
	{ "similar", CUE_ASIDE },
	{ "sitefooter", CUE_CHROME },
	{ "siteheader", CUE_CHROME },
	{ "skip", CUE_CHROME },
	{ "skiplink", CUE_CHROME },
	{ "skiplinks", CUE_CHROME },
	{ "social", CUE_CHROME },
	{ "socialmedia", CUE_CHROME },
	{ "socials", CUE_CHROME },
	{ "socialshare", CUE_CHROME },
	{ "specification", CUE_CONTENT },
	{ "specifications", CUE_CONTENT },
	{ "specs", CUE_CONTENT },
	{ "sponsor", CUE_ASIDE },
	{ "sponsored", CUE_ASIDE },
	{ "story", CUE_CONTENT },
	{ "storybody", CUE_CONTENT },
	{ "submenu", CUE_CHROME },
	{ "subnav", CUE_CHROME },
	{ "subscribe", CUE_CHROME },
	{ "subscription", CUE_CHROME },
	{ "taboola", CUE_CHROME },
	{ "tag", CUE_DETAIL },
	{ "taglist", CUE_DETAIL },
	{ "tags", CUE_DETAIL },
	{ "teaser", CUE_ASIDE },
	{ "teasers", CUE_ASIDE },
	{ "text", CUE_CONTENT },
	{ "timestamp", CUE_DETAIL },
	{ "toc", CUE_ASIDE },
	{ "toolbar", CUE_CHROME },
	{ "tooltip", CUE_CHROME },
	{ "topbar", CUE_CHROME },
	{ "topic", CUE_CONTENT },
	{ "topnav", CUE_CHROME },
	{ "transcript", CUE_CONTENT },
	{ "trending", CUE_ASIDE },
	{ "upsell", CUE_ASIDE },
	{ "views", CUE_DETAIL },
	{ "widget", CUE_DETAIL },
	{ "widgets", CUE_DETAIL },
	{ "wishlist", CUE_CHROME },
	{ "wysiwyg", CUE_CONTENT },
};

/* WAI-ARIA 1.2: landmark roles and what is no text of the page. Sorted. */
static const struct word roles[] = {
	{ "alert", CUE_CHROME },
	{ "alertdialog", CUE_CHROME },
	{ "article", CUE_CONTENT },
	{ "banner", CUE_CHROME },
	{ "complementary", CUE_ASIDE },
	{ "contentinfo", CUE_CHROME },
	{ "dialog", CUE_CHROME },
	{ "main", CUE_CONTENT },
	{ "menu", CUE_CHROME },
	{ "menubar", CUE_CHROME },
	{ "navigation", CUE_CHROME },
	{ "search", CUE_CHROME },
	{ "tooltip", CUE_CHROME },
};

static int compare_word(const void *key, const void *row)
{
	return strcmp(key, ((const struct word *)row)->word);
}

static unsigned look_up(const struct word *table, size_t n, const char *word)
{
	const struct word *row = bsearch(word, table, n, sizeof(*table), compare_word);

	return row ? row->cue : 0;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

unsigned cues_of_names(struct slice names)
{
	char word[24]; /* the longest of the table is shorter */
	size_t n = 0;
	unsigned cues = 0;

	for (size_t i = 0; i <= names.n; i++) {
		char c = i < names.n ? names.p[i] : ' ';
		bool starts = is_capital(c) && i > 0 && is_small(names.p[i - 1]);

		if (n && (starts || !(is_small(c) || is_capital(c)))) {
			if (n < sizeof(word)) {
				word[n] = '\0';
				cues |= look_up(words, ARRAY_LEN(words), word);
			}
			n = 0;
		}
		if (is_small(c) || is_capital(c)) {
			if (n < sizeof(word) - 1)
				word[n] = (char)(is_capital(c) ? c + 32 : c);
			n++;
		}
	}
	return cues;
}

unsigned cues_of_role(struct slice role)
{
	char word[24];

	if (role.n == 0 || role.n >= sizeof(word))
		return 0;
	memcpy(word, role.p, role.n);
	word[role.n] = '\0';
	return look_up(roles, ARRAY_LEN(roles), word);
}
