/* Shards of token ids to records or text. */
#include "stages/tokenize/decode.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stats.h"
#include "lib/text/utf8.h"
#include "stages/tokenize/token_documents.h"

#include <inttypes.h>
#include <stdlib.h>

const char *const decode_froms[] = { "jsonl", "flat", "llmc", "megatron", "npy", "olmo",
	"datatrove", "mds", NULL };
const char *const decode_types[] = { "uint16", "uint32", "int32", "int64", "uint64", NULL };
const char *const decode_tos[] = { "records", "text", "lines", NULL };

enum { FROM_JSONL };

/* ---- a document ---- */

enum { CHUNK_IDS = 65536 };

int decode_ids(
	const struct decode_config *c, const struct ids *ids, struct buf *text, struct err *e)
{
	size_t n = ids->n, some;

	if (n && c->eot_id != NO_TOKEN && ids->at[n - 1] == c->eot_id)
		n--;
	for (size_t i = 0; i < n; i += some) {
		some = MIN(n - i, (size_t)CHUNK_IDS);
		if (vocab_decode(&c->use.vocab, ids->at + i, some, text, e) < 0)
			return -1;
		if (text->n > c->max_text)
			return err_set(e, ERR_LIMIT, "the text exceeds --max-record %" PRIu64,
				c->max_text);
	}
	return 0;
}

static void put_record(struct slice id, struct slice text, uint64_t *replaced, struct buf *out)
{
	struct buf repaired = { 0 };

	if (!utf8_valid(text)) {
		*replaced += utf8_repair(&repaired, text);
		text = buf_view(&repaired);
	}
	buf_str(out, "{\"id\":");
	buf_slice(out, id.n ? id : SLICE("null"));
	json_put_key(out, "text");
	json_put_string(out, text);
	buf_str(out, "}\n");
	buf_release(&repaired);
}

void decode_put(const struct decode_config *c, struct slice id, struct slice text,
	uint64_t *replaced, struct buf *out)
{
	if (c->to == DECODE_RECORDS) {
		put_record(id, text, replaced, out);
		return;
	}
	buf_slice(out, text);
	if (c->to == DECODE_LINES)
		buf_byte(out, '\n');
}

/* ---- shards ---- */

/* A document that may go on in the next shard. */
struct decode_run {
	struct run *run;
	struct decode_config *c;
	struct token_hints hints;
	bool pending;
	struct buf id;
	struct ids ids;
	struct buf text, line;
};

static int emit(struct decode_run *d, struct err *e)
{
	struct stats *stats = d->run->stats;

	if (!d->pending)
		return 0;
	d->pending = false;
	d->text.n = d->line.n = 0;
	if (decode_ids(d->c, &d->ids, &d->text, e) < 0)
		return err_wrap(e, "document %" PRIu64, stats->read);
	decode_put(d->c, buf_view(&d->id), buf_view(&d->text), &stats->replaced, &d->line);
	stats->read++;
	stats->kept++;
	stats->kept_bytes += d->line.n;
	return output_lines(d->c->out, buf_view(&d->line), 1, NULL, e);
}

/* The ids from number first on were read at token start of the shard. */
static int check_ids(struct decode_run *d, struct token_documents *in, uint64_t start, size_t first,
	struct err *e)
{
	for (size_t i = first; i < d->ids.n; i++) {
		uint32_t id = d->ids.at[i];

		if (vocab_token(&d->c->use.vocab, id).p)
			continue;
		return err_set(e, ERR_DATA,
			"%s: byte %" PRIu64 ": id %" PRIu32 " is not in the vocabulary",
			in->reader.ids.path, token_reader_byte(&in->reader, start + (i - first)),
			id);
	}
	return 0;
}

/* A document that begins in an earlier shard goes on with the ids that are held of it. */
static int take_document(struct decode_run *d, struct token_documents *in,
	const struct token_document *doc, struct err *e)
{
	bool goes_on = d->pending && doc->from && doc->from == d->ids.n &&
		slice_eq(doc->id, buf_view(&d->id));
	size_t first;

	if (!goes_on) {
		if (emit(d, e) < 0)
			return -1;
		d->ids.n = d->id.n = 0;
		buf_slice(&d->id, doc->id);
	}
	d->pending = true;
	first = d->ids.n;
	if (token_documents_ids(in, doc, &d->ids, e) < 0)
		return -1;
	if (d->ids.n > d->hints.max_ids)
		return err_set(e, ERR_LIMIT,
			"%s: document %" PRIu64 " exceeds --max-record %" PRIu64,
			in->reader.ids.path, d->run->stats->read, d->hints.max_ids);
	return check_ids(d, in, doc->start, first, e);
}

static int decode_shard(struct decode_run *d, const struct token_source *s, size_t i, struct err *e)
{
	struct token_documents in = { 0 };
	struct token_document doc;
	struct stats_file *file;
	int got = 0;

	if (token_documents_open(&in, s, i, &d->hints, e) < 0)
		return -1;
	while ((got = token_documents_next(&in, &doc, e)) > 0) {
		if (take_document(d, &in, &doc, e) < 0) {
			got = -1;
			break;
		}
	}
	file = stats_add_input(d->run->stats, in.reader.ids.path);
	file->file_bytes = in.reader.ids.bytes;
	d->run->stats->read_bytes += in.reader.ids.bytes;
	token_documents_close(&in);
	return got;
}

