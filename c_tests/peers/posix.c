/* posix.c - pthread mutexes, named semaphores, shared memory objects. */
#include "peers.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>

static pthread_mutex_t *mutex;
static const char *outcome(int result)
{
    return result == 0 ? "acquired" : result == EOWNERDEAD ? "EOWNERDEAD: told, once" : result == ETIMEDOUT
        ? "not acquired within 2 s, nobody is told" : strerror(result);
}
static void make_mutex(int robust)
{
    pthread_mutexattr_t attributes;

    mutex = (pthread_mutex_t *)common();
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (robust)
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(mutex, &attributes);
}
static void own_mutex(volatile int *ready) { (void)ready, pthread_mutex_lock(mutex); }

static void killed_owner(int robust)
{
    struct timespec end;

    make_mutex(robust);
    kill_in(own_mutex);
    end = in_two_seconds();
    observed("killed while owning", robust ? "robust pthread mutex" : "pthread mutex", outcome(pthread_mutex_timedlock(mutex, &end)));
}
/* Between EOWNERDEAD and pthread_mutex_consistent: who unlocks it then loses it for everybody. */
static void not_repaired(void)
{
    make_mutex(1);
    kill_in(own_mutex);
    pthread_mutex_lock(mutex);
    pthread_mutex_unlock(mutex);
    observed("told, and not marked consistent", "robust pthread mutex", strerror(pthread_mutex_lock(mutex)));
}
/* The owner becomes another program, which knows nothing of it. */
static void owner_execs(void)
{
    struct timespec end;
    pid_t child;

    make_mutex(1);
    child = fork();
    if (child == 0) {
        pthread_mutex_lock(mutex);
        execl("/bin/sleep", "sleep", "10", (char *)NULL);
        _exit(1);
    }
    usleep(200000);
    end = in_two_seconds();
    observed("exec while owning", "robust pthread mutex", outcome(pthread_mutex_timedlock(mutex, &end)));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}
static void note(int signal_number) { (void)signal_number; }
static void signals(void)
{
    struct sigaction action;
    struct timespec end;
    sem_t semaphore;

    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    sigaction(SIGALRM, &action, NULL);
    sem_init(&semaphore, 1, 0);
    alarm(1);
    end = in_two_seconds();
    observed("a signal during a wait", "sem_timedwait", sem_timedwait(&semaphore, &end) == 0 ? "acquired" : strerror(errno));
}
/* The bytes of the mutex are anybody's who shares it. */
static void garbled(void)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        make_mutex(1);
        memset(mutex, 0x5A, sizeof *mutex);
        alarm(2);
        _exit(pthread_mutex_lock(mutex) == 0 ? 1 : 2);
    }
    waitpid(child, &status, 0);
    observed("corrupted bookkeeping (all 0x5A)", "robust pthread mutex",
             WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : WEXITSTATUS(status) == 2 ? "an error" : "acquired");
}

static char name[64];
static void own_semaphore(volatile int *ready) { (void)ready, sem_wait(sem_open(name, O_CREAT, 0600, 1)); }
static void semaphores(void)
{
    struct timespec end;
    sem_t *semaphore;

    kill_in(own_semaphore);
    semaphore = sem_open(name, 0);
    if (semaphore == SEM_FAILED) {
        observed("killed while owning", "sem_open", "gone");
        return;
    }
    end = in_two_seconds();
    observed("killed while owning", "sem_open", sem_timedwait(semaphore, &end) == 0 ? "acquired" : outcome(errno));
    sem_close(semaphore);
    semaphore = sem_open(name, 0);
    observed("the last user is killed", "sem_open", semaphore == SEM_FAILED ? "the name is gone" : "the name and the old count stay");
    sem_unlink(name);
}
static void make_memory(volatile int *ready)
{
    (void)ready;
    if (ftruncate(shm_open(name, O_RDWR | O_CREAT, 0600), 4096) != 0)
        perror("ftruncate");
}
static void memory(void)
{
    struct stat status;
    int file;

    kill_in(make_memory);
    file = shm_open(name, O_RDWR, 0);
    observed("the last user is killed", "shm_open", file < 0 ? "the name is gone" : "the name and the old data stay");
    fstat(file, &status);
    if (ftruncate(file, 0) == 0 && fork() == 0) {
        char *view = (char *)mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);

        _exit(view[0]);
    }
    wait(&file);
    observed("a peer truncates the object", "shm_open", WIFSIGNALED(file) ? strsignal(WTERMSIG(file)) : "read");
    shm_unlink(name);
}

int main(void)
{
    snprintf(name, sizeof name, "/winshm-peers-%d", (int)getpid());
    killed_owner(0);
    killed_owner(1);
    not_repaired();
    owner_execs();
    signals();
    garbled();
    semaphores();
    memory();
    return 0;
}
