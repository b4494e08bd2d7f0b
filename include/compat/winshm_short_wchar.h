/*
 * winshm_short_wchar.h - with -fshort-wchar, makes calls of the C library's wide
 * functions errors that say so, where the compiler can: gcc.
 *
 * On Linux: the C library takes every wchar_t to have 32 bits. Its functions run past
 * the ends of strings of 16-bit ones; those of windows.h, lstrlenW and its family,
 * take them as they are.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_SHORT_WCHAR_H
#define WINSHM_SHORT_WCHAR_H

#if __SIZEOF_WCHAR_T__ == 2 && !defined(__clang__)

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#ifdef __cplusplus
#include <cwchar>
#endif

#define WINSHM_NOT_SHORT                                                                       \
    __attribute__((__error__("takes wchar_t to have 32 bits: use lstrlenW, lstrcpyW, "         \
                             "lstrcatW, lstrcmpW, or build without -fshort-wchar")))

#ifdef __cplusplus
extern "C" {
#endif

extern size_t wcslen(const wchar_t *) __THROW WINSHM_NOT_SHORT;
extern int wcscmp(const wchar_t *, const wchar_t *) __THROW WINSHM_NOT_SHORT;
extern int wcsncmp(const wchar_t *, const wchar_t *, size_t) __THROW WINSHM_NOT_SHORT;
extern wchar_t *wcscpy(wchar_t *, const wchar_t *) __THROW WINSHM_NOT_SHORT;
extern wchar_t *wcsncpy(wchar_t *, const wchar_t *, size_t) __THROW WINSHM_NOT_SHORT;
extern wchar_t *wcscat(wchar_t *, const wchar_t *) __THROW WINSHM_NOT_SHORT;
extern wchar_t *wcsncat(wchar_t *, const wchar_t *, size_t) __THROW WINSHM_NOT_SHORT;
extern size_t mbstowcs(wchar_t *, const char *, size_t) __THROW WINSHM_NOT_SHORT;
extern size_t wcstombs(char *, const wchar_t *, size_t) __THROW WINSHM_NOT_SHORT;
extern int wprintf(const wchar_t *, ...) WINSHM_NOT_SHORT;
extern int fwprintf(FILE *, const wchar_t *, ...) WINSHM_NOT_SHORT;
extern int swprintf(wchar_t *, size_t, const wchar_t *, ...) __THROW WINSHM_NOT_SHORT;
extern int fputws(const wchar_t *, FILE *) WINSHM_NOT_SHORT;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif

#endif /* WINSHM_SHORT_WCHAR_H */
