/*
 * process_timer.c - a named timer fires for every process that has it, by
 * itself: whoever set it may be gone.
 */
#include "wait_many.h"

static BOOL set_in(HANDLE timer, int ms, LONG period)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL * ms;
    return SetWaitableTimer(timer, &due, period, NULL, NULL, FALSE);
}

/* Waits once for the timer of this name, and gives what the wait gave. */
static int be_sleeper(const char *name)
{
    HANDLE timer = OpenWaitableTimerA(SYNCHRONIZE, FALSE, name);

    if (timer == NULL || set_in(timer, 0, 0) || GetLastError() != ERROR_ACCESS_DENIED)
        return 10;
    pass_turn(&parent);
    return WaitForSingleObject(timer, INFINITE) == WAIT_OBJECT_0 ? 0 : 11;
}
static void start_sleepers(PEER *sleepers, int count, const char *name)
{
    int i;

    for (i = 0; i < count; ++i)
        sleepers[i] = start_peer("sleeper", name);
    for (i = 0; i < count; ++i) {
        await_turn(&sleepers[i]);
        until_asleep(sleepers[i].pid);
    }
}

/* A manual timer wakes a process each, all of them. */
static void a_manual_timer_fires_for_every_process(void)
{
    const char *name = NAME("manual");
    HANDLE timer = CreateWaitableTimerA(NULL, TRUE, name);
    PEER sleepers[3];
    int i;

    start_sleepers(sleepers, 3, name);
    CHECK(set_in(timer, 20, 0));
    for (i = 0; i < 3; ++i)
        CHECK(end_of(&sleepers[i]) == 0);
    TAKES(timer);
    CHECK(CloseHandle(timer));
}

/* The other kind wakes one process each time. */
static int count_ended(const PEER *sleepers, int count)
{
    siginfo_t info;
    int i, ended = 0;

    for (i = 0; i < count; ++i) {
        info.si_pid = 0;
        ended += waitid(P_PID, (id_t)sleepers[i].pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
    }
    return ended;
}
static void a_synchronization_timer_fires_for_one_process(void)
{
    const char *name = NAME("single");
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, name);
    PEER sleepers[3];
    int i, k;

    start_sleepers(sleepers, 3, name);
    for (i = 1; i <= 3; ++i) {
        CHECK(set_in(timer, 10, 0));
        while (count_ended(sleepers, 3) < i)
            a_moment();
        for (k = 0; k < 3; ++k)
            until_asleep(sleepers[k].pid);
        CHECK(count_ended(sleepers, 3) == i);
    }
    for (i = 0; i < 3; ++i)
        CHECK(end_of(&sleepers[i]) == 0);
    MISSES(timer);
    CHECK(CloseHandle(timer));
}

/* Does what its tag begins with to the timer, and hangs until it is killed. */
static int be_setter(const char *tag)
{
    HANDLE timer = OpenWaitableTimerA(TIMER_MODIFY_STATE, FALSE, tag + 1);
    LARGE_INTEGER due;
    FILETIME now;
    BOOL done = FALSE;

    if (tag[0] == 'o')
        done = set_in(timer, 100, 0);
    else if (tag[0] == 'p')
        done = set_in(timer, 60, 20);
    else if (tag[0] == 'c')
        done = CancelWaitableTimer(timer);
    else if (tag[0] == 'a') {
        GetSystemTimeAsFileTime(&now);
        due.QuadPart = ((LONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime) + 1000000;
        done = SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
    }
    if (!done)
        return 12;
    pass_turn(&parent);
    await_turn(&parent);
    return 0;
}
static PEER start_setter(char what, const char *name)
{
    char tag[200];

    snprintf(tag, sizeof tag, "%c%s", what, name);
    return start_peer("setter", tag);
}
/* Somebody sets it, is killed at once, and it fires in its time: by relative time, by time of day, and periodically. */
static void it_fires_after_its_setter_was_killed(char what)
{
    const char *name = NAME("killed");
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, name);
    long long before = microseconds();
    PEER setter = start_setter(what, name);

    await_turn(&setter);
    CHECK(kill_peer(&setter) == 128 + SIGKILL);
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    CHECK(microseconds() - before >= (what == 'p' ? 60000 : what == 'o' ? 100000 : 90000));
    if (what == 'p') {
        CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
        CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
        CHECK(microseconds() - before >= 100000);
        CHECK(CancelWaitableTimer(timer));
    }
    CHECK(CloseHandle(timer));
}
/* The same, for one who slept already, until a much later time. */
static void it_wakes_who_slept_before_it_was_set(char what)
{
    const char *name = NAME("before");
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, name);
    long long before;
    WAITER sleeper;
    PEER setter;

    CHECK(set_in(timer, 50000, 0));
    start_sleeper(&sleeper, timer);
    before = microseconds();
    setter = start_setter(what, name);
    await_turn(&setter);
    CHECK(kill_peer(&setter) == 128 + SIGKILL);
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0 && sleeper.error == SENTINEL);
    CHECK(microseconds() - before >= (what == 'p' ? 60000 : what == 'o' ? 100000 : 90000));
    CHECK(CloseHandle(timer));
}

