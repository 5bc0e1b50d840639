/* Scores a page's blocks of text and takes the part of the tree that has the best of them. */
#include "stages/extract/maintext.h"

#include "lib/core/mem.h"
#include "stages/extract/cues.h"

#include <stdlib.h>

/* What is known of a node. Counts of text are bytes without white space: three of a Han character
 * weigh about as much as half an English word, so one scale serves all scripts. */
struct main_node {
	uint32_t block; /* the nearest block around it, or itself */
	uint32_t bytes; /* of a text */
	uint32_t own; /* text whose nearest block this is */
	uint32_t own_link; /* of that, in links */
	uint32_t sum; /* text of the whole subtree */
	uint32_t sum_link;
	uint32_t marks; /* commas, stops and the like in own */
	float score; /* of the subtree's blocks */
	uint8_t cues; /* of this element's names */
	uint8_t state;
};

enum {
	IN_LINK = 1,
	OUT = 2, /* never text: scripts, head, hidden */
	FURNITURE = 4, /* page furniture by name or element, or inside of it */
	ASIDE = 8,
	COMMENT = 16,
	PRUNED = 32,
};

/* Weights, set by hand on the development pages of WCXB, trafilatura's evaluation set,
 * Readability's test pages and CleanPortalEval, each moved alone and kept where the four
 * together gained; small changes of most make no difference. */
static const struct weights {
	double short_block; /* what a block must weigh to count for its part of the page */
	double link; /* how much text in links counts against a block */
	double mark; /* weight of a sentence mark, in bytes */
	double paragraph, heading;
	double aside, furniture, comment; /* factors of good blocks in such parts */
	double prune_density; /* share of text in links above which a group is links */
	/* shares of the page above which a name is not believed */
	double max_links; /* of a part that is links to link_share */
	double link_share;
	double max_chrome, max_aside; /* of others */
	double max_detail; /* bytes */
	/* shares of what other plans find below which they are taken */
	double doubt, spread;
} weights = {
	.short_block = 12,
	.link = 1.8,
	.mark = 12,
	.paragraph = 1.3,
	.heading = 0.5,
	.aside = 0.3,
	.furniture = -0.3,
	.comment = 0.3,
	.prune_density = 0.5,
	.max_links = 0.5,
	.link_share = 0.3,
	.max_chrome = 0.5,
	.max_aside = 0.15,
	.max_detail = 200,
	.doubt = 0.1,
	.spread = 0.2,
};

/* --- measure ---------------------------------------------------------------------------------- */

struct measure {
	uint32_t bytes;
	uint32_t marks;
};

/* Sentence marks of the scripts that have them: , . ; : ! ? and the CJK, Arabic and Devanagari
 * ones, whose lead bytes E3 80, EF BC, D8 and E0 A5 are enough to tell them. */
static struct measure measure_text(struct slice s)
{
	struct measure m = { 0 };
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = p[i];

		m.bytes += c > ' ';
		switch (c) {
		case ',':
		case '.':
		case ';':
		case '!':
		case '?': m.marks += i + 1 == s.n || p[i + 1] <= ' ' || p[i + 1] == '"'; break;
		case 0xE3: m.marks += i + 2 < s.n && p[i + 1] == 0x80 && p[i + 2] <= 0x82; break;
		case 0xEF: m.marks += i + 2 < s.n && p[i + 1] == 0xBC && p[i + 2] <= 0x9F; break;
		case 0xD8: m.marks += i + 1 < s.n && (p[i + 1] == 0x8C || p[i + 1] == 0x9B); break;
		case 0xE0: m.marks += i + 2 < s.n && p[i + 1] == 0xA5 && p[i + 2] == 0xA4; break;
		default: break;
		}
	}
	return m;
}

static bool is_hidden(const struct html_tree *t, uint32_t i)
{
	struct slice style;

	if (html_attr(t, i, HTML_ATTR_HIDDEN).p)
		return true;
	style = html_attr(t, i, HTML_ATTR_STYLE);
	return style.n &&
		(slice_find(style, SLICE("display:none")) < style.n ||
			slice_find(style, SLICE("display: none")) < style.n);
}

static uint8_t own_state(const struct html_tree *t, uint32_t i, bool scriptless)
{
	enum html_tag tag = t->nodes[i].tag;

	if (html_tag_flags(tag) & HTML_NO_TEXT || tag == HTML_BUTTON || is_hidden(t, i) ||
		(tag == HTML_NOSCRIPT && !scriptless))
		return OUT;
	if (tag == HTML_A)
		return IN_LINK;
	return 0;
}

/* Text in noscript elements: pages that scripts build keep the posts of a forum there. */
static uint64_t scriptless_text(const struct html_tree *t)
{
	uint64_t sum = 0;

	for (uint32_t i = 1; i < t->n_nodes; i++) {
		if (t->nodes[i].tag != HTML_NOSCRIPT)
			continue;
		for (uint32_t k = i + 1; k < t->nodes[i].end; k++)
			if (t->nodes[k].tag == HTML_TEXT)
				sum += measure_text(html_text(t, k)).bytes;
		i = t->nodes[i].end - 1;
	}
	return sum;
}

