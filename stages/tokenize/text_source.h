/* text_source.h - plain text as documents: a file is one (whole), each of its lines is (lines), or
 * what was read at once is, up to its last line end (blocks).
 *
 * The items' data are the bytes as they are, of a line without its line end, of a block with those
 * of all its lines. A text over --max-record is an error, a line over it is dropped under the
 * reason "max_record", and in a block it is cut there, before a code point; a block may be of 256
 * KiB in any case. */
#ifndef CORPUS_TEXT_SOURCE_H
#define CORPUS_TEXT_SOURCE_H

#include "lib/stage.h"

extern const struct source text_source_whole, text_source_lines, text_source_blocks;

#endif
