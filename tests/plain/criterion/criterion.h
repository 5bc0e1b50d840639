/* criterion.h - the part of Criterion that the tests of threads use, in one process.
 *
 * Criterion runs each test in a process whose memory it maps at fixed addresses, where
 * ThreadSanitizer keeps its own. `make tsan` therefore compiles those tests against this header
 * instead. Messages of assertions are left out; the place is printed. */
#ifndef CORPUS_PLAIN_CRITERION_H
#define CORPUS_PLAIN_CRITERION_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plain_suite {
	const char *name;
	void (*init)(void);
	void (*fini)(void);
	struct plain_suite *next;
};

struct plain_test {
	const char *suite, *name;
	void (*run)(void);
	struct plain_test *next;
};

static struct plain_suite *plain_suites;
static struct plain_test *plain_tests, **plain_tests_end = &plain_tests;
static int plain_failures;

#define TestSuite(suite_name, ...) \
	static struct plain_suite suite_name##_suite = { .name = #suite_name, __VA_ARGS__ }; \
	__attribute__((constructor)) static void suite_name##_register(void) \
	{ \
		suite_name##_suite.next = plain_suites; \
		plain_suites = &suite_name##_suite; \
	} \
	struct plain_suite

#define Test(suite_name, test_name) \
	static void suite_name##_##test_name(void); \
	static struct plain_test suite_name##_##test_name##_test = { #suite_name, #test_name, \
		suite_name##_##test_name, NULL }; \
	__attribute__((constructor)) static void suite_name##_##test_name##_register(void) \
	{ \
		*plain_tests_end = &suite_name##_##test_name##_test; \
		plain_tests_end = &suite_name##_##test_name##_test.next; \
	} \
	static void suite_name##_##test_name(void)

#define PLAIN_CHECK(good, text, fatal) \
	do { \
		if (!(good)) { \
			plain_failures++; \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, text); \
			if (fatal) \
				exit(1); \
		} \
	} while (0)

#define cr_expect(c, ...) PLAIN_CHECK(c, #c, false)
#define cr_assert(c, ...) PLAIN_CHECK(c, #c, true)
#define cr_expect_eq(a, b, ...) PLAIN_CHECK((a) == (b), #a " == " #b, false)
#define cr_assert_eq(a, b, ...) PLAIN_CHECK((a) == (b), #a " == " #b, true)
#define cr_expect_neq(a, b, ...) PLAIN_CHECK((a) != (b), #a " != " #b, false)
#define cr_assert_neq(a, b, ...) PLAIN_CHECK((a) != (b), #a " != " #b, true)
#define cr_expect_lt(a, b, ...) PLAIN_CHECK((a) < (b), #a " < " #b, false)
#define cr_assert_lt(a, b, ...) PLAIN_CHECK((a) < (b), #a " < " #b, true)
#define cr_expect_leq(a, b, ...) PLAIN_CHECK((a) <= (b), #a " <= " #b, false)
#define cr_expect_gt(a, b, ...) PLAIN_CHECK((a) > (b), #a " > " #b, false)
#define cr_expect_geq(a, b, ...) PLAIN_CHECK((a) >= (b), #a " >= " #b, false)
#define cr_assert_geq(a, b, ...) PLAIN_CHECK((a) >= (b), #a " >= " #b, true)
#define cr_assert_not_null(p, ...) PLAIN_CHECK(p, #p, true)
#define cr_expect_not(c, ...) PLAIN_CHECK(!(c), "not " #c, false)
#define cr_expect_str_eq(a, b, ...) PLAIN_CHECK(strcmp(a, b) == 0, #a " == " #b, false)
#define cr_expect_str_neq(a, b, ...) PLAIN_CHECK(strcmp(a, b) != 0, #a " != " #b, false)
#define cr_assert_str_eq(a, b, ...) PLAIN_CHECK(strcmp(a, b) == 0, #a " == " #b, true)

static struct plain_suite *plain_suite_of(const struct plain_test *t)
{
	struct plain_suite *s = plain_suites;

	while (s && strcmp(s->name, t->suite) != 0)
		s = s->next;
	return s;
}

int main(void)
{
	int tested = 0, failed = 0;

	for (struct plain_test *t = plain_tests; t; t = t->next) {
		struct plain_suite *s = plain_suite_of(t);
		int before = plain_failures;

		if (s && s->init)
			s->init();
		t->run();
		if (s && s->fini)
			s->fini();
		tested++;
		failed += plain_failures != before;
	}
	printf("[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | Crashing: 0 \n", tested,
		tested - failed, failed);
	return failed != 0;
}

#endif
