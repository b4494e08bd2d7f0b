/*
 * winshm_wide_format.h - formats wide text as Windows does.
 *
 * There, %s and %c in a wide format mean wide strings and characters, and %S,
 * %hs and %hc narrow ones; in glibc it is the other way round. This is a
 * formatter of its own, not a translation for vswprintf, because that one
 * refuses narrow text that the current locale does not know, and does not tell
 * a short buffer from such an error.
 *
 * Understood: the flags, width, precision and conversions of C except %n, the
 * lengths of C, and I64, I32, I and w.
 *
 * On Linux: as in printf, %ld is for a `long` of 64 bits. Narrow strings are UTF-8.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WIDE_FORMAT_H
#define WINSHM_WIDE_FORMAT_H

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <winshm_wide_text.h>

/** One conversion of a format, from the percent sign on. */
struct winshm_conversion {
    char flags[8]; /* each flag once, terminated */
    int left;      /* among them: to the left */
    int width;     /* 0 if none */
    int precision; /* -1 if none */
    int bytes;     /* of an integer */
    int extended;  /* long double */
    char string;   /* 'n' narrow, 'w' wide, 0 as the letter says */
};

/** Reads a number or, for `*`, takes it from the arguments. Absurd ones become INT_MAX. */
static inline int winshm_read_number(const wchar_t **format, va_list *arguments)
{
    int number = 0;

    if (**format == L'*') {
        ++*format;
        return va_arg(*arguments, int);
    }
    for (; **format >= L'0' && **format <= L'9'; ++*format) {
        const int digit = (int)(**format - L'0');

        number = number > (INT_MAX - digit) / 10 ? INT_MAX : number * 10 + digit;
    }
    return number;
}

static inline void winshm_read_flags(const wchar_t **format, struct winshm_conversion *conversion)
{
    size_t count = strlen(conversion->flags);

    for (; **format != L'\0' && wcschr(L"-+ #0", **format); ++*format) {
        const char flag = (char)**format;

        if (!strchr(conversion->flags, flag))
            conversion->flags[count++] = flag;
        if (flag == '-')
            conversion->left = 1;
    }
}

static inline void winshm_read_length(const wchar_t **format, struct winshm_conversion *conversion)
{
    for (;; ++*format) {
        switch (**format) {
        case L'h':
            conversion->bytes = conversion->bytes == 2 ? 1 : 2;
            conversion->string = 'n';
            break;
        case L'l':
            conversion->bytes = 8;
            conversion->string = 'w';
            break;
        case L'w':
            conversion->string = 'w';
            break;
        case L'L':
            conversion->extended = 1;
            conversion->bytes = 8;
            break;
        case L'I': /* Windows: I64, I32, or I for the size of a pointer */
            conversion->bytes = 8;
            if ((*format)[1] == L'6' && (*format)[2] == L'4') {
                *format += 2;
            } else if ((*format)[1] == L'3' && (*format)[2] == L'2') {
                conversion->bytes = 4;
                *format += 2;
            }
            break;
        case L'j':
        case L't':
        case L'z':
            conversion->bytes = 8;
            break;
        default:
            return;
        }
    }
}

/** Appends what printf makes of one number. */
static inline void winshm_append_printed(struct winshm_wide_text *text, const char *format, ...)
{
    char few[128];
    char *printed = few;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(few, sizeof few, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof few) {
        printed = (char *)malloc((size_t)length + 1);
        if (printed) {
            va_start(arguments, format);
            vsnprintf(printed, (size_t)length + 1, format, arguments);
            va_end(arguments);
        }
    }
    if (length < 0 || !printed)
        text->failed = 1;
    else
        winshm_wide_append_narrow(text, printed, (size_t)length);
    if (printed != few)
        free(printed);
}

/** Appends a number. Returns 0, and takes no argument, if `letter` converts none. */
static inline int winshm_append_number(struct winshm_wide_text *text, const struct winshm_conversion *conversion,
                                       wchar_t letter, va_list *arguments)
{
    const int width = conversion->left ? -conversion->width : conversion->width;
    const int precision = conversion->precision;
    char format[32];

    if (letter == L'\0' || !wcschr(L"diouxXpaAeEfFgG", letter))
        return 0;
    if (letter == L'p') {
        snprintf(format, sizeof format, "%%%s*p", conversion->flags);
        winshm_append_printed(text, format, width, va_arg(*arguments, void *));
    } else if (wcschr(L"diouxX", letter)) {
        unsigned long long value = conversion->bytes == 8 ? va_arg(*arguments, unsigned long long)
                                                          : va_arg(*arguments, unsigned int);

        if (letter == L'd' || letter == L'i') {
            const long long number = conversion->bytes == 8   ? (long long)value
                                     : conversion->bytes == 4 ? (int)value
                                     : conversion->bytes == 2 ? (short)value
                                                              : (signed char)value;

            snprintf(format, sizeof format, "%%%s*.*lld", conversion->flags);
            winshm_append_printed(text, format, width, precision, number);
            return 1;
        }
        if (conversion->bytes < 4)
            value &= conversion->bytes == 2 ? 0xffffu : 0xffu;
        snprintf(format, sizeof format, "%%%s*.*ll%c", conversion->flags, (char)letter);
        winshm_append_printed(text, format, width, precision, value);
    } else if (conversion->extended) {
        snprintf(format, sizeof format, "%%%s*.*L%c", conversion->flags, (char)letter);
        winshm_append_printed(text, format, width, precision, va_arg(*arguments, long double));
    } else {
        snprintf(format, sizeof format, "%%%s*.*%c", conversion->flags, (char)letter);
        winshm_append_printed(text, format, width, precision, va_arg(*arguments, double));
    }
    return 1;
}

