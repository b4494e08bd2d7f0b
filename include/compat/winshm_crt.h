/*
 * winshm_crt.h - the functions of Microsoft's C library on char strings that
 * glibc lacks: strcpy_s and its family, _stricmp, memcpy_s.
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
#include <limits.h>
#include <stddef.h>
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
    size_t size = string ? strlen(string) + 1 : 0;
    char *copy = string ? (char *)malloc(size) : NULL;

    return copy ? (char *)memcpy(copy, string, size) : NULL;
}

/** INT_MAX, with errno EINVAL, if one of the strings is not there. */
static inline int _strnicmp(const char *first, const char *second, size_t count)
{
    if (count > 0 && (!first || !second)) {
        errno = EINVAL;
        return INT_MAX;
    }
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

/* Numbers of 64 bits, which a long of Windows has not. */

static inline long long _strtoi64(const char *string, char **end, int base)
{
    return strtoll(string, end, base);
}

static inline unsigned long long _strtoui64(const char *string, char **end, int base)
{
    return strtoull(string, end, base);
}

static inline long long _atoi64(const char *string)
{
    return strtoll(string, NULL, 10);
}

/* The names without an underline. */

#ifndef stricmp
static inline int stricmp(const char *first, const char *second)
{
    return _stricmp(first, second);
}
#endif

#ifndef strnicmp
static inline int strnicmp(const char *first, const char *second, size_t count)
{
    return _strnicmp(first, second, count);
}
#endif

/** memmove with the destination's size; nothing fits: the destination becomes zeros. */
static inline errno_t memmove_s(void *destination, size_t size, const void *source, size_t count)
{
    if (count == 0)
        return 0;
    if (!destination)
        return EINVAL;
    if (!source || count > size) {
        memset(destination, 0, size);
        return source ? ERANGE : EINVAL;
    }
    memmove(destination, source, count);
    return 0;
}

static inline errno_t memcpy_s(void *destination, size_t size, const void *source, size_t count)
{
    return memmove_s(destination, size, source, count);
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
static inline errno_t strncat_s(char (&buffer)[size], const char *source, size_t count)
{
    return strncat_s(buffer, size, source, count);
}
#endif

#endif /* WINSHM_CRT_H */
