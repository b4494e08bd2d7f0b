/*
 * guarded.c - what winshm's objects guard is no race, and ThreadSanitizer is there to
 * say what is one. Data is plain; only the objects keep the threads apart.
 *
 *   guarded STORY     says nothing if the story is a right one, and must be reported
 *                     if it is called `wrong_...`: those are the planted faults
 */
#include "wait_many.h"

enum { THREADS = 3, TIMES = 300 };

static long plain;
static HANDLE one, other, done;

static void run(void *(*body)(void *))
{
    pthread_t threads[THREADS];
    intptr_t i;

    for (i = 0; i < THREADS; ++i)
        if (pthread_create(&threads[i], NULL, body, (void *)i) != 0)
            exit(2);
    for (i = 0; i < THREADS; ++i)
        pthread_join(threads[i], NULL);
}

static void *by_mutex(void *unused)
{
    int i;

    for (i = 0; i < TIMES; ++i) {
        CHECK(WaitForSingleObject(one, INFINITE) == WAIT_OBJECT_0);
        ++plain;
        CHECK(ReleaseMutex(one));
    }
    return unused;
}
static void mutex(void)
{
    one = CreateMutexA(NULL, FALSE, NULL);
    run(by_mutex);
    CHECK(plain == THREADS * TIMES);
}
/* Each has a mutex, but not all have the same. */
static void *by_one_of_two(void *number)
{
    HANDLE mine = number ? one : other;
    int i;

    for (i = 0; i < TIMES; ++i) {
        CHECK(WaitForSingleObject(mine, INFINITE) == WAIT_OBJECT_0);
        ++plain;
        CHECK(ReleaseMutex(mine));
    }
    return NULL;
}
static void wrong_mutex(void)
{
    one = CreateMutexA(NULL, FALSE, NULL), other = CreateMutexA(NULL, FALSE, NULL);
    run(by_one_of_two);
}
static void *by_nothing(void *unused)
{
    ++plain;
    return unused;
}
static void wrong_nothing(void) { run(by_nothing); }
/* One has the mutex; the other gives up waiting for it, and writes all the same. */
static int has_it;
static void *by_impatience(void *unused)
{
    while (!__atomic_load_n(&has_it, __ATOMIC_RELAXED))
        a_moment();
    CHECK(WaitForSingleObject(one, 1) == WAIT_TIMEOUT);
    ++plain;
    __atomic_store_n(&has_it, 0, __ATOMIC_RELAXED);
    return unused;
}
static void wrong_impatience(void)
{
    pthread_t thread;

    one = CreateMutexA(NULL, FALSE, NULL);
    if (pthread_create(&thread, NULL, by_impatience, NULL) != 0)
        exit(2);
    CHECK(WaitForSingleObject(one, INFINITE) == WAIT_OBJECT_0);
    ++plain;
    __atomic_store_n(&has_it, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&has_it, __ATOMIC_RELAXED))
        a_moment();
    CHECK(ReleaseMutex(one));
    pthread_join(thread, NULL);
}

/* A duplicate is the same object. */
static void *by_duplicates(void *unused)
{
    HANDLE mine = NULL;
    int i;

    CHECK(DuplicateHandle(GetCurrentProcess(), one, GetCurrentProcess(), &mine, 0, FALSE, DUPLICATE_SAME_ACCESS));
    for (i = 0; i < TIMES; ++i) {
        CHECK(WaitForSingleObject(mine, INFINITE) == WAIT_OBJECT_0);
        ++plain;
        CHECK(SetEvent(mine));
    }
    CHECK(CloseHandle(mine));
    return unused;
}
static void auto_event(void)
{
    one = CreateEventA(NULL, FALSE, FALSE, NULL);
    /* Used once by the handle that stays: told.c knows an object by the handles that were
     * used, and a thread may be done, and its duplicate closed, before the next one begins. */
    CHECK(SetEvent(one));
    run(by_duplicates);
    CHECK(plain == THREADS * TIMES);
}

static void *by_semaphore(void *unused)
{
    int i;

    for (i = 0; i < TIMES; ++i) {
        CHECK(WaitForSingleObject(one, INFINITE) == WAIT_OBJECT_0);
        ++plain;
        CHECK(ReleaseSemaphore(one, 1, NULL));
    }
    return unused;
}
static void semaphore(void)
{
    one = CreateSemaphoreA(NULL, 1, 1, NULL);
    run(by_semaphore);
    CHECK(plain == THREADS * TIMES);
}
/* A semaphore lets in as many as it counts: here all. */
static int inside;
static void *by_count(void *unused)
{
    CHECK(WaitForSingleObject(one, INFINITE) == WAIT_OBJECT_0);
    __atomic_fetch_add(&inside, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&inside, __ATOMIC_RELAXED) < THREADS)
        a_moment();
    ++plain;
    CHECK(ReleaseSemaphore(one, 1, NULL));
    return unused;
}
static void wrong_semaphore(void)
{
    one = CreateSemaphoreA(NULL, THREADS, THREADS, NULL);
    run(by_count);
}

