/*
 * text.h - hostile strings: made of what the functions know, cut and changed, with units
 * that are no characters, up to 64 KiB long, ending with the page.
 */
#ifndef HOSTILE_TEXT_H
#define HOSTILE_TEXT_H

#include "caller.h"

enum { LONGEST_TEXT = 65536 }; /* units, of up to 4 bytes, which a slot has room for */

static const char *const object_names[] = {"a", "b", "c", "Local\\a", "Local\\d", "e f", "Global\\", "Local\\", "Session\\1\\x",
                                           "\\x", "x\\", "Local", "", "local\\a", "a\\b", "SysV\\0", "SysV\\77", "Posix\\p"};
static const char *const segment_names[] = {"s", "a", "t", "Local\\s", "/p", "/", "/q", "SysV\\78", "Posix\\.", "", "Local\\"};
static const char *const file_names[] = {"file", "folder", "other", "./file", "folder", "folder/", ".\\other", "missing\\x", "", "NUL",
                                         "nul:", "C:\\x", "\\\\server\\x", "\\\\.\\pipe\\x", "folder/file", ".", "file."};
static const char *const descriptors[] = {"D:(A;;GA;;;WD)", "D:P(A;;FA;;;SY)(A;;FA;;;OW)", "O:BAG:SYD:", "D:NO_ACCESS_CONTROL",
                                          "S:(ML;;NW;;;LW)", "D:(A;OICI;0x1F0FFF;;;S-1-5-32-544)", "D:(D;;GR;;;AN)", "",
                                          "O:S-1-22-1-0", "D:(A;;GA;;;WD", "D:AI(A;;;;;)", "X:"};
static const char *const texts[] = {"kernel32.dll", "KERNEL32", "ntdll", "libc.so.6", "CreateEventW", "GetLastError", "abc",
                                    "", "x.dll", "NtQuerySection", "Gr\xc3\xbc\xc3\x9f", "advapi32.dll", "libwinshm.so"};
static const char *const templates[] = {"%1 %2!d! %3!s!", "%1!*.*s! %%", "%n%r%t%b%.%!", "%0", "%99!lu!", "%1!08X!%2!-20s!|",
                                        "%1!65535d!", "%1!I64x! %2!hs! %3!S! %4!c!", "%", "%1!", "%100", "plain\r\nlines\n",
                                        "%1!p!%2!#o!%3!+d!"};

static void store_unit(char *to, int unit, long index, uint32_t value)
{
    memcpy(to + (size_t)index * (size_t)unit, &value, (size_t)unit);
}
/* Units that no encoding has, or that mean something in one. */
static uint32_t odd_unit(CALLER *caller)
{
    static const uint32_t known[] = {0x80,   0xBF,   0xC0,   0xE2,   0xED,     0xF0,       0xFF,       0xD800,     0xDBFF, 0xDC00,
                                     0xDFFF, 0xFFFE, 0xFFFF, 0xFEFF, 0x110000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, '%',    '!',
                                     '\\',   ':',    '(',    ';',    '"',      ' ',        '\n',       '*',        '.',    '9'};

    return known[draw_below(&caller->random, sizeof known / sizeof *known)];
}

#define PICK(list) pick(caller, list, sizeof(list) / sizeof *(list))
static const char *pick(CALLER *caller, const char *const *list, size_t count)
{
    return caller->is_tame ? list[0] : list[draw_below(&caller->random, (unsigned)count)];
}

/* What separates folders stays within the folder of the test. */
static void tame_path(char *text, int unit, long length)
{
    long i;
    uint32_t last = '/';

    for (i = 0; i < length; ++i) {
        uint32_t value = 0;

        memcpy(&value, text + (size_t)i * (size_t)unit, (size_t)unit);
        if ((last == '/' || last == '\\') && (value == '/' || value == '\\' || value == '.') && !(i > 0 && value == '/'))
            store_unit(text, unit, i, 'f');
        last = value;
    }
}

/* A string with a zero at its end, and at the end of a page. */
static uint64_t draw_text(CALLER *caller, int index, const char *base, int unit, int is_path)
{
    long length = (long)strlen(base), changes = chance(caller, 3) ? 1 + (long)draw_below(&caller->random, 4) : 0, i;
    long repeats = chance(caller, 24) ? 1 + (long)draw_below(&caller->random, 12) * (long)draw_below(&caller->random, 200) : 1;
    int is_changed = changes > 0;
    char *text;

    if (chance(caller, 1000))
        repeats = LONGEST_TEXT;
    if (length * repeats > LONGEST_TEXT)
        repeats = LONGEST_TEXT / length;
    if (chance(caller, 40)) /* around the limits of names and paths */
        repeats = length == 1 ? 250 + (long)draw_below(&caller->random, 20) : repeats;
    length *= repeats;
    text = caller->slots[index] + SLOT - (size_t)(length + 1) * (size_t)unit - (chance(caller, 4) ? 1 + draw_below(&caller->random, 3) : 0);
    for (i = 0; i < length; ++i)
        store_unit(text, unit, i, (unsigned char)base[i % (long)strlen(base)]);
    store_unit(text, unit, length, 0);
    for (; changes > 0 && length > 0; --changes)
        store_unit(text, unit, (long)draw_below(&caller->random, (unsigned)length),
                   chance(caller, 3) ? (uint32_t)draw(&caller->random) : odd_unit(caller));
    if (is_path && is_changed)
        tame_path(text, unit, length);
    caller->length = length;
    caller->capacity[index] = 0; /* nobody else writes here */
    return (uintptr_t)text;
}

#endif
