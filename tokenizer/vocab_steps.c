/* The normalizer, pre_tokenizer and decoder of tokenizer.json as steps.
 *
 * Source: the serialisation in the tokenizers crate, src/normalizers, src/pre_tokenizers and
 * src/decoders. */
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_pattern.h"
#include "tokenizer/vocab_members.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Published vocabularies have four at most. Each costs a pass over the text. */
enum { MAX_STEPS = 32 };

/* Where an object stands in the file, as in "pre_tokenizer[1]". */
struct place {
	char name[64];
};

static struct place place_inside(const char *outer, size_t i)
{
	struct place p;

	snprintf(p.name, sizeof(p.name), "%.40s[%zu]", outer, i);
	return p;
}

struct steps_reader {
	struct vocab *v;
	bool byte_level; /* bytes are mapped: nothing may follow */
	struct err *e;
};

/* How one type of step is read. */
typedef int step_fn(struct steps_reader *r, json_t *object, const char *place);

struct step_type {
	const char *type;
	step_fn *read;
};

static int read_typed(struct steps_reader *r, json_t *object, const char *place,
	const struct step_type *types, size_t n)
{
	if (!json_is_object(object))
		return err_set(r->e, ERR_DATA, "%s is not an object", place);
	for (size_t i = 0; i < n; i++)
		if (members_type_is(object, types[i].type))
			return types[i].read(r, object, place);
	return members_refuse_type(r->e, place, object);
}

static int read_each(
	struct steps_reader *r, json_t *object, const char *place, const char *key, step_fn *read)
{
	json_t *list = json_object_get(object, key), *step;
	const struct member members[] = { { "type", IS_ANY }, { key, IS_ANY } };
	size_t i;

	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0)
		return -1;
	if (!json_is_array(list))
		return members_refuse(r->e, place, key, list);
	json_array_foreach(list, i, step)
	{
		struct place inside = place_inside(place, i);

		if (read(r, step, inside.name) < 0)
			return -1;
	}
	return 0;
}

/* {"String": TEXT} or {"Regex": PATTERN}, neither empty. */
static int read_pattern(
	struct steps_reader *r, json_t *object, const char *place, struct slice *out, bool *regex)
{
	json_t *pattern = json_object_get(object, "pattern");
	json_t *text = json_object_get(pattern, "String");

	*regex = !text;
	if (!text)
		text = json_object_get(pattern, "Regex");
	if (json_object_size(pattern) != 1 || !json_string_length(text))
		return members_refuse(r->e, place, "pattern", pattern);
	*out = (struct slice){ json_string_value(text), json_string_length(text) };
	if (*regex && pattern_ambiguous(*out))
		return err_set(r->e, ERR_DATA,
			"%s.pattern has %s, which Oniguruma takes in a meaning of its own: not "
			"supported",
			place, pattern_ambiguous(*out));
	return 0;
}

/* ---- the normaliser ---- */

static int add_norm(struct steps_reader *r, const char *place, const struct norm_step *step)
{
	if (r->v->n_norms == MAX_STEPS)
		return err_set(
			r->e, ERR_LIMIT, "%s: more than %d steps of normalising", place, MAX_STEPS);
	vocab_add_norm(r->v, step);
	return 0;
}

static int read_form(struct steps_reader *r, json_t *object, const char *place)
{
	static const struct member members[] = { { "type", IS_ANY } };
	struct norm_step step = { .kind = NORM_NFC };

	if (members_type_is(object, "NFD"))
		step.kind = NORM_NFD;
	if (members_type_is(object, "NFKC"))
		step.kind = NORM_NFKC;
	if (members_type_is(object, "NFKD"))
		step.kind = NORM_NFKD;
	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0)
		return -1;
	return add_norm(r, place, &step);
}

