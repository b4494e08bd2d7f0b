/* Condition variables: nobody misses a wake, and a time limit is kept. */
#include <processthreadsapi.h>
#include <synchapi.h>
#include "threads.h"
#ifdef __cplusplus
#include <csignal>
#endif

enum { ITEMS = 20000, ROOM = 3, PRODUCERS = 2, CONSUMERS = 2, WAITERS = 6 };

/** A small buffer, so that both sides wait often. */
static struct {
    CRITICAL_SECTION section;
    CONDITION_VARIABLE not_full, not_empty;
    int items[ROOM], count;
    int given, taken;
    long long sum;
} buffer;

static void *produce(void *argument)
{
    for (;;) {
        int item;

        EnterCriticalSection(&buffer.section);
        while (buffer.count == ROOM && buffer.given < ITEMS)
            CHECK(SleepConditionVariableCS(&buffer.not_full, &buffer.section, INFINITE));
        item = buffer.given < ITEMS ? ++buffer.given : 0;
        if (item != 0)
            buffer.items[buffer.count++] = item;
        LeaveCriticalSection(&buffer.section);
        if (item == 0)
            break;
        WakeConditionVariable(&buffer.not_empty);
    }
    return argument;
}

static void *consume(void *argument)
{
    EnterCriticalSection(&buffer.section);
    while (buffer.taken < ITEMS) {
        while (buffer.count == 0 && buffer.taken < ITEMS)
            CHECK(SleepConditionVariableCS(&buffer.not_empty, &buffer.section, INFINITE));
        if (buffer.count > 0) {
            buffer.sum += buffer.items[--buffer.count];
            buffer.taken++;
            WakeConditionVariable(&buffer.not_full); /* with the section held, for a change */
        }
    }
    LeaveCriticalSection(&buffer.section);
    /* Who waits for what no longer comes ends, too. */
    WakeAllConditionVariable(&buffer.not_empty);
    WakeAllConditionVariable(&buffer.not_full);
    return argument;
}

/** A wake that is lost would leave both sides asleep. */
static void producers_and_consumers(void)
{
    struct threads threads = {{0}, 0};

    InitializeCriticalSection(&buffer.section);
    InitializeConditionVariable(&buffer.not_full);
    InitializeConditionVariable(&buffer.not_empty);
    start(&threads, PRODUCERS, produce, NULL);
    start(&threads, CONSUMERS, consume, NULL);
    join(&threads);
    CHECK(buffer.taken == ITEMS && buffer.given == ITEMS && buffer.count == 0);
    CHECK(buffer.sum == (long long)ITEMS * (ITEMS + 1) / 2);
    DeleteCriticalSection(&buffer.section);
}

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static LONG tickets;
static volatile LONG waiting, passed;

/** Waits with the lock held for reading, as often as it must. */
static void *wait_shared(void *argument)
{
    AcquireSRWLockShared(&lock);
    InterlockedIncrement(&waiting);
    while (tickets == 0)
        CHECK(SleepConditionVariableSRW(&changed, &lock, INFINITE, CONDITION_VARIABLE_LOCKMODE_SHARED));
    InterlockedIncrement(&passed);
    await(&passed, WAITERS); /* all have it again for reading, at once */
    ReleaseSRWLockShared(&lock);
    return argument;
}

static void *take_ticket(void *argument)
{
    AcquireSRWLockExclusive(&lock);
    InterlockedIncrement(&waiting);
    while (tickets == 0)
        CHECK(SleepConditionVariableSRW(&changed, &lock, INFINITE, 0));
    tickets--;
    ReleaseSRWLockExclusive(&lock);
    InterlockedIncrement(&passed);
    return argument;
}

static void give_tickets(LONG count)
{
    AcquireSRWLockExclusive(&lock);
    tickets += count;
    ReleaseSRWLockExclusive(&lock);
}

static void wake_all(void)
{
    struct threads threads = {{0}, 0};

    CHECK(sizeof(CONDITION_VARIABLE) == sizeof(PVOID));
    start(&threads, WAITERS, wait_shared, NULL);
    await(&waiting, WAITERS);
    give_tickets(1); /* needs the lock, which waiting threads have released */
    WakeAllConditionVariable(&changed);
    join(&threads);
    CHECK(passed == WAITERS);
}

