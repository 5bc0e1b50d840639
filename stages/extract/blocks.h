/* blocks.h - a page's tree cut into blocks of text, with what is counted of each and around it.
 *
 * A block is a run of text nodes between two borders of block elements: what a browser sets as
 * one paragraph, line or cell. Each is judged whole (maintext.h).
 *
 * Text is counted in bytes without white space: three of a Han character weigh about as much as
 * half an English word, so one scale serves all scripts. */
#ifndef CORPUS_EXTRACT_BLOCKS_H
#define CORPUS_EXTRACT_BLOCKS_H

#include "stages/extract/block_text.h"
#include "stages/extract/cues.h"

struct block {
	uint32_t first, last; /* its first and last text node */
	uint32_t element; /* the nearest block element around it */
	uint32_t group; /* the innermost list or table of data around it, or 0 */
	uint32_t bytes;
	uint32_t link_bytes; /* of that, in links */
	uint32_t bold_bytes; /* in b and strong */
	uint32_t words; /* runs without white space */
	uint32_t marks; /* sentence marks: commas, stops and the like */
	uint32_t digits, capitals;
	uint32_t links;
	uint32_t href_bytes, href_depth; /* of the links' targets: length, slashes */
	uint32_t before; /* bytes of text on the page before it */
	uint32_t phrases; /* enum phrase, or-ed; of short blocks alone */
	uint32_t hash; /* of its texts */
	uint32_t copies; /* blocks on the page with the same text, this one counted */
	uint32_t path_blocks, path_bytes, path_link_bytes, path_marks; /* of all of its path */
	uint8_t ends; /* with a sentence mark */
	uint8_t odd; /* enum odd, or-ed */
	uint8_t breaks; /* br elements in it, 255 at most */
};

enum { PART_VIEW = 9 };

/* What is known of an element (and of text nodes: zero). */
struct part {
	uint64_t cues;
	uint32_t block; /* the nearest block element around it, or itself */
	uint32_t bytes; /* of the whole subtree */
	uint32_t link_bytes;
	uint32_t marks;
	uint32_t blocks; /* in the subtree */
	uint32_t paragraph_bytes; /* in p and other elements for running text */
	uint32_t long_bytes; /* in blocks of running text: long, few links */
	uint32_t headings;
	uint32_t images;
	uint32_t first; /* its first block */
	uint64_t points; /* as a candidate for the main part, by its paragraphs (page_facts.c) */
	int64_t score; /* sum over its blocks: text less links */
	uint32_t name; /* hash of tag and classes */
	uint32_t path; /* hash of the names from the body down to it */
	uint32_t twins; /* siblings of the same name, itself counted */
	uint32_t twin_bytes; /* in all of them */
	uint16_t depth;
	uint8_t flags; /* enum part_flag */
	bool viewed; /* view is made */
	uint8_t view[PART_VIEW]; /* features.c: what is told of it to the blocks inside */
};

enum part_flag {
	PART_LINK = 1, /* in a link */
	PART_OUT = 2, /* never text: scripts, head */
	PART_BOLD = 4,
};

/* What the value of a class attribute was found to say. */
struct class_memo {
	uint64_t key; /* hash of the value; 0: none */
	uint64_t cues;
	uint32_t hash; /* for the element's name */
};

/* A page's blocks; memory is used again from page to page. All zero is valid. */
struct blocks {
	struct block *v;
	size_t n, cap;
	struct part *parts; /* by node */
	size_t parts_cap;
	struct word_table cues;
	struct text_tables text;
	struct class_memo classes_read[256];
	struct tally_slot *slots; /* scratch for counting twins and copies */
	size_t n_slots, slots_cap;
	uint32_t bytes; /* of the page */
};

/* Cuts t into blocks. Linear in its nodes and text. */
void blocks_cut(struct blocks *b, const struct html_tree *t);

void blocks_release(struct blocks *b);

#endif
