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

/* What an HTML page says of itself before it is parsed. */
struct charset_declared {
	const struct charset *charset; /* of its meta elements, or NULL */
	struct slice language; /* the lang of its html element */
};

/* Reads the first 64 KiB of a page as the HTML Standard's prescan reads 1024 bytes (13.2.3.2). */
struct charset_declared charset_declared(struct slice page);

/* How the encoding of a text was found. */
struct charset_choice {
	const struct charset *charset; /* never NULL */
	size_t bom; /* bytes of the byte order mark, to be passed over */
	bool valid; /* it is known to be valid UTF-8 */
};

/* The encoding of bytes: by byte order mark, the label (of HTTP; empty when there is none), the
 * meta element when html, ICU's detector with what the html element's language or else the country
 * in the URL makes likely, windows-1252 at last. Rules of ours, because labels lie more often than
 * bytes: text that is valid UTF-8 with at least three characters beyond ASCII is UTF-8, whatever
 * its label says (the same bytes in another encoding would be letter soup); a label "utf-8" is
 * disbelieved when ill-formed sequences outnumber the well-formed ones beyond ASCII; text is UTF-16
 * when every second byte of its markup is NUL, and only then. */
struct charset_choice charset_choose_page(
	struct slice bytes, struct slice label, struct slice url, bool html);

/* The same for what has no URL. */
struct charset_choice charset_choose(struct slice bytes, struct slice label, bool html);

/* Appends bytes as UTF-8 to out. What is ill-formed becomes U+FFFD, one for each maximal ill-formed
 * subsequence (Unicode 15, section 3.9), and is counted in *replaced. */
void charset_decode(
	const struct charset *c, struct slice bytes, struct buf *out, uint64_t *replaced);

/* bytes in the encoding that was chosen, without their mark: themselves when they are valid UTF-8,
 * else what charset_decode appends to scratch, which is empty. Valid as long as both. */
struct slice charset_text(const struct charset_choice *choice, struct slice bytes,
	struct buf *scratch, uint64_t *replaced);

/* The length of the run of ASCII that bytes begin with. */
size_t charset_ascii_run(struct slice bytes);

/* Sequences beyond ASCII in bytes read as UTF-8. */
struct utf8_count {
	uint64_t good; /* characters */
	uint64_t bad; /* maximal ill-formed subsequences */
};

struct utf8_count utf8_count(struct slice bytes);

#endif
