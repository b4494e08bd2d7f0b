/*
 * The Windows API where nobody else is at the object: winshm, and, built by
 * mingw-w64 from the same source, Wine.
 */
#define _GNU_SOURCE
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#ifdef _WIN32
#define NAME "Wine"
#else
#define NAME "winshm"
#endif

#define MOST 64
static HANDLE mutex, object, objects[MOST];

static void take(HANDLE which) { MUST(WaitForSingleObject(which, INFINITE) == WAIT_OBJECT_0); }
static void must_be_consumed(HANDLE which) { MUST(WaitForSingleObject(which, 0) == WAIT_TIMEOUT); }
static void must_be_new(HANDLE created) { MUST(created != NULL && GetLastError() != ERROR_ALREADY_EXISTS); }

/* --- mutexes -------------------------------------------------------------------- */

static void begin_mutex(void)
{
    mutex = CreateMutexA(NULL, FALSE, name_of("mutex"));
    must_be_new(mutex);
}

static void end_mutex(void)
{
    MUST(!ReleaseMutex(mutex) && GetLastError() == ERROR_NOT_OWNER);
    MUST(CloseHandle(mutex));
}

static void begin_owned_mutex(void)
{
    begin_mutex();
    take(mutex);
}

static void end_owned_mutex(void)
{
    MUST(ReleaseMutex(mutex));
    end_mutex();
}

static void lock_and_unlock(void)
{
    take(mutex);
    MUST(ReleaseMutex(mutex));
}

static void create_mutex(void)
{
    HANDLE created = CreateMutexA(NULL, FALSE, name_of("created"));
    must_be_new(created);
    MUST(CloseHandle(created));
}

MEASURE(measure_mutex, lock_and_unlock())
MEASURE(measure_create_mutex, create_mutex())

/* --- events and semaphores ------------------------------------------------------- */

static void begin_event(void)
{
    object = CreateEventA(NULL, FALSE, FALSE, name_of("event"));
    must_be_new(object);
}

static void begin_manual(void)
{
    object = CreateEventA(NULL, TRUE, FALSE, name_of("manual"));
    must_be_new(object);
}

static void begin_semaphore(void)
{
    object = CreateSemaphoreA(NULL, 0, 1, name_of("semaphore"));
    must_be_new(object);
}

static void end_object(void)
{
    must_be_consumed(object);
    MUST(CloseHandle(object));
}

static void set_and_take(void)
{
    MUST(SetEvent(object));
    take(object);
}

static void set_take_and_reset(void)
{
    set_and_take();
    MUST(ResetEvent(object));
}

static void release_and_take(void)
{
    MUST(ReleaseSemaphore(object, 1, NULL));
    take(object);
}

MEASURE(measure_event, set_and_take())
MEASURE(measure_manual, set_take_and_reset())
MEASURE(measure_semaphore, release_and_take())

/* --- several --------------------------------------------------------------------- */

static void begin_several(void)
{
    for (long i = 0; i < argument; i++) {
        char what[16];
        snprintf(what, sizeof what, "event-%ld", i);
        objects[i] = CreateEventA(NULL, FALSE, FALSE, name_of(what));
        must_be_new(objects[i]);
    }
}

static void end_several(void)
{
    for (long i = 0; i < argument; i++) {
        must_be_consumed(objects[i]);
        MUST(CloseHandle(objects[i]));
    }
}

static void wait_for_any(void)
{
    DWORD last = (DWORD)argument - 1;
    MUST(SetEvent(objects[last]));
    MUST(WaitForMultipleObjects(last + 1, objects, FALSE, INFINITE) == WAIT_OBJECT_0 + last);
}

static void wait_for_all(void)
{
    for (long i = 0; i < argument; i++)
        MUST(SetEvent(objects[i]));
    MUST(WaitForMultipleObjects((DWORD)argument, objects, TRUE, INFINITE) == WAIT_OBJECT_0);
}

