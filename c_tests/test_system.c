/*
 * test_system.c - what the machine, the process and the clocks look like.
 * Durations are only checked from below: a busy machine is not an error.
 */
#include "check.h"

/* Pages of 4 KiB, addresses in steps of 64 KiB, x86-64. */
static void the_machine_looks_like_64_bit_windows(void)
{
    SYSTEM_INFO info, native;

    memset(&info, 0, sizeof info);
    memset(&native, 0, sizeof native);
    GetSystemInfo(&info);
    GetNativeSystemInfo(&native);
    CHECK(info.dwPageSize == 4096);
    CHECK(info.dwAllocationGranularity == 65536);
    CHECK(info.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64);
    CHECK(info.dwProcessorType == PROCESSOR_AMD_X8664);
    CHECK(info.lpMinimumApplicationAddress == (void *)(ULONG_PTR)0x10000);
    CHECK(info.lpMaximumApplicationAddress == (void *)(ULONG_PTR)0x7FFFFFFEFFFFull);
    CHECK(info.dwNumberOfProcessors > 0 && info.dwActiveProcessorMask != 0);
    if (info.dwNumberOfProcessors < 64)
        CHECK(info.dwActiveProcessorMask == ((ULONG_PTR)1 << info.dwNumberOfProcessors) - 1);
    /* Nothing is emulated, so the native answer is the same one. */
    CHECK(memcmp(&info, &native, sizeof info) == 0);
    CHECK(GetLargePageMinimum() == 2097152);
}

/* A process and its first thread have numbers, and keep them. */
static void process_and_thread_have_numbers(void)
{
    CHECK(GetCurrentProcessId() != 0 && GetCurrentProcessId() == GetCurrentProcessId());
    CHECK(GetCurrentThreadId() != 0 && GetCurrentThreadId() == GetCurrentThreadId());
#ifndef __MINGW32__
    CHECK(GetCurrentProcessId() == (DWORD)getpid());
#endif
}

static LONGLONG counter(void)
{
    LARGE_INTEGER now;

    now.QuadPart = -1;
    CHECK(QueryPerformanceCounter(&now));
    return now.QuadPart;
}

/* The counter runs forwards at a fixed frequency that is fine enough to measure with. */
static void the_performance_counter_runs_forwards(void)
{
    LARGE_INTEGER frequency, again;
    LONGLONG last = counter(), now;
    int i;

    CHECK(QueryPerformanceFrequency(&frequency) && frequency.QuadPart >= 1000000);
    CHECK(QueryPerformanceFrequency(&again) && again.QuadPart == frequency.QuadPart);
    for (i = 0; i < 1000; ++i) {
        now = counter();
        if (!CHECK(now >= last))
            break;
        last = now;
    }
    CHECK(counter() > 0);
}

/* Both tick counts are the milliseconds since the system started; one of them wraps. */
static void ticks_are_milliseconds(void)
{
    ULONGLONG before = GetTickCount64();
    DWORD narrow = GetTickCount();
    ULONGLONG after = GetTickCount64();

    CHECK(before > 0 && before <= after);
    CHECK((DWORD)(narrow - (DWORD)before) <= (DWORD)(after - before));
}

/* Sleep returns no earlier than it was told, by every clock. */
static void sleep_lasts_at_least_as_long(void)
{
    LARGE_INTEGER frequency;
    LONGLONG start = counter(), elapsed;
    ULONGLONG ticks = GetTickCount64();

    CHECK(QueryPerformanceFrequency(&frequency));
    Sleep(60);
    elapsed = (counter() - start) * 1000 / frequency.QuadPart;
    ticks = GetTickCount64() - ticks;
    CHECK(elapsed >= 60 || ON_WINE(elapsed >= 58));
    CHECK(ticks >= 59 || ON_WINE(ticks >= 44)); /* Windows' ticks come in steps of 15.6 ms */
    Sleep(0);
}

int main(void)
{
    check_begin();
    the_machine_looks_like_64_bit_windows();
    process_and_thread_have_numbers();
    the_performance_counter_runs_forwards();
    ticks_are_milliseconds();
    sleep_lasts_at_least_as_long();
    return check_end();
}
