/*
 * What the bare contenders share: memory between two processes, a word to sleep on,
 * semaphores of System V, the mutex of pthreads that promises most.
 */
#ifndef BARE_H
#define BARE_H

#include "contender.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/syscall.h>

static inline void *map_shared(size_t size)
{
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(data != MAP_FAILED);
    return data;
}

static inline void wake_one(uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0); }

/* Sleeps if the word is `value`. */
static inline void sleep_on(uint32_t *word, uint32_t value)
{
    MUST(syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0) == 0 || errno == EAGAIN || errno == EINTR);
}

static inline void set_word(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
    wake_one(word);
}

/* Sleeps until the word is not `old` any more. */
static inline uint32_t wait_for_word(uint32_t *word, uint32_t old)
{
    uint32_t value;
    while ((value = __atomic_load_n(word, __ATOMIC_SEQ_CST)) == old)
        sleep_on(word, old);
    return value;
}

/* As good as a mutex here: shared, robust, recursive. */
static inline pthread_mutex_t *init_mutex(void *memory)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)memory;
    pthread_mutexattr_t kind;
    MUST(pthread_mutexattr_init(&kind) == 0);
    MUST(pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED) == 0);
    MUST(pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST) == 0);
    MUST(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE) == 0);
    MUST(pthread_mutex_init(mutex, &kind) == 0);
    return mutex;
}

/* The name of what this run has of System V. */
static inline key_t key_of_run(void) { return (key_t)(0x57000000 | (run & 0xFFFFFF)); }

/* They are gone with `remove_semaphores` only. */
static inline int created_semaphores(int count)
{
    int id = semget(key_of_run(), count, IPC_CREAT | IPC_EXCL | 0600);
    MUST(id >= 0);
    return id;
}

static inline void remove_semaphores(int id) { MUST(semctl(id, 0, IPC_RMID) == 0); }

static inline void change_semaphore(int id, int which, int by)
{
    struct sembuf change = {(unsigned short)which, (short)by, 0};
    MUST(semop(id, &change, 1) == 0);
}

#endif
