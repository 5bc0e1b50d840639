/* The texts of the flow: white space folded or kept, and space that no character asks for. */
#include "stages/extract/eight.h"
#include "stages/extract/flow_parts.h"

/* --- gaps ------------------------------------------------------------------------------------- */

/* In a heading or a cell of data all is one line, and an item begins where its mark stands. */
void flow_ask(struct flow *f, enum flow_gap gap)
{
	if ((f->heading || f->cell) && gap > GAP_SPACE)
		gap = GAP_SPACE;
	if (f->fresh && gap > GAP_LINE)
		gap = GAP_LINE;
	f->gap = MAX(f->gap, gap);
}

void flow_tell(struct flow *f, struct slice text)
{
	struct flow_container *item = f->n_containers ? &f->containers[f->n_containers - 1] : NULL;

	if (item && !f->fresh && f->gap == GAP_PARAGRAPH)
		item->loose = true;
	f->piece(f->to, f, text);
	f->gap = GAP_NONE;
	f->any = true;
	f->last = text.p[text.n - 1];
	f->rule = f->fresh = f->closed = f->boxed = f->after_math = false;
	f->spans = true;
	f->strong_ended = f->em_ended = false;
}

/* The mark of a q stands at its first text. */
static void open_quotes(struct flow *f)
{
	for (; f->quotes; f->quotes--)
		flow_tell(f, (f->quote_depth - f->quotes) % 2 ? SLICE("‘") : SLICE("“"));
}

/* --- texts ------------------------------------------------------------------------------------ */

/* Bytes of white space at p: ASCII's, and U+00A0, which pages use as padding. */
static size_t space_at(const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;

	if (c > ' ')
		return c == 0xC2 && n > 1 && (unsigned char)p[1] == 0xA0 ? 2 : 0;
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* How many of the eight bytes at p stand as they are: no white space but lone spaces between other
 * bytes; 0 where that takes a closer look. */
static size_t plain_of_eight(const char *p, bool front)
{
	uint64_t x = load_le64(p);
	uint64_t spaces = eight_equal(x, ' ');
	uint64_t others = eight_equal(x, '\xC2') | (eight_from(x, ' ') ^ EIGHT(0x80));

	if (others || spaces & spaces >> 8 || (front && spaces & 0x80))
		return 0;
	return spaces >> 63 ? 7 : 8; /* what follows the last one is not seen here */
}

/* How much of text can be told as it stands: up to white space that is not a lone space inside. */
static size_t plain_length(struct slice text)
{
	size_t n = 0;

	while (n < text.n) {
		unsigned char c = (unsigned char)text.p[n];
		size_t plain = text.n - n >= 8 ? plain_of_eight(text.p + n, n == 0) : 0;

		if (plain) {
			n += plain;
			continue;
		}
		if (c == ' ' ? n == 0 || n + 1 == text.n || space_at(text.p + n + 1, text.n - n - 1)
			     : (c < ' ' || c == 0xC2) && space_at(text.p + n, text.n - n))
			break;
		n++;
	}
	return n;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Whether two boxes with nothing between them are words apart. Brackets and stops hold on to their
 * neighbour; small letters in spans go on with a word of which a part has a style of its own. */
static bool are_apart(const struct flow *f, char next)
{
	if (byte_in(f->last, "([{<'\"/-") || byte_in(next, ")]}>'\"/-.,;:!?%"))
		return false;
	if (!f->spans || !is_small(next))
		return true;
	return !is_small(f->last | 0x20) && !(f->last >= '0' && f->last <= '9');
}

/* Space that no character of the page asks for. */
static void ask_unwritten(struct flow *f, char next)
{
	if (f->boxed && are_apart(f, next))
		flow_ask(f, GAP_SPACE);
	if (f->after_math && next >= '0' && next <= '9')
		flow_ask(f, GAP_SPACE); /* $x$1 is no formula to most readers */
}

static void write_folded(struct flow *f, struct slice text)
{
	while (text.n) {
		size_t n = plain_length(text);

		if (n) {
			struct slice plain = slice_head(text, n);

			ask_unwritten(f, *plain.p);
			open_quotes(f);
			flow_tell(f, plain);
			text = slice_skip(text, n);
		}
		for (size_t space; text.n && (space = space_at(text.p, text.n)) > 0;) {
			flow_ask(f, GAP_SPACE);
			text = slice_skip(text, space);
		}
	}
}

/* Lines without text at the head of a pre go, the indentation of the first one with text stays. */
static void cut_head(struct flow *f)
{
	const char *end = f->hold.n ? memrchr(f->hold.p, '\n', f->hold.n) : NULL;
	size_t n = end ? (size_t)(end - f->hold.p) + 1 : 0;

	if (!n)
		return;
	memmove(f->hold.p, f->hold.p + n, f->hold.n - n);
	f->hold.n -= n;
}

static void tell_held(struct flow *f, struct slice text)
{
	if (!f->pre_told)
		cut_head(f);
	f->pre_told = true;
	open_quotes(f);
	if (f->hold.n)
		flow_tell(f, buf_view(&f->hold));
	f->hold.n = 0;
	flow_tell(f, text);
}

/* As it stands; white space is held back until something follows it. */
static void write_pre(struct flow *f, struct slice text)
{
	while (text.n) {
		size_t n = 0;

		for (; text.n && byte_in(*text.p, " \t\n\r\f"); text = slice_skip(text, 1))
			if (*text.p != '\r')
				buf_byte(&f->hold, *text.p);
			else if (text.n == 1 || text.p[1] != '\n')
				buf_byte(&f->hold, '\n');
		while (n < text.n && !(text.p[n] == '\r' || text.p[n] == '\n'))
			n++;
		while (n && byte_in(text.p[n - 1], " \t\f"))
			n--;
		if (n)
			tell_held(f, slice_head(text, n));
		text = slice_skip(text, n);
	}
}

void flow_text(struct flow *f, uint32_t node)
{
	struct slice text = html_text(f->t, node);

	if (f->in && !f->in[node])
		flow_ask(f, GAP_SPACE);
	else if (f->pre)
		write_pre(f, text);
	else
		write_folded(f, text);
}

void flow_math(struct flow *f, struct slice tex, bool display)
{
	bool own = display && !f->heading && !f->cell && !f->pre;

	flow_ask(f, own ? GAP_PARAGRAPH : f->after_math ? GAP_SPACE : GAP_NONE);
	open_quotes(f);
	f->math = true;
	f->display = own;
	flow_tell(f, tex);
	f->math = f->display = false;
	f->after_math = true;
	flow_ask(f, own ? GAP_PARAGRAPH : GAP_NONE);
}
