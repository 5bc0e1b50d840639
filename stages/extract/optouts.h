/* optouts.h - what a page asks of those who would index it or train on it. */
#ifndef CORPUS_EXTRACT_OPTOUTS_H
#define CORPUS_EXTRACT_OPTOUTS_H

#include "lib/core/buf.h"

/* Each a bit; their names stand in this order in the record's "robots". */
enum optout {
	OPTOUT_NOINDEX = 1, /* robots: noindex or none */
	OPTOUT_NOAI = 2,
	OPTOUT_NOIMAGEAI = 4,
	OPTOUT_TDM = 8, /* TDM Reservation Protocol: tdm-reservation 1 */
	OPTOUT_ROBOTS_TXT = 16, /* the site's robots.txt keeps a crawler for training out */
};

/* The opt-outs in the value of a robots meta element or X-Robots-Tag: "noindex, noai". */
unsigned optouts_of_robots(struct slice value);

/* Those of a meta element: name is "robots", the name of a crawler, or "tdm-reservation". */
unsigned optouts_of_meta(struct slice name, struct slice content);

/* Those of a field of an HTTP header: X-Robots-Tag or TDM-Reservation. */
unsigned optouts_of_field(struct slice name, struct slice value);

/* Appends their names, set apart by ", ". */
void optouts_print(unsigned optouts, struct buf *out);

#endif
