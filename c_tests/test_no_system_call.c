/*
 * test_no_system_call.c - what is done to objects that nobody waits for, and
 * waits that are granted at once or only look, happens without the kernel. In a
 * process where the kernel counts, and does not do, what it is asked for.
 */
#include "sandbox.h"
#include "wait_many.h"

enum { AUTO, MANUAL, SEMAPHORE, MUTEX, KINDS };

/* One of each kind, nothing there; and a second auto event and a mutex, for waits over many. */
static HANDLE objects[KINDS], spare, many[MAXIMUM_WAIT_OBJECTS];

static void create_objects(int named)
{
    DWORD i;

    objects[AUTO] = CreateEventA(NULL, FALSE, FALSE, named ? NAME("auto") : NULL);
    objects[MANUAL] = CreateEventA(NULL, TRUE, FALSE, named ? NAME("manual") : NULL);
    objects[SEMAPHORE] = CreateSemaphoreA(NULL, 0, 5, named ? NAME("semaphore") : NULL);
    objects[MUTEX] = CreateMutexA(NULL, FALSE, named ? NAME("mutex") : NULL);
    spare = CreateMutexA(NULL, FALSE, named ? NAME("spare") : NULL);
    for (i = 0; i < LENGTH(many); ++i)
        many[i] = i + 1 < LENGTH(many) ? new_auto(FALSE) : objects[MUTEX];
    CHECK(objects[AUTO] && objects[MANUAL] && objects[SEMAPHORE] && objects[MUTEX] && spare);
}
static void close_objects(void)
{
    close_all(objects, KINDS);
    close_all(many, LENGTH(many) - 1);
    CHECK(CloseHandle(spare));
}

static BOOL taken(HANDLE object) { return WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0; }
static BOOL absent(HANDLE object) { return WaitForSingleObject(object, 0) == WAIT_TIMEOUT; }

/* Each does something and undoes it; false: it did not do what it should. */
static BOOL set_and_take(void) { return SetEvent(objects[AUTO]) && taken(objects[AUTO]) && absent(objects[AUTO]); }
static BOOL set_look_and_reset(void)
{
    return SetEvent(objects[MANUAL]) && taken(objects[MANUAL]) && taken(objects[MANUAL]) && ResetEvent(objects[MANUAL]) &&
           absent(objects[MANUAL]);
}
static BOOL set_twice_and_reset(void)
{
    return SetEvent(objects[AUTO]) && SetEvent(objects[AUTO]) && ResetEvent(objects[AUTO]) && absent(objects[AUTO]);
}
static BOOL pulse_for_nobody(void)
{
    return PulseEvent(objects[AUTO]) && PulseEvent(objects[MANUAL]) && absent(objects[AUTO]) && absent(objects[MANUAL]);
}
static BOOL release_and_take_a_semaphore(void)
{
    LONG before = 9;

    return ReleaseSemaphore(objects[SEMAPHORE], 2, &before) && before == 0 && taken(objects[SEMAPHORE]) &&
           taken(objects[SEMAPHORE]) && absent(objects[SEMAPHORE]);
}
static BOOL acquire_and_release(void) { return taken(objects[MUTEX]) && ReleaseMutex(objects[MUTEX]); }
static BOOL acquire_twice_beside_another(void)
{
    return taken(spare) && taken(objects[MUTEX]) && taken(objects[MUTEX]) && ReleaseMutex(objects[MUTEX]) &&
           ReleaseMutex(spare) && ReleaseMutex(objects[MUTEX]);
}
static BOOL be_refused(void)
{
    return !ReleaseMutex(objects[MUTEX]) && !ReleaseSemaphore(objects[SEMAPHORE], 6, NULL) && !SetEvent(objects[MUTEX]) &&
           !SetEvent(GARBAGE_HANDLE);
}
static BOOL wait_for_any_kind(void)
{
    int i;

    for (i = 0; i < KINDS; ++i) {
        DWORD result;

        if (i == AUTO || i == MANUAL ? !SetEvent(objects[i]) : i == SEMAPHORE && !ReleaseSemaphore(objects[i], 1, NULL))
            return FALSE;
        result = WaitForMultipleObjects(KINDS, objects, FALSE, INFINITE);
        if (result != WAIT_OBJECT_0 + (DWORD)i || (i == MANUAL && !ResetEvent(objects[i])))
            return FALSE;
    }
    return ReleaseMutex(objects[MUTEX]);
}
static BOOL wait_for_any_of_64(void)
{
    return WaitForMultipleObjects(LENGTH(many), many, FALSE, INFINITE) == LENGTH(many) - 1 && ReleaseMutex(objects[MUTEX]);
}
static BOOL look_at_many(void)
{
    return WaitForMultipleObjects(LENGTH(many) - 1, many, FALSE, 0) == WAIT_TIMEOUT;
}
static BOOL signal_and_take(void)
{
    return SignalObjectAndWait(objects[AUTO], objects[AUTO], INFINITE, FALSE) == WAIT_OBJECT_0;
}

