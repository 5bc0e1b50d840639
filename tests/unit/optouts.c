/* What meta elements and HTTP fields ask of who would index a page or train on it. */
#include "stages/extract/optouts.h"

#include <criterion/criterion.h>

Test(optouts, reads_robots_values)
{
	static const struct {
		const char *value;
		unsigned want;
	} cases[] = {
		{ "noindex, nofollow", OPTOUT_NOINDEX },
		{ "NONE", OPTOUT_NOINDEX },
		{ "googlebot: noindex", OPTOUT_NOINDEX },
		{ "noai;noimageai", OPTOUT_NOAI | OPTOUT_NOIMAGEAI },
		{ "index,follow,noarchive", 0 },
		{ "noindexing", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(optouts_of_robots(slice_str(cases[i].value)) == cases[i].want, "%s",
			cases[i].value);
}

Test(optouts, reads_meta_elements)
{
	static const struct {
		const char *name, *content;
		unsigned want;
	} cases[] = {
		{ "ROBOTS", "noindex", OPTOUT_NOINDEX },
		{ "googlebot", "none", OPTOUT_NOINDEX },
		{ "GPTBot", "noai", OPTOUT_NOAI },
		{ "tdm-reservation", " 1 ", OPTOUT_TDM },
		{ "tdm-reservation", "0", 0 },
		{ "generator", "noindex", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(optouts_of_meta(slice_str(cases[i].name), slice_str(cases[i].content)) ==
				cases[i].want,
			"%s %s", cases[i].name, cases[i].content);
}

Test(optouts, reads_http_fields)
{
	cr_expect(optouts_of_field(SLICE("x-robots-tag"), SLICE("noai")) == OPTOUT_NOAI);
	cr_expect(optouts_of_field(SLICE("TDM-Reservation"), SLICE("1")) == OPTOUT_TDM);
	cr_expect(optouts_of_field(SLICE("Server"), SLICE("noindex")) == 0);
}
