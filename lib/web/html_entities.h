/* html_entities.h - the named character references of the HTML Standard, 13.5. */
#ifndef CORPUS_HTML_ENTITIES_H
#define CORPUS_HTML_ENTITIES_H

#include <stdint.h>

enum { HTML_ENTITY_BITS = 12, HTML_ENTITY_LONGEST = 32 };

struct html_entity {
	char name[HTML_ENTITY_LONGEST + 1]; /* without "&"; with ";" but for the old ones */
	char value[7]; /* UTF-8: one character or two */
};

/* Sorted by name. */
extern const struct html_entity html_entities[];

/* By hash, with open addressing: a row's number from 1, or 0. */
extern const uint16_t html_entity_places[1 << HTML_ENTITY_BITS];

#endif
