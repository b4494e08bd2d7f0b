/*
 * test_wait.c - waiting for one object: how long it lasts, what ends it and
 * what does not, and who may wait.
 */
#include "wait_many.h"

/* Both functions for one object; the alertable one has nobody who could alert it. */
static DWORD alertable(HANDLE object, DWORD timeout) { return WaitForSingleObjectEx(object, timeout, TRUE); }
static DWORD not_alertable(HANDLE object, DWORD timeout) { return WaitForSingleObjectEx(object, timeout, FALSE); }
static DWORD (*const functions[])(HANDLE, DWORD) = {WaitForSingleObject, alertable, not_alertable};

/* Time-out 0 asks: what is there is taken as by any wait, what is not is not waited for. */
static void a_timeout_of_zero_asks(DWORD (*wait)(HANDLE, DWORD))
{
    HANDLE manual = new_manual(FALSE), automatic = new_auto(TRUE), semaphore = new_semaphore(2, 2), mutex = new_mutex();
    struct rusage before, after;
    int i, misses = 0;

    CHECK_WAIT(wait(manual, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(manual));
    CHECK_WAIT(wait(manual, 0), WAIT_OBJECT_0);
    CHECK_WAIT(wait(manual, 0), WAIT_OBJECT_0);
    CHECK_WAIT(wait(automatic, 0), WAIT_OBJECT_0);
    CHECK_WAIT(wait(automatic, 0), WAIT_TIMEOUT);
    CHECK_WAIT(wait(semaphore, 0), WAIT_OBJECT_0);
    CHECK_WAIT(wait(semaphore, 0), WAIT_OBJECT_0);
    CHECK_WAIT(wait(semaphore, 0), WAIT_TIMEOUT);
    CHECK_WAIT(wait(mutex, 0), WAIT_OBJECT_0);
    CHECK(wait_elsewhere(mutex, 0) == WAIT_TIMEOUT);
    CHECK(times_owned(mutex) == 1);
    getrusage(RUSAGE_THREAD, &before);
    for (i = 0; i < 1000; ++i)
        misses += wait(automatic, 0) == WAIT_TIMEOUT;
    getrusage(RUSAGE_THREAD, &after);
    CHECK(misses == 1000 && after.ru_nvcsw - before.ru_nvcsw < 100);
    CHECK(CloseHandle(manual) && CloseHandle(automatic) && CloseHandle(semaphore) && CloseHandle(mutex));
}

/* A time-out never comes early, and what was not signalled is as it was. */
static void a_timeout_lasts_its_milliseconds(DWORD (*wait)(HANDLE, DWORD))
{
    static const DWORD times[] = {1, 2, 15, 60};
    HANDLE event = new_auto(FALSE);
    DWORD i;

    for (i = 0; i < LENGTH(times); ++i) {
        long long before = microseconds();

        CHECK_WAIT(wait(event, times[i]), WAIT_TIMEOUT);
        CHECK(microseconds() - before >= times[i] * 1000LL);
    }
    CHECK(SetEvent(event));
    CHECK_WAIT(wait(event, 60000), WAIT_OBJECT_0);
    CHECK_WAIT(wait(event, 1), WAIT_TIMEOUT);
    CHECK(CloseHandle(event));
}

/* The longest time-out that is one, and none at all: nothing overflows on the way, the waiter sleeps until it is woken. */
static void long_waits_end_with_the_signal(void)
{
    static const DWORD times[] = {INFINITE, INFINITE - 1, 0x80000000u, 0x7FFFFFFFu};
    HANDLE event = new_auto(FALSE);
    DWORD i;

    for (i = 0; i < LENGTH(times); ++i) {
        WAITER waiter;

        waiter.keeps = FALSE;
        start_waiter(&waiter, event, times[i]);
        CHECK(until_asleep(waiter.tid) && !is_done(&waiter));
        Sleep(20);
        CHECK(until_asleep(waiter.tid) && !is_done(&waiter));
        CHECK(SetEvent(event));
        CHECK(end_waiter(&waiter) == WAIT_OBJECT_0 && waiter.error == SENTINEL);
        MISSES(event);
    }
    CHECK(CloseHandle(event));
}

/* Who waits sleeps: a third of a second costs next to no processor time. */
static void waiting_costs_nothing(void)
{
    HANDLE event = new_auto(FALSE);
    struct timespec before, after;
    long long used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    CHECK_WAIT(WaitForSingleObject(event, 300), WAIT_TIMEOUT);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    used = (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec;
    CHECK(used < 60000000);
    CHECK(CloseHandle(event));
}

/* Signals that the program handles, with and without SA_RESTART, neither end a wait nor begin its time anew. */
static int handled;
static HANDLE set_by_handler;
static int count_handled(void) { return __atomic_load_n(&handled, __ATOMIC_RELAXED); }
static void count_signal(int number)
{
    int interrupted = errno;

    if (set_by_handler != NULL && number == SIGUSR2)
        SetEvent(set_by_handler);
    __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
    errno = interrupted;
}
static void handle_signals(int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    action.sa_flags = flags;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0);
    __atomic_store_n(&handled, 0, __ATOMIC_RELAXED);
}
static void interrupt(pthread_t thread, pid_t tid, int times)
{
    int i, already = count_handled();

    for (i = 1; i <= times; ++i) {
        if (!until_asleep(tid))
            return;
        CHECK(pthread_kill(thread, SIGUSR1) == 0);
        while (count_handled() < already + i && sleep_state(tid) != 0)
            a_moment();
    }
}
static void signals_do_not_show(int flags)
{
    HANDLE event = new_auto(FALSE);
    WAITER waiter;
    long long before = microseconds();

    handle_signals(flags);
    waiter.keeps = FALSE;
    start_waiter(&waiter, event, 250);
    interrupt(waiter.thread, waiter.tid, 5);
    CHECK(end_waiter(&waiter) == WAIT_TIMEOUT && waiter.error == SENTINEL);
    CHECK(microseconds() - before >= 250000);

    start_sleeper(&waiter, event);
    interrupt(waiter.thread, waiter.tid, 5);
    CHECK(until_asleep(waiter.tid) && !is_done(&waiter));
    CHECK(SetEvent(event));
    CHECK(end_waiter(&waiter) == WAIT_OBJECT_0 && waiter.error == SENTINEL);
    CHECK(CloseHandle(event));
}
/* The same for waits for several. */
static void signals_do_not_show_to_waits_for_many(int flags)
{
    HANDLE events[2];
    SLEEPER any, all;

    handle_signals(flags);
    events[0] = new_auto(FALSE), events[1] = new_auto(FALSE);
    start_any(&any, events, 2);
    interrupt(any.thread, any.tid, 5);
    CHECK(still_sleeps(&any));
    CHECK(SetEvent(events[1]));
    CHECK(end_sleeper(&any) == WAIT_OBJECT_0 + 1);

    start_all(&all, events, 2);
    interrupt(all.thread, all.tid, 5);
    CHECK(SetEvent(events[0]));
    interrupt(all.thread, all.tid, 5);
    CHECK(still_sleeps(&all));
    CHECK(SetEvent(events[1]));
    CHECK(end_sleeper(&all) == WAIT_OBJECT_0);
    close_all(events, 2);
}
/* SetEvent is allowed in a handler: it wakes the very thread that it interrupted. */
static void a_handler_wakes_the_thread_it_interrupts(int flags)
{
    WAITER waiter;
    int i;

    handle_signals(flags);
    set_by_handler = new_auto(FALSE);
    for (i = 0; i < 20; ++i) {
        start_sleeper(&waiter, set_by_handler);
        CHECK(pthread_kill(waiter.thread, SIGUSR2) == 0);
        CHECK(end_waiter(&waiter) == WAIT_OBJECT_0);
    }
    MISSES(set_by_handler);
    CHECK(CloseHandle(set_by_handler));
    set_by_handler = NULL;
}

/* A process that is stopped and continued while it waits goes on waiting. */
static void stopping_does_not_show(void)
{
    HANDLE events[2];
    PEER child;
    int i, status = 0;

    events[0] = CreateEventA(NULL, FALSE, FALSE, NAME("stopped")), events[1] = new_auto(FALSE);
    if ((child = fork_peer()).pid == 0) {
        i = WaitForSingleObject(events[0], INFINITE) == WAIT_OBJECT_0;
        _exit(i && WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0 + 1 ? 0 : 1);
    }
    for (i = 0; i < 2; ++i) {
        CHECK(until_asleep(child.pid));
        CHECK(kill(child.pid, SIGSTOP) == 0 && waitpid(child.pid, &status, WUNTRACED) == child.pid && WIFSTOPPED(status));
        CHECK(kill(child.pid, SIGCONT) == 0);
        CHECK(until_asleep(child.pid));
        CHECK(SetEvent(events[i]));
    }
    CHECK(end_of(&child) == 0);
    close_all(events, 2);
}

/* The handle is closed under the waiter: it waits on, for the object. */
static void a_closed_handle_does_not_end_the_wait(void)
{
    HANDLE event = new_auto(FALSE), other = same_object(event);
    WAITER waiter;

    start_sleeper(&waiter, other);
    CHECK(CloseHandle(other));
    CHECK(until_asleep(waiter.tid) && !is_done(&waiter));
    CHECK(SetEvent(event));
    CHECK(end_waiter(&waiter) == WAIT_OBJECT_0);
    MISSES(event);
    CHECK(CloseHandle(event));
}

/* Waiting needs SYNCHRONIZE and nothing else. Who lacks it takes nothing. */
static void waiting_needs_the_right(DWORD (*wait)(HANDLE, DWORD), DWORD timeout)
{
    struct {
        HANDLE object;
        DWORD all;
    } rows[5];
    HANDLE section = new_memory(PAGE_READWRITE, 4096, NULL);
    LARGE_INTEGER now;
    DWORD i;

    rows[0].object = new_auto(TRUE), rows[0].all = EVENT_ALL_ACCESS;
    rows[1].object = new_manual(TRUE), rows[1].all = EVENT_ALL_ACCESS;
    rows[2].object = new_mutex(), rows[2].all = MUTEX_ALL_ACCESS;
    rows[3].object = new_semaphore(1, 1), rows[3].all = SEMAPHORE_ALL_ACCESS;
    rows[4].object = new_timer(FALSE), rows[4].all = TIMER_ALL_ACCESS;
    now.QuadPart = 0;
    CHECK(SetWaitableTimer(rows[4].object, &now, 0, NULL, NULL, FALSE));
    for (i = 0; i < LENGTH(rows); ++i) {
        HANDLE blind = reduced(rows[i].object, rows[i].all & ~SYNCHRONIZE);
        HANDLE able = reduced(rows[i].object, SYNCHRONIZE);

        CHECK_WAIT_FAILS(wait(blind, timeout), ERROR_ACCESS_DENIED);
        CHECK_WAIT(wait(able, timeout), WAIT_OBJECT_0);
        if (i == 2)
            CHECK(times_owned(able) == 1);
        CHECK(CloseHandle(blind) && CloseHandle(able) && CloseHandle(rows[i].object));
    }
    /* A section grants everything but that. */
    CHECK_WAIT_FAILS(wait(section, timeout), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(section));
}

static void only_handles_are_waited_for(DWORD (*wait)(HANDLE, DWORD), DWORD timeout)
{
    CHECK_WAIT_FAILS(wait(NULL, timeout), ERROR_INVALID_HANDLE);
    CHECK_WAIT_FAILS(wait(GARBAGE_HANDLE, timeout), ERROR_INVALID_HANDLE);
    CHECK_WAIT_FAILS(wait(closed_handle(), timeout), ERROR_INVALID_HANDLE);
}

/* The two pseudo-handles are the calling process and thread, which run as long as they ask. */
static void the_caller_runs_while_it_asks(DWORD (*wait)(HANDLE, DWORD))
{
    CHECK_WAIT(wait(GetCurrentProcess(), 0), WAIT_TIMEOUT);
    CHECK_WAIT(wait(INVALID_HANDLE_VALUE, 10), WAIT_TIMEOUT);
    CHECK_WAIT(wait(GetCurrentThread(), 0), WAIT_TIMEOUT);
    CHECK_WAIT(wait(GetCurrentThread(), 10), WAIT_TIMEOUT);
}

int main(void)
{
    int i;

    check_begin();
    for (i = 0; i < 3; ++i) {
        a_timeout_of_zero_asks(functions[i]);
        a_timeout_lasts_its_milliseconds(functions[i]);
        waiting_needs_the_right(functions[i], 0);
        waiting_needs_the_right(functions[i], INFINITE);
        only_handles_are_waited_for(functions[i], 0);
        only_handles_are_waited_for(functions[i], 20);
        only_handles_are_waited_for(functions[i], INFINITE);
        the_caller_runs_while_it_asks(functions[i]);
    }
    long_waits_end_with_the_signal();
    waiting_costs_nothing();
    signals_do_not_show(0);
    signals_do_not_show(SA_RESTART);
    signals_do_not_show_to_waits_for_many(0);
    signals_do_not_show_to_waits_for_many(SA_RESTART);
    a_handler_wakes_the_thread_it_interrupts(0);
    a_handler_wakes_the_thread_it_interrupts(SA_RESTART);
    stopping_does_not_show();
    a_closed_handle_does_not_end_the_wait();
    return check_end();
}
