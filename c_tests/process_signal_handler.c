/*
 * process_signal_handler.c - handlers that set an event or release a semaphore
 * while the thread is in the middle of waiting, of taking a mutex or of taking
 * several objects at once; also of the very same objects, and while another handler
 * does the same. Nothing is lost, nothing counted twice.
 */
#include "wait_many.h"

#include <errno.h>

enum { LENGTH_MS = 700, ENOUGH = 600, PROCESSES = 2, THREADS = 5, TAKES_ALL = 4 };

/* Shared by the processes, which are forks. What begins small is counted with care; `plain` is only under the mutex. */
typedef struct BOARD {
    long released, taken, work, done, busy, strange, handlers, commits;
    int inside, crowded, giving, quiet;
    long plain, guarded;
} BOARD;
static BOARD *board;
/* Those that handlers signal, and those that the threads use among themselves. */
static HANDLE units, call, lock, spare, seats, token, stop;
enum { ALWAYS = 60 };
static HANDLE always[ALWAYS];

#define ADD(field, value) __atomic_add_fetch(&board->field, value, __ATOMIC_SEQ_CST)
#define READ(field) __atomic_load_n(&board->field, __ATOMIC_SEQ_CST)

/* Signals of each kind on the way to each thread of this process: one at most, and whoever sends knows when none is left. */
static int on_the_way[THREADS][2];
static __thread int my_number;

/* Leaves one unit, or work and a call for it. No death is going on, so nothing is too busy. */
static void on_signal(int number)
{
    int error = errno, fails;
    DWORD last = GetLastError();

    ADD(handlers, 1);
    if (number == SIGUSR1) {
        ADD(released, 1);
        fails = !ReleaseSemaphore(units, 1, NULL);
        if (fails)
            ADD(released, -1);
    } else {
        ADD(work, 1);
        fails = !SetEvent(call);
    }
    if (fails && GetLastError() == ERROR_BUSY)
        ADD(busy, 1);
    else if (fails)
        ADD(strange, 1);
    SetLastError(last), errno = error;
    __atomic_store_n(&on_the_way[my_number][number == SIGUSR2], 0, __ATOMIC_SEQ_CST);
}

static void take_unit(void) { ADD(taken, 1); }
static void answer_call(void) { ADD(done, __atomic_exchange_n(&board->work, 0, __ATOMIC_SEQ_CST)); }
/* What nobody else does at the same time. */
static void be_inside(void)
{
    if (ADD(inside, 1) != 1)
        board->crowded = 1;
    ++board->plain;
    ADD(guarded, 1);
    ADD(inside, -1);
}

/* Each lives like this until it is told to stop. False: a wait gave what it should not give. */
static BOOL collect(void)
{
    HANDLE any[3];

    any[0] = stop, any[1] = units, any[2] = call;
    switch (WaitForMultipleObjects(3, any, FALSE, INFINITE)) {
    case 1:
        take_unit();
        return TRUE;
    case 2:
        answer_call();
        return TRUE;
    default:
        return WaitForSingleObject(stop, 0) == WAIT_OBJECT_0;
    }
}
/* What the handlers do, in the middle of which they come; while there are not too many. */
static BOOL give(void)
{
    BOOL right = TRUE;
    int i;

    ADD(giving, 1);
    if (!READ(quiet)) {
        for (i = 0; i < 50 && READ(released) - READ(taken) < 200; ++i) {
            ADD(released, 1);
            right = ReleaseSemaphore(units, 1, NULL) && right;
        }
        ADD(work, 1);
        right = SetEvent(call) && right;
    }
    ADD(giving, -1);
    return right;
}
static BOOL guard_something(void)
{
    if (WaitForSingleObject(lock, INFINITE) != WAIT_OBJECT_0 || WaitForSingleObject(lock, 0) != WAIT_OBJECT_0)
        return FALSE;
    be_inside();
    return ReleaseMutex(lock) && ReleaseMutex(lock) && !ReleaseMutex(lock);
}
/* All of what the handlers do not touch. */
static BOOL take_all(void)
{
    HANDLE all[3];

    all[0] = token, all[1] = lock, all[2] = seats;
    if (WaitForMultipleObjects(3, all, TRUE, INFINITE) != WAIT_OBJECT_0)
        return FALSE;
    be_inside();
    return SetEvent(token) && ReleaseSemaphore(seats, 1, NULL) && ReleaseMutex(lock);
}
/* All, of which some are what the handlers give. With so many that are there always, the taking takes a while. */
static BOOL take_all_of_theirs(void)
{
    HANDLE unit_and_more[2 + ALWAYS], call_and_more[2 + ALWAYS];
    DWORD result;

    unit_and_more[0] = units, unit_and_more[1] = call_and_more[0] = spare, call_and_more[1] = call;
    memcpy(unit_and_more + 2, always, sizeof always);
    memcpy(call_and_more + 2, always, sizeof always);
    result = WaitForMultipleObjects(LENGTH(unit_and_more), unit_and_more, TRUE, 1);
    if (result == WAIT_OBJECT_0) {
        take_unit();
        ADD(commits, 1);
        if (!ReleaseMutex(spare))
            return FALSE;
    } else if (result != WAIT_TIMEOUT) {
        return FALSE;
    }
    result = WaitForMultipleObjects(LENGTH(call_and_more), call_and_more, TRUE, 0);
    if (result == WAIT_OBJECT_0) {
        answer_call();
        return ReleaseMutex(spare);
    }
    return result == WAIT_TIMEOUT;
}

