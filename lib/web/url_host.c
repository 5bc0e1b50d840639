/* Hosts of URLs: domain names, addresses, opaque hosts (URL Standard, section 3). */
#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "lib/web/url.h"
#include "lib/web/url_parts.h"

#include <stdio.h>
#include <unicode/uidna.h>

static const char forbidden[] = "\t\n\r #/:<>?@[\\]^|";

static bool is_forbidden(char c)
{
	return c == '\0' || byte_in(c, forbidden);
}

static bool is_forbidden_in_domain(char c)
{
	return (unsigned char)c <= 0x1f || c == '%' || c == 0x7f || is_forbidden(c);
}

/* --- IPv4 ------------------------------------------------------------------------------------- */

/* Above all that a part may be. */
static const uint64_t too_large = UINT64_C(1) << 32;

/* The number that a part is, decimal, 0octal or 0xhexadecimal; at most too_large. False when it is
 * none. */
static bool ipv4_number(struct slice part, uint64_t *out)
{
	int base = 10;

	if (!part.n)
		return false;
	if (part.n >= 2 && part.p[0] == '0') {
		base = part.p[1] == 'x' || part.p[1] == 'X' ? 16 : 8;
		part = slice_skip(part, base == 16 ? 2 : 1);
	}
	*out = 0;
	for (size_t i = 0; i < part.n; i++) {
		int digit = url_hex(part.p[i]);

		if (digit < 0 || digit >= base)
			return false;
		*out = MIN(*out * (unsigned)base + (unsigned)digit, too_large);
	}
	return true;
}

static struct slice last_part(struct slice domain)
{
	const char *dot = domain.n ? memrchr(domain.p, '.', domain.n) : NULL;

	return dot ? slice_skip(domain, (size_t)(dot - domain.p) + 1) : domain;
}

/* Section 3.5, "ends in a number checker": whether domain, without its last dot, is to be an
 * address. */
static bool ends_in_number(struct slice domain)
{
	struct slice last = last_part(domain);
	uint64_t number;
	size_t digits = 0;

	while (digits < last.n && last.p[digits] >= '0' && last.p[digits] <= '9')
		digits++;
	return last.n && (digits == last.n || ipv4_number(last, &number));
}

static bool put_ipv4(struct buf *out, struct slice domain)
{
	uint64_t parts[4], address = 0;
	size_t n = 0;

	for (bool more = true; more;) {
		size_t dot = slice_find(domain, SLICE("."));

		more = dot < domain.n;
		if (n == 4 || !ipv4_number(slice_head(domain, dot), &parts[n++]))
			return false;
		domain = slice_skip(domain, dot + 1);
	}
	for (size_t i = 0; i + 1 < n; i++) {
		if (parts[i] > 255)
			return false;
		address |= parts[i] << (24 - 8 * i);
	}
	/* The last part fills what is left of the 32 bits. */
	if (parts[n - 1] >> (8 * (5 - n)))
		return false;
	address |= parts[n - 1];
	buf_printf(out, "%u.%u.%u.%u", (unsigned)(address >> 24), (unsigned)(address >> 16 & 255),
		(unsigned)(address >> 8 & 255), (unsigned)(address & 255));
	return true;
}

/* --- IPv6 ------------------------------------------------------------------------------------- */

struct ipv6 {
	uint16_t pieces[8];
	size_t n; /* pieces read */
	size_t compress; /* where "::" stood; 8: nowhere */
};

/* Four decimal numbers without leading zeros, as the last two pieces. */
static bool read_ipv4_tail(struct ipv6 *a, struct slice s)
{
	if (a->n > 6)
		return false;
	for (size_t i = 0; i < 4; i++) {
		unsigned value = 0;
		size_t n = 0;

		if (i && (!s.n || *s.p != '.'))
			return false;
		s = slice_skip(s, i ? 1 : 0);
		for (; n < s.n && s.p[n] >= '0' && s.p[n] <= '9'; n++) {
			value = value * 10 + (unsigned)(s.p[n] - '0');
			if (value > 255 || (n && s.p[0] == '0'))
				return false;
		}
		if (!n)
			return false;
		s = slice_skip(s, n);
		a->pieces[a->n + i / 2] =
			(uint16_t)((unsigned)a->pieces[a->n + i / 2] << 8 | value);
	}
	a->n += 2;
	return s.n == 0;
}

/* Up to four digits off the front; how many. */
static size_t read_piece(struct slice *s, uint16_t *out)
{
	size_t n = 0;

	*out = 0;
	for (; n < 4 && n < s->n && url_hex(s->p[n]) >= 0; n++)
		*out = (uint16_t)(*out << 4 | url_hex(s->p[n]));
	*s = slice_skip(*s, n);
	return n;
}

static bool read_ipv6(struct ipv6 *a, struct slice s)
{
	if (slice_starts(s, SLICE("::"))) {
		s = slice_skip(s, 2);
		a->compress = 0;
	} else if (slice_starts(s, SLICE(":"))) {
		return false;
	}
	while (s.n) {
		struct slice from = s;
		size_t n;

		if (a->n == 8)
			return false;
		if (*s.p == ':') {
			if (a->compress < 8)
				return false;
			a->compress = a->n;
			s = slice_skip(s, 1);
			continue;
		}
		n = read_piece(&s, &a->pieces[a->n]);
		if (s.n && *s.p == '.') {
			a->pieces[a->n] = 0;
			return n && read_ipv4_tail(a, from);
		}
		a->n++;
		if (s.n && (*s.p != ':' || s.n == 1))
			return false;
		s = slice_skip(s, 1);
	}
	return true;
}

