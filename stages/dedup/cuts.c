/* From units to bytes, and what is left without them. */
#include "stages/dedup/cuts.h"

#include "lib/text/chars.h"

/* --- ends ------------------------------------------------------------------------------------ */

static bool is_inside(struct slice text, uint64_t at)
{
	return at < text.n && char_continues(text.p[at]);
}

static struct span whole_characters(struct slice text, struct span s)
{
	while (s.from < s.to && is_inside(text, s.from))
		s.from++;
	while (s.from < s.to && is_inside(text, s.to))
		s.to--;
	return s;
}

static uint64_t with_punctuation_before(struct slice text, uint64_t from)
{
	uint64_t at = from;
	uint32_t c;

	while (at > 0) {
		size_t n = char_decode_back(text.p, text.p + at, &c);

		if (char_classes(c) & CHAR_SPACE)
			break;
		if (char_classes(c) & CHAR_WORD)
			return from;
		at -= n;
	}
	return at;
}

static uint64_t with_punctuation_behind(struct slice text, uint64_t to)
{
	uint64_t at = to;
	uint32_t c;

	while (at < text.n) {
		size_t n = char_decode(text.p + at, text.p + text.n, &c);

		if (char_classes(c) & CHAR_SPACE)
			break;
		if (char_classes(c) & CHAR_WORD)
			return to;
		at += n;
	}
	return at;
}

static struct span with_ends(enum unit kind, struct slice text, struct span s)
{
	switch (kind) {
	case UNIT_BYTE: return whole_characters(text, s);
	case UNIT_TOKEN:
		s.from = with_punctuation_before(text, s.from);
		s.to = with_punctuation_behind(text, s.to);
		return s;
	case UNIT_CHARACTER: break;
	}
	return s;
}

/* --- from units to bytes --------------------------------------------------------------------- */

void cuts_to_bytes(struct span_list *spans, struct units *u, enum unit kind, struct slice text)
{
	struct span *at = spans->at, *end = at + spans->n, *to = at;
	struct span bytes = { 0 };

	if (!units_begin(u, kind, text, 0))
		return;
	while (at < end && units_more(u)) {
		uint64_t behind = u->first + u->n;

		for (; at < end && at->from < behind; at++) {
			if (at->from >= u->first)
				bytes.from = u->from[at->from - u->first];
			if (at->to > behind) /* it ends in another piece */
				break;
			bytes.to = u->to[at->to - 1 - u->first];
			bytes = with_ends(kind, text, bytes);
			if (bytes.from < bytes.to)
				*to++ = bytes;
		}
	}
	spans->n = (size_t)(to - spans->at);
}

static struct slice part(struct slice text, uint64_t from, uint64_t to)
{
	return (struct slice){ text.p + from, (size_t)(to - from) };
}

uint64_t count_characters(struct slice s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += !char_continues(s.p[i]);
	return n;
}

void cuts_to_characters(struct span_list *spans, struct slice text)
{
	uint64_t at = 0, n = 0;

	for (size_t i = 0; i < spans->n; i++) {
		struct span s = spans->at[i];

		spans->at[i].from = n + count_characters(part(text, at, s.from));
		n = spans->at[i].from + count_characters(part(text, s.from, s.to));
		spans->at[i].to = n;
		at = s.to;
	}
}

uint64_t cuts_length(const struct span_list *spans)
{
	uint64_t n = 0;

	for (size_t i = 0; i < spans->n; i++)
		n += spans->at[i].to - spans->at[i].from;
	return n;
}

void cuts_apply(const struct span_list *spans, struct slice text, struct buf *out)
{
	uint64_t at = 0;

	for (size_t i = 0; i < spans->n; i++) {
		buf_slice(out, part(text, at, spans->at[i].from));
		at = spans->at[i].to;
	}
	buf_slice(out, part(text, at, text.n));
}