/* Another vocabulary gives other text, if any: that must not go unseen. */
static void note_vocabulary(struct decode_run *d, const struct token_source *s, const char *path)
{
	const char *digest = d->c->use.digest;

	if (s->vocab_digest && strcmp(s->vocab_digest, digest) != 0)
		buf_printf(d->run->notes,
			"%s: encoded with the vocabulary %s of %" PRIu64
			" ids; --vocab is %s of %" PRIu32 "\n",
			path, s->vocab_digest, s->vocab_ids, digest, d->c->use.vocab.n_ids);
}

static int decode_source(
	struct decode_run *d, const struct token_source *s, const char *path, struct err *e)
{
	uint32_t eot_id = d->c->eot_id;
	int result = 0;

	note_vocabulary(d, s, path);
	if (s->manifest && s->eot_id != NO_TOKEN)
		d->c->eot_id = s->eot_id;
	for (size_t i = 0; result == 0 && i < s->n_shards; i++)
		result = decode_shard(d, s, i, e);
	/* Its last document may end in the token that is its own. */
	if (result == 0)
		result = emit(d, e);
	d->c->eot_id = eot_id;
	return result;
}

static int decode_shards(struct run *run, struct decode_config *c, struct err *e)
{
	struct decode_run d = {
		.run = run,
		.c = c,
		.hints = {
			.layout = c->from > FROM_JSONL ? decode_froms[c->from] : NULL,
			.dtype = c->type >= 0 ? decode_types[c->type] : NULL,
			.default_dtype = vocab_id_bytes(&c->use.vocab) == 2 ? "uint16" : "uint32",
			.eot_id = c->eot_id,
			/* No token is shorter than a byte. */
			.max_ids = run->common->max_record,
		},
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < run->n_files; i++) {
		struct token_source s;
		int got = token_source_open(&s, run->files[i], d.hints.layout, e);

		/* 0 is a name that tells nothing, which --from has told already. */
		result = got < 0 ? -1 : decode_source(&d, &s, run->files[i], e);
		token_source_release(&s);
	}
	buf_release(&d.id);
	ids_release(&d.ids);
	buf_release(&d.text);
	buf_release(&d.line);
	return result;
}

/* ---- the run ---- */

static int is_shard(const char *path, struct err *e)
{
	struct token_source s;
	int got = token_source_open(&s, path, NULL, e);

	token_source_release(&s);
	return got;
}

/* By the operands, which are all of one kind; standard input is JSON lines. */
static int are_shards(const struct run *run, const struct decode_config *c, struct err *e)
{
	int first, got;

	if (c->from >= 0 || !run->n_files)
		return c->from > FROM_JSONL;
	first = got = is_shard(run->files[0], e);
	for (size_t i = 1; got == first && got >= 0 && i < run->n_files; i++) {
		got = is_shard(run->files[i], e);
		if (got >= 0 && got != first)
			return err_set(e, ERR_USAGE,
				"%s %s a shard of token ids, but %s %s: --from says what all are",
				run->files[i], got ? "is" : "is not", run->files[0],
				got ? "is not" : "is");
	}
	return got;
}

static int find_eot(struct decode_config *c, struct err *e)
{
	c->eot_id = vocab_find(&c->use.vocab, slice_str(c->eot ? c->eot : "<|endoftext|>"));
	if (c->eot_id == NO_TOKEN && c->eot && *c->eot)
		return err_set(
			e, ERR_USAGE, "%s has no token \"%s\" for --eot", c->use.path, c->eot);
	return 0;
}

static int decode_setup(void *config, struct err *e)
{
	struct decode_config *c = config;

	pthread_mutex_init(&c->list.lock, NULL);
	if (tokenize_vocab_read(&c->use, e) < 0)
		return -1;
	return find_eot(c, e);
}

static void decode_release(void *config)
{
	struct decode_config *c = config;

	waiting_release(&c->list);
	pthread_mutex_destroy(&c->list.lock);
	tokenize_vocab_release(&c->use);
}

static void decode_describe(const void *config, struct buf *json)
{
	tokenize_vocab_describe(&((const struct decode_config *)config)->use, json);
}

/* Text is written as it is. */
static int open_output(struct run *run, struct decode_config *c, struct err *e)
{
	struct common common = *run->common;
	struct run plain = *run;

	common.plain |= c->to != DECODE_RECORDS;
	plain.common = &common;
	return run_open(&plain, common.output, &c->out, e);
}

static int decode_run(struct run *run, void *config, struct err *e)
{
	struct decode_config *c = config;
	int shards = are_shards(run, c, e), result;

	c->max_text = run->common->max_record;
	if (shards < 0 || run_check_input(run, c->use.path, e) < 0 || open_output(run, c, e) < 0)
		return -1;
	if (shards && !run->n_files)
		result = err_set(e, ERR_USAGE, "shards are named: FILE is needed");
	else
		result = shards ? decode_shards(run, c, e) : decode_lines(run, c, e);
	if (result < 0 || stats_check(run->stats, e) < 0) {
		output_abort(c->out);
		return -1;
	}
	if (run->stats->replaced && c->to == DECODE_RECORDS)
		buf_printf(run->notes,
			"%" PRIu64 " ill-formed sequences became U+FFFD; --to text keeps them\n",
			run->stats->replaced);
	return run_close(run, &tokenize_decode_stage, c, c->out, e);
}

const struct stage tokenize_decode_stage = {
	.name = "tokenize",
	.summary = "turn token ids into records or text",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS,
	.setup = decode_setup,
	.describe = decode_describe,
	.release = decode_release,
	.run = decode_run,
};
