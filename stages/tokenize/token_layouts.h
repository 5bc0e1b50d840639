/* token_layouts.h - how each layout is read, for token_reader.c. */
#ifndef CORPUS_TOKEN_LAYOUTS_H
#define CORPUS_TOKEN_LAYOUTS_H

#include "stages/tokenize/token_reader.h"

extern const struct token_layout token_read_flat, token_read_llmc, token_read_megatron,
	token_read_npy, token_read_olmo, token_read_datatrove, token_read_mds;

/* n_ids of a layout that does not say how many there are. */
#define TOKEN_IDS_UNSAID UINT64_MAX

/* Another ending in the place of the path's last; a new string. */
char *token_path_beside(const char *path, const char *ending);

#endif
