/* Media types by marks of formats and by endings of names. */
#include "lib/web/mime.h"

enum { LOOK_BYTES = 512 }; /* to tell text from binary data */

#define M(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static const struct {
	struct slice mark;
	size_t at;
	const char *type;
} marks[] = {
	{ M("%PDF-"), 0, "application/pdf" },
	{ M("%!PS-Adobe-"), 0, "application/postscript" },
	{ M("{\\rtf"), 0, "application/rtf" },
	{ M("\x89PNG\r\n\x1A\n"), 0, "image/png" },
	{ M("\xFF\xD8\xFF"), 0, "image/jpeg" },
	{ M("GIF87a"), 0, "image/gif" },
	{ M("GIF89a"), 0, "image/gif" },
	{ M("WEBPVP"), 8, "image/webp" },
	{ M("\0\0\1\0"), 0, "image/vnd.microsoft.icon" },
	{ M("ftypavif"), 4, "image/avif" },
	{ M("II*\0"), 0, "image/tiff" },
	{ M("MM\0*"), 0, "image/tiff" },
	{ M("ftyp"), 4, "video/mp4" },
	{ M("\x1A\x45\xDF\xA3"), 0, "video/webm" },
	{ M("OggS\0"), 0, "application/ogg" },
	{ M("ID3\3"), 0, "audio/mpeg" },
	{ M("ID3\4"), 0, "audio/mpeg" },
	{ M("WAVE"), 8, "audio/wav" },
	{ M("AVI "), 8, "video/x-msvideo" },
	{ M("FLV\1"), 0, "video/x-flv" },
	{ M("CWS"), 0, "application/x-shockwave-flash" },
	{ M("FWS"), 0, "application/x-shockwave-flash" },
	{ M("wOFF"), 0, "font/woff" },
	{ M("wOF2"), 0, "font/woff2" },
	{ M("OTTO"), 0, "font/otf" },
	{ M("\0\1\0\0\0"), 0, "font/ttf" },
	{ M("PK\3\4"), 0, "application/zip" },
	{ M("\x1F\x8B\x08"), 0, "application/gzip" },
	{ M("\x28\xB5\x2F\xFD"), 0, "application/zstd" },
	{ M("BZh"), 0, "application/x-bzip2" },
	{ M("\xFD"
	    "7zXZ\0"),
		0, "application/x-xz" },
	{ M("7z\xBC\xAF\x27\x1C"), 0, "application/x-7z-compressed" },
	{ M("Rar!\x1A\7"), 0, "application/vnd.rar" },
	{ M("ustar"), 257, "application/x-tar" },
	{ M("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, "application/x-ole-storage" },
	{ M("SQLite format 3"), 0, "application/vnd.sqlite3" },
	{ M("\x7F"
	    "ELF"),
		0, "application/x-executable" },
};

static const char *const html_tags[] = { "<!doctype html", "<html", "<head", "<body", "<title",
	"<script", "<table", "<div", "<p", "<h1", "<!--" };

static const struct {
	const char *ending, *type;
} names[] = {
	{ ".atom", "application/atom+xml" },
	{ ".avif", "image/avif" },
	{ ".bmp", "image/bmp" },
	{ ".css", "text/css" },
	{ ".csv", "text/csv" },
	{ ".doc", "application/msword" },
	{ ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
	{ ".eot", "application/vnd.ms-fontobject" },
	{ ".gif", "image/gif" },
	{ ".htm", "text/html" },
	{ ".html", "text/html" },
	{ ".ico", "image/vnd.microsoft.icon" },
	{ ".ics", "text/calendar" },
	{ ".jpeg", "image/jpeg" },
	{ ".jpg", "image/jpeg" },
	{ ".js", "text/javascript" },
	{ ".json", "application/json" },
	{ ".map", "application/json" },
	{ ".mjs", "text/javascript" },
	{ ".mp3", "audio/mpeg" },
	{ ".mp4", "video/mp4" },
	{ ".odt", "application/vnd.oasis.opendocument.text" },
	{ ".otf", "font/otf" },
	{ ".pdf", "application/pdf" },
	{ ".php", "text/html" },
	{ ".png", "image/png" },
	{ ".ppt", "application/vnd.ms-powerpoint" },
	{ ".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
	{ ".ps", "application/postscript" },
	{ ".rdf", "application/rdf+xml" },
	{ ".rss", "application/rss+xml" },
	{ ".rtf", "application/rtf" },
	{ ".svg", "image/svg+xml" },
	{ ".swf", "application/x-shockwave-flash" },
	{ ".tsv", "text/tab-separated-values" },
	{ ".ttf", "font/ttf" },
	{ ".txt", "text/plain" },
	{ ".vtt", "text/vtt" },
	{ ".wasm", "application/wasm" },
	{ ".webm", "video/webm" },
	{ ".webp", "image/webp" },
	{ ".woff", "font/woff" },
	{ ".woff2", "font/woff2" },
	{ ".xhtml", "application/xhtml+xml" },
	{ ".xls", "application/vnd.ms-excel" },
	{ ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ ".xml", "application/xml" },
	{ ".zip", "application/zip" },
};

/* "<p" begins "<page>" too, which is no HTML: a name must end. */
static bool begins_html(struct slice bytes)
{
	while (bytes.n && byte_in(*bytes.p, " \t\r\n\f"))
		bytes = slice_skip(bytes, 1);
	for (size_t i = 0; i < ARRAY_LEN(html_tags); i++) {
		size_t n = strlen(html_tags[i]);

		if (bytes.n > n && strncasecmp(bytes.p, html_tags[i], n) == 0 &&
			(html_tags[i][n - 1] == '-' || byte_in(bytes.p[n], " \t\r\n\f/>")))
			return true;
	}
	return false;
}

struct slice mime_of_bytes(struct slice bytes)
{
	if (begins_html(bytes))
		return SLICE("text/html");
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (slice_starts(slice_skip(bytes, marks[i].at), marks[i].mark))
			return slice_str(marks[i].type);
	return (struct slice){ 0 };
}

struct slice mime_of_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(names); i++)
		if (strcasecmp(dot, names[i].ending) == 0)
			return slice_str(names[i].type);
	return (struct slice){ 0 };
}

struct slice mime_of_file(const char *name, struct slice bytes)
{
	struct slice type = mime_of_bytes(bytes);

	if (!type.n || slice_eq(type, SLICE("application/zip"))) {
		struct slice named = mime_of_name(name);

		type = named.n ? named : type;
	}
	return type.n ? type : SLICE("application/octet-stream");
}

bool mime_is_html(struct slice type)
{
	return slice_is_word(type, "text/html") || slice_is_word(type, "application/xhtml+xml");
}

bool mime_is_binary(struct slice bytes)
{
	struct slice head = slice_head(bytes, LOOK_BYTES);
	size_t binary = 0;

	if (slice_starts(head, SLICE("\xFE\xFF")) || slice_starts(head, SLICE("\xFF\xFE")))
		return false;
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];

		binary += c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1A) ||
			(c >= 0x1C && c <= 0x1F);
	}
	return binary * 32 > head.n;
}
