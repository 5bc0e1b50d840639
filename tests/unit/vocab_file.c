/* Tests of tokenizer/vocab_file.h. */
#include "tokenizer/vocab_file.h"

#include "tokenizer/bytemap.h"
#include "tokenizer/pretok.h"

#include <criterion/criterion.h>

/* ---- small files: the 256 bytes, then ab and " ab", then <s> ---- */

#define LEVEL \
	"{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true," \
	"\"use_regex\":true}"

/* The parts that the tests change. */
struct parts {
	const char *top; /* members of the file */
	const char *pre; /* the pre-tokeniser */
	const char *model; /* members of the model */
	const char *merges;
	const char *added; /* an added token's members, or NULL */
};

static const struct parts plain = {
	.top = "\"version\":\"1.0\",\"normalizer\":null",
	.pre = LEVEL,
	.model = "\"type\":\"BPE\",\"dropout\":null",
	.merges = "[[\"a\",\"b\"],[\"\u0120\",\"ab\"]]",
	.added = "\"id\":258,\"content\":\"<s>\",\"special\":true",
};

static void put_ids(struct buf *out)
{
	buf_byte(out, '{');
	for (unsigned b = 0; b < 256; b++) {
		char c = (char)(unsigned char)b;

		buf_str(out, c == '"' || c == '\\' ? "\"\\" : "\"");
		bytemap_put(out, (struct slice){ &c, 1 });
		buf_printf(out, "\":%u,", b);
	}
	buf_str(out, "\"ab\":256,\"\u0120ab\":257}");
}

static void put_file(const struct parts *p, struct buf *out)
{
	out->n = 0;
	buf_printf(out, "{%s,\"added_tokens\":[", p->top);
	if (p->added)
		buf_printf(out, "{%s}", p->added);
	buf_printf(out, "],\"pre_tokenizer\":%s,\"model\":{%s,\"vocab\":", p->pre, p->model);
	put_ids(out);
	buf_printf(out, ",\"merges\":%s}}", p->merges);
}

static void expect_right(const struct vocab *v)
{
	cr_expect_eq(v->n_ids, 259);
	cr_assert_eq(v->n_merges, 2);
	cr_expect_eq(v->merges[1].left, ' ');
	cr_expect_eq(v->merges[1].right, 256);
	cr_expect_eq(v->merges[1].made, 257);
	cr_expect_eq(vocab_find(v, SLICE(" ab")), 257);
	cr_expect_eq(vocab_find(v, SLICE("<s>")), 258);
	cr_expect_eq(vocab_find(v, SLICE("\xFF")), 255);
	cr_assert_eq(v->n_specials, 1);
	cr_expect(v->specials[0].control);
	cr_assert_eq(v->n_cuts, 1);
	cr_expect(slice_eq(v->cuts[0].pattern, slice_str(pretok_gpt2_pattern)) ||
		slice_eq(v->cuts[0].pattern, slice_str(pretok_gpt2_pattern_long)));
}

static const struct slice none = { NULL, 0 };

Test(vocab_file, reads_tokenizer_json)
{
	static const char split[] =
		"{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":"
		"{\"Regex\":\"'s|'t|'re|'ve|'m|'ll|'d| ?\\\\p{L}+| ?\\\\p{N}+| "
		"?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\","
		"\"invert\":false},{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
		"\"trim_offsets\":true,\"use_regex\":false}]}";
	struct parts cases[] = { plain, plain, plain, plain };

	cases[1].merges = "[\"a b\",\"\u0120 ab\"]";
	cases[2].pre = split;
	cases[3].model = "\"type\":\"BPE\",\"dropout\":0.0,\"unk_token\":\"<s>\",\"fuse_unk\":true,"
			 "\"continuing_subword_prefix\":\"\",\"end_of_word_suffix\":\"\","
			 "\"byte_fallback\":false,\"ignore_merges\":true";
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vocab v = { 0 };
		struct buf text = { 0 };
		struct err e = { 0 };

		put_file(&cases[i], &text);
		cr_assert_eq(vocab_parse(&v, buf_view(&text), none, &e), 0, "%zu: %s", i, e.text);
		expect_right(&v);
		cr_expect_eq(v.whole_first, i == 3);
		vocab_release(&v);
		buf_release(&text);
	}
}

