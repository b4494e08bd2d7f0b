/*
 * test_wait_any.c - waiting for any of several objects: the lowest signalled
 * index wins, only that object is taken, and a call that fails takes nothing.
 */
#include "wait_many.h"

static DWORD any(const HANDLE *objects, DWORD count, DWORD timeout)
{
    return WaitForMultipleObjects(count, objects, FALSE, timeout);
}
static void new_autos(HANDLE *events, DWORD count, BOOL set)
{
    DWORD i;

    for (i = 0; i < count; ++i)
        events[i] = new_auto(set);
}

/* One to 64 objects can be waited for, whatever the time and the kind of wait. */
static void one_to_sixty_four_objects(void)
{
    static const DWORD wrong[] = {0, MAXIMUM_WAIT_OBJECTS + 1, 1000, 0x80000001u, 0xFFFFFFFFu};
    HANDLE events[MAXIMUM_WAIT_OBJECTS + 1];
    DWORD i;
    BOOL all;

    new_autos(events, LENGTH(events), TRUE);
    for (i = 0; i < LENGTH(wrong); ++i) {
        for (all = FALSE; all <= TRUE; ++all) {
            CHECK_WAIT_FAILS(WaitForMultipleObjects(wrong[i], events, all, 0), ERROR_INVALID_PARAMETER);
            CHECK_WAIT_FAILS(WaitForMultipleObjects(wrong[i], events, all, INFINITE), ERROR_INVALID_PARAMETER);
            CHECK_WAIT_FAILS(WaitForMultipleObjectsEx(wrong[i], events, all, 0, TRUE), ERROR_INVALID_PARAMETER);
        }
    }
    CHECK_WAIT_FAILS(WaitForMultipleObjects(0, NULL, FALSE, 0), ERROR_INVALID_PARAMETER);
    SetLastError(SENTINEL);
    CHECK(WaitForMultipleObjects(2, NULL, FALSE, 0) == WAIT_FAILED && GetLastError() != SENTINEL);
    /* All of them are still set. Each wait takes one, from the front. */
    for (i = 0; i < MAXIMUM_WAIT_OBJECTS; ++i)
        CHECK_WAIT(any(events, MAXIMUM_WAIT_OBJECTS, 0), WAIT_OBJECT_0 + i);
    CHECK_WAIT(any(events, MAXIMUM_WAIT_OBJECTS, 0), WAIT_TIMEOUT);
    TAKES(events[MAXIMUM_WAIT_OBJECTS]);
    CHECK(SetEvent(events[0]));
    CHECK_WAIT(any(events, 1, INFINITE), WAIT_OBJECT_0);
    CHECK_WAIT(any(events, 1, 0), WAIT_TIMEOUT);
    close_all(events, LENGTH(events));
}

/* The lowest signalled index is reported and taken. The others keep what they have. */
static void the_lowest_signalled_index_wins(void)
{
    HANDLE objects[5];
    LONG before = -1;

    objects[0] = new_auto(FALSE), objects[1] = new_mutex(), objects[2] = new_semaphore(2, 3);
    objects[3] = new_auto(TRUE), objects[4] = new_manual(TRUE);
    CHECK_WAIT(any(objects, 5, 0), WAIT_OBJECT_0 + 1);
    CHECK_WAIT(any(objects, 5, INFINITE), WAIT_OBJECT_0 + 1);
    CHECK(times_owned(objects[1]) == 2);
    CHECK_WAIT(any(objects + 2, 3, INFINITE), WAIT_OBJECT_0);
    CHECK(ReleaseSemaphore(objects[2], 1, &before) && before == 1);
    CHECK_WAIT(any(objects + 2, 3, 0), WAIT_OBJECT_0);
    CHECK_WAIT(any(objects + 2, 3, 0), WAIT_OBJECT_0);
    CHECK_WAIT(any(objects + 2, 3, 0), WAIT_OBJECT_0 + 1);
    CHECK_WAIT(any(objects + 2, 3, 0), WAIT_OBJECT_0 + 2);
    CHECK_WAIT(any(objects + 2, 3, 0), WAIT_OBJECT_0 + 2);
    CHECK(SetEvent(objects[0]));
    CHECK_WAIT(any(objects, 5, 0), WAIT_OBJECT_0);
    MISSES(objects[0]);
    close_all(objects, 5);
}

