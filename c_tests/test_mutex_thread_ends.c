/*
 * test_mutex_thread_ends.c - the ways out of a thread that owns a mutex or waits
 * for one: pthread_exit, cancellation, and destructors of thread-specific data
 * that use mutexes themselves. Whatever happens, the next owner gets it.
 */
#include "waiting.h"

/* What the next owner is told. It has the mutex once then. */
static DWORD inherit(HANDLE mutex)
{
    DWORD result = WaitForSingleObject(mutex, INFINITE);

    CHECK(ReleaseMutex(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    return result;
}

/* What the threads of a story share. */
typedef struct STAGE {
    HANDLE mutex, other;
    int ready;
    pid_t tid;
    DWORD result;
} STAGE;

static STAGE new_stage(void)
{
    STAGE stage = {NULL, NULL, 0, 0, 0xDEAD};

    stage.mutex = CreateMutexA(NULL, FALSE, NULL), stage.other = CreateMutexA(NULL, FALSE, NULL);
    return stage;
}
static void close_stage(STAGE *stage)
{
    CHECK(CloseHandle(stage->mutex) && CloseHandle(stage->other));
}
static void enter_stage(STAGE *stage)
{
    stage->tid = (pid_t)GetCurrentThreadId();
    __atomic_store_n(&stage->ready, 1, __ATOMIC_RELEASE);
}
static pthread_t start_on(STAGE *stage, void *(*body)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, body, stage) != 0)
        exit(2);
    while (!__atomic_load_n(&stage->ready, __ATOMIC_ACQUIRE))
        a_moment();
    return thread;
}

