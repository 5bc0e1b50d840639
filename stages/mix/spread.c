/* The second pass of a mix. */
#include "stages/mix/spread.h"

#include "lib/core/mem.h"
#include "lib/driver/driver.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

struct spread {
	struct mix_source *source;
	uint32_t number; /* of the source */
	uint64_t seed;
	struct shuffle *shuffle;
};

struct spreader {
	const struct spread *spread;
	struct buf line, scratch;
};

static void *spreader_new(const void *config, struct err *e)
{
	struct spreader *s = mem_zalloc(1, sizeof(*s));

	(void)e;
	s->spread = config;
	return s;
}

static void spreader_free(void *worker)
{
	struct spreader *s = worker;

	buf_release(&s->line);
	buf_release(&s->scratch);
	free(s);
}

/* The field source says which source of the mix the document came from. */
static void set_source(struct record *r, const char *name)
{
	struct slice has;

	if (record_str(r, "source", &has) != RECORD_FOUND || !slice_eq(has, slice_str(name)))
		record_set_str(r, "source", slice_str(name));
}

/* Left out: its u is not below the fraction of epochs. */
static enum verdict drop_unchosen(const struct spread *s, struct slice id, struct reason *why)
{
	double u = ldexp((double)XXH3_64bits_withSeed(id.p, id.n, s->seed), -64);

	return drop(why, "epochs", u, s->source->epochs);
}

static enum verdict spread_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct spreader *self = worker;
	const struct spread *s = self->spread;
	struct slice id = source_document_id(r);
	uint32_t copies = draw_copies(&s->source->draw, s->seed, id);
	struct shuffle_line line = { .source = s->number };
	uint64_t hash = XXH3_64bits(r->line.p, r->line.n);

	(void)to;
	if (copies == 0)
		return drop_unchosen(s, id, why);
	line.text_bytes = record_text(r).n;
	record_uint(r, "token_count", &line.tokens);
	set_source(r, s->source->name);
	buf_clear(&self->line, MIB);
	record_write(r, &self->line);
	line.line = buf_view(&self->line);
	for (uint32_t copy = 0; copy < copies; copy++) {
		struct key128 key =
			draw_key(s->seed, s->source->name, id, copy, hash, &self->scratch);

		if (shuffle_add(s->shuffle, key, &line, e) < 0)
			return FAIL;
	}
	return KEEP;
}

static const struct stage spread_stage = {
	.name = "mix",
	.worker_new = spreader_new,
	.worker_free = spreader_free,
	.record = spread_record,
};

int spread_source(struct run *run, struct sources *s, size_t i, uint64_t seed,
	struct shuffle *shuffle, struct output *rejects, struct err *e)
{
	struct spread config = { &s->at[i], (uint32_t)i, seed, shuffle };
	struct common common = source_common(&s->at[i], run);
	struct stats *stats = run->stats;
	uint64_t kept = stats->kept, dropped = stats_dropped(stats);
	uint64_t lines = shuffle_count(shuffle);
	struct driver_run d = {
		.stage = &spread_stage,
		.config = &config,
		.common = &common,
		.files = s->files + s->at[i].first_file,
		.n_files = s->at[i].n_files,
		.pool = run->pool,
		.rejects = rejects,
		.stats = stats,
		.notes = run->notes,
	};

	if (driver_run(&d, e) < 0)
		return -1;
	s->at[i].left_out = stats_dropped(stats) - dropped;
	if (stats->kept - kept + s->at[i].left_out != s->at[i].in.digest.records)
		return err_set(e, ERR_DATA,
			"the files of source %s held other documents when they were read again",
			s->at[i].name);
	/* The driver counted documents; what goes out is their copies. */
	lines = shuffle_count(shuffle) - lines;
	stats->split += lines - (stats->kept - kept);
	stats->kept = kept + lines;
	return 0;
}

void spread_expect(const struct mix_source *source, struct shuffle_options *o)
{
	/* ,"source":"NAME" may be added to each. */
	double added = (double)(strlen(source->name) + 12);
	double lines = (double)source->in.digest.records;

	o->expected_lines += source->epochs * lines;
	o->expected_bytes += source->epochs *
		((double)(source->in.digest.bytes + source->joined_bytes) + added * lines);
}
