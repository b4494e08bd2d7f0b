/*
 * winshm_wsprintf.h - wsprintf, which formats into a buffer of 1024 characters.
 *
 * On Linux: it understands what printf does, also floating point; %ld is for a
 * `long` of 64 bits. wsprintfW needs a WCHAR of 32 bits.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WSPRINTF_H
#define WINSHM_WSPRINTF_H

#include <winshm_crt_printf.h>
#include <winshm_types.h>

/** So many characters at most, the end included. */
#define WINSHM_WSPRINTF_SIZE 1024

WINSHM_FORMAT(2, 0)
static inline int wvsprintfA(LPSTR buffer, LPCSTR format, va_list arguments)
{
    const int length = vsnprintf(buffer, WINSHM_WSPRINTF_SIZE, format, arguments);

    return length < WINSHM_WSPRINTF_SIZE ? length : WINSHM_WSPRINTF_SIZE - 1;
}

WINSHM_FORMAT(2, 3)
static inline int wsprintfA(LPSTR buffer, LPCSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = wvsprintfA(buffer, format, arguments);
    va_end(arguments);
    return length;
}

#if __SIZEOF_WCHAR_T__ == 4 && !defined(WINSHM_CHAR16)
#include <winshm_wide_crt.h>
#include <winshm_wide_sprintf.h>

static inline int wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list arguments)
{
    const int length = winshm_vswprintf(buffer, WINSHM_WSPRINTF_SIZE, format, arguments);

    return length >= 0 ? length : (int)wcsnlen_s(buffer, WINSHM_WSPRINTF_SIZE);
}

static inline int wsprintfW(LPWSTR buffer, LPCWSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = wvsprintfW(buffer, format, arguments);
    va_end(arguments);
    return length;
}
#endif

#ifdef UNICODE
#define wsprintf wsprintfW
#define wvsprintf wvsprintfW
#else
#define wsprintf wsprintfA
#define wvsprintf wvsprintfA
#endif

#endif /* WINSHM_WSPRINTF_H */
