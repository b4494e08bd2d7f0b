/*
 * process_sync_fork.c - fork() while other threads are in the middle of waiting,
 * creating, closing, signalling and taking several objects at once. The child has
 * one thread, which can do everything with what it has and with what it makes; the
 * parent does not notice.
 */
#include "wait_many.h"

/* The sanitizers of gcc 12 and clang 14 leave their allocator locked in such a child (see process_fork.c). */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { ROUNDS = 25 };

/* What the threads of the parent and all children use, with names in one story and without in the other. */
static HANDLE mutex, event, semaphore, quit;
/* And what the thread that forks owns all the time. */
static HANDLE held;
static char name_prefix[100];
static int is_named;

/* How often each thread did what it does, and what went wrong. */
enum { WAITING, COMMITTING, CREATING, SIGNALLING, THREADS };
static long lives[THREADS];
static int wrong;

/* A name for an object of this label; NULL where objects have none. Each caller has room of its own for it. */
static const char *name_for(char *room, size_t size, const char *label)
{
    snprintf(room, size, "%s-%s", name_prefix, label);
    return is_named ? room : NULL;
}
static void create_common_objects(void)
{
    char room[160];

    mutex = CreateMutexA(NULL, FALSE, name_for(room, sizeof room, "mutex"));
    event = CreateEventA(NULL, FALSE, TRUE, name_for(room, sizeof room, "event"));
    semaphore = CreateSemaphoreA(NULL, 2, 2, name_for(room, sizeof room, "semaphore"));
    quit = new_manual(FALSE);
    CHECK(mutex && event && semaphore && quit);
}

