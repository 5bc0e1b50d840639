/* forms.h - Unicode's normal forms on UTF-8, by ICU's data.
 *
 * Source: Unicode Standard Annex 15, sections 9 (detecting normal forms) and 13 (stability). Text
 * is taken by segments that begin at a character which composes with nothing before it, and
 * only segments that are not normal already are decomposed and composed. */
#ifndef CORPUSTOK_FORMS_H
#define CORPUSTOK_FORMS_H

#include "lib/core/buf.h"
#include "tokenizer/steps.h"

struct forms;

/* Of NORM_NFC, NORM_NFD, NORM_NFKC, NORM_NFKD. Cannot fail: the data is part of ICU. */
struct forms *forms_new(enum norm_kind kind);
void forms_free(struct forms *f);

struct form_scratch;

void form_scratch_free(struct form_scratch *s);

/* True when text is not in normal form; then its normal form is appended to out. *s is made when
 * it is NULL. A run of combining marks of any length takes linear time. */
bool forms_apply(
	const struct forms *f, struct form_scratch **s, struct slice text, struct buf *out);

#endif
