/* What a stream says of itself. */
#include "lib/stream/stamp.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/record/json_escape.h"
#include "lib/stream/frame.h"
#include "lib/version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* --- writing ---------------------------------------------------------------------------------- */

/* One input as it stands in the stamp. */
static void put_input(struct buf *out, const struct stats_file *f, bool with_stamp)
{
	char hex[33];

	buf_byte(out, '{');
	json_put_key(out, f->records ? "records" : "items");
	json_put_uint(out, f->digest.records);
	if (f->records) {
		json_put_key(out, "bytes");
		json_put_uint(out, f->digest.bytes);
		digest_hex(&f->digest, hex);
		json_put_key(out, "digest");
		json_put_string(out, slice_str(hex));
	}
	if (with_stamp && f->stamp) {
		json_put_key(out, "stamp");
		buf_str(out, f->stamp);
	}
	buf_byte(out, '}');
}

static void put_inputs(struct buf *out, const struct stats *s, bool with_stamps)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < s->n_inputs; i++) {
		if (i)
			buf_byte(out, ',');
		put_input(out, &s->inputs[i], with_stamps);
	}
	buf_byte(out, ']');
}

/* Inputs without number would make a stamp without bound: then their sum stands for them. */
static void put_sum(struct buf *out, const struct stats *s)
{
	struct stats_file sum = { .records = true };

	for (size_t i = 0; i < s->n_inputs; i++)
		digest_add(&sum.digest, &s->inputs[i].digest);
	buf_byte(out, '[');
	put_input(out, &sum, false);
	buf_byte(out, ']');
}

static void put_inputs_bounded(struct buf *out, const struct stats *s)
{
	size_t begin = out->n;

	put_inputs(out, s, true);
	if (out->n - begin > STAMP_MAX_INPUTS) {
		out->n = begin;
		put_inputs(out, s, false);
	}
	if (out->n - begin > STAMP_MAX_INPUTS) {
		out->n = begin;
		put_sum(out, s);
	}
}

void stamp_describe(struct buf *out, const char *program, struct slice options, struct slice uses,
	const struct stats *inputs)
{
	buf_byte(out, '{');
	json_put_key(out, "program");
	json_put_string(out, slice_str(program));
	json_put_key(out, "version");
	json_put_string(out, SLICE(CORPUS_VERSION));
	json_put_key(out, "options");
	buf_slice(out, options.n ? options : SLICE("{}"));
	if (uses.n) {
		json_put_key(out, "uses");
		buf_byte(out, '{');
		buf_slice(out, uses);
		buf_byte(out, '}');
	}
	json_put_key(out, "inputs");
	put_inputs_bounded(out, inputs);
	buf_byte(out, '}');
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_hex64(const char *p, uint64_t *out)
{
	char text[17];
	char *end;

	memcpy(text, p, 16);
	text[16] = '\0';
	*out = strtoull(text, &end, 16);
	return *end == '\0';
}

/* The facts that output_close put last. */
static bool read_facts(struct slice json, struct digest *content)
{
	struct json_members m = { 0 };
	const char *what;
	size_t where;
	int found = 0;

	*content = (struct digest){ 0 };
	if (json_scan_object(json, &m, &where, &what)) {
		for (size_t i = 0; i < m.n; i++) {
			struct slice v = m.at[i].value;

			if (json_key_is(&m.at[i], SLICE("records")))
				found += json_uint(v, &content->records);
			else if (json_key_is(&m.at[i], SLICE("bytes")))
				found += json_uint(v, &content->bytes);
			else if (json_key_is(&m.at[i], SLICE("digest")) && v.n == 34)
				found += read_hex64(v.p + 1, &content->hi) &&
					read_hex64(v.p + 17, &content->lo);
		}
	}
	json_members_release(&m);
	return found == 3;
}

int stamp_read(const char *path, struct digest *content, struct buf *json, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;
	struct frame_index index = { 0 };

	if (fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	r = frame_index_read(fd, &index, e);
	close(fd);
	if (r < 0)
		return err_wrap(e, "%s", path);
	if (r == 1 && index.begin != 0)
		r = 0;
	if (r == 1 && !read_facts(buf_view(&index.stamp), content))
		r = err_set(e, ERR_DATA, "%s: damaged stamp", path);
	if (r == 1 && json)
		buf_slice(json, buf_view(&index.stamp));
	frame_index_release(&index);
	return r;
}
