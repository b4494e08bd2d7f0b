/*
 * test_process_handle.c - handles of processes: who can be opened, what each
 * right is for, and what is no process.
 */
#include "wait_many.h"

#define NO_ID 0x7FFFFFF0u

static DWORD exit_code(HANDLE process)
{
    DWORD code = 0xDEAD;

    CHECK_QUIET(GetExitCodeProcess(process, &code));
    return code;
}
/* A child that lives until it is told to end, or killed, and then says 7. */
static PEER start_child(void)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        await_turn(&parent);
        _exit(7);
    }
    return child;
}

/* This process, by its id and by its pseudo-handle: it runs. */
static void the_own_process_runs(void)
{
    HANDLE process, real = same_object(GetCurrentProcess());

    CHECK_QUIET((process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId())) != NULL);
    MISSES(process);
    MISSES(real);
    CHECK_WAIT(WaitForSingleObject(process, 10), WAIT_TIMEOUT);
    CHECK(exit_code(process) == STILL_ACTIVE && exit_code(real) == STILL_ACTIVE);
    CHECK(exit_code(GetCurrentProcess()) == STILL_ACTIVE);
    CHECK(GetProcessId(process) == GetCurrentProcessId() && GetProcessId(real) == GetCurrentProcessId());
    CHECK_QUIET(GetProcessId(GetCurrentProcess()) == (DWORD)getpid());
    CHECK(CompareObjectHandles(process, real));
    CHECK(CloseHandle(process) && CloseHandle(real));
}

