/*
 * Messages of any length in a ring of bytes that two processes share, with a
 * mutex for the ring and events that tell "there is room" and "there is data".
 * Two threads of a child process write, this one reads and checks.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <process.h>
#include <stdio.h>
#include <string.h>

#define RING_SIZE 1000
#define WRITERS 2
#define MESSAGES 2000

#pragma pack(push, 1)
typedef struct tagMSGHDR {
    WORD cbText;
    WORD nWriter;
    DWORD nSequence;
} MSGHDR;
#pragma pack(pop)

typedef struct tagRING {
    DWORD dwHead; /* bytes ever written */
    DWORD dwTail; /* bytes ever read */
    BYTE abData[RING_SIZE];
} RING;

static RING *g_pRing;
static HANDLE g_hMutex, g_hRoom, g_hData;

static BOOL OpenRing(void)
{
    HANDLE hMap = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(RING),
                                     "SampleMessageRing.Map");
    if (hMap == NULL)
        return FALSE;
    g_pRing = (RING *)MapViewOfFile(hMap, FILE_MAP_WRITE, 0, 0, sizeof(RING));
    g_hMutex = CreateMutexA(NULL, FALSE, "SampleMessageRing.Mutex");
    g_hRoom = CreateEventA(NULL, FALSE, FALSE, "SampleMessageRing.Room");
    g_hData = CreateEventA(NULL, FALSE, FALSE, "SampleMessageRing.Data");
    return g_pRing && g_hMutex && g_hRoom && g_hData;
}

static void CopyIn(const void *pv, DWORD cb)
{
    const BYTE *pb = (const BYTE *)pv;
    while (cb--)
        g_pRing->abData[g_pRing->dwHead++ % RING_SIZE] = *pb++;
}

static void CopyOut(void *pv, DWORD cb)
{
    BYTE *pb = (BYTE *)pv;
    while (cb--)
        *pb++ = g_pRing->abData[g_pRing->dwTail++ % RING_SIZE];
}

static void Write(const MSGHDR *pHdr, const char *pszText)
{
    HANDLE ahBoth[2];
    DWORD cb = sizeof(*pHdr) + pHdr->cbText;

    ahBoth[0] = g_hMutex;
    ahBoth[1] = g_hRoom;
    WaitForSingleObject(g_hMutex, INFINITE);
    while (RING_SIZE - (g_pRing->dwHead - g_pRing->dwTail) < cb) {
        ReleaseMutex(g_hMutex);
        WaitForMultipleObjects(2, ahBoth, TRUE, INFINITE);
    }
    CopyIn(pHdr, sizeof(*pHdr));
    CopyIn(pszText, pHdr->cbText);
    SetEvent(g_hData);
    /* What is left may do for the other writer. */
    if (g_pRing->dwHead - g_pRing->dwTail < RING_SIZE)
        SetEvent(g_hRoom);
    ReleaseMutex(g_hMutex);
}

static void Read(MSGHDR *pHdr, char *pszText)
{
    WaitForSingleObject(g_hMutex, INFINITE);
    while (g_pRing->dwHead == g_pRing->dwTail) {
        SignalObjectAndWait(g_hMutex, g_hData, INFINITE, FALSE);
        WaitForSingleObject(g_hMutex, INFINITE);
    }
    CopyOut(pHdr, sizeof(*pHdr));
    CopyOut(pszText, pHdr->cbText);
    pszText[pHdr->cbText] = '\0';
    SetEvent(g_hRoom);
    ReleaseMutex(g_hMutex);
}

static unsigned __stdcall Writer(void *pvNumber)
{
    char szText[200];
    MSGHDR hdr;
    DWORD i;

    hdr.nWriter = (WORD)(UINT_PTR)pvNumber;
    for (i = 0; i < MESSAGES; i++) {
        memset(szText, 'a' + i % 26, sizeof(szText));
        hdr.nSequence = i;
        hdr.cbText = (WORD)(i * 7 % sizeof(szText));
        Write(&hdr, szText);
    }
    return i;
}

static int Child(void)
{
    HANDLE ahThreads[WRITERS];
    unsigned i, nThreadId;
    DWORD dwExit, nDone = 0;

    for (i = 0; i < WRITERS; i++) {
        ahThreads[i] = (HANDLE)_beginthreadex(NULL, 0, Writer, (void *)(UINT_PTR)i, 0, &nThreadId);
        if (ahThreads[i] == 0)
            return 1;
    }
    WaitForMultipleObjects(WRITERS, ahThreads, TRUE, INFINITE);
    for (i = 0; i < WRITERS; i++) {
        GetExitCodeThread(ahThreads[i], &dwExit);
        nDone += dwExit == MESSAGES;
        CloseHandle(ahThreads[i]);
    }
    return (int)nDone;
}

int main(int argc, char *argv[])
{
    char szExe[MAX_PATH], szCommand[MAX_PATH + 10], szText[256];
    STARTUPINFOA si;
    PROCESS_INFORMATION pi;
    DWORD adwNext[WRITERS] = {0}, dwBytes = 0, dwWrong = 0, dwExit, i, j;
    MSGHDR hdr;

    if (!OpenRing()) {
        printf("No ring: error %d\n", (int)GetLastError());
        return 1;
    }
    if (argc == 2 && _stricmp(argv[1], "/WRITE") == 0)
        return Child();

    GetModuleFileNameA(NULL, szExe, MAX_PATH);
    sprintf(szCommand, "\"%s\" /write", szExe);
    memset(&si, 0, sizeof(si));
    si.cb = sizeof(si);
    if (!CreateProcessA(szExe, szCommand, NULL, NULL, FALSE, NORMAL_PRIORITY_CLASS, NULL, NULL, &si, &pi)) {
        printf("CreateProcess: error %d\n", (int)GetLastError());
        return 1;
    }
    for (i = 0; i < WRITERS * MESSAGES; i++) {
        Read(&hdr, szText);
        if (hdr.nWriter >= WRITERS || hdr.nSequence != adwNext[hdr.nWriter]++)
            dwWrong++;
        for (j = 0; j < hdr.cbText; j++)
            if (szText[j] != (char)('a' + hdr.nSequence % 26))
                dwWrong++;
        dwBytes += hdr.cbText;
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    printf("%d writers have ended, all is written\n", (int)dwExit);
    printf("%d messages with %d bytes of text were read, %d times something was wrong\n", (int)i, (int)dwBytes,
           (int)dwWrong);
    printf("the ring is empty: %s\n", g_pRing->dwHead == g_pRing->dwTail ? "yes" : "no");
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    return dwWrong != 0;
}
