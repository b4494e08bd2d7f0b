/*
 * winshm_wide_text.h - wide text of any length, to which the formatter appends.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WIDE_TEXT_H
#define WINSHM_WIDE_TEXT_H

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <winshm_utf8.h>

/** Text that grows. Begins as zeros; the owner frees `units`. */
struct winshm_wide_text {
    wchar_t *units; /* not terminated */
    size_t length;
    size_t capacity;
    int failed; /* errno says why */
};

/** Makes the text longer by `count` units, for the caller to fill; NULL on failure. */
static inline wchar_t *winshm_wide_extend(struct winshm_wide_text *text, size_t count)
{
    const size_t offset = text->length;

    if (text->failed)
        return NULL;
    if (count > (size_t)INT_MAX - offset) { /* the length is returned as int */
        errno = EOVERFLOW;
        text->failed = 1;
        return NULL;
    }
    if (!text->units || offset + count > text->capacity) {
        const size_t capacity = (offset + count) + (offset + count) / 2 + 64;
        wchar_t *const units = (wchar_t *)realloc(text->units, capacity * sizeof *units);

        if (!units) {
            text->failed = 1;
            return NULL;
        }
        text->units = units;
        text->capacity = capacity;
    }
    text->length += count;
    return text->units + offset;
}

static inline void winshm_wide_append(struct winshm_wide_text *text, const wchar_t *units, size_t count)
{
    wchar_t *const room = winshm_wide_extend(text, count);

    if (room)
        memcpy(room, units, count * sizeof *units);
}

/** Appends UTF-8. */
static inline void winshm_wide_append_narrow(struct winshm_wide_text *text, const char *bytes, size_t count)
{
    /* A character never has more units than bytes. */
    wchar_t *room = winshm_wide_extend(text, count);
    size_t used = 0;

    if (!room)
        return;
    while (used < count) {
        used += winshm_utf8_decode(bytes + used, count - used, room);
        room++;
    }
    text->length = (size_t)(room - text->units);
}

#endif /* WINSHM_WIDE_TEXT_H */
