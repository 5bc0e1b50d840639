/* arc.h - the record headers of ARC files, which the Internet Archive wrote before there was WARC.
 *
 * Source: M. Burner and B. Kahle, "Arc File Format", Internet Archive, 1996: a record is a line of
 * fields set apart by spaces, URL, IP address, date, type and length, and as many bytes of what the
 * server sent. Version 2 has five fields more before the length; 1.1, of Heritrix, differs in its
 * version block alone. */
#ifndef CORPUS_ARC_H
#define CORPUS_ARC_H

#include "lib/core/buf.h"

enum { ARC_LINE_MAX = 64 * 1024 };

/* Appends the WARC header that says what an ARC record's line says, so that who reads WARC needs to
 * know nothing of ARC: type warcinfo for the version block, response for http, else resource. The
 * id is DATE/URL, as ARC has none. False, and nothing appended, when line is none. */
bool arc_to_warc(struct slice line, struct buf *out);

#endif
