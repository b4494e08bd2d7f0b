/*
 * A queue of work for some threads, with the primitives that need no handle: a
 * slim lock, condition variables, one-time initialisation and a thread's storage.
 *
 * Start it without arguments.
 */
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif
#include <windows.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>

#define QUEUE_SIZE 16
#define WORKERS 4
#define ITEMS 5000

static LONG g_alQueue[QUEUE_SIZE];
static ULONG g_nQueued, g_nFirst, g_nProduced;
static BOOL g_bStop;
static LONG64 g_llSum;
static LONG g_nInitialised, g_nMine;

static SRWLOCK g_srw = SRWLOCK_INIT;
static CONDITION_VARIABLE g_cvNotEmpty = CONDITION_VARIABLE_INIT;
static CONDITION_VARIABLE g_cvNotFull = CONDITION_VARIABLE_INIT;
static INIT_ONCE g_once = INIT_ONCE_STATIC_INIT;
static DWORD g_dwTls = TLS_OUT_OF_INDEXES;

static BOOL CALLBACK Initialise(PINIT_ONCE pOnce, PVOID pvParameter, PVOID *ppvContext)
{
    (void)pOnce;
    (void)pvParameter;
    (void)ppvContext;
    InterlockedIncrement(&g_nInitialised);
    g_dwTls = TlsAlloc();
    return g_dwTls != TLS_OUT_OF_INDEXES;
}

static unsigned __stdcall Worker(void *pv)
{
    LONG lItem, *plMine;

    (void)pv;
    if (!InitOnceExecuteOnce(&g_once, Initialise, NULL, NULL))
        return 1;
    plMine = (LONG *)calloc(1, sizeof(LONG));
    if (!TlsSetValue(g_dwTls, plMine))
        return 2;
    for (;;) {
        AcquireSRWLockExclusive(&g_srw);
        while (g_nQueued == 0 && !g_bStop)
            SleepConditionVariableSRW(&g_cvNotEmpty, &g_srw, INFINITE, 0);
        if (g_nQueued == 0) {
            ReleaseSRWLockExclusive(&g_srw);
            break;
        }
        lItem = g_alQueue[g_nFirst];
        g_nFirst = (g_nFirst + 1) % QUEUE_SIZE;
        g_nQueued--;
        ReleaseSRWLockExclusive(&g_srw);
        WakeConditionVariable(&g_cvNotFull);

        InterlockedExchangeAdd64(&g_llSum, lItem);
        ++*(LONG *)TlsGetValue(g_dwTls);
    }
    InterlockedExchangeAdd(&g_nMine, *plMine);
    free(plMine);
    return 0;
}

int main(void)
{
    HANDLE ahThreads[WORKERS];
    DWORD dwExit, i;

    for (i = 0; i < WORKERS; i++) {
        ahThreads[i] = (HANDLE)_beginthreadex(NULL, 0, Worker, NULL, 0, NULL);
        if (!ahThreads[i])
            return 1;
    }
    for (g_nProduced = 1; g_nProduced <= ITEMS; g_nProduced++) {
        AcquireSRWLockExclusive(&g_srw);
        while (g_nQueued == QUEUE_SIZE)
            SleepConditionVariableSRW(&g_cvNotFull, &g_srw, INFINITE, 0);
        g_alQueue[(g_nFirst + g_nQueued) % QUEUE_SIZE] = (LONG)g_nProduced;
        g_nQueued++;
        ReleaseSRWLockExclusive(&g_srw);
        WakeConditionVariable(&g_cvNotEmpty);
    }
    AcquireSRWLockExclusive(&g_srw);
    g_bStop = TRUE;
    ReleaseSRWLockExclusive(&g_srw);
    WakeAllConditionVariable(&g_cvNotEmpty);
    WaitForMultipleObjects(WORKERS, ahThreads, TRUE, INFINITE);
    for (i = 0; i < WORKERS; i++) {
        GetExitCodeThread(ahThreads[i], &dwExit);
        if (dwExit != 0)
            printf("worker %d: %d\n", (int)i, (int)dwExit);
        CloseHandle(ahThreads[i]);
    }
    printf("initialised %d time\n", (int)g_nInitialised);
    printf("%d items, sum %d\n", (int)g_nMine, (int)g_llSum);
    TlsFree(g_dwTls);

    AcquireSRWLockShared(&g_srw);
    printf("while it is shared: exclusively %d, shared %d\n", TryAcquireSRWLockExclusive(&g_srw) != 0,
           TryAcquireSRWLockShared(&g_srw) != 0);
    if (!SleepConditionVariableSRW(&g_cvNotFull, &g_srw, 10, CONDITION_VARIABLE_LOCKMODE_SHARED))
        printf("nobody wakes: error %d\n", (int)GetLastError());
    ReleaseSRWLockShared(&g_srw);
    ReleaseSRWLockShared(&g_srw);
    return 0;
}
