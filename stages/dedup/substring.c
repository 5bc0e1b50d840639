/* corpus-dedup substring: cuts, or drops, what texts have in common with others. */
#include "stages/dedup/substring.h"

#include "lib/core/mem.h"
#include "lib/run.h"
#include "lib/text/chars.h"
#include "stages/dedup/cuts.h"
#include "stages/dedup/passes.h"
#include "stages/dedup/repeats.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

const char *const dedup_substring_units[] = { "tokens", "characters", "bytes", NULL };
const char *const dedup_substring_keeps[] = { "first", "none", NULL };
const char *const dedup_substring_actions[] = { "cut", "drop", NULL };

struct substring {
	const struct dedup_substring_config *cfg;
	struct run *run;
	struct repeats *repeats;
	uint64_t length; /* units */
	double max_share;
	/* of the last pass */
	uint64_t compared, absent, no_string; /* records */
	uint64_t touched; /* records with repeats */
	uint64_t spans, span_bytes;
};

/* What each thread has, in any of the passes. */
struct cutter {
	struct substring *owner;
	struct repeats_searcher *searcher;
	struct units units;
	struct span_list spans; /* of units, then of bytes */
	struct buf out;
	uint64_t compared, absent, no_string, touched, n_spans, span_bytes;
};

static void *cutter_new(const void *config, struct err *e)
{
	struct cutter *c = mem_zalloc(1, sizeof(*c));

	(void)e;
	/* The stages' configs are this program's own and not constant. */
	memcpy(&c->owner, &config, sizeof(config));
	c->searcher = repeats_searcher_new(c->owner->repeats);
	return c;
}

static void cutter_free(void *worker)
{
	struct cutter *c = worker;
	struct substring *s = c->owner;

	s->compared += c->compared;
	s->absent += c->absent;
	s->no_string += c->no_string;
	s->touched += c->touched;
	s->spans += c->n_spans;
	s->span_bytes += c->span_bytes;
	repeats_searcher_free(c->searcher);
	units_release(&c->units);
	span_list_release(&c->spans);
	buf_release(&c->out);
	free(c);
}

/* --- places ---------------------------------------------------------------------------------- */

/* A text is at most three times as long as its line, where each byte is ill-formed and becomes
 * U+FFFD: a byte of the input has three places. */
enum { PLACES_A_BYTE = 3, FILE_BITS = 18, PLACE_BITS = 64 - FILE_BITS };

static int place_of(const struct record *r, uint64_t *place, struct err *e)
{
	if (r->file >> FILE_BITS)
		return err_set(e, ERR_LIMIT, "more than %d files", 1 << FILE_BITS);
	if (r->byte > ((uint64_t)1 << PLACE_BITS) / PLACES_A_BYTE - r->line.n - 1)
		return err_set(e, ERR_LIMIT, "a file of more than 21 TiB");
	*place = (uint64_t)r->file << PLACE_BITS | r->byte * PLACES_A_BYTE;
	return 0;
}

static enum verdict too_long(struct slice text, struct err *e)
{
	err_set(e, ERR_LIMIT, "text of %zu bytes: 4 GiB and more are not split", text.n);
	return BAD;
}

/* --- the passes that look -------------------------------------------------------------------- */

static enum verdict look(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct cutter *c = worker;
	struct slice text;

	(void)to;
	(void)why;
	if (record_str(r, c->owner->cfg->field, &text) != RECORD_FOUND)
		return KEEP;
	return repeats_look(c->searcher, text) ? KEEP : too_long(text, e);
}

static enum verdict look_again(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct cutter *c = worker;
	struct slice text;
	uint64_t place;

	(void)to;
	(void)why;
	if (record_str(r, c->owner->cfg->field, &text) != RECORD_FOUND)
		return KEEP;
	if (place_of(r, &place, e) < 0)
		return FAIL;
	switch (repeats_look_again(c->searcher, place, text, e)) {
	case 0: return too_long(text, e);
	case 1: return KEEP;
	default: return FAIL;
	}
}

static const struct stage first_pass = {
	.name = "dedup",
	.worker_new = cutter_new,
	.worker_free = cutter_free,
	.record = look,
};

static const struct stage again_pass = {
	.name = "dedup",
	.worker_new = cutter_new,
	.worker_free = cutter_free,
	.record = look_again,
};

static int between(void *config, struct err *e)
{
	struct substring *s = config;

	if (passes_look(s->run, &again_pass, s, e) < 0)
		return -1;
	return repeats_finish(s->repeats, e);
}

/* --- the pass that cuts ---------------------------------------------------------------------- */

/* [[from,to],…] in characters, as Python counts them. */
static void annotate(struct cutter *c, struct record *r, struct slice text)
{
	cuts_to_characters(&c->spans, text);
	c->out.n = 0;
	for (size_t i = 0; i < c->spans.n; i++)
		buf_printf(&c->out, "%c[%" PRIu64 ",%" PRIu64 "]", i ? ',' : '[',
			c->spans.at[i].from, c->spans.at[i].to);
	buf_byte(&c->out, ']');
	record_set_raw(r, "substring_repeats", buf_view(&c->out));
}

static enum verdict cut_record(
	struct cutter *c, struct record *r, struct slice text, double share, struct reason *why)
{
	const struct substring *s = c->owner;
	uint64_t left;

