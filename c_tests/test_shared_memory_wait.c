/*
 * test_shared_memory_wait.c - SharedMemoryWait: it sleeps until somebody has
 * written, counts every write and nothing else, and ends in time.
 */
#include "shared_segments.h"

#include <pthread.h>

#define SIZE 4096

/* Who is behind need not wait, and is told how far it is; who is not, waits the whole time and is told nothing. */
static void waiting_ends_in_time(int kind)
{
    SharedMemory *memory = create(SEGMENT(kind, "time"), SIZE);
    uint64_t sequence = 0, far = UINT64_MAX, next = 4;
    long long before;

    FAILS(SharedMemoryWait(memory, NULL, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWait(memory, &sequence, 0), SHARED_MEMORY_TIMEOUT);
    CHECK(sequence == 0);
    CHECK(paint(memory, 0, 8, 1) == 0 && paint(memory, 8, 8, 2) == 0 && paint(memory, 0, SIZE, 3) == 0);
    WORKS(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER));
    CHECK(sequence == 3);
    before = milliseconds(CLOCK_MONOTONIC);
    FAILS(SharedMemoryWait(memory, &sequence, 120), SHARED_MEMORY_TIMEOUT);
    CHECK(milliseconds(CLOCK_MONOTONIC) - before >= 119 && sequence == 3);
    /* Numbers that are not reached yet are waited for, not taken for the present. */
    FAILS(SharedMemoryWait(memory, &far, 30), SHARED_MEMORY_TIMEOUT);
    FAILS(SharedMemoryWait(memory, &next, 30), SHARED_MEMORY_TIMEOUT);
    CHECK(paint(memory, 0, 1, 4) == 0);
    FAILS(SharedMemoryWait(memory, &next, 0), SHARED_MEMORY_TIMEOUT);
    CHECK(far == UINT64_MAX && next == 4);
    CHECK(paint(memory, 0, 1, 5) == 0);
    WORKS(SharedMemoryWait(memory, &next, 0));
    CHECK(next == 5);
    sequence = 1;
    WORKS(SharedMemoryWait(memory, &sequence, 0));
    CHECK(sequence == 5 && stat_of(memory).sequence == 5);
    WORKS(SharedMemoryFree(memory));
}

/* Reads, refusals and whatever else is done move nothing; each write moves it by one, whoever makes it. */
static void only_writes_count(int kind)
{
    const char *name = SEGMENT(kind, "count");
    SharedMemory *memory = create(name, SIZE), *other = NULL, *reader = NULL;
    uint64_t sequence = 0;
    char buffer[16] = "";

    WORKS(SharedMemoryOpen(name, &other));
    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    CHECK(SharedMemoryRead(memory, buffer, 16) == 0 && SharedMemoryReadAt(reader, 16, buffer, 16) == 0);
    CHECK(SharedMemoryWrite(reader, buffer, 16) != 0 && SharedMemoryWriteAt(memory, SIZE, buffer, 16) != 0);
    CHECK(SharedMemoryWrite(memory, NULL, 16) != 0 && SharedMemorySetMode(memory, 0644) == 0);
    *(char *)SharedMemoryData(memory, NULL) = 1;
    FAILS(SharedMemoryWait(memory, &sequence, 0), SHARED_MEMORY_TIMEOUT);
    CHECK(stat_of(memory).sequence == 0);
    CHECK(SharedMemoryWrite(memory, buffer, 16) == 0 && SharedMemoryWriteAt(other, 8, buffer, 1) == 0);
    WORKS(SharedMemoryWait(reader, &sequence, 0));
    CHECK(sequence == 2 && stat_of(memory).sequence == 2 && stat_of(other).sequence == 2);
    WORKS(SharedMemoryClose(other));
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
}

typedef struct WAITER {
    SharedMemory *memory;
    uint64_t sequence;
    uint32_t timeout;
    int result;
    volatile pid_t thread;
} WAITER;

