/* charset.h - bytes of some encoding to UTF-8, as the Web reads them.
 *
 * Names and labels are those of the WHATWG Encoding Standard, in which "iso-8859-1" and "ascii"
 * mean windows-1252 and "gb2312" means GBK. */
#ifndef CORPUS_CHARSET_H
#define CORPUS_CHARSET_H

#include "lib/core/buf.h"

struct charset;

/* The encoding that a label names, whatever its case and the white space around it; NULL when the
 * standard does not know it, or it has no converter. */
const struct charset *charset_of_label(struct slice label);

/* "UTF-8", "windows-1252", "Shift_JIS": the standard's name. */
const char *charset_name(const struct charset *c);

/* The value of charset= in a Content-Type, or {NULL, 0}. */
struct slice charset_parameter(struct slice content_type);

/* What the first 1024 bytes of an HTML page declare in a meta element (HTML Standard, 13.2.3.2,
 * "prescan a byte stream"), or NULL. UTF-16 there means UTF-8, as the bytes could not be read
 * otherwise. */
const struct charset *charset_of_meta(struct slice page);

/* How the encoding of a text was found. */
struct charset_choice {
	const struct charset *charset; /* never NULL */
	size_t bom; /* bytes of the byte order mark, to be passed over */
};

/* The encoding of bytes: by byte order mark, the label (of HTTP; empty when there is none), the
 * meta element when html, ICU's detector, windows-1252 at last. Two rules of ours, because
 * labels lie more often than bytes: text that is valid UTF-8 with at least three characters
 * beyond ASCII is UTF-8, whatever its label says (the same bytes in another encoding would be
 * letter soup); and a label "utf-8" is disbelieved when ill-formed sequences outnumber the
 * well-formed ones beyond ASCII. */
struct charset_choice charset_choose(struct slice bytes, struct slice label, bool html);

/* Appends bytes as UTF-8 to out. What is ill-formed becomes U+FFFD, one for each maximal ill-formed
 * subsequence (Unicode 15, section 3.9), and is counted in *replaced. */
void charset_decode(
	const struct charset *c, struct slice bytes, struct buf *out, uint64_t *replaced);

/* Sequences beyond ASCII in bytes read as UTF-8. */
struct utf8_count {
	uint64_t good; /* characters */
	uint64_t bad; /* maximal ill-formed subsequences */
};

struct utf8_count utf8_count(struct slice bytes);

#endif