typedef struct OPERATION {
    const char *label;
    BOOL (*run)(void);
} OPERATION;
static const OPERATION operations[] = {
    {"set and take", set_and_take},
    {"set, look and reset", set_look_and_reset},
    {"set twice and reset", set_twice_and_reset},
    {"pulse for nobody", pulse_for_nobody},
    {"release and take a semaphore", release_and_take_a_semaphore},
    {"acquire and release", acquire_and_release},
    {"acquire twice beside another", acquire_twice_beside_another},
    {"be refused", be_refused},
    {"wait for any kind", wait_for_any_kind},
    {"wait for any of 64", wait_for_any_of_64},
    {"look at many", look_at_many},
    {"signal and take", signal_and_take},
};
/* And what needs the kernel: the counter sees it. */
static BOOL wait_in_vain(void) { return WaitForSingleObject(objects[AUTO], 2) == WAIT_TIMEOUT; }
static BOOL wait_for_many_in_vain(void) { return WaitForMultipleObjects(2, objects, FALSE, 2) == WAIT_TIMEOUT; }
static BOOL wake_somebody(void) { return SetEvent(many[0]); }
static const OPERATION others[] = {
    {"wait in vain", wait_in_vain},
    {"wait for many in vain", wait_for_many_in_vain},
    {"wake somebody", wake_somebody},
};

/* Runs it a few times; how many system calls that took, -1 if it went wrong. */
static int calls_of(const OPERATION *operation, int times)
{
    int before = calls_made;

    while (times-- > 0)
        if (!operation->run())
            return -1;
    return calls_made - before;
}
/* In a child, because there is no way back. It has done everything once before, as a program has that works. */
static int count_all(void)
{
    size_t i;

    for (i = 0; i < LENGTH(operations); ++i)
        CHECK(calls_of(&operations[i], 3) == 0);
    if (!CHECK(count_calls()))
        return 1;
    for (i = 0; i < LENGTH(operations); ++i)
        if (!CHECK(calls_of(&operations[i], 100) == 0))
            fprintf(stderr, "... %s: system call %d\n", operations[i].label, last_call);
    for (i = 0; i < LENGTH(others); ++i)
        if (!CHECK(calls_of(&others[i], 1) > 0))
            fprintf(stderr, "... the counter does not see: %s\n", others[i].label);
    return check_failures != 0;
}
static void uncontended_operations_need_no_kernel(int named)
{
    WAITER sleeper;
    PEER child;

    create_objects(named);
    start_sleeper(&sleeper, many[0]);
    child = fork_peer();
    if (child.pid == 0) {
        check_failures = 0;
        /* Not by _exit: sanitizers do something there. */
        syscall(SYS_exit_group, count_all());
    }
    CHECK(end_of(&child) == 0);
    CHECK(SetEvent(many[0]));
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    close_objects();
}

int main(void)
{
    check_begin();
    need_filters();
    uncontended_operations_need_no_kernel(0);
    uncontended_operations_need_no_kernel(1);
    return check_end();
}
