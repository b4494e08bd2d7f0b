/*
 * winshm_condition.h - condition variables, with critical sections or SRW locks.
 * A thread may wake up without a cause, as on Windows.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CONDITION_H
#define WINSHM_CONDITION_H

#include <winshm_critical_section.h>
#include <winshm_futex.h>
#include <winshm_srwlock.h>

/**
 * The lower half of the word counts the wakes, and sleepers watch it: a wake
 * between releasing the lock and sleeping is not lost. The upper half counts the
 * threads that wait, so that a wake without any makes no system call.
 */
typedef struct _RTL_CONDITION_VARIABLE {
    PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE;
typedef RTL_CONDITION_VARIABLE CONDITION_VARIABLE, *PCONDITION_VARIABLE;

#define RTL_CONDITION_VARIABLE_INIT {0}
#define CONDITION_VARIABLE_INIT RTL_CONDITION_VARIABLE_INIT
#define RTL_CONDITION_VARIABLE_LOCKMODE_SHARED 0x1u
#define CONDITION_VARIABLE_LOCKMODE_SHARED RTL_CONDITION_VARIABLE_LOCKMODE_SHARED

#define WINSHM_CONDITION_WAITER ((winshm_word)1 << 32)

static inline winshm_word *winshm_condition_word(PCONDITION_VARIABLE variable)
{
    return (winshm_word *)&variable->Ptr;
}

static inline VOID InitializeConditionVariable(PCONDITION_VARIABLE variable)
{
    variable->Ptr = NULL;
}

static inline void winshm_condition_wake(PCONDITION_VARIABLE variable, int count)
{
    winshm_word *const word = winshm_condition_word(variable);
    winshm_word state = __atomic_load_n(word, __ATOMIC_SEQ_CST);

    do {
        if (state < WINSHM_CONDITION_WAITER)
            return;
    } while (!winshm_replace(word, &state, (state & ~(winshm_word)0xffffffffu) | (unsigned)(state + 1)));
    winshm_wake(word, count, WINSHM_ANYBODY);
}

static inline VOID WakeConditionVariable(PCONDITION_VARIABLE variable)
{
    winshm_condition_wake(variable, WINSHM_WAKE_ONE);
}

static inline VOID WakeAllConditionVariable(PCONDITION_VARIABLE variable)
{
    winshm_condition_wake(variable, WINSHM_WAKE_ALL);
}

/** A wait: `begin` before the lock is released, `sleep` after that, `end` at last. */
struct winshm_condition_wait {
    winshm_word *word;
    unsigned wakes;
    DWORD milliseconds;
    struct winshm_time deadline;
};

static inline struct winshm_condition_wait winshm_condition_begin(PCONDITION_VARIABLE variable, DWORD milliseconds)
{
    struct winshm_condition_wait wait = {winshm_condition_word(variable), 0, milliseconds, {0, 0}};

    if (milliseconds != INFINITE)
        wait.deadline = winshm_deadline(milliseconds);
    wait.wakes = (unsigned)__atomic_add_fetch(wait.word, WINSHM_CONDITION_WAITER, __ATOMIC_SEQ_CST);
    return wait;
}

/** Returns whether the thread was woken in time. */
static inline BOOL winshm_condition_sleep(const struct winshm_condition_wait *wait)
{
    const struct winshm_time *const deadline = wait->milliseconds == INFINITE ? NULL : &wait->deadline;
    int error;

    do
        error = winshm_sleep(wait->word, wait->wakes, WINSHM_ANYBODY, deadline);
    while (error == EINTR);
    __atomic_sub_fetch(wait->word, WINSHM_CONDITION_WAITER, __ATOMIC_SEQ_CST);
    return error != ETIMEDOUT;
}

static inline BOOL winshm_condition_end(BOOL woken)
{
    if (!woken)
        SetLastError(ERROR_TIMEOUT);
    return woken;
}

static inline BOOL SleepConditionVariableCS(PCONDITION_VARIABLE variable, PCRITICAL_SECTION section,
                                            DWORD milliseconds)
{
    const struct winshm_condition_wait wait = winshm_condition_begin(variable, milliseconds);
    BOOL woken;

    LeaveCriticalSection(section);
    woken = winshm_condition_sleep(&wait);
    EnterCriticalSection(section);
    return winshm_condition_end(woken);
}

/** `flags` tells how the caller has the lock: CONDITION_VARIABLE_LOCKMODE_SHARED, or 0 for writing. */
static inline BOOL SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD milliseconds,
                                             ULONG flags)
{
    struct winshm_condition_wait wait;
    BOOL woken;

    if (flags & ~CONDITION_VARIABLE_LOCKMODE_SHARED) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    wait = winshm_condition_begin(variable, milliseconds);
    if (flags)
        ReleaseSRWLockShared(lock);
    else
        ReleaseSRWLockExclusive(lock);
    woken = winshm_condition_sleep(&wait);
    if (flags)
        AcquireSRWLockShared(lock);
    else
        AcquireSRWLockExclusive(lock);
    return winshm_condition_end(woken);
}

#endif /* WINSHM_CONDITION_H */
