/* What the training script of the main-content model reads: for each page of the WARC files named,
 * a line of JSON {"id", "blocks": [texts], "features": [names], "groups": [numbers]} and behind it
 * the rows of the blocks, a byte a feature. */
#include "lib/record/json.h"
#include "lib/stream/input.h"
#include "lib/text/charset.h"
#include "lib/web/http.h"
#include "lib/web/warc.h"
#include "stages/extract/features.h"

#include <stdio.h>

struct dump {
	struct html_tree tree;
	struct blocks blocks;
	struct features features;
	struct http_scratch http;
	struct buf utf8, line, text, rows;
};

static void put_blocks(struct dump *d)
{
	for (size_t i = 0; i < d->blocks.n; i++) {
		const struct block *v = &d->blocks.v[i];

		buf_clear(&d->text, MIB);
		for (uint32_t k = v->first; k <= v->last; k++) {
			if (d->blocks.parts[k].flags & PART_OUT)
				continue;
			if (d->tree.nodes[k].tag == HTML_TEXT)
				buf_slice(&d->text, html_text(&d->tree, k));
			else if (d->tree.nodes[k].tag == HTML_BR)
				buf_byte(&d->text, '\n');
		}
		if (i)
			buf_byte(&d->line, ',');
		json_put_string(&d->line, buf_view(&d->text));
	}
}

static void dump_page(struct dump *d, struct slice id, struct slice page)
{
	static const struct html_limits limits = {
		.max_nodes = 1000000, .max_depth = 512, .max_attrs = 1000, .max_bytes = 64 * MIB
	};

	const char *names[FEATURES_MAX];
	uint32_t n = 0;

	html_parse(&d->tree, page, &limits);
	blocks_cut(&d->blocks, &d->tree);
	features_begin(&d->features, &d->blocks, &d->tree);
	for (uint32_t i = 0; i < d->blocks.n; i++) {
		uint8_t row[FEATURES_MAX];

		n = features_row(&d->features, i, row, 1, names);
		buf_append(&d->rows, row, n);
	}
	buf_clear(&d->line, MIB);
	buf_str(&d->line, "{\"id\":");
	json_put_string(&d->line, id);
	buf_str(&d->line, ",\"blocks\":[");
	put_blocks(d);
	buf_str(&d->line, "],\"features\":[");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_byte(&d->line, ',');
		json_put_string(&d->line, slice_str(names[i]));
	}
	buf_str(&d->line, "],\"groups\":[");
	for (size_t i = 0; i < d->blocks.n; i++) {
		if (i)
			buf_byte(&d->line, ',');
		json_put_uint(&d->line, d->blocks.v[i].group);
	}
	buf_str(&d->line, "]}\n");
	fwrite(d->line.p, 1, d->line.n, stdout);
	fwrite(d->rows.p, 1, d->rows.n, stdout);
	buf_clear(&d->rows, MIB);
}

static void dump_response(struct dump *d, struct slice id, struct slice url, struct slice block)
{
	struct http_response r;
	struct slice body, coding;
	struct charset_choice choice;
	uint64_t replaced = 0;

	if (!http_parse(block, &r) || r.status != 200 ||
		http_decode(&r, 64 * MIB, &d->http, &body, &coding) > HTTP_CUT)
		return;
	choice = charset_choose_page(
		body, charset_parameter(http_field(&r, "Content-Type")), url, true);
	buf_clear(&d->utf8, MIB);
	charset_decode(choice.charset, slice_skip(body, choice.bom), &d->utf8, &replaced);
	dump_page(d, id, buf_view(&d->utf8));
}

static int dump_file(struct dump *d, const char *path, struct err *e)
{
	struct input *in;
	struct warc *w;
	struct buf data = { 0 };
	struct warc_header h;
	struct warc_place place;
	int got;

	if (input_open(&in, path, false, e) < 0)
		return -1;
	w = warc_new(in);
	while ((got = warc_next(w, &data, &h, e)) > 0) {
		size_t header = h.header_bytes;

		if (h.type == WARC_RESPONSE) {
			if (warc_block(w, &data, e) < 0)
				return -1;
			/* The slices of h went stale when data grew. */
			struct warc_header again;
			const char *what;

			if (warc_parse(buf_view(&data), &again, &what))
				dump_response(d, again.id, again.uri,
					slice_skip(buf_view(&data), header));
		}
		if (warc_finish(w, &place, e) < 0)
			return -1;
		buf_clear(&data, MIB);
	}
	buf_release(&data);
	warc_free(w);
	input_free(in);
	return got;
}

int main(int argc, char **argv)
{
	static struct dump d;
	struct err e = { 0 };

	for (int i = 1; i < argc; i++) {
		if (dump_file(&d, argv[i], &e) < 0) {
			fprintf(stderr, "maintext_rows: %s: %s\n", argv[i], e.text);
			return 1;
		}
	}
	return 0;
}
