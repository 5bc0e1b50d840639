/* Vocabularies written as the files others read. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "tokenizer/base64.h"
#include "tokenizer/bytemap.h"
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_scan.h"
#include "tokenizer/vocab_file.h"

#include <inttypes.h>
#include <stdlib.h>

/* What a file is written from. */
struct writer {
	const struct vocab *v;
	bool *added; /* by id: its text stands as it is, that of all others in mapped bytes */
	struct buf scratch;
	struct buf *out;
};

static struct writer writer_of(const struct vocab *v, struct buf *out)
{
	struct writer w = { .v = v, .out = out };

	w.added = mem_zalloc(v->n_ids, sizeof(*w.added));
	for (size_t i = 0; i < v->n_specials; i++)
		w.added[v->specials[i].id] = v->specials[i].added;
	return w;
}

static void writer_release(struct writer *w)
{
	buf_release(&w->scratch);
	free(w->added);
}

static void put_token(struct writer *w, uint32_t id)
{
	struct slice token = w->v->tokens[id];

	buf_clear(&w->scratch, w->scratch.cap);
	if (w->added[id])
		buf_slice(&w->scratch, token);
	else
		bytemap_put(&w->scratch, token);
	json_put_string(w->out, buf_view(&w->scratch));
}

static const char *flag(bool value)
{
	return value ? "true" : "false";
}

static void put_specials(const struct vocab *v, struct buf *out)
{
	buf_str(out, v->n_specials ? "  \"added_tokens\": [" : "  \"added_tokens\": []");
	for (size_t i = 0; i < v->n_specials; i++) {
		const struct vocab_special *s = &v->specials[i];

		buf_printf(out,
			"%s\n    {\n      \"id\": %" PRIu32 ",\n      \"content\": ", i ? "," : "",
			s->id);
		json_put_string(out, s->text);
		buf_printf(out,
			",\n      \"single_word\": false,\n      \"lstrip\": false,\n"
			"      \"rstrip\": false,\n      \"normalized\": %s,\n"
			"      \"special\": %s\n    }",
			flag(!s->control), flag(s->control));
	}
	buf_str(out, v->n_specials ? "\n  ],\n" : ",\n");
}

static void put_ids(struct writer *w, const char *indent)
{
	const char *comma = "";

	for (uint32_t id = 0; id < w->v->n_ids; id++) {
		if (!w->v->tokens[id].p)
			continue;
		buf_printf(w->out, "%s\n%s", comma, indent);
		put_token(w, id);
		buf_printf(w->out, ": %" PRIu32, id);
		comma = ",";
	}
}

static void put_merges(struct writer *w)
{
	for (size_t i = 0; i < w->v->n_merges; i++) {
		buf_printf(w->out, "%s\n      [\n        ", i ? "," : "");
		put_token(w, w->v->merges[i].left);
		buf_str(w->out, ",\n        ");
		put_token(w, w->v->merges[i].right);
		buf_str(w->out, "\n      ]");
	}
	if (w->v->n_merges)
		buf_str(w->out, "\n    ");
}

/* ---- the pre-tokenizer ---- */

/* ByteLevel as an object whose members stand at the indent. */
static void put_byte_level(struct buf *out, const char *indent, bool prefix_space, bool use_regex)
{
	buf_printf(out,
		"{\n%s  \"type\": \"ByteLevel\",\n%s  \"add_prefix_space\": %s,\n"
		"%s  \"trim_offsets\": true,\n%s  \"use_regex\": %s\n%s}",
		indent, indent, flag(prefix_space), indent, indent, flag(use_regex), indent);
}

/* tiktoken's pattern of cl100k in the words of Oniguruma, for which {1,3}+ is a repetition of
 * {1,3} and $ the end of a line. */
static const char cl100k_oniguruma[] =
	"'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}|"
	" ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++\\z|\\s*[\\r\\n]|\\s+(?!\\S)|\\s";

static void put_split(struct buf *out, const struct cut_step *step)
{
	static const char *const behaviours[] = { "Isolated", "Removed", "MergedWithPrevious",
		"MergedWithNext", "Contiguous" };
	size_t n;
	const struct cut_step *cl100k = pretok_named("cl100k", &n);
	bool other = slice_eq(step->pattern, cl100k->pattern);

	buf_printf(out,
		"      {\n        \"type\": \"Split\",\n        \"pattern\": {\n          \"%s\": ",
		step->literal ? "String" : "Regex");
	json_put_string(out, other ? slice_str(cl100k_oniguruma) : step->pattern);
	buf_printf(out,
		"\n        },\n        \"behavior\": \"%s\",\n        \"invert\": %s\n      },\n",
		behaviours[step->behaviour], flag(step->invert));
}

/* GPT-2's pattern is part of ByteLevel. */
static void put_pre_tokenizer(const struct vocab *v, struct buf *out)
{
	const struct scanner *known = scanner_for(v->cuts, v->n_cuts);

	if (v->n_cuts == 0 || (known && strcmp(known->name, "gpt2") == 0)) {
		put_byte_level(out, "  ", false, v->n_cuts > 0);
		return;
	}
	buf_str(out, "{\n    \"type\": \"Sequence\",\n    \"pretokenizers\": [\n");
	for (size_t i = 0; i < v->n_cuts; i++)
		put_split(out, &v->cuts[i]);
	buf_str(out, "      ");
	put_byte_level(out, "      ", false, false);
	buf_str(out, "\n    ]\n  }");
}

/* ---- whole files ---- */

void vocab_write_json(const struct vocab *v, struct buf *out)
{
	struct writer w = writer_of(v, out);

	buf_str(out, "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n");
	put_specials(v, out);
	buf_str(out, "  \"normalizer\": null,\n  \"pre_tokenizer\": ");
	put_pre_tokenizer(v, out);
	buf_str(out, ",\n  \"post_processor\": null,\n  \"decoder\": ");
	put_byte_level(out, "  ", true, true);
	buf_printf(out,
		",\n  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n"
		"    \"unk_token\": null,\n    \"continuing_subword_prefix\": null,\n"
		"    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n"
		"    \"byte_fallback\": false,\n    \"ignore_merges\": %s,\n    \"vocab\": {",
		flag(v->whole_first));
	put_ids(&w, "      ");
	buf_str(out, "\n    },\n    \"merges\": [");
	put_merges(&w);
	buf_str(out, "]\n  }\n}");
	writer_release(&w);
}

void vocab_write_vocab(const struct vocab *v, struct buf *out)
{
	struct writer w = writer_of(v, out);

	buf_byte(out, '{');
	put_ids(&w, "");
	buf_str(out, "\n}\n");
	writer_release(&w);
}

void vocab_write_merges(const struct vocab *v, struct buf *out)
{
	buf_str(out, "#version: 0.2\n");
	for (size_t i = 0; i < v->n_merges; i++) {
		bytemap_put(out, v->tokens[v->merges[i].left]);
		buf_byte(out, ' ');
		bytemap_put(out, v->tokens[v->merges[i].right]);
		buf_byte(out, '\n');
	}
}

void vocab_write_tiktoken(const struct vocab *v, struct buf *out)
{
	struct writer w = writer_of(v, out);

	for (uint32_t id = 0; id < v->n_ids; id++) {
		if (!v->tokens[id].p || w.added[id])
			continue;
		base64_put(out, v->tokens[id]);
		buf_printf(out, " %" PRIu32 "\n", id);
	}
	writer_release(&w);
}
