/*
 * leak_sync.c - mutexes, events, semaphores and timers give back what they took:
 * file descriptors, mappings of the process, files. Every story is told twice,
 * and the second time must leave exactly what the first time left.
 *
 * Runs under Valgrind, which looks after the heap meanwhile.
 */
#include "leaks.h"
#include "waiting.h"

enum { MANY = 100 };

/* One object of each kind, free or signalled, with names made of this one or without. */
enum { KINDS = 6 };
static void create_all(HANDLE *objects, const char *name)
{
    char names[KINDS][200];
    LARGE_INTEGER at_once;
    int i;

    for (i = 0; i < KINDS; ++i)
        snprintf(names[i], sizeof names[0], "%s-%d", name != NULL ? name : "", i);
    objects[0] = CreateMutexA(NULL, FALSE, name != NULL ? names[0] : NULL);
    objects[1] = CreateEventA(NULL, FALSE, TRUE, name != NULL ? names[1] : NULL);
    objects[2] = CreateEventA(NULL, TRUE, TRUE, name != NULL ? names[2] : NULL);
    objects[3] = CreateSemaphoreA(NULL, 1, 1, name != NULL ? names[3] : NULL);
    objects[4] = CreateWaitableTimerA(NULL, TRUE, name != NULL ? names[4] : NULL);
    objects[5] = CreateWaitableTimerA(NULL, FALSE, name != NULL ? names[5] : NULL);
    at_once.QuadPart = -1;
    for (i = 0; i < KINDS; ++i)
        CHECK(objects[i] != NULL);
    CHECK(SetWaitableTimer(objects[4], &at_once, 0, NULL, NULL, FALSE));
    CHECK(SetWaitableTimer(objects[5], &at_once, 0, NULL, NULL, FALSE));
}
static void close_all(HANDLE *objects)
{
    int i;

    for (i = 0; i < KINDS; ++i)
        CHECK(CloseHandle(objects[i]));
}

/* Objects of every kind come, are waited for and go, with and without names. */
static void objects_come_and_go(void)
{
    const char *name = NAME("go");
    HANDLE objects[KINDS];
    int i, k;

    for (i = 0; i < MANY; ++i) {
        create_all(objects, i % 2 ? name : NULL);
        for (k = 0; k < KINDS; ++k)
            CHECK(WaitForSingleObject(objects[k], INFINITE) == WAIT_OBJECT_0);
        CHECK(WaitForSingleObject(objects[1], 0) == WAIT_TIMEOUT && WaitForSingleObject(objects[3], 0) == WAIT_TIMEOUT);
        CHECK(ReleaseMutex(objects[0]) && SetEvent(objects[1]) && PulseEvent(objects[2]));
        CHECK(ReleaseSemaphore(objects[3], 1, NULL) && CancelWaitableTimer(objects[4]));
        close_all(objects);
    }
}

/* Waits for all of them, for any of them, and in vain. */
static void waits_come_and_go(void)
{
    HANDLE objects[KINDS], never = CreateEventA(NULL, TRUE, FALSE, NULL), both[2];
    int i;

    for (i = 0; i < MANY; ++i) {
        create_all(objects, i % 2 ? NULL : NAME("wait"));
        CHECK(WaitForMultipleObjects(KINDS, objects, TRUE, INFINITE) == WAIT_OBJECT_0);
        CHECK(ReleaseMutex(objects[0]) && WaitForMultipleObjects(KINDS, objects, FALSE, INFINITE) == WAIT_OBJECT_0);
        both[0] = never, both[1] = objects[1];
        CHECK(WaitForMultipleObjects(2, both, i % 3 == 0, 1) == WAIT_TIMEOUT && WaitForSingleObject(never, 1) == WAIT_TIMEOUT);
        CHECK(SignalObjectAndWait(objects[1], objects[2], INFINITE, FALSE) == WAIT_OBJECT_0);
        CHECK(ReleaseMutex(objects[0]));
        close_all(objects);
    }
    CHECK(CloseHandle(never));
}

