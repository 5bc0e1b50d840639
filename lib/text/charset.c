/* Finds the encoding of a text and turns it into UTF-8; ICU has the tables. */
#include "lib/text/charset.h"

#include "lib/text/utf8.h"

#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>

struct charset {
	const char *name;
	const char *icu; /* converter; NULL: ICU has none, so the label counts for nothing */
	const char *labels; /* with a space before and behind each */
};

/* Source: WHATWG Encoding Standard, section 4.2, "Names and labels". ICU's converters are chosen
 * so that they read what the standard's decoders read: GBK by gb18030, Big5 with its Hong Kong
 * characters, Shift_JIS and EUC-KR with Microsoft's extensions. The labels of "replacement" are
 * left out: such pages are read by what the detector says. One byte differs: GBK's 0x80, the
 * euro sign of Microsoft's table, is ill-formed in gb18030. */
static const struct charset charsets[] = {
	{ "UTF-8", "utf-8",
		" unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8"
		" x-unicode20utf8 " },
	{ "IBM866", "ibm866", " 866 cp866 csibm866 ibm866 " },
	{ "ISO-8859-2", "iso-8859-2",
		" csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592"
		" iso_8859-2 iso_8859-2:1987 l2 latin2 " },
	{ "ISO-8859-3", "iso-8859-3",
		" csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593"
		" iso_8859-3 iso_8859-3:1988 l3 latin3 " },
	{ "ISO-8859-4", "iso-8859-4",
		" csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594"
		" iso_8859-4 iso_8859-4:1988 l4 latin4 " },
	{ "ISO-8859-5", "iso-8859-5",
		" csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5"
		" iso88595 iso_8859-5 iso_8859-5:1988 " },
	{ "ISO-8859-6", "iso-8859-6",
		" arabic asmo-708 csiso88596e csiso88596i csisolatinarabic"
		" ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127"
		" iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 " },
	{ "ISO-8859-7", "iso-8859-7",
		" csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7"
		" iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987"
		" sun_eu_greek " },
	{ "ISO-8859-8", "iso-8859-8",
		" csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e"
		" iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988"
		" visual " },
	{ "ISO-8859-8-I", "iso-8859-8", " csiso88598i iso-8859-8-i logical " },
	{ "ISO-8859-10", "iso-8859-10",
		" csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6"
		" latin6 " },
	{ "ISO-8859-13", "iso-8859-13", " iso-8859-13 iso8859-13 iso885913 " },
	{ "ISO-8859-14", "iso-8859-14", " iso-8859-14 iso8859-14 iso885914 " },
	{ "ISO-8859-15", "iso-8859-15",
		" csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 " },
	{ "ISO-8859-16", NULL, " iso-8859-16 " },
	{ "KOI8-R", "koi8-r", " cskoi8r koi koi8 koi8-r koi8_r " },
	{ "KOI8-U", "koi8-u", " koi8-ru koi8-u " },
	{ "macintosh", "macintosh", " csmacintosh mac macintosh x-mac-roman " },
	{ "windows-874", "windows-874",
		" dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"
		" windows-874 " },
	{ "windows-1250", "windows-1250", " cp1250 windows-1250 x-cp1250 " },
	{ "windows-1251", "windows-1251", " cp1251 windows-1251 x-cp1251 " },
	{ "windows-1252", "windows-1252",
		" ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819"
		" iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1"
		" iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 " },
	{ "windows-1253", "windows-1253", " cp1253 windows-1253 x-cp1253 " },
	{ "windows-1254", "windows-1254",
		" cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599"
		" iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254 " },
	{ "windows-1255", "windows-1255", " cp1255 windows-1255 x-cp1255 " },
	{ "windows-1256", "windows-1256", " cp1256 windows-1256 x-cp1256 " },
	{ "windows-1257", "windows-1257", " cp1257 windows-1257 x-cp1257 " },
	{ "windows-1258", "windows-1258", " cp1258 windows-1258 x-cp1258 " },
	{ "x-mac-cyrillic", "x-mac-cyrillic", " x-mac-cyrillic x-mac-ukrainian " },
	{ "GBK", "gb18030",
		" chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80"
		" gbk iso-ir-58 x-gbk " },
	{ "gb18030", "gb18030", " gb18030 " },
	{ "Big5", "big5-hkscs", " big5 big5-hkscs cn-big5 csbig5 x-x-big5 " },
	{ "EUC-JP", "euc-jp", " cseucpkdfmtjapanese euc-jp x-euc-jp " },
	{ "ISO-2022-JP", "iso-2022-jp", " csiso2022jp iso-2022-jp " },
	{ "Shift_JIS", "windows-31j",
		" csshiftjis ms932 ms_kanji shift-jis shift_jis sjis"
		" windows-31j x-sjis " },
	{ "EUC-KR", "windows-949",
		" cseuckr csksc56011987 euc-kr iso-ir-149 korean"
		" ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 " },
	{ "UTF-16BE", "utf-16be", " unicodefffe utf-16be " },
	{ "UTF-16LE", "utf-16le",
		" csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16"
		" utf-16le " },
	{ "x-user-defined", "windows-1252", " x-user-defined " },
};

