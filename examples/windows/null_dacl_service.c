/*
 * A service whose objects anybody may open: they are created with a NULL DACL.
 * A client asks it for the square of a number.
 *
 * Start it without arguments; it starts its own client.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define SVC_MAPPING "SampleSvc.Data"
#define SVC_REQUEST "SampleSvc.Request"
#define SVC_REPLY   "SampleSvc.Reply"
#define SVC_LOCK    "SampleSvc.Lock"

typedef struct {
    DWORD dwVersion;
    LONG lNumber;
    LONG lSquare;
} SVC_DATA, *PSVC_DATA;

static int Client(void)
{
    HANDLE hMap, hRequest, hReply, hLock;
    PSVC_DATA pData;
    LONG n;

    hMap = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, SVC_MAPPING);
    hRequest = OpenEventA(EVENT_MODIFY_STATE, FALSE, SVC_REQUEST);
    hReply = OpenEventA(SYNCHRONIZE, FALSE, SVC_REPLY);
    hLock = OpenMutexA(SYNCHRONIZE, FALSE, SVC_LOCK);
    if (!hMap || !hRequest || !hReply || !hLock)
        return 1;
    pData = (PSVC_DATA)MapViewOfFile(hMap, FILE_MAP_WRITE, 0, 0, sizeof(SVC_DATA));
    if (!pData || pData->dwVersion != 2)
        return 2;
    for (n = 1; n <= 5; n++) {
        WaitForSingleObject(hLock, INFINITE);
        pData->lNumber = n;
        SetEvent(hRequest);
        if (WaitForSingleObject(hReply, 5000) != WAIT_OBJECT_0 || pData->lSquare != n * n)
            return 3;
        ReleaseMutex(hLock);
    }
    pData->lNumber = 0; /* ends the service */
    SetEvent(hRequest);
    UnmapViewOfFile(pData);
    return 0;
}

static BOOL StartClient(PROCESS_INFORMATION *ppi)
{
    char szCmd[MAX_PATH + 32] = "\"";
    STARTUPINFOA si = { sizeof(si) };

    GetModuleFileNameA(NULL, szCmd + 1, MAX_PATH);
    strcat(szCmd, "\" client");
    return CreateProcessA(NULL, szCmd, NULL, NULL, FALSE, 0, NULL, NULL, &si, ppi);
}

int main(int argc, char **argv)
{
    SECURITY_DESCRIPTOR sd;
    SECURITY_ATTRIBUTES sa;
    HANDLE hMap, hRequest, hReply, hLock;
    PROCESS_INFORMATION pi;
    PSVC_DATA pData;
    DWORD dwExit;

    if (argc > 1 && lstrcmpiA(argv[1], "client") == 0)
        return Client();

    /* A NULL DACL grants everybody all access. */
    if (!InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&sd, TRUE, (PACL)NULL, FALSE)) {
        printf("no security descriptor: %d\n", (int)GetLastError());
        return 1;
    }
    sa.nLength = sizeof(sa);
    sa.lpSecurityDescriptor = &sd;
    sa.bInheritHandle = FALSE;
    printf("descriptor is valid: %d\n", IsValidSecurityDescriptor(&sd));

    hMap = CreateFileMappingA(INVALID_HANDLE_VALUE, &sa, PAGE_READWRITE, 0, sizeof(SVC_DATA), SVC_MAPPING);
    if (hMap == NULL || GetLastError() == ERROR_ALREADY_EXISTS) {
        printf("the service is already running, or %d\n", (int)GetLastError());
        return 1;
    }
    hRequest = CreateEventA(&sa, FALSE, FALSE, SVC_REQUEST);
    hReply = CreateEventA(&sa, FALSE, FALSE, SVC_REPLY);
    hLock = CreateMutexA(&sa, FALSE, SVC_LOCK);
    pData = (PSVC_DATA)MapViewOfFile(hMap, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (!hRequest || !hReply || !hLock || !pData) {
        printf("cannot start: %d\n", (int)GetLastError());
        return 1;
    }
    pData->dwVersion = 2;
    printf("service started\n");

    if (!StartClient(&pi)) {
        printf("cannot start the client: %d\n", (int)GetLastError());
        return 1;
    }
    for (;;) {
        if (WaitForSingleObject(hRequest, 10000) == WAIT_TIMEOUT) {
            printf("nobody asks\n");
            return 1;
        }
        if (pData->lNumber == 0)
            break;
        pData->lSquare = pData->lNumber * pData->lNumber;
        printf("asked for %d, answered %d\n", (int)pData->lNumber, (int)pData->lSquare);
        SetEvent(hReply);
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    printf("service stopped, the client ended with %d\n", (int)dwExit);

    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    UnmapViewOfFile(pData);
    CloseHandle(hLock);
    CloseHandle(hReply);
    CloseHandle(hRequest);
    CloseHandle(hMap);
    return dwExit != 0;
}
