/* Reads the opt-outs of meta elements and HTTP fields. */
#include "stages/extract/optouts.h"

static const struct {
	const char *name; /* in the record; NULL: the bit has its name in another row */
	const char *token; /* in a robots value; NULL: it is said in another way */
	unsigned bit;
} optout_tokens[] = {
	{ "noindex", "noindex", OPTOUT_NOINDEX },
	{ NULL, "none", OPTOUT_NOINDEX },
	{ "noai", "noai", OPTOUT_NOAI },
	{ "noimageai", "noimageai", OPTOUT_NOIMAGEAI },
	{ "tdm-reservation", NULL, OPTOUT_TDM },
	{ "robots.txt", NULL, OPTOUT_ROBOTS_TXT },
};

/* Meta names that hold robots values: for all, for search engines (a page out of one index is taken
 * as out of all), and for the crawlers of those who train models. */
static const struct slice robots_names[] = { { "robots", 6 }, { "googlebot", 9 },
	{ "googlebot-news", 14 }, { "bingbot", 7 }, { "slurp", 5 }, { "duckduckbot", 11 },
	{ "yandex", 6 }, { "baiduspider", 11 }, { "applebot", 8 }, { "msnbot", 6 }, { "ccbot", 5 },
	{ "gptbot", 6 }, { "google-extended", 15 }, { "claudebot", 9 }, { "anthropic-ai", 12 },
	{ "perplexitybot", 13 }, { "bytespider", 10 }, { "applebot-extended", 17 },
	{ "meta-externalagent", 18 }, { "amazonbot", 9 }, { "ai2bot", 6 }, { "cohere-ai", 9 } };

unsigned optouts_of_robots(struct slice value)
{
	unsigned found = 0;

	while (value.n) {
		size_t n = 0;

		while (value.n && byte_in(*value.p, " \t,:;"))
			value = slice_skip(value, 1);
		while (n < value.n && !byte_in(value.p[n], " \t,:;"))
			n++;
		for (size_t i = 0; i < ARRAY_LEN(optout_tokens); i++)
			if (optout_tokens[i].token &&
				slice_is_word(slice_head(value, n), optout_tokens[i].token))
				found |= optout_tokens[i].bit;
		value = slice_skip(value, n);
	}
	return found;
}

/* W3C Community Group report "TDM Reservation Protocol", section 5: the value 1 reserves rights. */
static unsigned optout_of_tdm(struct slice value)
{
	return slice_eq(slice_trim(value, " \t\r\n"), SLICE("1")) ? OPTOUT_TDM : 0;
}

unsigned optouts_of_meta(struct slice name, struct slice content)
{
	if (slice_is_word(name, "tdm-reservation"))
		return optout_of_tdm(content);
	for (size_t i = 0; i < ARRAY_LEN(robots_names); i++)
		if (name.n == robots_names[i].n &&
			strncasecmp(name.p, robots_names[i].p, name.n) == 0)
			return optouts_of_robots(content);
	return 0;
}

unsigned optouts_of_field(struct slice name, struct slice value)
{
	if (slice_is_word(name, "X-Robots-Tag"))
		return optouts_of_robots(value);
	if (slice_is_word(name, "TDM-Reservation"))
		return optout_of_tdm(value);
	return 0;
}

void optouts_print(unsigned optouts, struct buf *out)
{
	size_t begin = out->n;

	for (size_t i = 0; i < ARRAY_LEN(optout_tokens); i++) {
		if (!optout_tokens[i].name || !(optouts & optout_tokens[i].bit))
			continue;
		if (out->n > begin)
			buf_str(out, ", ");
		buf_str(out, optout_tokens[i].name);
	}
}
