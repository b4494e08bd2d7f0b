/* sysv_before.c on its way: the same memory and the same lock, the memory by winshm. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    key_t key = (key_t)strtoul(argv[1], NULL, 0);
    /* [docs: open] */
    char name[MAX_PATH];
    snprintf(name, sizeof name, "SysV\\%s", argv[1]); /* SysV\1234 or SysV\0x4d2 */
    int locks = semget(key, 1, IPC_CREAT | 0600);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(int), name);
    int *count = section ? (int *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    if (locks < 0 || !count)
        return 1;
    /* [docs: end] */
    int last = 0;
    for (int i = 0; i < atoi(argv[2]); i++) {
        struct sembuf take[] = {{0, 0, 0}, {0, 1, SEM_UNDO}}, give[] = {{0, -1, SEM_UNDO}};
        if (semop(locks, take, 2) != 0)
            return 1;
        last = ++*count;
        if (semop(locks, give, 1) != 0)
            return 1;
    }
    printf("%d\n", last);
    return 0;
}