/* A process that does not exist, never did, or is over and buried. */
static void ids_of_nobody_are_refused(void)
{
    PEER child = start_child();
    DWORD id = (DWORD)child.pid;
    HANDLE process;

    CHECK_ERROR(OpenProcess(SYNCHRONIZE, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenProcess(PROCESS_ALL_ACCESS, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenProcess(SYNCHRONIZE, FALSE, NO_ID), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenProcess(SYNCHRONIZE, FALSE, 0xFFFFFFFFu), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenProcess(PROCESS_TERMINATE, FALSE, (DWORD)-getpid()), ERROR_INVALID_PARAMETER);
    CHECK_QUIET((process = OpenProcess(SYNCHRONIZE, FALSE, id)) != NULL);
    CHECK(CloseHandle(process));
    pass_turn(&child);
    CHECK(end_of(&child) == 7);
    CHECK_ERROR(OpenProcess(SYNCHRONIZE, FALSE, id), ERROR_INVALID_PARAMETER);
}

/* Which right lets do what; all else is refused, and a refused TerminateProcess ends nobody. */
static void each_use_needs_its_right(void)
{
    static const struct {
        DWORD access;
        int may_wait, may_query, may_terminate;
    } rows[] = {
        {SYNCHRONIZE, 1, 0, 0},
        {PROCESS_QUERY_INFORMATION, 0, 1, 0},
        {PROCESS_QUERY_LIMITED_INFORMATION, 0, 1, 0},
        {PROCESS_DUP_HANDLE, 0, 0, 0},
        {READ_CONTROL, 0, 0, 0},
        {PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, 1, 1, 0},
        {PROCESS_TERMINATE, 0, 0, 1},
        {PROCESS_TERMINATE | SYNCHRONIZE, 1, 0, 1},
        {PROCESS_ALL_ACCESS, 1, 1, 1},
        {MAXIMUM_ALLOWED, 1, 1, 1},
        {GENERIC_ALL, 1, 1, 1},
    };
    DWORD i, code = 0xDEAD;

    for (i = 0; i < LENGTH(rows); ++i) {
        int before = check_failures;
        PEER child = start_child();
        HANDLE process;

        CHECK_QUIET((process = OpenProcess(rows[i].access, FALSE, (DWORD)child.pid)) != NULL);
        if (rows[i].may_wait)
            MISSES(process);
        else
            CHECK_WAIT_FAILS(WaitForSingleObject(process, 0), ERROR_ACCESS_DENIED);
        if (rows[i].may_query) {
            CHECK(exit_code(process) == STILL_ACTIVE);
            CHECK_QUIET(GetProcessId(process) == (DWORD)child.pid);
        } else {
            CHECK_ERROR(GetExitCodeProcess(process, &code), ERROR_ACCESS_DENIED);
            CHECK(code == 0xDEAD);
            CHECK_ERROR(GetProcessId(process), ERROR_ACCESS_DENIED);
        }
        if (rows[i].may_terminate) {
            CHECK_QUIET(TerminateProcess(process, 9));
        } else {
            CHECK_ERROR(TerminateProcess(process, 9), ERROR_ACCESS_DENIED);
            pass_turn(&child);
            CHECK(end_of(&child) == 7);
        }
        if (rows[i].may_terminate)
            end_of(&child);
        CHECK(CloseHandle(process));
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
}

/* What is no process is none for these functions, and a process is nothing else. */
static void other_objects_are_no_processes(void)
{
    HANDLE objects[3], process = same_object(GetCurrentProcess());
    DWORD i, code = 0xDEAD;

    objects[0] = new_auto(TRUE), objects[1] = new_memory(PAGE_READWRITE, 4096, NULL);
    objects[2] = same_object(GetCurrentThread());
    for (i = 0; i < 3; ++i) {
        CHECK_ERROR(GetExitCodeProcess(objects[i], &code), ERROR_INVALID_HANDLE);
        CHECK_ERROR(TerminateProcess(objects[i], 1), ERROR_INVALID_HANDLE);
        CHECK_ERROR(GetProcessId(objects[i]), ERROR_INVALID_HANDLE);
    }
    close_all(objects, 3);
    CHECK_ERROR(GetExitCodeProcess(NULL, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetExitCodeProcess(GARBAGE_HANDLE, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR(TerminateProcess(NULL, 1), ERROR_INVALID_HANDLE);
    CHECK_ERROR(TerminateProcess(closed_handle(), 1), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetProcessId(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetProcessId(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK(code == 0xDEAD);
    CHECK_ERROR(SetEvent(process), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(process), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseSemaphore(process, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CancelWaitableTimer(process), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetExitCodeThread(process, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResumeThread(process) + 1, ERROR_INVALID_HANDLE);
    CHECK_ERROR(MapViewOfFile(process, FILE_MAP_READ, 0, 0, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetExitCodeProcess(process, NULL), ERROR_NOACCESS);
    CHECK(CloseHandle(process));
}

/* The handle is a handle like all: flags, duplicates with fewer rights, the same object by several handles. */
static void a_process_handle_is_a_handle(void)
{
    PEER child = start_child();
    HANDLE process, fewer, set[2];
    DWORD flags = 0, code = 0;

    CHECK_QUIET((process = OpenProcess(PROCESS_ALL_ACCESS, TRUE, (DWORD)child.pid)) != NULL);
    CHECK(GetHandleInformation(process, &flags) && flags == HANDLE_FLAG_INHERIT);
    fewer = reduced(process, SYNCHRONIZE);
    CHECK_ERROR(GetExitCodeProcess(fewer, &code), ERROR_ACCESS_DENIED);
    CHECK_ERROR(TerminateProcess(fewer, 1), ERROR_ACCESS_DENIED);
    MISSES(fewer);
    CHECK(CompareObjectHandles(process, fewer));
    /* In a wait-any a process may be twice, in a wait-all not, whatever handles it is named by. */
    set[0] = process, set[1] = fewer;
    CHECK_WAIT(WaitForMultipleObjects(2, set, FALSE, 0), WAIT_TIMEOUT);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, set, TRUE, 0), ERROR_INVALID_PARAMETER);
    set[1] = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)child.pid);
    CHECK(CompareObjectHandles(process, set[1]));
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, set, TRUE, 0), ERROR_INVALID_PARAMETER);
    pass_turn(&child);
    CHECK_WAIT(WaitForMultipleObjects(2, set, FALSE, INFINITE), WAIT_OBJECT_0);
    TAKES(fewer);
    TAKES(set[1]);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, set, TRUE, 0), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(process) && CloseHandle(fewer) && CloseHandle(set[1]));
    CHECK_WAIT_FAILS(WaitForSingleObject(process, 0), ERROR_INVALID_HANDLE);
    CHECK(end_of(&child) == 7);
}

int main(void)
{
    check_begin();
    the_own_process_runs();
    ids_of_nobody_are_refused();
    each_use_needs_its_right();
    other_objects_are_no_processes();
    a_process_handle_is_a_handle();
    return check_end();
}
