/* cuts.h - repeats of a text, which are counted in units, as ranges of its bytes to be cut.
 *
 * Bytes lose those at both ends that are no whole character. Tokens gain what stands between them
 * and the next white space, or the text's end, where no other token does: the stop behind a
 * sentence, the quotation mark before it. */
#ifndef CORPUS_DEDUP_CUTS_H
#define CORPUS_DEDUP_CUTS_H

#include "stages/dedup/spans.h"
#include "stages/dedup/units.h"

/* Turns spans of the text's units, in ascending order and apart from each other, into spans of its
 * bytes; those that hold no character go. u is for the work; text is under 4 GiB. */
void cuts_to_bytes(struct span_list *spans, struct units *u, enum unit kind, struct slice text);

/* Turns spans of bytes into spans of characters. */
void cuts_to_characters(struct span_list *spans, struct slice text);

/* Bytes, or characters, in all spans. */
uint64_t cuts_length(const struct span_list *spans);

/* Appends what is left of the text without the spans of bytes. */
void cuts_apply(const struct span_list *spans, struct slice text, struct buf *out);

uint64_t count_characters(struct slice s);

#endif