/** Fills what was appended since `start` with blanks up to the width. */
static inline void winshm_pad(struct winshm_wide_text *text, size_t start, const struct winshm_conversion *conversion)
{
    const size_t length = text->length - start;
    const size_t width = (size_t)conversion->width;
    wchar_t *begin;

    if (text->failed || length >= width || !winshm_wide_extend(text, width - length))
        return;
    begin = text->units + start;
    if (conversion->left) {
        wmemset(begin + length, L' ', width - length);
    } else {
        wmemmove(begin + width - length, begin, length);
        wmemset(begin, L' ', width - length);
    }
}

/** Appends a string or a character. Returns 0, and takes no argument, if `letter` converts none. */
static inline int winshm_append_string(struct winshm_wide_text *text, const struct winshm_conversion *conversion,
                                       wchar_t letter, va_list *arguments)
{
    const size_t start = text->length;
    const size_t most = conversion->precision < 0 ? (size_t)-1 : (size_t)conversion->precision;
    const int wide = conversion->string ? conversion->string == 'w' : letter == L's' || letter == L'c';
    size_t length = 0;

    if (letter == L'c' || letter == L'C') {
        const int character = va_arg(*arguments, int);

        if (wide) {
            const wchar_t unit = (wchar_t)character;

            winshm_wide_append(text, &unit, 1);
        } else {
            const char byte = (char)character;

            winshm_wide_append_narrow(text, &byte, 1);
        }
    } else if (letter != L's' && letter != L'S') {
        return 0;
    } else if (wide) {
        const wchar_t *string = va_arg(*arguments, const wchar_t *);

        if (!string)
            string = L"(null)";
        while (length < most && string[length] != L'\0')
            length++;
        winshm_wide_append(text, string, length);
    } else {
        const char *string = va_arg(*arguments, const char *);

        if (!string)
            string = "(null)";
        while (length < most && string[length] != '\0')
            length++;
        winshm_wide_append_narrow(text, string, length);
    }
    winshm_pad(text, start, conversion);
    return 1;
}

/** Carries out the conversion behind the percent sign at `format`; returns its end. */
static inline const wchar_t *winshm_convert(struct winshm_wide_text *text, const wchar_t *format, va_list *arguments)
{
    struct winshm_conversion conversion = {"", 0, 0, -1, 4, 0, 0};
    const wchar_t *const percent = format++;

    winshm_read_flags(&format, &conversion);
    conversion.width = winshm_read_number(&format, arguments);
    if (conversion.width < 0) { /* from `*`: to the left */
        conversion.left = 1;
        conversion.width = conversion.width == INT_MIN ? INT_MAX : -conversion.width;
    }
    if (*format == L'.') {
        format++;
        conversion.precision = winshm_read_number(&format, arguments);
        if (conversion.precision < 0)
            conversion.precision = -1;
    }
    winshm_read_length(&format, &conversion);

    if (conversion.width == INT_MAX) { /* text that would be longer than a result can say */
        errno = EOVERFLOW;
        text->failed = 1;
        return format;
    }
    if (winshm_append_number(text, &conversion, *format, arguments)
        || winshm_append_string(text, &conversion, *format, arguments))
        return format + 1;
    if (*format == L'n') { /* refused, as by Windows: it lets a format write to memory */
        errno = EINVAL;
        text->failed = 1;
    } else if (*format == L'%') {
        winshm_wide_append(text, format, 1);
    } else { /* no conversion: shown as it is written */
        winshm_wide_append(text, percent, (size_t)(format - percent));
        return format;
    }
    return format + 1;
}

/** Appends formatted text. */
static inline void winshm_wide_format(struct winshm_wide_text *text, const wchar_t *format, va_list given)
{
    va_list arguments;

    va_copy(arguments, given);
    while (*format != L'\0' && !text->failed) {
        const size_t literal = wcscspn(format, L"%");

        winshm_wide_append(text, format, literal);
        format += literal;
        if (*format == L'%')
            format = winshm_convert(text, format, &arguments);
    }
    va_end(arguments);
}

#endif /* WINSHM_WIDE_FORMAT_H */