static void *wait_once(void *argument)
{
    WAITER *waiter = (WAITER *)argument;

    waiter->thread = (pid_t)GetCurrentThreadId();
    waiter->result = SharedMemoryWait(waiter->memory, &waiter->sequence, waiter->timeout);
    return NULL;
}
/* In a thread of its own, asleep in the end. */
static pthread_t start_waiter(WAITER *waiter, SharedMemory *memory, uint64_t sequence, uint32_t timeout)
{
    pthread_t thread;

    waiter->memory = memory, waiter->sequence = sequence, waiter->timeout = timeout;
    waiter->result = -1, waiter->thread = 0;
    if (pthread_create(&thread, NULL, wait_once, waiter) != 0)
        exit(2);
    while (waiter->thread == 0)
        Sleep(1);
    await_sleep(waiter->thread);
    return thread;
}

/* One write wakes all who sleep, whichever object of the segment they wait at; those with a later number sleep on. */
static void one_write_wakes_everybody(int kind)
{
    enum { WAITERS = 6 };
    const char *name = SEGMENT(kind, "all");
    SharedMemory *memory = create(name, SIZE), *reader = NULL;
    WAITER waiters[WAITERS], patient;
    pthread_t threads[WAITERS], last;
    int i, woken = 0;

    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    for (i = 0; i < WAITERS; ++i)
        threads[i] = start_waiter(&waiters[i], i % 2 ? reader : memory, 0, i % 3 ? SHARED_MEMORY_FOREVER : 60000);
    last = start_waiter(&patient, reader, 1, SHARED_MEMORY_FOREVER);
    CHECK(paint(memory, 7, 1, 'w') == 0);
    for (i = 0; i < WAITERS; ++i)
        woken += pthread_join(threads[i], NULL) == 0 && waiters[i].result == 0 && waiters[i].sequence == 1;
    CHECK(woken == WAITERS);
    CHECK(patient.result == -1);
    CHECK(paint(memory, 7, 1, 'x') == 0);
    CHECK(pthread_join(last, NULL) == 0 && patient.result == 0 && patient.sequence == 2);
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
}

/* A waiter sleeps: half a second costs no processor time to speak of. */
static void waiting_costs_nothing(int kind)
{
    SharedMemory *memory = create(SEGMENT(kind, "cost"), SIZE);
    uint64_t sequence = 0;
    long long used = milliseconds(CLOCK_THREAD_CPUTIME_ID), before = milliseconds(CLOCK_MONOTONIC);

    FAILS(SharedMemoryWait(memory, &sequence, 500), SHARED_MEMORY_TIMEOUT);
    CHECK(milliseconds(CLOCK_MONOTONIC) - before >= 499);
    CHECK(milliseconds(CLOCK_THREAD_CPUTIME_ID) - used < 100);
    WORKS(SharedMemoryFree(memory));
}

/* A signal that the program handles neither ends the waiting nor begins its time anew. */
static volatile sig_atomic_t signals;
static void count_signal(int number) { signals += number != 0; }
static void signals_do_not_end_it(int kind)
{
    SharedMemory *memory = create(SEGMENT(kind, "signal"), SIZE);
    struct sigaction action;
    WAITER waiter;
    pthread_t thread;
    long long before = milliseconds(CLOCK_MONOTONIC);
    int i;

    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    signals = 0;
    thread = start_waiter(&waiter, memory, 0, 300);
    for (i = 1; i <= 5; ++i) {
        CHECK(pthread_kill(thread, SIGUSR1) == 0);
        while (signals < i)
            Sleep(1);
    }
    CHECK(pthread_join(thread, NULL) == 0 && waiter.result == SHARED_MEMORY_TIMEOUT && waiter.sequence == 0);
    CHECK(milliseconds(CLOCK_MONOTONIC) - before >= 299);
    thread = start_waiter(&waiter, memory, 0, SHARED_MEMORY_FOREVER);
    CHECK(pthread_kill(thread, SIGUSR1) == 0);
    while (signals < 6)
        Sleep(1);
    CHECK(waiter.result == -1 && paint(memory, 0, 1, 's') == 0);
    CHECK(pthread_join(thread, NULL) == 0 && waiter.result == 0 && waiter.sequence == 1);
    WORKS(SharedMemoryFree(memory));
}

/* Threads that write in turns, each woken by the other, with nothing else between them: no wake-up is ever lost. */
typedef struct PLAYER {
    SharedMemory *ball, *answer;
    int rounds, right;
} PLAYER;

