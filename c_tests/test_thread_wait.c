/*
 * test_thread_wait.c - threads that are waited for: by many, with other
 * objects, by handles from everywhere, and what is true when the wait is over.
 */
#include "wait_many.h"

static DWORD WINAPI wait_for(LPVOID event)
{
    return WaitForSingleObject((HANDLE)event, INFINITE) == WAIT_OBJECT_0 ? 7 : 0xBAD;
}
static HANDLE start(LPTHREAD_START_ROUTINE routine, LPVOID argument)
{
    HANDLE thread = CreateThread(NULL, 0, routine, argument, 0, NULL);

    CHECK(thread != NULL);
    return thread;
}

/* Its end wakes all who wait for it, and is there for all who come later. */
static void the_end_wakes_everybody(void)
{
    HANDLE event = new_auto(FALSE), thread = start(wait_for, event), other = reduced(thread, SYNCHRONIZE);
    WAITER sleepers[5];
    int i;

    for (i = 0; i < 5; ++i)
        start_sleeper(&sleepers[i], i % 2 ? thread : other);
    CHECK(count_done(sleepers, 5) == 0);
    CHECK(SetEvent(event));
    for (i = 0; i < 5; ++i)
        CHECK(end_waiter(&sleepers[i]) == WAIT_OBJECT_0 && sleepers[i].error == SENTINEL);
    TAKES(thread);
    TAKES(other);
    CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    CHECK(CloseHandle(event) && CloseHandle(thread) && CloseHandle(other));
}

