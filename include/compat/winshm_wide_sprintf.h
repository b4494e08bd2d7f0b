/*
 * winshm_wide_sprintf.h - formatting into wide buffers with Windows' meaning of
 * formats. The functions differ in what they do when the text does not fit.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WIDE_SPRINTF_H
#define WINSHM_WIDE_SPRINTF_H

#include <winshm_crt_printf.h>
#include <winshm_wide_format.h>

/** The number of characters that the formatted text has. */
static inline int _vscwprintf(const wchar_t *format, va_list arguments)
{
    struct winshm_wide_text text = {NULL, 0, 0, 0};

    winshm_wide_format(&text, format, arguments);
    free(text.units);
    return text.failed ? -1 : (int)text.length;
}

/**
 * Writes at most `count` characters. Text that fills or exceeds the buffer is
 * not terminated; the result is negative when it exceeds it.
 */
static inline int _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list arguments)
{
    struct winshm_wide_text text = {NULL, 0, 0, 0};
    int result = -1;

    if (!buffer)
        return _vscwprintf(format, arguments);
    winshm_wide_format(&text, format, arguments);
    if (!text.failed) {
        const size_t length = text.length;

        if (length > 0 && count > 0)
            wmemcpy(buffer, text.units, length < count ? length : count);
        if (length < count)
            buffer[length] = L'\0';
        if (length <= count)
            result = (int)length;
    }
    free(text.units);
    return result;
}

/** Writes what fits and always a terminator; negative when something did not fit. */
static inline int winshm_vswprintf(wchar_t *buffer, size_t size, const wchar_t *format, va_list arguments)
{
    struct winshm_wide_text text = {NULL, 0, 0, 0};
    size_t length = 0;
    int complete;

    if (!buffer || size == 0)
        return -1;
    winshm_wide_format(&text, format, arguments);
    complete = !text.failed && text.length < size;
    if (!text.failed)
        length = complete ? text.length : size - 1;
    if (length > 0)
        wmemcpy(buffer, text.units, length);
    buffer[length] = L'\0';
    free(text.units);
    return complete ? (int)length : -1;
}

/** The form without a size, which trusts the buffer to be large enough. */
static inline int _vswprintf(wchar_t *buffer, const wchar_t *format, va_list arguments)
{
    return winshm_vswprintf(buffer, (size_t)INT_MAX + 1, format, arguments);
}

static inline int vswprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, va_list arguments)
{
    const int length = winshm_vswprintf(buffer, size, format, arguments);

    if (length < 0 && buffer && size > 0)
        buffer[0] = L'\0';
    return length;
}

/** Writes at most `count` characters and always a terminator. */
static inline int _vsnwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format, va_list arguments)
{
    if (count >= size && count != _TRUNCATE)
        return vswprintf_s(buffer, size, format, arguments);
    return winshm_vswprintf(buffer, count < size ? count + 1 : size, format, arguments);
}

static inline int _scwprintf(const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vscwprintf(format, arguments);
    va_end(arguments);
    return length;
}

static inline int _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vsnwprintf(buffer, count, format, arguments);
    va_end(arguments);
    return length;
}

static inline int winshm_swprintf(wchar_t *buffer, size_t size, const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = winshm_vswprintf(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

static inline int _swprintf(wchar_t *buffer, const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vswprintf(buffer, format, arguments);
    va_end(arguments);
    return length;
}

static inline int swprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vswprintf_s(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

static inline int _snwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vsnwprintf_s(buffer, size, count, format, arguments);
    va_end(arguments);
    return length;
}

#ifdef __cplusplus
/** In C++, swprintf also exists in the form without a size. */
static inline int winshm_swprintf(wchar_t *buffer, const wchar_t *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = _vswprintf(buffer, format, arguments);
    va_end(arguments);
    return length;
}

/* C++ sources may leave out the size of an array. */

template <size_t size>
static inline int swprintf_s(wchar_t (&buffer)[size], const wchar_t *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = vswprintf_s(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

template <size_t size>
static inline int _snwprintf_s(wchar_t (&buffer)[size], size_t count, const wchar_t *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = _vsnwprintf_s(buffer, size, count, format, arguments);
    va_end(arguments);
    return length;
}
#endif

#endif /* WINSHM_WIDE_SPRINTF_H */
