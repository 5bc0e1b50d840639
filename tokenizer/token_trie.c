/* The longest token that a text begins with: the double array is made. */
#include "tokenizer/token_trie.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>

enum { BLOCK = 256 };

/* The blocks whose free units are tried for a node's children before a new one is opened. What is
 * free in older ones stays so: units that fit nothing would be tried for ever (as in darts-clone,
 * which keeps as many). */
enum { OPEN_BLOCKS = 16 };

/* A node whose children are to be placed: the tokens from first on that begin as it does. */
struct node {
	size_t unit;
	size_t first, end;
	size_t depth;
};

struct builder {
	struct token_trie *t;
	const struct slice *tokens;
	const uint32_t *ids;
	size_t cap;
	/* The free units in a ring through unit 0, which is never free: its block belongs to nodes
	 * without children, whose base is 0. */
	uint32_t *after, *before;
	bool *is_base;
	struct node *nodes; /* a stack */
	size_t n_nodes, cap_nodes;
};

/* Takes the free units before this one out of the ring, where they stand first. */
static void close_units(struct builder *b, size_t end)
{
	while (b->after[0] != 0 && b->after[0] < end)
		b->after[0] = b->after[b->after[0]];
	b->before[b->after[0]] = 0;
}

static void open_block(struct builder *b)
{
	size_t from = b->t->n_units, n = from + BLOCK;

	if (n > b->cap) {
		size_t cap = MAX(2 * b->cap, (size_t)1 << 16);

		b->t->units = mem_resize(b->t->units, cap, sizeof(*b->t->units));
		b->t->ids = mem_resize(b->t->ids, cap, sizeof(*b->t->ids));
		b->after = mem_resize(b->after, cap, sizeof(*b->after));
		b->before = mem_resize(b->before, cap, sizeof(*b->before));
		b->is_base = mem_resize(b->is_base, cap, sizeof(*b->is_base));
		b->cap = cap;
	}
	memset(b->t->units + from, 0, BLOCK * sizeof(*b->t->units));
	memset(b->is_base + from, 0, BLOCK * sizeof(*b->is_base));
	b->t->n_units = n;
	if (from == 0) {
		b->after[0] = b->before[0] = 0;
		return;
	}
	if (n > OPEN_BLOCKS * BLOCK)
		close_units(b, n - OPEN_BLOCKS * BLOCK);
	for (size_t u = from; u < n; u++) {
		uint32_t last = b->before[0];

		b->after[last] = (uint32_t)u;
		b->before[u] = last;
		b->after[u] = 0;
		b->before[0] = (uint32_t)u;
	}
}

static void take_unit(struct builder *b, size_t u, unsigned char byte)
{
	assert(!(b->t->units[u] & TRIE_USED));
	b->t->units[u] = TRIE_USED | byte;
	b->after[b->before[u]] = b->after[u];
	b->before[b->after[u]] = b->before[u];
}

static bool fits(const struct builder *b, size_t base, const unsigned char *bytes, size_t n)
{
	if (base < BLOCK || b->is_base[base])
		return false;
	for (size_t i = 0; i < n; i++)
		if (b->t->units[base ^ bytes[i]] & TRIE_USED)
			return false;
	return true;
}

static size_t find_base(struct builder *b, const unsigned char *bytes, size_t n)
{
	uint32_t u = b->after[0];

	for (; u != 0; u = b->after[u])
		if (fits(b, u ^ bytes[0], bytes, n))
			return u ^ bytes[0];
	open_block(b);
	return b->t->n_units - BLOCK;
}

static void push(struct builder *b, struct node node)
{
	mem_grow(&b->nodes, b->n_nodes, &b->cap_nodes, sizeof(*b->nodes));
	b->nodes[b->n_nodes++] = node;
}

/* Where the tokens that have the same byte at depth as the one at first end. */
static size_t same_byte(const struct builder *b, size_t first, size_t end, size_t depth)
{
	size_t i = first + 1;

	while (i < end && b->tokens[i].p[depth] == b->tokens[first].p[depth])
		i++;
	return i;
}

/* Places the children and leaves them on the stack; returns the base. The node's own token, the
 * shortest, has been taken off the front. */
static size_t place_children(struct builder *b, size_t first, size_t end, size_t depth)
{
	unsigned char bytes[BLOCK];
	size_t n = 0, base;

	for (size_t i = first; i < end; i = same_byte(b, i, end, depth))
		bytes[n++] = (unsigned char)b->tokens[i].p[depth];
	base = find_base(b, bytes, n);
	b->is_base[base] = true;
	for (size_t i = first, next; i < end; i = next) {
		size_t u = base ^ (unsigned char)b->tokens[i].p[depth];

		next = same_byte(b, i, end, depth);
		take_unit(b, u, (unsigned char)b->tokens[i].p[depth]);
		push(b, (struct node){ u, i, next, depth + 1 });
	}
	return base;
}

static void place(struct builder *b, struct node node)
{
	size_t base = 0;

	if (b->tokens[node.first].n == node.depth) {
		b->t->units[node.unit] |= TRIE_TOKEN;
		b->t->ids[node.unit] = b->ids[node.first++];
	}
	if (node.first < node.end)
		base = place_children(b, node.first, node.end, node.depth);
	b->t->units[node.unit] |= (trie_unit)(base << TRIE_BASE);
}

/* The base is 0 when the bytes lead out of the trie. */
static struct trie_start start_of(
	const struct token_trie *t, uint32_t root, const unsigned char *p, uint32_t n)
{
	struct trie_start start = { .base = root };

	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = start.base ^ p[i];

		if ((t->units[at] & (TRIE_USED | 0xFF)) != (TRIE_USED | p[i])) {
			start.base = 0;
			break;
		}
		start.base = t->units[at] >> TRIE_BASE;
		if (t->units[at] & TRIE_TOKEN) {
			start.id = t->ids[at];
			start.length = i + 1;
		}
	}
	return start;
}

static void make_starts(struct token_trie *t, uint32_t root)
{
	t->two = mem_zalloc(TRIE_STARTS, sizeof(*t->two));
	t->three = mem_zalloc(TRIE_STARTS, sizeof(*t->three));
	for (unsigned i = 0; i < TRIE_STARTS; i++) {
		unsigned char two[2] = { (unsigned char)(i >> 8), (unsigned char)(i & 0xFF) };
		unsigned char three[3] = { (unsigned char)(0xE0 | i >> 12),
			(unsigned char)(0x80 | (i >> 6 & 0x3F)),
			(unsigned char)(0x80 | (i & 0x3F)) };

		t->two[i] = start_of(t, root, two, 2);
		t->three[i] = start_of(t, root, three, 3);
		t->one[i >> 8] = start_of(t, root, two, 1).id;
	}
}

bool token_trie_make(
	struct token_trie *t, const struct slice *tokens, const uint32_t *ids, size_t n)
{
	struct builder b = { .t = t, .tokens = tokens, .ids = ids };
	const size_t most = UINT32_MAX >> TRIE_BASE;
	size_t root;

	open_block(&b);
	root = place_children(&b, 0, n, 0);
	while (b.n_nodes && t->n_units < most)
		place(&b, b.nodes[--b.n_nodes]);
	if (b.n_nodes == 0)
		make_starts(t, (uint32_t)root);
	free(b.after);
	free(b.before);
	free(b.is_base);
	free(b.nodes);
	return b.n_nodes == 0;
}

void token_trie_release(struct token_trie *t)
{
	free(t->units);
	free(t->ids);
	free(t->two);
	free(t->three);
}
