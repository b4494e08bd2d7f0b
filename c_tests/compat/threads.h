/*
 * Threads for the programs of this folder, and the last error, which windows.h
 * has from the library: these programs are linked without it.
 */
#ifndef COMPAT_THREADS_H
#define COMPAT_THREADS_H

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <windows.h>
#include "check.h"

#define MOST_THREADS 16

static __declspec(thread) DWORD last_error;

DWORD GetLastError(void)
{
    return last_error;
}

void SetLastError(DWORD error)
{
    last_error = error;
}

struct threads {
    pthread_t ids[MOST_THREADS];
    int count;
};

static inline void start(struct threads *threads, int count, void *(*function)(void *), void *argument)
{
    while (count-- > 0) {
        if (pthread_create(&threads->ids[threads->count], NULL, function, argument) != 0)
            abort();
        threads->count++;
    }
}

static inline void join(struct threads *threads)
{
    while (threads->count > 0)
        pthread_join(threads->ids[--threads->count], NULL);
}

static inline void milliseconds(int time)
{
    poll(NULL, 0, time);
}

/** One round of a loop that polls for something near. */
static inline void poll_again(int *rounds)
{
    if (++*rounds % 100)
        YieldProcessor();
    else
        sched_yield();
}

/**
 * Keeps the scheduler from preferring the calling thread when it wakes up, which
 * would give it a lock that it would not get elsewhere.
 */
static inline void wake_up_slowly(void)
{
    const int batch = 3; /* SCHED_BATCH, which the C library hides from strict C99 */
    struct sched_param parameters;

    memset(&parameters, 0, sizeof parameters);
    sched_setscheduler(0, batch, &parameters);
}

/** Reads what another thread changes. */
static inline LONG peek(volatile LONG *number)
{
    return InterlockedCompareExchange(number, 0, 0);
}

/** Waits until the number, which another thread raises, is as large. */
static inline void await(volatile LONG *number, LONG least)
{
    while (peek(number) < least)
        milliseconds(1);
}

/** Milliseconds on a clock that is never set back. */
static inline double now(void)
{
    const struct winshm_time time = winshm_now();

    return (double)time.seconds * 1e3 + (double)time.nanoseconds / 1e6;
}

#endif
