/* Media types by marks of formats and endings of names. */
#include "lib/web/mime.h"

#include <criterion/criterion.h>

Test(mime, is_told_by_the_first_bytes)
{
	static const struct {
		struct slice bytes;
		const char *want;
	} cases[] = {
		{ { "%PDF-1.7\n", 9 }, "application/pdf" },
		{ { "\x89PNG\r\n\x1A\n....", 12 }, "image/png" },
		{ { "RIFF\1\2\3\4WEBPVP8 ", 16 }, "image/webp" },
		{ { "RIFF\1\2\3\4WAVEfmt ", 16 }, "audio/wav" },
		{ { "\0\0\0\x18"
		    "ftypmp42",
			  12 },
			"video/mp4" },
		{ { "\0\0\0\x18"
		    "ftypavif",
			  12 },
			"image/avif" },
		{ { " \n<!DOCTYPE HTML><p>", 20 }, "text/html" },
		{ { "<div>x", 6 }, "text/html" },
		{ { "<!-- x", 6 }, "text/html" },
		{ { "<page>x", 7 }, "" },
		{ { "<svg", 4 }, "" },
		{ { "BMW builds cars", 15 }, "" },
		{ { "%PDF", 4 }, "" },
		{ { "", 0 }, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(slice_eq(mime_of_bytes(cases[i].bytes), slice_str(cases[i].want)),
			"case %zu", i);
}

Test(mime, of_a_file_is_the_bytes_before_the_name)
{
	static const struct {
		const char *name;
		struct slice bytes;
		const char *want;
	} cases[] = {
		{ "a.png", { "%PDF-1.4", 8 }, "application/pdf" },
		{ "a.DOCX", { "PK\3\4", 4 },
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
		{ "a.epub3", { "PK\3\4", 4 }, "application/zip" },
		{ "b/a.css", { "p {}", 4 }, "text/css" },
		{ "b.css/a", { "p {}", 4 }, "application/octet-stream" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(slice_eq(mime_of_file(cases[i].name, cases[i].bytes),
				  slice_str(cases[i].want)),
			"case %zu", i);
}
