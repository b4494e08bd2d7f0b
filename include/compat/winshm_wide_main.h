/*
 * winshm_wide_main.h - lets a program begin in wmain, with its arguments as
 * wide strings.
 *
 * The macro `wmain` puts a main in front of the program's own wmain. It decodes
 * the arguments from UTF-8 (winshm_utf8.h) and calls wmain in the form in which
 * the program wrote it: (int, wchar_t **), (int, const wchar_t **), () or (void).
 *
 * On Linux: wmain cannot be declared ahead of its definition. Arguments that are
 * not UTF-8 keep their bytes as units U+DC80 to U+DCFF.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WIDE_MAIN_H
#define WINSHM_WIDE_MAIN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winshm_utf8.h>

/**
 * Returns the arguments as wide strings. They live as long as the program: on
 * Windows, too, functions that run after main may look at them.
 */
static inline wchar_t **winshm_wide_arguments(int count, char **arguments)
{
    static wchar_t **wide; /* static, so that leak checkers see it in use */
    size_t units = 0;
    wchar_t *next;
    int i;

    /* A character never has more units than bytes. */
    for (i = 0; i < count; i++)
        units += strlen(arguments[i]) + 1;
    wide = (wchar_t **)malloc(((size_t)count + 1) * sizeof *wide + units * sizeof **wide);
    if (!wide) {
        fputs("wmain: no memory for the arguments\n", stderr);
        exit(EXIT_FAILURE);
    }
    next = (wchar_t *)(wide + count + 1);
    for (i = 0; i < count; i++) {
        const char *bytes = arguments[i];
        const char *const end = bytes + strlen(bytes);

        wide[i] = next;
        while (bytes < end)
            bytes += winshm_utf8_decode(bytes, (size_t)(end - bytes), next++);
        *next++ = L'\0';
    }
    wide[count] = NULL;
    return wide;
}

#undef wmain

#ifdef __cplusplus

/* The forms are overloads. The program defines one, the others stay null. */
int wmain(int, wchar_t **) __attribute__((__weak__));
int wmain(int, const wchar_t **) __attribute__((__weak__));
int wmain() __attribute__((__weak__));

static inline int winshm_call_wmain(int count, char **arguments)
{
    int (*const usual)(int, wchar_t **) = wmain;
    int (*const constant)(int, const wchar_t **) = wmain;
    int (*const empty)() = wmain;

    if (usual)
        return usual(count, winshm_wide_arguments(count, arguments));
    if (constant)
        return constant(count, const_cast<const wchar_t **>(winshm_wide_arguments(count, arguments)));
    if (empty)
        return empty();
    fputs("wmain: only (int, wchar_t **), (int, const wchar_t **) and () are supported\n", stderr);
    return EXIT_FAILURE;
}

#else

/*
 * C has one function of the name, whose parameters are not known yet. A second
 * name for its symbol declares it with all it can take; by the calling
 * convention it does not notice arguments that it has no parameters for.
 */
int winshm_wmain(int, wchar_t **) __asm__("wmain");

static inline int winshm_call_wmain(int count, char **arguments)
{
    return winshm_wmain(count, winshm_wide_arguments(count, arguments));
}

#endif

/* `int wmain(...)` becomes a variable, main, and `int(wmain)(...)`. */
#define wmain                                                    \
    winshm_program_begins_in_wmain;                              \
    int main(int winshm_count, char **winshm_arguments)          \
    {                                                            \
        return winshm_call_wmain(winshm_count, winshm_arguments); \
    }                                                            \
    int(wmain)

#endif /* WINSHM_WIDE_MAIN_H */
