/* Small YAML files as a tree with places. */
#include "lib/core/yaml.h"

#include "lib/core/arena.h"
#include "lib/core/mem.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <yaml.h>

/* Files are written by hand: larger or deeper ones are a mistake, and the bounds keep a hostile one
 * from using up memory or stack. */
enum { MAX_BYTES = 16 * 1024 * 1024, MAX_DEPTH = 64 };

struct yaml {
	char *name;
	struct arena arena;
	struct yaml_node *root;
};

/* Events of one file. */
struct reader {
	struct yaml *y;
	yaml_parser_t parser;
	yaml_event_t event; /* the current one, owned */
};

static int error_at(struct err *e, const char *name, yaml_mark_t at, const char *what)
{
	return err_set(e, ERR_USAGE, "%s:%zu:%zu: %s", name, at.line + 1, at.column + 1, what);
}

/* libyaml leaves the mark of a reader error (no UTF-8) unset and gives a byte offset instead. */
static int parser_error(const struct reader *r, struct err *e)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_READER_ERROR)
		return err_set(e, ERR_USAGE, "%s: byte %zu: %s", r->y->name, p->problem_offset,
			p->problem ? p->problem : "cannot be read");
	return error_at(e, r->y->name, p->problem_mark, p->problem ? p->problem : "no YAML");
}

static int next_event(struct reader *r, struct err *e)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->parser, &r->event))
		return parser_error(r, e);
	return 0;
}

static int refuse_event(const struct reader *r, const char *what, struct err *e)
{
	return error_at(e, r->y->name, r->event.start_mark, what);
}

static struct yaml_node *new_node(struct reader *r, enum yaml_kind kind)
{
	struct yaml_node *node = arena_alloc(&r->y->arena, sizeof(*node));

	*node = (struct yaml_node){ .kind = kind, .line = 1, .column = 1 };
	return node;
}

/* The current scalar's text in the arena. A NUL byte (written "\0") would cut it short. */
static int scalar_text(struct reader *r, const char **out, struct err *e)
{
	const char *p = (const char *)r->event.data.scalar.value;
	size_t n = r->event.data.scalar.length;

	if (r->event.data.scalar.anchor || r->event.data.scalar.tag)
		return refuse_event(r, "anchors and tags are not understood", e);
	if (memchr(p, '\0', n))
		return refuse_event(r, "a NUL character", e);
	*out = arena_copy(&r->y->arena, (struct slice){ p, n }).p;
	return 0;
}

static int read_node(struct reader *r, unsigned depth, struct yaml_node **out, struct err *e);

static int read_key(struct reader *r, const struct yaml_node *map, const char **key, struct err *e)
{
	if (r->event.type != YAML_SCALAR_EVENT)
		return refuse_event(r, "a key must be a plain word", e);
	if (scalar_text(r, key, e) < 0)
		return -1;
	if (yaml_get(map, *key))
		return error_at(e, r->y->name, r->event.start_mark, "the key stands here twice");
	return next_event(r, e);
}

/* The children of a mapping or list up to its end event. */
static int read_children(struct reader *r, unsigned depth, struct yaml_node *parent, struct err *e)
{
	bool map = parent->kind == YAML_MAP;
	yaml_event_type_t end = map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	struct yaml_node **tail = &parent->child;

	if (depth == MAX_DEPTH)
		return refuse_event(r, "nested too deep", e);
	if (next_event(r, e) < 0)
		return -1;
	while (r->event.type != end) {
		yaml_mark_t at = r->event.start_mark;
		const char *key = NULL;

		if (map && read_key(r, parent, &key, e) < 0)
			return -1;
		if (read_node(r, depth + 1, tail, e) < 0)
			return -1;
		(*tail)->key = key;
		(*tail)->line = (unsigned)at.line + 1;
		(*tail)->column = (unsigned)at.column + 1;
		tail = &(*tail)->next;
		if (next_event(r, e) < 0)
			return -1;
	}
	return 0;
}

/* The node that the current event begins; its last event is current afterwards. */
static int read_node(struct reader *r, unsigned depth, struct yaml_node **out, struct err *e)
{
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		*out = new_node(r, YAML_SCALAR);
		(*out)->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		return scalar_text(r, &(*out)->text, e);
	case YAML_MAPPING_START_EVENT:
		if (r->event.data.mapping_start.anchor || r->event.data.mapping_start.tag)
			return refuse_event(r, "anchors and tags are not understood", e);
		*out = new_node(r, YAML_MAP);
		return read_children(r, depth, *out, e);
	case YAML_SEQUENCE_START_EVENT:
		if (r->event.data.sequence_start.anchor || r->event.data.sequence_start.tag)
			return refuse_event(r, "anchors and tags are not understood", e);
		*out = new_node(r, YAML_LIST);
		return read_children(r, depth, *out, e);
	case YAML_ALIAS_EVENT: return refuse_event(r, "aliases are not understood", e);
	default: return refuse_event(r, "a value was expected", e);
	}
}

