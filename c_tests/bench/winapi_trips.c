/*
 * The Windows API between two processes: round trips by events, of which the other
 * one waits for any of many, too. winshm and, built by mingw-w64, Wine.
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
static HANDLE there[MOST], back;

static void take(HANDLE event) { MUST(WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0); }

static HANDLE created(const char *what)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name_of(what));
    MUST(event != NULL && GetLastError() != ERROR_ALREADY_EXISTS);
    return event;
}

static HANDLE opened(const char *what)
{
    HANDLE event = OpenEventA(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, name_of(what));
    MUST(event != NULL);
    return event;
}

static void have_events(HANDLE (*have)(const char *))
{
    for (long i = 0; i < argument; i++) {
        char what[16];
        snprintf(what, sizeof what, "there-%ld", i);
        there[i] = have(what);
    }
    back = have("back");
}

static void begin(void) { have_events(created); }

static void answer(void)
{
    DWORD last = (DWORD)argument - 1;
    have_events(opened);
    for (;;) {
        if (last == 0)
            take(there[0]);
        else
            MUST(WaitForMultipleObjects(last + 1, there, FALSE, INFINITE) == WAIT_OBJECT_0 + last);
        MUST(SetEvent(back));
    }
}

static void end(void)
{
    MUST(WaitForSingleObject(back, 0) == WAIT_TIMEOUT); /* each answer was to one signal */
    for (long i = 0; i < argument; i++) {
        MUST(WaitForSingleObject(there[i], 0) == WAIT_TIMEOUT);
        MUST(CloseHandle(there[i]));
    }
    MUST(CloseHandle(back));
}

static void trip(void)
{
    MUST(SetEvent(there[argument - 1]));
    take(back);
}

MEASURE(measure, trip())

static const struct contender contenders[] = {
    {"ping-pong-one-core", NAME, begin, measure, end, 1, 0, answer},
    {"any-64-blocked-one-core", NAME, begin, measure, end, 64, 0, answer},
#ifndef _WIN32
    {"ping-pong-two-cores", NAME, begin, measure, end, 1, 0, answer},
    {"ping-pong-anywhere", NAME, begin, measure, end, 1, 0, answer},
    {"any-64-blocked-two-cores", NAME, begin, measure, end, 64, 0, answer},
#endif
};
CONTENDERS(contenders)
