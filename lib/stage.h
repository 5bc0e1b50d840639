/* stage.h - what a stage is: a row of functions that the driver calls.
 *
 *	static enum verdict langid_record(void *worker, struct record *r, struct emitter *to,
 *		struct reason *why, struct err *e)
 *	{
 *		...
 *		return score < min ? drop(why, "min_score", score, min) : KEEP;
 *	}
 *
 *	const struct stage langid_stage = {
 *		.name = "langid",
 *		.summary = "label each record with its language",
 *		.record = langid_record,
 *	};
 *
 * The driver (driver.h) owns the loop, the files, the threads and the order; a stage sees one
 * record (or one item of its own source) at a time and gives a verdict. Three shapes:
 *	record	records in, records out: .record
 *	source	items of another format in, records out: .source and .item
 *	whole	a program that needs all data or has no output of records: .run
 *
 * Threads: setup and finish run alone, before and after. worker_new, record and item run on the
 * worker threads, each with its own worker; config is shared and read-only by then. decide runs
 * on one thread in input order, amend on the worker threads again. */
#ifndef CORPUS_STAGE_H
#define CORPUS_STAGE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/record/record.h"
#include "lib/stream/input.h"

enum verdict {
	KEEP, /* the record goes out, with its edits */
	DROP, /* it does not; why says the rule. Counted, written to --rejects */
	BAD, /* it cannot be read; e says why. Counted, up to --max-errors */
	SPLIT, /* the stage emitted any number of records of its own instead of it (emit_line) */
	FAIL, /* the run cannot go on; e says why */
	AMEND, /* decide's alone: the record goes out with the edits of the stage's amend */
};

/* Why a record was dropped, as it stands in --rejects and is counted in --stats. rule must live as
 * long as the run (a literal or a string of the config). */
struct reason {
	const char *rule;
	bool named; /* value is name, not number, and there is no limit */
	bool counted; /* --stats counts the records of each name too */
	double value, limit;
	char name[64];
};

enum verdict drop(struct reason *why, const char *rule, double value, double limit);

/* For rules about a name (a language, a host): cut to what fits. */
enum verdict drop_named(struct reason *why, const char *rule, struct slice name);

/* The same for names of which there are few (media types): --stats counts the records of each. */
enum verdict drop_counted(struct reason *why, const char *rule, struct slice name);

/* Where a stage's own output records go: of an item, or of a record it splits. */
struct emitter {
	struct buf *out;
	uint64_t emitted;
	/* Of an item that is itself a line of JSON, as in struct record. */
	uint64_t replaced, duplicate_keys;
	/* Of an item that emitted one line: for the stage's decide, as in struct record. */
	struct note note;
};

/* Appends one record: a JSON object without newline, which must be valid. */
void emit_line(struct emitter *to, struct slice json);

/* One item of a source: a WARC record, a wiki page, a book. */
struct item {
	struct slice data;
	const char *path; /* of the file, as given or below the folder that was */
	uint64_t number; /* in the file, from 0 */
	uint64_t offset; /* compressed offset of the member it came from */
	uint64_t length; /* compressed bytes of that member; 0 when the member holds more than this
			    item */
	uint32_t kind; /* the source's own */
	uint32_t skip; /* nonzero: not read by the stage but counted as dropped under
			  source->skips[skip - 1] */
};

/* How a stage cuts a file of another format into items. Called by the reader thread only. */
struct source {
	/* Begins a file. *state is handed to the other two. */
	int (*begin)(const void *config, struct input *in, void **state, struct err *e);

	/* The same for a file found in a folder, whose format nobody vouched for: what is of none
	 * is an item all the same, for the stage to drop with a reason. NULL: folders are
	 * refused. */
	int (*begin_found)(const void *config, struct input *in, void **state, struct err *e);

	/* Appends the item's bytes to data and fills item but data and path. 1: one item; 0: the
	 * end; -1: error. An item over max_bytes is the source's to cut or skip. */
	int (*next)(
		void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e);

	void (*end)(void *state);

	const char *const *skips; /* names of the reasons for item.skip */
};

struct run; /* run.h: what a whole program gets */

struct stage {
	const char *name; /* the program is corpus-NAME; stands in rejects, stats and stamps */
	const char *summary; /* one phrase for --help and the man page */
	const char *operands; /* for the synopsis; NULL: "[FILE ...]" */
	unsigned common; /* COMMON_... options (common.h); 0: COMMON_FILTER */

	/* Optional: called before setup when --annotate-only was given, to choose what is to be
	 * added. ERR_USAGE from a stage that adds nothing. */
	int (*annotate_only)(void *config, struct err *e);

	int (*setup)(void *config, struct err *e);
	/* May be absent: then config is the worker. NULL: failed. */
	void *(*worker_new)(const void *config, struct err *e);
	/* Called one after another when all is read, before finish: the place to add up what
	 * workers counted. */
	void (*worker_free)(void *worker);
	enum verdict (*record)(void *worker, struct record *r, struct emitter *to,
		struct reason *why, struct err *e);
	enum verdict (*item)(void *worker, const struct item *item, struct emitter *to,
		struct reason *why, struct err *e);
	const struct source *source;

	/* Lines pass as they are: record is called with r->line alone, unchecked, and sets nothing;
	 * --with and --annotate-only, which need fields, have them checked all the same. */
	bool unchecked;

	/* Optional: record left r->note and this gives the last word, in input order.
	 * n is the record's number in the whole input. */
	enum verdict (*decide)(
		void *config, uint64_t n, struct note note, struct reason *why, struct err *e);

	/* For a decide that answers AMEND: makes the edits that depend on the records before. The
	 * record is as it would have gone out, scanned anew, and note what record left; when that
	 * points to memory of r->batch, decide can leave there what this is to do. */
	int (*amend)(void *worker, struct record *r, struct note note, struct err *e);

	/* Optional: digests of what the options name (rule sets, models), for the stamp. */
	void (*describe)(const void *config, struct buf *json);

	/* Optional: after the last record. Sentences appended to notes, a line each, are shown
	 * unless --quiet: a rule or field that matched nothing in the whole input, a weight that
	 * was normalised. */
	int (*finish)(void *config, struct buf *notes, struct err *e);

	void (*release)(void *config);

	int (*run)(struct run *run, void *config,
		struct err *e); /* a whole program, instead of the others */
};

#endif
