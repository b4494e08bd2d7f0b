/*
 * winshm_crt.h - the functions of Microsoft's C library on char strings that
 * glibc lacks: strcpy_s and its family, _snprintf, _stricmp.
 *
 * On Linux: a wrong argument to an ..._s function makes the destination an empty
 * string and the result an error; on Windows it ends the program.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_CRT_H
#define WINSHM_CRT_H

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int errno_t;
typedef size_t rsize_t;

/** As a count: as much as fits. */
#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
/** Result of a copy that _TRUNCATE made shorter. */
#ifndef STRUNCATE
#define STRUNCATE 80
#endif
/** As a count: the whole string, which must fit. */
#define WINSHM_WHOLE_STRING ((size_t)-2)

/** Lets the compiler compare arguments with the format. */
#define WINSHM_FORMAT(format, first) __attribute__((__format__(__printf__, format, first)))

/** Puts at most `count` characters of `source` at `offset` of `buffer`, and the end. */
static inline errno_t winshm_place(char *buffer, size_t size, size_t offset, const char *source, size_t count)
{
    const int truncate = count == _TRUNCATE;
    errno_t result = 0;

    if (!buffer || size == 0)
        return EINVAL;
    if (!source || offset >= size) {
        buffer[0] = '\0';
        return EINVAL;
    }
    for (; count > 0 && *source != '\0'; count--) {
        if (offset == size - 1) { /* full */
            if (!truncate) {
                buffer[0] = '\0';
                return ERANGE;
            }
            result = STRUNCATE;
            break;
        }
        buffer[offset++] = *source++;
    }
    buffer[offset] = '\0';
    return result;
}

static inline size_t strnlen_s(const char *string, size_t size)
{
    size_t length = 0;

    while (string && length < size && string[length] != '\0')
        length++;
    return length;
}

static inline errno_t strcpy_s(char *buffer, size_t size, const char *source)
{
    return winshm_place(buffer, size, 0, source, WINSHM_WHOLE_STRING);
}

static inline errno_t strncpy_s(char *buffer, size_t size, const char *source, size_t count)
{
    return winshm_place(buffer, size, 0, source, count);
}

static inline errno_t strcat_s(char *buffer, size_t size, const char *source)
{
    return winshm_place(buffer, size, strnlen_s(buffer, size), source, WINSHM_WHOLE_STRING);
}

static inline errno_t strncat_s(char *buffer, size_t size, const char *source, size_t count)
{
    return winshm_place(buffer, size, strnlen_s(buffer, size), source, count);
}

/** strtok with its state in the caller's hands. */
static inline char *strtok_s(char *string, const char *separators, char **rest)
{
    char *word = string ? string : *rest;
    char *end;

    if (!word)
        return NULL;
    word += strspn(word, separators);
    end = word + strcspn(word, separators);
    *rest = *end ? end + 1 : end;
    if (end == word)
        return NULL;
    *end = '\0';
    return word;
}

static inline char *_strdup(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = (char *)malloc(size);

    return copy ? (char *)memcpy(copy, string, size) : NULL;
}

static inline int _strnicmp(const char *first, const char *second, size_t count)
{
    for (; count > 0; first++, second++, count--) {
        int difference = tolower((unsigned char)*first) - tolower((unsigned char)*second);

        if (difference != 0 || *first == '\0')
            return difference;
    }
    return 0;
}

static inline int _stricmp(const char *first, const char *second)
{
    return _strnicmp(first, second, WINSHM_WHOLE_STRING);
}

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
static inline errno_t strcpy_s(char (&buffer)[size], const char *source)
{
    return strcpy_s(buffer, size, source);
}

template <size_t size>
static inline errno_t strncpy_s(char (&buffer)[size], const char *source, size_t count)
{
    return strncpy_s(buffer, size, source, count);
}

template <size_t size>
static inline errno_t strcat_s(char (&buffer)[size], const char *source)
{
    return strcat_s(buffer, size, source);
}

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
#endif

#endif /* WINSHM_CRT_H */
