/* posix_before.c on its way: the same memory and the same lock, the memory by winshm. */
#include <windows.h>

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    /* [docs: open] */
    char name[MAX_PATH];
    snprintf(name, sizeof name, "Posix\\%s", argv[1] + 1); /* without the slash */
    sem_t *lock = sem_open(argv[1], O_CREAT, 0600, 1);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(int), name);
    int *count = section ? (int *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    if (lock == SEM_FAILED || !count)
        return 1;
    /* [docs: end] */
    int last = 0;
    for (int i = 0; i < atoi(argv[2]); i++) {
        sem_wait(lock);
        last = ++*count;
        sem_post(lock);
    }
    printf("%d\n", last);
    return 0;
}
