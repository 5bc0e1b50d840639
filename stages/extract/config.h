/* config.h - what corpus-extract was asked for, as its option table fills it.
 *
 * Shared and read-only while workers run. The defaults stand in cmd/corpus-extract.c. */
#ifndef CORPUS_EXTRACT_CONFIG_H
#define CORPUS_EXTRACT_CONFIG_H

#include "lib/core/opt.h"

/* --from: what an input holds. The order is that of the option's choices. */
enum extract_from {
	FROM_AUTO, /* told by the first bytes of each input */
	FROM_WARC, /* WARC 1.0 or 1.1, also WET, or ARC */
	FROM_WIKI, /* a MediaWiki XML dump */
	FROM_HTML, /* one HTML page a file, or an HTML book of Project Gutenberg */
	FROM_TEXT, /* one plain text a file */
	FROM_JSONL, /* JSON lines with other field names */
	FROM_EPUB, /* one EPUB book a file */
};

/* --format: what the text of a record is written in. The order is that of the option's choices. */
enum extract_format {
	FORMAT_TEXT,
	FORMAT_MARKDOWN, /* CommonMark with the pipe tables of GitHub's, formulas as $TeX$ */
};

struct extract_config {
	const char *source; /* the "source" of every record; NULL: none is written */
	int from; /* enum extract_from */
	int format; /* enum extract_format */
	bool links; /* in markdown, links with their targets instead of their text alone */
	struct opt_list map; /* of "ours=theirs" field names, for FROM_JSONL */
	uint64_t min_text; /* code points of text that a record must have */
	uint64_t max_body; /* decoded bytes of one page, the limit for compressed payloads */
	uint64_t max_nodes; /* elements and texts of one page */
	uint64_t max_depth; /* elements inside one another */
	uint64_t max_attrs; /* attributes of one tag */
	uint64_t max_entries; /* files in one archive */
	uint64_t max_ratio; /* decoded bytes of a file in an archive to one that is stored */
	bool precision, recall; /* what matters more in the doubtful parts of a page */
	bool comments; /* those of a page's readers too */
	bool all_text; /* the whole visible text of a page instead of its main content */
	bool disambiguation; /* keep the pages of a dump that tell articles of one name apart */
	struct opt_list robots_from; /* WARC files with the robots.txt of the crawl */
	struct opt_list robots_agents; /* product tokens of the crawlers they are asked about */
	struct robots_sites *sites; /* those files read, by setup; NULL: none */
	bool respect_optout; /* drop what asks not to be trained on, instead of only noting it */
};

#endif
