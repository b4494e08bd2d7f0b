/*
 * no_waitv.h - processes that can and that cannot sleep on several objects at once
 * (futex_waitv, Linux 5.16), and the objects that they share.
 */
#ifndef NO_WAITV_H
#define NO_WAITV_H

#include "sandbox.h"
#include "wait_many.h"

enum { AUTO, SEMAPHORE, MUTEX, TIMER, MANUAL, STOP, OBJECTS };
static HANDLE objects[OBJECTS];

/* The worlds that processes live in. A `changed` one had the system call once. */
static const char worlds[] = "apsc";
enum { HAS_ALL = 'a', FORBIDDEN = 'p', MISSING = 's', CHANGED = 'c' };

static inline void live_in(char world)
{
    if (world == CHANGED) {
        HANDLE two[2];

        two[0] = new_auto(FALSE), two[1] = new_manual(FALSE);
        CHECK(WaitForMultipleObjects(2, two, FALSE, 1) == WAIT_TIMEOUT);
        close_all(two, 2);
    }
    if (world == HAS_ALL)
        return;
    if (!forbid(NUMBER_OF_FUTEX_WAITV, world == MISSING ? ENOSYS : EPERM))
        exit(2);
    CHECK(syscall(NUMBER_OF_FUTEX_WAITV, NULL, 0, 0, NULL, 0) == -1 && errno == (world == MISSING ? ENOSYS : EPERM));
}

/* Creates the objects of this name, or opens them as they are. */
static inline void open_objects(const char *name)
{
    static const char *const labels[OBJECTS] = {"auto", "semaphore", "mutex", "timer", "manual", "stop"};
    int i;

    for (i = 0; i < OBJECTS; ++i) {
        char whole[220];

        snprintf(whole, sizeof whole, "%s-%s", name, labels[i]);
        objects[i] = i == SEMAPHORE ? CreateSemaphoreA(NULL, 0, 1000, whole)
                     : i == MUTEX   ? CreateMutexA(NULL, FALSE, whole)
                     : i == TIMER   ? CreateWaitableTimerA(NULL, FALSE, whole)
                                    : CreateEventA(NULL, i != AUTO, FALSE, whole);
        if (objects[i] == NULL)
            exit(2);
    }
}
/* A process that lives in this world and plays that role with the objects of this name. */
static inline PEER start(const char *role, char world, const char *name)
{
    char tag[200];
    PEER peer;

    snprintf(tag, sizeof tag, "%c%s", world, name);
    peer = start_peer(role, tag);
    await_turn(&peer);
    return peer;
}

static inline BOOL signal_object(int which)
{
    LARGE_INTEGER soon;

    soon.QuadPart = -20000;
    switch (which) {
    case SEMAPHORE:
        return ReleaseSemaphore(objects[SEMAPHORE], 1, NULL);
    case MUTEX:
        return ReleaseMutex(objects[MUTEX]);
    case TIMER:
        return SetWaitableTimer(objects[TIMER], &soon, 0, NULL, NULL, FALSE);
    default:
        return SetEvent(objects[which]);
    }
}
#endif
