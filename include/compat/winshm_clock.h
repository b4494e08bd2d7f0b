/*
 * winshm_clock.h - the multimedia clock.
 *
 * On Linux: sleeps, waits and the clock always have a resolution of one millisecond
 * or better, so that asking for it changes nothing.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CLOCK_H
#define WINSHM_CLOCK_H

#include <winshm.h>

typedef UINT MMRESULT;

#define TIMERR_NOERROR 0
/** timeBeginPeriod: 0 milliseconds are no resolution. */
#define TIMERR_NOCANDO 97

/** Sleeps and waits are at least as exact as that already. */
static inline MMRESULT timeBeginPeriod(UINT milliseconds)
{
    return milliseconds == 0 ? TIMERR_NOCANDO : TIMERR_NOERROR;
}

/** The end of what timeBeginPeriod began. */
static inline MMRESULT timeEndPeriod(UINT milliseconds)
{
    return milliseconds == 0 ? TIMERR_NOCANDO : TIMERR_NOERROR;
}

/** Milliseconds since the system started. */
static inline DWORD timeGetTime(VOID)
{
    return GetTickCount();
}

#endif /* WINSHM_CLOCK_H */
