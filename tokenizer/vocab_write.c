/* Vocabularies written as the files others read. */
#include "lib/record/json.h"
#include "tokenizer/bytemap.h"
#include "tokenizer/vocab_file.h"

#include <inttypes.h>

/* A special token's text stands as it is, any other in mapped bytes. */
static bool is_added(const struct vocab *v, uint32_t id)
{
	for (size_t i = 0; i < v->n_specials; i++)
		if (v->specials[i].id == id && v->specials[i].added)
			return true;
	return false;
}

static void put_token(const struct vocab *v, uint32_t id, struct buf *scratch, struct buf *out)
{
	buf_clear(scratch, scratch->cap);
	if (is_added(v, id))
		buf_slice(scratch, v->tokens[id]);
	else
		bytemap_put(scratch, v->tokens[id]);
	json_put_string(out, buf_view(scratch));
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

static void put_ids(const struct vocab *v, const char *indent, struct buf *out)
{
	struct buf scratch = { 0 };
	const char *comma = "";

	for (uint32_t id = 0; id < v->n_ids; id++) {
		if (!v->tokens[id].p)
			continue;
		buf_printf(out, "%s\n%s", comma, indent);
		put_token(v, id, &scratch, out);
		buf_printf(out, ": %" PRIu32, id);
		comma = ",";
	}
	buf_release(&scratch);
}

static void put_merges(const struct vocab *v, struct buf *out)
{
	struct buf scratch = { 0 };

	for (size_t i = 0; i < v->n_merges; i++) {
		buf_printf(out, "%s\n      [\n        ", i ? "," : "");
		put_token(v, v->merges[i].left, &scratch, out);
		buf_str(out, ",\n        ");
		put_token(v, v->merges[i].right, &scratch, out);
		buf_str(out, "\n      ]");
	}
	if (v->n_merges)
		buf_str(out, "\n    ");
	buf_release(&scratch);
}

void vocab_write_json(const struct vocab *v, struct buf *out)
{
	static const char byte_level[] = "{\n    \"type\": \"ByteLevel\",\n"
					 "    \"add_prefix_space\": %s,\n"
					 "    \"trim_offsets\": true,\n"
					 "    \"use_regex\": true\n  }";

	buf_str(out, "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n");
	put_specials(v, out);
	buf_str(out, "  \"normalizer\": null,\n  \"pre_tokenizer\": ");
	buf_printf(out, byte_level, "false");
	buf_str(out, ",\n  \"post_processor\": null,\n  \"decoder\": ");
	buf_printf(out, byte_level, "true");
	buf_printf(out,
		",\n  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n"
		"    \"unk_token\": null,\n    \"continuing_subword_prefix\": null,\n"
		"    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n"
		"    \"byte_fallback\": false,\n    \"ignore_merges\": %s,\n    \"vocab\": {",
		flag(v->whole_first));
	put_ids(v, "      ", out);
	buf_str(out, "\n    },\n    \"merges\": [");
	put_merges(v, out);
	buf_str(out, "]\n  }\n}");
}

void vocab_write_vocab(const struct vocab *v, struct buf *out)
{
	buf_byte(out, '{');
	put_ids(v, "", out);
	buf_str(out, "\n}\n");
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
