/*
 * winshm_strsafe_narrow.h - the functions of strsafe.h on strings of char.
 *
 * Part of strsafe.h; not included by programs.
 */
#ifndef WINSHM_STRSAFE_NARROW_H
#define WINSHM_STRSAFE_NARROW_H

#include <winshm_crt_printf.h>
#include <winshm_strsafe.h>

#define WINSHM_STRSAFE_UNIT char
#define WINSHM_STRSAFE_OF(name) winshm_strsafe_##name##A
#include <winshm_strsafe_units.h>

/** The length of a string that ends within `size` characters; else an error and 0. */
static inline HRESULT StringCchLengthA(LPCSTR string, size_t size, size_t *length)
{
    return winshm_strsafe_lengthA(string, size, length);
}

static inline HRESULT StringCchCopyA(LPSTR buffer, size_t size, LPCSTR source)
{
    return winshm_strsafe_placeA(buffer, size, 0, source, STRSAFE_MAX_LENGTH);
}

static inline HRESULT StringCchCopyNA(LPSTR buffer, size_t size, LPCSTR source, size_t count)
{
    return winshm_strsafe_placeA(buffer, size, 0, source, count);
}

static inline HRESULT StringCchCatNA(LPSTR buffer, size_t size, LPCSTR source, size_t count)
{
    size_t length;

    if (winshm_strsafe_size(size) != S_OK || StringCchLengthA(buffer, size, &length) != S_OK)
        return STRSAFE_E_INVALID_PARAMETER;
    return winshm_strsafe_placeA(buffer, size, length, source, count);
}

static inline HRESULT StringCchCatA(LPSTR buffer, size_t size, LPCSTR source)
{
    return StringCchCatNA(buffer, size, source, STRSAFE_MAX_LENGTH);
}

/* The same with sizes in bytes. */

static inline HRESULT StringCbLengthA(LPCSTR string, size_t bytes, size_t *length)
{
    return StringCchLengthA(string, bytes, length);
}

static inline HRESULT StringCbCopyA(LPSTR buffer, size_t bytes, LPCSTR source)
{
    return StringCchCopyA(buffer, bytes, source);
}

static inline HRESULT StringCbCopyNA(LPSTR buffer, size_t bytes, LPCSTR source, size_t count)
{
    return StringCchCopyNA(buffer, bytes, source, count);
}

static inline HRESULT StringCbCatA(LPSTR buffer, size_t bytes, LPCSTR source)
{
    return StringCchCatA(buffer, bytes, source);
}

static inline HRESULT StringCbCatNA(LPSTR buffer, size_t bytes, LPCSTR source, size_t count)
{
    return StringCchCatNA(buffer, bytes, source, count);
}

WINSHM_FORMAT(3, 0)
static inline HRESULT StringCchVPrintfA(LPSTR buffer, size_t size, LPCSTR format, va_list arguments)
{
    int length;

    if (winshm_strsafe_size(size) != S_OK)
        return STRSAFE_E_INVALID_PARAMETER;
    length = vsnprintf(buffer, size, format, arguments);
    return length >= 0 && (size_t)length < size ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

WINSHM_FORMAT(3, 4)
static inline HRESULT StringCchPrintfA(LPSTR buffer, size_t size, LPCSTR format, ...)
{
    va_list arguments;
    HRESULT result;

    va_start(arguments, format);
    result = StringCchVPrintfA(buffer, size, format, arguments);
    va_end(arguments);
    return result;
}

WINSHM_FORMAT(3, 0)
static inline HRESULT StringCbVPrintfA(LPSTR buffer, size_t bytes, LPCSTR format, va_list arguments)
{
    return StringCchVPrintfA(buffer, bytes, format, arguments);
}

WINSHM_FORMAT(3, 4)
static inline HRESULT StringCbPrintfA(LPSTR buffer, size_t bytes, LPCSTR format, ...)
{
    va_list arguments;
    HRESULT result;

    va_start(arguments, format);
    result = StringCbVPrintfA(buffer, bytes, format, arguments);
    va_end(arguments);
    return result;
}

#endif /* WINSHM_STRSAFE_NARROW_H */