Test(vocab_file, refuses_by_name_what_it_does_not_do)
{
	static const struct {
		struct parts change;
		const char *want;
	} cases[] = {
		{ { .top = "\"version\":\"1.0\",\"normalizer\":{\"type\":\"Lowercase\"}" },
			"normalizer.type \"Lowercase\" is not supported" },
		{ { .top = "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},"
			   "{\"type\":\"Nmt\"}]}" },
			"normalizer[1].type \"Nmt\" is not supported" },
		{ { .top = "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[1]}" },
			"normalizer[0] is not an object" },
		{ { .top = "\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},"
			   "\"content\":\"x\"}" },
			"normalizer.pattern {\"String\":\"\"} is not supported" },
		{ { .top = "\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\"x\"}}" },
			"normalizer.content is missing" },
		{ { .top = "\"normalizer\":{\"type\":\"NFC\",\"form\":1}" },
			"normalizer.form 1 is not supported" },
		{ { .top = "\"truncation\":{\"max_length\":4}" },
			"truncation {\"max_length\":4} is not supported" },
		{ { .top = "\"padding\":{}" }, "padding {} is not supported" },
		{ { .top = "\"new_feature\":1" }, "new_feature 1 is not supported" },
		{ { .top = "\"version\":\"1.0\",\"version\":\"1.0\"" }, "version stands twice" },
		{ { .top = "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[]}" },
			"post_processor.single [] is not supported" },
		{ { .top = "\"post_processor\":{\"type\":\"Sequence\",\"processors\":[{\"type\":\"X\"}]}" },
			"post_processor.type \"X\" is not supported" },
		{ { .top = "\"decoder\":{\"type\":\"WordPiece\"}" },
			"decoder.type \"WordPiece\" is not supported" },
		{ { .pre = "{\"type\":\"Whitespace\"}" },
			"pre_tokenizer.type \"Whitespace\" is not supported" },
		{ { .pre = "null" }, "no token for the byte 0x00 and none for the unknown" },
		{ { .pre = "{\"type\":\"ByteLevel\"}" },
			"pre_tokenizer.add_prefix_space is missing" },
		{ { .pre = "{\"type\":\"Sequence\",\"pretokenizers\":[" LEVEL
			   ",{\"type\":\"Digits\"}]}" },
			"pre_tokenizer[1] behind ByteLevel is not supported" },
		{ { .pre = "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\"},"
			   "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}]}" },
			"pre_tokenizer[1] changes pieces that are cut already: not supported" },
		{ { .pre = "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\","
			   "\"pattern\":{\"Regex\":\"x\"},\"behavior\":\"Isolated\"},1]}" },
			"pre_tokenizer[1] is not an object" },
		{ { .pre = "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"x\"},\"behavior\":\"Kept\"}" },
			"pre_tokenizer.behavior \"Kept\" is not supported" },
		{ { .pre = "{\"type\":\"Split\",\"pattern\":{\"Glob\":\"x\"},\"behavior\":\"Removed\"}" },
			"pre_tokenizer.pattern {\"Glob\":\"x\"} is not supported" },
		{ { .pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"x\"}" },
			"pre_tokenizer.prepend_scheme \"x\" is not supported" },
		{ { .model = "\"type\":\"Unigram\"" }, "model.type \"Unigram\" is not supported" },
		{ { .model = "\"type\":\"BPE\",\"dropout\":0.1" }, "model.dropout 0.1" },
		{ { .model = "\"type\":\"BPE\",\"vocab\":{}" }, "model.vocab stands twice" },
		{ { .model = "\"type\":\"BPE\",\"end_of_word_suffix\":\"</w>\"" },
			"model.end_of_word_suffix \"</w>\" is not supported" },
		{ { .added = "\"id\":258,\"content\":\"<s>\",\"lstrip\":1" },
			"added_tokens.lstrip 1 is not supported" },
		{ { .added = "\"id\":259,\"content\":\"<s>\"" },
			"added token \"<s>\" has the id 259 in the file, but Hugging Face "
			"tokenizers gives it 258" },
		{ { .added = "\"id\":255,\"content\":\"ab\"" },
			"added token \"ab\" has another id in the vocabulary, 256" },
		{ { .added = "\"id\":3,\"content\":\"<s>\"" },
			"the special token \"<s>\" has the id 3 of another token" },
		{ { .added = "\"id\":-1,\"content\":\"<s>\"" },
			"an added token has no id or content" },
		{ { .added = "\"id\":258,\"content\":\"<s>\"},"
			     "{\"id\":258,\"content\":\"<s>\",\"special\":true" },
			"added token \"<s>\" stands twice" },
		{ { .model = "\"type\":\"BPE\",\"fuse_unk\":1" },
			"model.fuse_unk 1 is not supported" },
		{ { .model = "\"type\":\"BPE\",\"unk_token\":[]" },
			"model.unk_token [] is not supported" },
		{ { .top = "\"post_processor\":{\"type\":\"Sequence\",\"processors\":{}}" },
			"post_processor.processors {} is not supported" },
		{ { .merges = "[[\"a\",\"b\"],[\"a\",\"b\"]]" },
			"merge 1 stands twice (tokens 97 and 98)" },
		{ { .merges = "[[\"a\",\"c\"]]" }, "merge 0: \"ac\" is not in the vocabulary" },
		{ { .merges = "[[\"a\",\"xy\"]]" }, "merge 0: \"xy\" is not in the vocabulary" },
		{ { .merges = "[\"ab\"]" }, "merge 0 is not a pair of tokens" },
		{ { .merges = "[[\"a\",\"b\",\"c\"]]" }, "merge 0 is not a pair of tokens" },
		{ { .merges = "{}" }, "model.merges is not an array" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct parts *c = &cases[i].change;
		struct parts p = plain;
		struct vocab v = { 0 };
		struct buf text = { 0 };
		struct err e = { 0 };

		p.top = c->top ? c->top : p.top;
		p.pre = c->pre ? c->pre : p.pre;
		p.model = c->model ? c->model : p.model;
		p.merges = c->merges ? c->merges : p.merges;
		p.added = c->added ? c->added : p.added;
		put_file(&p, &text);
		cr_expect_eq(vocab_parse(&v, buf_view(&text), none, &e), -1, "case %zu", i);
		cr_expect(slice_starts(slice_str(e.text), slice_str(cases[i].want)), "case %zu: %s",
			i, e.text);
		vocab_release(&v);
		buf_release(&text);
	}
}

/* Found by fuzzing: of two keys that are the same byte the second made the first a character. */
Test(vocab_file, no_key_stands_twice)
{
	static const char *const keys[] = { "<0x41>", "a" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct vocab v = { 0 };
		struct buf text = { 0 };
		struct err e = { 0 };

		buf_printf(&text,
			"{\"added_tokens\":[],\"model\":{\"type\":\"BPE\",\"unk_token\":\"u\","
			"\"byte_fallback\":true,\"vocab\":{\"u\":0,\"%s\":1,\"%s\":2},"
			"\"merges\":[]}}",
			keys[i], keys[i]);
		cr_expect_eq(vocab_parse(&v, buf_view(&text), none, &e), -1);
		cr_expect_str_eq(e.text, "the token 2 stands twice");
		vocab_release(&v);
		buf_release(&text);
	}
}

Test(vocab_file, reads_the_two_files_of_gpt2)
{
	struct vocab v = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };

	put_ids(&text);
	text.n--;
	buf_str(&text, ",\"<s>\":258}");
	cr_assert_eq(
		vocab_parse(&v, buf_view(&text), SLICE("#version: 0.2\na b\r\n\u0120 ab\n"), &e), 0,
		"%s", e.text);
	expect_right(&v);
	vocab_release(&v);
	cr_expect_eq(vocab_parse(&v, buf_view(&text), none, &e), -1);
	cr_expect_str_eq(e.text, "vocab.json needs its merges.txt beside it");
	vocab_release(&v);
	err_clear(&e);
	cr_expect_eq(vocab_parse(&v, buf_view(&text), SLICE("a b\nab\n"), &e), -1);
	cr_expect_str_eq(e.text, "merges: line 2 is not a pair of tokens");
	vocab_release(&v);
	buf_release(&text);
}

