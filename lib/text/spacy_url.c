/* The URL expression of spaCy's tokenizer as a matcher: the whole run is a URL or not.
 *
 * Source: spaCy 3.8, spacy/lang/tokenizer_exceptions.py, URL_PATTERN: ^ (SCHEME://)? (USER@)?
 * (IPV4|DOMAIN) (:PORT)? ([/?#]REST)? $ SCHEME cannot hold a colon, so there is one place where it
 * can end; USER is any text before any "@", so a host may begin behind each of them. A host cannot
 * hold "@": trying them all is linear. */
#include "lib/text/chars.h"
#include "lib/text/spacy_en.h"

/* The end of the characters of a class from p on; *n is their number. */
static const char *run_of(const char *p, const char *end, uint32_t class, size_t *n)
{
	uint32_t c;

	for (*n = 0; p < end; (*n)++) {
		size_t bytes = char_decode(p, end, &c);

		if (!(char_classes(c) & class))
			break;
		p += bytes;
	}
	return p;
}

/* (?::\d{2,5})?(?:[/?#]\S*)?$ */
static bool tail_matches(const char *p, const char *end)
{
	size_t digits;

	if (p < end && *p == ':') {
		p = run_of(p + 1, end, CHAR_DIGIT, &digits);
		if (digits < 2 || digits > 5)
			return false;
	}
	return p == end || *p == '/' || *p == '?' || *p == '#';
}

/* A part of a host between dots: up to 64 characters, a letter or digit at both ends. */
struct label {
	const char *end;
	size_t n; /* characters */
	size_t n_tld; /* those that may stand in a top-level domain */
	bool sound_ends; /* first and last may stand at the ends of a label */
	bool sound; /* all may stand in one */
};

static struct label label_at(const char *p, const char *end)
{
	struct label l = { .sound = true };
	bool first = false, last = false;
	uint32_t c;

	for (; p < end; l.n++) {
		size_t bytes = char_decode(p, end, &c);
		uint32_t class = char_classes(c);

		if (!(class & (CHAR_LABEL | CHAR_TLD)) && c != '_' && c != '-')
			break;
		last = class & CHAR_LABEL;
		first = l.n == 0 ? last : first;
		l.sound = l.sound && (last || c == '_' || c == '-');
		l.n_tld += (class & CHAR_TLD) != 0;
		p += bytes;
	}
	l.sound_ends = first && last;
	l.end = p;
	return l;
}

/* (?:LABEL\.)+TLD{2,63} and the tail */
static bool domain_matches(const char *p, const char *end)
{
	size_t labels = 0;

	for (;; labels++) {
		struct label l = label_at(p, end);

		if (l.end == end || *l.end != '.')
			return labels && l.n_tld == l.n && l.n >= 2 && l.n <= 63 &&
				tail_matches(l.end, end);
		if (!l.sound || !l.sound_ends || l.n > 64)
			return false;
		p = l.end + 1;
	}
}

/* An octet's digits as their values, -1 for a digit of another script than ASCII. */
struct octet {
	int digit[3];
	size_t n;
};

static const char *octet_at(const char *p, const char *end, struct octet *o)
{
	uint32_t c;

	for (o->n = 0; p < end;) {
		size_t bytes = char_decode(p, end, &c);

		if (!(char_classes(c) & CHAR_DIGIT))
			return p;
		if (o->n == 3)
			return NULL;
		o->digit[o->n++] = c < 0x80 ? (int)c - '0' : -1;
		p += bytes;
	}
	return p;
}

static bool digit_in(int digit, int low, int high)
{
	return digit >= low && digit <= high;
}

/* [1-9]\d? */
static bool is_short(const struct octet *o)
{
	return (o->n == 1 || o->n == 2) && digit_in(o->digit[0], 1, 9);
}

/* HUNDREDS[0-max_tens]\d or, with tens max_tens + 1, a last digit up to max_ones. */
static bool is_two_hundred(const struct octet *o, int max_tens, int max_ones)
{
	if (o->n != 3 || o->digit[0] != 2)
		return false;
	return digit_in(o->digit[1], 0, max_tens) ||
		(o->digit[1] == max_tens + 1 && digit_in(o->digit[2], 0, max_ones));
}

static bool is_hundred(const struct octet *o)
{
	return o->n == 3 && o->digit[0] == 1;
}

static bool octet_is(const struct octet *o, int value)
{
	int v = 0;

	for (size_t i = 0; i < o->n; i++) {
		if (o->digit[i] < 0)
			return false;
		v = v * 10 + o->digit[i];
	}
	return o->n && v == value && (o->n == 1 || o->digit[0] != 0);
}

/* 172.16 to 172.31: 1[6-9]|2\d|3[0-1] */
static bool is_private_172(const struct octet *o)
{
	return o->n == 2 &&
		((o->digit[0] == 1 && digit_in(o->digit[1], 6, 9)) || o->digit[0] == 2 ||
			(o->digit[0] == 3 && digit_in(o->digit[1], 0, 1)));
}

static bool is_private(const struct octet *o)
{
	return octet_is(&o[0], 10) || octet_is(&o[0], 127) ||
		(octet_is(&o[0], 169) && octet_is(&o[1], 254)) ||
		(octet_is(&o[0], 192) && octet_is(&o[1], 168)) ||
		(octet_is(&o[0], 172) && is_private_172(&o[1]));
}

static bool is_inner(const struct octet *o)
{
	return o->n == 1 || o->n == 2 || is_hundred(o) || is_two_hundred(o, 4, 5);
}

/* The four numbers of a public address and the tail. */
static bool address_matches(const char *p, const char *end)
{
	struct octet o[4];

	for (size_t i = 0; i < ARRAY_LEN(o); i++) {
		p = octet_at(p, end, &o[i]);
		if (!p || o[i].n == 0 || (i < 3 && (p == end || *p++ != '.')))
			return false;
	}
	if (is_private(o) || !is_inner(&o[1]) || !is_inner(&o[2]))
		return false;
	return (is_short(&o[0]) || is_hundred(&o[0]) || is_two_hundred(&o[0], 1, 3)) &&
		(is_short(&o[3]) || is_hundred(&o[3]) || is_two_hundred(&o[3], 4, 4)) &&
		tail_matches(p, end);
}

static bool host_matches(const char *p, const char *end)
{
	return domain_matches(p, end) || address_matches(p, end);
}

/* Behind [\w+\-.]{2,}:// or NULL. */
static const char *behind_scheme(const char *p, const char *end)
{
	size_t n = 0;
	uint32_t c;

	for (; p < end; n++) {
		size_t bytes = char_decode(p, end, &c);

		if (!(char_classes(c) & CHAR_WORD) && c != '+' && c != '-' && c != '.')
			break;
		p += bytes;
	}
	return n >= 2 && end - p >= 3 && memcmp(p, "://", 3) == 0 ? p + 3 : NULL;
}

bool spacy_en_url(struct slice s)
{
	const char *end = s.p + s.n, *scheme, *at;

	if (!memchr(s.p, '.', s.n)) /* no host is without one */
		return false;
	if (host_matches(s.p, end))
		return true;
	scheme = behind_scheme(s.p, end);
	if (scheme && host_matches(scheme, end))
		return true;
	for (at = s.p + 1; at < end && (at = memchr(at, '@', (size_t)(end - at))); at++) {
		if (host_matches(at + 1, end))
			return true;
	}
	return false;
}
