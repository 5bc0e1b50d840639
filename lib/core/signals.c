/* What signals do to a program. */
#include "lib/core/signals.h"

#include "lib/core/base.h"
#include "lib/core/temps.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

_Noreturn void signals_die(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t one;

	temps_remove_all();
	sigaction(number, &action, NULL);
	sigemptyset(&one);
	sigaddset(&one, number);
	raise(number);
	/* In a handler the signal is blocked and waits until here. */
	pthread_sigmask(SIG_UNBLOCK, &one, NULL);
	_exit(128 + number);
}

static void on_signal(int number)
{
	signals_die(number);
}

void signals_install(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal }, was;
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		if (sigaction(ending[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

void signals_fill_standard_fds(void)
{
	/* Opened for the wrong direction, so that read(2) or write(2) say EBADF as for a closed
	 * one. open(2) takes the lowest free number, which is the one just found missing. */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
				_exit(1);
}
