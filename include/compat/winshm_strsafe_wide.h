/*
 * winshm_strsafe_wide.h - the functions of strsafe.h on strings of WCHAR.
 *
 * Those that format need a WCHAR of 32 bits.
 *
 * Part of strsafe.h; not included by programs.
 */
#ifndef WINSHM_STRSAFE_WIDE_H
#define WINSHM_STRSAFE_WIDE_H

#include <winshm_strsafe.h>

#define WINSHM_STRSAFE_UNIT WCHAR
#define WINSHM_STRSAFE_OF(name) winshm_strsafe_##name##W
#include <winshm_strsafe_units.h>

/** The length of a string that ends within `size` characters; else an error and 0. */
static inline HRESULT StringCchLengthW(LPCWSTR string, size_t size, size_t *length)
{
    return winshm_strsafe_lengthW(string, size, length);
}

static inline HRESULT StringCchCopyW(LPWSTR buffer, size_t size, LPCWSTR source)
{
    return winshm_strsafe_placeW(buffer, size, 0, source, STRSAFE_MAX_LENGTH);
}

static inline HRESULT StringCchCopyNW(LPWSTR buffer, size_t size, LPCWSTR source, size_t count)
{
    return winshm_strsafe_placeW(buffer, size, 0, source, count);
}

static inline HRESULT StringCchCatNW(LPWSTR buffer, size_t size, LPCWSTR source, size_t count)
{
    size_t length;

    if (winshm_strsafe_size(size) != S_OK || StringCchLengthW(buffer, size, &length) != S_OK)
        return STRSAFE_E_INVALID_PARAMETER;
    return winshm_strsafe_placeW(buffer, size, length, source, count);
}

static inline HRESULT StringCchCatW(LPWSTR buffer, size_t size, LPCWSTR source)
{
    return StringCchCatNW(buffer, size, source, STRSAFE_MAX_LENGTH);
}

/* The same with sizes in bytes. */

static inline HRESULT StringCbLengthW(LPCWSTR string, size_t bytes, size_t *length)
{
    const HRESULT result = StringCchLengthW(string, bytes / sizeof(WCHAR), length);

    if (length)
        *length *= sizeof(WCHAR);
    return result;
}

static inline HRESULT StringCbCopyW(LPWSTR buffer, size_t bytes, LPCWSTR source)
{
    return StringCchCopyW(buffer, bytes / sizeof(WCHAR), source);
}

static inline HRESULT StringCbCopyNW(LPWSTR buffer, size_t bytes, LPCWSTR source, size_t count)
{
    return StringCchCopyNW(buffer, bytes / sizeof(WCHAR), source, count / sizeof(WCHAR));
}

static inline HRESULT StringCbCatW(LPWSTR buffer, size_t bytes, LPCWSTR source)
{
    return StringCchCatW(buffer, bytes / sizeof(WCHAR), source);
}

static inline HRESULT StringCbCatNW(LPWSTR buffer, size_t bytes, LPCWSTR source, size_t count)
{
    return StringCchCatNW(buffer, bytes / sizeof(WCHAR), source, count / sizeof(WCHAR));
}

#if __SIZEOF_WCHAR_T__ == 4 && !defined(WINSHM_CHAR16)
#include <winshm_wide_sprintf.h>

static inline HRESULT StringCchVPrintfW(LPWSTR buffer, size_t size, LPCWSTR format, va_list arguments)
{
    int length;

    if (winshm_strsafe_size(size) != S_OK)
        return STRSAFE_E_INVALID_PARAMETER;
    length = winshm_vswprintf(buffer, size, format, arguments);
    return length >= 0 ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

static inline HRESULT StringCchPrintfW(LPWSTR buffer, size_t size, LPCWSTR format, ...)
{
    va_list arguments;
    HRESULT result;

    va_start(arguments, format);
    result = StringCchVPrintfW(buffer, size, format, arguments);
    va_end(arguments);
    return result;
}

static inline HRESULT StringCbVPrintfW(LPWSTR buffer, size_t bytes, LPCWSTR format, va_list arguments)
{
    return StringCchVPrintfW(buffer, bytes / sizeof(WCHAR), format, arguments);
}

static inline HRESULT StringCbPrintfW(LPWSTR buffer, size_t bytes, LPCWSTR format, ...)
{
    va_list arguments;
    HRESULT result;

    va_start(arguments, format);
    result = StringCbVPrintfW(buffer, bytes, format, arguments);
    va_end(arguments);
    return result;
}
#endif

#endif /* WINSHM_STRSAFE_WIDE_H */
