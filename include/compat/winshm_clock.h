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

/** From the beginning of 1601, where FILETIME begins, to that of 1970. */
#define WINSHM_SECONDS_TO_1970 11644473600

static inline VOID winshm_date_of(ULONGLONG ticks, LPSYSTEMTIME date, struct tm *(*fields)(const time_t *, struct tm *))
{
    const time_t seconds = (time_t)(ticks / 10000000) - WINSHM_SECONDS_TO_1970;
    struct tm parts;

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

static inline ULONGLONG winshm_ticks(const FILETIME *file_time)
{
    return (ULONGLONG)file_time->dwHighDateTime << 32 | file_time->dwLowDateTime;
}

static inline VOID winshm_date(LPSYSTEMTIME date, struct tm *(*fields)(const time_t *, struct tm *))
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    winshm_date_of(winshm_ticks(&now), date, fields);
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

/** The date and time of day of a file's time. One of 2^63 or more is ERROR_INVALID_PARAMETER. */
static inline BOOL FileTimeToSystemTime(const FILETIME *file_time, LPSYSTEMTIME date)
{
    if (file_time->dwHighDateTime >= 0x80000000u) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    winshm_date_of(winshm_ticks(file_time), date, gmtime_r);
    return TRUE;
}

static inline int winshm_is_leap_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/** Whether the calendar has the date, and the clock the time of day. */
static inline int winshm_is_date(const SYSTEMTIME *date)
{
    static const BYTE days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_longer = date->wMonth == 2 && winshm_is_leap_year(date->wYear);

    return date->wYear >= 1601 && date->wYear <= 30827 && date->wMonth >= 1 && date->wMonth <= 12 && date->wDay >= 1
           && date->wDay <= days[date->wMonth - 1] + is_longer && date->wHour < 24 && date->wMinute < 60
           && date->wSecond < 60 && date->wMilliseconds < 1000;
}

/**
 * A date and time of day as a file's time; the day of the week is not looked at. A date that there
 * is not, and one before 1601 or after 30827, is ERROR_INVALID_PARAMETER.
 */
static inline BOOL SystemTimeToFileTime(const SYSTEMTIME *date, LPFILETIME file_time)
{
    static const WORD days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const ULONGLONG years = date->wYear - 1601u;
    ULONGLONG days, ticks;

    if (!winshm_is_date(date)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    days = years * 365 + years / 4 - years / 100 + years / 400 + days_before[date->wMonth - 1] + date->wDay - 1u;
    if (date->wMonth > 2 && winshm_is_leap_year(date->wYear))
        days++;
    ticks = ((days * 24 + date->wHour) * 60 + date->wMinute) * 60 + date->wSecond;
    ticks = (ticks * 1000 + date->wMilliseconds) * 10000;
    file_time->dwLowDateTime = (DWORD)ticks;
    file_time->dwHighDateTime = (DWORD)(ticks >> 32);
    return TRUE;
}

#endif /* WINSHM_CLOCK_H */
