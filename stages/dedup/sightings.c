/* Which questions of which benchmarks were found in a corpus. */
#include "stages/dedup/sightings.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"

#include <stdlib.h>

/* One question found in one document. */
struct example {
	uint32_t question;
	uint64_t hash; /* of the document's line: the smallest is shown */
	struct buf json; /* the members that stand for it, without braces */
};

void sightings_init(struct sightings *s, const struct benchmarks *b, size_t max_examples)
{
	*s = (struct sightings){
		.benchmarks = b,
		.max_examples = max_examples,
		.at = mem_zalloc(b->n, sizeof(*s->at)),
	};
	for (size_t i = 0; i < b->n; i++)
		s->at[i].examples = mem_zalloc(max_examples + 1, sizeof(*s->at[i].examples));
}

/* --- examples --------------------------------------------------------------------------------- */

/* The place of a question among the examples, or where it belongs. */
static size_t example_place(const struct sighting *at, uint32_t question)
{
	size_t i = 0;

	while (i < at->n_examples && at->examples[i].question < question)
		i++;
	return i;
}

/* The example to be filled for this question in a document of this hash, or NULL when there are
 * better ones. */
static struct example *take_example(
	struct sightings *s, struct sighting *at, uint32_t question, uint64_t hash)
{
	size_t i = example_place(at, question);
	struct example *x = &at->examples[i];

	if (i == s->max_examples)
		return NULL;
	if (i < at->n_examples && x->question == question) {
		if (x->hash <= hash)
			return NULL;
	} else {
		/* One more than are shown has room; it goes at once. */
		struct buf last = at->examples[at->n_examples].json;

		memmove(x + 1, x, (at->n_examples - i) * sizeof(*x));
		x->json = last;
		at->n_examples = MIN(at->n_examples + 1, s->max_examples);
	}
	x->question = question;
	x->hash = hash;
	x->json.n = 0;
	return x;
}

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The n-gram with what stands around it, in whole characters. */
static struct slice context_of(struct slice text, size_t from, size_t to)
{
	for (int i = 0; i < SIGHTING_CONTEXT && from; i++) {
		do
			from--;
		while (from && is_inside(text.p[from]));
	}
	for (int i = 0; i < SIGHTING_CONTEXT && to < text.n; i++) {
		do
			to++;
		while (to < text.n && is_inside(text.p[to]));
	}
	return (struct slice){ text.p + from, to - from };
}

static void put_example(struct buf *json, const struct sightings *s, const struct sighted *d,
	uint32_t question, struct gram_hit hit)
{
	const struct token *first = &d->tokens->at[hit.token];
	const struct token *last = first + grams_tokens(s->benchmarks->grams) - 1;
	struct slice gram = { d->text.p + first->from, last->to - first->from };

	json_put_key(json, "question");
	json_put_string(json, s->benchmarks->questions[question].id);
	json_put_key(json, "document");
	json_put_string(json, d->id);
	json_put_key(json, "ngram");
	json_put_string(json, gram);
	json_put_key(json, "context");
	json_put_string(json, context_of(d->text, first->from, last->to));
}

/* --- counting --------------------------------------------------------------------------------- */

