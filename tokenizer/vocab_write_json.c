/* tokenizer.json, as Hugging Face tokenizers 0.21 to 0.23 writes it. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_pattern.h"
#include "tokenizer/pretok_scan.h"
#include "tokenizer/vocab_write.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

static const char *flag(bool value)
{
	return value ? "true" : "false";
}

/* A member that is a tree: jansson's indentation is that of the file, two spaces further in. */
static void put_tree(struct buf *out, const char *key, json_t *tree)
{
	char *text = json_dumps(tree, JSON_INDENT(2) | JSON_ENCODE_ANY);

	buf_printf(out, "  \"%s\": ", key);
	for (const char *p = text; *p; p++) {
		buf_byte(out, *p);
		if (*p == '\n')
			buf_str(out, "  ");
	}
	buf_str(out, ",\n");
	free(text);
	json_decref(tree);
}

static json_t *string_of(struct slice text)
{
	return json_stringn(text.p ? text.p : "", text.n);
}

/* ---- the normaliser ---- */

static json_t *pattern_of(struct slice pattern, bool regex)
{
	return json_pack("{s:o}", regex ? "Regex" : "String", string_of(pattern));
}

static json_t *norm_tree(const struct norm_step *s)
{
	static const char *const forms[] = {
		[NORM_NFC] = "NFC", [NORM_NFD] = "NFD", [NORM_NFKC] = "NFKC", [NORM_NFKD] = "NFKD"
	};

	if (s->kind == NORM_PREPEND)
		return json_pack("{s:s, s:o}", "type", "Prepend", "prepend", string_of(s->to));
	if (s->kind == NORM_REPLACE)
		return json_pack("{s:s, s:o, s:o}", "type", "Replace", "pattern",
			pattern_of(s->from, s->regex), "content", string_of(s->to));
	return json_pack("{s:s}", "type", forms[s->kind]);
}

/* One step as it is, several as a sequence. */
static json_t *sequence(const char *key, json_t *list)
{
	json_t *tree;

	if (json_array_size(list) > 1)
		return json_pack("{s:s, s:o}", "type", "Sequence", key, list);
	tree = json_array_size(list) ? json_incref(json_array_get(list, 0)) : json_null();
	json_decref(list);
	return tree;
}

static json_t *normalizer(const struct vocab *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n_norms; i++)
		if (!v->norms[i].late)
			json_array_append_new(list, norm_tree(&v->norms[i]));
	return sequence("normalizers", list);
}

/* ---- the pre-tokeniser ---- */

static json_t *byte_level(bool prefix, bool regex)
{
	return json_pack("{s:s, s:b, s:b, s:b}", "type", "ByteLevel", "add_prefix_space", prefix,
		"trim_offsets", true, "use_regex", regex);
}

static json_t *cut_tree(const struct cut_step *s)
{
	static const char *const names[] = { "Isolated", "Removed", "MergedWithPrevious",
		"MergedWithNext", "Contiguous" };

	return json_pack("{s:s, s:o, s:s, s:b}", "type", "Split", "pattern",
		pattern_of(s->pattern, !s->literal), "behavior", names[s->behaviour], "invert",
		s->invert);
}

/* What the pre-tokeniser changes comes from one of two types (vocab_steps.c): from Metaspace, which
 * replaces first, or from ByteLevel's prefix. */
static const struct norm_step *first_late(const struct vocab *v)
{
	for (size_t i = 0; i < v->n_norms; i++)
		if (v->norms[i].late)
			return &v->norms[i];
	return NULL;
}

static json_t *metaspace(const struct vocab *v, const struct norm_step *replace, bool split)
{
	const struct norm_step *end = v->norms + v->n_norms;
	const char *scheme = "never";

	if (replace + 1 < end && replace[1].kind == NORM_PREPEND)
		scheme = replace[1].first ? "first" : "always";
	return json_pack("{s:s, s:o, s:s, s:b}", "type", "Metaspace", "replacement",
		string_of(replace->to), "prepend_scheme", scheme, "split", split);
}

static bool is_metaspace_cut(const struct vocab *v, const struct norm_step *replace)
{
	return v->n_cuts && v->cuts[0].literal && v->cuts[0].behaviour == CUT_MERGED_WITH_NEXT &&
		slice_eq(v->cuts[0].pattern, replace->to);
}

/* In a spelling that Oniguruma does not take in another meaning. */
static const struct cut_step *spelled(const struct vocab *v, size_t *n)
{
	const struct scanner *known = scanner_for(v->cuts, v->n_cuts);

	*n = v->n_cuts;
	return known && pattern_ambiguous(v->cuts[0].pattern)
		? pretok_named_oniguruma(known->name, n)
		: v->cuts;
}