/* The Ex function does the same, and any value but 0 asks for all. */
static void the_ex_function_does_the_same(void)
{
    HANDLE events[2];
    long long before;

    new_autos(events, 2, FALSE);
    CHECK(SetEvent(events[1]));
    CHECK_WAIT(WaitForMultipleObjectsEx(2, events, FALSE, INFINITE, TRUE), WAIT_OBJECT_0 + 1);
    before = microseconds();
    CHECK_WAIT(WaitForMultipleObjectsEx(2, events, FALSE, 30, TRUE), WAIT_TIMEOUT);
    CHECK(microseconds() - before >= 30000);
    CHECK(SetEvent(events[0]));
    CHECK_WAIT(WaitForMultipleObjectsEx(2, events, 2, 0, FALSE), WAIT_TIMEOUT);
    CHECK_WAIT(WaitForMultipleObjects(2, events, -1, 0), WAIT_TIMEOUT);
    TAKES(events[0]);
    close_all(events, 2);
}

/* The same object twice is allowed, by one handle or two: it is taken once, at its first index. */
static void an_object_may_be_there_twice(void)
{
    HANDLE objects[4], semaphore = new_semaphore(0, 5);
    SLEEPER sleeper;

    objects[0] = new_auto(FALSE), objects[1] = semaphore, objects[2] = semaphore, objects[3] = same_object(semaphore);
    CHECK(ReleaseSemaphore(semaphore, 2, NULL));
    CHECK_WAIT(any(objects, 4, 0), WAIT_OBJECT_0 + 1);
    CHECK_WAIT(any(objects + 2, 2, INFINITE), WAIT_OBJECT_0);
    CHECK_WAIT(any(objects, 4, 5), WAIT_TIMEOUT);
    start_any(&sleeper, objects, 4);
    CHECK(ReleaseSemaphore(objects[3], 2, NULL));
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0 + 1);
    TAKES(semaphore);
    MISSES(semaphore);
    CHECK(CloseHandle(objects[0]) && CloseHandle(semaphore) && CloseHandle(objects[3]));
}

/* A bad handle anywhere, or one that may not wait: the call fails, and nothing is taken though all is signalled. */
enum { GOOD = 5 };
static void one_bad_handle_fails_the_wait(const HANDLE *good, HANDLE bad, DWORD error)
{
    HANDLE objects[GOOD];
    DWORD place;
    BOOL all;

    for (place = 0; place < GOOD; ++place) {
        for (all = FALSE; all <= TRUE; ++all) {
            memcpy(objects, good, sizeof objects);
            objects[place] = bad;
            CHECK_WAIT_FAILS(WaitForMultipleObjects(GOOD, objects, all, 0), error);
            CHECK_WAIT_FAILS(WaitForMultipleObjects(GOOD, objects, all, INFINITE), error);
            CHECK_WAIT_FAILS(WaitForMultipleObjectsEx(place + 1, objects, all, 10, FALSE), error);
        }
    }
}
static void bad_handles_fail_the_wait(void)
{
    HANDLE good[GOOD], event = new_auto(TRUE), blind = reduced(event, EVENT_MODIFY_STATE);
    HANDLE section = new_memory(PAGE_READWRITE, 4096, NULL), mutex = new_mutex();
    HANDLE read_control = reduced(mutex, READ_CONTROL);
    DWORD i;

    new_autos(good, GOOD, TRUE);
    one_bad_handle_fails_the_wait(good, NULL, ERROR_INVALID_HANDLE);
    one_bad_handle_fails_the_wait(good, GARBAGE_HANDLE, ERROR_INVALID_HANDLE);
    one_bad_handle_fails_the_wait(good, closed_handle(), ERROR_INVALID_HANDLE);
    one_bad_handle_fails_the_wait(good, blind, ERROR_ACCESS_DENIED);
    one_bad_handle_fails_the_wait(good, read_control, ERROR_ACCESS_DENIED);
    one_bad_handle_fails_the_wait(good, section, ERROR_ACCESS_DENIED);
    for (i = 0; i < GOOD; ++i)
        TAKES(good[i]);
    TAKES(event);
    CHECK(CloseHandle(event) && CloseHandle(blind) && CloseHandle(section));
    CHECK(CloseHandle(mutex) && CloseHandle(read_control));
    close_all(good, GOOD);
}

/* An abandoned mutex is reported once, with its index, and is the caller's. */
static void the_abandoned_index_is_told(void)
{
    HANDLE objects[4];

    objects[0] = new_auto(TRUE), objects[1] = new_auto(FALSE), objects[2] = new_mutex(), objects[3] = new_mutex();
    abandon(objects[2]);
    abandon(objects[3]);
    /* What has a lower index comes first, and leaves the mutexes abandoned. */
    CHECK_WAIT(any(objects, 4, 0), WAIT_OBJECT_0);
    CHECK_WAIT(any(objects, 4, 0), WAIT_ABANDONED_0 + 2);
    CHECK(wait_elsewhere(objects[2], 0) == WAIT_TIMEOUT);
    CHECK_WAIT(any(objects, 4, 0), WAIT_OBJECT_0 + 2);
    CHECK(times_owned(objects[2]) == 2);
    CHECK_WAIT(any(objects + 3, 1, INFINITE), WAIT_ABANDONED_0);
    CHECK(times_owned(objects[3]) == 1);
    TAKES(objects[3]);
    CHECK(times_owned(objects[3]) == 1);
    close_all(objects, 4);
}

