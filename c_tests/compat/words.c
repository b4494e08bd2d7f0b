/*
 * What windows.h has beside the functions of the library: the heap, GUIDs, HRESULTs,
 * messages, tokens, and the other names of its lesser parts. mingw-w64 builds this
 * file too, without what Linux answers otherwise; it finds the same on Wine.
 */
#include <windows.h>
#include <crtdbg.h>
#include <initguid.h>
#include <intrin.h>
#include <mmsystem.h>
#include <stdlib.h>
#include "check.h"

#ifndef __MINGW32__
#include <aclapi.h>
#include <LMCONS.H>

static DWORD last_error;
DWORD GetLastError(void) { return last_error; }
void SetLastError(DWORD error) { last_error = error; }
DWORD GetTickCount(void) { return 12345; }

/** Saturday, 3 February 2001, 04:05:06.789 in Greenwich. */
void GetSystemTimeAsFileTime(LPFILETIME time)
{
    const ULONGLONG ticks = (981173106 + 11644473600ull) * 10000000 + 7891234;

    time->dwLowDateTime = (DWORD)ticks;
    time->dwHighDateTime = (DWORD)(ticks >> 32);
}
#endif

DEFINE_GUID(SOME_GUID, 0x01020304, 0x0506, 0x0708, 9, 10, 11, 12, 13, 14, 15, 16);

static void heap(void)
{
    HANDLE process = GetProcessHeap();
    BYTE *bytes = (BYTE *)HeapAlloc(process, HEAP_ZERO_MEMORY, 100);
    BYTE *same, *none;

    CHECK(process && process == GetProcessHeap());
    CHECK(bytes && bytes[0] == 0 && bytes[99] == 0 && (ULONG_PTR)bytes % 16 == 0);
    CHECK(HeapSize(process, 0, bytes) == 100);
    memset(bytes, 1, 100);
    bytes = (BYTE *)HeapReAlloc(process, HEAP_ZERO_MEMORY, bytes, 100000);
    CHECK(bytes && bytes[99] == 1 && bytes[100] == 0 && bytes[99999] == 0);
    CHECK(HeapSize(process, 0, bytes) == 100000);
    same = (BYTE *)HeapReAlloc(process, HEAP_REALLOC_IN_PLACE_ONLY, bytes, 10);
    CHECK(same == bytes && HeapSize(process, 0, same) == 10);
    CHECK(HeapReAlloc(process, HEAP_REALLOC_IN_PLACE_ONLY, bytes, (SIZE_T)1 << 40) == NULL);
    CHECK(bytes[9] == 1 && HeapFree(process, 0, bytes));
    CHECK(HeapFree(process, 0, NULL));
    none = (BYTE *)HeapAlloc(process, 0, 0);
    CHECK(none && HeapSize(process, 0, none) == 0 && HeapFree(process, 0, none));
    CHECK(HeapAlloc(process, 0, (SIZE_T)-1) == NULL && HeapAlloc(process, 0, (SIZE_T)-20) == NULL);
#ifndef __MINGW32__
    CHECK(HeapAlloc(process, HEAP_GENERATE_EXCEPTIONS, 1) == NULL);
    SetLastError(0);
    CHECK(HeapAlloc(NULL, 0, 1) == NULL && GetLastError() == ERROR_INVALID_HANDLE);
#endif
}

static void results(void)
{
    CHECK(SUCCEEDED(S_OK) && SUCCEEDED(S_FALSE) && FAILED(E_FAIL) && !FAILED(S_OK));
    CHECK(HRESULT_FROM_WIN32(ERROR_SUCCESS) == S_OK && HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED) == E_ACCESSDENIED);
    CHECK(HRESULT_FROM_WIN32(E_FAIL) == E_FAIL && HRESULT_CODE(E_ACCESSDENIED) == 5);
    CHECK(HRESULT_FACILITY(E_ACCESSDENIED) == FACILITY_WIN32 && HRESULT_SEVERITY(E_FAIL) == SEVERITY_ERROR);
    CHECK(MAKE_HRESULT(1, 7, 87) == E_INVALIDARG);
}

