/* signals.h - what signals do to a program.
 *
 * SIGINT, SIGTERM and SIGHUP remove the unpublished temporaries (temps.h) and then end the process
 * by that same signal, so that a shell or make sees what happened. One that was ignored when the
 * program began stays ignored (nohup, background jobs). SIGPIPE and SIGXFSZ are ignored, so that
 * write(2) says EPIPE or EFBIG and the run can clean up. */
#ifndef CORPUS_SIGNALS_H
#define CORPUS_SIGNALS_H

/* Once, before threads begin. */
void signals_install(void);

/* Ends the process by the signal's default action, after removing the temporaries. Safe in a signal
 * handler. */
_Noreturn void signals_die(int signal);

/* Makes sure that descriptors 0 to 2 are open, so that no file of ours lands on them. One that was
 * closed gives "Bad file descriptor" when it is used, which is what should be said of it. */
void signals_fill_standard_fds(void);

#endif
