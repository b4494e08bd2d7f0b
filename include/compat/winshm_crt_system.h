/*
 * winshm_crt_system.h - the functions of Microsoft's C library on files, time and
 * errors that glibc lacks: fopen_s, localtime_s, strerror_s, _fileno.
 *
 * On Linux: a wrong argument to an ..._s function makes the result an error; on
 * Windows it ends the program. Parts of a path stand between `/`.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CRT_SYSTEM_H
#define WINSHM_CRT_SYSTEM_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <winshm_crt.h>

#ifndef __cplusplus
/* The system's headers hide these when the compiler is asked for standard C only. */
extern int fileno(FILE *);
extern struct tm *localtime_r(const time_t *, struct tm *);
extern struct tm *gmtime_r(const time_t *, struct tm *);
#endif

/** fopen that returns the error; `*stream` is then NULL. */
static inline errno_t fopen_s(FILE **stream, const char *path, const char *mode)
{
    if (!stream)
        return EINVAL;
    *stream = NULL;
    if (!path || !mode)
        return EINVAL;
    *stream = fopen(path, mode);
    return *stream ? 0 : errno;
}

/** The descriptor of a stream; -1 with errno if it has none. */
static inline int _fileno(FILE *stream)
{
    return fileno(stream);
}

/** Not 0 if the descriptor is that of a terminal. */
static inline int _isatty(int descriptor)
{
    return isatty(descriptor);
}

/** Fills the result of a time that is none. */
static inline errno_t winshm_no_time(struct tm *result)
{
    if (result) {
        result->tm_sec = result->tm_min = result->tm_hour = -1;
        result->tm_mday = result->tm_mon = result->tm_year = -1;
        result->tm_wday = result->tm_yday = result->tm_isdst = -1;
    }
    return EINVAL;
}

/** The local time; a time before 1970 is an error. */
static inline errno_t localtime_s(struct tm *result, const time_t *seconds)
{
    if (!result || !seconds || *seconds < 0 || !localtime_r(seconds, result))
        return winshm_no_time(result);
    return 0;
}

/** The time in UTC; a time before 1970 is an error. */
static inline errno_t gmtime_s(struct tm *result, const time_t *seconds)
{
    if (!result || !seconds || *seconds < 0 || !gmtime_r(seconds, result))
        return winshm_no_time(result);
    return 0;
}

/** The text of an errno, as much as fits. */
static inline errno_t strerror_s(char *buffer, size_t size, int error)
{
    const errno_t result = strncpy_s(buffer, size, strerror(error), _TRUNCATE);

    return result == STRUNCATE ? 0 : result;
}

#ifdef __cplusplus
/* C++ sources may leave out the size of an array. */

template <size_t size>
static inline errno_t strerror_s(char (&buffer)[size], int error)
{
    return strerror_s(buffer, size, error);
}
#endif

#endif /* WINSHM_CRT_SYSTEM_H */
