/*
 * The other process of a row, and what both meet in: shared memory, a bare futex,
 * chosen processors.
 */
#ifndef PARTNER_H
#define PARTNER_H

#include "measure.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void *map_shared(size_t size)
{
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(data != MAP_FAILED);
    return data;
}

static inline void set_word(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Sleeps until the word is not `old` any more. */
static inline uint32_t wait_for_word(uint32_t *word, uint32_t old)
{
    uint32_t value;
    while ((value = __atomic_load_n(word, __ATOMIC_SEQ_CST)) == old)
        MUST(syscall(SYS_futex, word, FUTEX_WAIT, old, NULL, NULL, 0) == 0 || errno == EAGAIN || errno == EINTR);
    return value;
}

/* Keeps the caller, and whom it forks, on the `which`th processor of `allowed`. */
static inline void pin_to(int which, const cpu_set_t *allowed)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, allowed) && which-- == 0)
            CPU_SET(cpu, &one);
    MUST(sched_setaffinity(0, sizeof one, &one) == 0);
}

/* Where the two processes of a row run. */
enum where { ONE_PROCESSOR, ONE_EACH, ANYWHERE };

/* Puts the caller, the `which`th of the two, there. */
static inline void place(enum where where, int which)
{
    static cpu_set_t allowed; /* as the program was started; forked with it */
    if (CPU_COUNT(&allowed) == 0)
        MUST(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    if (where == ANYWHERE)
        MUST(sched_setaffinity(0, sizeof allowed, &allowed) == 0);
    else
        pin_to(where == ONE_EACH ? which : 0, &allowed);
}

static inline int has_two_processors(void)
{
    cpu_set_t allowed;
    MUST(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    return CPU_COUNT(&allowed) > 1;
}

/* A partner never exits but when a call failed: who waits for it must not wait on. */
static inline void end_parent(void) { kill(getppid(), SIGTERM); }

/* A process that says when it is ready, then runs `loop` until it is ended. */
static inline pid_t partner(void (*prepare)(void), void (*loop)(void))
{
    pid_t child, parent = getpid();
    int ready[2];
    char byte;
    MUST(pipe(ready) == 0);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        MUST(getppid() == parent && atexit(end_parent) == 0);
        prepare();
        MUST(write(ready[1], "", 1) == 1);
        loop();
    }
    close(ready[1]);
    MUST(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    return child;
}

static inline void end_partner(pid_t child)
{
    int status;
    MUST(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    MUST(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

#endif