/* ---- ranks ---- */

static void put_rank(struct buf *out, const char *base64, unsigned rank)
{
	buf_printf(out, "%s %u\n", base64, rank);
}

/* The bytes in base64: two digits and two signs of padding. */
static void put_bytes(struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (unsigned b = 0; b < 256; b++)
		buf_printf(out, "%c%c== %u\n", digits[b >> 2], digits[b << 4 & 0x3F], b);
}

/* "YWI=" is ab, "YmM=" bc and "YWJj" abc. Every cut of abc is a merge: ab+c and a+bc. */
Test(vocab_file, reads_ranks)
{
	struct vocab v = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };

	put_bytes(&text);
	put_rank(&text, "YWI=", 256);
	put_rank(&text, "YmM=", 257);
	put_rank(&text, "YWJj", 258);
	cr_assert_eq(vocab_parse(&v, buf_view(&text), none, &e), 0, "%s", e.text);
	cr_expect_eq(v.n_ids, 259);
	cr_expect_eq(vocab_find(&v, SLICE("abc")), 258);
	cr_expect_eq(vocab_find(&v, SLICE("\xFE")), 254);
	cr_expect_eq(v.n_merges, 4);
	cr_expect(v.whole_first);
	cr_expect(v.cuts_missing, "the file does not say");
	vocab_release(&v);
	buf_release(&text);
}

