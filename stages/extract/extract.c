/* What crawls, dumps and books hold, as records: each item goes to who reads its format. */
#include "stages/extract/extract.h"

#include "lib/common.h"
#include "lib/core/mem.h"
#include "lib/web/mime.h"
#include "lib/web/robots.h"
#include "stages/extract/book.h"
#include "stages/extract/epub.h"
#include "stages/extract/epub_package.h"
#include "stages/extract/fieldmap.h"
#include "stages/extract/metadata.h"
#include "stages/extract/page.h"
#include "stages/extract/robots_sites.h"
#include "stages/extract/sources.h"
#include "stages/extract/wiki.h"

#include <stdlib.h>

struct extract_worker {
	const struct extract_config *config;
	struct pages *pages;
	struct buf line;
};

static int extract_setup(void *config, struct err *e)
{
	struct extract_config *c = config;

	if (c->map.n && c->from != FROM_JSONL && c->from != FROM_AUTO)
		return err_set(e, ERR_USAGE, "--map goes with --from jsonl");
	if (c->links && c->format != FORMAT_MARKDOWN)
		return err_set(e, ERR_USAGE, "--links goes with --format markdown");
	if (c->precision + c->recall + c->all_text > 1)
		return err_set(e, ERR_USAGE, "one of --precision, --recall and --all-text");
	if (c->comments && c->all_text)
		return err_set(
			e, ERR_USAGE, "--all-text takes comments in any case: no --comments");
	if (fieldmap_check(&c->map, e) < 0)
		return -1;
	if (c->robots_agents.n > ROBOTS_MAX_AGENTS)
		return err_set(e, ERR_USAGE, "--robots-agents: %zu names, more than %d",
			c->robots_agents.n, ROBOTS_MAX_AGENTS);
	epub_setup();
	if (!c->robots_from.n)
		return 0;
	return robots_sites_load(&c->sites, &c->robots_from, &c->robots_agents, e);
}

static void extract_describe(const void *config, struct buf *json)
{
	const struct extract_config *c = config;

	if (c->sites)
		robots_sites_describe(c->sites, json);
}

/* A WARC file of pages instead of one of robots.txt records must not look like consent. */
static int extract_finish(void *config, struct buf *notes, struct err *e)
{
	const struct extract_config *c = config;

	(void)e;
	if (c->sites && robots_sites_count(c->sites) == 0)
		buf_str(notes, "no robots.txt was found by --robots-from\n");
	return 0;
}

static void extract_release(void *config)
{
	struct extract_config *c = config;

	robots_sites_free(c->sites);
	c->sites = NULL;
}

static void *extract_worker_new(const void *config, struct err *e)
{
	struct extract_worker *w = mem_zalloc(1, sizeof(*w));

	(void)e;
	w->config = config;
	w->pages = pages_new(config);
	return w;
}

static void extract_worker_free(void *worker)
{
	struct extract_worker *w = worker;

	if (!w)
		return;
	pages_free(w->pages);
	buf_release(&w->line);
	free(w);
}

static enum verdict extract_item(void *worker, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e)
{
	struct extract_worker *w = worker;

	switch ((enum extract_from)item->kind) {
	case FROM_WARC: return page_warc_item(w->pages, item, to, why, e);
	case FROM_HTML:
		return book_html_told(item->data)
			? book_html_item(item, w->config, &w->line, to, why, e)
			: page_file_item(w->pages, item, to, why, e);
	case FROM_WIKI: return wiki_item(item, w->config, &w->line, to, why, e);
	case FROM_TEXT: return book_item(item, w->config, &w->line, to, why, e);
	case FROM_JSONL: return fieldmap_item(item, w->config, &w->line, to, why, e);
	case FROM_EPUB: return epub_item(item, w->config, &w->line, to, why, e);
	case FROM_AUTO: break;
	}
	return drop_counted(why, "mime", mime_of_file(item->path, item->data));
}

const struct stage extract_stage = {
	.name = "extract",
	.summary = "take text and metadata out of crawls, dumps and books",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS,
	.setup = extract_setup,
	.worker_new = extract_worker_new,
	.worker_free = extract_worker_free,
	.item = extract_item,
	.source = &extract_source,
	.describe = extract_describe,
	.finish = extract_finish,
	.release = extract_release,
};
