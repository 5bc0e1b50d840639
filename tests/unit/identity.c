/* Which files are equal to make, and which look says that a file need not be read. */
#include "stages/stats/identity.h"

#include "lib/stream/output.h"
#include "lib/stream/pool.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <time.h>
#include <stdio.h>
#include <unistd.h>

static void identity(const char *path, char id[33])
{
	struct err e = { 0 };
	int fd = open(path, O_RDONLY);

	cr_assert_geq(fd, 0);
	cr_assert_eq(identity_of(fd, path, id, &e), 0, "%s", e.text);
	close(fd);
}

/* A stream of ours with those lines and that stamp. */
static void write_stream(const char *path, const char *lines, uint64_t n, const char *stamp)
{
	const struct output_options o = { .level = LEVEL_DEFAULT };
	struct pool *pool = pool_new(1);
	struct output *out;
	struct err e = { 0 };

	cr_assert_eq(output_open(&out, pool, path, &o, &e), 0, "%s", e.text);
	cr_assert_eq(output_lines(out, slice_str(lines), n, NULL, &e), 0, "%s", e.text);
	cr_assert_eq(output_close(out, slice_str(stamp), NULL, &e), 0, "%s", e.text);
	pool_free(pool);
}

Test(identity, bytes_are_known_by_their_hash)
{
	char name[] = "/tmp/identity-XXXXXX", id[33];
	int fd = mkstemp(name);

	identity(name, id); /* XXH3-128 of nothing, seed 0, as "xxhsum -H128" prints it */
	cr_expect_str_eq(id, "99aa06d3014798d86001c324468d497f");
	cr_assert_eq(write(fd, "abc", 3), 3);
	identity(name, id);
	cr_expect_str_eq(id, "06b05ab6733a618578af5f94892f3950");
	close(fd);
	unlink(name);
}

Test(identity, a_stream_is_known_by_its_records_and_their_order_not_by_its_stamp)
{
	char name[] = "/tmp/identity-XXXXXX", plain[33], stamped[33], turned[33], other[33];

	close(mkstemp(name));
	write_stream(name, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n", 2, "{\"version\":\"1\"}");
	identity(name, plain);
	write_stream(name, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n", 2, "{\"version\":\"2.0.0\"}");
	identity(name, stamped);
	write_stream(name, "{\"id\":\"2\"}\n{\"id\":\"1\"}\n", 2, "{\"version\":\"1\"}");
	identity(name, turned);
	write_stream(name, "{\"id\":\"1\"}\n{\"id\":\"3\"}\n", 2, "{\"version\":\"1\"}");
	identity(name, other);
	unlink(name);
	cr_expect_str_eq(plain, stamped);
	cr_expect_str_neq(plain, turned);
	cr_expect_str_neq(plain, other);
}

Test(identity, a_look_equals_itself_unless_it_is_fresh_or_anything_moved)
{
	struct stat st = { .st_size = 5,
		.st_ino = 7,
		.st_dev = 1,
		.st_mtim = { .tv_sec = 1000, .tv_nsec = 5 },
		.st_ctim = { .tv_sec = 2000, .tv_nsec = 6 } };
	struct look before = look_at(&st), after;

	cr_expect(look_eq(&before, &before));
	st.st_ctim.tv_nsec = 7; /* written to, and the time of change put back by touch -d */
	after = look_at(&st);
	cr_expect_not(look_eq(&before, &after));
	st.st_ctim.tv_nsec = 6;
	st.st_ino = 8; /* another file was moved there */
	after = look_at(&st);
	cr_expect_not(look_eq(&before, &after));

	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	st.st_ctim = now; /* a write of the same size in the same tick would not show */
	before = look_at(&st);
	cr_expect_not(look_eq(&before, &before));
}
