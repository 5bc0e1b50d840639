/* flow_parts.h - what the walk of flow.c calls for texts and formulas. */
#ifndef CORPUS_EXTRACT_FLOW_PARTS_H
#define CORPUS_EXTRACT_FLOW_PARTS_H

#include "stages/extract/flow.h"

/* Asks for no less than gap before the next piece. */
void flow_ask(struct flow *f, enum flow_gap gap);

/* Tells a piece as it is. */
void flow_tell(struct flow *f, struct slice text);

/* A text node, folded or as it stands. */
void flow_text(struct flow *f, uint32_t node);

void flow_math(struct flow *f, struct slice tex, bool display);

#endif
