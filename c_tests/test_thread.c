/*
 * test_thread.c - threads of CreateThread: their ids, ends and exit codes, and
 * suspended beginnings.
 */
#include "wait_many.h"

#include <process.h>

static DWORD exit_code(HANDLE thread)
{
    DWORD code = 0xDEAD;

    CHECK_QUIET(GetExitCodeThread(thread, &code));
    return code;
}
static HANDLE start(LPTHREAD_START_ROUTINE routine, LPVOID argument, DWORD flags, LPDWORD id)
{
    HANDLE thread;

    CHECK_QUIET((thread = CreateThread(NULL, 0, routine, argument, flags, id)) != NULL);
    return thread;
}
/* Waits for the end of the thread, closes it, and gives its exit code. */
static DWORD end_thread(HANDLE thread)
{
    DWORD code;

    CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    code = exit_code(thread);
    CHECK(CloseHandle(thread));
    return code;
}

/* What the threads say about themselves. */
static HANDLE go;
static DWORD own_id, own_error, runs;

static DWORD WINAPI wait_for_go(LPVOID argument)
{
    own_id = GetCurrentThreadId();
    if (WaitForSingleObject(go, INFINITE) != WAIT_OBJECT_0)
        return 0xBAD;
    return (DWORD)(ULONG_PTR)argument;
}
static DWORD WINAPI count_run(LPVOID argument)
{
    __atomic_add_fetch(&runs, 1, __ATOMIC_SEQ_CST);
    return (DWORD)(ULONG_PTR)argument;
}