static int read_prepend(struct steps_reader *r, json_t *object, const char *place)
{
	static const struct member members[] = { { "type", IS_ANY }, { "prepend", IS_ANY } };
	struct norm_step step = { .kind = NORM_PREPEND };

	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0 ||
		members_string(object, place, "prepend", &step.to, r->e) < 0)
		return -1;
	return add_norm(r, place, &step);
}

static const struct member replace_members[] = { { "type", IS_ANY }, { "pattern", IS_ANY },
	{ "content", IS_ANY } };

static int read_replace(struct steps_reader *r, json_t *object, const char *place)
{
	struct norm_step step = { .kind = NORM_REPLACE };

	if (members_check(object, place, replace_members, ARRAY_LEN(replace_members), r->e) < 0 ||
		read_pattern(r, object, place, &step.from, &step.regex) < 0 ||
		members_string(object, place, "content", &step.to, r->e) < 0)
		return -1;
	return add_norm(r, place, &step);
}

static step_fn read_normalizer_sequence;

static const struct step_type normalizers[] = {
	{ "NFC", read_form },
	{ "NFD", read_form },
	{ "NFKC", read_form },
	{ "NFKD", read_form },
	{ "Prepend", read_prepend },
	{ "Replace", read_replace },
	{ "Sequence", read_normalizer_sequence },
};

static int read_normalizer(struct steps_reader *r, json_t *object, const char *place)
{
	return read_typed(r, object, place, normalizers, ARRAY_LEN(normalizers));
}

static int read_normalizer_sequence(struct steps_reader *r, json_t *object, const char *place)
{
	return read_each(r, object, place, "normalizers", read_normalizer);
}

int vocab_read_normalizer(struct vocab *v, json_t *object, struct err *e)
{
	struct steps_reader r = { .v = v, .e = e };

	if (!object || json_is_null(object))
		return 0;
	return read_normalizer(&r, object, "normalizer");
}

/* ---- the pre-tokeniser ---- */

static int add_cut(struct steps_reader *r, const char *place, const struct cut_step *step)
{
	if (r->v->n_cuts == MAX_STEPS)
		return err_set(
			r->e, ERR_LIMIT, "%s: more than %d steps of cutting", place, MAX_STEPS);
	vocab_add_cut(r->v, step);
	return 0;
}

/* A change of the text belongs before all cuts: what is cut already would be changed piece by
 * piece. */
static int add_late(struct steps_reader *r, const char *place, struct norm_step step)
{
	step.late = true;
	if (r->v->n_cuts)
		return err_set(r->e, ERR_DATA,
			"%s changes pieces that are cut already: not supported", place);
	return add_norm(r, place, &step);
}

/* ByteLevel cuts by GPT-2's pattern unless use_regex says no. */
static int read_byte_level(struct steps_reader *r, json_t *object, const char *place)
{
	static const struct member members[] = { { "type", IS_ANY },
		{ "add_prefix_space", IS_FALSE | IS_TRUE }, { "trim_offsets", IS_FALSE | IS_TRUE },
		{ "use_regex", IS_FALSE | IS_TRUE } };
	struct norm_step prefix = { .kind = NORM_PREPEND, .to = SLICE(" "), .unless = true };

	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0)
		return -1;
	if (!json_object_get(object, "add_prefix_space"))
		return members_refuse(r->e, place, "add_prefix_space", NULL);
	r->byte_level = true;
	if (members_flag(object, "add_prefix_space", false) && add_late(r, place, prefix) < 0)
		return -1;
	if (!members_flag(object, "use_regex", true))
		return 0;
	return add_cut(r, place, &(struct cut_step){ .pattern = slice_str(pretok_gpt2_pattern) });
}

static int read_behaviour(
	struct steps_reader *r, json_t *object, const char *place, enum cut_behaviour *out)
{
	static const char *const names[] = { "Isolated", "Removed", "MergedWithPrevious",
		"MergedWithNext", "Contiguous" };
	json_t *value = json_object_get(object, "behavior");

