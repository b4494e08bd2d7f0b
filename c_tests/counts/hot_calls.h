/*
 * hot_calls.h - what programs do all the time, nobody else being in the way: each
 * is a function that does it once and leaves everything as it was.
 */
#ifndef HOT_CALLS_H
#define HOT_CALLS_H

#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <SharedMemory.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

typedef struct HOT_CALL {
    const char *name;
    BOOL (*run)(void);
    BOOL needs_kernel;
    /* Else, at most: instructions that other processors wait for, one for each word to be
     * changed; memory taken or given back; system calls. */
    int atomics, allocations, system_calls;
} HOT_CALL;

enum { HOT_MANY = MAXIMUM_WAIT_OBJECTS, HOT_BYTES = 64, HOT_SECTION = 64 << 10 };

static HANDLE hot_mutex, hot_other_mutex, hot_busy_mutex, hot_event, hot_manual, hot_semaphore, hot_timer;
static HANDLE hot_events[HOT_MANY];
static int hot_busy_is_taken;
static SharedMemory *hot_memory;

/* All have names: without, no call takes longer. */
static const char *hot_name(const char *what, int number)
{
    static char names[4][64];
    static unsigned next;
    char *name = names[next++ % 4];

    snprintf(name, sizeof names[0], "Local\\winshm-hot-%s-%02d", what, number);
    return name;
}

static BOOL hot_take(HANDLE object) { return WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0; }

/* Takes the mutex and keeps it to the program's end. Then it is outside of the library,
 * where it delays nothing. */
static void *hot_keep_busy(void *unused)
{
    (void)unused;
    __atomic_store_n(&hot_busy_is_taken, hot_take(hot_busy_mutex) ? 1 : -1, __ATOMIC_RELEASE);
    for (;;)
        pause();
    return NULL;
}
/* False: something cannot be had. */
static BOOL hot_begin(void)
{
    pthread_t thread;
    int i;

    hot_mutex = CreateMutexA(NULL, FALSE, hot_name("mutex", 0));
    hot_other_mutex = CreateMutexA(NULL, FALSE, hot_name("mutex", 1));
    hot_busy_mutex = CreateMutexA(NULL, FALSE, hot_name("mutex", 2));
    hot_event = CreateEventA(NULL, FALSE, FALSE, hot_name("auto", 0));
    hot_manual = CreateEventA(NULL, TRUE, FALSE, hot_name("manual", 0));
    hot_semaphore = CreateSemaphoreA(NULL, 0, 5, hot_name("semaphore", 0));
    hot_timer = CreateWaitableTimerA(NULL, FALSE, hot_name("timer", 0));
    for (i = 0; i < HOT_MANY; ++i)
        if ((hot_events[i] = CreateEventA(NULL, FALSE, FALSE, hot_name("many", i))) == NULL)
            return FALSE;
    if (!hot_mutex || !hot_other_mutex || !hot_busy_mutex || !hot_event || !hot_manual || !hot_semaphore ||
        !hot_timer || SharedMemoryCreate("winshm-hot-memory", HOT_BYTES, &hot_memory) != 0 ||
        pthread_create(&thread, NULL, hot_keep_busy, NULL) != 0)
        return FALSE;
    while (__atomic_load_n(&hot_busy_is_taken, __ATOMIC_ACQUIRE) == 0)
        sched_yield();
    return hot_busy_is_taken == 1;
}

static BOOL hot_last_error(void) { return GetLastError() != 0xDEADDEADu; }
/* The least that a call with a handle can do. */
static BOOL hot_look_up(void) { return ResetEvent(hot_event); }
static BOOL hot_mutex_pair(void) { return hot_take(hot_mutex) && ReleaseMutex(hot_mutex); }
static BOOL hot_mutex_twice(void) { return hot_take(hot_mutex) && hot_mutex_pair() && ReleaseMutex(hot_mutex); }
static BOOL hot_two_mutexes(void)
{
    return hot_take(hot_other_mutex) && hot_mutex_pair() && ReleaseMutex(hot_other_mutex);
}
static BOOL hot_mutex_busy(void) { return WaitForSingleObject(hot_busy_mutex, 0) == WAIT_TIMEOUT; }
static BOOL hot_event_pair(void) { return SetEvent(hot_event) && hot_take(hot_event); }
static BOOL hot_manual_round(void) { return SetEvent(hot_manual) && hot_take(hot_manual) && ResetEvent(hot_manual); }
static BOOL hot_event_poll(void) { return WaitForSingleObject(hot_event, 0) == WAIT_TIMEOUT; }
static BOOL hot_semaphore_pair(void) { return ReleaseSemaphore(hot_semaphore, 1, NULL) && hot_take(hot_semaphore); }

