/* bytemap.h - the 256 bytes as printable code points, as GPT-2 wrote its vocabulary files.
 *
 * The bytes 33 to 126, 161 to 172 and 174 to 255 stand for themselves as Latin-1 code points; the
 * other 68 stand, in order, for U+0100 to U+0143. Source: bytes_to_unicode in encoder.py of
 * openai/gpt-2. */
#ifndef CORPUSTOK_BYTEMAP_H
#define CORPUSTOK_BYTEMAP_H

#include "lib/core/buf.h"

/* The code point that stands for the byte. */
uint32_t bytemap_point(unsigned char byte);

/* The byte that the code point stands for, or -1. */
int bytemap_byte(uint32_t point);

/* Appends the bytes as mapped UTF-8. */
void bytemap_put(struct buf *out, struct slice bytes);

/* Appends the bytes that the mapped UTF-8 stands for. False, with nothing appended, when one of its
 * code points stands for no byte or it is not UTF-8. */
bool bytemap_get(struct buf *out, struct slice mapped);

#endif
