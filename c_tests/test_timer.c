/*
 * test_timer.c - waitable timers that fire once: when, for whom, what setting
 * and cancelling do, and what they refuse.
 */
#include "wait_many.h"

/* Sets a timer to go off in so many milliseconds, once. */
static BOOL set_in(HANDLE timer, int ms)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL * ms;
    return SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}
static BOOL set_at(HANDLE timer, LONGLONG time)
{
    LARGE_INTEGER due;

    due.QuadPart = time;
    return SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}
/* The time in units of 100 ns since 1601, from the library and from the system. */
static LONGLONG file_time(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (LONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime;
}
static LONGLONG system_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec + 11644473600LL) * 10000000 + now.tv_nsec / 100;
}

/* A new timer is not set, and cancelling it is allowed. */
static void a_new_timer_is_inactive(BOOL manual)
{
    HANDLE timer;

    CHECK_LAST(timer = CreateWaitableTimerA(NULL, manual, NULL), ERROR_SUCCESS);
    MISSES(timer);
    CHECK_QUIET(CancelWaitableTimer(timer));
    CHECK_WAIT(WaitForSingleObject(timer, 20), WAIT_TIMEOUT);
    CHECK(CloseHandle(timer));
}

/* Relative time: not before it has passed. A manual timer stays signalled, another one is taken by one wait. */
static void it_fires_after_its_time(BOOL manual)
{
    static const int times[] = {0, 1, 3, 60};
    HANDLE timer = CreateWaitableTimerA(NULL, manual, NULL);
    DWORD i;

    for (i = 0; i < LENGTH(times); ++i) {
        long long before = microseconds();

        CHECK_QUIET(set_in(timer, times[i]));
        if (times[i] == 60)
            CHECK(WaitForSingleObject(timer, 0) == WAIT_TIMEOUT || microseconds() - before >= 60000);
        CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
        CHECK(microseconds() - before >= times[i] * 1000LL);
        CHECK_WAIT(WaitForSingleObject(timer, 5), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    }
    /* It also fires while nobody looks, and a shorter wait than that ends by its own time. */
    CHECK(set_in(timer, 30));
    Sleep(40);
    TAKES(timer);
    CHECK(set_in(timer, 60000));
    CHECK_WAIT(WaitForSingleObject(timer, 10), WAIT_TIMEOUT);
    CHECK(CloseHandle(timer));
}

/* Absolute time: what is past fires at once; what is to come, when the clock says so; what is too far never. */
static void it_fires_at_a_time_of_day(void)
{
    HANDLE timer = new_timer(TRUE);
    LONGLONG before = system_time(), now = file_time(), after = system_time();

    CHECK(before <= now && now <= after);
    CHECK_QUIET(set_at(timer, 1));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK_QUIET(set_at(timer, file_time() - 1));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    now = file_time();
    CHECK_QUIET(set_at(timer, now + 500000));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK(file_time() >= now + 500000);
    CHECK_QUIET(set_at(timer, now + 36000000000LL));
    CHECK_WAIT(WaitForSingleObject(timer, 10), WAIT_TIMEOUT);
    CHECK_QUIET(set_at(timer, INT64_MAX));
    CHECK_WAIT(WaitForSingleObject(timer, 10), WAIT_TIMEOUT);
    CHECK_QUIET(set_at(timer, INT64_MIN));
    CHECK_WAIT(WaitForSingleObject(timer, 10), WAIT_TIMEOUT);
    CHECK(CloseHandle(timer));
}

/* Cancelling stops what is to come and leaves what was, also if nobody has looked; setting begins anew, unsignalled. */
static void cancel_keeps_and_set_clears_the_signal(BOOL manual)
{
    HANDLE timer = new_timer(manual);
    long long before;

    CHECK(set_in(timer, 3));
    Sleep(10);
    CHECK_QUIET(CancelWaitableTimer(timer));
    TAKES(timer);
    CHECK(set_in(timer, 3));
    Sleep(10);
    CHECK(set_in(timer, 60000));
    MISSES(timer);
    before = microseconds();
    CHECK(set_in(timer, 50));
    CHECK_QUIET(CancelWaitableTimer(timer));
    CHECK_QUIET(CancelWaitableTimer(timer));
    if (microseconds() - before < 50000)
        CHECK_WAIT(WaitForSingleObject(timer, 80), WAIT_TIMEOUT);
    CHECK(CloseHandle(timer));
}

/* Setting again replaces the time, also for those who sleep already: later means later, sooner means sooner. */
static void setting_again_replaces_the_time(void)
{
    HANDLE timer = new_timer(FALSE);
    WAITER sleeper;
    long long first = microseconds(), second;

    CHECK(set_in(timer, 200));
    start_sleeper(&sleeper, timer);
    second = microseconds();
    CHECK(set_in(timer, 300));
    if (microseconds() - first < 200000) {
        CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0 && sleeper.error == SENTINEL);
        CHECK(microseconds() - second >= 300000);
    } else {
        end_waiter(&sleeper); /* a slow machine: it may have fired before */
    }
    CHECK(set_in(timer, 50000));
    start_sleeper(&sleeper, timer);
    second = microseconds();
    CHECK(set_in(timer, 30));
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    CHECK(microseconds() - second >= 30000);
    CHECK(CloseHandle(timer));
}
/* Cancelled, it does not wake those who slept until it is due; set again, it does. */
static void who_sleeps_is_not_woken_by_a_cancelled_timer(void)
{
    HANDLE timer = new_timer(FALSE);
    WAITER sleeper;
    long long before = microseconds();

    CHECK(set_in(timer, 200));
    start_sleeper(&sleeper, timer);
    CHECK(CancelWaitableTimer(timer));
    if (microseconds() - before < 200000) {
        Sleep(220);
        CHECK(until_asleep(sleeper.tid) && !is_done(&sleeper));
    }
    CHECK(set_in(timer, 0));
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    CHECK(CloseHandle(timer));
}