static void *take_and_pthread_exit(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(WaitForSingleObject(stage->mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(stage->mutex, INFINITE) == WAIT_OBJECT_0);
    pthread_exit(NULL);
}
static void pthread_exit_abandons(void)
{
    STAGE stage = new_stage();

    in_a_thread(take_and_pthread_exit, &stage);
    CHECK(inherit(stage.mutex) == WAIT_ABANDONED);
    close_stage(&stage);
}

/* Cancelled while it owns two and sleeps in a call that can be cancelled: both are abandoned. */
static void *take_and_sleep(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(WaitForSingleObject(stage->mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(stage->other, INFINITE) == WAIT_OBJECT_0);
    enter_stage(stage);
    for (;;)
        pause();
    return NULL;
}
static void cancelling_an_owner_abandons(void)
{
    STAGE stage = new_stage();
    pthread_t thread = start_on(&stage, take_and_sleep);
    void *result;

    CHECK(WaitForSingleObject(stage.mutex, 0) == WAIT_TIMEOUT);
    CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    CHECK(inherit(stage.mutex) == WAIT_ABANDONED && inherit(stage.other) == WAIT_ABANDONED);
    close_stage(&stage);
}

/* A cancelled owner whose cleanup handler gives the mutex back leaves it clean. */
static void give_back(void *mutex) { CHECK(ReleaseMutex((HANDLE)mutex)); }
static void *take_with_cleanup_and_sleep(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(WaitForSingleObject(stage->mutex, INFINITE) == WAIT_OBJECT_0);
    pthread_cleanup_push(give_back, stage->mutex);
    CHECK(WaitForSingleObject(stage->other, INFINITE) == WAIT_OBJECT_0);
    enter_stage(stage);
    for (;;)
        pause();
    pthread_cleanup_pop(1);
    return NULL;
}
static void a_cleanup_handler_may_release(void)
{
    STAGE stage = new_stage();
    pthread_t thread = start_on(&stage, take_with_cleanup_and_sleep);

    CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(inherit(stage.mutex) == WAIT_OBJECT_0 && inherit(stage.other) == WAIT_ABANDONED);
    close_stage(&stage);
}

/*
 * Cancelled while it waits. Whether the wait is ended by that or not, nobody has half of the mutex afterwards: it is
 * free, or was got and abandoned.
 */
static void *wait_and_look(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(WaitForSingleObject(stage->other, INFINITE) == WAIT_OBJECT_0);
    enter_stage(stage);
    stage->result = WaitForSingleObject(stage->mutex, INFINITE);
    pthread_testcancel();
    return NULL;
}
static void cancelling_a_waiter_harms_nobody(void)
{
    int round;

    for (round = 0; round < 20; ++round) {
        STAGE stage = new_stage();
        pthread_t thread;
        WAITER next;
        void *result;
        int warned;

        CHECK(WaitForSingleObject(stage.mutex, 0) == WAIT_OBJECT_0);
        thread = start_on(&stage, wait_and_look);
        CHECK(until_asleep(stage.tid));
        start_sleeper(&next, stage.mutex);
        CHECK(pthread_cancel(thread) == 0);
        if (round % 2)
            a_moment();
        CHECK(ReleaseMutex(stage.mutex));
        CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
        CHECK(end_waiter(&next) == WAIT_OBJECT_0 || next.result == WAIT_ABANDONED);
        warned = (next.result == WAIT_ABANDONED) + (inherit(stage.mutex) == WAIT_ABANDONED);
        CHECK(warned == (stage.result == WAIT_OBJECT_0));
        CHECK(inherit(stage.other) == WAIT_ABANDONED);
        close_stage(&stage);
    }
}

/* Destructors of thread-specific data run when the thread has almost gone, in several rounds, and may use mutexes. */
static pthread_key_t first_key, second_key;

static void release_in_destructor(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(ReleaseMutex(stage->mutex));
    CHECK_ERROR(ReleaseMutex(stage->mutex), ERROR_NOT_OWNER);
    /* Once more, in the next round of destructors. */
    pthread_setspecific(second_key, stage);
}
static void take_in_destructor(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(WaitForSingleObject(stage->other, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(stage->mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(ReleaseMutex(stage->mutex));
}
static void *leave_the_rest_to_destructors(void *argument)
{
    STAGE *stage = (STAGE *)argument;

    CHECK(WaitForSingleObject(stage->mutex, INFINITE) == WAIT_OBJECT_0);
    pthread_setspecific(first_key, stage);
    return NULL;
}
static void destructors_may_use_mutexes(void)
{
    int round;

    CHECK(pthread_key_create(&first_key, release_in_destructor) == 0);
    CHECK(pthread_key_create(&second_key, take_in_destructor) == 0);
    for (round = 0; round < 20; ++round) {
        STAGE stage = new_stage();

        in_a_thread(leave_the_rest_to_destructors, &stage);
        CHECK(inherit(stage.mutex) == WAIT_OBJECT_0 && inherit(stage.other) == WAIT_ABANDONED);
        close_stage(&stage);
    }
    pthread_key_delete(first_key);
    pthread_key_delete(second_key);
}

/* A thread whose only call of the library comes from its last destructor is no exception. */
static void take_only_here(void *argument)
{
    CHECK(WaitForSingleObject(((STAGE *)argument)->mutex, INFINITE) == WAIT_OBJECT_0);
}
static void *set_the_key(void *argument)
{
    pthread_setspecific(first_key, argument);
    return NULL;
}
static void a_destructor_may_be_the_first_to_call(void)
{
    STAGE stage = new_stage();

    CHECK(pthread_key_create(&first_key, take_only_here) == 0);
    in_a_thread(set_the_key, &stage);
    CHECK(inherit(stage.mutex) == WAIT_ABANDONED);
    close_stage(&stage);
    pthread_key_delete(first_key);
}

int main(void)
{
    check_begin();
    pthread_exit_abandons();
    cancelling_an_owner_abandons();
    a_cleanup_handler_may_release();
    cancelling_a_waiter_harms_nobody();
    destructors_may_use_mutexes();
    a_destructor_may_be_the_first_to_call();
    return check_end();
}
