/* What a vocabulary is, and what shards are. */
#include "stages/tokenize/inspect.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/run.h"
#include "lib/stream/publish.h"
#include "stages/tokenize/token_source.h"
#include "stages/tokenize/tokenize.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- facts as lines or as members of an object ---- */

void facts_begin(struct facts *f, const char *title)
{
	if (f->json)
		buf_byte(&f->out, '{');
	else
		buf_printf(&f->out, "%s%s\n", f->out.n ? "\n" : "", title);
}

void facts_end(struct facts *f)
{
	if (f->json)
		buf_str(&f->out, "}\n");
}

/* The name with spaces, in a column. */
static void begin_fact(struct facts *f, const char *name)
{
	if (f->json) {
		json_put_key(&f->out, name);
		return;
	}
	buf_str(&f->out, "  ");
	for (const char *p = name; *p; p++)
		buf_byte(&f->out, *p == '_' ? ' ' : *p);
	buf_printf(&f->out, "%*s", (int)(18 - MIN(strlen(name), (size_t)17)), "");
}

static void end_fact(struct facts *f)
{
	if (!f->json)
		buf_byte(&f->out, '\n');
}

/* Bytes that a terminal could take for commands are shown as U+FFFD or escaped. */
static void put_shown(struct buf *out, struct slice text)
{
	struct buf json = { 0 };

	json_put_string(&json, text);
	buf_append(out, json.p + 1, json.n - 2);
	buf_release(&json);
}

void facts_text(struct facts *f, const char *name, struct slice text)
{
	begin_fact(f, name);
	if (f->json)
		json_put_string(&f->out, text);
	else
		put_shown(&f->out, text);
	end_fact(f);
}

void facts_number(struct facts *f, const char *name, uint64_t n)
{
	begin_fact(f, name);
	json_put_uint(&f->out, n);
	end_fact(f);
}

void facts_list_begin(struct facts *f, const char *name, char bracket)
{
	f->bracket = bracket;
	f->list = name;
	f->n_listed = 0;
	if (f->json) {
		json_put_key(&f->out, name);
		buf_byte(&f->out, bracket);
	}
}

struct buf *facts_item(struct facts *f)
{
	if (!f->json)
		begin_fact(f, f->n_listed++ ? "" : f->list);
	else if (f->n_listed++)
		buf_byte(&f->out, ',');
	return &f->out;
}

void facts_item_end(struct facts *f)
{
	end_fact(f);
}

void facts_list_end(struct facts *f)
{
	if (f->json)
		buf_byte(&f->out, f->bracket == '{' ? '}' : ']');
}

/* ---- a vocabulary ---- */

static void put_specials(struct facts *f, const struct vocab *v)
{
	enum { SHOWN = 20 };
	size_t n = f->json ? v->n_specials : MIN(v->n_specials, (size_t)SHOWN);

	facts_list_begin(f, "special_tokens", '{');
	for (size_t i = 0; i < n; i++) {
		struct buf *out = facts_item(f);

		if (f->json) {
			json_put_string(out, v->specials[i].text);
			buf_printf(out, ":%" PRIu32, v->specials[i].id);
		} else {
			buf_printf(out, "%" PRIu32 " ", v->specials[i].id);
			put_shown(out, v->specials[i].text);
		}
		facts_item_end(f);
	}
	if (n < v->n_specials) {
		buf_printf(facts_item(f), "and %zu more", v->n_specials - n);
		facts_item_end(f);
	}
	facts_list_end(f);
}

/* A backslash says something here, so that nothing is escaped. */
static void put_printable(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_byte(out, (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i]);
}

static void put_patterns(struct facts *f, const struct vocab *v)
{
	facts_list_begin(f, "patterns", '[');
	for (size_t i = 0; i < v->n_cuts; i++) {
		struct buf *out = facts_item(f);

		if (f->json)
			json_put_string(out, v->cuts[i].pattern);
		else
			put_printable(out, v->cuts[i].pattern);
		facts_item_end(f);
	}
	if (v->cuts_missing && !f->json) {
		buf_str(facts_item(f), "not in the file");
		facts_item_end(f);
	}
	facts_list_end(f);
}

static void put_vocabulary(
	struct facts *f, const char *path, const struct vocab *v, const char *kind)
{
	static const char *const norms[] = { [NORM_NFC] = "NFC",
		[NORM_NFD] = "NFD",
		[NORM_NFKC] = "NFKC",
		[NORM_NFKD] = "NFKD",
		[NORM_PREPEND] = "Prepend",
		[NORM_REPLACE] = "Replace" };
	char digest[33];

	vocab_digest(v, digest);
	facts_begin(f, path);
	facts_text(f, "file", slice_str(path));
	facts_text(f, "kind", slice_str(kind));
	facts_number(f, "tokens", v->n_tokens);
	facts_number(f, "ids", v->n_ids);
	facts_number(f, "id_bytes", vocab_id_bytes(v));
	facts_number(f, "merges", v->n_merges);
	facts_list_begin(f, "normalizers", '[');
	for (size_t i = 0; i < v->n_norms; i++) {
		if (f->json)
			json_put_string(facts_item(f), slice_str(norms[v->norms[i].kind]));
		else
			buf_str(facts_item(f), norms[v->norms[i].kind]);
		facts_item_end(f);
	}
	facts_list_end(f);
	put_patterns(f, v);
	put_specials(f, v);
	facts_text(f, "digest", slice_str(digest));
	facts_end(f);
}

static int inspect_vocabulary(
	struct facts *f, const struct inspect_config *c, const char *path, struct err *e)
{
	struct tokenize_vocab use = { .path = path, .merges = c->merges };
	int result = tokenize_vocab_read(&use, e);

	if (result == 0)
		put_vocabulary(f, path, &use.vocab, use.kind);
	tokenize_vocab_release(&use);
	return result;
}

/* ---- the run ---- */

static int inspect_file(
	struct facts *f, const struct inspect_config *c, const char *path, struct err *e)
{
	struct token_source s = { 0 };
	const char *layout = c->from > 0 ? decode_froms[c->from] : NULL;
	int got = token_source_open(&s, path, layout, e);

	if (got > 0)
		got = inspect_shards(f, c, path, &s, e);
	else if (got == 0)
		got = inspect_vocabulary(f, c, path, e);
	token_source_release(&s);
	return got;
}

static int put_out(const struct run *run, const struct facts *f, struct err *e)
{
	const char *path = run->common->output;

	if (path && strcmp(path, "-") != 0)
		return publish_bytes(path, buf_view(&f->out), e);
	return write_all(STDOUT_FILENO, f->out.p, f->out.n, "standard output", e);
}

/* What is damaged is told with what is known of it, and then fails the run. */
static int inspect_run(struct run *run, void *config, struct err *e)
{
	const struct inspect_config *c = config;
	struct facts f = { .json = c->json };
	struct err ignored = { 0 };
	int result = 0;

	if (!run->n_files)
		return err_set(e, ERR_USAGE, "FILE is needed");
	for (size_t i = 0; result == 0 && i < run->n_files; i++)
		result = inspect_file(&f, c, run->files[i], e);
	if (put_out(run, &f, result == 0 ? e : &ignored) < 0)
		result = -1;
	buf_release(&f.out);
	return result;
}

const struct stage tokenize_inspect_stage = {
	.name = "tokenize",
	.summary = "say what a vocabulary or a shard is",
	.operands = "FILE ...",
	.common = COMMON_OUTPUT,
	.run = inspect_run,
};