static void wait_for_each(void)
{
    for (long i = 0; i < argument; i++) {
        MUST(SetEvent(objects[i]));
        take(objects[i]);
    }
}

MEASURE(measure_any, wait_for_any())
MEASURE(measure_all, wait_for_all())
MEASURE(measure_each, wait_for_each())

/* --- sections -------------------------------------------------------------------- */

#define SIZE 65536

static void touch(void *data)
{
    for (size_t at = 0; at < SIZE; at += 4096)
        ((volatile char *)data)[at] = 1;
}

static void create_section(DWORD protect, int touched)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, protect, 0, SIZE, name_of("created"));
    void *data;
    must_be_new(section);
    data = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    MUST(data != NULL);
    if (touched)
        touch(data);
    MUST(UnmapViewOfFile(data));
    MUST(CloseHandle(section));
}

static void open_section(void)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name_of("section"));
    void *data;
    MUST(section != NULL);
    data = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    MUST(data != NULL);
    MUST(UnmapViewOfFile(data));
    MUST(CloseHandle(section));
}

static HANDLE held;

static void hold_section(void)
{
    void *data;
    held = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SIZE, name_of("section"));
    must_be_new(held);
    data = MapViewOfFile(held, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    MUST(data != NULL);
    touch(data);
}

/* The other process has the section, and says so. */
static void begin_opening(void)
{
    object = CreateEventA(NULL, TRUE, FALSE, name_of("held"));
    must_be_new(object);
}

static void hold_for_others(void)
{
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("held"));
    hold_section();
    MUST(ready != NULL && SetEvent(ready));
    for (;;)
        Sleep(1000);
}

static double measure_open(long calls)
{
    double start;
    take(object);
    start = now();
    for (long call = 0; call < calls; call++)
        open_section();
    return now() - start;
}

static void end_opening(void) { MUST(CloseHandle(object)); }

MEASURE(measure_create_touched, create_section(PAGE_READWRITE, 1))
MEASURE(measure_create, create_section(PAGE_READWRITE, 0))
MEASURE(measure_reserve, create_section(PAGE_READWRITE | SEC_RESERVE, 0))
MEASURE(measure_open_own, open_section())

static const struct contender contenders[] = {
    {"mutex", NAME, begin_mutex, measure_mutex, end_mutex, 0, 0, NULL},
    {"mutex-recursive", NAME, begin_owned_mutex, measure_mutex, end_owned_mutex, 0, 0, NULL},
    {"mutex-create", NAME, NULL, measure_create_mutex, NULL, 0, 0, NULL},
    {"event", NAME, begin_event, measure_event, end_object, 0, 0, NULL},
    {"event-manual", NAME, begin_manual, measure_manual, end_object, 0, 0, NULL},
    {"semaphore", NAME, begin_semaphore, measure_semaphore, end_object, 0, 0, NULL},
    {"any-2", NAME, begin_several, measure_any, end_several, 2, 0, NULL},
    {"any-8", NAME, begin_several, measure_any, end_several, 8, 0, NULL},
    {"any-64", NAME, begin_several, measure_any, end_several, 64, 0, NULL},
    {"all-8", NAME, begin_several, measure_all, end_several, 8, 0, NULL},
    {"section-create-touched", NAME, NULL, measure_create_touched, NULL, 0, 0, NULL},
    {"section-create", NAME, NULL, measure_create, NULL, 0, 0, NULL},
    {"section-create-reserved", NAME, NULL, measure_reserve, NULL, 0, 0, NULL},
    {"section-open", NAME, begin_opening, measure_open, end_opening, 0, 0, hold_for_others},
    {"section-open-own", NAME, hold_section, measure_open_own, NULL, 0, 0, NULL},
    {"all-8", NAME ", 8 set+waits", begin_several, measure_each, end_several, 8, 0, NULL},
};
CONTENDERS(contenders)