	for (size_t i = 0; json_is_string(value) && i < ARRAY_LEN(names); i++)
		if (strcmp(json_string_value(value), names[i]) == 0) {
			*out = (enum cut_behaviour)i;
			return 0;
		}
	return members_refuse(r->e, place, "behavior", value);
}

static int read_split(struct steps_reader *r, json_t *object, const char *place)
{
	static const struct member members[] = { { "type", IS_ANY }, { "pattern", IS_ANY },
		{ "behavior", IS_ANY }, { "invert", IS_FALSE | IS_TRUE } };
	struct cut_step step = { .invert = members_flag(object, "invert", false) };
	bool regex;

	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0 ||
		read_pattern(r, object, place, &step.pattern, &regex) < 0 ||
		read_behaviour(r, object, place, &step.behaviour) < 0)
		return -1;
	step.literal = !regex;
	return add_cut(r, place, &step);
}

/* char::is_numeric of Rust is the general category N. */
static int read_digits(struct steps_reader *r, json_t *object, const char *place)
{
	static const struct member members[] = { { "type", IS_ANY },
		{ "individual_digits", IS_FALSE | IS_TRUE } };
	struct cut_step step = { .pattern = SLICE("\\p{N}"), .behaviour = CUT_CONTIGUOUS };

	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0)
		return -1;
	if (members_flag(object, "individual_digits", false))
		step.behaviour = CUT_ISOLATED;
	return add_cut(r, place, &step);
}

/* Older files have add_prefix_space in place of prepend_scheme. */
static int read_scheme(struct steps_reader *r, json_t *object, const char *place,
	struct norm_step *prefix, bool *any)
{
	json_t *scheme = json_object_get(object, "prepend_scheme");
	const char *word = scheme ? json_string_value(scheme) : "always";

	*any = members_flag(object, "add_prefix_space", true);
	if (!word)
		return members_refuse(r->e, place, "prepend_scheme", scheme);
	if (strcmp(word, "never") == 0)
		*any = false;
	else if (strcmp(word, "first") == 0)
		prefix->first = true;
	else if (strcmp(word, "always") != 0)
		return members_refuse(r->e, place, "prepend_scheme", scheme);
	return 0;
}

static int read_metaspace(struct steps_reader *r, json_t *object, const char *place)
{
	static const struct member members[] = { { "type", IS_ANY }, { "replacement", IS_ANY },
		{ "prepend_scheme", IS_ANY }, { "split", IS_FALSE | IS_TRUE },
		{ "add_prefix_space", IS_FALSE | IS_TRUE }, { "str_rep", IS_ANY } };
	struct norm_step replace = { .kind = NORM_REPLACE, .from = SLICE(" ") };
	struct norm_step prefix = { .kind = NORM_PREPEND, .unless = true };
	struct cut_step cut = { .behaviour = CUT_MERGED_WITH_NEXT, .literal = true };
	bool any;

	if (members_check(object, place, members, ARRAY_LEN(members), r->e) < 0 ||
		members_string(object, place, "replacement", &replace.to, r->e) < 0 ||
		read_scheme(r, object, place, &prefix, &any) < 0)
		return -1;
	if (replace.to.n == 0)
		return members_refuse(
			r->e, place, "replacement", json_object_get(object, "replacement"));
	prefix.to = cut.pattern = replace.to;
	if (add_late(r, place, replace) < 0 || (any && add_late(r, place, prefix) < 0))
		return -1;
	return members_flag(object, "split", true) ? add_cut(r, place, &cut) : 0;
}

static step_fn read_pre_tokenizer_sequence;

static const struct step_type pre_tokenizers[] = {
	{ "ByteLevel", read_byte_level },
	{ "Split", read_split },
	{ "Digits", read_digits },
	{ "Metaspace", read_metaspace },
	{ "Sequence", read_pre_tokenizer_sequence },
};

