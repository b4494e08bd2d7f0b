/*
 * What to do when the owner of a mutex dies: the next one gets the mutex with
 * WAIT_ABANDONED, and repairs what the mutex guards from the journal beside it.
 *
 * Start it without arguments; it starts a process that is killed in the middle.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

typedef struct _ACCOUNTS {
    LONG lChecking;
    LONG lSavings;
    BOOL bTransfer; /* a transfer is under way: */
    LONG lOldChecking;
    LONG lOldSavings;
} ACCOUNTS;

static ACCOUNTS *g_pAccounts;
static HANDLE g_hMutex, g_hHalfWay;

static const char *WaitName(DWORD dwWait)
{
    switch (dwWait) {
    case WAIT_OBJECT_0:
        return "WAIT_OBJECT_0";
    case WAIT_ABANDONED:
        return "WAIT_ABANDONED";
    case WAIT_TIMEOUT:
        return "WAIT_TIMEOUT";
    default:
        return "WAIT_FAILED";
    }
}

static BOOL Lock(void)
{
    DWORD dwWait = WaitForSingleObject(g_hMutex, 10000);

    printf("%s\n", WaitName(dwWait));
    if (dwWait == WAIT_ABANDONED && g_pAccounts->bTransfer) {
        printf("half a transfer: %d + %d, undone\n", (int)g_pAccounts->lChecking, (int)g_pAccounts->lSavings);
        g_pAccounts->lChecking = g_pAccounts->lOldChecking;
        g_pAccounts->lSavings = g_pAccounts->lOldSavings;
        g_pAccounts->bTransfer = FALSE;
    }
    return dwWait == WAIT_OBJECT_0 || dwWait == WAIT_ABANDONED;
}

static void Transfer(LONG lAmount, BOOL bStopHalfWay)
{
    g_pAccounts->lOldChecking = g_pAccounts->lChecking;
    g_pAccounts->lOldSavings = g_pAccounts->lSavings;
    g_pAccounts->bTransfer = TRUE;
    g_pAccounts->lChecking -= lAmount;
    if (bStopHalfWay) {
        SetEvent(g_hHalfWay);
        Sleep(INFINITE);
    }
    g_pAccounts->lSavings += lAmount;
    g_pAccounts->bTransfer = FALSE;
}

static DWORD WINAPI ThreadThatForgets(LPVOID pv)
{
    UNREFERENCED_PARAMETER(pv);
    WaitForSingleObject(g_hMutex, INFINITE);
    ExitThread(3);
}

int main(int argc, char **argv)
{
    char szExe[MAX_PATH], szCmd[MAX_PATH + 16];
    STARTUPINFOA si;
    PROCESS_INFORMATION pi;
    HANDLE hMap, hThread;

    hMap = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(ACCOUNTS), "SampleAbandoned.Map");
    g_hMutex = CreateMutexA(NULL, FALSE, "SampleAbandoned.Mutex");
    g_hHalfWay = CreateEventA(NULL, FALSE, FALSE, "SampleAbandoned.HalfWay");
    g_pAccounts = (ACCOUNTS *)MapViewOfFile(hMap, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (!g_pAccounts || !g_hMutex || !g_hHalfWay) {
        printf("error %d\n", (int)GetLastError());
        return 1;
    }
    if (argc > 1 && !strcmp(argv[1], "dies")) {
        WaitForSingleObject(g_hMutex, INFINITE);
        WaitForSingleObject(g_hMutex, INFINITE); /* twice its own */
        Transfer(300, TRUE);
        return 0;
    }

    g_pAccounts->lChecking = 1000;
    g_pAccounts->lSavings = 500;
    GetModuleFileNameA(NULL, szExe, sizeof(szExe));
    sprintf(szCmd, "\"%s\" dies", szExe);
    memset(&si, 0, sizeof(si));
    si.cb = sizeof(si);
    if (!CreateProcessA(NULL, szCmd, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        printf("CreateProcess: %d\n", (int)GetLastError());
        return 1;
    }
    WaitForSingleObject(g_hHalfWay, 10000);
    printf("while the other one owns it: %s\n", WaitName(WaitForSingleObject(g_hMutex, 10)));
    TerminateProcess(pi.hProcess, 1);

    if (!Lock())
        return 1;
    Transfer(200, FALSE);
    printf("%d + %d\n", (int)g_pAccounts->lChecking, (int)g_pAccounts->lSavings);
    printf("released: %d\n", ReleaseMutex(g_hMutex));
    if (!ReleaseMutex(g_hMutex))
        printf("released again: error %d\n", (int)GetLastError());
    if (!Lock())
        return 1;
    ReleaseMutex(g_hMutex);

    /* A thread that ends abandons its mutexes, too. */
    hThread = CreateThread(NULL, 0, ThreadThatForgets, NULL, 0, NULL);
    WaitForSingleObject(hThread, INFINITE);
    if (!Lock())
        return 1;
    ReleaseMutex(g_hMutex);

    CloseHandle(hThread);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    return 0;
}
