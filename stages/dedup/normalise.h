/* normalise.h - what of a text counts when two are compared.
 *
 *	none	the bytes as they are
 *	space	each run of white space (the Unicode property White_Space, 25 code points) becomes
 *		one blank; none at the beginning and the end
 *	fold	NFKC_Casefold (Unicode 15, section 3.13: compatibility forms and case folded,
 *		default ignorable code points such as the soft hyphen gone), then as space
 *	url	the text is the address of a page, and its key is compared (url_key.h)
 *
 * fold works on pieces of at most 64 KiB, cut before an ASCII blank or control character, where the
 * result is that of the whole text; only within a longer run without one a sequence of combining
 * marks may be cut. ICU's tables decide, so the result may change with ICU's Unicode version. */
#ifndef CORPUS_NORMALISE_H
#define CORPUS_NORMALISE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/core/opt.h"

enum normalise { NORMALISE_NONE, NORMALISE_SPACE, NORMALISE_FOLD, NORMALISE_URL };

struct normaliser;

/* NULL and e when ICU lacks its data. For one thread. kind is not NORMALISE_URL. */
struct normaliser *normaliser_new(enum normalise kind, struct err *e);

/* One for NORMALISE_URL under the rules of url_key.h. */
struct normaliser *normaliser_new_url(unsigned rules);

/* The rules by their names; an empty list stands for all but index, "none" for no rule. ERR_USAGE
 * names what is no rule. */
int normalise_url_rules(const struct opt_list *names, unsigned *rules, struct err *e) MUST_CHECK;

/* text is valid UTF-8; the result is valid until the next call, and may be text itself. p is NULL
 * where text is to be a URL and is none. */
struct slice normaliser_apply(struct normaliser *n, struct slice text);

void normaliser_free(struct normaliser *n);

#endif
