/*
 * A parent gives its child objects without names: the handles are inheritable,
 * and their values stand on the child's command line. A handle that is not
 * inheritable does not arrive.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HANDLE ToHandle(const char *sz)
{
    return (HANDLE)(ULONG_PTR)_strtoui64(sz, NULL, 16);
}

static int Child(char **argv)
{
    HANDLE hMap = ToHandle(argv[2]);
    HANDLE hGo = ToHandle(argv[3]);
    HANDLE hDone = ToHandle(argv[4]);
    HANDLE hPrivate = ToHandle(argv[5]);
    DWORD dwFlags = 0;
    char *psz;

    psz = (char *)MapViewOfFile(hMap, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (psz == NULL)
        return 1;
    if (!GetHandleInformation(hMap, &dwFlags) || !(dwFlags & HANDLE_FLAG_INHERIT))
        return 2;
    if (SetEvent(hPrivate) || GetLastError() != ERROR_INVALID_HANDLE)
        return 3;
    if (WaitForSingleObject(hGo, 10000) != WAIT_OBJECT_0)
        return 4;
    strcat(psz, " - and the child has answered");
    if (!SetEvent(hDone))
        return 5;
    return 0;
}

int main(int argc, char **argv)
{
    SECURITY_ATTRIBUTES sa;
    STARTUPINFOA si;
    PROCESS_INFORMATION pi;
    HANDLE hMap, hGo, hDone, hPrivate, hParent;
    char szExe[MAX_PATH], szCmd[MAX_PATH + 128], *psz;
    DWORD dwExit;

    if (argc == 6 && strcmp(argv[1], "-child") == 0)
        return Child(argv);

    sa.nLength = sizeof(sa);
    sa.lpSecurityDescriptor = NULL;
    sa.bInheritHandle = TRUE;
    hMap = CreateFileMappingA(INVALID_HANDLE_VALUE, &sa, PAGE_READWRITE, 0, 4096, NULL);
    hGo = CreateEventA(&sa, TRUE, FALSE, NULL);
    hPrivate = CreateEventA(NULL, TRUE, FALSE, NULL);

    /* Or made inheritable afterwards. */
    hParent = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (!DuplicateHandle(GetCurrentProcess(), hParent, GetCurrentProcess(), &hDone, 0, TRUE, DUPLICATE_SAME_ACCESS)) {
        printf("DuplicateHandle: %d\n", (int)GetLastError());
        return 1;
    }
    psz = (char *)MapViewOfFile(hMap, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (!psz || !hGo || !hPrivate) {
        printf("error %d\n", (int)GetLastError());
        return 1;
    }
    strcpy(psz, "From the parent");

    GetModuleFileNameA(NULL, szExe, sizeof(szExe));
    sprintf(szCmd, "\"%s\" -child %llx %llx %llx %llx", szExe, (unsigned long long)(ULONG_PTR)hMap,
            (unsigned long long)(ULONG_PTR)hGo, (unsigned long long)(ULONG_PTR)hDone,
            (unsigned long long)(ULONG_PTR)hPrivate);
    ZeroMemory(&si, sizeof(si));
    si.cb = sizeof(si);
    if (!CreateProcessA(NULL, szCmd, NULL, NULL, TRUE, 0, NULL, NULL, &si, &pi)) {
        printf("CreateProcess: %d\n", (int)GetLastError());
        return 1;
    }
    SetEvent(hGo);
    printf("waiting for the child: %d\n", (int)WaitForSingleObject(hParent, 10000));
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    printf("the child ended with %d\n", (int)dwExit);
    printf("shared: %s\n", psz);
    printf("the private event is set: %d\n", WaitForSingleObject(hPrivate, 0) == WAIT_OBJECT_0);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);

    /* Without bInheritHandles nothing arrives. */
    if (!CreateProcessA(NULL, szCmd, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        printf("CreateProcess: %d\n", (int)GetLastError());
        return 1;
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    printf("a child without handles ended with %d\n", (int)dwExit);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    return 0;
}