/* The pieces behind "::" go to the end. */
static bool spread(struct ipv6 *a)
{
	size_t behind;

	if (a->compress == 8)
		return a->n == 8;
	if (a->n == 8)
		return false;
	behind = a->n - a->compress;
	memmove(a->pieces + 8 - behind, a->pieces + a->compress, behind * sizeof(*a->pieces));
	memset(a->pieces + a->compress, 0, (8 - a->n) * sizeof(*a->pieces));
	return true;
}

/* The first of the longest runs of two zeros or more is [*from, *to). */
static void longest_zeros(const uint16_t *pieces, size_t *from, size_t *to)
{
	*from = *to = 8;
	for (size_t i = 0; i < 8; i++) {
		size_t n = i;

		while (n < 8 && pieces[n] == 0)
			n++;
		if (n - i >= 2 && n - i > *to - *from) {
			*from = i;
			*to = n;
		}
		i = MAX(i, n);
	}
}

static bool put_ipv6(struct buf *out, struct slice text)
{
	struct ipv6 a = { .compress = 8 };
	size_t from, to;

	if (!read_ipv6(&a, text) || !spread(&a))
		return false;
	longest_zeros(a.pieces, &from, &to);
	buf_byte(out, '[');
	for (size_t i = 0; i < 8; i++) {
		if (i == from) {
			buf_str(out, i ? ":" : "::");
			i = to - 1;
			continue;
		}
		buf_printf(out, i < 7 ? "%x:" : "%x", a.pieces[i]);
	}
	buf_byte(out, ']');
	return true;
}

/* --- names ------------------------------------------------------------------------------------ */

static bool put_opaque(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (is_forbidden(text.p[i]))
			return false;
	url_encode(out, text, url_set_c0);
	return true;
}

/* Names that ToASCII makes lower case and nothing else: ASCII, without an xn-- label, and without
 * what is to be decoded before. */
static bool is_plain(struct slice domain)
{
	for (size_t i = 0; i < domain.n; i++) {
		bool begins = i == 0 || domain.p[i - 1] == '.';

		if ((unsigned char)domain.p[i] >= 0x80 || domain.p[i] == '%')
			return false;
		if (begins && domain.n - i >= 4 && strncasecmp(domain.p + i, "xn--", 4) == 0)
			return false;
	}
	return true;
}

static void put_lower(struct buf *out, struct slice domain)
{
	char *at = buf_reserve(out, domain.n);

	for (size_t i = 0; i < domain.n; i++) {
		char c = domain.p[i];

		at[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	out->n += domain.n;
}

/* What the standard's flags leave out of ICU's errors: CheckHyphens and VerifyDnsLength. */
static const uint32_t ignored_errors = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
	UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
	UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

/* Bytes for a name in ASCII: mapping makes it longer, but none near this is a name (url.h). */
enum { IDNA_ROOM = 8 * URL_IDNA_MAX };

/* UTS #46, section 4.2, "ToASCII". */
static bool put_idna(struct buf *out, struct slice domain)
{
	UErrorCode status = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UIDNA *idna = uidna_openUTS46(
		UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
	int32_t n = uidna_nameToASCII_UTF8(idna, domain.p, (int32_t)domain.n,
		buf_reserve(out, IDNA_ROOM), IDNA_ROOM, &info, &status);

	uidna_close(idna);
	if (status == U_MEMORY_ALLOCATION_ERROR)
		mem_exhausted();
	if (U_FAILURE(status) || (info.errors & ~ignored_errors))
		return false;
	out->n += (size_t)n;
	return true;
}

/* Section 3.3, "domain to ASCII", not strict. */
static bool put_ascii(struct buf *out, struct slice text)
{
	struct buf decoded = { 0 }, repaired = { 0 };
	bool good;

	if (is_plain(text)) {
		put_lower(out, text);
		return true;
	}
	url_decode(&decoded, text);
	utf8_repair(&repaired, buf_view(&decoded));
	text = buf_view(&repaired);
	good = text.n <= URL_IDNA_MAX;
	if (good && is_plain(text))
		put_lower(out, text);
	else if (good)
		good = put_idna(out, text);
	buf_release(&decoded);
	buf_release(&repaired);
	return good;
}

static bool put_domain(struct buf *out, struct slice text)
{
	size_t start = out->n;
	struct slice domain, number;

	if (!put_ascii(out, text))
		return false;
	domain = slice_skip(buf_view(out), start);
	if (!domain.n)
		return false;
	for (size_t i = 0; i < domain.n; i++)
		if (is_forbidden_in_domain(domain.p[i]))
			return false;
	number = domain;
	if (number.n > 1 && number.p[number.n - 1] == '.')
		number.n--;
	if (ends_in_number(number)) {
		struct buf address = { 0 };
		bool good = put_ipv4(&address, number);

		out->n = start;
		buf_slice(out, buf_view(&address));
		buf_release(&address);
		return good;
	}
	return true;
}

bool url_put_host(struct buf *out, struct slice text, bool special)
{
	size_t start = out->n;
	bool good;

	if (slice_starts(text, SLICE("["))) {
		good = slice_ends(text, SLICE("]")) &&
			put_ipv6(out, (struct slice){ text.p + 1, text.n - 2 });
	} else {
		good = special ? put_domain(out, text) : put_opaque(out, text);
	}
	if (!good)
		out->n = start;
	return good;
}