static const struct charset *const charset_utf8 = &charsets[0];

static const struct charset *by_name(const char *name)
{
	return charset_of_label(slice_str(name));
}

/* --- labels ----------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

const struct charset *charset_of_label(struct slice label)
{
	char key[32] = " ";
	size_t n = 1;

	while (label.n && is_space(label.p[0]))
		label = slice_skip(label, 1);
	while (label.n && is_space(label.p[label.n - 1]))
		label.n--;
	if (label.n == 0 || label.n > sizeof(key) - 3)
		return NULL;
	for (size_t i = 0; i < label.n; i++) {
		if (is_space(label.p[i]) || label.p[i] == '\0')
			return NULL;
		key[n++] = lower(label.p[i]);
	}
	key[n] = ' ';
	for (size_t i = 0; i < ARRAY_LEN(charsets); i++)
		if (strstr(charsets[i].labels, key))
			return charsets[i].icu ? &charsets[i] : NULL;
	return NULL;
}

const char *charset_name(const struct charset *c)
{
	return c->name;
}

/* Where word stands in s, whatever its case, or s.n. */
static size_t find_word(struct slice s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.n; i++)
		if (strncasecmp(s.p + i, word, n) == 0)
			return i;
	return s.n;
}

/* HTML Standard, 2.4.4, "extracting a character encoding from a meta element". */
struct slice charset_parameter(struct slice type)
{
	for (;;) {
		size_t at = find_word(type, "charset");
		size_t n = 0;

		if (at == type.n)
			return (struct slice){ 0 };
		type = slice_skip(type, at + strlen("charset"));
		while (type.n && is_space(type.p[0]))
			type = slice_skip(type, 1);
		if (type.n == 0 || type.p[0] != '=')
			continue;
		type = slice_skip(type, 1);
		while (type.n && is_space(type.p[0]))
			type = slice_skip(type, 1);
		if (type.n && (type.p[0] == '"' || type.p[0] == '\'')) {
			const char *end = memchr(type.p + 1, type.p[0], type.n - 1);

			if (!end)
				return (struct slice){ 0 };
			return (struct slice){ type.p + 1, (size_t)(end - type.p) - 1 };
		}
		while (n < type.n && !is_space(type.p[n]) && type.p[n] != ';')
			n++;
		return slice_head(type, n);
	}
}

/* --- meta ------------------------------------------------------------------------------------- */

/* Passes over comments, so that a meta that is commented out does not count. */
static struct slice next_tag(struct slice s)
{
	for (;;) {
		const char *lt = s.n ? memchr(s.p, '<', s.n) : NULL;
		size_t end;

		if (!lt)
			return (struct slice){ 0 };
		s = slice_skip(s, (size_t)(lt - s.p));
		if (!slice_starts(s, SLICE("<!--")))
			return s;
		s = slice_skip(s, 2);
		end = slice_find(s, SLICE("-->"));
		s = slice_skip(s, end);
	}
}

/* The attribute that names it may be charset, or content with http-equiv: both read alike, but the
 * quotes of content end the label too. */
static const struct charset *meta_charset(struct slice tag)
{
	struct slice label = charset_parameter(tag);
	const struct charset *c;
	size_t n = 0;

	while (n < label.n && !byte_in(label.p[n], "'\"/>"))
		n++;
	c = charset_of_label(slice_head(label, n));
	return c && strncmp(c->name, "UTF-16", 6) == 0 ? charset_utf8 : c;
}

const struct charset *charset_of_meta(struct slice page)
{
	struct slice s = slice_head(page, 1024);

	for (s = next_tag(s); s.n; s = next_tag(slice_skip(s, 1))) {
		const char *gt;
		const struct charset *c;

		if (s.n < 6 || strncasecmp(s.p, "<meta", 5) != 0 ||
			(!is_space(s.p[5]) && s.p[5] != '/'))
			continue;
		gt = memchr(s.p, '>', s.n);
		c = meta_charset(slice_head(s, gt ? (size_t)(gt - s.p) : s.n));
		if (c)
			return c;
	}
	return NULL;
}

/* --- UTF-8 ------------------------------------------------------------------------------------ */

/* The length of the run of ASCII that s begins with. */
static size_t ascii_run(const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i + 8 <= n && !(load_le64(p + i) & 0x8080808080808080u))
		i += 8;
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

struct utf8_count utf8_count(struct slice bytes)
{
	struct utf8_count count = { 0 };
	uint32_t c;

	for (;;) {
		int n;

		bytes = slice_skip(bytes, ascii_run((const unsigned char *)bytes.p, bytes.n));
		if (!bytes.n)
			return count;
		n = utf8_decode(bytes, &c);
		count.good += n > 0;
		count.bad += n < 0;
		bytes = slice_skip(bytes, (size_t)(n < 0 ? -n : n));
	}
}

