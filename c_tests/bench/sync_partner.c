/*
 * The rows about waiting for another process: how soon a sleeper runs, what two
 * cost that want one mutex, and how soon the next owner knows that the last one was
 * killed.
 */
#define _GNU_SOURCE
#include "sync.h"

#include "measure.h"
#include "partner.h"

#include <string.h>

/* One per cache line, so that no two of them share one. */
struct lines {
    uint32_t word __attribute__((aligned(128)));
};

static cpu_set_t allowed;

static HANDLE opened_event(const char *what)
{
    HANDLE event = OpenEventA(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, name_of(what));
    MUST(event != NULL);
    return event;
}

static HANDLE created_event(const char *what)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name_of(what));
    MUST(event != NULL && GetLastError() == 0);
    return event;
}

static void take(HANDLE object) { MUST(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0); }

/* Where the two processes of a row run. */
enum where { ONE_PROCESSOR, ONE_EACH, ANYWHERE };

static void place(enum where where, int which)
{
    if (where != ANYWHERE)
        pin_to(where == ONE_EACH ? which : 0, &allowed);
}

/* --- a round trip: an event there, an event back ----------------------------------- */

#define MOST 8
static enum where places;
/* A bare event: set by exchange and wake, taken by exchange or slept on. */
static struct lines *bare_there, *bare_back;
static HANDLE there[MOST], back;
static int count;

static void set_bare(struct lines *event)
{
    __atomic_store_n(&event->word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &event->word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void take_bare(struct lines *event)
{
    while (__atomic_exchange_n(&event->word, 0, __ATOMIC_SEQ_CST) == 0)
        MUST(syscall(SYS_futex, &event->word, FUTEX_WAIT, 0, NULL, NULL, 0) == 0 || errno == EAGAIN ||
             errno == EINTR);
}

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
struct bare_waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};
#define FUTEX_OF_32_BITS 2

/* The first of `count` that is set; sleeps on all. */
static int take_bare_any(struct lines *events)
{
    struct bare_waiter waiters[MOST];
    for (;;) {
        for (int i = 0; i < count; i++) {
            uint32_t set = 1;
            if (__atomic_load_n(&events[i].word, __ATOMIC_ACQUIRE) == 1 &&
                __atomic_compare_exchange_n(&events[i].word, &set, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
                return i;
            waiters[i] = (struct bare_waiter){0, (uint64_t)(uintptr_t)&events[i].word, FUTEX_OF_32_BITS, 0};
        }
        MUST(syscall(SYS_futex_waitv, waiters, count, 0, NULL, 0) >= 0 || errno == EAGAIN || errno == EINTR);
    }
}

static void prepare_bare(void) { place(places, 1); }

static void answer_bare(void)
{
    for (;;) {
        if (count == 1)
            take_bare(&bare_there[0]);
        else
            MUST(take_bare_any(bare_there) == count - 1);
        set_bare(bare_back);
    }
}

static void bare_trip(void)
{
    set_bare(&bare_there[count - 1]);
    take_bare(bare_back);
}

static const char *there_name(int i)
{
    static char name[16];
    snprintf(name, sizeof name, "there-%d", i);
    return name;
}

static void prepare_ours(void)
{
    place(places, 1);
    for (int i = 0; i < count; i++)
        there[i] = opened_event(there_name(i));
    back = opened_event("back");
}

static void answer_ours(void)
{
    for (;;) {
        if (count == 1)
            take(there[0]);
        else
            MUST(WaitForMultipleObjects((DWORD)count, there, FALSE, INFINITE) == WAIT_OBJECT_0 + (DWORD)count - 1);
        MUST(SetEvent(back));
    }
}

static void our_trip(void)
{
    MUST(SetEvent(there[count - 1]));
    take(back);
}

static void round_trips(const char *what, int objects, enum where where, int rounds, const char *target)
{
    pid_t bare, ours;
    count = objects;
    places = where;
    place(places, 0);
    memset(bare_there, 0, sizeof *bare_there * MOST);
    bare_back->word = 0;
    for (int i = 0; i < count; i++)
        there[i] = created_event(there_name(i));
    back = created_event("back");
    bare = partner(prepare_bare, answer_bare);
    ours = partner(prepare_ours, answer_ours);
    give_up_after(120);
    compare(what, bare_trip, our_trip, 200, rounds, RATIO, target);
    end_partner(bare);
    end_partner(ours);
    for (int i = 0; i < count; i++)
        MUST(CloseHandle(there[i]));
    MUST(CloseHandle(back));
    MUST(sched_setaffinity(0, sizeof allowed, &allowed) == 0);
}

static void trip_rows(int rounds)
{
    bare_there = map_shared(sizeof *bare_there * MOST);
    bare_back = map_shared(sizeof *bare_back);
    print_head("ns per round trip (medians)");
    round_trips("ping-pong, one CPU, futex", 1, ONE_PROCESSOR, rounds, "<= 1.2x");
    if (CPU_COUNT(&allowed) > 1) {
        round_trips("ping-pong, two CPUs, futex", 1, ANYWHERE, rounds, "<= 0.05x");
        round_trips("ping-pong, a CPU for each, futex", 1, ONE_EACH, rounds, "");
    }
    round_trips("wait-any of 8, one CPU, futex_waitv", MOST, ONE_PROCESSOR, rounds, "<= 1.15x");
    if (CPU_COUNT(&allowed) > 1)
        round_trips("wait-any of 8, a CPU for each, futex_waitv", MOST, ONE_EACH, rounds, "<= 1.15x");
}

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
        __builtin_ia32_pause();
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
        __builtin_ia32_pause();
    start = now();
    compete(count_up);
    while (__atomic_load_n(&contest->left, __ATOMIC_SEQ_CST) < 2)
        __builtin_ia32_pause();
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
    MUST(sched_setaffinity(0, sizeof allowed, &allowed) == 0);
}

static void contended_rows(int rounds)
{
    if (CPU_COUNT(&allowed) < 2)
        return; /* never contended but by chance */
    contest = map_shared(sizeof *contest);
    pthread = bare_mutex();
    print_head("ns per lock + unlock of 2 processes (medians)");
    contended("mutex : a CPU for each, pthread robust", ONE_EACH, rounds);
    contended("mutex : anywhere, pthread robust", ANYWHERE, rounds);
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

static void abandonment_rows(int rounds)
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

void partner_rows(int rounds)
{
    MUST(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    trip_rows(rounds);
    contended_rows(rounds);
    abandonment_rows(rounds);
}
