/*
 * A table of readers, as embedded databases keep it: each reader has a slot with
 * its process id. Who needs room looks which readers still live, with OpenProcess,
 * and frees the slots of the others.
 *
 * Start it without arguments; it starts its own readers, and kills two of them.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXREADERS 6
#define READERS 4

typedef struct rdr_slot {
    volatile LONG mr_pid;
    volatile LONG mr_txnid;
} rdr_slot;

typedef struct rdr_table {
    LONG mt_numreaders;
    rdr_slot mt_readers[MAXREADERS];
} rdr_table;

static rdr_table *g_table;
static HANDLE g_mutex, g_ready, g_leave;

static int rdr_open(void)
{
    HANDLE mh = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(rdr_table),
                                   "Global\\SampleReaderTable");
    if (!mh)
        return (int)GetLastError();
    g_table = MapViewOfFileEx(mh, FILE_MAP_WRITE, 0, 0, sizeof(rdr_table), NULL);
    CloseHandle(mh); /* the view keeps the memory, other processes' handles keep the name */
    mh = OpenFileMappingA(FILE_MAP_READ, FALSE, "Global\\SampleReaderTable");
    if (!g_table || (mh == NULL && GetLastError() != ERROR_FILE_NOT_FOUND))
        return (int)GetLastError();
    g_mutex = CreateMutexA(NULL, FALSE, "Global\\SampleReaderMutex");
    g_ready = CreateSemaphoreA(NULL, 0, READERS, "Global\\SampleReaderReady");
    g_leave = CreateEventA(NULL, TRUE, FALSE, "Global\\SampleReaderLeave");
    return g_mutex && g_ready && g_leave ? 0 : (int)GetLastError();
}

/* Whether the process is there and has not ended. */
static int rdr_pid_alive(DWORD pid)
{
    int alive = 0;
    HANDLE h = OpenProcess(SYNCHRONIZE, FALSE, pid);
    if (h) {
        alive = WaitForSingleObject(h, 0) == WAIT_TIMEOUT;
        CloseHandle(h);
    }
    return alive;
}

static int rdr_check(void)
{
    int i, dead = 0;

    WaitForSingleObject(g_mutex, INFINITE);
    for (i = 0; i < g_table->mt_numreaders; i++) {
        rdr_slot *r = &g_table->mt_readers[i];
        if (r->mr_pid && !rdr_pid_alive((DWORD)r->mr_pid)) {
            r->mr_pid = 0;
            dead++;
        }
    }
    ReleaseMutex(g_mutex);
    return dead;
}

static int rdr_count(void)
{
    int i, used = 0;
    for (i = 0; i < MAXREADERS; i++)
        used += g_table->mt_readers[i].mr_pid != 0;
    return used;
}

static int reader(LONG txnid)
{
    int i;

    WaitForSingleObject(g_mutex, INFINITE);
    for (i = 0; i < MAXREADERS && g_table->mt_readers[i].mr_pid; i++)
        ;
    if (i == MAXREADERS)
        return 1;
    g_table->mt_readers[i].mr_pid = (LONG)GetCurrentProcessId();
    g_table->mt_readers[i].mr_txnid = txnid;
    if (i >= g_table->mt_numreaders)
        g_table->mt_numreaders = i + 1;
    ReleaseMutex(g_mutex);
    ReleaseSemaphore(g_ready, 1, NULL);
    WaitForSingleObject(g_leave, INFINITE);
    g_table->mt_readers[i].mr_pid = 0;
    return 0;
}

int main(int argc, char *argv[])
{
    HANDLE readers[READERS], keep;
    char self[MAX_PATH], cmd[MAX_PATH + 20];
    STARTUPINFOA si;
    PROCESS_INFORMATION pi;
    DWORD code;
    int i, rc;

    /* The parent's own handle keeps the name for all of them. */
    keep = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(rdr_table),
                              "Global\\SampleReaderTable");
    if (!keep || (rc = rdr_open()) != 0) {
        printf("rdr_open: %d\n", (int)GetLastError());
        return 1;
    }
    if (argc > 1)
        return reader(atoi(argv[1]));

    GetModuleFileNameA(NULL, self, sizeof self);
    for (i = 0; i < READERS; i++) {
        sprintf(cmd, "\"%s\" %d", self, 100 + i);
        memset(&si, 0, sizeof si);
        si.cb = sizeof si;
        if (!CreateProcessA(NULL, cmd, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
            printf("CreateProcess: %d\n", (int)GetLastError());
            return 1;
        }
        CloseHandle(pi.hThread);
        readers[i] = pi.hProcess;
        WaitForSingleObject(g_ready, 10000);
    }
    printf("readers: %d\n", rdr_count());
    printf("stale: %d\n", rdr_check());

    TerminateProcess(readers[1], 9);
    TerminateProcess(readers[3], 9);
    WaitForSingleObject(readers[1], INFINITE);
    WaitForSingleObject(readers[3], INFINITE);
    printf("after two were killed: %d\n", rdr_count());
    printf("stale: %d\n", rdr_check());
    printf("after the check: %d\n", rdr_count());
    for (i = 0; i < g_table->mt_numreaders; i++)
        printf("slot %d: txn %d, %s\n", i, (int)g_table->mt_readers[i].mr_txnid,
               g_table->mt_readers[i].mr_pid ? "in use" : "free");

    SetEvent(g_leave);
    WaitForMultipleObjects(READERS, readers, TRUE, INFINITE);
    for (i = 0; i < READERS; i++) {
        GetExitCodeProcess(readers[i], &code);
        printf("reader %d ended with %d\n", i, (int)code);
        CloseHandle(readers[i]);
    }
    printf("readers: %d\n", rdr_count());
    printf("stale: %d\n", rdr_check());
    return 0;
}