/* --- other encodings -------------------------------------------------------------------------- */

static void append_units(const UChar *units, int32_t n, struct buf *out, uint64_t *replaced)
{
	char *to = buf_reserve(out, (size_t)n * 3 + 1);
	size_t at = 0;

	for (int32_t i = 0; i < n; i++) {
		uint32_t c = units[i];

		if (U16_IS_LEAD(c) && i + 1 < n && U16_IS_TRAIL(units[i + 1]))
			c = ((c - 0xD800) << 10) + (units[++i] - 0xDC00u) + 0x10000;
		else if (U16_IS_SURROGATE(c))
			c = 0xFFFD;
		*replaced += c == 0xFFFD;
		at += utf8_put(to + at, c);
	}
	out->n += at;
}

static void decode_icu(const char *name, struct slice bytes, struct buf *out, uint64_t *replaced)
{
	UErrorCode status = U_ZERO_ERROR;
	UConverter *converter = ucnv_open(name, &status);
	const char *from = bytes.p, *end = bytes.p + bytes.n;
	UChar units[4096];
	int32_t held = 0; /* a lead surrogate whose trail comes with the next lot */

	if (U_FAILURE(status)) { /* ICU is there without its data: what is ASCII survives */
		*replaced += utf8_repair(out, bytes);
		return;
	}
	do {
		UChar *to = units + held;
		int32_t n;

		status = U_ZERO_ERROR;
		ucnv_toUnicode(
			converter, &to, units + ARRAY_LEN(units), &from, end, NULL, true, &status);
		n = (int32_t)(to - units);
		held = status == U_BUFFER_OVERFLOW_ERROR && n > 1 && U16_IS_LEAD(units[n - 1]);
		append_units(units, n - held, out, replaced);
		if (held)
			units[0] = units[n - 1];
	} while (status == U_BUFFER_OVERFLOW_ERROR);
	ucnv_close(converter);
}

void charset_decode(
	const struct charset *c, struct slice bytes, struct buf *out, uint64_t *replaced)
{
	if (bytes.n == 0)
		return;
	if (c == charset_utf8)
		*replaced += utf8_repair(out, bytes);
	else
		decode_icu(c->icu, bytes, out, replaced);
}

/* --- the choice ------------------------------------------------------------------------------- */

static bool byte_order_mark(struct slice bytes, struct charset_choice *choice)
{
	static const struct {
		struct slice mark;
		const char *name;
	} marks[] = {
		{ { "\xEF\xBB\xBF", 3 }, "utf-8" },
		{ { "\xFE\xFF", 2 }, "utf-16be" },
		{ { "\xFF\xFE", 2 }, "utf-16le" },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (slice_starts(bytes, marks[i].mark)) {
			*choice =
				(struct charset_choice){ by_name(marks[i].name), marks[i].mark.n };
			return true;
		}
	return false;
}

/* ICU's statistics over the bytes, markup left aside. It looks at the first bytes alone, so a page
 * whose head is ASCII is given from its first byte beyond ASCII. */
static const struct charset *detect(struct slice bytes, bool html)
{
	UErrorCode status = U_ZERO_ERROR;
	UCharsetDetector *detector = ucsdet_open(&status);
	size_t ascii = ascii_run((const unsigned char *)bytes.p, bytes.n);
	struct slice sample =
		slice_head(slice_skip(bytes, ascii > 256 ? ascii - 256 : 0), 64 * KIB);
	const UCharsetMatch *match;
	const struct charset *c = NULL;
	const char *name;

	ucsdet_setText(detector, sample.p, (int32_t)sample.n, &status);
	ucsdet_enableInputFilter(detector, html);
	match = ucsdet_detect(detector, &status);
	name = match ? ucsdet_getName(match, &status) : NULL;
	if (U_SUCCESS(status) && name)
		c = by_name(name);
	ucsdet_close(detector);
	return c;
}

struct charset_choice charset_choose(struct slice bytes, struct slice label, bool html)
{
	struct charset_choice choice = { charset_utf8, 0 };
	struct utf8_count count;
	const struct charset *declared[2];

	if (byte_order_mark(bytes, &choice))
		return choice;
	declared[0] = charset_of_label(label);
	declared[1] = html ? charset_of_meta(bytes) : NULL;
	if (declared[0] && strncmp(declared[0]->name, "UTF-16", 6) == 0)
		return (struct charset_choice){ declared[0], 0 };
	count = utf8_count(bytes);
	if (count.bad == 0 &&
		(count.good >= 3 || (count.good == 0 && !memchr(bytes.p, 0x1B, bytes.n))))
		return choice;
	for (size_t i = 0; i < ARRAY_LEN(declared); i++) {
		choice.charset = declared[i];
		if (choice.charset && (choice.charset != charset_utf8 || count.good >= count.bad))
			return choice;
	}
	choice.charset = detect(bytes, html);
	if (!choice.charset || (choice.charset == charset_utf8 && count.good < count.bad))
		choice.charset = by_name("windows-1252");
	return choice;
}