/* The first of the questions, which ascend, that is not below end. */
static size_t skip_below(const uint32_t *questions, size_t n, uint32_t end)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (questions[middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void count_document(struct sightings *s, struct sighting *at, const struct sighted *d)
{
	if (at->last == s->documents)
		return;
	at->last = s->documents;
	at->documents++;
	at->dropped += d->dropped;
	at->removed += d->removed;
}

/* For each benchmark that has the n-gram, its first question that does. */
static void add_hit(struct sightings *s, const struct sighted *d, struct gram_hit hit)
{
	const struct benchmarks *b = s->benchmarks;
	size_t n;
	const uint32_t *questions = grams_questions(b->grams, hit.gram, &n);

	while (n) {
		uint32_t question = questions[0], benchmark = b->questions[question].benchmark;
		struct sighting *at = &s->at[benchmark];
		struct example *x = take_example(s, at, question, d->hash);
		size_t skip = skip_below(questions, n, b->at[benchmark].end);

		count_document(s, at, d);
		if (x)
			put_example(&x->json, s, d, question, hit);
		questions += skip;
		n -= skip;
	}
}

void sightings_add(struct sightings *s, const struct sighted *d)
{
	s->documents++;
	s->dropped += d->dropped;
	s->removed += d->removed;
	for (size_t i = 0; i < d->hits->n; i++)
		add_hit(s, d, d->hits->at[i]);
}

bool sightings_in_last(const struct sightings *s, size_t benchmark)
{
	return s->documents && s->at[benchmark].last == s->documents;
}

void sightings_mark(struct sightings *s, uint32_t gram, enum question_seen how)
{
	size_t n;
	const uint32_t *questions = grams_questions(s->benchmarks->grams, gram, &n);

	if (!s->questions)
		s->questions = mem_zalloc(s->benchmarks->n_questions, sizeof(*s->questions));
	for (size_t i = 0; i < n; i++)
		s->questions[questions[i]] |= (unsigned char)how;
}

static void merge_one(struct sightings *s, struct sighting *into, const struct sighting *from)
{
	into->documents += from->documents;
	into->dropped += from->dropped;
	into->removed += from->removed;
	for (size_t i = 0; i < from->n_examples; i++) {
		const struct example *given = &from->examples[i];
		struct example *x = take_example(s, into, given->question, given->hash);

		if (x)
			buf_slice(&x->json, buf_view(&given->json));
	}
}

void sightings_merge(struct sightings *s, const struct sightings *other)
{
	s->documents += other->documents;
	s->dropped += other->dropped;
	s->removed += other->removed;
	for (size_t i = 0; i < s->benchmarks->n; i++)
		merge_one(s, &s->at[i], &other->at[i]);
}

/* --- the report ------------------------------------------------------------------------------- */

static void put_count(struct buf *out, const char *key, uint64_t n)
{
	json_put_key(out, key);
	json_put_uint(out, n);
}

static void put_questions(const struct sightings *s, const struct benchmark *b, struct buf *out)
{
	uint64_t seen = 0, frequent = 0;

	for (uint32_t q = b->first; s->questions && q < b->end; q++) {
		seen += (s->questions[q] & QUESTION_SEEN) != 0;
		frequent += s->questions[q] == QUESTION_FREQUENT;
	}
	put_count(out, "questions", b->end - b->first);
	put_count(out, "questions_without_text", b->no_string);
	put_count(out, "questions_too_short", b->too_short);
	put_count(out, "questions_seen", seen);
	put_count(out, "questions_only_frequent", frequent);
}

static void put_examples(const struct sighting *at, struct buf *out)
{
	json_put_key(out, "examples");
	buf_byte(out, '[');
	for (size_t i = 0; i < at->n_examples; i++) {
		buf_str(out, i ? ",{" : "{");
		buf_slice(out, buf_view(&at->examples[i].json));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

void sightings_put(const struct sightings *s, size_t i, bool examples, struct buf *out)
{
	const struct benchmark *b = &s->benchmarks->at[i];
	const struct sighting *at = &s->at[i];

	buf_byte(out, '{');
	json_put_key(out, "benchmark");
	json_put_string(out, b->name);
	put_questions(s, b, out);
	put_count(out, "documents", at->documents);
	put_count(out, "documents_dropped", at->dropped);
	put_count(out, "characters_removed", at->removed);
	if (examples)
		put_examples(at, out);
	buf_byte(out, '}');
}

void sightings_release(struct sightings *s)
{
	for (size_t i = 0; s->at && i < s->benchmarks->n; i++) {
		for (size_t k = 0; k <= s->max_examples; k++)
			buf_release(&s->at[i].examples[k].json);
		free(s->at[i].examples);
	}
	free(s->at);
	free(s->questions);
	*s = (struct sightings){ 0 };
}
