/* tables.h - which tables hold data, and where their cells stand.
 *
 * Half of the Web's tables arrange a page. A table is of data when nothing in it is what only a
 * page has (tables, headings, lines of code), it has two columns and two rows with text, and its
 * cells are short; a caption, thead or header cells speak for data, so that lists and several
 * paragraphs in a cell are allowed then.
 * Sources: the signs of genuine tables in Wang and Hu 2002, "A machine learning based approach for
 * table detection on the Web", and HTML Standard, 4.9.12, "Processing model" of tables. */
#ifndef CORPUS_EXTRACT_TABLES_H
#define CORPUS_EXTRACT_TABLES_H

#include "lib/web/html.h"

enum { TABLE_MAX_COLUMNS = 1000 }; /* HTML Standard, 4.9.11: colspan is clamped to it */

/* A table and how far its cells are placed. All zero is none. */
struct table {
	uint32_t node;
	uint32_t columns; /* the most that a row needs; what a cell spans behind the last is none */
	uint32_t column; /* the next one of the row */
	uint64_t cells; /* placed */
	uint64_t skipped; /* columns passed over for spans */
	uint16_t *down; /* rows that a cell above still takes, a column */
	uint32_t n_down;
};

/* True when the table at node holds data; then t is ready for its first row. */
bool table_begin(struct table *t, const struct html_tree *tree, const uint8_t *in, uint32_t node);

/* A row begins. */
void table_row(struct table *t);

/* The column of a cell, from 0. Spans beyond what the cells of the table make likely count as one:
 * work is linear in the cells. */
uint32_t table_cell(struct table *t, const struct html_tree *tree, uint32_t node);

void table_end(struct table *t);

#endif
