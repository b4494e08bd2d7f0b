/* Counts in shared memory: `posix_before NAME TIMES`. By shm_open and a named semaphore. */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    /* [docs: open] */
    sem_t *lock = sem_open(argv[1], O_CREAT, 0600, 1);
    int file = shm_open(argv[1], O_CREAT | O_RDWR, 0600);
    if (lock == SEM_FAILED || file < 0 || ftruncate(file, sizeof(int)) != 0)
        return 1;
    int *count = (int *)mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (count == MAP_FAILED)
        return 1;
    /* [docs: end] */
    int last = 0;
    for (int i = 0; i < atoi(argv[2]); i++) {
        /* [docs: lock] */
        sem_wait(lock);
        last = ++*count;
        sem_post(lock); /* who is killed before it stops everybody, for ever */
        /* [docs: end] */
    }
    printf("%d\n", last);
    return 0;
}