static int read_pre_tokenizer(struct steps_reader *r, json_t *object, const char *place)
{
	if (r->byte_level)
		return err_set(r->e, ERR_DATA, "%s behind ByteLevel is not supported", place);
	return read_typed(r, object, place, pre_tokenizers, ARRAY_LEN(pre_tokenizers));
}

static int read_pre_tokenizer_sequence(struct steps_reader *r, json_t *object, const char *place)
{
	return read_each(r, object, place, "pretokenizers", read_pre_tokenizer);
}

int vocab_read_pre_tokenizer(struct vocab *v, json_t *object, bool *byte_level, struct err *e)
{
	struct steps_reader r = { .v = v, .e = e };
	int result = 0;

	if (object && !json_is_null(object))
		result = read_pre_tokenizer(&r, object, "pre_tokenizer");
	*byte_level = r.byte_level;
	return result;
}

/* ---- the decoder ---- */

/* Only a mark that stands for a space. */
static int read_mark(struct steps_reader *r, json_t *object, const char *place)
{
	struct slice from, to;
	bool regex;

	if (members_check(object, place, replace_members, ARRAY_LEN(replace_members), r->e) < 0 ||
		read_pattern(r, object, place, &from, &regex) < 0 ||
		members_string(object, place, "content", &to, r->e) < 0)
		return -1;
	if (regex || !slice_eq(to, SLICE(" ")) || r->v->space_mark.n)
		return members_refuse(r->e, place, "pattern", json_object_get(object, "pattern"));
	r->v->space_mark = arena_copy(&r->v->arena, from);
	return 0;
}

static int read_strip(struct steps_reader *r, json_t *object, const char *place)
{
	struct slice content;

	if (members_string(object, place, "content", &content, r->e) < 0)
		return -1;
	if (!slice_eq(content, SLICE(" ")))
		return members_refuse(r->e, place, "content", json_object_get(object, "content"));
	if (json_integer_value(json_object_get(object, "start")) != 1)
		return members_refuse(r->e, place, "start", json_object_get(object, "start"));
	if (json_integer_value(json_object_get(object, "stop")) != 0)
		return members_refuse(r->e, place, "stop", json_object_get(object, "stop"));
	r->v->strip = STRIP_SPACE;
	return 0;
}

static int read_metaspace_decoder(struct steps_reader *r, json_t *object, const char *place)
{
	struct norm_step prefix = { 0 };
	struct slice mark;
	bool any;

	if (members_string(object, place, "replacement", &mark, r->e) < 0 ||
		read_scheme(r, object, place, &prefix, &any) < 0)
		return -1;
	r->v->space_mark = arena_copy(&r->v->arena, mark);
	r->v->strip = any ? STRIP_MARKS : STRIP_NOTHING;
	return 0;
}

/* Bytes are what all tokens are here, and one behind another is how they are decoded. */
static int read_nothing(struct steps_reader *r, json_t *object, const char *place)
{
	(void)r;
	(void)object;
	(void)place;
	return 0;
}

static step_fn read_decoder_sequence;

static const struct step_type decoders[] = {
	{ "ByteLevel", read_nothing },
	{ "ByteFallback", read_nothing },
	{ "Fuse", read_nothing },
	{ "Replace", read_mark },
	{ "Strip", read_strip },
	{ "Metaspace", read_metaspace_decoder },
	{ "Sequence", read_decoder_sequence },
};

static int read_decoder(struct steps_reader *r, json_t *object, const char *place)
{
	return read_typed(r, object, place, decoders, ARRAY_LEN(decoders));
}

static int read_decoder_sequence(struct steps_reader *r, json_t *object, const char *place)
{
	return read_each(r, object, place, "decoders", read_decoder);
}

int vocab_read_decoder(struct vocab *v, json_t *object, struct err *e)
{
	struct steps_reader r = { .v = v, .e = e };

	if (!object || json_is_null(object))
		return 0;
	return read_decoder(&r, object, "decoder");
}