/** One wake lets at least one go on, and with tickets for all, all get through. */
static void wake_one_by_one(void)
{
    struct threads threads = {{0}, 0};
    LONG i;

    AcquireSRWLockExclusive(&lock);
    tickets = 0;
    ReleaseSRWLockExclusive(&lock);
    waiting = 0;
    passed = 0;
    start(&threads, WAITERS, take_ticket, NULL);
    await(&waiting, WAITERS);
    milliseconds(20);
    CHECK(peek(&passed) == 0);
    for (i = 1; i <= WAITERS; i++) {
        give_tickets(1);
        WakeConditionVariable(&changed);
        await(&passed, i);
        CHECK(peek(&passed) == i);
    }
    join(&threads);
    CHECK(tickets == 0 && changed.Ptr != (PVOID)-1);
    WakeConditionVariable(&changed); /* nobody waits: nothing is remembered */
}

static void time_limits(void)
{
    CRITICAL_SECTION section;
    CONDITION_VARIABLE never;
    double begin;

    ZeroMemory(&never, sizeof never);
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    begin = now();
    SetLastError(7);
    CHECK(!SleepConditionVariableCS(&never, &section, 30) && GetLastError() == ERROR_TIMEOUT && ERROR_TIMEOUT == 1460);
    CHECK(now() >= begin + 30);
    SetLastError(7);
    CHECK(!SleepConditionVariableCS(&never, &section, 0) && GetLastError() == ERROR_TIMEOUT);
    WakeAllConditionVariable(&never); /* too early for the next wait */
    CHECK(!SleepConditionVariableCS(&never, &section, 1) && GetLastError() == ERROR_TIMEOUT);
    LeaveCriticalSection(&section); /* was held again after each wait */
    CHECK(section.RecursionCount == 0);
    DeleteCriticalSection(&section);

    AcquireSRWLockShared(&lock);
    CHECK(!SleepConditionVariableSRW(&never, &lock, 1, CONDITION_VARIABLE_LOCKMODE_SHARED));
    CHECK(TryAcquireSRWLockShared(&lock) && !TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    SetLastError(7);
    CHECK(!SleepConditionVariableSRW(&never, &lock, 1, 2) && GetLastError() == ERROR_INVALID_PARAMETER);
    ReleaseSRWLockShared(&lock);
    AcquireSRWLockExclusive(&lock);
    CHECK(!SleepConditionVariableSRW(&never, &lock, 1, 0) && GetLastError() == ERROR_TIMEOUT);
    CHECK(!TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
    CHECK(never.Ptr == NULL);
}

#ifdef __cplusplus
static volatile std::sig_atomic_t signals;

static void on_signal(int) { signals = signals + 1; }

static volatile LONG signalled_thread_is_ready;

static void *wait_in_spite_of_signals(void *woken)
{
    AcquireSRWLockExclusive(&lock);
    InterlockedExchange(&signalled_thread_is_ready, 1);
    *static_cast<BOOL *>(woken) = SleepConditionVariableSRW(&changed, &lock, 100, 0);
    ReleaseSRWLockExclusive(&lock);
    return NULL;
}

// Signals end no wait: it lasts as long as it should.
static void signal_storm()
{
    struct threads threads = {{0}, 0};
    BOOL woken = TRUE;

    std::signal(SIGUSR1, on_signal);
    const double begin = now();
    start(&threads, 1, wait_in_spite_of_signals, &woken);
    await(&signalled_thread_is_ready, 1);
    for (int i = 0; i < 20; i++) {
        pthread_kill(threads.ids[0], SIGUSR1);
        milliseconds(2);
    }
    join(&threads);
    CHECK(!woken && now() >= begin + 100 && signals > 0);
}
#endif

int main(void)
{
    producers_and_consumers();
    wake_all();
    wake_one_by_one();
    time_limits();
#ifdef __cplusplus
    signal_storm();
#endif
    return check_failures != 0;
}