/* Threads among other objects: the lowest index of a wait-any, and a wait-all that takes the event with the last end. */
static void threads_are_waited_for_with_others(void)
{
    HANDLE events[2], objects[4];
    SLEEPER any, all;

    events[0] = new_auto(FALSE), events[1] = new_auto(FALSE);
    objects[0] = new_auto(FALSE), objects[1] = start(wait_for, events[0]);
    objects[2] = new_semaphore(0, 1), objects[3] = start(wait_for, events[1]);
    CHECK_WAIT(WaitForMultipleObjects(4, objects, FALSE, 5), WAIT_TIMEOUT);
    start_any(&any, objects, 4);
    CHECK(SetEvent(events[1]));
    CHECK(end_sleeper(&any) == WAIT_OBJECT_0 + 3);
    start_any(&any, objects, 3);
    CHECK(ReleaseSemaphore(objects[2], 1, NULL));
    CHECK(end_sleeper(&any) == WAIT_OBJECT_0 + 2);
    CHECK(SetEvent(objects[0]) && ReleaseSemaphore(objects[2], 1, NULL));
    start_all(&all, objects, 4);
    CHECK(still_sleeps(&all));
    TAKES(objects[0]);
    CHECK(SetEvent(objects[0]));
    CHECK(SetEvent(events[0]));
    CHECK(end_sleeper(&all) == WAIT_OBJECT_0);
    MISSES(objects[0]);
    MISSES(objects[2]);
    CHECK_WAIT(WaitForMultipleObjects(4, objects, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    close_all(objects, 4);
    close_all(events, 2);
}

/* The same thread twice is too often for a wait-all, by whatever handles. */
static void a_thread_is_in_a_wait_all_once(void)
{
    HANDLE event = new_auto(FALSE), thread = start(wait_for, event), set[3];

    set[0] = thread, set[1] = same_object(thread), set[2] = same_object(GetCurrentThread());
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, set, TRUE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT(WaitForMultipleObjects(2, set, FALSE, 0), WAIT_TIMEOUT);
    CHECK_WAIT(WaitForMultipleObjects(2, set + 1, TRUE, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(event));
    CHECK_WAIT(WaitForMultipleObjects(3, set, FALSE, INFINITE), WAIT_OBJECT_0);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, set, TRUE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT(WaitForMultipleObjects(2, set + 1, TRUE, 5), WAIT_TIMEOUT);
    close_all(set, 3);
    CHECK(CloseHandle(event));
}

/* Sixty-four: the wait-all ends with the last of them, whichever that is. */
static void sixty_four_threads_are_waited_for(void)
{
    enum { COUNT = MAXIMUM_WAIT_OBJECTS };
    HANDLE events[COUNT], threads[COUNT];
    SLEEPER all;
    DWORD i;

    for (i = 0; i < COUNT; ++i)
        events[i] = new_auto(FALSE), threads[i] = start(wait_for, events[i]);
    start_all(&all, threads, COUNT);
    for (i = COUNT; i-- > 0;) {
        if (i % 16 == 0)
            CHECK(still_sleeps(&all));
        CHECK(SetEvent(events[i]));
        CHECK_WAIT(WaitForMultipleObjects(i + 1, threads, FALSE, INFINITE), WAIT_OBJECT_0 + i);
    }
    CHECK(end_sleeper(&all) == WAIT_OBJECT_0);
    close_all(threads, COUNT);
    close_all(events, COUNT);
}

/* A thread of pthread_create gives away a handle of itself: it is waited for while it runs and when it is long gone. */
typedef struct GIVER {
    HANDLE self, given, may_end;
} GIVER;
static void *give_myself_away(void *argument)
{
    GIVER *giver = (GIVER *)argument;

    giver->self = same_object(GetCurrentThread());
    SetEvent(giver->given);
    WaitForSingleObject(giver->may_end, INFINITE);
    return NULL;
}
static void a_thread_gives_a_handle_of_itself(void)
{
    GIVER giver;
    pthread_t thread;
    SLEEPER sleeper;
    DWORD code = 0xDEAD;
    int i;

    giver.self = NULL, giver.given = new_auto(FALSE), giver.may_end = new_auto(FALSE);
    for (i = 0; i < 3; ++i) {
        CHECK(pthread_create(&thread, NULL, give_myself_away, &giver) == 0);
        CHECK_WAIT(WaitForSingleObject(giver.given, INFINITE), WAIT_OBJECT_0);
        MISSES(giver.self);
        CHECK(GetExitCodeThread(giver.self, &code) && code == STILL_ACTIVE);
        if (i == 0) {
            start_any(&sleeper, &giver.self, 1);
            CHECK(SetEvent(giver.may_end));
            CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
        } else if (i == 1) {
            CHECK(SetEvent(giver.may_end));
            CHECK_WAIT(WaitForSingleObject(giver.self, INFINITE), WAIT_OBJECT_0);
        }
        if (i == 2)
            CHECK(SetEvent(giver.may_end));
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK_WAIT(WaitForSingleObject(giver.self, 60000), WAIT_OBJECT_0);
        CHECK(GetExitCodeThread(giver.self, &code) && code != STILL_ACTIVE);
        CHECK(CloseHandle(giver.self));
    }
    CHECK(CloseHandle(giver.given) && CloseHandle(giver.may_end));
}
/* The handle of a thread that runs on is closed, and nothing happens to it; of the main thread there is one too. */
static void *wait_for_thread_a_while(void *thread)
{
    CHECK_WAIT(WaitForSingleObject((HANDLE)thread, 20), WAIT_TIMEOUT);
    return NULL;
}
static void the_main_thread_is_waited_for_in_vain(void)
{
    HANDLE self = same_object(GetCurrentThread());

    in_a_thread(wait_for_thread_a_while, self);
    CHECK(CloseHandle(self));
}

/* The thread is over when the wait for it is: its mutexes are abandoned, and what it wrote is there. */
static HANDLE mutexes[2];
static volatile int written;
static DWORD WINAPI write_and_end(LPVOID value)
{
    WaitForSingleObject(mutexes[0], INFINITE);
    WaitForSingleObject(mutexes[1], INFINITE);
    written = (int)(intptr_t)value;
    return 0;
}
static DWORD WINAPI write_and_exit(LPVOID value)
{
    write_and_end(value);
    ExitThread(1);
    return 2;
}
static void the_thread_is_over_when_the_wait_is(void)
{
    int i;

    mutexes[0] = new_mutex(), mutexes[1] = new_mutex();
    for (i = 1; i <= 100; ++i) {
        HANDLE thread = start(i % 2 ? write_and_end : write_and_exit, (LPVOID)(intptr_t)i);

        CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
        CHECK(written == i);
        CHECK_WAIT(WaitForSingleObject(mutexes[0], 0), WAIT_ABANDONED);
        CHECK_WAIT(WaitForMultipleObjects(2, mutexes, TRUE, 0), WAIT_ABANDONED_0);
        CHECK(times_owned(mutexes[0]) == 2 && times_owned(mutexes[1]) == 1);
        CHECK(CloseHandle(thread));
    }
    close_all(mutexes, 2);
}

/* Many come and go while others wait for them: nobody is forgotten, and nothing is left open. */
static DWORD WINAPI come_and_go(LPVOID unused)
{
    return unused == NULL;
}
static void threads_come_and_go(void)
{
    int descriptors = 0, i;

    for (i = 0; i < 400; ++i) {
        HANDLE thread = start(come_and_go, NULL);

        CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
        CHECK(CloseHandle(thread));
        if (i == 99)
            descriptors = count_entries("/proc/self/fd");
    }
    CHECK(count_entries("/proc/self/fd") <= descriptors + 10);
}

int main(void)
{
    check_begin();
    the_end_wakes_everybody();
    threads_are_waited_for_with_others();
    a_thread_is_in_a_wait_all_once();
    sixty_four_threads_are_waited_for();
    a_thread_gives_a_handle_of_itself();
    the_main_thread_is_waited_for_in_vain();
    the_thread_is_over_when_the_wait_is();
    threads_come_and_go();
    return check_end();
}
