/*
 * test_mutex_threads.c - a mutex belongs to a thread. Others wait, whether they
 * are of the same process or not; and a thread that ends with a mutex leaves it
 * to the next one with a warning, however it ended.
 */
#include "waiting.h"

/* Mutexes that a thread takes, and how often each. It ends without giving them back. */
typedef struct TAKER {
    HANDLE *mutexes;
    int count, times, taken;
} TAKER;

static void *take_and_end(void *argument)
{
    TAKER *taker = (TAKER *)argument;
    int i, time;

    for (time = 0; time < taker->times; ++time)
        for (i = 0; i < taker->count; ++i)
            taker->taken += WaitForSingleObject(taker->mutexes[i], INFINITE) == WAIT_OBJECT_0;
    return NULL;
}
static void abandon(HANDLE *mutexes, int count, int times)
{
    TAKER taker = {NULL, 0, 0, 0};

    taker.mutexes = mutexes, taker.count = count, taker.times = times;
    in_a_thread(take_and_end, &taker);
    CHECK(taker.taken == count * times);
}
/* The next owner is warned, once, and owns it once. */
static int is_abandoned(HANDLE mutex)
{
    return CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED) && CHECK(ReleaseMutex(mutex)) &&
           CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER) && CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0) &&
           CHECK(ReleaseMutex(mutex)) && CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}
static int is_free_and_clean(HANDLE mutex)
{
    return CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0) && CHECK(ReleaseMutex(mutex)) &&
           CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

/* While one thread has it, the others of the process neither get it nor give it back. */
static void *release_of_another(void *mutex)
{
    CHECK_ERROR(ReleaseMutex((HANDLE)mutex), ERROR_NOT_OWNER);
    CHECK_QUIET(WaitForSingleObject((HANDLE)mutex, 0) == WAIT_TIMEOUT);
    CHECK_ERROR(ReleaseMutex((HANDLE)mutex), ERROR_NOT_OWNER);
    return NULL;
}
static void ownership_is_the_threads_own(void)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, NULL);
    long long before = monotonic_ms();

    in_a_thread(release_of_another, mutex);
    CHECK(wait_elsewhere(mutex, 100) == WAIT_TIMEOUT && monotonic_ms() - before >= 99);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    CHECK(wait_elsewhere(mutex, 0) == WAIT_TIMEOUT);
    CHECK(ReleaseMutex(mutex));
    CHECK(wait_elsewhere(mutex, 0) == WAIT_OBJECT_0);
    CHECK(is_free_and_clean(mutex) && CloseHandle(mutex));
}

/* Sleepers get it one after the other, when it has been given back as often as it was taken and not before. */
static void sleepers_get_it_one_by_one(void)
{
    enum { SLEEPERS = 6 };
    HANDLE mutex = CreateMutexA(NULL, TRUE, NULL);
    WAITER sleepers[SLEEPERS];
    int i, got = 0;

    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    for (i = 0; i < SLEEPERS; ++i)
        start_sleeper(&sleepers[i], mutex);
    CHECK(ReleaseMutex(mutex));
    CHECK(until_done(sleepers, SLEEPERS, 0) == 0);
    CHECK(ReleaseMutex(mutex));
    for (i = 0; i < SLEEPERS; ++i)
        got += end_waiter(&sleepers[i]) == WAIT_OBJECT_0 && sleepers[i].error == SENTINEL;
    CHECK(got == SLEEPERS);
    CHECK(is_free_and_clean(mutex) && CloseHandle(mutex));
}

/* Threads count in one variable without losing a step. */
typedef struct COUNTER {
    HANDLE mutex;
    long value; /* long and plain: only the mutex protects it */
} COUNTER;
enum { COUNTERS = 8, STEPS = 4000 };

static void *count_steps(void *argument)
{
    COUNTER *counter = (COUNTER *)argument;
    int i;

    for (i = 0; i < STEPS; ++i) {
        int depth = 1 + i % 3, k;

        for (k = 0; k < depth; ++k)
            if (WaitForSingleObject(counter->mutex, INFINITE) != WAIT_OBJECT_0)
                return NULL;
        ++counter->value;
        for (k = 0; k < depth; ++k)
            if (!ReleaseMutex(counter->mutex))
                return NULL;
    }
    return NULL;
}
static void a_counter_is_exact(void)
{
    COUNTER counter = {NULL, 0};
    pthread_t threads[COUNTERS];
    int i;

    counter.mutex = CreateMutexA(NULL, FALSE, NULL);
    for (i = 0; i < COUNTERS; ++i)
        if (pthread_create(&threads[i], NULL, count_steps, &counter) != 0)
            exit(2);
    for (i = 0; i < COUNTERS; ++i)
        pthread_join(threads[i], NULL);
    CHECK(counter.value == (long)COUNTERS * STEPS);
    CHECK(is_free_and_clean(counter.mutex) && CloseHandle(counter.mutex));
}