/* Finds for each text the block it belongs to and adds it up there, then from the leaves to the
 * root: children stand behind their parents in the array. */
static void measure_tree(struct maintext *m, const struct html_tree *t, bool scriptless)
{
	struct main_node *nodes = m->nodes;

	memset(nodes, 0, t->n_nodes * sizeof(*nodes));
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		const struct main_node *parent = &nodes[t->nodes[i].parent];
		struct main_node *block = &nodes[parent->block];
		struct measure text;

		nodes[i].state = parent->state & (IN_LINK | OUT);
		if (t->nodes[i].tag != HTML_TEXT) {
			nodes[i].state |= own_state(t, i, scriptless);
			nodes[i].block = html_tag_flags(t->nodes[i].tag) ? i : parent->block;
			continue;
		}
		if (nodes[i].state & OUT)
			continue;
		text = measure_text(html_text(t, i));
		nodes[i].bytes = text.bytes;
		block->own += text.bytes;
		block->marks += text.marks;
		if (nodes[i].state & IN_LINK)
			block->own_link += text.bytes;
	}
	for (uint32_t i = (uint32_t)t->n_nodes - 1; i > 0; i--) {
		struct main_node *parent = &nodes[t->nodes[i].parent];

		nodes[i].sum += nodes[i].own;
		nodes[i].sum_link += nodes[i].own_link;
		parent->sum += nodes[i].sum;
		parent->sum_link += nodes[i].sum_link;
	}
}

/* --- judge ------------------------------------------------------------------------------------ */

static unsigned cues_of_node(const struct html_tree *t, uint32_t i)
{
	unsigned cues = cues_of_names(html_attr(t, i, HTML_ATTR_CLASS)) |
		cues_of_names(html_attr(t, i, HTML_ATTR_ID)) |
		cues_of_role(html_attr(t, i, HTML_ATTR_ROLE));

	switch (t->nodes[i].tag) {
	case HTML_NAV:
	case HTML_FOOTER:
	case HTML_MENU:
	case HTML_DIALOG: cues |= CUE_CHROME; break;
	case HTML_ASIDE: cues |= CUE_ASIDE; break;
	case HTML_ARTICLE:
	case HTML_MAIN: cues |= CUE_CONTENT; break;
	default: break;
	}
	return cues;
}

/* What the names of a part make of it. A name counts for a part of the page, not for the page
 * (themes put "has-sidebar" on the body), and the more text without links a part holds, the less
 * its name is believed. */
static unsigned believed(const struct main_node *node, double page, unsigned cues)
{
	double share = node->sum / page;
	bool links = node->sum_link > weights.link_share * node->sum;
	unsigned state = 0;

	if (cues & CUE_CHROME && share <= (links ? weights.max_links : weights.max_chrome))
		state |= FURNITURE;
	if (cues & CUE_DETAIL && node->sum <= weights.max_detail)
		state |= ASIDE;
	if (cues & CUE_CONTENT)
		return state;
	if (cues & CUE_ASIDE && share <= (links ? weights.max_links : weights.max_aside))
		state |= ASIDE;
	if (cues & CUE_COMMENT && share <= weights.max_links)
		state |= COMMENT;
	return state;
}

static void read_names(struct maintext *m, const struct html_tree *t)
{
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct main_node *node = &m->nodes[i];

		if (t->nodes[i].tag != HTML_TEXT && node->sum && !(node->state & OUT))
			node->cues = (uint8_t)cues_of_node(t, i);
	}
}

static void judge_names(struct maintext *m, const struct html_tree *t, double belief)
{
	struct main_node *nodes = m->nodes;

	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct main_node *node = &nodes[i];
		unsigned state = node->state & (IN_LINK | OUT);

		state |= nodes[t->nodes[i].parent].state & (FURNITURE | ASIDE | COMMENT);
		if (node->cues)
			state |= believed(node, belief * nodes[0].sum, node->cues);
		node->state = (uint8_t)state;
	}
}

static double score_block(const struct html_tree *t, const struct main_node *node, uint32_t i)
{
	enum html_tag tag = t->nodes[i].tag;
	double text = (double)node->own + weights.mark * node->marks;
	double linked = node->own ? (double)node->own_link / node->own : 0;
	double score = text * (1 - weights.link * linked) - weights.short_block;

	if (html_tag_flags(tag) & HTML_HEADING)
		return weights.heading * (score > 0 ? score : 0);
	if (tag == HTML_P || tag == HTML_BLOCKQUOTE || tag == HTML_PRE)
		score *= score > 0 ? weights.paragraph : 1;
	return score;
}

