/* normalise.h - what of a text counts when two are compared.
 *
 *	none	the bytes as they are
 *	space	each run of white space (the Unicode property White_Space, 25 code points) becomes
 *		one blank; none at the beginning and the end
 *	fold	NFKC_Casefold (Unicode 15, section 3.13: compatibility forms and case folded,
 *		default ignorable code points such as the soft hyphen gone), then as space
 *
 * fold works on pieces of at most 64 KiB, cut before an ASCII blank or control character, where the
 * result is that of the whole text; only within a longer run without one a sequence of combining
 * marks may be cut. ICU's tables decide, so the result may change with ICU's Unicode version. */
#ifndef CORPUS_NORMALISE_H
#define CORPUS_NORMALISE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

enum normalise { NORMALISE_NONE, NORMALISE_SPACE, NORMALISE_FOLD };

struct normaliser;

/* NULL and e when ICU lacks its data. For one thread. */
struct normaliser *normaliser_new(enum normalise kind, struct err *e);

/* text is valid UTF-8; the result is valid until the next call, and may be text itself. */
struct slice normaliser_apply(struct normaliser *n, struct slice text);

void normaliser_free(struct normaliser *n);

#endif
