/* corpus-extract: takes text and metadata out of crawls, dumps and books. */
#include "lib/cmd.h"
#include "stages/extract/extract.h"

#define FIELD(name) offsetof(struct extract_config, name)

static const char *const inputs[] = { "auto", "warc", "wiki", "html", "text", "jsonl", "epub",
	NULL };
static const char *const formats[] = { "text", "markdown", NULL };

static const struct opt options[] = {
	{ 0, "source", OPT_STR, FIELD(source), .arg = "NAME",
		.help = "write NAME as the source of every record" },
	{ 'f', "from", OPT_CHOICE, FIELD(from), .arg = "FORMAT", .choices = inputs,
		.help = "what the inputs hold",
		.detail =
			"With auto each input is told by its first bytes. A page or text is one "
			"file; an HTML book of Project Gutenberg is told from a page by its header." },
	{ 0, "format", OPT_CHOICE, FIELD(format), .arg = "FORMAT", .choices = formats,
		.help = "what to write the text in",
		.detail = "Markdown is CommonMark with the pipe tables of GitHub's." },
	{ 0, "links", OPT_FLAG, FIELD(links), .help = "with markdown, keep the targets of links" },
	{ 0, "map", OPT_LIST, FIELD(map), .arg = "OURS=THEIRS",
		.help = "for jsonl: our field takes the value of theirs, e.g. text=body,id=permalink" },
	{ 0, "min-text", OPT_UINT, FIELD(min_text), .arg = "N",
		.help = "drop records with less than N code points of text" },
	{ 0, "all-text", OPT_FLAG, FIELD(all_text),
		.help = "take the whole visible text of a page instead of its main content" },
	{ 0, "precision", OPT_FLAG, FIELD(precision),
		.help = "leave out of a page what is doubtful",
		.detail = "Without either, both weigh about the same." },
	{ 0, "recall", OPT_FLAG, FIELD(recall), .help = "take of a page what is doubtful" },
	{ 0, "comments", OPT_FLAG, FIELD(comments),
		.help = "take the comments of a page's readers too" },
	{ 0, "disambiguation", OPT_FLAG, FIELD(disambiguation),
		.help = "keep the disambiguation pages of a dump",
		.detail = "They are lists of links, and no articles." },
	{ 0, "robots-from", OPT_FILES, FIELD(robots_from), .arg = "WARC",
		.help = "read the robots.txt records of the crawl from WARC first",
		.detail = "A page that its site's robots.txt keeps one of --robots-agents from has "
			  "robots.txt in its robots field. May be given several times." },
	{ 0, "robots-agents", OPT_LIST, FIELD(robots_agents), .arg = "NAMES",
		.help = "the crawlers that it is asked about; by default those for training",
		.detail =
			"Each by its product token, no more than 64. One that no group names follows "
			"the rules for *, as RFC 9309 says. By default they are crawlers that gather "
			"text to train models: AI2Bot, Amazonbot, anthropic-ai, Applebot-Extended, "
			"Bytespider, CCBot, ClaudeBot, cohere-ai, Diffbot, FacebookBot, "
			"Google-Extended, GPTBot, meta-externalagent, omgili, PerplexityBot and "
			"Timpibot." },
	{ 0, "respect-optout", OPT_FLAG, FIELD(respect_optout),
		.help = "drop pages that ask not to be indexed or trained on",
		.detail =
			"What a page asks by robots meta elements, X-Robots-Tag or the TDM Reservation "
			"Protocol, and its site by --robots-from, stands in the record's robots field in "
			"any case." },
	{ 0, "max-body", OPT_SIZE, FIELD(max_body), .arg = "SIZE", .min = 1024, .max = 0x7fffffff,
		.help = "drop pages of more than SIZE decoded bytes" },
	{ 0, "max-nodes", OPT_UINT, FIELD(max_nodes), .arg = "N", .min = 1, .max = 0xfffffff0,
		.help = "drop pages of more than N elements and texts" },
	{ 0, "max-depth", OPT_UINT, FIELD(max_depth), .arg = "N", .min = 1, .max = 100000,
		.help = "drop pages with more than N elements inside one another" },
	{ 0, "max-attrs", OPT_UINT, FIELD(max_attrs), .arg = "N", .min = 1, .max = 100000,
		.help = "drop pages with more than N attributes in one tag" },
	{ 0, "max-entries", OPT_UINT, FIELD(max_entries), .arg = "N", .min = 1, .max = 1000000,
		.help = "drop books with more than N files in their archive" },
	{ 0, "max-ratio", OPT_UINT, FIELD(max_ratio), .arg = "N", .min = 1, .max = 1000000,
		.help = "drop books with a file of N times its compressed size",
		.detail = "Files of up to 1 MiB are let pass." },
};

int main(int argc, char **argv)
{
	struct extract_config config = {
		.min_text = 1,
		.max_body = 32 * MIB,
		.max_nodes = 1000000,
		.max_depth = 512,
		.max_attrs = 1000,
		.max_entries = 10000,
		.max_ratio = 200,
	};

	return cmd_run(argc, argv, &extract_stage, options, ARRAY_LEN(options), &config);
}
