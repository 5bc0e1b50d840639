/* script.h - what joining the lines of a paragraph must know of scripts. */
#ifndef CORPUS_EXTRACT_SCRIPT_H
#define CORPUS_EXTRACT_SCRIPT_H

#include "lib/core/base.h"

/* Han, Kana and their punctuation: written without spaces between words, two columns wide. The
 * blocks are those of the Unicode Standard, Blocks.txt. */
static inline bool script_is_unspaced(uint32_t c)
{
	return (c >= 0x2E80 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00) ||
		(c >= 0xFE30 && c < 0xFE50) || (c >= 0xFF00 && c < 0xFFF0) ||
		(c >= 0x20000 && c < 0x32000);
}

/* The first code point of the UTF-8 text, or 0. */
uint32_t script_first(struct slice s);

/* The last one, or 0. */
uint32_t script_last(struct slice s);

/* Whether a space belongs between two lines that become one. */
static inline bool script_needs_space(struct slice before, struct slice after)
{
	return !script_is_unspaced(script_last(before)) || !script_is_unspaced(script_first(after));
}

#endif
