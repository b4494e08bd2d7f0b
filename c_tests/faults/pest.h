/*
 * pest.h - signals for the calling thread, one after the other, without an end.
 */
#ifndef PEST_H
#define PEST_H

#include "check.h"

#include <sys/syscall.h>
#include <time.h>

/* Older headers have only the field's inside. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static inline void on_signal(int number, void (*handler)(int), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler, action.sa_flags = flags;
    CHECK(sigaction(number, &action, NULL) == 0);
}
/* Every so many microseconds this signal comes to the calling thread; not to its children. */
static inline timer_t start_pest(int number, long every)
{
    struct sigevent event;
    struct itimerspec interval;
    timer_t timer;

    memset(&event, 0, sizeof event);
    memset(&interval, 0, sizeof interval);
    event.sigev_notify = SIGEV_THREAD_ID, event.sigev_signo = number;
    event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
    interval.it_interval.tv_nsec = interval.it_value.tv_nsec = every * 1000;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &interval, NULL) != 0) {
        perror("start_pest");
        exit(2);
    }
    return timer;
}
static inline void end_pest(timer_t timer) { CHECK(timer_delete(timer) == 0); }

#endif
