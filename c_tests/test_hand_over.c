/*
 * test_hand_over.c - a signal ends the wait of a thread that sleeps, there and then:
 * it is not for who comes afterwards, not even for the thread that gave it and then
 * waits itself. Condition variables are built on that, of a count of the sleepers and a
 * semaphore.
 */
#include "waiting.h"

#include <sched.h>

#define ROUNDS 200

/* Two threads who hand one object to and fro, and note who had it last. */
typedef struct TURNS {
    HANDLE object;
    int last; /* 1: the main thread, 2: the other one; atomic */
    int rounds;
    pid_t tid;
} TURNS;

static void give(HANDLE object)
{
    /* One of the two is refused: it is of the other kind. */
    if (!SetEvent(object))
        CHECK_QUIET(ReleaseSemaphore(object, 1, NULL));
}
static void *take_and_give_back(void *argument)
{
    TURNS *turns = (TURNS *)argument;
    int i;

    __atomic_store_n(&turns->tid, (pid_t)GetCurrentThreadId(), __ATOMIC_RELEASE);
    for (i = 0; i < ROUNDS; ++i) {
        CHECK_QUIET(WaitForSingleObject(turns->object, INFINITE) == WAIT_OBJECT_0);
        __atomic_store_n(&turns->last, 2, __ATOMIC_SEQ_CST);
        give(turns->object);
        /* Until the main thread has it; awake, because asleep means waiting for the object. */
        while (__atomic_load_n(&turns->rounds, __ATOMIC_SEQ_CST) == i)
            sched_yield();
    }
    return NULL;
}
/* The sleeper is there before each signal; who signals waits at once, and gets it second. */
static void who_signals_and_waits_comes_second(HANDLE object)
{
    TURNS turns = {object, 0, 0, 0};
    pthread_t thread;
    int i, taken_back = 0;

    if (!CHECK(object != NULL) || !CHECK(pthread_create(&thread, NULL, take_and_give_back, &turns) == 0))
        return;
    while (__atomic_load_n(&turns.tid, __ATOMIC_ACQUIRE) == 0)
        a_moment();
    for (i = 0; i < ROUNDS; ++i) {
        until_asleep(turns.tid);
        __atomic_store_n(&turns.last, 1, __ATOMIC_SEQ_CST);
        give(object);
        CHECK_QUIET(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0);
        if (__atomic_load_n(&turns.last, __ATOMIC_SEQ_CST) != 2) {
            ++taken_back;
            give(object);
            while (__atomic_load_n(&turns.last, __ATOMIC_SEQ_CST) != 2)
                a_moment();
            CHECK_QUIET(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0);
        }
        __atomic_fetch_add(&turns.rounds, 1, __ATOMIC_SEQ_CST);
    }
    CHECK(taken_back == 0);
    pthread_join(thread, NULL);
    CHECK(WaitForSingleObject(object, 0) == WAIT_TIMEOUT);
    CloseHandle(object);
}

/* Three units for two sleepers and for who waits afterwards: each has one, and none is left. */
static void each_sleeper_has_one_of_several(void)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 10, NULL);
    WAITER waiters[2];
    int i;

    for (i = 0; i < 2; ++i)
        start_sleeper(&waiters[i], semaphore);
    CHECK(ReleaseSemaphore(semaphore, 3, NULL));
    CHECK(WaitForSingleObject(semaphore, INFINITE) == WAIT_OBJECT_0);
    for (i = 0; i < 2; ++i)
        CHECK(end_waiter(&waiters[i]) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(semaphore, 0) == WAIT_TIMEOUT);
    CloseHandle(semaphore);
}

/* A sleeper for either of two takes one; what was meant for him of the other is everybody's. */
static void what_a_sleeper_does_not_take_is_free(void)
{
    HANDLE either[2] = {CreateEventA(NULL, FALSE, FALSE, NULL), CreateSemaphoreA(NULL, 0, 10, NULL)};
    WAITER sleeper;

    start_sleeper(&sleeper, either[1]);
    CHECK(SetEvent(either[0]));
    CHECK(WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0);
    CHECK(ReleaseSemaphore(either[1], 2, NULL));
    CHECK(WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0 + 1);
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(either[1], 0) == WAIT_TIMEOUT);
    CloseHandle(either[0]);
    CloseHandle(either[1]);
}

int main(void)
{
    check_begin();
    use_private_directory();
    who_signals_and_waits_comes_second(CreateSemaphoreA(NULL, 0, 1000, NULL));
    who_signals_and_waits_comes_second(CreateEventA(NULL, FALSE, FALSE, NULL));
    who_signals_and_waits_comes_second(CreateEventA(NULL, FALSE, FALSE, NAME("turns")));
    each_sleeper_has_one_of_several();
    what_a_sleeper_does_not_take_is_free();
    return check_end();
}
