/* charset_table.h - the encodings of the WHATWG Encoding Standard, as tools/gen-charset.py writes
 * them down. Only lib/text/charset*.c include this. */
#ifndef CORPUS_CHARSET_TABLE_H
#define CORPUS_CHARSET_TABLE_H

#include "lib/text/charset.h"

struct charset {
	const char *name;
	const char *icu; /* the converter of an encoding of more than one byte; else NULL */
	const uint16_t *high; /* of one of single bytes, what 0x80 to 0xFF mean; 0: nothing */
};

struct charset_label {
	const char *label;
	size_t row;
};

/* The first is UTF-8. One, "replacement", has neither converter nor table. */
extern const struct charset charset_rows[];

/* Sorted by label. */
extern const struct charset_label charset_labels[];
extern const size_t charset_n_labels;

#endif
