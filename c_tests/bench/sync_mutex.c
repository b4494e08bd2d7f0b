/*
 * The rows about a mutex of two processes: what it costs when both want it, and how
 * soon the next owner knows that the last one was killed.
 */
#define _GNU_SOURCE
#include "sync.h"

#include "measure.h"
#include "partner.h"

#include <pthread.h>
#include <string.h>

/* --- two that want one mutex ------------------------------------------------------- */

#define LOCKS 100000

static struct contest {
    uint32_t turn __attribute__((aligned(128)));   /* the partner runs when it moves */
    uint32_t arrived __attribute__((aligned(128))); /* both begin when both are here */
    uint32_t left __attribute__((aligned(128)));
    /* Not atomic: what the mutex guards. */
    volatile uint64_t counter __attribute__((aligned(128)));
} *contest;
static pthread_mutex_t *pthread;
static HANDLE mutex;
static enum where places;

static void count_by_pthread(void)
{
    for (int i = 0; i < LOCKS; i++) {
        MUST(pthread_mutex_lock(pthread) == 0);
        contest->counter = contest->counter + 1;
        MUST(pthread_mutex_unlock(pthread) == 0);
    }
}

static void count_by_mutex(void)
{
    for (int i = 0; i < LOCKS; i++) {
        take(mutex);
        contest->counter = contest->counter + 1;
        MUST(ReleaseMutex(mutex));
    }
}

/* One of the two: begins with the other. */
static void compete(void (*count_up)(void))
{
    __atomic_add_fetch(&contest->arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&contest->arrived, __ATOMIC_SEQ_CST) % 2 != 0)
        YieldProcessor();
    count_up();
    __atomic_add_fetch(&contest->left, 1, __ATOMIC_SEQ_CST);
}

static void prepare_competitor(void)
{
    place(places, 1);
    mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name_of("contended"));
    MUST(mutex != NULL);
}

static void run_competitor(void)
{
    for (uint32_t turn = 0;;) {
        turn = wait_for_word(&contest->turn, turn);
        compete(turn % 2 == 1 ? count_by_pthread : count_by_mutex);
    }
}

/* The ns per lock and unlock until both are done, and nothing may be lost. */
static double compete_with_partner(void (*count_up)(void))
{
    double start, took;
    contest->counter = 0;
    contest->left = 0;
    set_word(&contest->turn, contest->turn + 1);
    while (__atomic_load_n(&contest->arrived, __ATOMIC_SEQ_CST) % 2 == 0)
        YieldProcessor();
    start = now();
    compete(count_up);
    while (__atomic_load_n(&contest->left, __ATOMIC_SEQ_CST) < 2)
        YieldProcessor();
    took = now() - start;
    MUST(contest->counter == 2 * LOCKS);
    return took / (2 * LOCKS);
}

static double pthread_contest(void) { return compete_with_partner(count_by_pthread); }
static double mutex_contest(void) { return compete_with_partner(count_by_mutex); }

static void contended(const char *what, enum where where, int rounds)
{
    pid_t competitor;
    places = where;
    place(places, 0);
    memset(contest, 0, sizeof *contest);
    mutex = CreateMutexA(NULL, FALSE, name_of("contended"));
    MUST(mutex != NULL && GetLastError() == 0);
    competitor = partner(prepare_competitor, run_competitor);
    give_up_after(120);
    compare_rounds(what, pthread_contest, mutex_contest, rounds, RATIO, "<= 1.2x");
    end_partner(competitor);
    MUST(CloseHandle(mutex));
    place(ANYWHERE, 0);
}

void contended_rows(int rounds)
{
    if (!has_two_processors())
        return; /* never contended but by chance */
    contest = map_shared(sizeof *contest);
    pthread = bare_mutex();
    print_head("ns per lock + unlock of 2 processes (medians)");
    contended("mutex : one CPU each, pthread robust", ONE_EACH, rounds);
    contended("mutex : two CPUs, pthread robust", ANYWHERE, rounds);
}

/* --- an owner is killed -------------------------------------------------------------- */

static struct wake {
    uint32_t ready; /* moves when the waiter is about to wait */
    double woken_at;
    uint32_t done; /* moves when it was woken */
} *wake;

static void prepare_owner_by_pthread(void) { MUST(pthread_mutex_lock(pthread) == 0); }

static void prepare_owner(void)
{
    mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name_of("abandoned"));
    MUST(mutex != NULL);
    take(mutex);
}

static void own(void)
{
    for (;;)
        pause();
}

static void prepare_heir(void)
{
    mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name_of("abandoned"));
    MUST(mutex != NULL);
}

static void inherit_by_pthread(void)
{
    for (uint32_t turn = 1;; turn++) {
        set_word(&wake->ready, turn);
        MUST(pthread_mutex_lock(pthread) == EOWNERDEAD);
        wake->woken_at = now();
        MUST(pthread_mutex_consistent(pthread) == 0 && pthread_mutex_unlock(pthread) == 0);
        set_word(&wake->done, turn);
        wait_for_word(&wake->ready, turn);
    }
}

static void inherit(void)
{
    for (uint32_t turn = 1;; turn++) {
        set_word(&wake->ready, turn);
        MUST(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED);
        wake->woken_at = now();
        MUST(ReleaseMutex(mutex));
        set_word(&wake->done, turn);
        wait_for_word(&wake->ready, turn);
    }
}

/* From the SIGKILL of an owner to the return of a sleeper's wait. */
static double kill_owner(void (*prepare)(void), void (*prepare_waiter)(void), void (*wait)(void))
{
    double killed_at;
    pid_t owner = partner(prepare, own), heir;
    memset(wake, 0, sizeof *wake);
    heir = partner(prepare_waiter, wait);
    wait_for_word(&wake->ready, 0);
    usleep(1000); /* it sleeps by now */
    killed_at = now();
    end_partner(owner);
    wait_for_word(&wake->done, 0);
    end_partner(heir);
    return wake->woken_at - killed_at;
}

static void prepare_nothing(void) {}

void abandonment_rows(int rounds)
{
    struct rounds results = begin_rounds(rounds, RATIO);
    double most_bare, most_ours;
    wake = map_shared(sizeof *wake);
    pthread = bare_mutex();
    mutex = CreateMutexA(NULL, FALSE, name_of("abandoned"));
    MUST(mutex != NULL && GetLastError() == 0);
    give_up_after(120);
    for (int i = 0; i < rounds; i++) {
        double bare = kill_owner(prepare_owner_by_pthread, prepare_nothing, inherit_by_pthread);
        add_round(&results, bare, kill_owner(prepare_owner, prepare_heir, inherit));
    }
    print_head("ns from SIGKILL to the next owner");
    print_rounds("median, pthread robust", &results, "");
    /* They are in order now. */
    most_bare = results.bare[rounds - 1];
    most_ours = results.ours[rounds - 1];
    print_row("longest, pthread robust", most_bare, most_ours, most_ours / most_bare, "x", "");
    end_rounds(&results);
    MUST(CloseHandle(mutex));
}
