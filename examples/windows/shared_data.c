/*
 * Uses the DLL of shared_data_dll.c: what one process stores with SetSharedMem,
 * another one reads with GetSharedMem.
 *
 * Start it without arguments; it starts a second process of itself.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

__declspec(dllimport) VOID __cdecl SetSharedMem(LPCSTR lpszBuf);
__declspec(dllimport) VOID __cdecl GetSharedMem(LPSTR lpszBuf, DWORD cchSize);
__declspec(dllimport) LONG __cdecl GetSharedProcesses(void);

static DWORD RunSecond(void)
{
    char szExe[MAX_PATH], szCommand[MAX_PATH + 16];
    STARTUPINFOA si;
    PROCESS_INFORMATION pi;
    DWORD dwExit = 99;

    fflush(stdout);
    GetModuleFileNameA(NULL, szExe, sizeof(szExe));
    _snprintf(szCommand, sizeof(szCommand), "\"%s\" second", szExe);
    memset(&si, 0, sizeof(si));
    si.cb = sizeof(si);
    if (!CreateProcessA(NULL, szCommand, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        printf("CreateProcess failed (%d)\n", (int)GetLastError());
        return dwExit;
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    return dwExit;
}

int main(int argc, char *argv[])
{
    char cBuf[256];

    if (argc > 1 && strcmp(argv[1], "second") == 0) {
        GetSharedMem(cBuf, sizeof(cBuf));
        if (strcmp(cBuf, "This is a test string") != 0)
            return 50;
        SetSharedMem("The second process has been here");
        return (int)GetSharedProcesses();
    }

    GetSharedMem(cBuf, sizeof(cBuf));
    printf("The DLL starts with: %s\n", cBuf);
    SetSharedMem("This is a test string");
    printf("Processes in the DLL while the second one runs: %d\n", (int)RunSecond());
    GetSharedMem(cBuf, sizeof(cBuf));
    printf("The DLL holds: %s\n", cBuf);
    printf("Processes in the DLL afterwards: %d\n", (int)GetSharedProcesses());
    return 0;
}
