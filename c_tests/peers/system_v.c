/* system_v.c - semaphores and segments of System V. */
#include "peers.h"

#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int set, segment;
static short flags;
static void own(volatile int *ready)
{
    struct sembuf take = {0, -1, 0};

    (void)ready;
    take.sem_flg = flags;
    semop(set, &take, 1);
}
static void killed_owner(const char *means)
{
    const struct timespec two = {2, 0};
    struct sembuf give = {0, 1, 0}, take = {0, -1, 0};

    set = semget(IPC_PRIVATE, 1, 0600);
    semop(set, &give, 1);
    kill_in(own);
    observed("killed while owning", means, semtimedop(set, &take, 1, &two) == 0 ? "acquired, nobody is told"
                                                                            : "not acquired within 2 s, nobody is told");
    semctl(set, 0, IPC_RMID);
}
static void attach(volatile int *ready)
{
    (void)ready;
    shmat(segment, NULL, 0);
}

int main(void)
{
    struct shmid_ds status;

    flags = 0;
    killed_owner("semop");
    flags = SEM_UNDO;
    killed_owner("semop with SEM_UNDO");
    segment = shmget(IPC_PRIVATE, 4096, 0600);
    kill_in(attach);
    observed("the last user is killed", "shmget",
             shmctl(segment, IPC_STAT, &status) == 0 && status.shm_nattch == 0 ? "the segment and the old data stay" : "the segment is gone");
    shmctl(segment, IPC_RMID, NULL);
    return 0;
}
