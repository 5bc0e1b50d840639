/* pretok_gpt2.h - GPT-2's pattern as a scanner, for pretok.c. */
#ifndef CORPUSTOK_PRETOK_GPT2_H
#define CORPUSTOK_PRETOK_GPT2_H

#include "lib/core/base.h"

/* What the pattern asks of a code point. */
enum text_class { CLASS_OTHER, CLASS_LETTER, CLASS_NUMBER, CLASS_SPACE };

enum { N_POINTS = 0x110000 };

/* Fills a table of a class for each code point, from ICU's general categories. */
void classes_fill(unsigned char classes[N_POINTS]);

/* Bytes of the first piece of the text, which is valid UTF-8 and not empty. */
size_t gpt2_piece(const unsigned char *classes, struct slice text);

#endif
