/*
 * test_thread_objects.c - handles of threads: opening by id, what each right is
 * for, and what is no thread.
 */
#include "wait_many.h"

#define NO_ID 0x7FFFFFF0u

static DWORD exit_code(HANDLE thread)
{
    DWORD code = 0xDEAD;

    CHECK_QUIET(GetExitCodeThread(thread, &code));
    return code;
}
static DWORD WINAPI wait_for(LPVOID event)
{
    return WaitForSingleObject((HANDLE)event, INFINITE) == WAIT_OBJECT_0 ? 7 : 0xBAD;
}
static DWORD WINAPI return_at_once(LPVOID unused)
{
    return unused == NULL ? 3 : 4;
}

/* By its id everybody has the same thread, as long as somebody has a handle to it even after its end. */
static void a_thread_is_opened_by_its_id(void)
{
    HANDLE event = new_auto(FALSE), thread, opened;
    DWORD id = 0;

    CHECK((thread = CreateThread(NULL, 0, wait_for, event, 0, &id)) != NULL);
    CHECK_QUIET((opened = OpenThread(THREAD_ALL_ACCESS, FALSE, id)) != NULL);
    CHECK(opened != thread && CompareObjectHandles(opened, thread));
    CHECK(GetThreadId(opened) == id);
    MISSES(opened);
    CHECK(SetEvent(event));
    CHECK_WAIT(WaitForSingleObject(opened, INFINITE), WAIT_OBJECT_0);
    CHECK(exit_code(opened) == 7 && exit_code(thread) == 7);
    CHECK(CloseHandle(thread));
    TAKES(opened);
    CHECK(exit_code(opened) == 7);
    CHECK(CloseHandle(opened));
    /* Nobody has it any more. As soon as the system has forgotten it too, there is no such thread. */
    while ((opened = OpenThread(SYNCHRONIZE, FALSE, id)) != NULL) {
        CHECK_WAIT(WaitForSingleObject(opened, INFINITE), WAIT_OBJECT_0);
        CHECK(CloseHandle(opened));
        a_moment();
    }
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(event));
}

/* The calling thread, and one that the library did not create. */
static void *open_and_close_myself(void *handle)
{
    *(HANDLE *)handle = OpenThread(SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION, FALSE, GetCurrentThreadId());
    return NULL;
}
static void every_thread_of_the_process_is_opened(void)
{
    HANDLE self, event = new_auto(FALSE), thread = NULL;
    WAITER sleeper;

    CHECK_QUIET((self = OpenThread(THREAD_ALL_ACCESS, FALSE, GetCurrentThreadId())) != NULL);
    MISSES(self);
    CHECK(GetThreadId(self) == GetCurrentThreadId() && exit_code(self) == STILL_ACTIVE);
    CHECK(CloseHandle(self));

    start_sleeper(&sleeper, event);
    CHECK_QUIET((self = OpenThread(SYNCHRONIZE, FALSE, (DWORD)sleeper.tid)) != NULL);
    MISSES(self);
    CHECK(SetEvent(event));
    CHECK_WAIT(WaitForSingleObject(self, INFINITE), WAIT_OBJECT_0);
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    TAKES(self);
    CHECK(CloseHandle(self));

    in_a_thread(open_and_close_myself, &thread);
    CHECK(thread != NULL);
    CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    CHECK(exit_code(thread) != STILL_ACTIVE);
    CHECK(CloseHandle(thread) && CloseHandle(event));
}

