/* Counts in shared memory: `sysv_before KEY TIMES`. By shmget and semop. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    key_t key = (key_t)strtoul(argv[1], NULL, 0);
    /* [docs: open] */
    int locks = semget(key, 1, IPC_CREAT | 0600); /* all 0: 0 is free here, as nobody can set it at its birth */
    int segment = shmget(key, sizeof(int), IPC_CREAT | 0600);
    if (locks < 0 || segment < 0)
        return 1;
    int *count = (int *)shmat(segment, NULL, 0);
    if (count == (void *)-1)
        return 1;
    /* [docs: end] */
    int last = 0;
    for (int i = 0; i < atoi(argv[2]); i++) {
        /* [docs: lock] */
        struct sembuf take[] = {{0, 0, 0}, {0, 1, SEM_UNDO}}, give[] = {{0, -1, SEM_UNDO}};
        if (semop(locks, take, 2) != 0)
            return 1;
        last = ++*count;
        if (semop(locks, give, 1) != 0) /* who is killed before it gives it back by SEM_UNDO, and nobody is told */
            return 1;
        /* [docs: end] */
    }
    printf("%d\n", last);
    return 0;
}