static json_t *pre_tokenizer(const struct vocab *v)
{
	const struct norm_step *late = first_late(v);
	bool prefix = late && late->kind == NORM_PREPEND;
	const struct scanner *known = scanner_for(v->cuts, v->n_cuts);
	bool gpt2 = known && strcmp(known->name, "gpt2") == 0 && !v->characters;
	json_t *list = json_array();
	size_t n = 0, i = 0;
	const struct cut_step *cuts = gpt2 ? NULL : spelled(v, &n);

	if (late && late->kind == NORM_REPLACE) {
		bool split = is_metaspace_cut(v, late);

		json_array_append_new(list, metaspace(v, late, split));
		i += split;
	}
	for (; i < n; i++)
		json_array_append_new(list, cut_tree(&cuts[i]));
	if (!v->characters)
		json_array_append_new(list, byte_level(prefix, gpt2));
	return sequence("pretokenizers", list);
}

/* ---- the rest ---- */

static json_t *raw_or(struct slice raw, json_t *otherwise)
{
	json_error_t where;
	json_t *tree;

	if (!raw.n)
		return otherwise;
	json_decref(otherwise);
	tree = json_loadb(raw.p, raw.n, JSON_DECODE_ANY, &where);
	return tree ? tree : json_null();
}

static void put_specials(const struct vocab *v, struct buf *out)
{
	const struct vocab_special **list = vocab_write_specials(v);

	buf_str(out, v->n_specials ? "  \"added_tokens\": [" : "  \"added_tokens\": []");
	for (size_t i = 0; i < v->n_specials; i++) {
		const struct vocab_special *s = list[i];

		buf_printf(out,
			"%s\n    {\n      \"id\": %" PRIu32 ",\n      \"content\": ", i ? "," : "",
			s->id);
		json_put_string(out, s->text);
		buf_printf(out,
			",\n      \"single_word\": %s,\n      \"lstrip\": %s,\n"
			"      \"rstrip\": %s,\n      \"normalized\": %s,\n"
			"      \"special\": %s\n    }",
			flag(s->single_word), flag(s->lstrip), flag(s->rstrip), flag(s->normalized),
			flag(s->control));
	}
	buf_str(out, v->n_specials ? "\n  ],\n" : ",\n");
	free(list);
}

/* The library numbers added tokens that are not in the vocabulary from its size on. Where that
 * would be wrong they are put there. */
static bool numbered_by_library(const struct vocab *v)
{
	const struct vocab_special **list = vocab_write_specials(v);
	uint32_t next = v->n_tokens;
	bool right = true;

	for (size_t i = 0; i < v->n_specials; i++)
		next -= list[i]->added;
	for (size_t i = 0; i < v->n_specials; i++)
		right &= !list[i]->added || list[i]->id == next++;
	free(list);
	return right;
}

static void put_merges(struct vocab_writer *w)
{
	size_t n;
	struct vocab_merge *list = vocab_write_list(w->v, &n);

	for (size_t i = 0; i < n; i++) {
		buf_printf(w->out, "%s\n      [\n        ", i ? "," : "");
		vocab_write_token(w, list[i].left);
		buf_str(w->out, ",\n        ");
		vocab_write_token(w, list[i].right);
		buf_str(w->out, "\n      ]");
	}
	if (n)
		buf_str(w->out, "\n    ");
	free(list);
}

/* Where every token is one that merges make, a whole piece is that token anyway. */
static bool ignores_merges(const struct vocab *v)
{
	return v->whole_first && !(v->ranked && v->longest_unmade == 0);
}

static bool falls_back(const struct vocab *v)
{
	for (size_t b = 0; v->characters && b < ARRAY_LEN(v->byte_id); b++)
		if (v->byte_id[b] != NO_TOKEN)
			return true;
	return false;
}

static void put_model(struct vocab_writer *w)
{
	const struct vocab *v = w->v;

	buf_str(w->out,
		"  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n"
		"    \"unk_token\": ");
	if (v->has_unk)
		vocab_write_token(w, v->unk_id);
	else
		buf_str(w->out, "null");
	buf_printf(w->out,
		",\n    \"continuing_subword_prefix\": null,\n"
		"    \"end_of_word_suffix\": null,\n    \"fuse_unk\": %s,\n"
		"    \"byte_fallback\": %s,\n    \"ignore_merges\": %s,\n    \"vocab\": {",
		flag(v->fuse_unk), flag(falls_back(v)), flag(ignores_merges(v)));
	vocab_write_ids(w, "      ");
	buf_str(w->out, "\n    },\n    \"merges\": [");
	put_merges(w);
	buf_str(w->out, "]\n  }\n}");
}

void vocab_write_json(const struct vocab *v, struct buf *out)
{
	struct vocab_writer w;

	vocab_writer_init(&w, v, out);
	w.with_added = !numbered_by_library(v);
	buf_str(out, "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n");
	put_specials(v, out);
	put_tree(out, "normalizer", normalizer(v));
	put_tree(out, "pre_tokenizer", pre_tokenizer(v));
	put_tree(out, "post_processor", raw_or(v->post_processor, json_null()));
	put_tree(out, "decoder",
		raw_or(v->decoder, v->characters ? json_null() : byte_level(true, true)));
	put_model(&w);
	vocab_writer_release(&w);
}
