/* SRW locks: one writer or several readers, and neither kind keeps the other out for ever. */
#include <synchapi.h>
#include "threads.h"

enum { ROUNDS = 10000, WORKERS = 4, TURNS = 20, MOST_HOLDS = 1500 };

static SRWLOCK lock = SRWLOCK_INIT;

struct attempt {
    BOOL shared, exclusive;
};

static void *try_both(void *argument)
{
    struct attempt *attempt = (struct attempt *)argument;

    attempt->shared = TryAcquireSRWLockShared(&lock);
    if (attempt->shared)
        ReleaseSRWLockShared(&lock);
    attempt->exclusive = TryAcquireSRWLockExclusive(&lock);
    if (attempt->exclusive)
        ReleaseSRWLockExclusive(&lock);
    return NULL;
}

/** What another thread can do: 0 nothing, 1 read, 3 read and write. */
static int others_may(void)
{
    struct threads other = {{0}, 0};
    struct attempt attempt = {FALSE, FALSE};

    start(&other, 1, try_both, &attempt);
    join(&other);
    return (attempt.shared ? 1 : 0) | (attempt.exclusive ? 2 : 0);
}

static void states(void)
{
    CHECK(sizeof(SRWLOCK) == sizeof(PVOID));
    CHECK(others_may() == 3);
    AcquireSRWLockExclusive(&lock);
    CHECK(others_may() == 0);
    ReleaseSRWLockExclusive(&lock);
    AcquireSRWLockShared(&lock);
    CHECK(others_may() == 1);
    CHECK(TryAcquireSRWLockShared(&lock)); /* nobody waits to write */
    ReleaseSRWLockShared(&lock);
    CHECK(others_may() == 1);
    ReleaseSRWLockShared(&lock);
    CHECK(others_may() == 3);
    CHECK(TryAcquireSRWLockExclusive(&lock) && !TryAcquireSRWLockExclusive(&lock) && !TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
    CHECK(lock.Ptr == NULL);
}

static void beginnings(void)
{
    ZeroMemory(&lock, sizeof lock);
    states();
    memset(&lock, 0xff, sizeof lock);
    InitializeSRWLock(&lock);
    states();
}

/** Written by writers only, in two parts that readers must find equal. */
static long first, second;
static volatile LONG torn, together, at_work;

static void *read_and_write(void *argument)
{
    const LONG number = InterlockedIncrement(&at_work);
    int i;

    for (i = 0; i < ROUNDS; i++) {
        if ((i + number) % 4 == 0) {
            if (i % 3 != 0 || !TryAcquireSRWLockExclusive(&lock))
                AcquireSRWLockExclusive(&lock);
            first++;
            YieldProcessor();
            second++;
            ReleaseSRWLockExclusive(&lock);
        } else {
            if (i % 3 != 0 || !TryAcquireSRWLockShared(&lock))
                AcquireSRWLockShared(&lock);
            if (first != second)
                InterlockedIncrement(&torn);
            ReleaseSRWLockShared(&lock);
        }
    }
    return argument;
}

static void exclusion(void)
{
    struct threads threads = {{0}, 0};

    InitializeSRWLock(&lock);
    start(&threads, WORKERS, read_and_write, NULL);
    join(&threads);
    CHECK(torn == 0);
    CHECK(first == WORKERS * ROUNDS / 4 && second == first);
    CHECK(lock.Ptr == NULL || others_may() == 3);
}

static void *read_together(void *argument)
{
    AcquireSRWLockShared(&lock);
    InterlockedIncrement(&together);
    await(&together, WORKERS); /* ends only when all are inside at once */
    ReleaseSRWLockShared(&lock);
    return argument;
}

/** Readers that waited for one writer are all let in by it. */
static void readers_together(void)
{
    struct threads threads = {{0}, 0};

    AcquireSRWLockExclusive(&lock);
    start(&threads, WORKERS, read_together, NULL);
    milliseconds(20); /* most are asleep by now */
    CHECK(peek(&together) == 0);
    ReleaseSRWLockExclusive(&lock);
    join(&threads);
    CHECK(together == WORKERS && others_may() == 3);
}

static volatile LONG inside, may_leave;

static void *write_once(void *argument)
{
    AcquireSRWLockExclusive(&lock);
    InterlockedExchange(&inside, 1);
    await(&may_leave, 1);
    ReleaseSRWLockExclusive(&lock);
    return argument;
}

/** A writer that was woken in vain for some time has the lock next, before any newcomer. */
static void reservation(void)
{
    struct threads threads = {{0}, 0};
    int wakes = 0;

    AcquireSRWLockExclusive(&lock);
    start(&threads, 1, write_once, NULL);
    while (!(InterlockedExchangeAdd(winshm_srw_word(&lock), 0) & WINSHM_SRW_RESERVED) && wakes < 1000) {
        milliseconds(1);
        winshm_wake(winshm_srw_word(&lock), 1, WINSHM_SRW_WAKE_WRITERS);
        wakes++;
    }
    CHECK(wakes < 1000);
    ReleaseSRWLockExclusive(&lock);
    CHECK(!TryAcquireSRWLockExclusive(&lock) && !TryAcquireSRWLockShared(&lock));
    await(&inside, 1);
    CHECK(others_may() == 0);
    InterlockedExchange(&may_leave, 1);
    join(&threads);
    CHECK(lock.Ptr == NULL || others_may() == 3);
}

static volatile LONG turns, holds;

static int others_lack_turns(void)
{
    return peek(&turns) < TURNS && peek(&holds) < MOST_HOLDS;
}

static void *write_in_turn(void *argument)
{
    wake_up_slowly();
    while (InterlockedIncrement(&turns) < TURNS) {
        AcquireSRWLockExclusive(&lock);
        ReleaseSRWLockExclusive(&lock);
        milliseconds(1);
    }
    return argument;
}

static void *read_in_turn(void *argument)
{
    wake_up_slowly();
    while (InterlockedIncrement(&turns) < TURNS) {
        AcquireSRWLockShared(&lock);
        ReleaseSRWLockShared(&lock);
        milliseconds(1);
    }
    return argument;
}

/** Three of these overlap, so that the lock is never free unless they stand back. */
static void *read_on_and_on(void *argument)
{
    while (others_lack_turns()) {
        AcquireSRWLockShared(&lock);
        milliseconds(3);
        ReleaseSRWLockShared(&lock);
        InterlockedIncrement(&holds);
    }
    return argument;
}

static void *write_on_and_on(void *argument)
{
    while (others_lack_turns()) {
        const double begin = now();

        AcquireSRWLockExclusive(&lock);
        while (now() < begin + 2)
            continue;
        ReleaseSRWLockExclusive(&lock);
        InterlockedIncrement(&holds);
    }
    return argument;
}

/** Threads that release the lock only to take it again let another have its turns. */
static void turns_of_others(void *(*busy)(void *), int count, void *(*other)(void *))
{
    struct threads threads = {{0}, 0};

    turns = 0;
    holds = 0;
    start(&threads, count, busy, NULL);
    start(&threads, 1, other, NULL);
    join(&threads);
    CHECK(holds < MOST_HOLDS);
    CHECK(others_may() == 3);
}

int main(void)
{
    states();
    beginnings();
    exclusion();
    readers_together();
    reservation();
    turns_of_others(write_on_and_on, 1, read_in_turn);
    turns_of_others(write_on_and_on, 1, write_in_turn);
    turns_of_others(write_on_and_on, 2, write_in_turn);
    turns_of_others(read_on_and_on, 3, write_in_turn);
    return check_failures != 0;
}
