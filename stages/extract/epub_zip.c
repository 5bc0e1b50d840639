/* Bounded reading of a zip archive in memory. */
#include "stages/extract/epub_zip.h"

#include <zip.h>

enum {
	CHUNK = 64 * 1024,
	RATIO_FROM = 1024 * 1024, /* bytes: a short file may be all white space */
	LONGEST_NAME = 4096,
};

static int pass_limit(struct epub_zip *z, const char *limit, uint64_t value, uint64_t limit_value)
{
	z->limit = limit;
	z->value = (double)value;
	z->limit_value = (double)limit_value;
	return -1;
}

/* -1 with z->limit set is a limit; without, damage. */
int epub_zip_open(
	struct epub_zip *z, struct slice bytes, const struct epub_limits *limits, struct err *e)
{
	zip_error_t error;
	zip_source_t *source;
	zip_int64_t n;

	*z = (struct epub_zip){ .limits = *limits };
	zip_error_init(&error);
	source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
	z->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (!z->zip) {
		err_set(e, ERR_DATA, "damaged zip archive: %s", zip_error_strerror(&error));
		zip_source_free(source);
		zip_error_fini(&error);
		return -1;
	}
	zip_error_fini(&error);
	n = zip_get_num_entries(z->zip, 0);
	z->entries = n > 0 ? (uint64_t)n : 0;
	if (z->entries > limits->max_entries)
		return pass_limit(z, "max_entries", z->entries, limits->max_entries);
	return 0;
}

/* Whether the file, of which n bytes came out so far, passes a limit. */
static bool over_limit(struct epub_zip *z, uint64_t n, uint64_t stored)
{
	if (z->bytes > z->limits.max_bytes)
		return pass_limit(z, "max_body", z->bytes, z->limits.max_bytes) < 0;
	if (n > RATIO_FROM && n / MAX(stored, (uint64_t)1) >= z->limits.max_ratio)
		return pass_limit(z, "max_ratio", n / MAX(stored, (uint64_t)1),
			       z->limits.max_ratio) < 0;
	return false;
}

static enum epub_read read_all(struct epub_zip *z, zip_file_t *file, uint64_t stored,
	const char *name, struct buf *out, struct err *e)
{
	uint64_t n = 0;

	for (;;) {
		zip_int64_t got = zip_fread(file, buf_reserve(out, CHUNK), CHUNK);

		if (got < 0) {
			err_set(e, ERR_DATA, "%s in the archive: %s", name,
				zip_error_strerror(zip_file_get_error(file)));
			return EPUB_DAMAGED;
		}
		if (got == 0)
			return EPUB_READ;
		out->n += (size_t)got;
		n += (uint64_t)got;
		z->bytes += (uint64_t)got;
		if (over_limit(z, n, stored))
			return EPUB_LIMIT;
	}
}

enum epub_read epub_zip_read(struct epub_zip *z, struct slice name, struct buf *out, struct err *e)
{
	char path[LONGEST_NAME];
	zip_int64_t index;
	zip_stat_t about;
	zip_file_t *file;
	enum epub_read result;

	if (name.n == 0 || name.n >= sizeof(path) || memchr(name.p, '\0', name.n))
		return EPUB_ABSENT;
	memcpy(path, name.p, name.n);
	path[name.n] = '\0';
	index = zip_name_locate(z->zip, path, 0);
	if (index < 0 || zip_stat_index(z->zip, (zip_uint64_t)index, 0, &about) < 0)
		return EPUB_ABSENT;
	if (about.valid & ZIP_STAT_ENCRYPTION_METHOD && about.encryption_method != ZIP_EM_NONE)
		return EPUB_ENCRYPTED;
	file = zip_fopen_index(z->zip, (zip_uint64_t)index, 0);
	if (!file) {
		err_set(e, ERR_DATA, "%s in the archive: %s", path, zip_strerror(z->zip));
		return EPUB_DAMAGED;
	}
	result = read_all(
		z, file, about.valid & ZIP_STAT_COMP_SIZE ? about.comp_size : 0, path, out, e);
	zip_fclose(file);
	return result;
}

void epub_zip_close(struct epub_zip *z)
{
	if (z->zip)
		zip_discard(z->zip);
	z->zip = NULL;
}
