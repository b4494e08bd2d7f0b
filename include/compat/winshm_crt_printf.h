/*
 * winshm_crt_printf.h - Microsoft's functions that format into buffers of char:
 * _snprintf, sprintf_s. They differ in what they do when the text does not fit.
 *
 * On Linux: a wrong argument to an ..._s function, or text that does not fit, makes
 * the buffer an empty string and the result -1; on Windows it ends the program.
 * Formats are those of printf: %ld is for a `long` of 64 bits.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CRT_PRINTF_H
#define WINSHM_CRT_PRINTF_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winshm_crt.h>

/** Lets the compiler compare arguments with the format. */
#define WINSHM_FORMAT(format, first) __attribute__((__format__(__printf__, format, first)))

/** The number of characters that the formatted text has. */
WINSHM_FORMAT(1, 0)
static inline int _vscprintf(const char *format, va_list arguments)
{
    return vsnprintf(NULL, 0, format, arguments);
}

/**
 * Writes at most `count` characters. Text that fills or exceeds the buffer is
 * not terminated; the result is negative when it exceeds it.
 */
WINSHM_FORMAT(3, 0)
static inline int _vsnprintf(char *buffer, size_t count, const char *format, va_list arguments)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(buffer, count, format, again);
    va_end(again);
    if (length < 0 || !buffer || (size_t)length < count)
        return length;

    /* vsnprintf gave the last place to the terminator. */
    text = (char *)malloc((size_t)length + 1);
    if (!text)
        return -1;
    vsnprintf(text, (size_t)length + 1, format, arguments);
    memcpy(buffer, text, count);
    free(text);
    return (size_t)length == count ? length : -1;
}

WINSHM_FORMAT(3, 0)
static inline int vsprintf_s(char *buffer, size_t size, const char *format, va_list arguments)
{
    int length;

    if (!buffer || size == 0)
        return -1;
    length = vsnprintf(buffer, size, format, arguments);
    if (length >= 0 && (size_t)length < size)
        return length;
    buffer[0] = '\0';
    return -1;
}

/** Writes at most `count` characters and always a terminator. */
WINSHM_FORMAT(4, 0)
static inline int _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format, va_list arguments)
{
    int length;

    if (count >= size && count != _TRUNCATE)
        return vsprintf_s(buffer, size, format, arguments);
    if (!buffer || size == 0)
        return -1;
    if (count < size)
        size = count + 1;
    length = vsnprintf(buffer, size, format, arguments);
    return length >= 0 && (size_t)length < size ? length : -1;
}

WINSHM_FORMAT(1, 2)
static inline int _scprintf(const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vscprintf(format, arguments);
    va_end(arguments);
    return length;
}

WINSHM_FORMAT(3, 4)
static inline int _snprintf(char *buffer, size_t count, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vsnprintf(buffer, count, format, arguments);
    va_end(arguments);
    return length;
}

WINSHM_FORMAT(3, 4)
static inline int sprintf_s(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsprintf_s(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

WINSHM_FORMAT(4, 5)
static inline int _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vsnprintf_s(buffer, size, count, format, arguments);
    va_end(arguments);
    return length;
}

#ifdef __cplusplus
/* C++ sources may leave out the size of an array. */

template <size_t size>
WINSHM_FORMAT(2, 3)
static inline int sprintf_s(char (&buffer)[size], const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = vsprintf_s(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

template <size_t size>
WINSHM_FORMAT(3, 4)
static inline int _snprintf_s(char (&buffer)[size], size_t count, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = _vsnprintf_s(buffer, size, count, format, arguments);
    va_end(arguments);
    return length;
}

template <size_t size>
WINSHM_FORMAT(2, 0)
static inline int vsprintf_s(char (&buffer)[size], const char *format, va_list arguments)
{
    return vsprintf_s(buffer, size, format, arguments);
}

template <size_t size>
WINSHM_FORMAT(3, 0)
static inline int _vsnprintf_s(char (&buffer)[size], size_t count, const char *format, va_list arguments)
{
    return _vsnprintf_s(buffer, size, count, format, arguments);
}
#endif

#endif /* WINSHM_CRT_PRINTF_H */