static void *play(void *argument)
{
    PLAYER *player = (PLAYER *)argument;
    uint64_t sequence = 0;
    int round, got;

    for (round = 1; round <= player->rounds; ++round) {
        if (SharedMemoryWait(player->ball, &sequence, SHARED_MEMORY_FOREVER) != 0)
            break;
        player->right += sequence == (uint64_t)round && SharedMemoryRead(player->ball, &got, sizeof got) == 0 && got == round;
        if (SharedMemoryWrite(player->answer, &round, sizeof round) != 0)
            break;
    }
    return NULL;
}
static void no_wake_up_is_lost(int kind)
{
    enum { ROUNDS = 3000 };
    PLAYER player;
    SharedMemory *ball = create(SEGMENT(kind, "ball"), SIZE), *answer = create(SEGMENT(kind, "answer"), SIZE);
    pthread_t thread;
    uint64_t sequence = 0;
    int round, got = 0, right = 0;

    player.ball = ball, player.answer = answer, player.rounds = ROUNDS, player.right = 0;
    if (pthread_create(&thread, NULL, play, &player) != 0)
        exit(2);
    for (round = 1; round <= ROUNDS; ++round) {
        if (!CHECK(SharedMemoryWrite(ball, &round, sizeof round) == 0) ||
            !CHECK(SharedMemoryWait(answer, &sequence, SHARED_MEMORY_FOREVER) == 0))
            break;
        right += SharedMemoryRead(answer, &got, sizeof got) == 0 && got == round;
    }
    CHECK(pthread_join(thread, NULL) == 0 && right == ROUNDS && player.right == ROUNDS);
    WORKS(SharedMemoryFree(ball));
    WORKS(SharedMemoryFree(answer));
}

/* An object is closed under a waiter: it ends by its time at the latest, and nothing worse happens. */
static void an_object_may_be_closed_under_a_waiter(int kind)
{
    const char *name = SEGMENT(kind, "close");
    SharedMemory *memory = create(name, SIZE), *other = NULL;
    WAITER waiter;
    pthread_t thread;

    WORKS(SharedMemoryOpen(name, &other));
    thread = start_waiter(&waiter, other, 0, 200);
    WORKS(SharedMemoryClose(other));
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(waiter.result == SHARED_MEMORY_TIMEOUT || waiter.result == SHARED_MEMORY_STALE);
    CHECK(waiter.sequence == 0);
    FAILS(SharedMemoryClose(other), SHARED_MEMORY_STALE);
    CHECK(paint(memory, 0, SIZE, 'c') == 0 && reads(memory, 0, SIZE, 'c'));
    WORKS(SharedMemoryFree(memory));
}

/* Threads that write and read the same object at once: what a thread reads is what one thread wrote. */
static volatile int writing;
static void *paint_on(void *argument)
{
    int byte;

    for (byte = 1; writing; byte = byte % 100 + 1)
        if (paint((SharedMemory *)argument, 0, SIZE, byte) != 0)
            return argument;
    return NULL;
}
static void threads_see_whole_writes(int kind)
{
    static unsigned char buffer[SIZE];
    SharedMemory *memory = create(SEGMENT(kind, "threads"), SIZE);
    pthread_t threads[2];
    void *failed;
    int i, whole = 0;

    writing = 1;
    for (i = 0; i < 2; ++i)
        if (pthread_create(&threads[i], NULL, paint_on, memory) != 0)
            exit(2);
    for (i = 0; i < 5000; ++i)
        whole += SharedMemoryRead(memory, buffer, SIZE) == 0 && all_are(buffer, SIZE, buffer[0]);
    writing = 0;
    for (i = 0; i < 2; ++i)
        CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    CHECK(whole == 5000);
    WORKS(SharedMemoryFree(memory));
}

int main(void)
{
    check_begin();
    OF_EVERY_KIND(waiting_ends_in_time);
    OF_EVERY_KIND(only_writes_count);
    OF_EVERY_KIND(one_write_wakes_everybody);
    OF_EVERY_KIND(waiting_costs_nothing);
    OF_EVERY_KIND(signals_do_not_end_it);
    OF_EVERY_KIND(no_wake_up_is_lost);
    OF_EVERY_KIND(an_object_may_be_closed_under_a_waiter);
    OF_EVERY_KIND(threads_see_whole_writes);
    return check_end();
}
