/* Memory that goes all at once. */
#include "lib/core/arena.h"

#include <criterion/criterion.h>

Test(arena, gives_aligned_memory_that_does_not_overlap)
{
	struct arena a = { 0 };
	char *p[200];

	for (size_t i = 0; i < ARRAY_LEN(p); i++) {
		p[i] = arena_alloc(&a, i * 37);
		cr_assert_eq((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)i, i * 37);
	}
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		for (size_t k = 0; k < i * 37; k++)
			cr_assert_eq(p[i][k], (char)i);
	arena_release(&a);
}

Test(arena, copies_end_in_nul)
{
	struct arena a = { 0 };
	struct slice s = arena_copy(&a, (struct slice){ "a\0bc", 3 });

	cr_expect_eq(s.n, 3);
	cr_expect_arr_eq(s.p, "a\0b\0", 4);
	s = arena_copy(&a, (struct slice){ 0 });
	cr_expect_eq(s.n, 0);
	cr_expect_str_eq(s.p, "");
	arena_release(&a);
}

Test(arena, trim_gives_the_end_back)
{
	struct arena a = { 0 };
	char *p = arena_alloc(&a, 4096);
	size_t left = a.left;

	arena_trim(&a, p, 10);
	cr_expect_eq(a.left, left + 4096 - 16);
	cr_expect_eq((char *)arena_alloc(&a, 1), p + 16);
	arena_release(&a);
}

Test(arena, reset_keeps_at_most_a_mebibyte)
{
	struct arena a = { 0 };

	arena_alloc(&a, 100);
	arena_alloc(&a, 8 * MIB);
	arena_reset(&a);
	cr_expect_not_null(a.blocks);
	cr_expect_leq(a.left, MIB);

	arena_alloc(&a, 8 * MIB);
	arena_release(&a);
	arena_alloc(&a, 8 * MIB);
	arena_reset(&a);
	cr_expect_null(a.blocks);
	arena_release(&a);
}
