/* The registry of temporaries, and what signals do: files go, and death is by that signal. */
#include "lib/core/temps.h"

#include "lib/core/signals.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/corpus-temps-XXXXXX";

static const char *name_of(int i)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%d", folder, i);
	return path;
}

static void make(int i)
{
	int fd = open(name_of(i), O_CREAT | O_WRONLY, 0600);

	cr_assert_geq(fd, 0);
	close(fd);
	temps_add(name_of(i));
}

static bool there(int i)
{
	return access(name_of(i), F_OK) == 0;
}

static void setup(void)
{
	cr_assert_not_null(mkdtemp(folder));
}

static void teardown(void)
{
	for (int i = 0; i < 400; i++)
		unlink(name_of(i));
	cr_expect_eq(rmdir(folder), 0);
}

Test(temps, removes_what_is_registered_and_nothing_else, .init = setup, .fini = teardown)
{
	for (int i = 0; i < 200; i++)
		make(i);
	temps_forget(name_of(7));
	temps_remove(name_of(8));
	cr_expect(there(7) && !there(8) && there(9));
	temps_forget("/never/registered");
	temps_remove_all();
	for (int i = 0; i < 200; i++)
		cr_expect_eq(there(i), i == 7, "%d", i);
	make(3);
	temps_remove_all();
	cr_expect_not(there(3));
}

static void *add_and_forget(void *arg)
{
	int base = *(const int *)arg;
	char path[100];

	for (int round = 0; round < 500; round++)
		for (int i = 0; i < 20; i++) {
			snprintf(path, sizeof(path), "%s/%d", folder, base + i);
			if (round % 2)
				temps_forget(path);
			else
				temps_add(path);
		}
	return NULL;
}

Test(temps, serves_several_threads, .init = setup, .fini = teardown)
{
	static const int bases[] = { 0, 100, 200, 300 };
	pthread_t threads[4];

	for (int i = 0; i < 400; i++)
		close(open(name_of(i), O_CREAT | O_WRONLY, 0600));
	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, add_and_forget, (void *)(uintptr_t)&bases[i]);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	temps_remove_all();
	for (int i = 0; i < 400; i++)
		cr_assert(there(i), "all were forgotten: %d", i);
}

/* Runs act in a child; returns what waitpid says. */
static int child(void (*act)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		act();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

static int number, ignored;

static void make_and_be_killed(void)
{
	signal(number, number == ignored ? SIG_IGN : SIG_DFL); /* whatever the test's parent did */
	signals_install();
	make(1);
	raise(number);
}

Test(signals, remove_temporaries_and_end_by_that_signal, .init = setup, .fini = teardown)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < ARRAY_LEN(ending); i++) {
		int status;

		number = ending[i];
		status = child(make_and_be_killed);
		cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == number, "status %x", status);
		cr_expect_not(there(1));
	}
}

Test(signals, stay_ignored_when_they_were, .init = setup, .fini = teardown)
{
	number = ignored = SIGHUP;
	cr_expect_eq(child(make_and_be_killed), 0);
	cr_expect(there(1));
}

static void write_to_nobody(void)
{
	int ends[2];

	signals_install();
	if (pipe(ends) < 0)
		_exit(1);
	close(ends[0]);
	if (write(ends[1], "x", 1) == 1 || errno != EPIPE)
		_exit(2);
	signals_die(SIGPIPE);
}

Test(signals, pipe_is_an_error_first_and_a_death_later)
{
	int status = child(write_to_nobody);

	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE, "status %x", status);
}

static void pass_the_file_limit(void)
{
	char path[] = "/tmp/corpus-temps-XXXXXX";
	int fd = mkstemp(path);

	signals_install();
	unlink(path);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 10, 10 });
	if (write(fd, "0123456789", 10) != 10)
		_exit(1);
	_exit(write(fd, "x", 1) < 0 && errno == EFBIG ? 0 : 2);
}

Test(signals, file_size_limit_is_an_error)
{
	cr_expect_eq(child(pass_the_file_limit), 0);
}

static void close_and_fill(void)
{
	char c;

	for (int fd = 0; fd < 50; fd++)
		close(fd);
	signals_fill_standard_fds();
	if (read(0, &c, 1) != -1 || errno != EBADF)
		_exit(1);
	if (write(1, "x", 1) != -1 || errno != EBADF)
		_exit(2);
	_exit(open("/dev/null", O_RDONLY) == 3 ? 0 : 3);
}

Test(signals, closed_descriptors_stay_unusable_but_taken)
{
	cr_expect_eq(child(close_and_fill), 0);
}
