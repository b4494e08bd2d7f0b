/*
 * test_sleep_ex.c - SleepEx: it sleeps its time, alertable or not, since there
 * is nobody who could alert it.
 */
#include "wait_many.h"

/* Not a moment less than its time, and 0 tells that it was the time that ended it. */
static void it_sleeps_its_time(BOOL alertable)
{
    static const DWORD times[] = {0, 1, 2, 15, 60};
    DWORD i;

    for (i = 0; i < LENGTH(times); ++i) {
        long long before = microseconds();

        CHECK_WAIT(SleepEx(times[i], alertable), 0);
        CHECK(microseconds() - before >= times[i] * 1000LL);
    }
}

/* A thread that sleeps once. */
typedef struct NAP {
    DWORD time, result;
    BOOL alertable;
    pid_t tid;
} NAP;
static void *nap(void *argument)
{
    NAP *mine = (NAP *)argument;

    __atomic_store_n(&mine->tid, (pid_t)GetCurrentThreadId(), __ATOMIC_RELEASE);
    mine->result = SleepEx(mine->time, mine->alertable);
    return NULL;
}
static pid_t start_nap(pthread_t *thread, NAP *mine, DWORD time, BOOL alertable)
{
    mine->time = time, mine->result = 0xDEAD, mine->alertable = alertable, mine->tid = 0;
    CHECK(pthread_create(thread, NULL, nap, mine) == 0);
    while (__atomic_load_n(&mine->tid, __ATOMIC_ACQUIRE) == 0)
        a_moment();
    until_asleep(mine->tid);
    return mine->tid;
}

/* Signals that the program handles, with and without SA_RESTART, neither end the sleep nor begin it anew. */
static volatile sig_atomic_t handled;
static void count_signal(int number) { handled += number != 0; }
static void signals_do_not_end_it(int flags, BOOL alertable)
{
    struct sigaction action;
    long long before = microseconds();
    pthread_t thread;
    NAP mine;
    int i;

    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    action.sa_flags = flags;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    start_nap(&thread, &mine, 200, alertable);
    for (i = 0; i < 5 && until_asleep(mine.tid); ++i)
        CHECK(pthread_kill(thread, SIGUSR1) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(mine.result == 0 && microseconds() - before >= 200000);
}

/* For ever is for ever: the sleeper is there until its process ends. */
static void infinite_sleep_has_no_end(BOOL alertable)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        pthread_t thread;
        NAP mine;

        start_nap(&thread, &mine, INFINITE, alertable);
        Sleep(50);
        if (!until_asleep(mine.tid))
            _exit(4);
        pass_turn(&parent);
        /* The longest time that is not for ever does not overflow into a short one. */
        SleepEx(INFINITE - 1, alertable);
        _exit(3);
    }
    await_turn(&child);
    CHECK(until_asleep(child.pid));
    CHECK(waitpid(child.pid, NULL, WNOHANG) == 0);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
}

int main(void)
{
    BOOL alertable;

    check_begin();
    for (alertable = FALSE; alertable <= TRUE; ++alertable) {
        it_sleeps_its_time(alertable);
        signals_do_not_end_it(0, alertable);
        signals_do_not_end_it(SA_RESTART, alertable);
        infinite_sleep_has_no_end(alertable);
    }
    it_sleeps_its_time(2);
    CHECK(handled > 0);
    return check_end();
}