static BOOL hot_any(DWORD count)
{
    return SetEvent(hot_events[count - 1]) &&
           WaitForMultipleObjects(count, hot_events, FALSE, INFINITE) == WAIT_OBJECT_0 + count - 1;
}
static BOOL hot_any_2(void) { return hot_any(2); }
static BOOL hot_any_8(void) { return hot_any(8); }
static BOOL hot_any_64(void) { return hot_any(64); }
static BOOL hot_all_8(void)
{
    int i;

    for (i = 0; i < 8; ++i)
        if (!SetEvent(hot_events[i]))
            return FALSE;
    return WaitForMultipleObjects(8, hot_events, TRUE, INFINITE) == WAIT_OBJECT_0;
}

static BOOL hot_write(void)
{
    static const char bytes[HOT_BYTES] = "written whole";

    return SharedMemoryWrite(hot_memory, bytes, sizeof bytes) == 0;
}
static BOOL hot_read(void)
{
    char bytes[HOT_BYTES];

    return SharedMemoryRead(hot_memory, bytes, sizeof bytes) == 0;
}

/* To a moment that is over, so that no clock decides what happens. */
static BOOL hot_timer_pair(void)
{
    LARGE_INTEGER due;

    due.QuadPart = 1;
    return SetWaitableTimer(hot_timer, &due, 0, NULL, NULL, FALSE) && hot_take(hot_timer);
}
static BOOL hot_open_event(void)
{
    HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, "Local\\winshm-hot-auto-00");

    return event != NULL && CloseHandle(event);
}
static BOOL hot_create_mutex(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, "Local\\winshm-hot-new-mutex");

    return mutex != NULL && CloseHandle(mutex);
}
static BOOL hot_create_section(void)
{
    const char *name = "Local\\winshm-hot-new-section";
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, HOT_SECTION, name);
    void *view = section != NULL ? MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;

    return view != NULL && UnmapViewOfFile(view) && CloseHandle(section);
}

static const HOT_CALL hot_calls[] = {
    {"GetLastError", hot_last_error, FALSE, 0, 0, 0},
    {"handle look-up (ResetEvent)", hot_look_up, FALSE, 1, 0, 0},
    {"mutex: acquire and release", hot_mutex_pair, FALSE, 2, 0, 0},
    {"mutex: acquire twice and release twice", hot_mutex_twice, FALSE, 2, 0, 0},
    {"two mutexes: acquire both and release both", hot_two_mutexes, FALSE, 4, 0, 0},
    {"mutex: wait 0 for a busy one", hot_mutex_busy, FALSE, 0, 0, 0},
    {"auto-reset event: set and wait", hot_event_pair, FALSE, 2, 0, 0},
    {"auto-reset event: wait 0 in vain", hot_event_poll, FALSE, 0, 0, 0},
    {"manual-reset event: set and wait and reset", hot_manual_round, FALSE, 2, 0, 0},
    {"semaphore: release and wait", hot_semaphore_pair, FALSE, 2, 0, 0},
    /* Who sets one can be interrupted by nobody, and has it in his list of locks. */
    {"timer: set to a moment that is over and wait", hot_timer_pair, FALSE, 20, 2, 2},
    {"any of 2: set the last and wait", hot_any_2, FALSE, 2, 0, 0},
    {"any of 8: set the last and wait", hot_any_8, FALSE, 2, 0, 0},
    {"any of 64: set the last and wait", hot_any_64, FALSE, 2, 0, 0},
    /* Nor can who waits for all: he holds the guard while he changes one word after the other. */
    {"all of 8: set each and wait", hot_all_8, FALSE, 28, 0, 2},
    {"SharedMemoryWrite of 64 bytes", hot_write, FALSE, 2, 0, 0},
    {"SharedMemoryRead of 64 bytes", hot_read, FALSE, 0, 0, 0},
    {"event: open by name and close", hot_open_event, TRUE, 0, 0, 0},
    {"mutex: create by name and close", hot_create_mutex, TRUE, 0, 0, 0},
    {"section of 64 KiB: create by name and map and unmap and close", hot_create_section, TRUE, 0, 0, 0},
};
#define HOT_CALLS (sizeof hot_calls / sizeof *hot_calls)

#endif
