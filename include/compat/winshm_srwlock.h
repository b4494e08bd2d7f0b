/*
 * winshm_srwlock.h - slim reader/writer locks. They are not recursive.
 *
 * Nobody starves: a reader that comes while a writer waits stands back, and a
 * writer that releases lets in every reader that waits. Among writers, a newcomer
 * may take a free lock before one that is just being woken, which is faster than
 * taking turns; but after 2 ms of bad luck a writer reserves the lock, and then
 * newcomers sleep first.
 *
 * The Try functions say FALSE where their caller would have to stand back.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_SRWLOCK_H
#define WINSHM_SRWLOCK_H

#include <winshm_futex.h>

/** The whole state of the lock is one word; zero is a free lock. */
typedef struct _RTL_SRWLOCK {
    PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK;
typedef RTL_SRWLOCK SRWLOCK, *PSRWLOCK;

#define RTL_SRWLOCK_INIT {0}
#define SRWLOCK_INIT RTL_SRWLOCK_INIT

/*
 * The word. Sleepers watch its lower half, which has all that they wait for:
 *
 *   bit 0        a writer has the lock
 *   bit 1        the phase: changes when a writer lets waiting readers in, which
 *                counts them as holders at once. It cannot change again before
 *                each of them has seen it and released the lock.
 *   bit 2        reserved
 *   bits 3-22    the readers that have the lock
 *   bits 23-42   the readers that wait
 *   bits 43-63   the writers that wait
 */
#define WINSHM_SRW_WRITER ((winshm_word)1)
#define WINSHM_SRW_PHASE ((winshm_word)1 << 1)
#define WINSHM_SRW_RESERVED ((winshm_word)1 << 2)
#define WINSHM_SRW_READER ((winshm_word)1 << 3)
#define WINSHM_SRW_WAITING_READER ((winshm_word)1 << 23)
#define WINSHM_SRW_WAITING_WRITER ((winshm_word)1 << 43)
#define WINSHM_SRW_READERS (WINSHM_SRW_WAITING_READER - WINSHM_SRW_READER)
#define WINSHM_SRW_WAITING_READERS (WINSHM_SRW_WAITING_WRITER - WINSHM_SRW_WAITING_READER)

/** A writer that waits longer reserves the lock. */
#define WINSHM_SRW_PATIENCE 2

/* Both kinds sleep on one word and are woken apart. */
#define WINSHM_SRW_WAKE_READERS 1u
#define WINSHM_SRW_WAKE_WRITERS 2u

static inline winshm_word *winshm_srw_word(PSRWLOCK lock)
{
    return (winshm_word *)&lock->Ptr;
}

/** Whether nobody has the lock. */
static inline int winshm_srw_is_free(winshm_word state)
{
    return (state & (WINSHM_SRW_WRITER | WINSHM_SRW_READERS)) == 0;
}

/** Whether a newcomer may write. */
static inline int winshm_srw_may_write(winshm_word state)
{
    return (state & (WINSHM_SRW_WRITER | WINSHM_SRW_READERS | WINSHM_SRW_RESERVED)) == 0;
}

/** Whether a newcomer may read. */
static inline int winshm_srw_may_read(winshm_word state)
{
    return (state & WINSHM_SRW_WRITER) == 0 && state < WINSHM_SRW_WAITING_WRITER;
}

static inline VOID InitializeSRWLock(PSRWLOCK lock)
{
    lock->Ptr = NULL;
}

static inline BOOLEAN TryAcquireSRWLockExclusive(PSRWLOCK lock)
{
    winshm_word *const word = winshm_srw_word(lock);
    winshm_word state = __atomic_load_n(word, __ATOMIC_RELAXED);

    while (winshm_srw_may_write(state)) {
        if (winshm_replace(word, &state, state | WINSHM_SRW_WRITER))
            return TRUE;
    }
    return FALSE;
}

/** Waits for its turn as a writer. */
__attribute__((__cold__)) static inline void winshm_srw_wait_to_write(winshm_word *word)
{
    const struct winshm_time end_of_patience = winshm_deadline(WINSHM_SRW_PATIENCE);
    winshm_word state = __atomic_load_n(word, __ATOMIC_RELAXED);
    int newcomer = 1;

    while (!winshm_replace(word, &state, state + WINSHM_SRW_WAITING_WRITER))
        continue;
    state += WINSHM_SRW_WAITING_WRITER;
    for (;;) {
        if (newcomer ? winshm_srw_may_write(state) : winshm_srw_is_free(state)) {
            const winshm_word taken = (state - WINSHM_SRW_WAITING_WRITER) | WINSHM_SRW_WRITER;

            if (winshm_replace(word, &state, taken & ~WINSHM_SRW_RESERVED))
                return;
            continue;
        }
        if (!newcomer && !(state & WINSHM_SRW_RESERVED) && winshm_is_past(end_of_patience)) {
            if (!winshm_replace(word, &state, state | WINSHM_SRW_RESERVED))
                continue;
            state |= WINSHM_SRW_RESERVED;
        }
        winshm_sleep(word, state, WINSHM_SRW_WAKE_WRITERS, NULL);
        newcomer = 0;
        state = __atomic_load_n(word, __ATOMIC_RELAXED);
    }
}

static inline VOID AcquireSRWLockExclusive(PSRWLOCK lock)
{
    if (!TryAcquireSRWLockExclusive(lock))
        winshm_srw_wait_to_write(winshm_srw_word(lock));
}

static inline VOID ReleaseSRWLockExclusive(PSRWLOCK lock)
{
    winshm_word *const word = winshm_srw_word(lock);
    winshm_word state = __atomic_load_n(word, __ATOMIC_RELAXED);
    winshm_word readers, next;

    do {
        readers = (state & WINSHM_SRW_WAITING_READERS) / WINSHM_SRW_WAITING_READER;
        next = state & ~WINSHM_SRW_WRITER;
        if (readers > 0)
            next = (next ^ WINSHM_SRW_PHASE) - readers * WINSHM_SRW_WAITING_READER + readers * WINSHM_SRW_READER;
    } while (!winshm_replace(word, &state, next));
    if (readers > 0)
        winshm_wake(word, WINSHM_WAKE_ALL, WINSHM_SRW_WAKE_READERS);
    else if (next >= WINSHM_SRW_WAITING_WRITER)
        winshm_wake(word, WINSHM_WAKE_ONE, WINSHM_SRW_WAKE_WRITERS);
}

static inline BOOLEAN TryAcquireSRWLockShared(PSRWLOCK lock)
{
    winshm_word *const word = winshm_srw_word(lock);
    winshm_word state = __atomic_load_n(word, __ATOMIC_RELAXED);

    while (winshm_srw_may_read(state)) {
        if (winshm_replace(word, &state, state + WINSHM_SRW_READER))
            return TRUE;
    }
    return FALSE;
}

/** Waits until a writer lets it in, or finds that it need not wait. */
__attribute__((__cold__)) static inline void winshm_srw_wait_to_read(winshm_word *word)
{
    winshm_word state = __atomic_load_n(word, __ATOMIC_RELAXED);
    winshm_word phase;
    int reads;

    do {
        reads = winshm_srw_may_read(state);
        phase = state & WINSHM_SRW_PHASE;
    } while (!winshm_replace(word, &state, state + (reads ? WINSHM_SRW_READER : WINSHM_SRW_WAITING_READER)));
    if (reads)
        return;
    while (((state = __atomic_load_n(word, __ATOMIC_ACQUIRE)) & WINSHM_SRW_PHASE) == phase)
        winshm_sleep(word, state, WINSHM_SRW_WAKE_READERS, NULL);
}

static inline VOID AcquireSRWLockShared(PSRWLOCK lock)
{
    if (!TryAcquireSRWLockShared(lock))
        winshm_srw_wait_to_read(winshm_srw_word(lock));
}

static inline VOID ReleaseSRWLockShared(PSRWLOCK lock)
{
    winshm_word *const word = winshm_srw_word(lock);
    const winshm_word state = __atomic_sub_fetch(word, WINSHM_SRW_READER, __ATOMIC_SEQ_CST);

    if (winshm_srw_is_free(state) && state >= WINSHM_SRW_WAITING_WRITER)
        winshm_wake(word, WINSHM_WAKE_ONE, WINSHM_SRW_WAKE_WRITERS);
}

#endif /* WINSHM_SRWLOCK_H */