/* It runs under its own id until it returns, and what it returns is its exit code. */
static void a_thread_runs_and_returns(void)
{
    DWORD id = 0;
    HANDLE thread;

    go = new_manual(FALSE);
    thread = start(wait_for_go, (LPVOID)(ULONG_PTR)7, 0, &id);
    CHECK(id != 0 && id != GetCurrentThreadId());
    CHECK_QUIET(GetThreadId(thread) == id);
    CHECK_WAIT(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    CHECK(exit_code(thread) == STILL_ACTIVE);
    CHECK(SetEvent(go));
    CHECK_WAIT(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    TAKES(thread);
    CHECK(own_id == id && GetThreadId(thread) == id && exit_code(thread) == 7);
    CHECK(CloseHandle(thread) && CloseHandle(go));
    CHECK(GetThreadId(GetCurrentThread()) == GetCurrentThreadId());
    CHECK(exit_code(GetCurrentThread()) == STILL_ACTIVE);
}

/* All codes come through, however the thread ends; what comes after ExitThread does not run. */
static void deeper(DWORD code)
{
    static void (WINAPI *volatile exit_thread)(DWORD) = ExitThread; /* the compiler does not know that it does not return */

    exit_thread(code);
    runs = 0xBAD;
}
static DWORD WINAPI end_by_exit_thread(LPVOID argument)
{
    deeper((DWORD)(ULONG_PTR)argument);
    ExitThread(0xBAD); /* here it does: no result is missing */
}
static DWORD WINAPI end_by_pthread_exit(LPVOID argument)
{
    pthread_exit(argument);
    return 0xBAD;
}
static DWORD WINAPI end_by_cancellation(LPVOID argument)
{
    (void)argument;
    pthread_cancel(pthread_self());
    for (;;)
        sleep(1);
    return 0xBAD;
}
static void every_end_is_an_end(void)
{
    static const DWORD codes[] = {0, 1, 258, STILL_ACTIVE, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu};
    DWORD i;

    runs = 0;
    for (i = 0; i < LENGTH(codes); ++i) {
        CHECK(end_thread(start(count_run, (LPVOID)(ULONG_PTR)codes[i], 0, NULL)) == codes[i]);
        CHECK(end_thread(start(end_by_exit_thread, (LPVOID)(ULONG_PTR)codes[i], 0, NULL)) == codes[i]);
    }
    CHECK(runs == LENGTH(codes));
    /* The system's own ways to end are ends too; what their code is, nobody says. */
    CHECK(end_thread(start(end_by_pthread_exit, NULL, 0, NULL)) != STILL_ACTIVE);
    CHECK(end_thread(start(end_by_cancellation, NULL, 0, NULL)) != STILL_ACTIVE);
}

/* A new thread begins with last error 0, whatever its creator's is, and keeps its own. */
static DWORD WINAPI tell_errors(LPVOID argument)
{
    own_error = GetLastError();
    SetLastError((DWORD)(ULONG_PTR)argument);
    return GetLastError();
}
static void the_last_error_is_the_threads_own(void)
{
    HANDLE thread;

    own_error = 0xDEAD;
    SetLastError(1234);
    thread = CreateThread(NULL, 0, tell_errors, (LPVOID)(ULONG_PTR)99, 0, NULL);
    CHECK(GetLastError() == 1234);
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CHECK(GetLastError() == 1234);
    CHECK(exit_code(thread) == 99 && own_error == 0);
    CHECK(CloseHandle(thread));
}

/* Created suspended it does not run, until ResumeThread, which tells how often it was suspended. */
static void a_suspended_thread_waits_to_be_resumed(void)
{
    DWORD id = 0;
    HANDLE thread, other;

    runs = 0;
    thread = start(count_run, (LPVOID)(ULONG_PTR)5, CREATE_SUSPENDED, &id);
    CHECK(id != 0 && GetThreadId(thread) == id);
    CHECK_WAIT(WaitForSingleObject(thread, 50), WAIT_TIMEOUT);
    CHECK(__atomic_load_n(&runs, __ATOMIC_SEQ_CST) == 0 && exit_code(thread) == STILL_ACTIVE);
    CHECK_QUIET(ResumeThread(thread) == 1);
    CHECK(end_thread(thread) == 5 && runs == 1);
    /* One that runs is not suspended. */
    go = new_manual(FALSE);
    thread = start(wait_for_go, NULL, 0, NULL);
    CHECK_QUIET(ResumeThread(thread) == 0);
    CHECK(SetEvent(go) && end_thread(thread) == 0 && CloseHandle(go));
    /* Its creator lost interest; who knows its id can still let it run. */
    thread = start(count_run, (LPVOID)(ULONG_PTR)6, CREATE_SUSPENDED, &id);
    CHECK(CloseHandle(thread));
    CHECK_QUIET((other = OpenThread(THREAD_ALL_ACCESS, FALSE, id)) != NULL);
    CHECK(ResumeThread(other) == 1);
    CHECK(end_thread(other) == 6 && runs == 2);
    /* Nobody ever resumes this one; the process ends all the same. */
    CHECK(CloseHandle(start(count_run, NULL, CREATE_SUSPENDED, NULL)));
}

/* Its handle closed, a thread goes on. */
static DWORD WINAPI answer(LPVOID argument)
{
    HANDLE *events = (HANDLE *)argument;

    WaitForSingleObject(events[0], INFINITE);
    SetEvent(events[1]);
    return 0;
}
static void closing_the_handle_does_not_end_the_thread(void)
{
    HANDLE events[2];

    events[0] = new_auto(FALSE), events[1] = new_auto(FALSE);
    CHECK(CloseHandle(start(answer, events, 0, NULL)));
    CHECK(SetEvent(events[0]));
    CHECK_WAIT(WaitForSingleObject(events[1], INFINITE), WAIT_OBJECT_0);
    close_all(events, 2);
}

/* The C runtime's function is the same under other types. */
static unsigned WINAPI begin(void *argument)
{
    own_id = GetCurrentThreadId();
    return (unsigned)(ULONG_PTR)argument;
}
static void begin_thread_makes_threads_too(void)
{
    unsigned id = 0;
    HANDLE thread;

    CHECK((thread = (HANDLE)_beginthreadex(NULL, 0, begin, (void *)(ULONG_PTR)31, 0, &id)) != NULL);
    CHECK(id != 0 && GetThreadId(thread) == id);
    CHECK(end_thread(thread) == 31 && own_id == id);
    CHECK((thread = (HANDLE)_beginthreadex(NULL, 0, begin, NULL, CREATE_SUSPENDED, NULL)) != NULL);
    CHECK_WAIT(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    CHECK(ResumeThread(thread) == 1);
    CHECK(end_thread(thread) == 0);
}

/* The stack is as large as was asked for, and never too small to run on. */
static DWORD WINAPI fill_stack(LPVOID argument)
{
    volatile char deep[12 << 20];
    size_t i, sum = 0;

    for (i = 0; i < sizeof deep; i += 4096)
        deep[i] = (char)(ULONG_PTR)argument;
    for (i = 0; i < sizeof deep; i += 4096)
        sum += (size_t)deep[i];
    return (DWORD)(sum / (sizeof deep / 4096));
}
static void the_stack_is_large_enough(void)
{
    HANDLE thread;

    CHECK((thread = CreateThread(NULL, 16 << 20, fill_stack, (LPVOID)(ULONG_PTR)3, 0x10000, NULL)) != NULL);
    CHECK(end_thread(thread) == 3);
    CHECK((thread = CreateThread(NULL, 1, count_run, (LPVOID)(ULONG_PTR)4, 0, NULL)) != NULL);
    CHECK(end_thread(thread) == 4);
}

/* Whoever yields comes back; the last error does not change. */
static void yielding_comes_back(void)
{
    int i;

    SetLastError(SENTINEL);
    for (i = 0; i < 100; ++i)
        SwitchToThread();
    CHECK(GetLastError() == SENTINEL);
}

/* Two hundred at once, all alive together, all waited for. */
static void two_hundred_threads(void)
{
    enum { COUNT = 200 };
    HANDLE threads[COUNT];
    DWORD i, right = 0;

    go = new_manual(FALSE);
    for (i = 0; i < COUNT; ++i)
        threads[i] = start(wait_for_go, (LPVOID)(ULONG_PTR)(1000 + i), 0, NULL);
    CHECK_WAIT(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, threads, FALSE, 10), WAIT_TIMEOUT);
    CHECK(SetEvent(go));
    for (i = 0; i < COUNT; i += 50)
        CHECK_WAIT(WaitForMultipleObjects(50, threads + i, TRUE, INFINITE), WAIT_OBJECT_0);
    for (i = 0; i < COUNT; ++i)
        right += end_thread(threads[i]) == 1000 + i;
    CHECK(right == COUNT);
    CHECK(CloseHandle(go));
}

int main(void)
{
    check_begin();
    a_thread_runs_and_returns();
    every_end_is_an_end();
    the_last_error_is_the_threads_own();
    a_suspended_thread_waits_to_be_resumed();
    closing_the_handle_does_not_end_the_thread();
    begin_thread_makes_threads_too();
    the_stack_is_large_enough();
    yielding_comes_back();
    two_hundred_threads();
    return check_end();
}
