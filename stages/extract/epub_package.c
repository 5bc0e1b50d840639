/* Reads container.xml, encryption.xml and the package document of an EPUB, by libxml2. */
#include "stages/extract/epub_package.h"

#include "lib/core/mem.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>

enum { LONGEST_FACT = 4096, MAX_GUIDE = 100 };

void epub_setup(void)
{
	xmlInitParser();
}

static void say_nothing(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

/* No entity of the document's own is resolved, and nothing outside it is read. */
static xmlDoc *parse(struct slice xml)
{
	if (xml.n == 0 || xml.n > INT32_MAX)
		return NULL;
	/* What it says of encodings goes to standard error whatever its options are. The handler is
	 * this thread's. */
	xmlSetGenericErrorFunc(NULL, say_nothing);
	return xmlReadMemory(xml.p, (int)xml.n, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			XML_PARSE_COMPACT);
}

/* The next node in document order. */
static xmlNode *next_node(xmlNode *node)
{
	if (node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	while (node && !node->next)
		node = node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
	return node ? node->next : NULL;
}

/* Whatever its namespace: books are found with none and with wrong ones. */
static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static struct slice attribute(const xmlNode *node, const char *name)
{
	const xmlAttr *a = node->type == XML_ELEMENT_NODE ? node->properties : NULL;

	while (a && strcmp((const char *)a->name, name) != 0)
		a = a->next;
	if (!a || !a->children || a->children->type != XML_TEXT_NODE)
		return (struct slice){ NULL, 0 };
	return slice_str((const char *)a->children->content);
}

/* True when word stands in a list of words set apart by white space. */
static bool has_word(struct slice list, const char *word)
{
	while (list.n) {
		size_t n = 0;

		while (n < list.n && !isspace((unsigned char)list.p[n]))
			n++;
		if (slice_eq(slice_head(list, n), slice_str(word)))
			return true;
		list = slice_skip(list, n + 1);
	}
	return false;
}

/* --- the two files of META-INF ---------------------------------------------------------------- */

bool epub_rootfile(struct slice container, struct buf *path)
{
	xmlDoc *doc = parse(container);
	xmlNode *node = doc ? xmlDocGetRootElement(doc) : NULL;
	size_t before = path->n;

	for (; node && path->n == before; node = next_node(node)) {
		struct slice type = attribute(node, "media-type");

		if (is(node, "rootfile") &&
			(!type.n || slice_eq(type, SLICE("application/oebps-package+xml"))))
			buf_slice(path, attribute(node, "full-path"));
	}
	xmlFreeDoc(doc);
	return path->n > before;
}

/* Fonts are obfuscated by two algorithms: EPUB 3.3, section 4.4, and Adobe's. */
bool epub_is_protected(struct slice encryption)
{
	xmlDoc *doc = parse(encryption);
	xmlNode *node = doc ? xmlDocGetRootElement(doc) : NULL;
	bool protected = false;

	for (; node && !protected; node = next_node(node)) {
		struct slice algorithm = attribute(node, "Algorithm");

		if (!is(node, "EncryptionMethod") || !is(node->parent, "EncryptedData"))
			continue;
		protected = !slice_eq(algorithm, SLICE("http://www.idpf.org/2008/embedding")) &&
			!slice_eq(algorithm, SLICE("http://ns.adobe.com/pdf/enc#RC"));
	}
	xmlFreeDoc(doc);
	return protected;
}

/* --- paths ------------------------------------------------------------------------------------ */

static int hex_value(char c)
{
	return isdigit((unsigned char)c)     ? c - '0'
		: isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
					     : -1;
}

/* Appends the folder of path, then href with %XX decoded and without its fragment, . and .. */
static struct epub_part resolve(struct buf *out, struct slice path, struct slice href)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	struct epub_part part = { .at = out->n };

	href.n = slice_find(href, SLICE("#"));
	if (slice_starts(href, SLICE("/")))
		href = slice_skip(href, 1);
	else if (slash)
		buf_append(out, path.p, (size_t)(slash + 1 - path.p));
	while (href.n) {
		size_t n = slice_find(href, SLICE("/"));
		struct slice step = slice_head(href, n);

		href = slice_skip(href, n);
		if (slice_eq(step, SLICE(".."))) {
			out->n -= out->n > part.at; /* the slash behind the folder that goes */
			while (out->n > part.at && out->p[out->n - 1] != '/')
				out->n--;
			href = slice_skip(href, 1);
			continue;
		}
		if (slice_eq(step, SLICE("."))) {
			href = slice_skip(href, 1);
			continue;
		}
		for (size_t i = 0; i < step.n; i++) {
			int high =
				i + 2 < step.n && step.p[i] == '%' ? hex_value(step.p[i + 1]) : -1;
			int low = high >= 0 ? hex_value(step.p[i + 2]) : -1;

			if (low >= 0 && high * 16 + low) {
				buf_byte(out, (char)(high * 16 + low));
				i += 2;
			} else {
				buf_byte(out, step.p[i]);
			}
		}
		if (href.n) {
			buf_byte(out, '/');
			href = slice_skip(href, 1);
		}
	}
	part.n = out->n - part.at;
	return part;
}

/* --- metadata --------------------------------------------------------------------------------- */

static struct slice text_of(const xmlNode *node, struct buf *scratch)
{
	xmlChar *content = xmlNodeGetContent(node);

	scratch->n = 0;
	buf_slice(scratch, slice_head(slice_str((const char *)content), LONGEST_FACT));
	xmlFree(content);
	return slice_trim(buf_view(scratch), " \t\r\n");
}

static struct epub_part keep(struct epub_package *p, struct slice text)
{
	struct epub_part part = { p->bytes.n, text.n };

	buf_slice(&p->bytes, text);
	return part;
}

/* Of several authors a list; editors, translators and others by opf:role (EPUB 2) are left out. */
static void add_author(struct epub_package *p, const xmlNode *node, struct slice name)
{
	struct slice role = attribute(node, "role");
	struct epub_part before = p->author;

	if (!name.n || (role.n && !slice_eq(role, SLICE("aut"))) || before.n > LONGEST_FACT)
		return;
	p->author.at = p->bytes.n;
	if (before.n) {
		buf_reserve(&p->bytes, before.n); /* so that the view of it stays where it is */
		buf_slice(&p->bytes, epub_slice(p, before));
		buf_str(&p->bytes, ", ");
	}
	buf_slice(&p->bytes, name);
	p->author.n = p->bytes.n - p->author.at;
}

static void read_fact(
	struct epub_package *p, const xmlNode *node, struct slice unique, struct buf *scratch)
{
	struct slice id = attribute(node, "id");
	struct slice event = attribute(node, "event");
	bool is_unique = unique.n && slice_eq(id, unique);

	if (is(node, "title") && !p->title.n)
		p->title = keep(p, text_of(node, scratch));
	else if (is(node, "creator"))
		add_author(p, node, text_of(node, scratch));
	else if (is(node, "identifier") && (!p->identifier.n || is_unique))
		p->identifier = keep(p, text_of(node, scratch));
	else if (is(node, "date") && (!p->date.n || slice_ends(event, SLICE("publication"))) &&
		!slice_eq(event, SLICE("modification")) && !slice_eq(event, SLICE("conversion")))
		p->date = keep(p, text_of(node, scratch));
	else if (is(node, "rights") && !p->rights.n)
		p->rights = keep(p, text_of(node, scratch));
}

static void read_metadata(struct epub_package *p, xmlNode *root, struct buf *scratch)
{
	struct slice unique = attribute(root, "unique-identifier");

	for (xmlNode *node = root; node; node = next_node(node)) {
		if (is(node, "manifest"))
			break;
		if (node->type == XML_ELEMENT_NODE && node->children)
			read_fact(p, node, unique, scratch);
	}
}

/* --- manifest, guide and spine ---------------------------------------------------------------- */

struct manifest_item {
	struct slice id, href; /* in the XML tree */
	bool text, taken;
};

struct manifest {
	struct manifest_item *at;
	size_t n, cap;
};

static int by_id(const void *x, const void *y)
{
	const struct manifest_item *a = x, *b = y;
	int order = memcmp(a->id.p ? a->id.p : "", b->id.p ? b->id.p : "", MIN(a->id.n, b->id.n));

	return order ? order : (a->id.n > b->id.n) - (a->id.n < b->id.n);
}

static bool is_text(struct slice type)
{
	static const char *const types[] = { "application/xhtml+xml", "text/html",
		"text/x-oeb1-document", "application/x-dtbook+xml" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (slice_is_word(type, types[i]))
			return true;
	return false;
}

static void read_manifest(struct manifest *m, xmlNode *root)
{
	for (xmlNode *node = root; node; node = next_node(node)) {
		struct manifest_item item = { .id = attribute(node, "id"),
			.href = attribute(node, "href"),
			.text = is_text(attribute(node, "media-type")) };

		if (!is(node, "item") || !item.id.n)
			continue;
		item.taken = has_word(attribute(node, "properties"), "nav");
		mem_grow(&m->at, m->n, &m->cap, sizeof(*m->at));
		m->at[m->n++] = item;
	}
	if (m->n)
		qsort(m->at, m->n, sizeof(*m->at), by_id);
}

/* A cover or contents that is a file of its own; with a fragment it is a part of another. */
static bool is_left_out(xmlNode *guide, struct slice href)
{
	xmlNode *node = guide ? guide->children : NULL;

	for (int i = 0; node && i < MAX_GUIDE; node = node->next, i++) {
		struct slice type = attribute(node, "type");

		if (is(node, "reference") && slice_eq(attribute(node, "href"), href) &&
			(slice_is_word(type, "cover") || slice_is_word(type, "toc")))
			return true;
	}
	return false;
}

static void read_spine(struct epub_package *p, struct manifest *m, xmlNode *spine, xmlNode *guide,
	struct slice path)
{
	for (xmlNode *node = spine->children; node; node = node->next) {
		struct manifest_item key = { .id = attribute(node, "idref") };
		struct manifest_item *item;

		if (!is(node, "itemref") || !m->n || slice_is_word(attribute(node, "linear"), "no"))
			continue;
		item = bsearch(&key, m->at, m->n, sizeof(*m->at), by_id);
		if (!item || !item->text || item->taken || is_left_out(guide, item->href))
			continue;
		item->taken = true;
		mem_grow(&p->spine, p->n_spine, &p->cap_spine, sizeof(*p->spine));
		p->spine[p->n_spine++] = resolve(&p->bytes, path, item->href);
	}
}

static xmlNode *find(xmlNode *root, const char *name)
{
	xmlNode *node = root;

	while (node && !is(node, name))
		node = next_node(node);
	return node;
}

bool epub_package_read(struct slice opf, struct slice path, struct epub_package *package)
{
	xmlDoc *doc = parse(opf);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	xmlNode *spine = root ? find(root, "spine") : NULL;
	struct manifest manifest = { .n = 0 };
	struct buf scratch = { 0 };

	if (spine) {
		read_metadata(package, root, &scratch);
		read_manifest(&manifest, root);
		read_spine(package, &manifest, spine, find(root, "guide"), path);
	}
	free(manifest.at);
	buf_release(&scratch);
	xmlFreeDoc(doc);
	return spine != NULL;
}

void epub_package_release(struct epub_package *package)
{
	buf_release(&package->bytes);
	free(package->spine);
}
