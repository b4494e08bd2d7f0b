/*
 * test_timer_periodic.c - timers that fire again and again: never early, each
 * time once, until they are cancelled or set to something else.
 */
#include "wait_many.h"

static BOOL set_periodic(HANDLE timer, int ms, LONG period)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL * ms;
    return SetWaitableTimer(timer, &due, period, NULL, NULL, FALSE);
}

/* The first time when it is due, then each time a period later; no wait ends before its turn. */
static void it_fires_every_period(BOOL alertable)
{
    HANDLE timer = new_timer(FALSE);
    long long before = microseconds();
    int i;

    CHECK_QUIET(set_periodic(timer, 20, 25));
    for (i = 0; i < 5; ++i) {
        CHECK_WAIT(WaitForSingleObjectEx(timer, INFINITE, alertable), WAIT_OBJECT_0);
        CHECK(microseconds() - before >= 20000 + i * 25000LL);
    }
    CHECK(CancelWaitableTimer(timer));
    CHECK(CloseHandle(timer));
}

/* Absolute times have periods too: the first one is past and fires at once. */
static void it_begins_at_a_time_of_day(void)
{
    HANDLE timer = new_timer(FALSE);
    LARGE_INTEGER due;
    long long before = microseconds();
    int i;

    due.QuadPart = 1;
    CHECK_QUIET(SetWaitableTimer(timer, &due, 30, NULL, NULL, FALSE));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    for (i = 1; i <= 3; ++i)
        CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    /* Whatever the grid of its periods is, the third of them has begun two periods after the first. */
    CHECK(microseconds() - before >= 60000);
    CHECK(CloseHandle(timer));
}

/* Nobody looks for some periods: they are not counted, the timer is signalled once, and goes on in its old rhythm. */
static void missed_periods_are_not_counted(void)
{
    HANDLE timer = new_timer(FALSE);
    long long before = microseconds();
    DWORD again;

    CHECK(set_periodic(timer, 10, 100));
    Sleep(350);
    TAKES(timer);
    again = WaitForSingleObject(timer, 0);
    if (microseconds() - before < 410000)
        CHECK(again == WAIT_TIMEOUT);
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK(microseconds() - before >= 410000);
    CHECK(CloseHandle(timer));
}

/* A manual one stays signalled from the first time on, until it is set again. */
static void a_manual_one_stays_signalled(void)
{
    HANDLE timer = new_timer(TRUE);

    CHECK(set_periodic(timer, 5, 10));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    TAKES(timer);
    Sleep(25);
    TAKES(timer);
    CHECK_QUIET(CancelWaitableTimer(timer));
    TAKES(timer);
    CHECK(set_periodic(timer, 60000, 1));
    MISSES(timer);
    CHECK(CloseHandle(timer));
}

/* Cancelled, it keeps the signal that nobody took, and that is the last one. */
static void cancelled_it_fires_no_more(void)
{
    HANDLE timer = new_timer(FALSE);

    CHECK(set_periodic(timer, 1, 10));
    Sleep(30);
    CHECK_QUIET(CancelWaitableTimer(timer));
    TAKES(timer);
    CHECK_WAIT(WaitForSingleObject(timer, 60), WAIT_TIMEOUT);
    /* Set to go off once, it goes off once. */
    CHECK(set_periodic(timer, 1, 10));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK(set_periodic(timer, 5, 0));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK_WAIT(WaitForSingleObject(timer, 50), WAIT_TIMEOUT);
    CHECK(CloseHandle(timer));
}

/* The longest period there is: the second time is weeks away. A negative one is refused, and changes nothing. */
static void the_limits_of_periods(void)
{
    HANDLE timer = new_timer(FALSE), manual = new_timer(TRUE);
    LARGE_INTEGER due;
    long long before;

    CHECK_QUIET(set_periodic(timer, 5, 0x7FFFFFFF));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK_WAIT(WaitForSingleObject(timer, 30), WAIT_TIMEOUT);

    before = microseconds();
    CHECK(set_periodic(timer, 60, 0));
    due.QuadPart = -600000000;
    CHECK_ERROR(SetWaitableTimer(timer, &due, -1, NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetWaitableTimer(timer, &due, INT32_MIN, NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetWaitableTimerEx(timer, &due, -1, NULL, NULL, NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK(microseconds() - before >= 60000);
    CHECK_WAIT(WaitForSingleObject(timer, 20), WAIT_TIMEOUT);
    /* Nor does it clear a signal. */
    CHECK(set_periodic(manual, 0, 0));
    CHECK_WAIT(WaitForSingleObject(manual, INFINITE), WAIT_OBJECT_0);
    CHECK_ERROR(SetWaitableTimer(manual, &due, -1, NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
    TAKES(manual);
    CHECK(CloseHandle(timer) && CloseHandle(manual));
}

/* Three threads wait for one timer: each time it fires one of them gets it, so that takes never outnumber periods. */
enum { TAKERS = 3, TAKES_EACH = 20 };
static void *take_twenty(void *timer)
{
    int i;

    for (i = 0; i < TAKES_EACH; ++i)
        if (WaitForSingleObject((HANDLE)timer, INFINITE) != WAIT_OBJECT_0)
            return timer;
    return NULL;
}
static void each_time_is_for_one(void)
{
    HANDLE timer = new_timer(FALSE);
    pthread_t threads[TAKERS];
    long long before;
    void *failed;
    int i;

    for (i = 0; i < TAKERS; ++i)
        CHECK(pthread_create(&threads[i], NULL, take_twenty, timer) == 0);
    before = microseconds();
    CHECK(set_periodic(timer, 3, 3));
    for (i = 0; i < TAKERS; ++i)
        CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    CHECK(microseconds() - before >= TAKERS * TAKES_EACH * 3000LL);
    CHECK(CloseHandle(timer));
}

/* Two timers in one wait: the wait ends for each when it is due. */
static void two_rhythms_in_one_wait(void)
{
    HANDLE timers[2];
    long long before = microseconds();
    int i, fired[2] = {0, 0};

    timers[0] = new_timer(FALSE), timers[1] = new_timer(FALSE);
    CHECK(set_periodic(timers[0], 10, 10) && set_periodic(timers[1], 15, 35));
    for (i = 0; i < 200 && (fired[0] < 5 || fired[1] < 3); ++i) {
        DWORD which = WaitForMultipleObjects(2, timers, FALSE, INFINITE);

        if (!CHECK(which <= WAIT_OBJECT_0 + 1))
            break;
        ++fired[which - WAIT_OBJECT_0];
        CHECK(microseconds() - before >= fired[0] * 10000LL);
        CHECK(fired[1] == 0 || microseconds() - before >= 15000 + (fired[1] - 1) * 35000LL);
    }
    CHECK(fired[0] >= 5 && fired[1] >= 3);
    close_all(timers, 2);
}

int main(void)
{
    check_begin();
    it_fires_every_period(FALSE);
    it_fires_every_period(TRUE);
    it_begins_at_a_time_of_day();
    missed_periods_are_not_counted();
    a_manual_one_stays_signalled();
    cancelled_it_fires_no_more();
    the_limits_of_periods();
    each_time_is_for_one();
    two_rhythms_in_one_wait();
    return check_end();
}