/* A sleeper is woken by an owner that ends, and is told which mutex that was. */
static void *own_until_told(void *objects)
{
    HANDLE *both = (HANDLE *)objects;

    CHECK(WaitForSingleObject(both[0], INFINITE) == WAIT_OBJECT_0);
    CHECK(SetEvent(both[2]));
    CHECK(WaitForSingleObject(both[1], INFINITE) == WAIT_OBJECT_0);
    return NULL;
}
static void the_end_of_an_owner_wakes(void)
{
    HANDLE owned[3], objects[3];
    SLEEPER sleeper;
    pthread_t owner;

    owned[0] = new_mutex(), owned[1] = new_auto(FALSE), owned[2] = new_auto(FALSE);
    objects[0] = new_auto(FALSE), objects[1] = new_semaphore(0, 1), objects[2] = owned[0];
    CHECK(pthread_create(&owner, NULL, own_until_told, owned) == 0);
    CHECK_WAIT(WaitForSingleObject(owned[2], INFINITE), WAIT_OBJECT_0);
    start_many(&sleeper, objects, 3, FALSE, owned[0]);
    CHECK(SetEvent(owned[1]) && pthread_join(owner, NULL) == 0);
    CHECK(end_sleeper(&sleeper) == WAIT_ABANDONED_0 + 2);
    TAKES(owned[0]);
    CHECK(times_owned(owned[0]) == 1);
    close_all(owned, 3);
    close_all(objects, 2);
}

/* 64 objects of all kinds: whichever is signalled wakes the sleeper, which tells its index and takes nothing else. */
static void any_of_sixty_four_wakes(void)
{
    enum { COUNT = MAXIMUM_WAIT_OBJECTS };
    HANDLE objects[COUNT];
    LARGE_INTEGER due;
    SLEEPER sleeper;
    DWORD i;

    for (i = 0; i < COUNT; ++i)
        objects[i] = i % 4 == 0   ? new_auto(FALSE)
                     : i % 4 == 1 ? new_manual(FALSE)
                     : i % 4 == 2 ? new_semaphore(0, 1)
                                  : new_timer(FALSE);
    due.QuadPart = -10000;
    for (i = 0; i < COUNT; ++i) {
        start_any(&sleeper, objects, COUNT);
        if (i % 4 < 2)
            CHECK(SetEvent(objects[i]));
        else if (i % 4 == 2)
            CHECK(ReleaseSemaphore(objects[i], 1, NULL));
        else
            CHECK(SetWaitableTimer(objects[i], &due, 0, NULL, NULL, FALSE));
        CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0 + i);
        if (i % 4 == 1)
            CHECK(ResetEvent(objects[i]));
        CHECK_WAIT(any(objects, COUNT, 0), WAIT_TIMEOUT);
    }
    close_all(objects, COUNT);
}

/* Several sleep for overlapping sets: every signal is taken by somebody who waits for it, and by one only. */
static void every_signal_is_for_one_sleeper(void)
{
    enum { SLEEPERS = 6, SIGNALS = 4 };
    HANDLE objects[3];
    SLEEPER sleepers[SLEEPERS];
    int i, waiting;

    objects[0] = new_auto(FALSE), objects[1] = new_semaphore(0, 9), objects[2] = new_auto(FALSE);
    for (i = 0; i < SLEEPERS; ++i)
        start_any(&sleepers[i], objects + i % 2, 2);
    CHECK(ReleaseSemaphore(objects[1], SIGNALS, NULL));
    do {
        for (i = waiting = 0; i < SLEEPERS; ++i)
            waiting += still_sleeps(&sleepers[i]);
    } while (waiting > SLEEPERS - SIGNALS);
    CHECK(waiting == SLEEPERS - SIGNALS);
    MISSES(objects[1]);
    CHECK(ReleaseSemaphore(objects[1], SLEEPERS - SIGNALS, NULL));
    for (i = 0; i < SLEEPERS; ++i)
        CHECK(end_sleeper(&sleepers[i]) == WAIT_OBJECT_0 + (i % 2 == 0 ? 1u : 0u));
    MISSES(objects[1]);
    close_all(objects, 3);
}

int main(void)
{
    check_begin();
    one_to_sixty_four_objects();
    the_lowest_signalled_index_wins();
    the_ex_function_does_the_same();
    an_object_may_be_there_twice();
    bad_handles_fail_the_wait();
    the_abandoned_index_is_told();
    the_end_of_an_owner_wakes();
    any_of_sixty_four_wakes();
    every_signal_is_for_one_sleeper();
    return check_end();
}
