/*
 * A server that waits for any of its clients: each has a request event, and the
 * first handle of the array is the event that ends the server. A client that
 * ends without a word is noticed by its process handle.
 *
 * Start it without arguments; it starts its own clients.
 */
#include <windows.h>
#include <stdio.h>
#include <tchar.h>

#define CLIENTS 3
#define REQUESTS 4

typedef struct _REQUEST {
    LONG lValue;
    LONG lResult;
} REQUEST;

static void ObjectName(LPTSTR pszName, size_t cch, LPCTSTR pszWhat, int nClient)
{
    _sntprintf_s(pszName, cch, _TRUNCATE, TEXT("Local\\SampleWaitAny.%s.%d"), pszWhat, nClient);
}

/* Client 0 gets tired half way; client n asks for the n-fold of 1, 2, 3 ... */
static int Client(int nClient)
{
    TCHAR szName[64];
    HANDLE hRequest, hReply, hMap;
    REQUEST *pRequests;
    int i;

    ObjectName(szName, _countof(szName), TEXT("request"), nClient);
    hRequest = OpenEvent(EVENT_ALL_ACCESS, FALSE, szName);
    ObjectName(szName, _countof(szName), TEXT("reply"), nClient);
    hReply = OpenEvent(EVENT_ALL_ACCESS, FALSE, szName);
    hMap = OpenFileMapping(FILE_MAP_ALL_ACCESS, FALSE, TEXT("Local\\SampleWaitAny.map"));
    if (hRequest == NULL || hReply == NULL || hMap == NULL)
        return 1;
    pRequests = (REQUEST *)MapViewOfFile(hMap, FILE_MAP_ALL_ACCESS, 0, 0, CLIENTS * sizeof(REQUEST));
    if (pRequests == NULL)
        return 2;
    for (i = 1; i <= REQUESTS; i++) {
        if (nClient == 0 && i > REQUESTS / 2)
            TerminateProcess(GetCurrentProcess(), 77);
        pRequests[nClient].lValue = i;
        SetEvent(hRequest);
        if (WaitForSingleObject(hReply, 10000) != WAIT_OBJECT_0 || pRequests[nClient].lResult != i * nClient)
            return 3;
    }
    return 0;
}

int _tmain(int argc, TCHAR **argv)
{
    HANDLE ahWait[1 + 2 * CLIENTS], ahReply[CLIENTS], hMap;
    int anServed[CLIENTS] = {0};
    TCHAR szName[64], szExe[MAX_PATH], szCommand[MAX_PATH + 32];
    REQUEST *pRequests;
    DWORD dwExit;
    int i, nRunning = CLIENTS;
    BOOL bRun = TRUE;

    if (argc > 1)
        return Client(_tstoi(argv[1]));

    hMap = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, CLIENTS * sizeof(REQUEST),
                             TEXT("Local\\SampleWaitAny.map"));
    pRequests = hMap ? (REQUEST *)MapViewOfFile(hMap, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    if (pRequests == NULL) {
        _tprintf(TEXT("no memory: %d\n"), (int)GetLastError());
        return 1;
    }
    ahWait[0] = CreateEvent(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < CLIENTS; i++) {
        ObjectName(szName, _countof(szName), TEXT("request"), i);
        ahWait[1 + i] = CreateEvent(NULL, FALSE, FALSE, szName);
        ObjectName(szName, _countof(szName), TEXT("reply"), i);
        ahReply[i] = CreateEvent(NULL, FALSE, FALSE, szName);
    }
    GetModuleFileName(NULL, szExe, _countof(szExe));
    for (i = 0; i < CLIENTS; i++) {
        STARTUPINFO si = {0};
        PROCESS_INFORMATION pi = {0};

        si.cb = sizeof(si);
        _stprintf_s(szCommand, _countof(szCommand), TEXT("\"%s\" %d"), szExe, i);
        if (!CreateProcess(NULL, szCommand, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
            _tprintf(TEXT("no client %d: %d\n"), i, (int)GetLastError());
            return 1;
        }
        CloseHandle(pi.hThread);
        ahWait[1 + CLIENTS + i] = pi.hProcess;
    }

    while (bRun) {
        DWORD dwWait = WaitForMultipleObjects(1 + CLIENTS + CLIENTS, ahWait, FALSE, 10000);

        if (dwWait == WAIT_OBJECT_0) {
            bRun = FALSE;
        } else if (dwWait <= WAIT_OBJECT_0 + CLIENTS) {
            i = (int)(dwWait - WAIT_OBJECT_0) - 1;
            pRequests[i].lResult = pRequests[i].lValue * i;
            anServed[i]++;
            SetEvent(ahReply[i]);
        } else if (dwWait <= WAIT_OBJECT_0 + CLIENTS + CLIENTS) {
            i = (int)(dwWait - WAIT_OBJECT_0) - 1 - CLIENTS;
            /* A client's process stays signalled: wait for something else in its place. */
            GetExitCodeProcess(ahWait[1 + CLIENTS + i], &dwExit);
            pRequests[i].lValue = (LONG)dwExit;
            CloseHandle(ahWait[1 + CLIENTS + i]);
            ahWait[1 + CLIENTS + i] = CreateEvent(NULL, FALSE, FALSE, NULL);
            if (--nRunning == 0)
                SetEvent(ahWait[0]);
        } else {
            _tprintf(TEXT("wait: %u, error %d\n"), (unsigned)dwWait, (int)GetLastError());
            return 1;
        }
    }
    for (i = 0; i < CLIENTS; i++)
        _tprintf(TEXT("client %d: %d requests served, ended with %d\n"), i, anServed[i], (int)pRequests[i].lValue);
    return 0;
}
