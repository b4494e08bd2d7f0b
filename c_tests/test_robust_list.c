/*
 * test_robust_list.c - the kernel's list of the mutexes of a thread, and its note
 * of the one that is being taken. The library uses them while it is called. Between
 * calls the note is empty, whatever became of the call, and the list has what the
 * thread owns: what else stood there the kernel would write to when the thread is
 * killed, also when the memory is something else by then.
 */
#include "wait_many.h"

#include <linux/futex.h>

enum { THREADS = 3, LENGTH_MS = 500 };

static const struct robust_list_head *list_of_this_thread(void)
{
    struct robust_list_head *head = NULL;
    size_t size = 0;

    CHECK(syscall(SYS_get_robust_list, 0, &head, &size) == 0 && head != NULL);
    return head;
}
static int count_owned(const struct robust_list_head *head)
{
    const struct robust_list *node;
    int owned = 0;

    for (node = head->list.next; node != &head->list; node = node->next)
        ++owned;
    return owned;
}

static HANDLE mutex, other, manual, automatic, semaphore, unset;

/* What the threads do, all at the same time. Each returns how many mutexes it leaves owned, and gives them back later. */
static int wait_for_mutex_or_set_event(void)
{
    HANDLE any[3];

    any[0] = mutex, any[1] = other, any[2] = manual;
    return WaitForMultipleObjects(3, any, FALSE, INFINITE) < 2;
}
static int look_at_mutex_or_set_event(void)
{
    HANDLE any[2];

    any[0] = mutex, any[1] = manual;
    return WaitForMultipleObjects(2, any, FALSE, 0) == 0;
}
static int look_at_mutexes(void)
{
    HANDLE any[2];

    any[0] = mutex, any[1] = other;
    return WaitForMultipleObjects(2, any, FALSE, 0) < 2;
}
static int look_at_one(void) { return WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0; }
static int take_one(void) { return WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0; }
static int take_both(void)
{
    HANDLE all[3];

    all[0] = mutex, all[1] = semaphore, all[2] = other;
    return WaitForMultipleObjects(3, all, TRUE, INFINITE) == WAIT_OBJECT_0 && ReleaseSemaphore(semaphore, 1, NULL) ? 2 : 0;
}
static int wait_in_vain(void)
{
    HANDLE all[2];

    all[0] = mutex, all[1] = unset;
    WaitForMultipleObjects(2, all, TRUE, 0);
    return 0;
}
static int signal_something(void)
{
    SetEvent(automatic), PulseEvent(automatic);
    SignalObjectAndWait(automatic, mutex, 0, FALSE);
    return 0;
}
static int refuse(void)
{
    HANDLE any[2];

    any[0] = mutex, any[1] = GARBAGE_HANDLE;
    return WaitForMultipleObjects(2, any, FALSE, 0) == WAIT_OBJECT_0;
}
static const struct {
    const char *label;
    int (*run)(void);
} calls[] = {
    {"wait for a mutex or a set event", wait_for_mutex_or_set_event},
    {"look at a mutex or a set event", look_at_mutex_or_set_event},
    {"look at two mutexes", look_at_mutexes},
    {"look at one", look_at_one},
    {"take one", take_one},
    {"take both", take_both},
    {"wait for all in vain", wait_in_vain},
    {"signal something", signal_something},
    {"be refused", refuse},
};

static void *hammer(void *ignored)
{
    const struct robust_list_head *head = list_of_this_thread();
    const long long end = monotonic_ms() + LENGTH_MS;
    unsigned seed = GetCurrentThreadId();

    while (monotonic_ms() < end) {
        int i;

        for (i = 0; i < 200; ++i) {
            size_t which = (seed = seed * 1103515245u + 12345u) / 65536 % LENGTH(calls);
            int owned = calls[which].run(), pending = head->list_op_pending != NULL;

            /* (A signal may have taken the mutex as well.) */
            if (pending || count_owned(head) < owned) {
                fprintf(stderr, "... after: %s\n", calls[which].label);
                CHECK(!pending && count_owned(head) >= owned);
                return ignored;
            }
            times_owned(mutex), times_owned(other);
            if (head->list_op_pending != NULL || count_owned(head) != 0) {
                CHECK(head->list_op_pending == NULL && count_owned(head) == 0);
                return ignored;
            }
        }
    }
    return ignored;
}

/* The words above see what they are to see. */
static void the_list_is_what_it_is_taken_for(void)
{
    const struct robust_list_head *head = list_of_this_thread();

    CHECK(count_owned(head) == 0 && head->list_op_pending == NULL);
    TAKES(mutex), TAKES(mutex);
    CHECK(count_owned(head) == 1);
    TAKES(other);
    CHECK(count_owned(head) == 2);
    CHECK(times_owned(mutex) == 2);
    CHECK(count_owned(head) == 1);
    CHECK(times_owned(other) == 1);
    CHECK(count_owned(head) == 0 && head->list_op_pending == NULL);
}
static void the_kernels_note_is_empty_between_calls(void)
{
    pthread_t threads[THREADS];
    int i;

    for (i = 0; i < THREADS; ++i)
        CHECK(pthread_create(&threads[i], NULL, hammer, NULL) == 0);
    for (i = 0; i < THREADS; ++i)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    check_begin();
    mutex = new_mutex(), other = new_mutex(), manual = new_manual(TRUE), automatic = new_auto(FALSE);
    semaphore = new_semaphore(9, 9), unset = new_auto(FALSE);
    the_list_is_what_it_is_taken_for();
    the_kernels_note_is_empty_between_calls();
    CHECK(CloseHandle(mutex) && CloseHandle(other) && CloseHandle(manual) && CloseHandle(automatic));
    CHECK(CloseHandle(semaphore) && CloseHandle(unset));
    return check_end();
}
