/* base64.h - RFC 4648, section 4, with its padding. */
#ifndef CORPUSTOK_BASE64_H
#define CORPUSTOK_BASE64_H

#include "lib/core/buf.h"

/* Appends the bytes that the text stands for. False when it is none, or stands for none. */
bool base64_get(struct buf *out, struct slice text);

void base64_put(struct buf *out, struct slice bytes);

#endif
