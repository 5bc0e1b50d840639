/* sources.h - cuts an input of any format that corpus-extract reads into items. */
#ifndef CORPUS_EXTRACT_SOURCES_H
#define CORPUS_EXTRACT_SOURCES_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* item.kind is the enum extract_from of what the item came from; FROM_AUTO for a file in a folder
 * that is of none of the formats, of which the item holds the first bytes. */
extern const struct source extract_source;

/* What an input holds, told by its first bytes; FROM_AUTO when they are no text at all. A WARC
 * file begins "WARC/", an ARC file "filedesc:", a dump with <mediawiki>, JSON lines with "{", a page with a tag. */
enum extract_from extract_sniff(struct slice head);

#endif
