/* Ranks of records, by what --keep asks for and then by their ids. */
#include "stages/dedup/keep.h"

#include <math.h>

int keep_parse(struct keep *k, const char *word, struct err *e)
{
	static const char best[] = "best:";
	size_t n = sizeof(best) - 1;

	*k = (struct keep){ 0 };
	if (strcmp(word, "first") == 0)
		return 0;
	k->kind = KEEP_LONGEST;
	if (strcmp(word, "longest") == 0)
		return 0;
	k->kind = KEEP_BEST;
	k->field = word + n;
	if (strncmp(word, best, n) == 0 && word[n])
		return 0;
	return err_set(e, ERR_USAGE, "--keep %s: not first, longest or best:FIELD", word);
}

/* What the first byte of a rank tells. */
enum { RANK_NUMBER, RANK_STRING, RANK_NONE };

/* The larger number is the smaller rank. */
static void put_falling(unsigned char *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(~v >> (56 - 8 * i));
}

/* Binary64 in the order of its bits: those of negative numbers are turned over (IEEE 754, where the
 * rest of a positive number orders as an integer does). */
static uint64_t ordered_bits(double v)
{
	uint64_t bits;

	v += 0; /* -0 is 0 */
	memcpy(&bits, &v, sizeof(bits));
	return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

/* Behind the end of a string, which a longer one follows in the order, stands what no byte of UTF-8
 * gives. */
static void put_string(unsigned char *out, size_t room, struct slice s)
{
	for (size_t i = 0; i < room; i++)
		out[i] = i < s.n ? (unsigned char)~s.p[i] : 0xff;
}

static bool rank_field(const char *field, struct record *r, unsigned char *out)
{
	struct slice s;
	double v;

	if (record_num(r, field, &v) == RECORD_FOUND && !isnan(v)) {
		out[0] = RANK_NUMBER;
		put_falling(out + 1, ordered_bits(v));
		return true;
	}
	if (record_str(r, field, &s) == RECORD_FOUND) {
		out[0] = RANK_STRING;
		put_string(out + 1, KEEP_VALUE - 1, s);
		return true;
	}
	out[0] = RANK_NONE;
	return false;
}

bool keep_rank_record(
	const struct keep *k, struct record *r, struct slice text, struct keep_rank *out)
{
	bool found = true;
	struct slice id;

	*out = (struct keep_rank){ 0 };
	if (k->kind == KEEP_FIRST)
		return true;
	if (k->kind == KEEP_LONGEST)
		put_falling(out->value, text.n);
	else
		found = rank_field(k->field, r, out->value);
	id = slice_head(record_id(r), KEEP_ID);
	if (id.n)
		memcpy(out->id, id.p, id.n);
	return found;
}
