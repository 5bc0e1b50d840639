/* The longest token that a text begins with: the double array is made. */
#include "tokenizer/token_trie.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>

#define USED UINT64_C(0x100)

enum { BLOCK = 256 };

/* Free places that are tried for a node's children before a new block is opened for them. */
enum { MAX_TRIES = 64 };

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

static void open_block(struct builder *b)
{
	size_t from = b->t->n_units, n = from + BLOCK;

	if (n > b->cap) {
		size_t cap = MAX(2 * b->cap, (size_t)1 << 16);

		b->t->units = mem_resize(b->t->units, cap, sizeof(*b->t->units));
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
	assert(!(b->t->units[u] & USED));
	b->t->units[u] = USED | byte;
	b->after[b->before[u]] = b->after[u];
	b->before[b->after[u]] = b->before[u];
}

static bool fits(const struct builder *b, size_t base, const unsigned char *bytes, size_t n)
{
	if (base < BLOCK || b->is_base[base])
		return false;
	for (size_t i = 0; i < n; i++)
		if (b->t->units[base ^ bytes[i]] & USED)
			return false;
	return true;
}

static size_t find_base(struct builder *b, const unsigned char *bytes, size_t n)
{
	uint32_t u = b->after[0];

	for (int tries = 0; u != 0 && tries < MAX_TRIES; tries++, u = b->after[u])
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
	uint64_t token = 0, base = 0;

	if (b->tokens[node.first].n == node.depth)
		token = b->ids[node.first++] + UINT64_C(1);
	if (node.first < node.end)
		base = place_children(b, node.first, node.end, node.depth);
	b->t->units[node.unit] |= token << 9 | base << 33;
}

/* The unit that the bytes lead to, with the longest token on the way; without children when they
 * lead out of the trie. */
static trie_unit after_bytes(const struct token_trie *t, trie_unit root, const char *p, size_t n)
{
	trie_unit unit = root;
	uint64_t best = 0;
	size_t length = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)p[i];

		unit = t->units[unit >> 33 ^ byte];
		if ((unit & 0x1FF) != (byte | USED))
			return best << 9 | (n - length);
		if (trie_token(unit)) {
			best = trie_token(unit);
			length = i + 1;
		}
	}
	return unit >> 33 << 33 | best << 9 | (n - length);
}

static void make_starts(struct token_trie *t, trie_unit root)
{
	t->two = mem_zalloc(BLOCK * BLOCK, sizeof(*t->two));
	t->three = mem_zalloc(BLOCK * BLOCK, sizeof(*t->three));
	for (unsigned i = 0; i < BLOCK * BLOCK; i++) {
		char two[2] = { (char)(i >> 8), (char)(i & 0xFF) };
		char three[3] = { (char)(0xE0 | i >> 12), (char)(0x80 | (i >> 6 & 0x3F)),
			(char)(0x80 | (i & 0x3F)) };

		t->two[i] = after_bytes(t, root, two, 2);
		t->three[i] = after_bytes(t, root, three, 3);
		t->one[i >> 8] = trie_token(after_bytes(t, root, two, 1)) - 1;
	}
}

void token_trie_make(
	struct token_trie *t, const struct slice *tokens, const uint32_t *ids, size_t n)
{
	struct builder b = { .t = t, .tokens = tokens, .ids = ids };
	trie_unit root;

	open_block(&b);
	root = (uint64_t)place_children(&b, 0, n, 0) << 33;
	while (b.n_nodes)
		place(&b, b.nodes[--b.n_nodes]);
	make_starts(t, root);
	free(b.after);
	free(b.before);
	free(b.is_base);
	free(b.nodes);
}

void token_trie_release(struct token_trie *t)
{
	free(t->units);
	free(t->two);
	free(t->three);
}