	if (share > s->max_share)
		return drop(why, "max_share", share, s->max_share);
	if (s->cfg->action == SUBSTRING_DROP)
		return KEEP;
	c->out.n = 0;
	cuts_apply(&c->spans, text, &c->out);
	left = count_characters(char_strip(buf_view(&c->out)));
	if (left < s->cfg->min_left)
		return drop(why, "min_left", (double)left, (double)s->cfg->min_left);
	record_set_str(r, s->cfg->field, buf_view(&c->out));
	return KEEP;
}

static enum verdict treat(struct cutter *c, struct record *r, struct slice text, struct reason *why)
{
	uint64_t bytes;

	cuts_to_bytes(&c->spans, &c->units, (enum unit)c->owner->cfg->unit, text);
	bytes = cuts_length(&c->spans);
	c->touched += bytes > 0;
	c->n_spans += c->spans.n;
	c->span_bytes += bytes;
	if (!bytes)
		return KEEP;
	if (!c->owner->cfg->annotate)
		return cut_record(c, r, text, (double)bytes / (double)text.n, why);
	annotate(c, r, text);
	return KEEP;
}

static enum verdict finish_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct cutter *c = worker;
	struct slice text;
	uint64_t place;

	(void)to;
	switch (record_str(r, c->owner->cfg->field, &text)) {
	case RECORD_ABSENT: c->absent++; return KEEP;
	case RECORD_OTHER_TYPE: c->no_string++; return KEEP;
	case RECORD_FOUND: c->compared++; break;
	}
	if (text.n > UINT32_MAX)
		return too_long(text, e);
	if (place_of(r, &place, e) < 0 ||
		repeats_of(c->owner->repeats, place, text.n, &c->spans, e) < 0)
		return FAIL;
	return c->spans.n ? treat(c, r, text, why) : KEEP;
}

static const struct stage last_pass = {
	.name = "dedup",
	.worker_new = cutter_new,
	.worker_free = cutter_free,
	.record = finish_record,
};

/* --- the program ----------------------------------------------------------------------------- */

static void tell_records(const struct substring *s, struct buf *notes)
{
	const char *field = s->cfg->field;

	if (s->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", s->absent, field);
	if (s->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			s->no_string, field);
	if (!s->compared)
		buf_printf(notes, "no record has a string %s: nothing was compared\n", field);
}

/* Nothing found must not look like a wrong field or a length nobody reaches. */
static void tell(const struct substring *s, struct buf *notes)
{
	struct repeats_sums n = repeats_sums(s->repeats);
	const char *unit = dedup_substring_units[s->cfg->unit];

	tell_records(s, notes);
	if (s->compared && !n.windows)
		buf_printf(notes, "no %s has %" PRIu64 " %s: nothing was compared\n", s->cfg->field,
			s->length, unit);
	else if (n.windows && !s->touched)
		buf_printf(notes, "no %" PRIu64 " %s are there twice: nothing was changed\n",
			s->length, unit);
	else if (s->touched && s->run->common->verbose)
		buf_printf(notes,
			"%" PRIu64 " repeats, %" PRIu64 " bytes, in %" PRIu64
			" records; of %" PRIu64 " windows %" PRIu64 " were compared\n",
			s->spans, s->span_bytes, s->touched, n.windows, n.compared);
}

static int check(const struct dedup_substring_config *c, struct err *e)
{
	if (c->annotate && c->action == SUBSTRING_DROP)
		return err_set(e, ERR_USAGE, "--annotate drops nothing: no --action drop with it");
	if (c->annotate && !isnan(c->max_share))
		return err_set(e, ERR_USAGE, "--annotate drops nothing: no --max-share with it");
	return 0;
}

/* About the bytes of text: what the files hold, where that is known. Text is larger than its
 * compressed file, and smaller than a plain one. */
static uint64_t expected_bytes(const struct run *run)
{
	uint64_t sum = 0;
	struct stat st;

	for (size_t i = 0; i < run->n_files; i++) {
		if (strcmp(run->files[i], "-") == 0 || stat(run->files[i], &st) != 0 ||
			!S_ISREG(st.st_mode))
			return UINT64_MAX;
		sum += (uint64_t)st.st_size;
	}
	return run->n_files ? 4 * sum : UINT64_MAX;
}

static int substring_run(struct run *run, void *config, struct err *e)
{
	const struct dedup_substring_config *cfg = config;
	bool drops = cfg->action == SUBSTRING_DROP;
	struct substring s = {
		.cfg = cfg,
		.run = run,
		.length = cfg->length,
		.max_share = isnan(cfg->max_share) ? (drops ? 0 : 1) : cfg->max_share,
	};
	struct passes p = {
		.program = &dedup_substring_stage,
		.first = &first_pass,
		.second = &last_pass,
		.once = PASSES_TWICE,
		.between = between,
	};
	int result = check(cfg, e);

	if (s.length == UINT64_MAX)
		s.length = cfg->unit == UNIT_TOKEN ? 50 : 100;
	if (result == 0)
		result = repeats_new(&s.repeats,
			&(struct repeats_options){
				.unit = (enum unit)cfg->unit,
				.window = s.length,
				.all = cfg->keep == SUBSTRING_KEEP_NONE,
				.memory = (size_t)run->common->memory,
				.tmpdir = run->common->tmpdir,
				.expected = expected_bytes(run),
			},
			e);
	if (result == 0)
		result = passes_run(&p, run, &s, e);
	if (result == 0)
		tell(&s, run->notes);
	repeats_free(s.repeats);
	return result;
}

const struct stage dedup_substring_stage = {
	.name = "dedup",
	.summary = "cut what texts have in common with others",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY,
	.run = substring_run,
};
