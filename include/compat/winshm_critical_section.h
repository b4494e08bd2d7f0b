/*
 * winshm_critical_section.h - critical sections: recursive locks of the threads
 * of one process, made of an SRW lock and the name of its owner.
 *
 * On Linux: the structure is as large as on Windows, but has no OwningThread.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CRITICAL_SECTION_H
#define WINSHM_CRITICAL_SECTION_H

#include <pthread.h>
#include <string.h>

#include <winshm_interlocked.h>
#include <winshm_srwlock.h>

/** What stands in the place of OwningThread is no thread id. */
typedef struct _RTL_CRITICAL_SECTION {
    PVOID DebugInfo; /* not NULL from Initialize... to Delete..., which some sources look at */
    SRWLOCK winshm_lock;
    ULONG_PTR winshm_owner;
    ULONG_PTR SpinCount;
    LONG RecursionCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION;
typedef RTL_CRITICAL_SECTION CRITICAL_SECTION, *PCRITICAL_SECTION, *LPCRITICAL_SECTION;

#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000u

/** The upper bits of a spin count meant other things on older Windows. */
#define WINSHM_SPIN_COUNT 0x00ffffffu

static inline ULONG_PTR winshm_this_thread(void)
{
    return (ULONG_PTR)pthread_self();
}

static inline BOOL InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section, DWORD spin_count)
{
    memset(section, 0, sizeof *section);
    section->DebugInfo = (PVOID)(ULONG_PTR)-1;
    section->SpinCount = spin_count & WINSHM_SPIN_COUNT;
    return TRUE;
}

/** The flags make no difference here. */
static inline BOOL InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spin_count, DWORD flags)
{
    (void)flags;
    return InitializeCriticalSectionAndSpinCount(section, spin_count);
}

static inline VOID InitializeCriticalSection(LPCRITICAL_SECTION section)
{
    InitializeCriticalSectionAndSpinCount(section, 0);
}

static inline VOID DeleteCriticalSection(LPCRITICAL_SECTION section)
{
    memset(section, 0, sizeof *section);
}

/** Returns the count before. */
static inline DWORD SetCriticalSectionSpinCount(LPCRITICAL_SECTION section, DWORD spin_count)
{
    return (DWORD)__atomic_exchange_n(&section->SpinCount, spin_count & WINSHM_SPIN_COUNT, __ATOMIC_RELAXED);
}

static inline BOOL TryEnterCriticalSection(LPCRITICAL_SECTION section)
{
    const ULONG_PTR self = winshm_this_thread();

    if (__atomic_load_n(&section->winshm_owner, __ATOMIC_RELAXED) != self) {
        if (!TryAcquireSRWLockExclusive(&section->winshm_lock))
            return FALSE;
        __atomic_store_n(&section->winshm_owner, self, __ATOMIC_RELAXED);
    }
    section->RecursionCount++;
    return TRUE;
}

static inline VOID EnterCriticalSection(LPCRITICAL_SECTION section)
{
    ULONG_PTR spins = __atomic_load_n(&section->SpinCount, __ATOMIC_RELAXED);

    while (!TryEnterCriticalSection(section)) {
        if (spins == 0) {
            AcquireSRWLockExclusive(&section->winshm_lock);
            __atomic_store_n(&section->winshm_owner, winshm_this_thread(), __ATOMIC_RELAXED);
            section->RecursionCount++;
            return;
        }
        spins--;
        YieldProcessor();
    }
}

static inline VOID LeaveCriticalSection(LPCRITICAL_SECTION section)
{
    if (--section->RecursionCount == 0) {
        __atomic_store_n(&section->winshm_owner, 0, __ATOMIC_RELAXED);
        ReleaseSRWLockExclusive(&section->winshm_lock);
    }
}

#endif /* WINSHM_CRITICAL_SECTION_H */
