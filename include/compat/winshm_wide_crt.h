/*
 * winshm_wide_crt.h - what winshm_crt.h has for char strings, for strings of
 * wchar_t, except formatting, which is in winshm_wide_stdio.h.
 *
 * Everything is static: a program may mix objects whose wchar_t has 16 and 32
 * bits, and the linker would make one function of two inline ones.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WIDE_CRT_H
#define WINSHM_WIDE_CRT_H

#include <wchar.h>
#include <wctype.h>

#include <winshm_crt.h>

/** Puts at most `count` characters of `source` at `offset` of `buffer`, and the end. */
static inline errno_t winshm_wide_place(wchar_t *buffer, size_t size, size_t offset, const wchar_t *source,
                                        size_t count)
{
    const int truncate = count == _TRUNCATE;
    errno_t result = 0;

    if (!buffer || size == 0)
        return EINVAL;
    if (!source || offset >= size) {
        buffer[0] = L'\0';
        return EINVAL;
    }
    for (; count > 0 && *source != L'\0'; count--) {
        if (offset == size - 1) { /* full */
            if (!truncate) {
                buffer[0] = L'\0';
                return ERANGE;
            }
            result = STRUNCATE;
            break;
        }
        buffer[offset++] = *source++;
    }
    buffer[offset] = L'\0';
    return result;
}

static inline size_t wcsnlen_s(const wchar_t *string, size_t size)
{
    size_t length = 0;

    while (string && length < size && string[length] != L'\0')
        length++;
    return length;
}

static inline errno_t wcscpy_s(wchar_t *buffer, size_t size, const wchar_t *source)
{
    return winshm_wide_place(buffer, size, 0, source, WINSHM_WHOLE_STRING);
}

static inline errno_t wcsncpy_s(wchar_t *buffer, size_t size, const wchar_t *source, size_t count)
{
    return winshm_wide_place(buffer, size, 0, source, count);
}

static inline errno_t wcscat_s(wchar_t *buffer, size_t size, const wchar_t *source)
{
    return winshm_wide_place(buffer, size, wcsnlen_s(buffer, size), source, WINSHM_WHOLE_STRING);
}

static inline errno_t wcsncat_s(wchar_t *buffer, size_t size, const wchar_t *source, size_t count)
{
    return winshm_wide_place(buffer, size, wcsnlen_s(buffer, size), source, count);
}

static inline wchar_t *wcstok_s(wchar_t *string, const wchar_t *separators, wchar_t **rest)
{
    return wcstok(string, separators, rest);
}

static inline wchar_t *_wcsdup(const wchar_t *string)
{
    size_t size = (wcslen(string) + 1) * sizeof *string;
    wchar_t *copy = (wchar_t *)malloc(size);

    return copy ? (wchar_t *)memcpy(copy, string, size) : NULL;
}

static inline int _wcsnicmp(const wchar_t *first, const wchar_t *second, size_t count)
{
    for (; count > 0; first++, second++, count--) {
        wint_t left = towlower((wint_t)*first);
        wint_t right = towlower((wint_t)*second);

        if (left != right)
            return left < right ? -1 : 1;
        if (*first == L'\0')
            return 0;
    }
    return 0;
}

static inline int _wcsicmp(const wchar_t *first, const wchar_t *second)
{
    return _wcsnicmp(first, second, WINSHM_WHOLE_STRING);
}

static inline int _wtoi(const wchar_t *string)
{
    return (int)wcstol(string, NULL, 10);
}

static inline long _wtol(const wchar_t *string)
{
    return wcstol(string, NULL, 10);
}

static inline long long _wtoi64(const wchar_t *string)
{
    return wcstoll(string, NULL, 10);
}

static inline double _wtof(const wchar_t *string)
{
    return wcstod(string, NULL);
}

#ifdef __cplusplus
/* C++ sources may leave out the size of an array. */

template <size_t size>
static inline errno_t wcscpy_s(wchar_t (&buffer)[size], const wchar_t *source)
{
    return wcscpy_s(buffer, size, source);
}

template <size_t size>
static inline errno_t wcsncpy_s(wchar_t (&buffer)[size], const wchar_t *source, size_t count)
{
    return wcsncpy_s(buffer, size, source, count);
}

template <size_t size>
static inline errno_t wcscat_s(wchar_t (&buffer)[size], const wchar_t *source)
{
    return wcscat_s(buffer, size, source);
}
#endif

#endif /* WINSHM_WIDE_CRT_H */
