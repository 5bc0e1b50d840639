/* text_source.h - plain text as documents: a file is one, or each of its lines is.
 *
 * The items' data are the bytes as they are, of a line without its line end. A text over
 * --max-record is an error, a line over it is dropped under the reason "max_record". */
#ifndef CORPUS_TEXT_SOURCE_H
#define CORPUS_TEXT_SOURCE_H

#include "lib/stage.h"

extern const struct source text_source_whole, text_source_lines;

#endif