/* Each waits for any of two, of which only one is ever signalled, by turns the one and the other. */
static void *by_any(void *unused)
{
    HANDLE both[2];
    int i;

    both[0] = one, both[1] = other;
    for (i = 0; i < TIMES; ++i) {
        DWORD which = WaitForMultipleObjects(2, both, FALSE, INFINITE);

        CHECK(which <= 1);
        ++plain;
        CHECK(SetEvent(both[!which]));
    }
    return unused;
}
static void any(void)
{
    one = CreateEventA(NULL, FALSE, TRUE, NULL), other = CreateEventA(NULL, FALSE, FALSE, NULL);
    run(by_any);
    CHECK(plain == THREADS * TIMES);
}
/* Whoever has both may write; one thread asks for them in the other order. */
static void *by_all(void *number)
{
    HANDLE both[2];
    int i;

    both[number == NULL] = one, both[number != NULL] = other;
    for (i = 0; i < TIMES; ++i) {
        CHECK(WaitForMultipleObjects(2, both, TRUE, INFINITE) == WAIT_OBJECT_0);
        ++plain;
        CHECK(ReleaseMutex(one) && SetEvent(other));
    }
    return NULL;
}
static void all(void)
{
    one = CreateMutexA(NULL, FALSE, NULL), other = CreateEventA(NULL, FALSE, TRUE, NULL);
    run(by_all);
    CHECK(plain == THREADS * TIMES);
}

/* Work is handed on: written by one, added to by the next, who signals and waits in one call. */
static void *by_turns(void *number)
{
    int i;

    for (i = 0; i < TIMES; ++i) {
        if (number) {
            CHECK(WaitForSingleObject(one, INFINITE) == WAIT_OBJECT_0);
            ++plain;
            CHECK(SetEvent(other));
        } else {
            ++plain;
            CHECK(SignalObjectAndWait(one, other, INFINITE, FALSE) == WAIT_OBJECT_0);
        }
    }
    return NULL;
}
static void turns(void)
{
    pthread_t thread;

    one = CreateEventA(NULL, FALSE, FALSE, NULL), other = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (pthread_create(&thread, NULL, by_turns, &plain) != 0)
        exit(2);
    by_turns(NULL);
    pthread_join(thread, NULL);
    CHECK(plain == 2 * TIMES);
}

static DWORD WINAPI writes(LPVOID unused)
{
    (void)unused;
    ++plain;
    return 0;
}
static DWORD WINAPI writes_and_exits(LPVOID unused)
{
    (void)unused;
    ++plain;
    ExitThread(3);
}
/* A timer and a manual event let the thread begin; that it has ended, its handle says. */
static DWORD WINAPI writes_when_due(LPVOID unused)
{
    (void)unused;
    CHECK(WaitForSingleObject(one, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(done, INFINITE) == WAIT_OBJECT_0);
    ++plain;
    return 0;
}
static void ends_of_threads(void)
{
    LARGE_INTEGER soon;
    HANDLE thread;

    soon.QuadPart = -10000;
    one = CreateWaitableTimerA(NULL, TRUE, NULL), done = CreateEventA(NULL, TRUE, FALSE, NULL);
    thread = CreateThread(NULL, 0, writes_when_due, NULL, 0, NULL);
    ++plain;
    CHECK(SetWaitableTimer(one, &soon, 0, NULL, NULL, FALSE) && SetEvent(done));
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && CloseHandle(thread));
    ++plain;
    thread = CreateThread(NULL, 0, writes_and_exits, NULL, 0, NULL);
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && CloseHandle(thread));
    CHECK(++plain == 5);
}
/* Nobody has waited for the end of the thread. */
static void wrong_end(void)
{
    HANDLE thread = CreateThread(NULL, 0, writes, NULL, 0, NULL);
    DWORD code = STILL_ACTIVE;

    while (GetExitCodeThread(thread, &code) && code == STILL_ACTIVE)
        SwitchToThread();
    ++plain;
    CHECK(CloseHandle(thread));
}

#define STORY(name) {#name, name}
static const struct {
    const char *name;
    void (*tell)(void);
} stories[] = {STORY(mutex), STORY(auto_event), STORY(semaphore), STORY(any), STORY(all), STORY(turns),
               STORY(ends_of_threads), STORY(wrong_mutex), STORY(wrong_nothing), STORY(wrong_impatience),
               STORY(wrong_semaphore), STORY(wrong_end)};

int main(int argc, char **argv)
{
    size_t i;

    check_begin();
    for (i = 0; argc == 2 && i < sizeof stories / sizeof *stories; ++i) {
        if (strcmp(argv[1], stories[i].name) == 0) {
            stories[i].tell();
            return check_end();
        }
    }
    for (i = 0; i < sizeof stories / sizeof *stories; ++i)
        puts(stories[i].name);
    return argc != 1;
}
