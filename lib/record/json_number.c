/* Numbers to and from binary64, whatever the locale.
 *
 * What stands in records is short: counts, ratios, scores. Those take exact integer arithmetic;
 * printf and strtod have what is left. */
#include "lib/core/mem.h"
#include "lib/record/json.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 uint128;

/* 10^22 is the last power of ten that binary64 holds exactly. */
enum { MAX_EXACT_POWER = 22, MAX_DIGITS = 17 };

static const double powers[MAX_EXACT_POWER + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
	1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
static const double max_exact_integer = 9007199254740992; /* 2^53 */

/* digits * 10^exponent */
struct decimal {
	uint64_t digits;
	int exponent;
};

static double read_slow(struct slice s)
{
	char small[128];
	char *text = s.n < sizeof(small) ? small : mem_alloc(s.n + 1);
	/* glibc and musl hand out a constant here: nothing is allocated and nothing to free. */
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double v;

	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	v = c ? strtod_l(text, NULL, c) : strtod(text, NULL);
	if (c)
		freelocale(c);
	if (text != small)
		free(text);
	return v;
}

/* Takes the digits off *s as long as they fit; returns how many. */
static int read_digits(struct slice *s, uint64_t *digits)
{
	int n = 0;

	while (s->n && *s->p >= '0' && *s->p <= '9' && *digits < 100000000000000000) {
		*digits = *digits * 10 + (uint64_t)(*s->p - '0');
		*s = slice_skip(*s, 1);
		n++;
	}
	return n;
}

/* Both factors are exact, so that the one rounding is the nearest value's (Clinger 1990, "How to
 * read floating point numbers accurately", section 3). */
static bool read_fast(struct slice s, double *v)
{
	struct decimal d = { 0 };
	bool negative = slice_starts(s, SLICE("-"));

	s = slice_skip(s, negative);
	read_digits(&s, &d.digits);
	if (slice_starts(s, SLICE("."))) {
		s = slice_skip(s, 1);
		d.exponent = read_digits(&s, &d.digits);
	}
	if (s.n || d.exponent > MAX_EXACT_POWER || d.digits > (uint64_t)max_exact_integer)
		return false;
	*v = (double)d.digits / powers[d.exponent];
	*v = negative ? -*v : *v;
	return true;
}

double json_number(struct slice value)
{
	double v;

	return read_fast(value, &v) ? v : read_slow(value);
}

static struct decimal without_zeros(struct decimal d)
{
	while (d.digits && d.digits % 10 == 0) {
		d.digits /= 10;
		d.exponent++;
	}
	return d;
}

/* log10 of v, rounded down, perhaps one too low. */
static int magnitude(double v)
{
	int e;

	frexp(v, &e);
	return (int)floor((e - 1) * 0.30102999566398119);
}

/* Any decimal of 15 digits differs from any other as binary64, so that one that reads back is the
 * only one, and without its zeros the shortest. The product is off by less than half a unit, and
 * the quotient is what a reader gets (see read_fast). */
static bool shortest_of_15(double v, struct decimal *d)
{
	int places = MAX(0, MIN(14 - magnitude(v), MAX_EXACT_POWER));
	double scaled = nearbyint(v * powers[places]);

	if (scaled >= 1e15) {
		if (places == 0)
			return false;
		scaled = nearbyint(v * powers[--places]);
	}
	if (scaled / powers[places] != v)
		return false;
	*d = without_zeros((struct decimal){ (uint64_t)scaled, -places });
	return true;
}

/* v = mantissa / 2^shift lies in a stretch of reals that all read back as v: half a unit of the
 * mantissa to each side, a quarter below a power of two, ends included where the mantissa is even
 * (IEEE 754 rounds ties to even). True when digits / 10^places lies in it. power is 10^places. */
static bool reads_back(uint64_t digits, uint64_t mantissa, int shift, uint128 power)
{
	uint128 given = (uint128)digits << shift, exact = mantissa * power;
	bool below = given < exact;
	uint128 distance = below ? exact - given : given - exact;
	uint128 limit = below && mantissa == (uint64_t)1 << 52 ? power : 2 * power;

	/* In quarters of a unit. */
	return 4 * distance < limit || (4 * distance == limit && mantissa % 2 == 0);
}

static uint64_t round_shift(uint128 v, int shift)
{
	uint128 half = (uint128)1 << (shift - 1);
	uint64_t down = (uint64_t)(v >> shift);
	uint128 rest = v & (2 * half - 1);

	return down + (rest > half || (rest == half && down % 2));
}

/* The shortest of 16 or 17 digits where 128 bits hold the exact value: from 10^-5 to 2^52. */
static bool shortest_in_128(double v, struct decimal *d)
{
	int e, places;
	uint64_t mantissa, digits;
	uint128 power = 1;

	if (v < 1e-5 || v >= 4503599627370496)
		return false;
	mantissa = (uint64_t)ldexp(frexp(v, &e), 53);
	places = 15 - magnitude(v);
	for (int i = 0; i < places; i++)
		power *= 10;
	digits = round_shift(mantissa * power, 53 - e);
	if (digits >= 10000000000000000) {
		power /= 10;
		places--;
		digits = round_shift(mantissa * power, 53 - e);
	}
	if (!reads_back(digits, mantissa, 53 - e, power) &&
		!reads_back(++digits, mantissa, 53 - e, power)) {
		digits = round_shift(mantissa * power * 10, 53 - e);
		places++;
	}
	*d = without_zeros((struct decimal){ digits, -places });
	return true;
}

static double decimal_value(struct decimal d)
{
	char text[48];
	int n = snprintf(text, sizeof(text), "%" PRIu64 "e%d", d.digits, d.exponent);

	return json_number((struct slice){ text, (size_t)n });
}

/* Asks printf for more and more digits until they read back. Below a power of two the stretch that
 * reads back is narrower than above it, so that the nearest decimal may fail where the next larger
 * does not. */
static struct decimal shortest_by_printf(double v)
{
	struct decimal d = { 0 };

	/* Above the subnormal numbers 15 digits always come through: see shortest_of_15. */
	for (int n = v < DBL_MIN ? 1 : DBL_DIG; n <= MAX_DIGITS; n++) {
		char text[48];
		char *exponent;

		snprintf(text, sizeof(text), "%.*e", n - 1, v);
		exponent = strchr(text, 'e');
		d = (struct decimal){ 0, atoi(exponent + 1) - (n - 1) };
		for (char *p = text; p < exponent; p++)
			if (*p >= '0' && *p <= '9')
				d.digits = d.digits * 10 + (uint64_t)(*p - '0');
		if (decimal_value(d) == v)
			break;
		d.digits++;
		if (decimal_value(d) == v)
			break;
	}
	return without_zeros(d);
}

/* Without a NUL; returns how many, from 1 to 20. */
static int put_digits(char *out, uint64_t v)
{
	char back[20];
	int n = 0;

	do
		back[n++] = (char)('0' + v % 10);
	while (v /= 10);
	for (int i = 0; i < n; i++)
		out[i] = back[n - 1 - i];
	return n;
}

/* As ECMA-262, section 6.1.6.1.20 (RFC 8785 takes it over): a point where the number is from 10^-7
 * to 10^21, else an exponent. */
static void put_decimal(struct buf *out, struct decimal d)
{
	char text[20];
	int n = put_digits(text, d.digits);
	int point = n + d.exponent; /* digits before the point */

	if (point > 21 || point < -5) {
		buf_byte(out, text[0]);
		if (n > 1) {
			buf_byte(out, '.');
			buf_append(out, text + 1, (size_t)n - 1);
		}
		buf_printf(out, "e%+d", point - 1);
	} else if (point <= 0) {
		buf_append(out, "0.00000", 2 + (size_t)-point);
		buf_append(out, text, (size_t)n);
	} else if (point >= n) {
		buf_append(out, text, (size_t)n);
		buf_append(out, "00000000000000000000", (size_t)(point - n));
	} else {
		buf_append(out, text, (size_t)point);
		buf_byte(out, '.');
		buf_append(out, text + point, (size_t)(n - point));
	}
}

void json_put_number(struct buf *out, double v)
{
	struct decimal d;

	if (!isfinite(v)) {
		buf_slice(out, SLICE("null"));
		return;
	}
	if (v < 0)
		buf_byte(out, '-');
	v = fabs(v);
	if (v == 0)
		d = (struct decimal){ 0 };
	else if (!shortest_of_15(v, &d) && !shortest_in_128(v, &d))
		d = shortest_by_printf(v);
	put_decimal(out, d);
}
