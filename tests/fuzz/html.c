/* Any bytes as an HTML page: the tree must hold together, whatever they are. */
#include "lib/web/html.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct html_limits limits = {
		.max_nodes = 2000, .max_depth = 100, .max_attrs = 20, .max_bytes = 100000
	};
	struct html_tree t = { 0 };

	html_parse(&t, (struct slice){ (const char *)data, n }, &limits);
	assert(t.nodes[0].end == t.n_nodes && t.n_nodes <= limits.max_nodes);
	for (uint32_t i = 1; i < t.n_nodes; i++) {
		const struct html_node *node = &t.nodes[i], *parent = &t.nodes[node->parent];

		assert(node->parent < i && node->end > i && node->end <= parent->end);
		assert(parent->tag != HTML_TEXT && !node->open);
		if (node->tag == HTML_TEXT)
			assert(node->at + node->n <= (node->own ? t.bytes.n : n));
		else
			assert(node->at + node->n <= t.n_attrs || !node->n);
	}
	for (uint32_t i = 0; i < t.n_attrs; i++)
		assert(t.attrs[i].at + t.attrs[i].n <= (t.attrs[i].own ? t.bytes.n : n));
	html_release(&t);
	return 0;
}
