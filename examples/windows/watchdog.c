/*
 * A watchdog with a waitable timer: as long as the worker shows signs of life the
 * timer is set again, when it hangs the timer expires. The worker is another
 * process; it is ended and started anew.
 *
 * Start it without arguments; it starts its own worker.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define BEATS 5
#define PATIENCE_MS 1500

static int Worker(BOOL bHangs)
{
    HANDLE hBeat = OpenEventA(EVENT_MODIFY_STATE, FALSE, "SampleWatchdogBeat");
    int i;

    if (!hBeat)
        return 1;
    for (i = 0; i < BEATS; i++) {
        SetEvent(hBeat);
        Sleep(20);
    }
    if (bHangs)
        Sleep(INFINITE);
    CloseHandle(hBeat);
    return 0;
}

static BOOL StartWorker(LPCSTR pszHow, PROCESS_INFORMATION *ppi)
{
    char szCmd[MAX_PATH + 32];
    STARTUPINFOA si;
    DWORD cch;

    szCmd[0] = '"';
    cch = GetModuleFileNameA(NULL, szCmd + 1, MAX_PATH);
    _snprintf(szCmd + 1 + cch, sizeof(szCmd) - 1 - cch, "\" %s", pszHow);
    ZeroMemory(&si, sizeof(si));
    si.cb = sizeof(si);
    return CreateProcessA(NULL, szCmd, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &si, ppi);
}

/* Returns whether the worker ended of its own accord. */
static BOOL Watch(LPCSTR pszHow)
{
    HANDLE ahWait[3];
    LARGE_INTEGER liDue;
    PROCESS_INFORMATION pi;
    DWORD dwExit, dwWait;
    BOOL bBeat = FALSE;

    ahWait[0] = CreateEventA(NULL, FALSE, FALSE, "SampleWatchdogBeat");
    ahWait[2] = CreateWaitableTimerA(NULL, FALSE, NULL);
    if (!ahWait[0] || !ahWait[2] || !StartWorker(pszHow, &pi)) {
        printf("error %d\n", (int)GetLastError());
        ExitProcess(1);
    }
    ahWait[1] = pi.hProcess;
    for (;;) {
        dwWait = WaitForMultipleObjects(3, ahWait, FALSE, INFINITE);
        if (dwWait != WAIT_OBJECT_0)
            break;
        bBeat = TRUE;
        /* In units of 100 nanoseconds, negative: from now on. */
        liDue.QuadPart = -(LONGLONG)PATIENCE_MS * 10000;
        if (!SetWaitableTimer(ahWait[2], &liDue, 0, NULL, NULL, FALSE))
            printf("SetWaitableTimer: error %d\n", (int)GetLastError());
    }
    CancelWaitableTimer(ahWait[2]);
    if (dwWait == WAIT_OBJECT_0 + 2) {
        TerminateProcess(pi.hProcess, 0xDEAD);
        WaitForSingleObject(pi.hProcess, INFINITE);
    }
    GetExitCodeProcess(pi.hProcess, &dwExit);
    printf("worker \"%s\": %s, %s, exit code 0x%x\n", pszHow, bBeat ? "it has lived" : "no sign of life",
           dwWait == WAIT_OBJECT_0 + 2 ? "hung and was ended" : "ended", (unsigned)dwExit);
    CloseHandle(pi.hThread);
    CloseHandle(ahWait[0]);
    CloseHandle(ahWait[1]);
    CloseHandle(ahWait[2]);
    return dwWait == WAIT_OBJECT_0 + 1;
}

int main(int argc, char *argv[])
{
    if (argc > 1)
        return Worker(strcmp(argv[1], "hangs") == 0);
    if (!Watch("hangs"))
        Watch("works");
    return 0;
}
