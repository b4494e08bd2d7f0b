/* Counts in shared memory: `after NAME TIMES`, in a name that ends with its last user. `after NAME hold` is killed. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    /* [docs: open] */
    char mutex_name[MAX_PATH];
    snprintf(mutex_name, sizeof mutex_name, "%s.mutex", argv[1]);
    HANDLE mutex = CreateMutexA(NULL, FALSE, mutex_name);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(int), argv[1]);
    int *count = section ? (int *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    if (!mutex || !count)
        return 1;
    /* [docs: end] */
    BOOL is_hold = strcmp(argv[2], "hold") == 0;
    int last = 0, times = is_hold ? 1 : atoi(argv[2]);
    for (int i = 0; i < times; i++) {
        /* [docs: lock] */
        DWORD result = WaitForSingleObject(mutex, INFINITE);
        if (result == WAIT_FAILED)
            return 1;
        if (result == WAIT_ABANDONED)
            puts("the one before was killed"); /* the lock is ours; repair what it guards, if it can be half done */
        last = ++*count;
        if (is_hold) {
            puts("holding");
            fflush(stdout);
            Sleep(INFINITE);
        }
        ReleaseMutex(mutex);
        /* [docs: end] */
    }
    printf("%d\n", last);
    return 0;
}
