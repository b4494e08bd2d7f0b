/*
 * wait_many.h - the words for what a wait gives, and threads that wait for
 * several objects.
 */
#ifndef WAIT_MANY_H
#define WAIT_MANY_H

#include "waiting.h"

/* The wait gives this and leaves the last error alone. */
#define CHECK_WAIT(call, expected)                                                                        \
    (SetLastError(SENTINEL),                                                                              \
     check_that((call) == (expected) && GetLastError() == SENTINEL, __FILE__, __LINE__, #call " gives " #expected))
/* The wait fails with exactly this code. */
#define CHECK_WAIT_FAILS(call, code)                                                                      \
    (SetLastError(SENTINEL),                                                                              \
     check_that((call) == WAIT_FAILED && GetLastError() == (code), __FILE__, __LINE__, #call " fails with " #code))
/* A look without waiting: the object is signalled, and is taken if it can be; or it is not. */
#define TAKES(object) CHECK_WAIT(WaitForSingleObject(object, 0), WAIT_OBJECT_0)
#define MISSES(object) CHECK_WAIT(WaitForSingleObject(object, 0), WAIT_TIMEOUT)

#define LENGTH(array) ((DWORD)(sizeof(array) / sizeof *(array)))

/* The clock of the timeouts. */
static inline long long microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* What a sleeper's result says until it has one. */
#define STILL_WAITING 0xDEADu

/* A thread that waits once, for ever, for any or for all of several objects. */
typedef struct SLEEPER {
    const HANDLE *objects;
    DWORD count, result, error;
    BOOL all;
    HANDLE mutex; /* not NULL: it releases this one afterwards */
    pid_t tid;
    pthread_t thread;
} SLEEPER;

static inline void *sleep_in_thread(void *argument)
{
    SLEEPER *sleeper = (SLEEPER *)argument;
    DWORD result;

    __atomic_store_n(&sleeper->tid, (pid_t)GetCurrentThreadId(), __ATOMIC_RELEASE);
    SetLastError(SENTINEL);
    result = WaitForMultipleObjects(sleeper->count, sleeper->objects, sleeper->all, INFINITE);
    sleeper->error = GetLastError();
    if (sleeper->mutex != NULL && !ReleaseMutex(sleeper->mutex))
        result = WAIT_FAILED;
    __atomic_store_n(&sleeper->result, result, __ATOMIC_RELEASE);
    return NULL;
}
/* Returns when it is asleep. The array must stay. */
static inline void start_many(SLEEPER *sleeper, const HANDLE *objects, DWORD count, BOOL all, HANDLE mutex)
{
    sleeper->objects = objects, sleeper->count = count, sleeper->all = all, sleeper->mutex = mutex;
    sleeper->result = STILL_WAITING, sleeper->tid = 0;
    if (pthread_create(&sleeper->thread, NULL, sleep_in_thread, sleeper) != 0) {
        perror("start_many");
        exit(2);
    }
    while (__atomic_load_n(&sleeper->tid, __ATOMIC_ACQUIRE) == 0)
        a_moment();
    until_asleep(sleeper->tid);
}
static inline void start_any(SLEEPER *sleeper, const HANDLE *objects, DWORD count)
{
    start_many(sleeper, objects, count, FALSE, NULL);
}
static inline void start_all(SLEEPER *sleeper, const HANDLE *objects, DWORD count)
{
    start_many(sleeper, objects, count, TRUE, NULL);
}
/* Whether it waits on, when it had the time to do something else. */
static inline int still_sleeps(const SLEEPER *sleeper)
{
    until_asleep(sleeper->tid);
    return __atomic_load_n(&sleeper->result, __ATOMIC_ACQUIRE) == STILL_WAITING;
}
/* The result of its wait, when it has ended; it must have left the last error alone. */
static inline DWORD end_sleeper(SLEEPER *sleeper)
{
    pthread_join(sleeper->thread, NULL);
    CHECK(sleeper->error == SENTINEL);
    return sleeper->result;
}

static inline HANDLE new_auto(BOOL set) { return CreateEventA(NULL, FALSE, set, NULL); }
static inline HANDLE new_manual(BOOL set) { return CreateEventA(NULL, TRUE, set, NULL); }
static inline HANDLE new_mutex(void) { return CreateMutexA(NULL, FALSE, NULL); }
static inline HANDLE new_semaphore(LONG count, LONG most) { return CreateSemaphoreA(NULL, count, most, NULL); }
static inline HANDLE new_timer(BOOL manual) { return CreateWaitableTimerA(NULL, manual, NULL); }
/* Another handle to the same object. */
static inline HANDLE same_object(HANDLE object)
{
    HANDLE other = NULL;

    CHECK(DuplicateHandle(GetCurrentProcess(), object, GetCurrentProcess(), &other, 0, FALSE, DUPLICATE_SAME_ACCESS));
    return other;
}
/* A handle to the same object that may do just this. */
static inline HANDLE reduced(HANDLE object, DWORD access)
{
    HANDLE other = NULL;

    CHECK(DuplicateHandle(GetCurrentProcess(), object, GetCurrentProcess(), &other, access, FALSE, 0));
    return other;
}
/* A handle value that was valid until now, and is again when the next handle gets it. */
static inline HANDLE closed_handle(void)
{
    HANDLE event = new_manual(TRUE);

    CHECK(CloseHandle(event));
    return event;
}
static inline void close_all(const HANDLE *objects, DWORD count)
{
    DWORD i;

    for (i = 0; i < count; ++i)
        CHECK(CloseHandle(objects[i]));
}

/* A thread takes the mutex and ends without giving it back. */
static inline void *take_and_end(void *mutex)
{
    CHECK(WaitForSingleObject((HANDLE)mutex, INFINITE) != WAIT_FAILED);
    return NULL;
}
static inline void abandon(HANDLE mutex) { in_a_thread(take_and_end, mutex); }
/* How often the caller owned the mutex, that is, can give it back. */
static inline int times_owned(HANDLE mutex)
{
    int times = 0;

    while (ReleaseMutex(mutex))
        ++times;
    return times;
}

#endif
