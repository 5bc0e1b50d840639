/* url_key_params.h - parameters and segments that say nothing of the page. */
#ifndef CORPUS_URL_KEY_PARAMS_H
#define CORPUS_URL_KEY_PARAMS_H

#include "lib/core/base.h"

/* "utm_source=x" and the like. */
bool url_param_tracks(struct slice param);

/* "PHPSESSID=…" and the like. */
bool url_param_is_session(struct slice param);

/* "(S(lit3py55t21z5v55vlm25s55))": letters with 24 characters each (ASP.NET, cookieless sessions). */
bool url_segment_is_session(struct slice segment);

/* "index.html" and the like. */
bool url_segment_is_index(struct slice segment);

#endif
