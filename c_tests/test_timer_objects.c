/*
 * test_timer_objects.c - timers as objects: creating, opening, names, rights,
 * and what is refused.
 */
#include "wait_many.h"

#define MANUAL CREATE_WAITABLE_TIMER_MANUAL_RESET

static HANDLE create(const char *name) { return CreateWaitableTimerA(NULL, TRUE, name); }
static BOOL set_now(HANDLE timer)
{
    LARGE_INTEGER due;

    due.QuadPart = 0;
    return SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}
/* Whether the timer is a manual one. It is signalled afterwards if it is. */
static int is_manual(HANDLE timer)
{
    CHECK(set_now(timer));
    CHECK_WAIT(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
    return WaitForSingleObject(timer, 5) == WAIT_OBJECT_0;
}

/* All four functions make timers of both kinds; any value but 0 is true. */
static void all_kinds_of_timers_are_created(void)
{
    static const BOOL values[] = {FALSE, TRUE, 2, -1};
    HANDLE timer;
    DWORD i;

    for (i = 0; i < LENGTH(values); ++i) {
        CHECK_LAST(timer = CreateWaitableTimerA(NULL, values[i], NULL), ERROR_SUCCESS);
        CHECK(is_manual(timer) == (values[i] != 0) && CloseHandle(timer));
        CHECK_LAST(timer = CreateWaitableTimerW(NULL, values[i], NULL), ERROR_SUCCESS);
        CHECK(is_manual(timer) == (values[i] != 0) && CloseHandle(timer));
    }
    CHECK_LAST(timer = CreateWaitableTimerExA(NULL, NULL, 0, TIMER_ALL_ACCESS), ERROR_SUCCESS);
    CHECK(!is_manual(timer) && CloseHandle(timer));
    CHECK_LAST(timer = CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS), ERROR_SUCCESS);
    CHECK(!is_manual(timer) && CloseHandle(timer));
    CHECK_LAST(timer = CreateWaitableTimerExA(NULL, NULL, MANUAL, TIMER_ALL_ACCESS), ERROR_SUCCESS);
    CHECK(is_manual(timer) && CloseHandle(timer));
    CHECK_LAST(timer = CreateWaitableTimerExW(NULL, NULL, MANUAL, TIMER_ALL_ACCESS), ERROR_SUCCESS);
    CHECK(is_manual(timer) && CloseHandle(timer));
    CHECK_ERROR(CreateWaitableTimerExA(NULL, NULL, 0x80, TIMER_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateWaitableTimerExW(NULL, NULL, 0x80000001u, TIMER_ALL_ACCESS), ERROR_INVALID_PARAMETER);
}

/* The second creator gets the same timer, whatever kind it asked for, and is told. */
static void the_second_creator_shares_the_timer(void)
{
    const char *name = NAME("shared");
    HANDLE first, others[4];
    int i;

    CHECK_LAST(first = create(name), ERROR_SUCCESS);
    CHECK_LAST(others[0] = CreateWaitableTimerA(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    CHECK_LAST(others[1] = CreateWaitableTimerW(NULL, FALSE, widen(name)), ERROR_ALREADY_EXISTS);
    CHECK_LAST(others[2] = CreateWaitableTimerExA(NULL, name, 0, TIMER_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    CHECK_LAST(others[3] = CreateWaitableTimerExW(NULL, widen(name), 0, TIMER_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    for (i = 0; i < 4; ++i) {
        CHECK(others[i] != first && CompareObjectHandles(first, others[i]));
        CHECK(is_manual(others[i]));
        TAKES(first);
    }
    close_all(others, 4);
    CHECK(CloseHandle(first));
}

/* The last handle takes the name with it, and what was set. */
static void the_name_goes_with_the_last_handle(void)
{
    const char *name = NAME("last");
    HANDLE first = create(name), second;

    CHECK_QUIET((second = OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name)) != NULL);
    CHECK(CloseHandle(first));
    CHECK(set_now(second));
    CHECK_QUIET((first = OpenWaitableTimerW(SYNCHRONIZE, FALSE, widen(name))) != NULL);
    CHECK(CloseHandle(second));
    TAKES(first);
    CHECK(CloseHandle(first));
    CHECK_ERROR(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, widen(name)), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(first = create(name), ERROR_SUCCESS);
    MISSES(first);
    CHECK(CloseHandle(first));
}

/* Opening needs a name that exists; NULL and the empty name are none. Creating takes both for no name. */
static void names_that_are_none(void)
{
    HANDLE first, second;

    CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, NAME("absent")), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenWaitableTimerW(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, ""), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenWaitableTimerW(SYNCHRONIZE, FALSE, L""), ERROR_INVALID_HANDLE);
    CHECK_ERROR(create("no\\such"), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, "no\\such"), ERROR_PATH_NOT_FOUND);
    CHECK_LAST(first = create(""), ERROR_SUCCESS);
    CHECK_LAST(second = create(""), ERROR_SUCCESS);
    CHECK(CloseHandle(first) && CloseHandle(second));
}

/* One name space for all types, in both directions. */
static void names_of_other_objects_are_refused(void)
{
    const char *name = NAME("clash");
    HANDLE owners[4], timer;
    int i;

    for (i = 0; i < 4; ++i) {
        owners[i] = i == 0   ? CreateEventA(NULL, TRUE, FALSE, name)
                    : i == 1 ? CreateMutexA(NULL, FALSE, name)
                    : i == 2 ? CreateSemaphoreA(NULL, 0, 1, name)
                             : new_memory(PAGE_READWRITE, 4096, name);
        CHECK(owners[i] != NULL);
        CHECK_ERROR(create(name), ERROR_INVALID_HANDLE);
        CHECK_ERROR(CreateWaitableTimerExW(NULL, widen(name), 0, TIMER_ALL_ACCESS), ERROR_INVALID_HANDLE);
        CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, name), ERROR_INVALID_HANDLE);
        CHECK(CloseHandle(owners[i]));
    }
    CHECK_LAST(timer = create(name), ERROR_SUCCESS);
    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateMutexA(NULL, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateSemaphoreA(NULL, 0, 1, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenSemaphoreA(SYNCHRONIZE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(timer));
}

/* Setting and cancelling need TIMER_MODIFY_STATE, waiting SYNCHRONIZE, under one of their names. */
static void each_use_needs_its_right(void)
{
    static const struct {
        DWORD access;
        int may_set, may_wait;
    } rows[] = {
        {TIMER_MODIFY_STATE, 1, 0}, {SYNCHRONIZE, 0, 1},     {TIMER_MODIFY_STATE | SYNCHRONIZE, 1, 1},
        {TIMER_ALL_ACCESS, 1, 1},   {GENERIC_ALL, 1, 1},     {MAXIMUM_ALLOWED, 1, 1},
        {GENERIC_READ, 0, 0},       {GENERIC_WRITE, 1, 0},   {GENERIC_EXECUTE, 0, 1},
        {READ_CONTROL, 0, 0},       {DELETE, 0, 0},          {TIMER_QUERY_STATE, 0, 0},
    };
    const char *name = NAME("rights");
    HANDLE creator = create(name), handles[2];
    LARGE_INTEGER due;
    DWORD i, k;

    due.QuadPart = -600000000;
    for (i = 0; i < LENGTH(rows); ++i) {
        int before = check_failures;

        CHECK_QUIET((handles[0] = OpenWaitableTimerA(rows[i].access, FALSE, name)) != NULL);
        CHECK_LAST(handles[1] = CreateWaitableTimerExA(NULL, NULL, MANUAL, rows[i].access), ERROR_SUCCESS);
        for (k = 0; k < 2; ++k) {
            if (rows[i].may_set) {
                CHECK_QUIET(set_now(handles[k]));
                CHECK_QUIET(CancelWaitableTimer(handles[k]));
                CHECK_QUIET(SetWaitableTimerEx(handles[k], &due, 0, NULL, NULL, NULL, 0));
                CHECK_QUIET(CancelWaitableTimer(handles[k]));
            } else {
                CHECK_ERROR(set_now(handles[k]), ERROR_ACCESS_DENIED);
                CHECK_ERROR(SetWaitableTimerEx(handles[k], &due, 0, NULL, NULL, NULL, 0), ERROR_ACCESS_DENIED);
                CHECK_ERROR(CancelWaitableTimer(handles[k]), ERROR_ACCESS_DENIED);
            }
            if (rows[i].may_wait)
                MISSES(handles[k]);
            else
                CHECK_WAIT_FAILS(WaitForSingleObject(handles[k], 0), ERROR_ACCESS_DENIED);
        }
        close_all(handles, 2);
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
    CHECK_ERROR(OpenWaitableTimerA(0, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(creator));
}

/* Only timers are set and cancelled, and to a time that can be read; a timer is no event, mutex or semaphore. */
static void what_is_refused(void)
{
    HANDLE timer = create(NULL), others[4];
    LARGE_INTEGER due;
    int i;

    due.QuadPart = 0;
    others[0] = new_manual(FALSE), others[1] = new_mutex(), others[2] = new_semaphore(0, 1);
    others[3] = new_memory(PAGE_READWRITE, 4096, NULL);
    for (i = 0; i < 4; ++i) {
        CHECK_ERROR(set_now(others[i]), ERROR_INVALID_HANDLE);
        CHECK_ERROR(SetWaitableTimerEx(others[i], &due, 0, NULL, NULL, NULL, 0), ERROR_INVALID_HANDLE);
        CHECK_ERROR(CancelWaitableTimer(others[i]), ERROR_INVALID_HANDLE);
    }
    MISSES(others[0]);
    MISSES(others[2]);
    CHECK_ERROR(set_now(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(set_now(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(set_now(closed_handle()), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CancelWaitableTimer(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CancelWaitableTimer(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEvent(timer), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(timer), ERROR_INVALID_HANDLE);
    CHECK_ERROR(PulseEvent(timer), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(timer), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseSemaphore(timer, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetWaitableTimer(timer, NULL, 0, NULL, NULL, FALSE), ERROR_NOACCESS);
    CHECK_ERROR(SetWaitableTimerEx(timer, NULL, 0, NULL, NULL, NULL, 0), ERROR_NOACCESS);
    CHECK_WAIT(WaitForSingleObject(timer, 5), WAIT_TIMEOUT);
    close_all(others, 4);
    CHECK(CloseHandle(timer));
}

int main(void)
{
    check_begin();
    all_kinds_of_timers_are_created();
    the_second_creator_shares_the_timer();
    the_name_goes_with_the_last_handle();
    names_that_are_none();
    names_of_other_objects_are_refused();
    each_use_needs_its_right();
    what_is_refused();
    return check_end();
}
