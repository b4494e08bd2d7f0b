/*
 * test_mutex.c - mutexes as one thread sees them: every way to make and to open
 * one, recursion, rights, and whatever is refused. What other threads see is in
 * test_mutex_threads.c, and the names in test_sync_names.c.
 */
#include "check.h"

static HANDLE create(const char *name) { return CreateMutexA(NULL, FALSE, name); }

/* How often this thread can give the mutex back: how often it has it. */
static int owned(HANDLE mutex)
{
    int count = 0;

    while (ReleaseMutex(mutex))
        ++count;
    return count;
}

/* Who owns it takes it again at once, and has to give it back as often as it was taken. */
static void a_mutex_counts_its_owners_waits(void)
{
    HANDLE mutex;
    int i, taken = 0;

    CHECK_LAST(mutex = create(NULL), ERROR_SUCCESS);
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(mutex, 10000) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK_QUIET(ReleaseMutex(mutex));
    CHECK_QUIET(ReleaseMutex(mutex));
    CHECK_QUIET(ReleaseMutex(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    for (i = 0; i < 5000; ++i)
        taken += WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0;
    CHECK(taken == 5000 && owned(mutex) == 5000);
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK(CloseHandle(mutex));
}

/* A wait that succeeds leaves the last error alone. */
static void a_wait_does_not_touch_the_last_error(void)
{
    HANDLE mutex = create(NULL);

    CHECK_QUIET(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK_QUIET(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(owned(mutex) == 2 && CloseHandle(mutex));
}

/* Any non-zero value asks for the new mutex, once. */
static void a_creator_may_own_it_from_the_start(void)
{
    static const BOOL values[] = {TRUE, 2, 5, -1};
    HANDLE mutex;
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; ++i) {
        CHECK_LAST(mutex = CreateMutexA(NULL, values[i], NULL), ERROR_SUCCESS);
        CHECK(owned(mutex) == 1);
        CHECK(CloseHandle(mutex));
        CHECK_LAST(mutex = CreateMutexW(NULL, values[i], NULL), ERROR_SUCCESS);
        CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && owned(mutex) == 2);
        CHECK(CloseHandle(mutex));
    }
}

/* Whoever finds the mutex by its name does not get it by asking for it at creation. */
static void the_second_creator_does_not_own_it(void)
{
    const char *name = NAME("second");
    HANDLE first = create(name), second;

    CHECK_LAST(second = CreateMutexA(NULL, TRUE, name), ERROR_ALREADY_EXISTS);
    CHECK(second != first && CompareObjectHandles(first, second));
    CHECK(owned(second) == 0 && CloseHandle(second));
    CHECK_LAST(second = CreateMutexW(NULL, TRUE, widen(name)), ERROR_ALREADY_EXISTS);
    CHECK(owned(second) == 0 && CloseHandle(second));
    CHECK_LAST(second = CreateMutexExA(NULL, name, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    CHECK(owned(second) == 0 && CloseHandle(second));
    CHECK_LAST(second = CreateMutexExW(NULL, widen(name), CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    CHECK(owned(second) == 0 && CloseHandle(second));
    /* Its first owner does not get it once more either. */
    CHECK(WaitForSingleObject(first, 0) == WAIT_OBJECT_0);
    CHECK_LAST(second = CreateMutexA(NULL, TRUE, name), ERROR_ALREADY_EXISTS);
    CHECK(owned(first) == 1 && CloseHandle(second));
    CHECK(CloseHandle(first));
}

/* All handles mean one mutex: it is taken by one of them and given back by another. */
static void every_handle_means_the_same_mutex(void)
{
    const char *name = NAME("handles");
    HANDLE mutex = create(name), opened, wide, twin;

    CHECK_QUIET((opened = OpenMutexA(SYNCHRONIZE, FALSE, name)) != NULL);
    CHECK_QUIET((wide = OpenMutexW(SYNCHRONIZE, TRUE, widen(name))) != NULL);
    CHECK(DuplicateHandle(GetCurrentProcess(), opened, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(WaitForSingleObject(opened, 0) == WAIT_OBJECT_0 && WaitForSingleObject(wide, 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(twin, 0) == WAIT_OBJECT_0 && WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(opened) && CloseHandle(twin));
    CHECK_QUIET(ReleaseMutex(wide));
    CHECK_QUIET(ReleaseMutex(mutex));
    CHECK(CloseHandle(wide));
    CHECK(owned(mutex) == 2);
    CHECK(CloseHandle(mutex));
}

/* The Ex functions: the flag asks for ownership, other flags do not exist, the handle gets the rights it asks for. */
static void the_ex_functions_choose_rights(void)
{
    static const DWORD unknown[] = {2, 3, 4, 0x80000000u, 0xFFFFFFFFu};
    const char *name = NAME("ex");
    HANDLE mutex, second;
    size_t i;

    CHECK_LAST(mutex = CreateMutexExA(NULL, name, CREATE_MUTEX_INITIAL_OWNER, SYNCHRONIZE), ERROR_SUCCESS);
    CHECK(owned(mutex) == 1);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK_LAST(second = CreateMutexExW(NULL, widen(name), 0, MUTEX_MODIFY_STATE), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(WaitForSingleObject(second, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
    CHECK(owned(second) == 1);
    CHECK(CloseHandle(second));
    CHECK_LAST(second = CreateMutexA(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    CHECK(WaitForSingleObject(second, 0) == WAIT_OBJECT_0 && owned(second) == 1);
    CHECK(CloseHandle(second) && CloseHandle(mutex));

    CHECK_LAST(mutex = CreateMutexExW(NULL, NULL, CREATE_MUTEX_INITIAL_OWNER, READ_CONTROL), ERROR_SUCCESS);
    CHECK_ERROR(WaitForSingleObject(mutex, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
    CHECK(owned(mutex) == 1 && CloseHandle(mutex));
    for (i = 0; i < sizeof unknown / sizeof unknown[0]; ++i) {
        CHECK_ERROR_OR_WINE(CreateMutexExA(NULL, NULL, unknown[i], MUTEX_ALL_ACCESS), ERROR_INVALID_PARAMETER, SUCCESS);
        CHECK_ERROR_OR_WINE(CreateMutexExW(NULL, widen(name), unknown[i], MUTEX_ALL_ACCESS), ERROR_INVALID_PARAMETER, SUCCESS);
    }
    CHECK_ERROR_OR_WINE(OpenMutexA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND, SUCCESS);
}

/* Waiting needs SYNCHRONIZE, under one of its names; releasing needs nothing but being the owner. */
static void waiting_needs_the_right_and_releasing_none(void)
{
    static const struct {
        DWORD access;
        int may_wait;
    } rows[] = {
        {SYNCHRONIZE, 1},        {MUTEX_ALL_ACCESS, 1}, {GENERIC_EXECUTE, 1}, {GENERIC_ALL, 1},  {MAXIMUM_ALLOWED, 1},
        {MUTEX_MODIFY_STATE, 0}, {READ_CONTROL, 0},     {DELETE, 0},          {GENERIC_READ, 0}, {GENERIC_WRITE, 0},
    };
    const char *name = NAME("rights");
    HANDLE creator = create(name), mutex;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        int before = check_failures;

        CHECK_QUIET((mutex = OpenMutexA(rows[i].access, FALSE, name)) != NULL);
        if (rows[i].may_wait) {
            CHECK_QUIET(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
        } else {
            CHECK_ERROR(WaitForSingleObject(mutex, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
            CHECK_ERROR(WaitForSingleObject(mutex, INFINITE) != WAIT_FAILED, ERROR_ACCESS_DENIED);
            CHECK(owned(creator) == 0 && WaitForSingleObject(creator, 0) == WAIT_OBJECT_0);
        }
        CHECK_QUIET(ReleaseMutex(mutex));
        CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
        CHECK(CloseHandle(mutex));
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
    CHECK(CloseHandle(creator));
}

/* A duplicate with fewer rights is held to them; no access and access that mutexes do not know is none. */
static void rights_are_the_handles_own(void)
{
    const char *name = NAME("own");
    HANDLE me = GetCurrentProcess(), mutex = create(name), weak;

    CHECK(DuplicateHandle(me, mutex, me, &weak, READ_CONTROL, FALSE, 0));
    CHECK_ERROR(WaitForSingleObject(weak, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK_QUIET(ReleaseMutex(weak));
    CHECK(CloseHandle(weak));
    CHECK_ERROR_OR_WINE(OpenMutexA(0, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK_ERROR_OR_WINE(OpenMutexW(0, FALSE, widen(name)), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK_ERROR_OR_WINE(OpenMutexA(0x2, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK_ERROR_OR_WINE(OpenMutexA(SYNCHRONIZE | 0x100, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK(CloseHandle(mutex));
}

/* Only mutexes are released, and only by handles that are open. */
static void other_objects_are_not_released(void)
{
    HANDLE others[4], mutex = create(NULL);
    size_t i;

    others[0] = new_memory(PAGE_READWRITE, 4096, NULL);
    others[1] = CreateEventA(NULL, TRUE, TRUE, NULL);
    others[2] = CreateSemaphoreA(NULL, 0, 1, NULL);
    others[3] = CreateWaitableTimerA(NULL, TRUE, NULL);
    for (i = 0; i < 4; ++i) {
        CHECK(others[i] != NULL);
        CHECK_ERROR(ReleaseMutex(others[i]), ERROR_INVALID_HANDLE);
        CHECK(CloseHandle(others[i]));
    }
    CHECK_ERROR(ReleaseMutex(GetCurrentProcess()), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(GetCurrentThread()), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEvent(mutex), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(mutex), ERROR_INVALID_HANDLE);
    CHECK_ERROR(PulseEvent(mutex), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseSemaphore(mutex, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CancelWaitableTimer(mutex), ERROR_INVALID_HANDLE);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && CloseHandle(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_INVALID_HANDLE);
    CHECK_ERROR(WaitForSingleObject(mutex, 0) != WAIT_FAILED, ERROR_INVALID_HANDLE);
    CHECK_ERROR(WaitForSingleObject(NULL, 0) != WAIT_FAILED, ERROR_INVALID_HANDLE);
    CHECK_ERROR(WaitForSingleObject(GARBAGE_HANDLE, INFINITE) != WAIT_FAILED, ERROR_INVALID_HANDLE);
}

/* Closing a handle gives nothing back: the owner goes on by another handle, and finds the mutex owned. */
static void closing_is_not_releasing(void)
{
    const char *name = NAME("close");
    HANDLE mutex = create(name), opened = OpenMutexA(SYNCHRONIZE, FALSE, name);

    CHECK(WaitForSingleObject(opened, 0) == WAIT_OBJECT_0 && CloseHandle(opened));
    CHECK(owned(mutex) == 1);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK((opened = OpenMutexA(SYNCHRONIZE, FALSE, name)) != NULL && CloseHandle(mutex));
    CHECK(owned(opened) == 1 && CloseHandle(opened));
}

/* Owned mutexes are given back in any order, and those that are closed meanwhile disturb no other. */
static void mutexes_are_released_in_any_order(void)
{
    enum { MANY = 61 };
    const char *name = NAME("order");
    HANDLE mutexes[MANY];
    char one[200];
    int i, released = 0;

    for (i = 0; i < MANY; ++i) {
        snprintf(one, sizeof one, "%s-%d", name, i);
        CHECK_LAST(mutexes[i] = CreateMutexA(NULL, TRUE, i % 2 ? NULL : one), ERROR_SUCCESS);
    }
    for (i = 0; i < MANY; ++i) {
        int k = i * 23 % MANY;

        if (k % 5 == 0)
            CHECK(CloseHandle(mutexes[k]));
        else
            released += owned(mutexes[k]);
    }
    CHECK(released == MANY - 13);
    for (i = 0; i < MANY; ++i)
        if (i % 5 != 0)
            CHECK(WaitForSingleObject(mutexes[i], 0) == WAIT_OBJECT_0 && owned(mutexes[i]) == 1 && CloseHandle(mutexes[i]));
}

int main(void)
{
    check_begin();
    a_mutex_counts_its_owners_waits();
    a_wait_does_not_touch_the_last_error();
    a_creator_may_own_it_from_the_start();
    the_second_creator_does_not_own_it();
    every_handle_means_the_same_mutex();
    the_ex_functions_choose_rights();
    waiting_needs_the_right_and_releasing_none();
    rights_are_the_handles_own();
    other_objects_are_not_released();
    closing_is_not_releasing();
    mutexes_are_released_in_any_order();
    return check_end();
}
