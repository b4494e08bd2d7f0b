/*
 * winshm_wide_stdio.h - the wide functions of stdio with Windows' meaning of
 * formats (winshm_wide_format.h), on streams that carry UTF-8.
 *
 * glibc's own wide functions turn a stream into a wide one, on which printf
 * prints nothing any more, and need a locale. These read and write bytes, so
 * that wprintf and printf mix.
 *
 * On Linux: the standard names are macros for these functions; define
 * WINSHM_NATIVE_WPRINTF before the first header to keep glibc's functions under
 * the standard names.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WIDE_STDIO_H
#define WINSHM_WIDE_STDIO_H

#include <stdio.h>
#include <wchar.h>
#ifdef __cplusplus
/* Before the macros below: these headers name the standard functions. */
#include <cwchar>
#include <string>
#endif

#include <winshm_crt.h>
#include <winshm_wide_format.h>

/** Writes all units in one call, so that threads do not tear a line. Returns 0 or -1. */
static inline int winshm_wide_write(FILE *stream, const wchar_t *units, size_t count)
{
    char *const bytes = (char *)malloc(count * WINSHM_UTF8_MOST + 1);
    size_t size = 0, i;
    int result;

    if (!bytes)
        return -1;
    for (i = 0; i < count; i++)
        size += winshm_utf8_encode((uint32_t)units[i], bytes + size);
    result = fwrite(bytes, 1, size, stream) == size ? 0 : -1;
    free(bytes);
    return result;
}

static inline int winshm_vfwprintf(FILE *stream, const wchar_t *format, va_list arguments)
{
    struct winshm_wide_text text = {NULL, 0, 0, 0};
    int result = -1;

    winshm_wide_format(&text, format, arguments);
    if (!text.failed && winshm_wide_write(stream, text.units, text.length) == 0)
        result = (int)text.length;
    free(text.units);
    return result;
}

static inline int winshm_vwprintf(const wchar_t *format, va_list arguments)
{
    return winshm_vfwprintf(stdout, format, arguments);
}

static inline int winshm_wprintf(const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = winshm_vfwprintf(stdout, format, arguments);
    va_end(arguments);
    return length;
}

static inline int winshm_fwprintf(FILE *stream, const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = winshm_vfwprintf(stream, format, arguments);
    va_end(arguments);
    return length;
}

static inline int winshm_fputws(const wchar_t *string, FILE *stream)
{
    return winshm_wide_write(stream, string, wcslen(string));
}

static inline wint_t winshm_fputwc(wchar_t character, FILE *stream)
{
    return winshm_wide_write(stream, &character, 1) == 0 ? (wint_t)character : WEOF;
}

static inline wint_t winshm_putwchar(wchar_t character)
{
    return winshm_fputwc(character, stdout);
}

/** Writes a line. */
static inline int _putws(const wchar_t *string)
{
    return winshm_fputws(string, stdout) == 0 && fputc('\n', stdout) != EOF ? 0 : -1;
}

/** Reads one character; WEOF at the end. */
static inline wint_t winshm_fgetwc(FILE *stream)
{
    char bytes[WINSHM_UTF8_MOST];
    wchar_t character;
    size_t count = 0, wanted, used;
    int byte = fgetc(stream);

    if (byte == EOF)
        return WEOF;
    wanted = winshm_utf8_length((unsigned char)byte);
    bytes[count++] = (char)byte;
    while (count < wanted && (byte = fgetc(stream)) != EOF) {
        bytes[count++] = (char)byte;
        if ((byte & 0xc0) != 0x80)
            break;
    }
    used = winshm_utf8_decode(bytes, count, &character);
    while (count > used) /* not UTF-8: the bytes behind the first are looked at again */
        ungetc((unsigned char)bytes[--count], stream);
    return (wint_t)character;
}

static inline wint_t winshm_getwchar(void)
{
    return winshm_fgetwc(stdin);
}

/** Reads at most `size` - 1 characters, up to the end of the line. */
static inline wchar_t *winshm_fgetws(wchar_t *buffer, int size, FILE *stream)
{
    int length = 0;
    wint_t character = 0;

    if (size <= 0)
        return NULL;
    while (length < size - 1 && character != L'\n' && (character = winshm_fgetwc(stream)) != WEOF)
        buffer[length++] = (wchar_t)character;
    buffer[length] = L'\0';
    return length == 0 && character == WEOF ? NULL : buffer;
}

/** Opens a file whose name is wide. */
static inline FILE *_wfopen(const wchar_t *name, const wchar_t *mode)
{
    char short_mode[16];
    char *const path = (char *)malloc(wcslen(name) * WINSHM_UTF8_MOST + 1);
    size_t size = 0, length = 0;
    FILE *stream;

    if (!path)
        return NULL;
    for (; *name != L'\0'; name++)
        size += winshm_utf8_encode((uint32_t)*name, path + size);
    path[size] = '\0';
    for (; mode[length] != L'\0' && length < sizeof short_mode - 1; length++)
        short_mode[length] = (char)mode[length];
    short_mode[length] = '\0';
    stream = fopen(path, short_mode);
    free(path);
    return stream;
}

/** _wfopen that returns the error; `*stream` is then NULL. */
static inline errno_t _wfopen_s(FILE **stream, const wchar_t *name, const wchar_t *mode)
{
    if (!stream)
        return EINVAL;
    *stream = NULL;
    if (!name || !mode)
        return EINVAL;
    *stream = _wfopen(name, mode);
    return *stream ? 0 : errno;
}

#include <winshm_wide_sprintf.h>

#ifdef __cplusplus
namespace std {
using ::winshm_fgetwc;
using ::winshm_fgetws;
using ::winshm_fputwc;
using ::winshm_fputws;
using ::winshm_fwprintf;
using ::winshm_getwchar;
using ::winshm_putwchar;
using ::winshm_swprintf;
using ::winshm_vfwprintf;
using ::winshm_vswprintf;
using ::winshm_vwprintf;
using ::winshm_wprintf;
} // namespace std
#endif

#ifndef WINSHM_NATIVE_WPRINTF
#undef fgetwc
#undef fgetws
#undef fputwc
#undef fputws
#undef fwprintf
#undef getwc
#undef getwchar
#undef putwc
#undef putwchar
#undef swprintf
#undef vfwprintf
#undef vswprintf
#undef vwprintf
#undef wprintf
#define fgetwc winshm_fgetwc
#define fgetws winshm_fgetws
#define fputwc winshm_fputwc
#define fputws winshm_fputws
#define fwprintf winshm_fwprintf
#define getwc winshm_fgetwc
#define getwchar winshm_getwchar
#define putwc winshm_fputwc
#define putwchar winshm_putwchar
#define swprintf winshm_swprintf
#define vfwprintf winshm_vfwprintf
#define vswprintf winshm_vswprintf
#define vwprintf winshm_vwprintf
#define wprintf winshm_wprintf
#endif

#endif /* WINSHM_WIDE_STDIO_H */
