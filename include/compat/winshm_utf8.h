/*
 * winshm_utf8.h - UTF-8, whatever the locale, from and to wchar_t.
 *
 * Linux file names and arguments are bytes that need not be UTF-8. A byte that
 * is no part of a character becomes the unit U+DC00 + byte (U+DC80 to U+DCFF),
 * which no valid text contains, and becomes that byte again on the way out.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_UTF8_H
#define WINSHM_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/** What one character can need. */
#define WINSHM_UTF8_MOST 4

/** How many bytes a character has that begins with `lead`; 1 if none does. */
static inline size_t winshm_utf8_length(unsigned char lead)
{
    if (lead < 0xc2 || lead > 0xf4)
        return 1;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/**
 * Decodes the first character of `bytes`, of which `count` (at least one) can
 * be read. Returns how many bytes it had.
 */
static inline size_t winshm_utf8_decode(const char *bytes, size_t count, wchar_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char lead = (unsigned char)bytes[0];
    const size_t length = winshm_utf8_length(lead);
    uint32_t value = lead & (0x7fu >> length);
    int valid = length > 1 && length <= count;
    size_t i;

    if (lead < 0x80) {
        *character = (wchar_t)lead;
        return 1;
    }
    for (i = 1; valid && i < length; i++) {
        const unsigned char byte = (unsigned char)bytes[i];

        valid = (byte & 0xc0) == 0x80;
        value = value << 6 | (byte & 0x3fu);
    }
    if (!valid || value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        *character = (wchar_t)(0xdc00 + lead);
        return 1;
    }
    *character = (wchar_t)value;
    return length;
}

/**
 * Encodes one character and returns the number of bytes. What is no character
 * becomes U+FFFD.
 */
static inline size_t winshm_utf8_encode(uint32_t value, char bytes[WINSHM_UTF8_MOST])
{
    size_t length, i;

    if (value >= 0xdc80 && value <= 0xdcff) {
        bytes[0] = (char)(value & 0xff);
        return 1;
    }
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        value = 0xfffd;
    if (value < 0x80) {
        bytes[0] = (char)value;
        return 1;
    }
    length = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    for (i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (value & 0x3f));
        value >>= 6;
    }
    bytes[0] = (char)((0xf00u >> length & 0xf0u) | value);
    return length;
}

#endif /* WINSHM_UTF8_H */
