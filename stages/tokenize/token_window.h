/* token_window.h - a file that is looked at here and there, a stretch at a time. */
#ifndef CORPUS_TOKEN_WINDOW_H
#define CORPUS_TOKEN_WINDOW_H

#include "lib/core/err.h"

/* The longest stretch. */
enum { TOKEN_WINDOW = 256 * 1024 };

/* All zero is a file that is not open. */
struct token_window {
	char *path; /* owned; NULL: not open */
	int fd;
	uint64_t bytes; /* of the file */
	char *stretch; /* what was read last: */
	uint64_t at;
	size_t n;
};

int token_window_open(struct token_window *w, const char *path, struct err *e) MUST_CHECK;

/* The n bytes at an offset, at most TOKEN_WINDOW, valid until the next call. ERR_DATA names the
 * file and its size when they are not there. NULL: failed. */
const char *token_window_get(struct token_window *w, uint64_t offset, size_t n, struct err *e);

void token_window_close(struct token_window *w);

#endif
