/* extract.h - the stage of corpus-extract: what crawls, dumps and books hold, as records. */
#ifndef CORPUS_EXTRACT_H
#define CORPUS_EXTRACT_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* Its config is struct extract_config. */
extern const struct stage extract_stage;

#endif