/* One that is manual wakes all who sleep, the other wakes one. */
static void a_manual_timer_wakes_all(void)
{
    enum { SLEEPERS = 4 };
    HANDLE manual = new_timer(TRUE), single = new_timer(FALSE);
    WAITER sleepers[SLEEPERS];
    int i;

    for (i = 0; i < SLEEPERS; ++i)
        start_sleeper(&sleepers[i], manual);
    CHECK(set_in(manual, 5));
    for (i = 0; i < SLEEPERS; ++i)
        CHECK(end_waiter(&sleepers[i]) == WAIT_OBJECT_0);
    for (i = 0; i < SLEEPERS; ++i)
        start_sleeper(&sleepers[i], single);
    for (i = 1; i <= SLEEPERS; ++i) {
        CHECK(set_in(single, 5));
        CHECK(until_done(sleepers, SLEEPERS, i) == i);
    }
    for (i = 0; i < SLEEPERS; ++i)
        CHECK(end_waiter(&sleepers[i]) == WAIT_OBJECT_0);
    CHECK(CloseHandle(manual) && CloseHandle(single));
}

/* It belongs to nobody: the thread that set it ends, the handle that it was set by is closed, and it fires. */
static void *set_and_end(void *timer)
{
    HANDLE other = same_object((HANDLE)timer);

    CHECK(set_in(other, 30) && CloseHandle(other));
    return NULL;
}
static void it_fires_without_its_setter(void)
{
    HANDLE timer = new_timer(FALSE);

    in_a_thread(set_and_end, timer);
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK(CloseHandle(timer));
}

/* Timers among other objects: the first that is due ends the wait; a wait-all takes it with the rest. */
static void timers_are_waited_for_with_others(void)
{
    HANDLE objects[3];
    long long before = microseconds();

    objects[0] = new_timer(FALSE), objects[1] = new_timer(TRUE), objects[2] = new_auto(FALSE);
    CHECK(set_in(objects[0], 60000) && set_in(objects[1], 40));
    CHECK_WAIT(WaitForMultipleObjects(3, objects, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    CHECK(microseconds() - before >= 40000);
    CHECK(SetEvent(objects[2]));
    before = microseconds();
    CHECK(set_in(objects[0], 30));
    CHECK_WAIT(WaitForMultipleObjects(3, objects, TRUE, INFINITE), WAIT_OBJECT_0);
    CHECK(microseconds() - before >= 30000);
    MISSES(objects[0]);
    TAKES(objects[1]);
    MISSES(objects[2]);
    close_all(objects, 3);
}

/* A tolerance is accepted. That no machine is woken is told, and no failure. A routine, which nothing would run, is refused. */
static VOID CALLBACK routine(LPVOID argument, DWORD low, DWORD high)
{
    CHECK(argument == NULL && low == 0 && high == 0 && !"a routine ran");
}
static void the_other_arguments(void)
{
    HANDLE timer = new_timer(TRUE);
    LARGE_INTEGER due, late;

    due.QuadPart = -100000, late.QuadPart = -600000000;
    CHECK_QUIET(SetWaitableTimerEx(timer, &due, 0, NULL, NULL, NULL, 0));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK_QUIET(SetWaitableTimerEx(timer, &due, 0, NULL, NULL, NULL, 20));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK_LAST(SetWaitableTimer(timer, &due, 0, NULL, NULL, TRUE), ERROR_NOT_SUPPORTED);
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK_ERROR(SetWaitableTimer(timer, &late, 0, routine, NULL, FALSE), ERROR_NOT_SUPPORTED);
    CHECK_ERROR(SetWaitableTimerEx(timer, &late, 0, routine, timer, NULL, 0), ERROR_NOT_SUPPORTED);
    CHECK_ERROR(SetWaitableTimerEx(timer, &late, 0, NULL, NULL, &due, 0), ERROR_NOT_SUPPORTED);
    TAKES(timer);
    /* Without a routine its argument means nothing. */
    CHECK_QUIET(SetWaitableTimer(timer, &due, 0, NULL, timer, FALSE));
    CHECK_WAIT(WaitForSingleObjectEx(timer, INFINITE, TRUE), WAIT_OBJECT_0);
    CHECK(CloseHandle(timer));
}

int main(void)
{
    BOOL manual;

    check_begin();
    for (manual = FALSE; manual <= TRUE; ++manual) {
        a_new_timer_is_inactive(manual);
        it_fires_after_its_time(manual);
        cancel_keeps_and_set_clears_the_signal(manual);
    }
    it_fires_at_a_time_of_day();
    setting_again_replaces_the_time();
    who_sleeps_is_not_woken_by_a_cancelled_timer();
    a_manual_timer_wakes_all();
    it_fires_without_its_setter();
    timers_are_waited_for_with_others();
    the_other_arguments();
    return check_end();
}
