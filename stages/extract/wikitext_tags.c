/* The tags that wikitext may hold, and what becomes of each. */
#include "stages/extract/wikitext_parts.h"

#include <stdlib.h>
#include <strings.h>

/* HTML elements: MediaWiki's Sanitizer::getRecognizedTagData. The others are extensions' tags, as
 * Special:Version of Wikipedia lists them. Sorted by name. */
static const struct wiki_tag tags[] = {
	{ "abbr", TAG_INLINE },
	{ "b", TAG_INLINE },
	{ "bdi", TAG_INLINE },
	{ "bdo", TAG_INLINE },
	{ "big", TAG_INLINE },
	{ "blockquote", TAG_BLOCK },
	{ "br", TAG_BREAK },
	{ "caption", TAG_TABLE_PART },
	{ "categorytree", TAG_GONE },
	{ "ce", TAG_CHEMISTRY },
	{ "center", TAG_BLOCK },
	{ "charinsert", TAG_GONE },
	{ "chem", TAG_CHEMISTRY },
	{ "cite", TAG_INLINE },
	{ "code", TAG_CODE_SPAN },
	{ "dd", TAG_BLOCK },
	{ "del", TAG_INLINE },
	{ "dfn", TAG_INLINE },
	{ "div", TAG_BLOCK },
	{ "dl", TAG_BLOCK },
	{ "dt", TAG_BLOCK },
	{ "em", TAG_INLINE },
	{ "font", TAG_INLINE },
	{ "gallery", TAG_GONE },
	{ "graph", TAG_GONE },
	{ "h1", TAG_HEADING },
	{ "h2", TAG_HEADING },
	{ "h3", TAG_HEADING },
	{ "h4", TAG_HEADING },
	{ "h5", TAG_HEADING },
	{ "h6", TAG_HEADING },
	{ "hiero", TAG_GONE },
	{ "hr", TAG_BLOCK },
	{ "i", TAG_INLINE },
	{ "imagemap", TAG_GONE },
	{ "includeonly", TAG_GONE },
	{ "indicator", TAG_GONE },
	{ "inputbox", TAG_GONE },
	{ "ins", TAG_INLINE },
	{ "kbd", TAG_INLINE },
	{ "langconvert", TAG_INLINE },
	{ "li", TAG_ITEM },
	{ "link", TAG_INLINE },
	{ "mapframe", TAG_GONE },
	{ "maplink", TAG_GONE },
	{ "mark", TAG_INLINE },
	{ "math", TAG_MATH },
	{ "meta", TAG_INLINE },
	{ "noinclude", TAG_INLINE },
	{ "nowiki", TAG_NOWIKI },
	{ "ol", TAG_BLOCK },
	{ "onlyinclude", TAG_INLINE },
	{ "p", TAG_BLOCK },
	{ "poem", TAG_POEM },
	{ "pre", TAG_PRE },
	{ "q", TAG_INLINE },
	{ "rb", TAG_INLINE },
	{ "ref", TAG_GONE },
	{ "references", TAG_GONE },
	{ "rp", TAG_INLINE },
	{ "rt", TAG_INLINE },
	{ "rtc", TAG_INLINE },
	{ "ruby", TAG_INLINE },
	{ "s", TAG_INLINE },
	{ "samp", TAG_INLINE },
	{ "score", TAG_GONE },
	{ "section", TAG_INLINE },
	{ "small", TAG_INLINE },
	{ "source", TAG_CODE },
	{ "span", TAG_INLINE },
	{ "strike", TAG_INLINE },
	{ "strong", TAG_INLINE },
	{ "sub", TAG_INLINE },
	{ "sup", TAG_SUPERSCRIPT },
	{ "syntaxhighlight", TAG_CODE },
	{ "table", TAG_TABLE },
	{ "tbody", TAG_BLOCK },
	{ "td", TAG_TABLE_PART },
	{ "templatedata", TAG_GONE },
	{ "templatestyles", TAG_GONE },
	{ "tfoot", TAG_BLOCK },
	{ "th", TAG_TABLE_PART },
	{ "thead", TAG_BLOCK },
	{ "time", TAG_INLINE },
	{ "timeline", TAG_GONE },
	{ "tr", TAG_TABLE_PART },
	{ "tt", TAG_INLINE },
	{ "u", TAG_INLINE },
	{ "ul", TAG_BLOCK },
	{ "var", TAG_INLINE },
	{ "wbr", TAG_INLINE },
};

_Static_assert(ARRAY_LEN(tags) <= WIKI_MAX_TAGS, "a flag for each tag");

static int compare(const void *key, const void *row)
{
	const struct slice *name = key;
	const char *other = ((const struct wiki_tag *)row)->name;
	size_t n = strlen(other);
	int order = strncasecmp(name->p, other, MIN(name->n, n));

	return order ? order : (name->n > n) - (name->n < n);
}

const struct wiki_tag *wiki_tag_find(struct slice name, size_t *number)
{
	const struct wiki_tag *hit =
		bsearch(&name, tags, ARRAY_LEN(tags), sizeof(tags[0]), compare);

	if (hit)
		*number = (size_t)(hit - tags);
	return hit;
}
