/*
 * winshm_lstr.h - lstrlen and its family: strings as windows.h, not the C library,
 * knows them. NULL is a string that is not there, and no crash.
 *
 * On Linux: lstrcmp and lstrcmpi compare units, not in the order of a language;
 * lstrcmpi takes the letters A to Z for a to z.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_LSTR_H
#define WINSHM_LSTR_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <winshm_crt.h>
#include <winshm_types.h>

static inline int lstrlenA(LPCSTR string)
{
    return string ? (int)strlen(string) : 0;
}

static inline int lstrlenW(LPCWSTR string)
{
    int length = 0;

    while (string && string[length] != 0)
        length++;
    return length;
}

/** Copies at most `size` - 1 characters, and the end. */
static inline LPSTR lstrcpynA(LPSTR buffer, LPCSTR source, int size)
{
    int i;

    if (!buffer || !source)
        return NULL;
    for (i = 0; i < size - 1 && source[i] != 0; i++)
        buffer[i] = source[i];
    if (size > 0)
        buffer[i] = 0;
    return buffer;
}

static inline LPWSTR lstrcpynW(LPWSTR buffer, LPCWSTR source, int size)
{
    int i;

    if (!buffer || !source)
        return NULL;
    for (i = 0; i < size - 1 && source[i] != 0; i++)
        buffer[i] = source[i];
    if (size > 0)
        buffer[i] = 0;
    return buffer;
}

static inline LPSTR lstrcpyA(LPSTR buffer, LPCSTR source)
{
    return lstrcpynA(buffer, source, lstrlenA(source) + 1);
}

static inline LPWSTR lstrcpyW(LPWSTR buffer, LPCWSTR source)
{
    return lstrcpynW(buffer, source, lstrlenW(source) + 1);
}

static inline LPSTR lstrcatA(LPSTR buffer, LPCSTR source)
{
    return buffer && source && lstrcpyA(buffer + lstrlenA(buffer), source) ? buffer : NULL;
}

static inline LPWSTR lstrcatW(LPWSTR buffer, LPCWSTR source)
{
    return buffer && source && lstrcpyW(buffer + lstrlenW(buffer), source) ? buffer : NULL;
}

/** A to Z as a to z, where that is asked for. */
static inline uint32_t winshm_lstr_fold(uint32_t unit, int fold)
{
    return fold && unit >= 'A' && unit <= 'Z' ? unit + ('a' - 'A') : unit;
}

/** -1, 0 or 1; a string that is not there comes before all others. */
static inline int winshm_lstr_compareA(LPCSTR left, LPCSTR right, int fold)
{
    uint32_t first, second;

    if (!left || !right)
        return !right - !left;
    do {
        first = winshm_lstr_fold((BYTE)*left++, fold);
        second = winshm_lstr_fold((BYTE)*right++, fold);
    } while (first == second && first != 0);
    return (first > second) - (first < second);
}

static inline int winshm_lstr_compareW(LPCWSTR left, LPCWSTR right, int fold)
{
    uint32_t first, second;

    if (!left || !right)
        return !right - !left;
    do {
        first = winshm_lstr_fold((uint32_t)*left++, fold);
        second = winshm_lstr_fold((uint32_t)*right++, fold);
    } while (first == second && first != 0);
    return (first > second) - (first < second);
}

static inline int lstrcmpA(LPCSTR left, LPCSTR right)
{
    return winshm_lstr_compareA(left, right, 0);
}

static inline int lstrcmpW(LPCWSTR left, LPCWSTR right)
{
    return winshm_lstr_compareW(left, right, 0);
}

static inline int lstrcmpiA(LPCSTR left, LPCSTR right)
{
    return winshm_lstr_compareA(left, right, 1);
}

static inline int lstrcmpiW(LPCWSTR left, LPCWSTR right)
{
    return winshm_lstr_compareW(left, right, 1);
}

#ifdef UNICODE
#define lstrlen lstrlenW
#define lstrcpyn lstrcpynW
#define lstrcpy lstrcpyW
#define lstrcat lstrcatW
#define lstrcmp lstrcmpW
#define lstrcmpi lstrcmpiW
#else
#define lstrlen lstrlenA
#define lstrcpyn lstrcpynA
#define lstrcpy lstrcpyA
#define lstrcat lstrcatA
#define lstrcmp lstrcmpA
#define lstrcmpi lstrcmpiA
#endif

#endif /* WINSHM_LSTR_H */
