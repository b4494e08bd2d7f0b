/*
 * test_wait_all.c - waiting for all of several objects: it takes them at one
 * moment, when all are there, and until then takes and reserves nothing.
 */
#include "wait_many.h"

static DWORD all(const HANDLE *objects, DWORD count, DWORD timeout)
{
    return WaitForMultipleObjects(count, objects, TRUE, timeout);
}

/* All are there: each gives what a wait takes of its kind. */
static void all_are_taken_together(void)
{
    HANDLE objects[6];
    LARGE_INTEGER now;
    LONG before = -1;

    objects[0] = new_auto(TRUE), objects[1] = new_manual(TRUE), objects[2] = new_semaphore(2, 2), objects[3] = new_mutex();
    objects[4] = new_timer(FALSE), objects[5] = new_timer(TRUE);
    now.QuadPart = 0;
    CHECK(SetWaitableTimer(objects[4], &now, 0, NULL, NULL, FALSE));
    CHECK(SetWaitableTimer(objects[5], &now, 0, NULL, NULL, FALSE));
    CHECK_WAIT(all(objects, 6, INFINITE), WAIT_OBJECT_0);
    MISSES(objects[0]);
    TAKES(objects[1]);
    CHECK(ReleaseSemaphore(objects[2], 1, &before) && before == 1);
    CHECK(times_owned(objects[3]) == 1);
    MISSES(objects[4]);
    TAKES(objects[5]);
    /* One of one is all. */
    CHECK_WAIT(all(objects, 1, 0), WAIT_TIMEOUT);
    CHECK_WAIT(all(objects + 2, 1, 0), WAIT_OBJECT_0);
    CHECK_WAIT(WaitForMultipleObjectsEx(2, objects + 1, TRUE, INFINITE, TRUE), WAIT_OBJECT_0);
    MISSES(objects[2]);
    close_all(objects, 6);
}

/* One is missing: the time passes, and everything else is as it was; whichever it is. */
static void a_timeout_leaves_all_untouched(void)
{
    HANDLE objects[4];
    DWORD missing;

    for (missing = 0; missing < 3; ++missing) {
        long long start;
        LONG before = -1;

        objects[0] = new_auto(missing != 0), objects[1] = new_manual(missing != 1);
        objects[2] = new_semaphore(missing != 2, 2), objects[3] = new_mutex();
        CHECK_WAIT(all(objects, 4, 0), WAIT_TIMEOUT);
        start = microseconds();
        CHECK_WAIT(all(objects, 4, 20), WAIT_TIMEOUT);
        CHECK(microseconds() - start >= 20000);
        CHECK_WAIT(WaitForSingleObject(objects[0], 0), missing == 0 ? WAIT_TIMEOUT : WAIT_OBJECT_0);
        CHECK_WAIT(WaitForSingleObject(objects[1], 0), missing == 1 ? WAIT_TIMEOUT : WAIT_OBJECT_0);
        CHECK(ReleaseSemaphore(objects[2], 1, &before) && before == (missing != 2));
        CHECK(times_owned(objects[3]) == 0 && wait_elsewhere(objects[3], 0) == WAIT_OBJECT_0);
        close_all(objects, 4);
    }
}

/* While a wait-all sleeps, others take what is there already; it begins to have them when all are there at once. */
static void nothing_is_reserved(void)
{
    HANDLE objects[3];
    SLEEPER sleeper;

    objects[0] = new_auto(FALSE), objects[1] = new_semaphore(0, 1), objects[2] = new_manual(FALSE);
    start_all(&sleeper, objects, 3);
    CHECK(SetEvent(objects[0]) && ReleaseSemaphore(objects[1], 1, NULL));
    CHECK(still_sleeps(&sleeper));
    TAKES(objects[0]);
    TAKES(objects[1]);
    /* What it saw before is worth nothing now. */
    CHECK(SetEvent(objects[2]));
    CHECK(still_sleeps(&sleeper));
    CHECK(SetEvent(objects[0]));
    CHECK(still_sleeps(&sleeper));
    CHECK(ResetEvent(objects[2]));
    CHECK(ReleaseSemaphore(objects[1], 1, NULL));
    CHECK(still_sleeps(&sleeper));
    TAKES(objects[0]);
    CHECK(SetEvent(objects[2]));
    CHECK(still_sleeps(&sleeper));
    TAKES(objects[1]);
    CHECK(ReleaseSemaphore(objects[1], 1, NULL));
    CHECK(SetEvent(objects[0]));
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    MISSES(objects[0]);
    MISSES(objects[1]);
    TAKES(objects[2]);
    close_all(objects, 3);
}