static void ids_of_nobody_are_refused(void)
{
    CHECK_ERROR(OpenThread(SYNCHRONIZE, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenThread(SYNCHRONIZE, FALSE, NO_ID), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenThread(THREAD_ALL_ACCESS, FALSE, 0xFFFFFFFFu), ERROR_INVALID_PARAMETER);
}

/* Which right lets do what; all else is refused. */
static void each_use_needs_its_right(void)
{
    static const struct {
        DWORD access;
        int may_wait, may_query, may_resume;
    } rows[] = {
        {SYNCHRONIZE, 1, 0, 0},
        {THREAD_QUERY_INFORMATION, 0, 1, 0},
        {THREAD_QUERY_LIMITED_INFORMATION, 0, 1, 0},
        {THREAD_SUSPEND_RESUME, 0, 0, 1},
        {THREAD_TERMINATE, 0, 0, 0},
        {READ_CONTROL, 0, 0, 0},
        {SYNCHRONIZE | THREAD_QUERY_INFORMATION, 1, 1, 0},
        {THREAD_ALL_ACCESS, 1, 1, 1},
        {MAXIMUM_ALLOWED, 1, 1, 1},
        {GENERIC_ALL, 1, 1, 1},
    };
    DWORD i, k, id = 0, code = 0xDEAD;

    for (i = 0; i < LENGTH(rows); ++i) {
        int before = check_failures;
        HANDLE thread = CreateThread(NULL, 0, return_at_once, NULL, CREATE_SUSPENDED, &id), handles[2];

        CHECK_QUIET((handles[0] = OpenThread(rows[i].access, FALSE, id)) != NULL);
        handles[1] = reduced(thread, rows[i].access);
        for (k = 0; k < 2; ++k) {
            if (rows[i].may_wait)
                MISSES(handles[k]);
            else
                CHECK_WAIT_FAILS(WaitForSingleObject(handles[k], 0), ERROR_ACCESS_DENIED);
            if (rows[i].may_query) {
                CHECK(exit_code(handles[k]) == STILL_ACTIVE);
                CHECK_QUIET(GetThreadId(handles[k]) == id);
            } else {
                CHECK_ERROR(GetExitCodeThread(handles[k], &code), ERROR_ACCESS_DENIED);
                CHECK(code == 0xDEAD);
                CHECK_ERROR(GetThreadId(handles[k]), ERROR_ACCESS_DENIED);
            }
        }
        if (rows[i].may_resume) {
            CHECK_QUIET(ResumeThread(handles[0]) == 1);
        } else {
            CHECK_ERROR(ResumeThread(handles[0]) + 1, ERROR_ACCESS_DENIED);
            CHECK_WAIT(WaitForSingleObject(thread, 10), WAIT_TIMEOUT);
            CHECK(ResumeThread(thread) == 1);
        }
        CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
        CHECK(exit_code(thread) == 3);
        close_all(handles, 2);
        CHECK(CloseHandle(thread));
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
}

/* Whether a new handle is inheritable is said when it is made. */
static void inheritance_belongs_to_the_handle(void)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, TRUE};
    HANDLE thread, opened;
    DWORD id = 0, flags = 0xDEAD;

    CHECK((thread = CreateThread(&attributes, 0, return_at_once, NULL, CREATE_SUSPENDED, &id)) != NULL);
    CHECK(GetHandleInformation(thread, &flags) && flags == HANDLE_FLAG_INHERIT);
    CHECK((opened = OpenThread(SYNCHRONIZE, FALSE, id)) != NULL);
    CHECK(GetHandleInformation(opened, &flags) && flags == 0);
    CHECK(CloseHandle(opened));
    CHECK((opened = OpenThread(SYNCHRONIZE, TRUE, id)) != NULL);
    CHECK(GetHandleInformation(opened, &flags) && flags == HANDLE_FLAG_INHERIT);
    CHECK(ResumeThread(thread) == 1);
    CHECK_WAIT(WaitForSingleObject(opened, INFINITE), WAIT_OBJECT_0);
    CHECK(CloseHandle(opened) && CloseHandle(thread));
}

/* What is no thread is none for these functions, and a thread is nothing else. */
static void other_objects_are_no_threads(void)
{
    HANDLE objects[3], thread = same_object(GetCurrentThread());
    DWORD i, code = 0xDEAD;

    objects[0] = new_auto(TRUE), objects[1] = new_memory(PAGE_READWRITE, 4096, NULL);
    objects[2] = same_object(GetCurrentProcess());
    for (i = 0; i < 3; ++i) {
        CHECK_ERROR(GetExitCodeThread(objects[i], &code), ERROR_INVALID_HANDLE);
        CHECK_ERROR(ResumeThread(objects[i]) + 1, ERROR_INVALID_HANDLE);
        CHECK_ERROR(GetThreadId(objects[i]), ERROR_INVALID_HANDLE);
    }
    close_all(objects, 3);
    CHECK_ERROR(GetExitCodeThread(NULL, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetExitCodeThread(GARBAGE_HANDLE, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResumeThread(NULL) + 1, ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResumeThread(closed_handle()) + 1, ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetThreadId(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetThreadId(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK(code == 0xDEAD);
    CHECK_ERROR(SetEvent(thread), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(thread), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseSemaphore(thread, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CancelWaitableTimer(thread), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetExitCodeProcess(thread, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR(TerminateProcess(thread, 1), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetProcessId(thread), ERROR_INVALID_HANDLE);
    CHECK_ERROR(MapViewOfFile(thread, FILE_MAP_READ, 0, 0, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetExitCodeThread(thread, NULL), ERROR_NOACCESS);
    CHECK(CloseHandle(thread));
}

int main(void)
{
    check_begin();
    a_thread_is_opened_by_its_id();
    every_thread_of_the_process_is_opened();
    ids_of_nobody_are_refused();
    each_use_needs_its_right();
    inheritance_belongs_to_the_handle();
    other_objects_are_no_threads();
    return check_end();
}
