/* From weights and sizes to epochs. */
#include "stages/mix/recipe.h"

#include "lib/core/mem.h"

#include <math.h>
#include <stdlib.h>

/* Sums and quotients of doubles that are equal on paper differ by a few units in the last place. */
static const double tolerance = 1e-9;

static bool near(double a, double b)
{
	return fabs(a - b) <= tolerance * b;
}

static double weight_sum(const struct recipe *r)
{
	double sum = 0;

	for (size_t i = 0; i < r->n; i++)
		sum += r->sources[i].weight;
	return sum;
}

static void note_normalised(
	const struct recipe *r, const double *share, double sum, struct buf *notes)
{
	if (near(sum, 1) || near(sum, 100))
		return;
	buf_printf(
		notes, "%s: the weights sum to %.10g, not 1 or 100; normalised to", r->path, sum);
	for (size_t i = 0; i < r->n; i++)
		buf_printf(
			notes, "%s %s %.2f %%", i ? "," : "", r->sources[i].name, 100 * share[i]);
	buf_byte(notes, '\n');
}

/* The largest total of weights that repeats no source over its max_epochs. */
static double largest_total(const struct recipe *r, const double *share, const double *sizes)
{
	double least = HUGE_VAL;

	for (size_t i = 0; i < r->n; i++)
		least = fmin(least, r->sources[i].max_epochs * sizes[i] / share[i]);
	return least;
}

static int plan_weights(struct plan *p, const struct recipe *r, const double *sizes, double total,
	struct buf *notes, struct err *e)
{
	double sum = weight_sum(r), largest;

	for (size_t i = 0; i < r->n; i++)
		p->share[i] = r->sources[i].weight / sum;
	note_normalised(r, p->share, sum, notes);
	largest = largest_total(r, p->share, sizes);
	p->total = total > 0 ? total : largest;
	for (size_t i = 0; i < r->n; i++) {
		const struct recipe_source *s = &r->sources[i];

		p->epochs[i] = p->share[i] * p->total / sizes[i];
		if (p->epochs[i] > s->max_epochs && !near(p->epochs[i], s->max_epochs))
			return err_set(e, ERR_USAGE,
				"a total of %.10g would repeat %s %.4g times, over its "
				"max_epochs of %.4g; the largest total is %.10g",
				p->total, s->name, p->epochs[i], s->max_epochs, floor(largest));
		/* Where the limit is met, it is met exactly: no document by a rounding error. */
		if (near(p->epochs[i], s->max_epochs))
			p->epochs[i] = s->max_epochs;
	}
	return 0;
}

static int plan_epochs(
	struct plan *p, const struct recipe *r, const double *sizes, double total, struct err *e)
{
	if (total > 0)
		return err_set(
			e, ERR_USAGE, "%s is a recipe of epochs: it has no --total", r->path);
	for (size_t i = 0; i < r->n; i++) {
		p->epochs[i] = r->sources[i].epochs;
		p->total += p->epochs[i] * sizes[i];
	}
	for (size_t i = 0; i < r->n; i++)
		p->share[i] = p->epochs[i] * sizes[i] / p->total;
	return 0;
}

int plan_make(struct plan *out, const struct recipe *r, const double *sizes, double total,
	struct buf *notes, struct err *e)
{
	int result;

	for (size_t i = 0; i < r->n; i++)
		if (!(sizes[i] > 0))
			return err_set(e, ERR_DATA,
				"source %s is empty; leave it out by --without %s",
				r->sources[i].name, r->sources[i].name);
	*out = (struct plan){
		.share = mem_zalloc(r->n, sizeof(double)),
		.epochs = mem_zalloc(r->n, sizeof(double)),
	};
	result = r->by_epochs ? plan_epochs(out, r, sizes, total, e)
			      : plan_weights(out, r, sizes, total, notes, e);
	if (result < 0)
		plan_release(out);
	return result;
}

void plan_release(struct plan *p)
{
	free(p->share);
	free(p->epochs);
	*p = (struct plan){ 0 };
}