Test(vocab_file, refuses_broken_ranks)
{
	static const char *const cases[] = { "YWI 256", "YWI= ", "YWI=", "YWI= x", "YW=I 256",
		"YWI= 99999999999", " 256", "Y?I= 256", "==== 256", "YWI= 3" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vocab v = { 0 };
		struct buf text = { 0 };
		struct err e = { 0 };

		put_bytes(&text);
		buf_str(&text, cases[i]);
		cr_expect_eq(vocab_parse(&v, buf_view(&text), none, &e), -1, "%s", cases[i]);
		cr_expect(slice_starts(slice_str(e.text), SLICE("line 257")), "%s", e.text);
		vocab_release(&v);
		buf_release(&text);
	}
}

Test(vocab_file, ranks_take_a_pattern_and_special_tokens)
{
	static const char *const given[] = { "<s>=300", "a=b=301" }, *const wrong[] = { "<s>" };
	struct vocab_hints hints = { .pattern = "llama3", .specials = given, .n_specials = 2 };
	struct vocab v = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };

	put_bytes(&text);
	cr_assert_eq(vocab_parse_hints(&v, buf_view(&text), &hints, &e), 0, "%s", e.text);
	cr_expect_eq(vocab_find(&v, SLICE("<s>")), 300);
	cr_expect_eq(vocab_find(&v, SLICE("a=b")), 301);
	cr_expect_eq(v.n_cuts, 1);
	cr_expect_not(v.cuts_missing);
	vocab_release(&v);
	hints.specials = wrong;
	hints.n_specials = 1;
	cr_expect_eq(vocab_parse_hints(&v, buf_view(&text), &hints, &e), -1);
	cr_expect_eq(e.code, ERR_USAGE);
	cr_expect_str_eq(e.text, "the special token \"<s>\" is not a text, = and an id");
	vocab_release(&v);
	err_clear(&e);
	put_rank(&text, "YQ==", 256);
	cr_expect_eq(vocab_parse(&v, buf_view(&text), none, &e), -1);
	cr_expect_str_eq(e.text, "the tokens 97 and 256 are the same");
	vocab_release(&v);
	buf_release(&text);
}

/* ---- tekken.json ---- */

static void put_tekken(struct buf *out, const char *config, const char *specials)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	out->n = 0;
	buf_printf(
		out, "{\"config\":{\"pattern\":\"a+|[^a]+\",%s},%s\"vocab\":[", config, specials);
	for (unsigned b = 0; b < 256; b++)
		buf_printf(out, "{\"rank\":%u,\"token_bytes\":\"%c%c==\",\"token_str\":null},", b,
			digits[b >> 2], digits[b << 4 & 0x3F]);
	buf_str(out,
		"{\"rank\":256,\"token_bytes\":\"YWI=\",\"token_str\":\"ab\"},"
		"{\"rank\":257,\"token_bytes\":\"YmM=\",\"token_str\":\"bc\"}]}");
}