static void guids(void)
{
    GUID copy = SOME_GUID;

#ifdef __cplusplus
    CHECK(IsEqualGUID(copy, SOME_GUID) && copy == SOME_GUID);
    copy.Data4[7]++;
    CHECK(!IsEqualIID(copy, SOME_GUID) && copy != SOME_GUID);
#else
    CHECK(IsEqualGUID(&copy, &SOME_GUID));
    copy.Data4[7]++;
    CHECK(!IsEqualIID(&copy, &SOME_GUID));
#endif
    CHECK(sizeof(GUID) == 16 && SOME_GUID.Data1 == 0x01020304 && SOME_GUID.Data4[0] == 9);
}

static void clocks(void)
{
    CHECK(timeBeginPeriod(1) == TIMERR_NOERROR && timeEndPeriod(1) == TIMERR_NOERROR);
    CHECK(timeBeginPeriod(0) == TIMERR_NOCANDO);
    CHECK(timeGetTime() != 0);
}

#ifndef __MINGW32__
#ifndef __cplusplus
extern int setenv(const char *, const char *, int); /* hidden by -std=c99 */
#endif

static void dates(void)
{
    SYSTEMTIME date;

    setenv("TZ", "EST5", 1); /* first, because the C library reads it once */
    GetSystemTime(&date);
    CHECK(date.wYear == 2001 && date.wMonth == 2 && date.wDay == 3 && date.wDayOfWeek == 6);
    CHECK(date.wHour == 4 && date.wMinute == 5 && date.wSecond == 6 && date.wMilliseconds == 789);
    GetLocalTime(&date);
    CHECK(date.wDay == 2 && date.wDayOfWeek == 5 && date.wHour == 23 && date.wMilliseconds == 789);
}
#endif

/* Both ways, at the ends of the range and at the days that calendars get wrong. */
static void dates_of_files(void)
{
    static const struct {
        SYSTEMTIME date; /* with its day of the week */
        ULONGLONG ticks;
    } known[] = {
        {{1601, 1, 1, 1, 0, 0, 0, 0}, 0},
        {{1970, 1, 4, 1, 0, 0, 0, 0}, 116444736000000000},
        {{2000, 2, 2, 29, 23, 59, 59, 999}, 125963423999990000},
        {{2001, 2, 6, 3, 4, 5, 6, 789}, 126256467067890000},
        {{2100, 3, 1, 1, 0, 0, 0, 0}, 157520160000000000},
        {{30827, 12, 5, 31, 23, 59, 59, 999}, 9223149887999990000},
    };
    static const SYSTEMTIME none[] = {
        {1600, 12, 0, 31, 0, 0, 0, 0}, {30828, 1, 0, 1, 0, 0, 0, 0}, {2001, 0, 0, 1, 0, 0, 0, 0},
        {2001, 13, 0, 1, 0, 0, 0, 0},  {2001, 1, 0, 0, 0, 0, 0, 0},  {2001, 4, 0, 31, 0, 0, 0, 0},
        {2001, 2, 0, 29, 0, 0, 0, 0},  {2100, 2, 0, 29, 0, 0, 0, 0}, {2001, 1, 0, 1, 24, 0, 0, 0},
        {2001, 1, 0, 1, 0, 60, 0, 0},  {2001, 1, 0, 1, 0, 0, 60, 0}, {2001, 1, 0, 1, 0, 0, 0, 1000},
    };
    SYSTEMTIME date;
    FILETIME file_time;
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; ++i) {
        CHECK(SystemTimeToFileTime(&known[i].date, &file_time));
        CHECK(((ULONGLONG)file_time.dwHighDateTime << 32 | file_time.dwLowDateTime) == known[i].ticks);
        CHECK(FileTimeToSystemTime(&file_time, &date));
        CHECK(memcmp(&date, &known[i].date, sizeof date) == 0);
    }
    for (i = 0; i < sizeof none / sizeof none[0]; ++i) {
        SetLastError(0);
        CHECK(!SystemTimeToFileTime(&none[i], &file_time) && GetLastError() == ERROR_INVALID_PARAMETER);
    }
    file_time.dwHighDateTime = 0x80000000u;
    SetLastError(0);
    CHECK(!FileTimeToSystemTime(&file_time, &date) && GetLastError() == ERROR_INVALID_PARAMETER);
}