/* A single waiter for one of the objects gets it while the wait-all goes without; later both have what they want. */
static void a_single_waiter_takes_its_object_from_the_set(void)
{
    HANDLE objects[2];
    SLEEPER sleeper;
    WAITER single;

    objects[0] = new_auto(FALSE), objects[1] = new_auto(FALSE);
    start_all(&sleeper, objects, 2);
    start_sleeper(&single, objects[0]);
    CHECK(SetEvent(objects[0]));
    CHECK(end_waiter(&single) == WAIT_OBJECT_0);
    CHECK(still_sleeps(&sleeper));
    CHECK(SetEvent(objects[1]));
    CHECK(still_sleeps(&sleeper));
    TAKES(objects[1]);
    CHECK(SetEvent(objects[1]) && SetEvent(objects[0]));
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    MISSES(objects[0]);
    MISSES(objects[1]);
    close_all(objects, 2);
}

/* The same object twice, by one handle or by two, is refused, and nothing is taken. */
static void an_object_is_there_once(void)
{
    enum { COUNT = MAXIMUM_WAIT_OBJECTS };
    HANDLE objects[COUNT], good[COUNT], others[3];
    const char *name = NAME("twice");
    DWORD i;

    for (i = 0; i < COUNT; ++i)
        good[i] = i == 0 ? CreateMutexA(NULL, FALSE, name) : i == 1 ? new_semaphore(1, 1) : new_auto(TRUE);
    others[0] = OpenMutexA(SYNCHRONIZE, FALSE, name), others[1] = same_object(good[1]), others[2] = same_object(good[2]);
    for (i = 0; i < 3; ++i) {
        memcpy(objects, good, sizeof objects);
        objects[COUNT - 1] = good[i];
        CHECK_WAIT_FAILS(all(objects, COUNT, 0), ERROR_INVALID_PARAMETER);
        objects[COUNT - 1] = others[i];
        CHECK_WAIT_FAILS(all(objects, COUNT, INFINITE), ERROR_INVALID_PARAMETER);
        objects[i + 1] = others[i];
        CHECK_WAIT_FAILS(all(objects + i, 2, 10), ERROR_INVALID_PARAMETER);
        CHECK_WAIT_FAILS(WaitForMultipleObjectsEx(i + 2, objects, TRUE, 0, TRUE), ERROR_INVALID_PARAMETER);
    }
    CHECK(times_owned(good[0]) == 0);
    CHECK_WAIT(all(good, COUNT, 0), WAIT_OBJECT_0);
    CHECK(times_owned(good[0]) == 1);
    close_all(good, COUNT);
    close_all(others, 3);
}

/* An abandoned mutex anywhere in the set: the result says abandoned, without an index, and once. */
static void an_abandoned_mutex_is_told_without_its_index(void)
{
    HANDLE objects[3];
    DWORD place;

    for (place = 0; place < 3; ++place) {
        DWORD i;

        for (i = 0; i < 3; ++i)
            objects[i] = i == place ? new_mutex() : new_auto(TRUE);
        abandon(objects[place]);
        CHECK_WAIT(all(objects, 3, 0), WAIT_ABANDONED_0);
        CHECK(times_owned(objects[place]) == 1);
        for (i = 0; i < 3; ++i)
            if (i != place)
                MISSES(objects[i]), CHECK(SetEvent(objects[i]));
        CHECK_WAIT(all(objects, 3, INFINITE), WAIT_OBJECT_0);
        CHECK(times_owned(objects[place]) == 1);
        close_all(objects, 3);
    }
    /* Two of them are told by one wait. */
    objects[0] = new_mutex(), objects[1] = new_auto(TRUE), objects[2] = new_mutex();
    abandon(objects[0]);
    abandon(objects[2]);
    CHECK_WAIT(all(objects, 3, INFINITE), WAIT_ABANDONED_0);
    CHECK(times_owned(objects[0]) == 1 && times_owned(objects[2]) == 1);
    CHECK(wait_elsewhere(objects[0], 0) == WAIT_OBJECT_0 && wait_elsewhere(objects[2], 0) == WAIT_OBJECT_0);
    close_all(objects, 3);
}

/* A wait-all that does not come about, or fails, leaves the mutex abandoned for the next one. */
static void an_unsatisfied_wait_keeps_the_mutex_abandoned(void)
{
    HANDLE objects[3];
    SLEEPER sleeper;

    objects[0] = new_mutex(), objects[1] = new_auto(FALSE), objects[2] = GARBAGE_HANDLE;
    abandon(objects[0]);
    CHECK_WAIT(all(objects, 2, 0), WAIT_TIMEOUT);
    CHECK_WAIT(all(objects, 2, 15), WAIT_TIMEOUT);
    CHECK_WAIT_FAILS(all(objects, 3, 0), ERROR_INVALID_HANDLE);
    CHECK_WAIT(WaitForSingleObject(objects[0], 0), WAIT_ABANDONED);
    CHECK(times_owned(objects[0]) == 1);
    /* Also one that is asleep: somebody else is told, and it is not any more. */
    abandon(objects[0]);
    start_many(&sleeper, objects, 2, TRUE, objects[0]);
    CHECK(wait_elsewhere(objects[0], 0) == WAIT_ABANDONED);
    CHECK(SetEvent(objects[1]));
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    /* Abandoned while it sleeps, it is told. */
    start_many(&sleeper, objects, 2, TRUE, objects[0]);
    abandon(objects[0]);
    CHECK(SetEvent(objects[1]));
    CHECK(end_sleeper(&sleeper) == WAIT_ABANDONED_0);
    close_all(objects, 2);
}

