/*
 * Sources declare `unsigned long` and `long` where Windows' functions write a DWORD
 * or a LONG. Here these have 64 bits; the whole variable must become the value.
 */
#include "check.h" /* first: it asks for the system functions that it needs */

#include <windows.h>

#define GARBAGE 0x5555555555555555ul

static DWORD WINAPI returns_dword(LPVOID argument)
{
    return (DWORD)(ULONG_PTR)argument;
}

static unsigned long WINAPI returns_long(void *argument)
{
    return 0xAAAAAAAA00000000ul | (ULONG_PTR)argument;
}

static void threads(void)
{
    unsigned long id = GARBAGE, code = GARBAGE;
    DWORD short_id = 0, short_code = 0;
    HANDLE thread = CreateThread(NULL, 0, returns_long, (LPVOID)7, 0, &id);

    CHECK(thread && id == GetThreadId(thread));
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 7);
    CHECK(CloseHandle(thread));

    thread = CreateThread(NULL, 0, returns_dword, (LPVOID)8, 0, &short_id);
    CHECK(thread && short_id == GetThreadId(thread));
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &short_code) && short_code == 8);
    CHECK(CloseHandle(thread));

    thread = CreateThread(NULL, 0, &returns_dword, NULL, 0, NULL);
    CHECK(thread && CloseHandle(thread));
    thread = CreateThread(NULL, 0, (LPTHREAD_START_ROUTINE)returns_dword, NULL, 0, 0);
    CHECK(thread && CloseHandle(thread));

    code = GARBAGE;
    CHECK(GetExitCodeProcess(GetCurrentProcess(), &code) && code == STILL_ACTIVE);
}

static void semaphores(void)
{
    HANDLE semaphore = CreateSemaphore(NULL, 1, LONG_MAX, NULL);
    long previous = -1;
    LONG before = -1;
    unsigned long flags = GARBAGE;

    CHECK(ReleaseSemaphore(semaphore, 2, &previous) && previous == 1);
    CHECK(ReleaseSemaphore(semaphore, 1, &before) && before == 3);
    CHECK(ReleaseSemaphore(semaphore, 1, NULL));
    CHECK(GetHandleInformation(semaphore, &flags) && flags == 0);
    CHECK(CloseHandle(semaphore));
}

static void protection(void)
{
    unsigned long before = GARBAGE;
    DWORD short_before = 0;
    void *page = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    CHECK(VirtualProtect(page, 4096, PAGE_READONLY, &before) && before == PAGE_READWRITE);
    CHECK(VirtualProtect(page, 4096, PAGE_READWRITE, &short_before) && short_before == PAGE_READONLY);
    CHECK(VirtualFree(page, 0, MEM_RELEASE));
}

static void files(void)
{
    unsigned long written = GARBAGE, read = GARBAGE, transferred = GARBAGE;
    long high = 1;
    char path[64], bytes[8];
    OVERLAPPED place;
    HANDLE file;

    snprintf(path, sizeof path, "/tmp/winshm-long-pointers-%d", (int)GetCurrentProcessId());
    file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(file, "bytes", 5, &written, NULL) && written == 5);
    CHECK(SetFilePointer(file, 2, &high, FILE_BEGIN) == 2 && high == 1);
    CHECK(SetFilePointer(file, 1, NULL, FILE_BEGIN) == 1);
    CHECK(ReadFile(file, bytes, sizeof bytes, &read, NULL) && read == 4);

    memset(&place, 0, sizeof place);
    place.Offset = 3;
    CHECK(ReadFile(file, bytes, sizeof bytes, NULL, &place) && memcmp(bytes, "es", 2) == 0);
    CHECK(GetOverlappedResult(file, &place, &transferred, FALSE) && transferred == 2);
    read = GARBAGE;
    CHECK(GetFileSize(file, &read) == 5 && read == 0);
    CHECK(GetFileSize(file, NULL) == 5);
    CHECK(CloseHandle(file));
}

/* The names are still those of functions, of which a program may have others. */
struct operations {
    BOOL(WINAPI *GetExitCodeThread)(HANDLE, LPDWORD);
    int (*VirtualProtect)(int);
};

#ifdef __cplusplus
struct Wrapper {
    int own;
    int ReleaseSemaphore(int a, int b, int c) { return own + a + b + c; }
    int GetFileSize(int a, int b);
};

int Wrapper::GetFileSize(int a, int b)
{
    return own + a + b;
}
#endif

static int twice(int number)
{
    return 2 * number;
}

static void names(void)
{
    struct operations operations = {GetExitCodeThread, twice};
#ifdef __cplusplus
    BOOL(WINAPI * function)(HANDLE, LPDWORD) = &GetExitCodeThread;
    Wrapper wrapper = {3};
#else
    __typeof__(&GetExitCodeThread) function = &GetExitCodeThread;
#endif
    DWORD code;

    CHECK(function == operations.GetExitCodeThread);
    CHECK_ERROR(operations.GetExitCodeThread(NULL, &code), ERROR_INVALID_HANDLE);
    CHECK_ERROR((GetExitCodeThread)(NULL, &code), ERROR_INVALID_HANDLE);
    CHECK(operations.VirtualProtect(4) == 8);
#ifdef __cplusplus
    CHECK(wrapper.ReleaseSemaphore(1, 2, 3) == 9 && wrapper.GetFileSize(1, 2) == 6);
#endif
}

int main(void)
{
    check_begin();
    threads();
    semaphores();
    protection();
    files();
    names();
    return check_end();
}
