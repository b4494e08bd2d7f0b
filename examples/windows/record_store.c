/*
 * A file of records with locks for single records: LockFileEx with the offset of
 * the record. Another process cannot take a record that is locked, and can take
 * the ones beside it.
 *
 * Start it without arguments; it starts a second process.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define RECORDS 8

typedef struct _RECORD {
    DWORD dwNumber;
    DWORD dwBalance;
    CHAR szOwner[24];
} RECORD;

static HANDLE OpenStore(LPCSTR lpPath)
{
    return CreateFileA(lpPath, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL | FILE_FLAG_RANDOM_ACCESS, NULL);
}

static void RecordOffset(LPOVERLAPPED lpOverlapped, DWORD dwNumber)
{
    ZeroMemory(lpOverlapped, sizeof(*lpOverlapped));
    lpOverlapped->Offset = dwNumber * sizeof(RECORD);
}

static DWORD LockRecord(HANDLE hFile, DWORD dwNumber, DWORD dwFlags)
{
    OVERLAPPED overlapped;

    RecordOffset(&overlapped, dwNumber);
    return LockFileEx(hFile, dwFlags, 0, sizeof(RECORD), 0, &overlapped) ? ERROR_SUCCESS : GetLastError();
}

static BOOL UnlockRecord(HANDLE hFile, DWORD dwNumber)
{
    OVERLAPPED overlapped;

    RecordOffset(&overlapped, dwNumber);
    return UnlockFileEx(hFile, 0, sizeof(RECORD), 0, &overlapped);
}

static BOOL Transfer(HANDLE hFile, DWORD dwNumber, int nAmount)
{
    OVERLAPPED overlapped;
    RECORD record;
    DWORD dwBytes;

    RecordOffset(&overlapped, dwNumber);
    if (!ReadFile(hFile, &record, sizeof(record), &dwBytes, &overlapped) || dwBytes != sizeof(record))
        return FALSE;
    record.dwBalance += nAmount;
    RecordOffset(&overlapped, dwNumber);
    return WriteFile(hFile, &record, sizeof(record), &dwBytes, &overlapped) && dwBytes == sizeof(record);
}

/* Runs while the first process has record 2 exclusively and record 5 shared. */
static int Second(LPCSTR lpPath)
{
    HANDLE hFile = OpenStore(lpPath);
    HANDLE hWaiting = OpenEventA(EVENT_MODIFY_STATE, FALSE, "SampleRecordStoreWaiting");
    DWORD dwError;

    if (hFile == INVALID_HANDLE_VALUE || hWaiting == NULL)
        return 1;
    dwError = LockRecord(hFile, 2, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY);
    printf("second: record 2 exclusively: %d\n", (int)dwError);
    printf("second: record 3 exclusively: %d\n", (int)LockRecord(hFile, 3, LOCKFILE_EXCLUSIVE_LOCK));
    dwError = LockRecord(hFile, 5, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY);
    printf("second: record 5 exclusively: %d\n", (int)dwError);
    printf("second: record 5 shared: %d\n", (int)LockRecord(hFile, 5, LOCKFILE_FAIL_IMMEDIATELY));
    printf("second: record 3 changed: %d\n", Transfer(hFile, 3, 100));
    fflush(stdout);
    SetEvent(hWaiting);
    printf("second: record 2, waiting: %d\n", (int)LockRecord(hFile, 2, LOCKFILE_EXCLUSIVE_LOCK));
    printf("second: record 2 changed: %d\n", Transfer(hFile, 2, 7));
    CloseHandle(hFile); /* its locks go with it */
    return 0;
}

int main(int argc, char **argv)
{
    CHAR szDir[MAX_PATH], szPath[MAX_PATH], szExe[MAX_PATH], szCmd[2 * MAX_PATH + 16];
    HANDLE hFile, hWaiting;
    STARTUPINFOA si;
    PROCESS_INFORMATION pi;
    RECORD record;
    DWORD dwBytes, dwExit, i;
    LARGE_INTEGER liZero, liEnd;

    if (argc > 1)
        return Second(argv[1]);

    GetTempPathA(MAX_PATH, szDir);
    GetTempFileNameA(szDir, "rec", 0, szPath);
    hFile = OpenStore(szPath);
    if (hFile == INVALID_HANDLE_VALUE) {
        printf("CreateFile: %d\n", (int)GetLastError());
        return 1;
    }
    for (i = 0; i < RECORDS; i++) {
        ZeroMemory(&record, sizeof(record));
        record.dwNumber = i;
        record.dwBalance = 1000;
        _snprintf(record.szOwner, sizeof(record.szOwner), "owner %u", (unsigned)i);
        WriteFile(hFile, &record, sizeof(record), &dwBytes, NULL);
    }
    liZero.QuadPart = 0;
    SetFilePointerEx(hFile, liZero, &liEnd, FILE_CURRENT);
    printf("%d records in %d bytes\n", RECORDS, (int)liEnd.QuadPart);

    printf("first: record 2 exclusively: %d\n", (int)LockRecord(hFile, 2, LOCKFILE_EXCLUSIVE_LOCK));
    printf("first: record 5 shared: %d\n", (int)LockRecord(hFile, 5, 0));
    hWaiting = CreateEventA(NULL, FALSE, FALSE, "SampleRecordStoreWaiting");
    fflush(stdout);

    GetModuleFileNameA(NULL, szExe, MAX_PATH);
    _snprintf(szCmd, sizeof(szCmd), "\"%s\" \"%s\"", szExe, szPath);
    ZeroMemory(&si, sizeof(si));
    si.cb = sizeof(si);
    si.dwFlags = STARTF_USESTDHANDLES;
    si.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    si.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    si.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessA(NULL, szCmd, NULL, NULL, TRUE, 0, NULL, NULL, &si, &pi)) {
        printf("CreateProcess: %d\n", (int)GetLastError());
        return 1;
    }
    WaitForSingleObject(hWaiting, 10000);
    Transfer(hFile, 2, -400);
    UnlockRecord(hFile, 2);
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    printf("first: the second process ended with %d\n", (int)dwExit);
    printf("first: record 5 exclusively: %d\n",
           (int)(UnlockRecord(hFile, 5) ? LockRecord(hFile, 5, LOCKFILE_EXCLUSIVE_LOCK) : GetLastError()));
    UnlockRecord(hFile, 5);
    printf("first: unlocked twice: %s\n", UnlockRecord(hFile, 5) ? "possible" : "not possible");

    SetFilePointer(hFile, 0, NULL, FILE_BEGIN);
    while (ReadFile(hFile, &record, sizeof(record), &dwBytes, NULL) && dwBytes == sizeof(record))
        if (record.dwBalance != 1000)
            printf("record %d of %s has %d\n", (int)record.dwNumber, record.szOwner, (int)record.dwBalance);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    CloseHandle(hFile);
    DeleteFileA(szPath);
    return 0;
}