/* The caller's own mutex is always there for it, and counts once more; for others it is not. */
static void the_callers_own_mutex_recurses(void)
{
    HANDLE objects[3];

    objects[0] = new_auto(TRUE), objects[1] = CreateMutexA(NULL, TRUE, NULL), objects[2] = new_mutex();
    CHECK_WAIT(all(objects, 3, 0), WAIT_OBJECT_0);
    CHECK_WAIT(all(objects, 3, 10), WAIT_TIMEOUT);
    CHECK_WAIT(all(objects + 1, 2, INFINITE), WAIT_OBJECT_0);
    CHECK(wait_elsewhere(objects[1], 0) == WAIT_TIMEOUT && wait_elsewhere(objects[2], 0) == WAIT_TIMEOUT);
    CHECK(times_owned(objects[1]) == 3 && times_owned(objects[2]) == 2);
    CHECK_ERROR(ReleaseMutex(objects[1]), ERROR_NOT_OWNER);
    CHECK(wait_elsewhere(objects[1], 0) == WAIT_OBJECT_0 && wait_elsewhere(objects[2], 0) == WAIT_OBJECT_0);
    close_all(objects, 3);
}

/* Sixty-four come one after the other, from the end; with the last one the sleeper has them all. */
static void sixty_four_are_waited_for(void)
{
    enum { COUNT = MAXIMUM_WAIT_OBJECTS };
    HANDLE objects[COUNT];
    SLEEPER sleeper;
    DWORD i;

    for (i = 0; i < COUNT; ++i)
        objects[i] = i % 2 == 0 ? new_auto(FALSE) : new_semaphore(0, 1);
    start_all(&sleeper, objects, COUNT);
    for (i = COUNT; i-- > 0;) {
        if (i % 16 == 0)
            CHECK(still_sleeps(&sleeper));
        CHECK(i % 2 == 0 ? SetEvent(objects[i]) : ReleaseSemaphore(objects[i], 1, NULL));
    }
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    CHECK_WAIT(WaitForMultipleObjects(COUNT, objects, FALSE, 0), WAIT_TIMEOUT);
    close_all(objects, COUNT);
}

/* Five philosophers: each takes the two mutexes beside it at once. Nobody shares one, and nobody waits for ever. */
enum { SEATS = 5, MEALS = 300 };
static HANDLE forks[SEATS];
static int in_use[SEATS], shared_forks, missing_forks;

static void *philosopher(void *seat)
{
    int left = (int)(intptr_t)seat, right = (left + 1) % SEATS, meal;
    HANDLE mine[2];

    mine[0] = forks[left], mine[1] = forks[right];
    for (meal = 0; meal < MEALS; ++meal) {
        if (all(mine, 2, INFINITE) != WAIT_OBJECT_0)
            missing_forks = 1;
        if (in_use[left]++ != 0 || in_use[right]++ != 0)
            shared_forks = 1;
        if (meal % 50 == 0)
            Sleep(1);
        --in_use[left], --in_use[right];
        if (!ReleaseMutex(mine[meal % 2]) || !ReleaseMutex(mine[1 - meal % 2]))
            missing_forks = 1;
    }
    return NULL;
}
static void philosophers_neither_share_nor_starve(void)
{
    pthread_t threads[SEATS];
    int i;

    for (i = 0; i < SEATS; ++i)
        forks[i] = new_mutex();
    for (i = 0; i < SEATS; ++i)
        CHECK(pthread_create(&threads[i], NULL, philosopher, (void *)(intptr_t)i) == 0);
    for (i = 0; i < SEATS; ++i)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(!shared_forks && !missing_forks);
    close_all(forks, SEATS);
}

int main(void)
{
    check_begin();
    all_are_taken_together();
    a_timeout_leaves_all_untouched();
    nothing_is_reserved();
    a_single_waiter_takes_its_object_from_the_set();
    an_object_is_there_once();
    an_abandoned_mutex_is_told_without_its_index();
    an_unsatisfied_wait_keeps_the_mutex_abandoned();
    the_callers_own_mutex_recurses();
    sixty_four_are_waited_for();
    philosophers_neither_share_nor_starve();
    return check_end();
}
