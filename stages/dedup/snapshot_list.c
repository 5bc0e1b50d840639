/* The list of snapshots in an index: lines of text, the last their digest. */
#include "lib/core/mem.h"
#include "stages/dedup/bandfile.h"
#include "stages/dedup/index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

static const char title[] = "corpusmill dedup index 1\n";

void snapshot_list_write(const struct snapshot_list *list, struct buf *out)
{
	size_t begin = out->n;

	buf_str(out, title);
	buf_printf(out, "parameters %s\n", list->parameters);
	for (size_t i = 0; i < list->n; i++)
		buf_printf(out, "%" PRIu64 " documents %016" PRIx64 " %s\n", list->at[i].documents,
			list->at[i].fingerprint, list->at[i].options);
	buf_printf(out, "digest %016" PRIx64 "\n",
		(uint64_t)XXH3_64bits(out->p + begin, out->n - begin));
}

static int bad(const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "%s", what);
}

/* Digits of a base off the front of *s. */
static bool take_number(struct slice *s, unsigned base, uint64_t *out)
{
	size_t n = 0;

	for (*out = 0; n < s->n && n < 16; n++) {
		char c = s->p[n];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f'	      ? (unsigned)(c - 'a') + 10
						      : 99;

		if (digit >= base)
			break;
		*out = *out * base + digit;
	}
	*s = slice_skip(*s, n);
	return n > 0;
}

static bool take_word(struct slice *s, struct slice word)
{
	if (!slice_starts(*s, word))
		return false;
	*s = slice_skip(*s, word.n);
	return true;
}

static bool take_rest(struct slice s, char *out, size_t room)
{
	if (s.n >= room || (s.n && memchr(s.p, 0, s.n)))
		return false;
	memset(out, 0, room);
	if (s.n)
		memcpy(out, s.p, s.n);
	return true;
}

/* A line without its end. */
static int read_snapshot(struct snapshot_list *list, struct slice line, struct err *e)
{
	struct snapshot s = { 0 };

	if (!take_number(&line, 10, &s.documents) || !take_word(&line, SLICE(" documents ")) ||
		!take_number(&line, 16, &s.fingerprint) || !take_word(&line, SLICE(" ")) ||
		!take_rest(line, s.options, sizeof(s.options)) || s.documents > DOCUMENT_MAX)
		return bad("a line of a snapshot is damaged", e);
	mem_grow(&list->at, list->n, &list->cap, sizeof(*list->at));
	list->at[list->n++] = s;
	return 0;
}

/* What is in front of the last line is what its digest is of. */
static bool check_digest(struct slice text, struct slice *body)
{
	struct slice last;
	size_t n = text.n;
	uint64_t digest;

	while (n > 1 && text.p[n - 2] != '\n')
		n--;
	if (n < 2)
		return false;
	*body = slice_head(text, n - 1);
	last = slice_skip(text, n - 1);
	return take_word(&last, SLICE("digest ")) && take_number(&last, 16, &digest) &&
		slice_eq(last, SLICE("\n")) && digest == XXH3_64bits(body->p, body->n);
}

int snapshot_list_read(struct snapshot_list *list, struct slice text, struct err *e)
{
	struct slice body, line;

	if (!slice_starts(text, (struct slice){ title, sizeof(title) - 1 }))
		return bad("not a list of snapshots, or of another version", e);
	if (!check_digest(text, &body))
		return bad("the digest differs", e);
	slice_take_line(&body);
	line = slice_take_line(&body);
	if (!take_word(&line, SLICE("parameters ")) || line.n == 0 ||
		!take_rest(
			slice_head(line, line.n - 1), list->parameters, sizeof(list->parameters)))
		return bad("the line of parameters is damaged", e);
	while (body.n) {
		line = slice_take_line(&body);
		if (read_snapshot(list, slice_head(line, line.n - 1), e) < 0)
			return -1;
	}
	return 0;
}

void snapshot_list_release(struct snapshot_list *list)
{
	free(list->at);
	*list = (struct snapshot_list){ 0 };
}
