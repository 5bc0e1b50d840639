/* put.h - the members of a record that corpus-extract writes. */
#ifndef CORPUS_EXTRACT_PUT_H
#define CORPUS_EXTRACT_PUT_H

#include "lib/record/json.h"
#include "stages/extract/config.h"

/* "KEY":"VALUE"; nothing when the value is empty. */
static inline void put_field(struct buf *json, const char *key, struct slice value)
{
	if (!value.n)
		return;
	json_put_key(json, key);
	json_put_string(json, value);
}

/* {"id":…,"text":…,"source":… which every record begins with; text may be empty. */
static inline void put_head(
	struct buf *json, struct slice id, struct slice text, const struct extract_config *cfg)
{
	json->n = 0;
	buf_byte(json, '{');
	json_put_key(json, "id");
	json_put_string(json, id);
	json_put_key(json, "text");
	json_put_string(json, text);
	put_field(json, "source", slice_str(cfg->source));
}

#endif
