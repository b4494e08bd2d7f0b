/*
 * A mutex by pthreads, robust and recursive, through a pointer; and the semaphores
 * that programs use as one.
 */
#define _GNU_SOURCE
#include "contender.h"

#include "bare.h"
#include "contest.h"

#include <fcntl.h>
#include <semaphore.h>

static pthread_mutex_t *mutex;
static sem_t *semaphore;
static int system_v;

static void begin_pthread(void) { mutex = init_mutex(map_shared(sizeof *mutex)); }

static void begin_owned(void)
{
    begin_pthread();
    MUST(pthread_mutex_lock(mutex) == 0);
}

static void end_owned(void) { MUST(pthread_mutex_unlock(mutex) == 0 && pthread_mutex_unlock(mutex) == EPERM); }

static void begin_posix(void)
{
    semaphore = map_shared(sizeof *semaphore);
    MUST(sem_init(semaphore, 1, 1) == 0);
}

static void begin_system_v(void)
{
    system_v = created_semaphores(1);
    change_semaphore(system_v, 0, 1);
}

static void end_system_v(void) { remove_semaphores(system_v); }

static void lock_pthread(void) { MUST(pthread_mutex_lock(mutex) == 0); }
static void unlock_pthread(void) { MUST(pthread_mutex_unlock(mutex) == 0); }
static void lock_posix(void) { MUST(sem_wait(semaphore) == 0); }
static void unlock_posix(void) { MUST(sem_post(semaphore) == 0); }

/* As a lock it is used with SEM_UNDO, which gives it back when its holder dies. */
static void change_undone(int by)
{
    struct sembuf change = {0, (short)by, SEM_UNDO};
    MUST(semop(system_v, &change, 1) == 0);
}
static void lock_system_v(void) { change_undone(-1); }
static void unlock_system_v(void) { change_undone(1); }

MEASURE(measure_pthread, (lock_pthread(), unlock_pthread()))
MEASURE(measure_posix, (lock_posix(), unlock_posix()))
MEASURE(measure_system_v, (lock_system_v(), unlock_system_v()))

/* --- two that want it ------------------------------------------------------------- */

CONTEST(pthread, lock_pthread(), unlock_pthread())
CONTEST(posix, lock_posix(), unlock_posix())

static void begin_pthread_contest(void)
{
    begin_contest();
    begin_pthread();
}

static void begin_posix_contest(void)
{
    begin_contest();
    begin_posix();
}

/* --- its whole life ---------------------------------------------------------------- */

static void create_pthread(void)
{
    int file;
    void *data;
    char name[72];
    snprintf(name, sizeof name, "/%s", name_of("mutex"));
    file = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(file >= 0 && ftruncate(file, 4096) == 0);
    data = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(data != MAP_FAILED);
    init_mutex(data);
    MUST(munmap(data, 4096) == 0 && close(file) == 0 && shm_unlink(name) == 0);
}

static void create_posix(void)
{
    char name[72];
    sem_t *created;
    snprintf(name, sizeof name, "/%s", name_of("semaphore"));
    created = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    MUST(created != SEM_FAILED && sem_close(created) == 0 && sem_unlink(name) == 0);
}

static void create_system_v(void) { remove_semaphores(created_semaphores(1)); }

MEASURE(measure_create_pthread, create_pthread())
MEASURE(measure_create_posix, create_posix())
MEASURE(measure_create_system_v, create_system_v())

#define PTHREAD "pthread robust+recursive"
static const struct contender contenders[] = {
    {"mutex", PTHREAD, begin_pthread, measure_pthread, NULL, 0, 0, NULL},
    {"mutex", "POSIX semaphore", begin_posix, measure_posix, NULL, 0, 0, NULL},
    {"mutex", "System V semaphore", begin_system_v, measure_system_v, end_system_v, 0, 0, NULL},
    {"mutex-recursive", PTHREAD, begin_owned, measure_pthread, end_owned, 0, 0, NULL},
    {"mutex-contended", PTHREAD, begin_pthread_contest, contest_pthread, NULL, 0, CONTEST_LOCKS, compete_pthread},
    {"mutex-contended", "POSIX semaphore", begin_posix_contest, contest_posix, NULL, 0, CONTEST_LOCKS, compete_posix},
    {"mutex-contended-free", PTHREAD, begin_pthread_contest, contest_pthread, NULL, 0, CONTEST_LOCKS, compete_pthread},
    {"mutex-create", "shm_open+pthread", NULL, measure_create_pthread, NULL, 0, 0, NULL},
    {"mutex-create", "POSIX semaphore", NULL, measure_create_posix, NULL, 0, 0, NULL},
    {"mutex-create", "System V semaphore", NULL, measure_create_system_v, NULL, 0, 0, NULL},
};
CONTENDERS(contenders)
