/* The URL parser for tests/peers/url.py: reads a JSON line for each of {"input": STRING, "base":
 * STRING, or none} and answers with a line, the parts of the URL as a JSON array, or null. */
#include "lib/core/mem.h"
#include "lib/record/record.h"
#include "lib/web/url.h"

#include <stdio.h>
#include <stdlib.h>

static void put_part(struct buf *out, const struct url *u, struct url_span s)
{
	buf_byte(out, ',');
	json_put_string(out, url_part(u, s));
}

static void put_url(struct buf *out, const struct url *u)
{
	struct buf origin = { 0 };

	buf_byte(out, '[');
	json_put_string(out, url_href(u));
	put_part(out, u, u->user);
	put_part(out, u, u->password);
	put_part(out, u, u->host);
	buf_printf(out, ",%d", (int)u->port);
	put_part(out, u, u->path);
	put_part(out, u, u->query);
	put_part(out, u, u->fragment);
	buf_byte(out, ',');
	url_put_origin(&origin, u);
	json_put_string(out, buf_view(&origin));
	buf_byte(out, ']');
	buf_release(&origin);
}

static void answer(struct record *r, struct buf *out)
{
	struct slice input, text;
	struct url u = { 0 }, base = { 0 };
	bool has_base = record_str(r, "base", &text) == RECORD_FOUND;

	if (record_str(r, "input", &input) == RECORD_FOUND &&
		(!has_base || url_parse(&base, text, NULL)) &&
		url_parse(&u, input, has_base ? &base : NULL))
		put_url(out, &u);
	else
		buf_str(out, "null");
	url_release(&u);
	url_release(&base);
}

int main(void)
{
	struct record r = { 0 };
	struct buf out = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		struct err e = { 0 };

		buf_clear(&out, MIB);
		if (record_scan(&r, (struct slice){ line, (size_t)n - 1 }, &e) < 0)
			return 1;
		answer(&r, &out);
		buf_byte(&out, '\n');
		fwrite(out.p, 1, out.n, stdout);
	}
	free(line);
	buf_release(&out);
	record_release(&r);
	return 0;
}