/* A thread ends as the owner, also of several levels: the next owner is told, and has it once. */
static void the_next_owner_is_warned_once(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);
    int times;

    for (times = 1; times <= 4; ++times) {
        abandon(&mutex, 1, times);
        CHECK(is_abandoned(mutex));
    }
    /* Who is too late is told nothing. The warning is for whoever owns it next, in whichever thread. */
    abandon(&mutex, 1, 1);
    CHECK(wait_elsewhere(mutex, 0) == WAIT_ABANDONED);
    CHECK(is_free_and_clean(mutex));
    CHECK(CloseHandle(mutex));
}
static void *create_an_owned_one(void *mutex)
{
    *(HANDLE *)mutex = CreateMutexA(NULL, TRUE, NULL);
    return NULL;
}
static void an_owner_from_the_start_leaves_it_too(void)
{
    HANDLE mutex = NULL;

    in_a_thread(create_an_owned_one, &mutex);
    CHECK(is_abandoned(mutex) && CloseHandle(mutex));
}

/* Each sleeper in turn gets it from a dead owner, and ends with it. */
static void sleepers_inherit_it_from_the_dead(void)
{
    enum { SLEEPERS = 5 };
    HANDLE mutex = CreateMutexA(NULL, TRUE, NULL);
    WAITER sleepers[SLEEPERS];
    int i, clean = 0, warned = 0;

    for (i = 0; i < SLEEPERS; ++i) {
        sleepers[i].keeps = TRUE;
        start_waiter(&sleepers[i], mutex, INFINITE);
        CHECK(until_asleep(sleepers[i].tid));
    }
    CHECK(ReleaseMutex(mutex));
    for (i = 0; i < SLEEPERS; ++i) {
        DWORD result = end_waiter(&sleepers[i]);

        clean += result == WAIT_OBJECT_0;
        warned += result == WAIT_ABANDONED;
    }
    CHECK(clean == 1 && warned == SLEEPERS - 1);
    CHECK(is_abandoned(mutex) && CloseHandle(mutex));
}

/* The owner closes the handle that it waited with, and ends: the others hear of it all the same. */
static void *take_close_and_end(void *name)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, (const char *)name);

    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(CloseHandle(mutex));
    return NULL;
}
static void an_owner_without_handle_is_noticed(void)
{
    const char *name = NAME("closed");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);

    in_a_thread(take_close_and_end, (void *)name);
    CHECK(is_abandoned(mutex) && CloseHandle(mutex));
}

/* The owner closes the only handle there is, of a mutex with or without a name: its name is gone, and nothing else. */
static void *close_the_only_handle_and_end(void *name)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, (const char *)name), next;

    CHECK(CloseHandle(mutex));
    if (name != NULL) {
        CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, (const char *)name), ERROR_FILE_NOT_FOUND);
        CHECK_LAST(next = CreateMutexA(NULL, FALSE, (const char *)name), ERROR_SUCCESS);
        CHECK_ERROR(ReleaseMutex(next), ERROR_NOT_OWNER);
        CHECK(wait_elsewhere(next, 0) == WAIT_OBJECT_0 && CloseHandle(next));
    }
    /* There is more to own and to leave behind, in the place of the first perhaps. */
    next = CreateMutexA(NULL, TRUE, NULL);
    CHECK(ReleaseMutex(next) && CloseHandle(next));
    CHECK((next = CreateMutexA(NULL, TRUE, NULL)) != NULL);
    CHECK(CloseHandle(next));
    return NULL;
}
static void the_only_handle_may_be_closed_by_the_owner(void)
{
    const char *name = NAME("only");
    HANDLE mutex;
    int i;

    for (i = 0; i < 50; ++i) {
        in_a_thread(close_the_only_handle_and_end, i % 2 ? (void *)name : NULL);
        CHECK_LAST(mutex = CreateMutexA(NULL, FALSE, name), ERROR_SUCCESS);
        CHECK(is_free_and_clean(mutex) && CloseHandle(mutex));
    }
}

/* A thread ends with many mutexes, and every one of them is noticed. */
static void many_are_left_at_once(void)
{
    enum { MANY = 1000 };
    static HANDLE mutexes[MANY];
    const char *name = NAME("many");
    char one[200];
    int i, warned = 0;

    for (i = 0; i < MANY; ++i) {
        snprintf(one, sizeof one, "%s-%d", name, i);
        CHECK((mutexes[i] = CreateMutexA(NULL, FALSE, i % 10 ? NULL : one)) != NULL);
    }
    abandon(mutexes, MANY, 2);
    for (i = 0; i < MANY; ++i) {
        warned += WaitForSingleObject(mutexes[i], 0) == WAIT_ABANDONED && ReleaseMutex(mutexes[i]) && !ReleaseMutex(mutexes[i]);
        CHECK(CloseHandle(mutexes[i]));
    }
    CHECK(warned == MANY);
}

int main(void)
{
    check_begin();
    ownership_is_the_threads_own();
    sleepers_get_it_one_by_one();
    a_counter_is_exact();
    the_next_owner_is_warned_once();
    an_owner_from_the_start_leaves_it_too();
    sleepers_inherit_it_from_the_dead();
    an_owner_without_handle_is_noticed();
    the_only_handle_may_be_closed_by_the_owner();
    many_are_left_at_once();
    return check_end();
}