static void processor(void)
{
    int registers[4] = {0, 0, 0, 0};
    unsigned long long before = __rdtsc();

    __cpuid(registers, 0);
    CHECK(registers[0] > 0 && registers[1] != 0); /* the highest leaf, and a part of the maker's name */
    registers[0] = 0;
    __cpuidex(registers, 0, 0);
    CHECK(registers[0] > 0);
#ifndef __MINGW32__
    {
        unsigned a, b, c, d;

        __cpuid(0, a, b, c, d);
        CHECK((int)a == registers[0] && (int)b == registers[1] && c != d);
    }
#endif
    _mm_pause();
    YieldProcessor();
    _ReadWriteBarrier();
    CHECK(__rdtsc() > before);
}

static void debugging(void)
{
    int evaluated = 0;

    _CrtSetDbgFlag(_CRTDBG_ALLOC_MEM_DF | _CRTDBG_LEAK_CHECK_DF);
    _CrtSetReportMode(_CRT_WARN, _CRTDBG_MODE_FILE);
    _ASSERT(++evaluated);
    _ASSERTE(++evaluated);
    CHECK(evaluated == 0 && _CrtCheckMemory() && !_CrtDumpMemoryLeaks());
}

static void numbers(void)
{
    CHECK(min(1, 2) == 1 && max(1, 2) == 2 && max((DWORD)1, 2u) == 2 && min(1.5, 2.0) < 1.6);
    CHECK((BYTE)GetVersion() >= 6 && MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT) == 0x400);
    CHECK(_MAX_PATH == 260 && sizeof(WPARAM) == sizeof(void *));
}

#ifndef __MINGW32__

/* Standard error goes to a file and is read again. */
static void messages(void)
{
    static const char expected[] = "Title: text\nError: \nTitle: gr\303\274n\n";
    char text[sizeof expected] = "";
    FILE *file = tmpfile();
    int real = dup(STDERR_FILENO);

    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    CHECK(MessageBoxA(NULL, "text", "Title", MB_OK | MB_ICONERROR) == IDOK);
    CHECK(MessageBoxA(NULL, NULL, NULL, MB_OKCANCEL) == IDCANCEL);
    CHECK(MessageBoxW(NULL, L"gr\u00fcn", L"Title", MB_YESNO) == IDNO);
    fflush(stderr);
    dup2(real, STDERR_FILENO);
    close(real);
    rewind(file);
    CHECK(fread(text, 1, sizeof text, file) == sizeof text - 1 && strcmp(text, expected) == 0);
    fclose(file);

    CHECK(RegisterWindowMessage(TEXT("message")) == 0 && GetLastError() == ERROR_CALL_NOT_IMPLEMENTED);
    SetLastError(0);
    CHECK(!SendNotifyMessage(HWND_BROADCAST, 1, 2, 3) && GetLastError() == ERROR_CALL_NOT_IMPLEMENTED);
}

/* A program that may not ask does without. */
static void tokens(void)
{
    HANDLE token = NULL;
    PRIVILEGE_SET privileges = {1, PRIVILEGE_SET_ALL_NECESSARY, {{{0, 0}, SE_PRIVILEGE_ENABLED}}};
    BOOL has = FALSE;

    CHECK(!OpenThreadToken(NULL, TOKEN_QUERY, TRUE, &token) && GetLastError() == ERROR_NO_TOKEN);
    CHECK(!OpenProcessToken(NULL, TOKEN_QUERY, &token) && GetLastError() == ERROR_CALL_NOT_IMPLEMENTED);
    CHECK(!LookupPrivilegeValue(NULL, SE_CREATE_GLOBAL_NAME, &privileges.Privilege[0].Luid)
          && GetLastError() == ERROR_NO_SUCH_PRIVILEGE);
    CHECK(!PrivilegeCheck(token, &privileges, &has) && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(!AdjustTokenPrivileges(token, FALSE, NULL, 0, NULL, NULL) && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(UNLEN == 256 && DisableThreadLibraryCalls(NULL));
}

#endif

int main(void)
{
    heap();
    results();
    guids();
    clocks();
    processor();
    debugging();
    numbers();
#ifndef __MINGW32__
    dates();
    messages();
    tokens();
#endif
    dates_of_files();
    ExitProcess(check_failures != 0);
}