/* The id is the rank and the number of special tokens; of the ranks one too many is left out. */
Test(vocab_file, reads_tekken_json)
{
	struct vocab v = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };

	put_tekken(&text,
		"\"default_vocab_size\":279,\"default_num_special_tokens\":22,\"version\":\"v3\"",
		"");
	cr_assert_eq(vocab_parse(&v, buf_view(&text), none, &e), 0, "%s", e.text);
	cr_expect_eq(v.n_ids, 279);
	cr_expect_eq(vocab_find(&v, SLICE("ab")), 278);
	cr_expect_eq(vocab_find(&v, SLICE("bc")), NO_TOKEN);
	cr_expect_eq(vocab_find(&v, SLICE("a")), 22 + 'a');
	cr_expect_eq(vocab_find(&v, SLICE("</s>")), 2);
	cr_expect_eq(vocab_find(&v, SLICE("<SPECIAL_21>")), 21);
	vocab_release(&v);
	put_tekken(&text,
		"\"default_vocab_size\":260,\"default_num_special_tokens\":3,\"version\":\"v11\"",
		"\"special_tokens\":[{\"rank\":0,\"token_str\":\"<x>\",\"is_control\":false}],");
	cr_assert_eq(vocab_parse(&v, buf_view(&text), none, &e), 0, "%s", e.text);
	cr_expect_eq(vocab_find(&v, SLICE("<x>")), 0);
	cr_expect_not(v.specials[0].control);
	cr_expect_eq(vocab_find(&v, SLICE("<SPECIAL_2>")), 2);
	cr_expect_eq(vocab_find(&v, SLICE("ab")), 259);
	vocab_release(&v);
	buf_release(&text);
}

Test(vocab_file, refuses_broken_tekken_json)
{
	static const struct {
		const char *config, *specials, *want;
	} cases[] = {
		{ "\"default_vocab_size\":270,\"default_num_special_tokens\":4,\"version\":\"v11\"",
			"", "special_tokens is missing" },
		{ "\"default_vocab_size\":300,\"default_num_special_tokens\":20,\"version\":\"v3\"",
			"", "vocab has 258 entries, and config asks for 280" },
		{ "\"default_vocab_size\":3,\"default_num_special_tokens\":20,\"version\":\"v3\"",
			"", "config.default_vocab_size is less than" },
		{ "\"default_vocab_size\":99999,\"default_num_special_tokens\":65537,\"version\":\"v3\"",
			"", "config.default_num_special_tokens 65537 is over the limit of 65536" },
		{ "\"default_num_special_tokens\":20", "", "config.default_vocab_size is missing" },
		{ "\"default_vocab_size\":300,\"mode\":1", "", "config.mode 1 is not supported" },
		{ "\"default_vocab_size\":270,\"default_num_special_tokens\":14,\"version\":\"v3\"",
			"", "the special token \"[PREFIX]\" has the rank 14, and there are 14" },
		{ "\"default_vocab_size\":260,\"default_num_special_tokens\":3,\"version\":\"v11\"",
			"\"special_tokens\":[{\"rank\":1,\"token_str\":\"<x>\"}],",
			"special_tokens[0].rank is not 0" },
		{ "\"default_vocab_size\":260,\"default_num_special_tokens\":3,\"version\":\"v11\"",
			"\"extra\":1,", "\"extra\" is not supported" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vocab v = { 0 };
		struct buf text = { 0 };
		struct err e = { 0 };

		put_tekken(&text, cases[i].config, cases[i].specials);
		cr_expect_eq(vocab_parse(&v, buf_view(&text), none, &e), -1, "case %zu", i);
		cr_expect(slice_starts(slice_str(e.text), slice_str(cases[i].want)), "case %zu: %s",
			i, e.text);
		vocab_release(&v);
		buf_release(&text);
	}
}

/* ---- writing ---- */

Test(vocab_file, reads_what_it_writes)
{
	struct vocab v = { 0 }, again = { 0 }, two = { 0 };
	struct buf text = { 0 }, ids = { 0 }, merges = { 0 };
	struct err e = { 0 };
	char digest[3][33];

	put_file(&plain, &text);
	cr_assert_eq(vocab_parse(&v, buf_view(&text), none, &e), 0, "%s", e.text);
	text.n = 0;
	vocab_write_json(&v, &text);
	cr_assert_eq(vocab_parse(&again, buf_view(&text), none, &e), 0, "%s", e.text);
	expect_right(&again);
	vocab_write_vocab(&v, &ids);
	vocab_write_merges(&v, &merges);
	cr_assert_eq(vocab_parse(&two, buf_view(&ids), buf_view(&merges), &e), 0, "%s", e.text);
	vocab_digest(&v, digest[0]);
	vocab_digest(&again, digest[1]);
	vocab_digest(&two, digest[2]);
	cr_expect_str_eq(digest[0], digest[1]);
	cr_expect_str_eq(digest[0], digest[2]);
	vocab_release(&v);
	vocab_release(&again);
	vocab_release(&two);
	buf_release(&text);
	buf_release(&ids);
	buf_release(&merges);
}
