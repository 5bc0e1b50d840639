/* A file that is looked at here and there, a stretch at a time. */
#include "stages/tokenize/token_window.h"

#include "lib/core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int token_window_open(struct token_window *w, const char *path, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_NOINPUT, "%s: is no regular file", path);
	}
	*w = (struct token_window){
		.path = mem_strdup(path),
		.fd = fd,
		.bytes = (uint64_t)st.st_size,
		.stretch = mem_alloc(TOKEN_WINDOW),
	};
	return 0;
}

void token_window_close(struct token_window *w)
{
	if (!w->path)
		return;
	close(w->fd);
	free(w->path);
	free(w->stretch);
	*w = (struct token_window){ 0 };
}

static int fill(struct token_window *w, uint64_t offset, struct err *e)
{
	w->at = offset;
	w->n = 0;
	while (w->n < TOKEN_WINDOW) {
		ssize_t got = pread(
			w->fd, w->stretch + w->n, TOKEN_WINDOW - w->n, (off_t)(offset + w->n));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, ERR_IO, "%s: %s", w->path, strerror(errno));
		if (got == 0)
			break;
		w->n += (size_t)got;
	}
	return 0;
}

const char *token_window_get(struct token_window *w, uint64_t offset, size_t n, struct err *e)
{
	bool there = offset <= w->bytes && n <= w->bytes - offset;

	if (there && (offset < w->at || offset + n > w->at + w->n) && fill(w, offset, e) < 0)
		return NULL;
	if (there && offset + n <= w->at + w->n)
		return w->stretch + (offset - w->at);
	err_set(e, ERR_DATA, "%s: byte %" PRIu64 ": ended early: the file has %" PRIu64 " bytes",
		w->path, offset, w->bytes);
	return NULL;
}
