/* sources.h - the sources of a mix: their files, what is in them, and what came of them. */
#ifndef CORPUS_SOURCES_H
#define CORPUS_SOURCES_H

#include "lib/run.h"
#include "lib/stats.h"
#include "lib/stream/digest.h"
#include "stages/mix/draw.h"
#include "stages/mix/recipe.h"

/* Documents, wherever they stand. */
struct tally {
	struct digest digest; /* records: documents; bytes: of their lines */
	uint64_t tokens; /* sum of token_count */
	uint64_t text_bytes; /* of the decoded texts */
};

void tally_add(struct tally *t, const struct tally *other);

/* In the unit of the mix. */
double tally_size(const struct tally *t, enum mix_unit unit);

struct mix_source {
	const char *name; /* the recipe's */
	size_t first_file, n_files; /* of sources.files */
	struct opt_list with; /* its side files */
	struct tally in;
	uint64_t with_tokens; /* documents with a token_count */
	uint64_t without_id;
	uint64_t joined_bytes; /* that its side files add to the lines */
	double epochs, share; /* planned */
	struct draw draw;
	struct tally out; /* all copies */
	uint64_t left_out; /* documents given 0 times */
};

struct sources {
	struct mix_source *at; /* as in the recipe */
	size_t n;
	char **files; /* all, by source */
	size_t n_files;
};

/* Reads the operands NAME=FILE, where FILE may be @LIST, a file of names, one a line, and the side
 * files of the same form, which stay borrowed. ERR_USAGE when a NAME is not in the recipe or a
 * source of it has no file. */
int sources_parse(struct sources *out, const struct recipe *r, char **operands, size_t n,
	const struct opt_list *with, struct err *e) MUST_CHECK;
void sources_release(struct sources *s);

/* The first pass: fills in of each, reading the files (which must be readable twice). */
int sources_count(struct sources *s, struct run *run, struct err *e) MUST_CHECK;

/* What the mix is counted in, given what was asked for (-1: nothing) and what is there: documents
 * without token_count make it bytes, with a note, unless total was given in tokens (ERR_DATA). */
int sources_unit(const struct sources *s, int asked, bool total, enum mix_unit *out,
	struct buf *notes, struct err *e) MUST_CHECK;

/* The run's common options with the side files of this source. */
struct common source_common(const struct mix_source *source, const struct run *run);

/* The document's id, or for one without the whole line. */
struct slice source_document_id(struct record *r);

#endif
