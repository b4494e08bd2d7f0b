/*
 * Two processes and a named file mapping: the first one writes messages into it,
 * the second one displays them. Semaphores count free and used slots.
 *
 * Start it without arguments; it starts its own consumer.
 */
#include <windows.h>
#include <stdio.h>
#include <tchar.h>

#define SLOTS 4
#define SLOT_SIZE 64
#define MESSAGES 10

TCHAR szMapName[] = TEXT("Local\\SampleProducerConsumerMap");
TCHAR szFreeName[] = TEXT("Local\\SampleProducerConsumerFree");
TCHAR szUsedName[] = TEXT("Local\\SampleProducerConsumerUsed");

typedef TCHAR SLOT[SLOT_SIZE];

static int Fail(LPCTSTR pszWhat)
{
    _tprintf(TEXT("%s failed (%d).\n"), pszWhat, (int)GetLastError());
    return 1;
}

static int Consumer(void)
{
    HANDLE hMapFile, hFree, hUsed;
    SLOT *pSlots;
    int i;

    hMapFile = OpenFileMapping(FILE_MAP_ALL_ACCESS, FALSE, szMapName);
    if (hMapFile == NULL)
        return Fail(TEXT("OpenFileMapping"));
    pSlots = (SLOT *)MapViewOfFile(hMapFile, FILE_MAP_ALL_ACCESS, 0, 0, SLOTS * sizeof(SLOT));
    if (pSlots == NULL)
        return Fail(TEXT("MapViewOfFile"));
    hFree = OpenSemaphore(SEMAPHORE_MODIFY_STATE, FALSE, szFreeName);
    hUsed = OpenSemaphore(SYNCHRONIZE, FALSE, szUsedName);
    if (hFree == NULL || hUsed == NULL)
        return Fail(TEXT("OpenSemaphore"));

    for (i = 0;; i++) {
        LPCTSTR pszText = pSlots[i % SLOTS];

        if (WaitForSingleObject(hUsed, INFINITE) != WAIT_OBJECT_0)
            return Fail(TEXT("WaitForSingleObject"));
        if (_tcscmp(pszText, TEXT("quit")) == 0)
            break;
        _tprintf(TEXT("consumer: %s\n"), pszText);
        ReleaseSemaphore(hFree, 1, NULL);
    }
    UnmapViewOfFile(pSlots);
    CloseHandle(hUsed);
    CloseHandle(hFree);
    CloseHandle(hMapFile);
    return i;
}

int _tmain(int argc, TCHAR *argv[])
{
    HANDLE hMapFile, hFree, hUsed;
    SLOT *pSlots;
    TCHAR szCommand[MAX_PATH + 16];
    TCHAR szExe[MAX_PATH];
    STARTUPINFO si;
    PROCESS_INFORMATION pi;
    DWORD dwExit = 0;
    int i;

    if (argc > 1 && _tcscmp(argv[1], TEXT("consumer")) == 0)
        return Consumer();

    hMapFile = CreateFileMapping(INVALID_HANDLE_VALUE,      // use paging file
                                 NULL,                      // default security
                                 PAGE_READWRITE,            // read/write access
                                 0,                         // maximum object size (high-order DWORD)
                                 SLOTS * sizeof(SLOT),      // maximum object size (low-order DWORD)
                                 szMapName);                // name of mapping object
    if (hMapFile == NULL)
        return Fail(TEXT("CreateFileMapping"));
    if (GetLastError() == ERROR_ALREADY_EXISTS) {
        _tprintf(TEXT("Another producer is running.\n"));
        return 1;
    }
    pSlots = (SLOT *)MapViewOfFile(hMapFile, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (pSlots == NULL)
        return Fail(TEXT("MapViewOfFile"));
    hFree = CreateSemaphore(NULL, SLOTS, SLOTS, szFreeName);
    hUsed = CreateSemaphore(NULL, 0, SLOTS, szUsedName);
    if (hFree == NULL || hUsed == NULL)
        return Fail(TEXT("CreateSemaphore"));

    _tprintf(TEXT("producer: starting the consumer\n"));
    fflush(stdout);

    GetModuleFileName(NULL, szExe, MAX_PATH);
    _stprintf_s(szCommand, _countof(szCommand), TEXT("\"%s\" consumer"), szExe);
    ZeroMemory(&si, sizeof(si));
    si.cb = sizeof(si);
    ZeroMemory(&pi, sizeof(pi));
    if (!CreateProcess(NULL, szCommand, NULL, NULL, TRUE, 0, NULL, NULL, &si, &pi))
        return Fail(TEXT("CreateProcess"));

    for (i = 0; i <= MESSAGES; i++) {
        WaitForSingleObject(hFree, INFINITE);
        if (i < MESSAGES)
            _stprintf_s(pSlots[i % SLOTS], SLOT_SIZE, TEXT("Message %d from first process."), i);
        else
            _tcscpy_s(pSlots[i % SLOTS], SLOT_SIZE, TEXT("quit"));
        ReleaseSemaphore(hUsed, 1, NULL);
    }

    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    _tprintf(TEXT("producer: the consumer has displayed %d messages\n"), (int)dwExit);

    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    UnmapViewOfFile(pSlots);
    CloseHandle(hUsed);
    CloseHandle(hFree);
    CloseHandle(hMapFile);
    return 0;
}