static int expect(struct reader *r, yaml_event_type_t type, const char *what, struct err *e)
{
	if (next_event(r, e) < 0)
		return -1;
	return r->event.type == type ? 0 : refuse_event(r, what, e);
}

/* An empty file is an empty mapping. */
static int read_document(struct reader *r, struct err *e)
{
	if (expect(r, YAML_STREAM_START_EVENT, "no YAML", e) < 0 || next_event(r, e) < 0)
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		r->y->root = new_node(r, YAML_MAP);
		return 0;
	}
	if (next_event(r, e) < 0 || read_node(r, 0, &r->y->root, e) < 0)
		return -1;
	if (expect(r, YAML_DOCUMENT_END_EVENT, "the document's end was expected", e) < 0)
		return -1;
	return expect(r, YAML_STREAM_END_EVENT, "a second document", e);
}

int yaml_parse(struct yaml **out, const char *name, struct slice text, struct err *e)
{
	struct reader r = { .y = mem_zalloc(1, sizeof(*r.y)) };
	int status;

	r.y->name = mem_strdup(name);
	if (!yaml_parser_initialize(&r.parser)) {
		yaml_release(r.y);
		return err_set(e, ERR_INTERNAL, "libyaml: no memory");
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
	status = read_document(&r, e);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	if (status < 0) {
		yaml_release(r.y);
		return -1;
	}
	*out = r.y;
	return 0;
}

static int read_file(const char *path, struct buf *out, struct err *e)
{
	FILE *f = fopen(path, "rbe");
	int status = 0;
	size_t n;

	if (!f)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	do {
		n = fread(buf_reserve(out, 64 * KIB), 1, 64 * KIB, f);
		out->n += n;
	} while (n && out->n <= MAX_BYTES);
	if (ferror(f))
		status = err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
	else if (out->n > MAX_BYTES)
		status = err_set(e, ERR_LIMIT, "%s: more than 16 MiB of YAML", path);
	fclose(f);
	return status;
}

int yaml_load(struct yaml **out, const char *path, struct err *e)
{
	struct buf text = { 0 };
	int status = read_file(path, &text, e);

	if (status == 0)
		status = yaml_parse(out, path, buf_view(&text), e);
	buf_release(&text);
	return status;
}

const struct yaml_node *yaml_root(const struct yaml *y)
{
	return y->root;
}

void yaml_release(struct yaml *y)
{
	if (!y)
		return;
	arena_release(&y->arena);
	free(y->name);
	free(y);
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (map->kind != YAML_MAP)
		return NULL;
	for (const struct yaml_node *n = map->child; n; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

int yaml_error(const struct yaml *y, const struct yaml_node *n, struct err *e, const char *fmt, ...)
{
	char what[sizeof(e->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return error_at(e, y->name, (yaml_mark_t){ 0, n->line - 1, n->column - 1 }, what);
}

/* "KEY: " of a mapping's value, for messages. */
static int expected(
	const struct yaml *y, const struct yaml_node *n, const char *what, struct err *e)
{
	return yaml_error(
		y, n, e, "%s%s%s was expected", n->key ? n->key : "", n->key ? ": " : "", what);
}

/* An unquoted scalar of these characters alone; strtod would also read "inf" and "0x1". */
static bool plain_of(const struct yaml_node *n, const char *characters)
{
	return n->kind == YAML_SCALAR && !n->quoted && *n->text &&
		!n->text[strspn(n->text, characters)];
}

int yaml_real(const struct yaml *y, const struct yaml_node *n, double *out, struct err *e)
{
	char *end;
	double v;

	if (!plain_of(n, "0123456789.eE+-"))
		return expected(y, n, "a number", e);
	v = strtod(n->text, &end);
	if (*end || !isfinite(v))
		return expected(y, n, "a number", e);
	*out = v;
	return 0;
}

int yaml_uint(const struct yaml *y, const struct yaml_node *n, uint64_t *out, struct err *e)
{
	unsigned long long v;

	if (!plain_of(n, "0123456789"))
		return expected(y, n, "a whole number", e);
	errno = 0;
	v = strtoull(n->text, NULL, 10);
	if (errno)
		return expected(y, n, "a whole number below 2^64", e);
	*out = v;
	return 0;
}
