/* fieldmap.h - JSON lines of others to records of ours: --map text=body,id=permalink.
 *
 * A field that the map names takes our name where it stands, its value byte for byte; all other
 * fields stay as they are, but one that already has a name of ours which the map fills goes. With
 * --source it is set. A line without text is dropped ("no_text"), one with less than --min-text
 * too ("min_text"); a line that is no JSON object is bad. One without an id gets that of its place,
 * FILE:NUMBER. */
#ifndef CORPUS_FIELDMAP_H
#define CORPUS_FIELDMAP_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* ERR_USAGE when an entry is not OURS=THEIRS, or fills a field of ours twice. */
int fieldmap_check(const struct opt_list *map, struct err *e) MUST_CHECK;

/* item->data is one line without its newline. */
enum verdict fieldmap_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e);

#endif
