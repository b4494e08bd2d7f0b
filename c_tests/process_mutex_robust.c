/*
 * process_mutex_robust.c - the program has robust pthread mutexes of its own, and
 * holds them beside ours in any order. The kernel keeps one list for both: what
 * is given back is given back, and what a dead owner held is noticed, EOWNERDEAD
 * on theirs and WAIT_ABANDONED on ours.
 */
#include "waiting.h"

#include <errno.h>
#include <sys/mman.h>

enum { PAIRS = 12 };

/* Shared with children by fork. Every third of the program's mutexes inherits priority, every second is recursive. */
typedef struct THEIRS {
    pthread_mutex_t mutexes[PAIRS];
} THEIRS;

static THEIRS *new_theirs(void)
{
    THEIRS *theirs = (THEIRS *)mmap(NULL, sizeof *theirs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int i;

    if (theirs == (THEIRS *)MAP_FAILED)
        exit(2);
    for (i = 0; i < PAIRS; ++i) {
        pthread_mutexattr_t attributes;

        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        pthread_mutexattr_setprotocol(&attributes, i % 3 == 2 ? PTHREAD_PRIO_INHERIT : PTHREAD_PRIO_NONE);
        pthread_mutexattr_settype(&attributes, i % 2 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
        CHECK(pthread_mutex_init(&theirs->mutexes[i], &attributes) == 0);
        pthread_mutexattr_destroy(&attributes);
    }
    return theirs;
}

/* What somebody holds: one bit each. */
typedef struct HELD {
    unsigned theirs, ours;
} HELD;

/* Takes and gives back in an order that follows from the seed; the result is what is still held. Theirs and ours alternate. */
static HELD take_some(THEIRS *theirs, HANDLE *ours, unsigned seed)
{
    HELD held = {0, 0};
    int step;

    for (step = 0; step < 200; ++step) {
        unsigned bit;
        int i;

        seed = seed * 1103515245u + 12345u;
        i = (int)(seed >> 16) % PAIRS;
        bit = 1u << i;
        if (seed >> 30 & 1) {
            if ((held.theirs & bit ? pthread_mutex_unlock(&theirs->mutexes[i]) : pthread_mutex_lock(&theirs->mutexes[i])) != 0)
                exit(8);
            held.theirs ^= bit;
        } else {
            if (held.ours & bit ? !ReleaseMutex(ours[i]) : WaitForSingleObject(ours[i], INFINITE) != WAIT_OBJECT_0)
                exit(9);
            held.ours ^= bit;
        }
    }
    return held;
}
static void release_all(THEIRS *theirs, HANDLE *ours, HELD held)
{
    int i;

    for (i = 0; i < PAIRS; ++i) {
        if (held.ours >> i & 1 && !ReleaseMutex(ours[i]))
            exit(9);
        if (held.theirs >> i & 1 && pthread_mutex_unlock(&theirs->mutexes[i]) != 0)
            exit(8);
    }
}
/* Every mutex is free now, and tells exactly whether its owner died with it. */
static void all_are_told_of(THEIRS *theirs, HANDLE *ours, HELD dead)
{
    int i, right = 0;

    for (i = 0; i < PAIRS; ++i) {
        int result = pthread_mutex_trylock(&theirs->mutexes[i]);

        right += result == (dead.theirs >> i & 1 ? EOWNERDEAD : 0);
        if (result == EOWNERDEAD)
            pthread_mutex_consistent(&theirs->mutexes[i]);
        if (result == 0 || result == EOWNERDEAD)
            right += pthread_mutex_unlock(&theirs->mutexes[i]) == 0;
        right += WaitForSingleObject(ours[i], 0) == (dead.ours >> i & 1 ? WAIT_ABANDONED : WAIT_OBJECT_0);
        right += ReleaseMutex(ours[i]) && !ReleaseMutex(ours[i]);
    }
    if (!CHECK(right == 4 * PAIRS))
        fprintf(stderr, "... when the owner died with theirs 0x%X, ours 0x%X\n", dead.theirs, dead.ours);
}
static void new_ours(HANDLE *ours)
{
    int i;

    for (i = 0; i < PAIRS; ++i)
        CHECK((ours[i] = CreateMutexA(NULL, FALSE, NULL)) != NULL);
}
static void close_all(THEIRS *theirs, HANDLE *ours)
{
    int i;

    for (i = 0; i < PAIRS; ++i)
        CHECK(CloseHandle(ours[i]));
    CHECK(munmap(theirs, sizeof *theirs) == 0);
}

/* Many tangles; each time the owner gives back everything. Nothing is left. */
static void both_kinds_are_released_in_any_order(void)
{
    const HELD none = {0, 0};
    THEIRS *theirs = new_theirs();
    HANDLE ours[PAIRS];
    unsigned seed;

    new_ours(ours);
    for (seed = 1; seed <= 100; ++seed)
        release_all(theirs, ours, take_some(theirs, ours, seed));
    all_are_told_of(theirs, ours, none);
    close_all(theirs, ours);
}

/* The owner is a process and is killed in the middle of it, or ends. It says first what it holds. */
static void a_dead_process_leaves_both_kinds(void)
{
    THEIRS *theirs = new_theirs();
    HANDLE ours[PAIRS];
    unsigned seed;

    new_ours(ours);
    for (seed = 1; seed <= 40; ++seed) {
        PEER child = fork_peer();
        HELD held;

        if (child.pid == 0) {
            held = take_some(theirs, ours, seed);
            if (write(STDOUT_FILENO, &held, sizeof held) != sizeof held)
                _exit(7);
            await_turn(&parent);
            exit(3);
        }
        if (!CHECK(read(child.from, &held, sizeof held) == sizeof held))
            exit(1);
        if (seed % 2) {
            CHECK(kill_peer(&child) == 128 + SIGKILL);
        } else {
            pass_turn(&child);
            CHECK(end_of(&child) == 3);
        }
        all_are_told_of(theirs, ours, held);
    }
    close_all(theirs, ours);
}

/* The owner is a thread, and its process lives on, with mutexes of both kinds of its own. */
typedef struct TANGLE {
    THEIRS *theirs;
    HANDLE *ours;
    unsigned seed;
    HELD held;
} TANGLE;

static void *tangle_and_end(void *argument)
{
    TANGLE *tangle = (TANGLE *)argument;

    tangle->held = take_some(tangle->theirs, tangle->ours, tangle->seed);
    return NULL;
}
static void a_dead_thread_leaves_both_kinds(void)
{
    THEIRS *theirs = new_theirs(), *mine = new_theirs();
    HANDLE ours[PAIRS], my_own[PAIRS];
    TANGLE tangle;

    new_ours(ours), new_ours(my_own);
    tangle.theirs = theirs, tangle.ours = ours;
    for (tangle.seed = 1; tangle.seed <= 40; ++tangle.seed) {
        HELD held = take_some(mine, my_own, tangle.seed + 1000);

        in_a_thread(tangle_and_end, &tangle);
        all_are_told_of(theirs, ours, tangle.held);
        release_all(mine, my_own, held);
    }
    close_all(theirs, ours);
    close_all(mine, my_own);
}

/* The mutexes of a forking thread stay its own: the child begins with none of either kind, and dies with its own. */
static void a_forked_child_begins_without(void)
{
    const HELD none = {0, 0};
    THEIRS *theirs = new_theirs(), *mine = new_theirs();
    HANDLE ours[PAIRS], my_own[PAIRS];
    unsigned seed;

    new_ours(ours), new_ours(my_own);
    for (seed = 1; seed <= 20; ++seed) {
        HELD held = take_some(mine, my_own, seed), dead;
        PEER child = fork_peer();

        if (child.pid == 0) {
            dead = take_some(theirs, ours, seed + 1000);
            if (write(STDOUT_FILENO, &dead, sizeof dead) != sizeof dead)
                _exit(7);
            await_turn(&parent);
            _exit(3);
        }
        CHECK(read(child.from, &dead, sizeof dead) == sizeof dead);
        CHECK(kill_peer(&child) == 128 + SIGKILL);
        all_are_told_of(theirs, ours, dead);
        release_all(mine, my_own, held);
        all_are_told_of(mine, my_own, none);
    }
    close_all(theirs, ours);
    close_all(mine, my_own);
}

int main(void)
{
    check_begin();
    both_kinds_are_released_in_any_order();
    a_dead_process_leaves_both_kinds();
    a_dead_thread_leaves_both_kinds();
    a_forked_child_begins_without();
    return check_end();
}