/* The last one is TAKES_ALL. */
static BOOL (*const lives[THREADS])(void) = {collect, give, guard_something, take_all, take_all_of_theirs};

static void *live(void *number)
{
    BOOL (*body)(void);

    my_number = *(int *)number;
    __atomic_store_n((int *)number, -1, __ATOMIC_RELEASE);
    body = lives[my_number];
    while (WaitForSingleObject(stop, 0) == WAIT_TIMEOUT)
        if (!body())
            ADD(strange, 1);
    return NULL;
}

/* Interrupts the threads of its process at all kinds of instants. When it returns, no handler is left. */
static void interrupt(const pthread_t *threads)
{
    const long long end = monotonic_ms() + LENGTH_MS;
    unsigned seed = (unsigned)getpid(), i;
    int to, which;

    while (monotonic_ms() < end || READ(handlers) < ENOUGH) {
        seed = seed * 1103515245u + 12345u;
        for (i = 0; i < (seed >> 20); ++i)
            __asm__ volatile("");
        /* The last one, which is in the middle of something for the longest time, twice as often. */
        to = (int)(seed >> 16) % (THREADS + 1), which = (int)(seed >> 18 & 1);
        to = to < THREADS ? to : TAKES_ALL;
        if (__atomic_exchange_n(&on_the_way[to][which], 1, __ATOMIC_SEQ_CST) == 0)
            pthread_kill(threads[to], which ? SIGUSR2 : SIGUSR1);
    }
    for (to = 0; to < THREADS; ++to)
        for (which = 0; which < 2; ++which)
            while (__atomic_load_n(&on_the_way[to][which], __ATOMIC_SEQ_CST) != 0)
                a_moment();
}
/* One of the processes: its threads, and who interrupts them. When all is quiet, it says so and waits for the end. */
static void run_threads(void (*when_quiet)(void))
{
    pthread_t threads[THREADS];
    int i;

    for (i = 0; i < THREADS; ++i) {
        int number = i;

        if (pthread_create(&threads[i], NULL, live, &number) != 0)
            exit(2);
        while (__atomic_load_n(&number, __ATOMIC_ACQUIRE) >= 0)
            a_moment();
    }
    interrupt(threads);
    when_quiet();
    for (i = 0; i < THREADS; ++i)
        pthread_join(threads[i], NULL);
}
static void tell_and_go_on(void) { pass_turn(&parent); }

static PEER others[PROCESSES - 1];
/* Everything that was given is taken by somebody who waits for it: nobody sleeps beside it. Then they are stopped. */
static void see_all_taken(void)
{
    int i;

    for (i = 0; i < PROCESSES - 1; ++i)
        await_turn(&others[i]);
    ADD(quiet, 1);
    while (READ(giving) != 0)
        a_moment();
    while (READ(taken) != READ(released) || READ(work) != 0)
        a_moment();
    CHECK(SetEvent(stop));
}

static void handlers_lose_nothing(int named)
{
    HANDLE section = new_memory(PAGE_READWRITE, sizeof *board, NULL);
    struct sigaction action;
    int i;

    board = (BOARD *)view_of(section, FILE_MAP_WRITE);
    units = CreateSemaphoreA(NULL, 0, 0x7fffffff, named ? NAME("units") : NULL);
    call = CreateEventA(NULL, FALSE, FALSE, named ? NAME("call") : NULL);
    lock = CreateMutexA(NULL, FALSE, named ? NAME("lock") : NULL);
    spare = CreateMutexA(NULL, FALSE, named ? NAME("spare") : NULL);
    seats = CreateSemaphoreA(NULL, 2, 2, NULL);
    token = CreateEventA(NULL, FALSE, TRUE, named ? NAME("token") : NULL);
    stop = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < ALWAYS; ++i)
        always[i] = new_manual(TRUE);
    CHECK(board && units && call && lock && spare && seats && token && stop);
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0);
    for (i = 0; i < PROCESSES - 1; ++i) {
        others[i] = fork_peer();
        if (others[i].pid == 0) {
            check_failures = 0;
            run_threads(tell_and_go_on);
            _exit(check_failures != 0);
        }
    }
    run_threads(see_all_taken);
    for (i = 0; i < PROCESSES - 1; ++i)
        CHECK(end_of(&others[i]) == 0);
    CHECK(READ(taken) == READ(released) && READ(work) == 0);
    MISSES(units);
    CHECK(READ(strange) == 0);
    CHECK(READ(busy) == 0);
    CHECK(!board->crowded && board->plain == board->guarded);
    /* What the threads passed around is all there, once. */
    TAKES(lock), TAKES(token), TAKES(seats), TAKES(seats);
    MISSES(token), MISSES(seats);
    CHECK(times_owned(lock) == 1);
    /* And it was a test. */
    CHECK(READ(handlers) >= ENOUGH && READ(released) > 0 && READ(commits) > 0 && READ(done) > 0 && board->plain > 0);
    if (check_failures)
        fprintf(stderr, "... %ld handlers, %ld released, %ld done, %ld commits, %ld guarded, %ld busy, %ld strange\n", READ(handlers),
                READ(released), READ(done), READ(commits), READ(guarded), READ(busy), READ(strange));
    CHECK(CloseHandle(units) && CloseHandle(call) && CloseHandle(lock) && CloseHandle(spare) && CloseHandle(seats) && CloseHandle(token));
    close_all(always, ALWAYS);
    CHECK(CloseHandle(stop) && UnmapViewOfFile(board) && CloseHandle(section));
}

int main(void)
{
    check_begin();
    handlers_lose_nothing(0);
    handlers_lose_nothing(1);
    return check_end();
}
