/*
 * waiting.h - threads and processes that wait for an object, for stories that
 * begin when somebody is asleep. Nobody guesses by the clock when that is: the
 * kernel tells.
 */
#ifndef WAITING_H
#define WAITING_H

#include "check.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>

static inline long long monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
static inline void a_moment(void)
{
    const struct timespec moment = {0, 1000000};

    nanosleep(&moment, NULL);
}

/* 'S' for a thread or process that sleeps and for nothing that our turns are made of; 0 for one that is gone. */
static inline char sleep_state(pid_t tid)
{
    char path[64], state = 0;
    long number = -1;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)tid);
    if ((file = fopen(path, "r")) == NULL)
        return 0;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1 || state == 'Z' || state == 'X')
        state = 0;
    fclose(file);
    if (state != 'S')
        return state;
    /* Some kernels do not tell the system call. Then the state has to do. */
    snprintf(path, sizeof path, "/proc/%d/syscall", (int)tid);
    if ((file = fopen(path, "r")) == NULL)
        return state;
    if (fscanf(file, "%ld", &number) == 1 && (number == SYS_read || number == SYS_write || number == SYS_wait4))
        state = 'R';
    fclose(file);
    return state;
}
/*
 * Until that thread, or the main thread of that process, is asleep in its wait: in two looks in a row, so that the
 * short sleep on a lock on the way there does not count. False if it has ended instead. The watchdog is the limit.
 */
static inline int until_asleep(pid_t tid)
{
    int looks = 0;
    char state;

    while (looks < 2) {
        if ((state = sleep_state(tid)) == 0)
            return 0;
        looks = state == 'S' ? looks + 1 : 0;
        a_moment();
    }
    return 1;
}

/* A thread that waits once for one object, and says how that ended. */
typedef struct WAITER {
    HANDLE object;
    DWORD timeout;
    BOOL keeps; /* a mutex: the thread ends without releasing it */
    DWORD result, error;
    int done;
    pid_t tid;
    pthread_t thread;
} WAITER;

static inline void *wait_in_thread(void *argument)
{
    WAITER *waiter = (WAITER *)argument;

    __atomic_store_n(&waiter->tid, (pid_t)GetCurrentThreadId(), __ATOMIC_RELEASE);
    SetLastError(SENTINEL);
    waiter->result = WaitForSingleObject(waiter->object, waiter->timeout);
    waiter->error = GetLastError();
    /* Of an object that is no mutex this is refused, and harmless. */
    if (!waiter->keeps && (waiter->result == WAIT_OBJECT_0 || waiter->result == WAIT_ABANDONED))
        ReleaseMutex(waiter->object);
    __atomic_store_n(&waiter->done, 1, __ATOMIC_RELEASE);
    return NULL;
}
static inline void start_waiter(WAITER *waiter, HANDLE object, DWORD timeout)
{
    waiter->object = object, waiter->timeout = timeout;
    waiter->result = waiter->error = 0xDEAD;
    waiter->done = waiter->tid = 0;
    if (pthread_create(&waiter->thread, NULL, wait_in_thread, waiter) != 0) {
        perror("start_waiter");
        exit(2);
    }
    while (__atomic_load_n(&waiter->tid, __ATOMIC_ACQUIRE) == 0)
        a_moment();
}
/* A waiter that is asleep when this returns. */
static inline void start_sleeper(WAITER *waiter, HANDLE object)
{
    waiter->keeps = FALSE;
    start_waiter(waiter, object, INFINITE);
    until_asleep(waiter->tid);
}
static inline int is_done(const WAITER *waiter) { return __atomic_load_n(&waiter->done, __ATOMIC_ACQUIRE); }

/* How many of them are done. */
static inline int count_done(const WAITER *waiters, int count)
{
    int done = 0;

    while (count-- > 0)
        done += is_done(&waiters[count]);
    return done;
}
/* Until so many are done; the others are asleep then. The result is how many are done at last. */
static inline int until_done(const WAITER *waiters, int count, int wanted)
{
    int i;

    while (count_done(waiters, count) < wanted)
        a_moment();
    for (i = 0; i < count; ++i)
        while (!is_done(&waiters[i]) && sleep_state(waiters[i].tid) != 'S')
            a_moment();
    return count_done(waiters, count);
}
/* The result of its wait, when it has ended. */
static inline DWORD end_waiter(WAITER *waiter)
{
    pthread_join(waiter->thread, NULL);
    return waiter->result;
}

/* What another thread gets that waits so long; a mutex that it gets is free again afterwards. */
static inline DWORD wait_elsewhere(HANDLE object, DWORD timeout)
{
    WAITER waiter;

    waiter.keeps = FALSE;
    start_waiter(&waiter, object, timeout);
    return end_waiter(&waiter);
}

/* Runs the body in a thread of its own, to the end. */
static inline void in_a_thread(void *(*body)(void *), void *argument)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, body, argument) != 0 || pthread_join(thread, NULL) != 0) {
        perror("in_a_thread");
        exit(2);
    }
}

#endif
