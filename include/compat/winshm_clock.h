/*
 * winshm_clock.h - the multimedia clock, and dates.
 *
 * On Linux: sleeps, waits and the clock always have a resolution of one millisecond
 * or better, so that asking for it changes nothing.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CLOCK_H
#define WINSHM_CLOCK_H

#include <time.h>

#include <winshm.h>
#include <winshm_crt_system.h>

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

/** A date and time of day. Sunday is day 0 of the week, January month 1. */
typedef struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;
    WORD wDayOfWeek;
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

static inline VOID winshm_date(LPSYSTEMTIME date, struct tm *(*fields)(const time_t *, struct tm *))
{
    FILETIME now;
    ULONGLONG ticks;
    time_t seconds;
    struct tm parts;

    GetSystemTimeAsFileTime(&now);
    ticks = (ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime;
    seconds = (time_t)(ticks / 10000000) - 11644473600; /* since 1601, since 1970 */
    fields(&seconds, &parts);
    date->wYear = (WORD)(parts.tm_year + 1900);
    date->wMonth = (WORD)(parts.tm_mon + 1);
    date->wDayOfWeek = (WORD)parts.tm_wday;
    date->wDay = (WORD)parts.tm_mday;
    date->wHour = (WORD)parts.tm_hour;
    date->wMinute = (WORD)parts.tm_min;
    date->wSecond = (WORD)parts.tm_sec;
    date->wMilliseconds = (WORD)(ticks / 10000 % 1000);
}

/** The date and time of day of Greenwich. */
static inline VOID GetSystemTime(LPSYSTEMTIME date)
{
    winshm_date(date, gmtime_r);
}

/** The date and time of day of the time zone. */
static inline VOID GetLocalTime(LPSYSTEMTIME date)
{
    winshm_date(date, localtime_r);
}

#endif /* WINSHM_CLOCK_H */
