/*
 * A pool of three connections for eight threads. A semaphore counts the free
 * connections, a critical section guards the list of them.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <stdio.h>

#define CONNECTIONS 3
#define THREADS 8
#define ROUNDS 200

static HANDLE ghSemaphore;
static CRITICAL_SECTION gcs;
static BOOL gabInUse[CONNECTIONS];
static volatile LONG glInUse, glMostInUse, glWork, glTimeouts;

static int Acquire(DWORD dwMilliseconds)
{
    int i, nFound = -1;

    if (WaitForSingleObject(ghSemaphore, dwMilliseconds) != WAIT_OBJECT_0)
        return -1;
    EnterCriticalSection(&gcs);
    for (i = 0; i < CONNECTIONS && nFound < 0; i++) {
        if (!gabInUse[i]) {
            gabInUse[i] = TRUE;
            nFound = i;
        }
    }
    LeaveCriticalSection(&gcs);
    return nFound;
}

static void Release(int nConnection)
{
    EnterCriticalSection(&gcs);
    gabInUse[nConnection] = FALSE;
    LeaveCriticalSection(&gcs);
    if (!ReleaseSemaphore(ghSemaphore, 1, NULL))
        printf("ReleaseSemaphore error: %d\n", (int)GetLastError());
}

static DWORD WINAPI ThreadProc(LPVOID lpParam)
{
    LONG lNow, lMost;
    int i, nConnection;

    UNREFERENCED_PARAMETER(lpParam);
    for (i = 0; i < ROUNDS; i++) {
        nConnection = Acquire(i % 10 == 0 ? 0 : INFINITE);
        if (nConnection < 0) {
            InterlockedIncrement(&glTimeouts);
            nConnection = Acquire(INFINITE);
        }
        lNow = InterlockedIncrement(&glInUse);
        while ((lMost = glMostInUse) < lNow)
            InterlockedCompareExchange(&glMostInUse, lNow, lMost);
        InterlockedIncrement(&glWork);
        if (i % 16 == 0)
            Sleep(1);
        InterlockedDecrement(&glInUse);
        Release(nConnection);
    }
    return TRUE;
}

int main(void)
{
    HANDLE aThread[THREADS];
    DWORD ThreadID;
    LONG lPrevious;
    int i, nConnection;

    InitializeCriticalSection(&gcs);
    ghSemaphore = CreateSemaphoreA(NULL, CONNECTIONS, CONNECTIONS, NULL);
    if (ghSemaphore == NULL) {
        printf("CreateSemaphore error: %d\n", (int)GetLastError());
        return 1;
    }
    for (i = 0; i < THREADS; i++) {
        aThread[i] = CreateThread(NULL, 0, ThreadProc, NULL, 0, &ThreadID);
        if (aThread[i] == NULL) {
            printf("CreateThread error: %d\n", (int)GetLastError());
            return 1;
        }
    }
    WaitForMultipleObjects(THREADS, aThread, TRUE, INFINITE);
    for (i = 0; i < THREADS; i++)
        CloseHandle(aThread[i]);

    printf("work done: %d\n", (int)glWork);
    printf("never more than %d connections at once: %s\n", CONNECTIONS, glMostInUse <= CONNECTIONS ? "yes" : "no");
    printf("connections in use now: %d\n", (int)glInUse);

    /* All connections are free again; a fourth cannot be given back. */
    for (i = 0; i < CONNECTIONS; i++) {
        nConnection = Acquire(0);
        printf("connection %d\n", nConnection);
    }
    printf("one more: %d\n", Acquire(10));
    for (i = 0; i < CONNECTIONS; i++)
        Release(i);
    if (!ReleaseSemaphore(ghSemaphore, 1, &lPrevious))
        printf("too many: error %d\n", (int)GetLastError());
    DeleteCriticalSection(&gcs);
    CloseHandle(ghSemaphore);
    return 0;
}