/* Every way in to objects that exist, and the duplicates of their handles. */
static void handles_come_and_go(void)
{
    const char *name = NAME("ways");
    HANDLE me = GetCurrentProcess(), mutex = CreateMutexA(NULL, FALSE, name), opened, again, twin;
    int i;

    for (i = 0; i < MANY; ++i) {
        CHECK((opened = OpenMutexW(SYNCHRONIZE, FALSE, widen(name))) != NULL);
        CHECK((again = CreateMutexExA(NULL, name, CREATE_MUTEX_INITIAL_OWNER, SYNCHRONIZE)) != NULL);
        CHECK(DuplicateHandle(me, again, me, &twin, READ_CONTROL, FALSE, DUPLICATE_CLOSE_SOURCE));
        CHECK(WaitForSingleObject(opened, 0) == WAIT_OBJECT_0 && CloseHandle(opened));
        CHECK(ReleaseMutex(twin) && CloseHandle(twin));
    }
    CHECK(CloseHandle(mutex));
}

/* Threads sleep, own and end, with mutexes that they abandon or whose last handle they close. */
static void *own_and_end(void *mutex)
{
    HANDLE own = CreateMutexA(NULL, TRUE, NULL);

    CHECK(WaitForSingleObject((HANDLE)mutex, INFINITE) != WAIT_FAILED && CloseHandle(own));
    return NULL;
}
static void threads_come_and_go(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NAME("threads")), event = CreateEventA(NULL, FALSE, FALSE, NULL);
    WAITER sleeper;
    int i;

    for (i = 0; i < MANY / 4; ++i) {
        in_a_thread(own_and_end, mutex);
        CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED && ReleaseMutex(mutex));
        start_sleeper(&sleeper, event);
        CHECK(SetEvent(event) && end_waiter(&sleeper) == WAIT_OBJECT_0);
    }
    CHECK(CloseHandle(mutex) && CloseHandle(event));
}

/* Many at once, owned or not, closed in another order than they were made. */
static void many_objects_live_together(void)
{
    static HANDLE objects[MANY][KINDS];
    const char *name = NAME("together");
    int i;

    for (i = 0; i < MANY; ++i) {
        char one[160];

        snprintf(one, sizeof one, "%.140s-%d", name, i);
        create_all(objects[i], i % 3 ? one : NULL);
        CHECK(WaitForSingleObject(objects[i][0], 0) == WAIT_OBJECT_0);
    }
    for (i = 0; i < MANY; ++i) {
        int k = i * 37 % MANY;

        CHECK(ReleaseMutex(objects[k][0]));
        close_all(objects[k]);
    }
}

/* Calls that fail keep nothing, however far they got. */
static void failures_keep_nothing(void)
{
    const char *name = NAME("fail"), *absent = NAME("absent");
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, name), mutex = CreateMutexA(NULL, FALSE, NULL), mixed[3];
    int i;

    mixed[0] = event, mixed[1] = mutex, mixed[2] = GARBAGE_HANDLE;
    for (i = 0; i < MANY; ++i) {
        CHECK(CreateMutexA(NULL, TRUE, name) == NULL && CreateSemaphoreA(NULL, 1, 1, name) == NULL);
        CHECK(CreateWaitableTimerA(NULL, TRUE, name) == NULL && OpenMutexA(SYNCHRONIZE, FALSE, name) == NULL);
        CHECK(OpenSemaphoreA(SYNCHRONIZE, FALSE, absent) == NULL && CreateSemaphoreA(NULL, 2, 1, absent) == NULL);
        CHECK(CreateMutexExA(NULL, absent, 8, MUTEX_ALL_ACCESS) == NULL && CreateMutexA(NULL, TRUE, "winshm\\no\\where") == NULL);
        CHECK(!ReleaseMutex(mutex) && !ReleaseSemaphore(event, 1, NULL) && !SetEvent(mutex));
        CHECK(WaitForMultipleObjects(3, mixed, i % 2, 0) == WAIT_FAILED);
        CHECK(WaitForMultipleObjects(0, mixed, FALSE, 0) == WAIT_FAILED);
        mixed[2] = i % 2 ? GARBAGE_HANDLE : mutex;
        CHECK(WaitForMultipleObjects(3, mixed, TRUE, 0) == WAIT_FAILED);
        mixed[2] = GARBAGE_HANDLE;
    }
    CHECK(CloseHandle(event) && CloseHandle(mutex));
}

int main(void)
{
    check_begin();
    use_private_directory();
    told_twice(objects_come_and_go, "objects come and go");
    told_twice(waits_come_and_go, "waits come and go");
    told_twice(handles_come_and_go, "handles come and go");
    told_twice(threads_come_and_go, "threads come and go");
    told_twice(many_objects_live_together, "many objects live together");
    told_twice(failures_keep_nothing, "failures keep nothing");
    return check_end();
}
