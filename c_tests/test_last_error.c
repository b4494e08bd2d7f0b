/*
 * test_last_error.c - GetLastError is part of every result: creating functions
 * always write it, others write it only when they fail, and each thread has one.
 */
#include "check.h"

#ifndef __MINGW32__
#include <pthread.h>
#endif

/* Whatever is set is read back, all 32 bits of it. */
static void any_value_can_be_kept(void)
{
    static const DWORD values[] = {0, 1, ERROR_ACCESS_DENIED, 0xDEADBEEFu, 0xFFFFFFFFu};
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; ++i) {
        SetLastError(values[i]);
        CHECK(GetLastError() == values[i]);
        CHECK(GetLastError() == values[i]);
    }
}

/* Functions that only tell something have nothing to say about errors. */
static void getters_leave_it_alone(void)
{
    SYSTEM_INFO info;
    LARGE_INTEGER counter;

    CHECK_QUIET(GetCurrentProcess() != NULL);
    CHECK_QUIET(GetCurrentThread() != NULL);
    CHECK_QUIET(GetCurrentProcessId() != 0);
    CHECK_QUIET(GetCurrentThreadId() != 0);
    CHECK_QUIET(GetLargePageMinimum() != 0);
    CHECK_QUIET((GetSystemInfo(&info), GetNativeSystemInfo(&info), 1));
    CHECK_QUIET((GetTickCount(), GetTickCount64(), 1));
    CHECK_QUIET(QueryPerformanceCounter(&counter));
    CHECK_QUIET(QueryPerformanceFrequency(&counter));
    CHECK_QUIET((Sleep(0), 1));
    CHECK_QUIET((Sleep(1), 1));
}

/* Success is no news: only creating functions write the code when they succeed. */
static void success_leaves_it_alone(void)
{
    const char *name = NAME("quiet"), *event_name = NAME("event");
    HANDLE mapping = new_memory(PAGE_READWRITE, 0x10000, name), event = CreateEventA(NULL, TRUE, FALSE, event_name);
    HANDLE other = NULL;
    MEMORY_BASIC_INFORMATION info;
    void *view;
    DWORD old;

    CHECK_QUIET((other = OpenFileMappingA(FILE_MAP_READ, FALSE, name)) != NULL);
    CHECK_QUIET(CloseHandle(other));
    CHECK_QUIET((other = OpenFileMappingW(FILE_MAP_READ, FALSE, widen(name))) != NULL);
    CHECK_QUIET(CloseHandle(other));
    CHECK_QUIET((other = OpenEventA(SYNCHRONIZE, FALSE, event_name)) != NULL);
    CHECK_QUIET(CloseHandle(other));
    CHECK_QUIET((other = OpenEventW(SYNCHRONIZE, FALSE, widen(event_name))) != NULL);
    CHECK_QUIET(CloseHandle(other));
    CHECK_QUIET(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &other, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_QUIET(CompareObjectHandles(other, event));
    CHECK_QUIET(CloseHandle(other));
    CHECK_QUIET(GetHandleInformation(event, &old));
    CHECK_QUIET(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    CHECK_QUIET(SetEvent(event));
    CHECK_QUIET(ResetEvent(event));
    CHECK_QUIET((view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0)) != NULL);
    CHECK_QUIET(FlushViewOfFile(view, 0));
    CHECK_QUIET(VirtualQuery(view, &info, sizeof info));
    CHECK_QUIET(VirtualProtect(view, 4096, PAGE_READONLY, &old));
    CHECK_QUIET(UnmapViewOfFile(view));
    CHECK_QUIET((view = MapViewOfFileEx(mapping, FILE_MAP_COPY, 0, 0, 0, NULL)) != NULL);
    CHECK_QUIET(UnmapViewOfFile(view));
    CHECK_QUIET((view = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) != NULL);
    CHECK_QUIET(VirtualFree(view, 0, MEM_RELEASE));
    CHECK_QUIET(CloseHandle(event));
    CHECK_QUIET(CloseHandle(mapping));
}

/* "Was it there already?" can still be asked after the handle was duplicated and closed, as Chromium does. */
static void already_exists_survives_later_successes(void)
{
    const char *name = NAME("survives");
    HANDLE first = new_memory(PAGE_READWRITE, 4096, name), second, moved;
    void *view;

    second = new_memory(PAGE_READWRITE, 4096, name);
    DuplicateHandle(GetCurrentProcess(), second, GetCurrentProcess(), &moved, FILE_MAP_READ, FALSE, 0);
    CloseHandle(second);
    view = MapViewOfFile(moved, FILE_MAP_READ, 0, 0, 0);
    printf("%s", "");
    CHECK(GetLastError() == ERROR_ALREADY_EXISTS);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(moved));
    CHECK(CloseHandle(first));
}

/* A creator need not clear anything first: an old failure is wiped out by a new object. */
static void creating_wipes_out_an_old_error(void)
{
    HANDLE object;

    CloseHandle(NULL);
    CHECK(GetLastError() == ERROR_INVALID_HANDLE);
    object = new_memory(PAGE_READWRITE, 4096, NAME("wipe"));
    CHECK(GetLastError() == ERROR_SUCCESS && CloseHandle(object));
    CloseHandle(NULL);
    object = CreateEventA(NULL, TRUE, FALSE, NAME("wipe"));
    CHECK(GetLastError() == ERROR_SUCCESS && CloseHandle(object));
    CloseHandle(NULL);
    object = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK(GetLastError() == ERROR_SUCCESS && CloseHandle(object));
    CloseHandle(NULL);
    object = CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 1, NULL);
    CHECK(GetLastError() == ERROR_SUCCESS && CloseHandle(object));
}

#ifndef __MINGW32__
static void *fail_elsewhere(void *started_with)
{
    *(DWORD *)started_with = GetLastError();
    CloseHandle(NULL);
    return NULL;
}

/* A thread starts without an error, and what fails in it is not seen in others. */
static void every_thread_has_its_own(void)
{
    DWORD started_with = SENTINEL;
    pthread_t thread;

    SetLastError(ERROR_BUSY);
    CHECK(pthread_create(&thread, NULL, fail_elsewhere, &started_with) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(GetLastError() == ERROR_BUSY);
    CHECK(started_with == ERROR_SUCCESS);
}
#endif

int main(void)
{
    check_begin();
    any_value_can_be_kept();
    getters_leave_it_alone();
    success_leaves_it_alone();
    already_exists_survives_later_successes();
    creating_wipes_out_an_old_error();
#ifndef __MINGW32__
    every_thread_has_its_own();
#endif
    return check_end();
}
