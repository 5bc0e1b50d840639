/* dates.h - dates as pages write them. */
#ifndef CORPUS_EXTRACT_DATES_H
#define CORPUS_EXTRACT_DATES_H

#include "lib/core/arena.h"

/* The first date in text as "YYYY-MM-DD", followed by the time as it stands where that is in the
 * form of RFC 3339; {NULL, 0} when there is none. Understood are ISO 8601 (2021-03-25, 20210325,
 * also / and . between), "March 25, 2021", "25 March 2021", "25. März 2021" (English, German,
 * French, Spanish, Italian, Dutch and Portuguese months), and 25.03.2021; of 03/25/2021 only
 * what can be read in one way. Years from 1970 to 2100. */
struct slice date_find(struct slice text, struct arena *arena);

#endif
