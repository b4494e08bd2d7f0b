/*
 * A counter that survives its processes: it lives in a mapped file, which each
 * process opens by its path and increments with Interlocked functions.
 *
 * Start it without arguments; it starts three counting processes.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define COUNTERS 3
#define ROUNDS 10000

typedef struct {
    char magic[8];
    LONG starts;
    LONG64 total;
} COUNTER_FILE;

static COUNTER_FILE *OpenCounter(const char *path)
{
    COUNTER_FILE *counter = NULL;
    HANDLE file, mapping;

    file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    if (GetLastError() != ERROR_ALREADY_EXISTS)
        printf("a new file\n");
    mapping = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, sizeof(COUNTER_FILE), NULL);
    CloseHandle(file); /* the mapping keeps it open */
    if (mapping) {
        counter = (COUNTER_FILE *)MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, sizeof(COUNTER_FILE));
        CloseHandle(mapping); /* the view keeps the mapping */
    }
    return counter;
}

static int Count(const char *path)
{
    COUNTER_FILE *counter = OpenCounter(path);
    int i;

    if (!counter || memcmp(counter->magic, "COUNTER", 8) != 0)
        return 1;
    InterlockedIncrement(&counter->starts);
    for (i = 0; i < ROUNDS; i++)
        InterlockedExchangeAdd64(&counter->total, 3);
    return UnmapViewOfFile(counter) ? 0 : 2;
}

int main(int argc, char *argv[])
{
    char dir[MAX_PATH], path[MAX_PATH + 32], self[MAX_PATH], command[3 * MAX_PATH];
    HANDLE process[COUNTERS], file;
    COUNTER_FILE *counter, content;
    DWORD read, code;
    int i;

    if (argc > 1)
        return Count(argv[1]);

    GetTempPathA(sizeof(dir), dir);
    sprintf(path, "%swinshm_sample_%u.counter", dir, (unsigned)GetCurrentProcessId());
    counter = OpenCounter(path);
    if (!counter) {
        printf("no counter: %d\n", (int)GetLastError());
        return 1;
    }
    memcpy(counter->magic, "COUNTER", 8);

    GetModuleFileNameA(NULL, self, sizeof(self));
    for (i = 0; i < COUNTERS; i++) {
        STARTUPINFOA si;
        PROCESS_INFORMATION pi;

        memset(&si, 0, sizeof(si));
        si.cb = sizeof(si);
        sprintf(command, "\"%s\" \"%s\"", self, path);
        if (!CreateProcessA(self, command, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
            printf("CreateProcess: %d\n", (int)GetLastError());
            return 1;
        }
        process[i] = pi.hProcess;
        CloseHandle(pi.hThread);
    }
    WaitForMultipleObjects(COUNTERS, process, TRUE, INFINITE);
    for (i = 0; i < COUNTERS; i++) {
        GetExitCodeProcess(process[i], &code);
        printf("process %d ended with %d\n", i, (int)code);
        CloseHandle(process[i]);
    }
    printf("in the view: %d starts, total %d\n", (int)counter->starts, (int)counter->total);
    FlushViewOfFile(counter, 0);
    UnmapViewOfFile(counter);

    /* The file has it, as long as the structure is. */
    file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    printf("the file has %d bytes\n", (int)GetFileSize(file, NULL));
    if (ReadFile(file, &content, sizeof(content), &read, NULL) && read == sizeof(content))
        printf("in the file: %s, %d starts, total %d\n", content.magic, (int)content.starts, (int)content.total);
    CloseHandle(file);
    printf("deleted: %d\n", DeleteFileA(path));
    file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    printf("gone: %d, error %d\n", file == INVALID_HANDLE_VALUE, (int)GetLastError());
    return 0;
}
