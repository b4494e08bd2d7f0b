/*
 * winshm_once.h - what is done once, by the first thread that needs it.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_ONCE_H
#define WINSHM_ONCE_H

#include <winshm_futex.h>

/**
 * Zero when nothing was begun. The two lowest bits tell how far it is; when it is
 * done, the others are the context.
 */
typedef union _RTL_RUN_ONCE {
    PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE;
typedef RTL_RUN_ONCE INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;

typedef BOOL(WINAPI *PINIT_ONCE_FN)(PINIT_ONCE InitOnce, PVOID Parameter, PVOID *Context);

#define RTL_RUN_ONCE_INIT {0}
#define INIT_ONCE_STATIC_INIT RTL_RUN_ONCE_INIT

/** InitOnceBeginInitialize: only asks whether it is done. */
#define INIT_ONCE_CHECK_ONLY 0x1u
/** Several threads may do it, and the first that completes it has done it. */
#define INIT_ONCE_ASYNC 0x2u
/** InitOnceComplete: it failed, and others may try. */
#define INIT_ONCE_INIT_FAILED 0x4u
/** The number of low bits that must be 0 in a context. */
#define INIT_ONCE_CTX_RESERVED_BITS 2

#define WINSHM_ONCE_NOT_BEGUN ((winshm_word)0)
#define WINSHM_ONCE_ONE_AT_WORK ((winshm_word)1)
#define WINSHM_ONCE_DONE ((winshm_word)2)
#define WINSHM_ONCE_SEVERAL_AT_WORK ((winshm_word)3)
#define WINSHM_ONCE_STAGE ((winshm_word)3)
/** Threads sleep until the one at work is ready. */
#define WINSHM_ONCE_AWAITED ((winshm_word)4)

#ifndef ERROR_GEN_FAILURE
/** The state of the object does not allow it. */
#define ERROR_GEN_FAILURE 31u
#endif

static inline winshm_word *winshm_once_word(PINIT_ONCE once)
{
    return (winshm_word *)&once->Ptr;
}

static inline BOOL winshm_once_refuse(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static inline VOID InitOnceInitialize(PINIT_ONCE once)
{
    once->Ptr = NULL;
}

/**
 * Tells in `*pending` whether the caller must do it and call InitOnceComplete; if
 * not, it is done, and `*context` (may be NULL) is what that call stored.
 */
static inline BOOL InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID *context)
{
    winshm_word *const word = winshm_once_word(once);
    const winshm_word work = flags & INIT_ONCE_ASYNC ? WINSHM_ONCE_SEVERAL_AT_WORK : WINSHM_ONCE_ONE_AT_WORK;
    winshm_word state = __atomic_load_n(word, __ATOMIC_ACQUIRE);

    if (flags & ~(INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC) || flags == (INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC))
        return winshm_once_refuse(ERROR_INVALID_PARAMETER);
    for (;;) {
        const winshm_word stage = state & WINSHM_ONCE_STAGE;

        *pending = stage != WINSHM_ONCE_DONE;
        if (stage == WINSHM_ONCE_DONE) {
            if (context)
                *context = (LPVOID)(state & ~WINSHM_ONCE_STAGE);
            return TRUE;
        }
        if (flags & INIT_ONCE_CHECK_ONLY)
            return winshm_once_refuse(ERROR_GEN_FAILURE);
        if (stage == WINSHM_ONCE_NOT_BEGUN) {
            if (winshm_replace(word, &state, work))
                return TRUE;
            continue;
        }
        if (stage != work) /* begun in the other manner */
            return winshm_once_refuse(ERROR_INVALID_PARAMETER);
        if (stage == WINSHM_ONCE_SEVERAL_AT_WORK)
            return TRUE;
        if (!(state & WINSHM_ONCE_AWAITED) && !winshm_replace(word, &state, state | WINSHM_ONCE_AWAITED))
            continue;
        winshm_sleep(word, WINSHM_ONCE_ONE_AT_WORK | WINSHM_ONCE_AWAITED, WINSHM_ANYBODY, NULL);
        state = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    }
}

/** Ends what InitOnceBeginInitialize began; `context` is for everyone who comes later. */
static inline BOOL InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context)
{
    winshm_word *const word = winshm_once_word(once);
    const winshm_word work = flags & INIT_ONCE_ASYNC ? WINSHM_ONCE_SEVERAL_AT_WORK : WINSHM_ONCE_ONE_AT_WORK;
    const winshm_word result =
        flags & INIT_ONCE_INIT_FAILED ? WINSHM_ONCE_NOT_BEGUN : (winshm_word)context | WINSHM_ONCE_DONE;
    winshm_word state = __atomic_load_n(word, __ATOMIC_RELAXED);

    if (flags & ~(INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED) || flags == (INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED)
        || (winshm_word)context & WINSHM_ONCE_STAGE || (flags & INIT_ONCE_INIT_FAILED && context))
        return winshm_once_refuse(ERROR_INVALID_PARAMETER);
    do {
        const winshm_word stage = state & WINSHM_ONCE_STAGE;

        if (stage == WINSHM_ONCE_NOT_BEGUN || stage == WINSHM_ONCE_DONE)
            return winshm_once_refuse(ERROR_GEN_FAILURE);
        if (stage != work)
            return winshm_once_refuse(ERROR_INVALID_PARAMETER);
    } while (!winshm_replace(word, &state, result));
    if (state & WINSHM_ONCE_AWAITED)
        winshm_wake(word, WINSHM_WAKE_ALL, WINSHM_ANYBODY);
    return TRUE;
}

/**
 * Calls the function unless it has succeeded before; other threads wait meanwhile.
 * When it returns FALSE, so does this, and the next caller tries again.
 */
static inline BOOL InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter, LPVOID *context)
{
    PVOID result = NULL;
    BOOL pending = FALSE;

    if (!InitOnceBeginInitialize(once, 0, &pending, context))
        return FALSE;
    if (!pending)
        return TRUE;
    if (!function(once, parameter, &result)) {
        InitOnceComplete(once, INIT_ONCE_INIT_FAILED, NULL);
        return FALSE;
    }
    if (!InitOnceComplete(once, 0, result)) {
        InitOnceComplete(once, INIT_ONCE_INIT_FAILED, NULL);
        return winshm_once_refuse(ERROR_INVALID_PARAMETER);
    }
    if (context)
        *context = result;
    return TRUE;
}

#endif /* WINSHM_ONCE_H */