static void score_tree(struct maintext *m, const struct html_tree *t)
{
	struct main_node *nodes = m->nodes;

	for (uint32_t i = 0; i < t->n_nodes; i++) {
		double score = nodes[i].own ? score_block(t, &nodes[i], i) : 0;

		if (nodes[i].state & FURNITURE)
			score *= score > 0 ? weights.furniture : 1;
		else if (nodes[i].state & ASIDE)
			score *= score > 0 ? weights.aside : 1;
		else if (nodes[i].state & COMMENT)
			score *= score > 0 ? weights.comment : 1;
		nodes[i].score = (float)score;
	}
	for (uint32_t i = (uint32_t)t->n_nodes - 1; i > 0; i--)
		nodes[t->nodes[i].parent].score += nodes[i].score;
}

/* --- choose ----------------------------------------------------------------------------------- */

/* The element with the highest score; of equal ones the innermost, which is the last. */
static uint32_t best_node(const struct maintext *m, const struct html_tree *t)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < t->n_nodes; i++)
		if (t->nodes[i].tag != HTML_TEXT && m->nodes[i].score >= m->nodes[best].score)
			best = i;
	return best;
}

/* --- prune ------------------------------------------------------------------------------------ */

static bool is_group(enum html_tag tag)
{
	return tag == HTML_UL || tag == HTML_OL || tag == HTML_DIV || tag == HTML_SECTION ||
		tag == HTML_TABLE || tag == HTML_DL || tag == HTML_P || tag == HTML_HEADER ||
		tag == HTML_FORM || tag == HTML_ASIDE || tag == HTML_ARTICLE;
}

static bool is_link_group(const struct html_tree *t, const struct main_node *node, uint32_t i)
{
	return is_group(t->nodes[i].tag) && node->sum_link > weights.prune_density * node->sum;
}

/* Marks groups of links in the part, and returns how much text they hold. */
static uint64_t find_link_groups(struct maintext *m, const struct html_tree *t, uint32_t part)
{
	uint64_t pruned = 0;

	for (uint32_t i = part + 1; i < t->nodes[part].end;) {
		struct main_node *node = &m->nodes[i];

		if (t->nodes[i].tag != HTML_TEXT && node->sum &&
			!(node->state & (OUT | FURNITURE)) && is_link_group(t, node, i)) {
			node->state |= PRUNED;
			pruned += node->sum;
			i = t->nodes[i].end;
		} else {
			i++;
		}
	}
	return pruned;
}

static uint64_t take(struct maintext *m, const struct html_tree *t, uint32_t part, unsigned without)
{
	uint64_t taken = 0;

	memset(m->in, 0, t->n_nodes);
	for (uint32_t i = part; i < t->nodes[part].end; i++) {
		struct main_node *node = &m->nodes[i];

		if (i > part)
			node->state |= m->nodes[t->nodes[i].parent].state & PRUNED;
		if (t->nodes[i].tag == HTML_TEXT && !(node->state & without)) {
			m->in[i] = 1;
			taken += node->bytes;
		}
	}
	return taken;
}

/* One way to choose. */
struct plan {
	double belief; /* in names: factor of the shares of the page they may speak of */
	bool whole; /* all of the page but its furniture */
};

static uint64_t attempt(struct maintext *m, const struct html_tree *t, const struct plan *plan)
{
	uint32_t part;
	uint64_t pruned;
	unsigned without = OUT | FURNITURE | ASIDE | COMMENT;

	judge_names(m, t, plan->belief);
	score_tree(m, t);
	part = plan->whole ? 0 : best_node(m, t);
	m->score = m->nodes[part].score;
	pruned = find_link_groups(m, t, part);
	if (pruned * 2 < m->nodes[part].sum)
		without |= PRUNED;
	return take(m, t, part, without);
}

static void make_room(struct maintext *m, size_t n)
{
	if (m->cap >= n)
		return;
	m->cap = n * 2;
	m->nodes = mem_resize(m->nodes, m->cap, sizeof(*m->nodes));
	m->in = mem_resize(m->in, m->cap, 1);
}

uint64_t maintext_choose(struct maintext *m, const struct html_tree *t)
{
	static const struct plan plain = { .belief = 1 };
	static const struct plan doubting = { .belief = 0.1 };
	static const struct plan whole = { .belief = 1, .whole = true };
	uint64_t taken, doubted, all;

	make_room(m, t->n_nodes);
	measure_tree(m, t, false);
	if (scriptless_text(t) > m->nodes[0].sum)
		measure_tree(m, t, true);
	read_names(m, t);
	doubted = attempt(m, t, &doubting);
	all = attempt(m, t, &whole);
	taken = attempt(m, t, &plain);
	if ((double)taken < weights.doubt * (double)doubted)
		return attempt(m, t, &doubting);
	if ((double)taken < weights.spread * (double)all || m->score <= 0)
		return attempt(m, t, &whole);
	return taken;
}

void maintext_release(struct maintext *m)
{
	free(m->nodes);
	free(m->in);
	*m = (struct maintext){ 0 };
}
