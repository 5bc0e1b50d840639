/* The members of a book's record. */
#include "stages/extract/book_record.h"

#include "lib/text/utf8.h"
#include "stages/extract/put.h"

#include <ctype.h>
#include <stdio.h>

/* Several lines as one. */
static void put_folded(struct buf *json, const char *key, struct slice value, struct buf *folded)
{
	folded->n = 0;
	for (size_t i = 0; i < value.n; i++) {
		bool space = isspace((unsigned char)value.p[i]);

		if (!space)
			buf_byte(folded, value.p[i]);
		else if (folded->n && folded->p[folded->n - 1] != ' ')
			buf_byte(folded, ' ');
	}
	put_field(json, key, buf_view(folded));
}

static unsigned month_of(struct slice s)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
		"aug", "sep", "oct", "nov", "dec" };

	for (unsigned i = 0; s.n >= 3 && i < ARRAY_LEN(months); i++)
		if (strncasecmp(s.p, months[i], 3) == 0)
			return i + 1;
	return 0;
}

/* "August 25, 2005 [EBook #16595]", "January, 1994", "2001-05-17" to RFC 3339's full-date, or as
 * much of it as is said. */
static void put_date(struct buf *json, struct slice s)
{
	unsigned month = 0, day = 0, year = 0;
	char text[32];
	int n = 0;

	s.n = slice_find(s, SLICE("["));
	for (size_t i = 0; i < s.n; i++) {
		unsigned value = 0;
		size_t digits = 0;

		if (!month && isalpha((unsigned char)s.p[i]))
			month = month_of(slice_skip(s, i));
		while (i + digits < s.n && digits < 4 && isdigit((unsigned char)s.p[i + digits]))
			value = value * 10 + (unsigned)(s.p[i + digits++] - '0');
		if (digits == 4 && !year)
			year = value;
		else if (digits && !month && year)
			month = value;
		else if (digits && !day)
			day = value;
		i += digits ? digits - 1 : 0;
	}
	if (year < 1000 || year > 9999 || month > 12 || day > 31)
		return;
	n = snprintf(text, sizeof(text), "%04u", year);
	if (month)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "-%02u", month);
	if (month && day)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "-%02u", day);
	put_field(json, "published", (struct slice){ text, (size_t)n });
}

/* The last part of the path without its extensions. */
static struct slice file_stem(struct slice path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	size_t dot;

	if (slash)
		path = slice_skip(path, (size_t)(slash + 1 - path.p));
	dot = slice_find(path, SLICE("."));
	return dot ? slice_head(path, dot) : path;
}

static void put_book(
	const struct book_record *b, const struct extract_config *cfg, struct buf *json)
{
	char id[40], url[80];
	struct buf folded = { 0 };

	snprintf(id, sizeof(id), "pg%llu", (unsigned long long)b->number);
	snprintf(url, sizeof(url), "https://www.gutenberg.org/ebooks/%llu",
		(unsigned long long)b->number);
	put_head(json,
		b->number	  ? slice_str(id)
			: b->id.n ? b->id
				  : file_stem(slice_str(b->item->path)),
		b->text, cfg);
	if (b->number)
		put_field(json, "url", slice_str(url));
	put_folded(json, "title", b->title, &folded);
	put_folded(json, "author", b->author, &folded);
	put_date(json, b->published);
	put_folded(json, "license", b->license, &folded);
	put_field(json, "charset", slice_str(b->charset));
	put_field(json, "mime", slice_str(b->mime));
	if (b->replaced) {
		json_put_key(json, "replaced");
		json_put_uint(json, b->replaced);
	}
	put_field(json, "file_path", slice_str(b->item->path));
	buf_byte(json, '}');
	buf_release(&folded);
}

enum verdict book_settle(const struct book_record *b, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why)
{
	size_t length = utf8_length(b->text);

	put_book(b, cfg, scratch);
	emit_line(to, buf_view(scratch));
	if (length == 0)
		return drop(why, "empty", 0, 1);
	if (length < cfg->min_text)
		return drop(why, "min_text", (double)length, (double)cfg->min_text);
	return KEEP;
}
