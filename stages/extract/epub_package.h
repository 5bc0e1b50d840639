/* epub_package.h - what the package document of an EPUB says: what the book is called, and which
 * files are read in which order.
 *
 * Sources: EPUB 3.3 (W3C), sections 4 and 5; Open Packaging Format 2.0.1 (IDPF), whose guide
 * element says in EPUB 2 what properties say in EPUB 3. */
#ifndef CORPUS_EPUB_PACKAGE_H
#define CORPUS_EPUB_PACKAGE_H

#include "lib/core/buf.h"

/* A place in package.bytes: a path in the archive, or a text. n 0: not said. */
struct epub_part {
	size_t at, n;
};

struct epub_package {
	struct buf bytes;
	struct epub_part title, author, date, identifier, rights;
	struct epub_part *spine;
	size_t n_spine, cap_spine;
};

/* Once a run, before threads. */
void epub_setup(void);

/* Appends the package document's path, as META-INF/container.xml says it. False: it says none. */
bool epub_rootfile(struct slice container, struct buf *path);

/* True when META-INF/encryption.xml speaks of more than obfuscated fonts. */
bool epub_is_protected(struct slice encryption);

/* Reads the package document that stands at path. Into the spine go documents of text once each,
 * without those that are not in the reading order (linear="no"), the navigation document, and the
 * cover and table of contents that the guide names. False: it is no package document. */
bool epub_package_read(struct slice opf, struct slice path, struct epub_package *package);

static inline struct slice epub_slice(const struct epub_package *p, struct epub_part part)
{
	return slice_head(slice_skip(buf_view(&p->bytes), part.at), part.n);
}

void epub_package_release(struct epub_package *package);

#endif