/* A stranger cancels it: who sleeps sleeps on. */
static void another_process_cancels_it(void)
{
    const char *name = NAME("cancel");
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, name);
    long long before = microseconds();
    WAITER sleeper;
    PEER setter;

    CHECK(set_in(timer, 600, 0));
    start_sleeper(&sleeper, timer);
    setter = start_setter('c', name);
    await_turn(&setter);
    if (microseconds() - before < 600000) {
        while (microseconds() - before < 620000)
            a_moment();
        CHECK(until_asleep(sleeper.tid) && !is_done(&sleeper));
    }
    CHECK(set_in(timer, 0, 0));
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    CHECK(kill_peer(&setter) == 128 + SIGKILL);
    CHECK(CloseHandle(timer));
}

/* Takes it so many times. */
enum { TAKES_EACH = 15 };
static int be_taker(const char *name)
{
    HANDLE timer = OpenWaitableTimerA(SYNCHRONIZE, FALSE, name);
    int i;

    pass_turn(&parent);
    for (i = 0; i < TAKES_EACH; ++i)
        if (WaitForSingleObject(timer, INFINITE) != WAIT_OBJECT_0)
            return 13;
    return 0;
}
/* A periodic timer among processes: each time it fires one of them has it, and each time somebody has it. */
static void each_time_is_for_one_process(void)
{
    const char *name = NAME("each");
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, name);
    PEER takers[3];
    long long before;
    int i;

    for (i = 0; i < 3; ++i)
        takers[i] = start_peer("taker", name);
    for (i = 0; i < 3; ++i)
        await_turn(&takers[i]);
    before = microseconds();
    CHECK(set_in(timer, 4, 4));
    for (i = 0; i < 3; ++i)
        CHECK(end_of(&takers[i]) == 0);
    CHECK(microseconds() - before >= 3 * TAKES_EACH * 4000);
    CHECK(CloseHandle(timer));
}

/* The last who has it is killed: the name is free, and the next timer of that name is not set. */
static void a_timer_dies_with_its_last_holder(void)
{
    const char *name = NAME("holder");
    HANDLE timer = CreateWaitableTimerA(NULL, TRUE, name);
    PEER setter = start_setter('o', name);

    await_turn(&setter);
    CHECK(CloseHandle(timer));
    CHECK((timer = OpenWaitableTimerA(SYNCHRONIZE, FALSE, name)) != NULL && CloseHandle(timer));
    CHECK(kill_peer(&setter) == 128 + SIGKILL);
    CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(timer = CreateWaitableTimerA(NULL, TRUE, name), ERROR_SUCCESS);
    CHECK_WAIT(WaitForSingleObject(timer, 120), WAIT_TIMEOUT);
    CHECK(CloseHandle(timer));
}

int main(int argc, char **argv)
{
    static const char ways[] = {'o', 'a', 'p'};
    DWORD i;

    check_begin();
    if (plays(argc, argv, "sleeper"))
        return be_sleeper(argv[3]);
    if (plays(argc, argv, "setter"))
        return be_setter(argv[3]);
    if (plays(argc, argv, "taker"))
        return be_taker(argv[3]);
    a_manual_timer_fires_for_every_process();
    a_synchronization_timer_fires_for_one_process();
    for (i = 0; i < LENGTH(ways); ++i) {
        it_fires_after_its_setter_was_killed(ways[i]);
        it_wakes_who_slept_before_it_was_set(ways[i]);
    }
    another_process_cancels_it();
    each_time_is_for_one_process();
    a_timer_dies_with_its_last_holder();
    return check_end();
}
