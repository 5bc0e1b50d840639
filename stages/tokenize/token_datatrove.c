/* datatrove's three files: NAME.ds, the ids, NAME.ds.index, where each document ends, and
 * NAME.ds.metadata.
 *
 * Source: TokenizedFile in pipeline/tokens/tokenizer.py of huggingface/datatrove. The index has
 * eight bytes a document, counted in ids; the metadata are three lines: the tokenizer's name and
 * the bytes of an id, the number of ids, and that number for people, as humanize.metric writes
 * it. */
#include "stages/tokenize/token_format.h"

#include <inttypes.h>

static int datatrove_open(struct token_shard *s, struct err *e)
{
	if (token_shard_open_file(s, &s->ids, ".ds", e) < 0)
		return -1;
	return token_shard_open_file(s, &s->index, ".ds.index", e);
}

static int datatrove_sequence(struct token_shard *s, struct slice ids, struct err *e)
{
	return token_file_append(s->ids, ids, e);
}

static int datatrove_document(struct token_shard *s, uint64_t end, struct err *e)
{
	char bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(end >> (8 * i));
	return token_file_append(s->index, (struct slice){ bytes, sizeof(bytes) }, e);
}

/* Three digits that count and a prefix of the SI. */
static void put_metric(struct buf *out, uint64_t n)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P", "E" };
	double value = (double)n;
	int exponent = 0;

	for (uint64_t rest = n; rest >= 10; rest /= 10)
		exponent++;
	for (int i = 0; i < exponent / 3; i++)
		value /= 1000;
	buf_printf(out, "%.*f %sT", 2 - exponent % 3, value, prefixes[exponent / 3]);
}

static int put_metadata(struct token_shard *s, struct err *e)
{
	struct token_file *file;
	struct buf text = { 0 };
	int result = token_shard_open_file(s, &file, ".ds.metadata", e);

	if (result < 0)
		return -1;
	buf_printf(&text, "%s|%u\n%" PRIu64 "\n", s->vocab_digest, s->id_bytes, s->n_ids);
	put_metric(&text, s->n_ids);
	result = token_file_append(file, buf_view(&text), e);
	buf_release(&text);
	if (result == 0)
		return token_shard_end_file(s, &file, e);
	token_file_abort(file);
	return -1;
}

static int datatrove_close(struct token_shard *s, struct err *e)
{
	if (token_shard_end_file(s, &s->ids, e) < 0 || token_shard_end_file(s, &s->index, e) < 0)
		return -1;
	return put_metadata(s, e);
}

const struct token_format token_datatrove = {
	.name = "datatrove",
	.ending = ".ds",
	.separator = "-",
	.wide = "uint32",
	.open = datatrove_open,
	.sequence = datatrove_sequence,
	.document = datatrove_document,
	.close = datatrove_close,
};