/* Takes the event, or one of the semaphore, whichever is there, and gives it back. */
static BOOL take_any(DWORD time)
{
    HANDLE any[3];

    any[0] = quit, any[1] = semaphore, any[2] = event;
    switch (WaitForMultipleObjects(3, any, FALSE, time)) {
    case 0:
        return TRUE;
    case 1:
        return ReleaseSemaphore(semaphore, 1, NULL);
    case 2:
        return SetEvent(event);
    default:
        return FALSE;
    }
}
/* Takes all three, and gives them back. */
static BOOL take_all(void)
{
    HANDLE all[3];

    all[0] = event, all[1] = mutex, all[2] = semaphore;
    return WaitForMultipleObjects(3, all, TRUE, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(mutex) &&
           ReleaseSemaphore(semaphore, 1, NULL) && SetEvent(event);
}
/* Makes some, uses and closes them, and looks for a name that is not there. Never the same names: a child may have them still. */
static BOOL create_and_close(void)
{
    static long count;
    HANDLE made[4];
    char label[40], room[160], whole[180];
    const char *name;
    BOOL right;
    int i;

    snprintf(label, sizeof label, "%ld-%ld", (long)getpid(), ++count);
    name = name_for(room, sizeof room, label);
    for (i = 0; i < 4; ++i) {
        snprintf(whole, sizeof whole, "%s-%d", room, i);
        made[i] = i == 0   ? CreateMutexA(NULL, TRUE, name ? whole : NULL)
                  : i == 1 ? CreateEventA(NULL, FALSE, TRUE, name ? whole : NULL)
                  : i == 2 ? CreateSemaphoreA(NULL, 1, 1, name ? whole : NULL)
                           : CreateEventA(NULL, TRUE, TRUE, name ? whole : NULL);
    }
    right = made[0] && made[1] && made[2] && made[3] && ReleaseMutex(made[0]) &&
            WaitForMultipleObjects(4, made, TRUE, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(made[0]);
    for (i = 0; i < 4; ++i)
        right = CloseHandle(made[i]) && right;
    snprintf(whole, sizeof whole, "%s-nothing", room);
    return right && OpenMutexA(SYNCHRONIZE, FALSE, whole) == NULL && GetLastError() == ERROR_FILE_NOT_FOUND;
}
static BOOL signal_something(void)
{
    HANDLE own = new_auto(FALSE);
    BOOL right = SetEvent(own) && WaitForSingleObject(own, INFINITE) == WAIT_OBJECT_0 &&
                 WaitForSingleObject(own, 1) == WAIT_TIMEOUT && WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0 &&
                 ReleaseMutex(mutex) && !ReleaseMutex(mutex);

    return CloseHandle(own) && right;
}

/* One thread of the parent, until it is told to quit. */
static void *live(void *number)
{
    const int me = (int)((long *)number - lives);

    while (WaitForSingleObject(quit, 0) == WAIT_TIMEOUT) {
        BOOL right = me == WAITING      ? take_any(INFINITE)
                     : me == COMMITTING ? take_all()
                     : me == CREATING   ? create_and_close()
                                        : signal_something();

        if (!right)
            __atomic_store_n(&wrong, me + 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&lives[me], 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void *own_in_thread(void *handle)
{
    if (WaitForSingleObject((HANDLE)handle, INFINITE) != WAIT_OBJECT_0 || !ReleaseMutex((HANDLE)handle))
        wrong = 9;
    return NULL;
}
/* A child does all of it, with the inherited handles, with handles of its own, and in threads of its own. */
static int be_child(void)
{
    char room[160];
    HANDLE again;

    wrong = 0;
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK_ERROR(ReleaseMutex(held), ERROR_NOT_OWNER);
    MISSES(held);
    CHECK(take_any(INFINITE));
    CHECK(take_all());
    CHECK(create_and_close());
    CHECK(signal_something());
    if (is_named) {
        CHECK((again = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name_for(room, sizeof room, "mutex"))) != NULL);
        CHECK(CompareObjectHandles(again, mutex));
        CHECK(WaitForSingleObject(again, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(again));
    }
    in_a_thread(own_in_thread, mutex);
    CHECK(wrong == 0);
    CHECK(CloseHandle(mutex) && CloseHandle(event) && CloseHandle(semaphore));
    CHECK_ERROR(SetEvent(event), ERROR_INVALID_HANDLE);
    return check_failures != 0;
}

/* Forks again and again, each time at another instant; often the child has children of its own. */
static void fork_again_and_again(void)
{
    int round;

    for (round = 0; round < ROUNDS; ++round) {
        const struct timespec moment = {0, round * 7919L % 300 * 1000};
        int status = 0;
        pid_t child;

        nanosleep(&moment, NULL);
        if ((child = fork()) < 0)
            exit(2);
        if (child == 0) {
            pid_t grandchild;

            alarm(20);
            check_failures = 0;
            if (round % 3 == 0 && (grandchild = fork()) >= 0) {
                if (grandchild != 0)
                    _exit(waitpid(grandchild, &status, 0) == grandchild && status == 0 && be_child() == 0 ? 0 : 8);
                alarm(20);
            }
            _exit(be_child());
        }
        if (!CHECK(waitpid(child, &status, 0) == child && status == 0)) {
            fprintf(stderr, "... the child of round %d: %X\n", round, status);
            return;
        }
    }
}
static void a_child_can_use_everything(int named)
{
    pthread_t threads[THREADS];
    int i;

    snprintf(name_prefix, sizeof name_prefix, "%s", NAME("fork"));
    is_named = named;
    create_common_objects();
    CHECK((held = CreateMutexA(NULL, TRUE, NULL)) != NULL);
    for (i = 0; i < THREADS; ++i) {
        lives[i] = 0;
        CHECK(pthread_create(&threads[i], NULL, live, &lives[i]) == 0);
    }
    fork_again_and_again();
    /* The parent's threads are alive, and were all the time. */
    for (i = 0; i < THREADS; ++i) {
        long before = __atomic_load_n(&lives[i], __ATOMIC_RELAXED);

        while (__atomic_load_n(&lives[i], __ATOMIC_RELAXED) < before + 3)
            a_moment();
    }
    CHECK(SetEvent(quit));
    for (i = 0; i < THREADS; ++i)
        pthread_join(threads[i], NULL);
    CHECK(wrong == 0);
    /* And everything is there again, once. */
    TAKES(mutex), TAKES(event), TAKES(semaphore), TAKES(semaphore);
    MISSES(event), MISSES(semaphore);
    CHECK(times_owned(mutex) == 1 && times_owned(held) == 1);
    CHECK(CloseHandle(mutex) && CloseHandle(event) && CloseHandle(semaphore) && CloseHandle(quit) && CloseHandle(held));
}

/* A thread of the parent sleeps, its child sleeps, each on the same handles: who signals wakes either. */
static void parent_and_child_wait_for_the_same(int named)
{
    const HANDLE *const single[] = {&event, &semaphore};
    size_t i;

    snprintf(name_prefix, sizeof name_prefix, "%s", NAME("same"));
    is_named = named;
    create_common_objects();
    TAKES(event), TAKES(semaphore), TAKES(semaphore);
    for (i = 0; i < LENGTH(single); ++i) {
        HANDLE object = *single[i];
        WAITER waiter;
        int status = 0;
        pid_t child;

        start_sleeper(&waiter, object);
        if ((child = fork()) == 0) {
            alarm(60);
            _exit(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0 ? 3 : 1);
        }
        CHECK(until_asleep(child) && !is_done(&waiter));
        /* Two signals: one for each of them. */
        CHECK(i == 0 ? SetEvent(event) : ReleaseSemaphore(semaphore, 1, NULL));
        while (!is_done(&waiter) && sleep_state(child) != 0)
            a_moment();
        CHECK(i == 0 ? SetEvent(event) : ReleaseSemaphore(semaphore, 1, NULL));
        CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
        CHECK(end_waiter(&waiter) == WAIT_OBJECT_0);
        MISSES(object);
    }
    CHECK(CloseHandle(mutex) && CloseHandle(event) && CloseHandle(semaphore) && CloseHandle(quit));
}

int main(void)
{
    int named;

    check_begin();
    for (named = 0; named < 2; ++named) {
        parent_and_child_wait_for_the_same(named);
        if (!SANITIZED)
            a_child_can_use_everything(named);
    }
    return check_end();
}
