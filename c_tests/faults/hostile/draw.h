/*
 * draw.h - the arguments of a call, word by word as table.h says.
 */
#ifndef HOSTILE_DRAW_H
#define HOSTILE_DRAW_H

#include "structures.h"

static uint64_t draw_number(CALLER *caller)
{
    static const uint64_t known[] = {0,          1,          2,          3,          4,      7,      8,          0x1F,       0x20,
                                     0x40,       63,         64,         65,         255,    256,    0x1000,     0x2000,     0x3000,
                                     0x4000,     0x8000,     4095,       4097,       0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
                                     0xFFFFFFFE, 0x8000000,  0x40000000, 0x10000000, 0xF001F, 1u << 20, 0x7FFFFFFFFFFFFFFF,
                                     0x8000000000000000, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFF000, 0xFFFFFFFFFFFFF001, 0x100000000,
                                     0x7FFFFFFFF000, 0x800000000000};

    if (caller->is_tame)
        return 0;
    switch (draw_below(&caller->random, 4)) {
    case 0:
        return 1ull << draw_below(&caller->random, 64);
    case 1:
        return draw(&caller->random) >> draw_below(&caller->random, 64);
    default:
        return known[draw_below(&caller->random, sizeof known / sizeof *known)];
    }
}

/* One of the values behind `=`, if there are any, and chance wants one. */
static int draw_suggested(CALLER *caller, const char *word, uint64_t *value)
{
    const char *at = strchr(word, '='), *end;
    unsigned commas = 0, skipped;

    end = strchr(word, ' ');
    if (at == NULL || (end != NULL && at > end) || chance(caller, 3))
        return 0;
    for (end = at; *end != 0 && *end != ' '; ++end)
        commas += *end == ',';
    for (skipped = caller->is_tame ? 0 : draw_below(&caller->random, commas + 1); skipped > 0; --skipped)
        at = strchr(at + 1, ',');
    if (at[1] == '.')
        return 0;
    *value = (uint64_t)strtoll(at + 1, NULL, 0);
    return 1;
}

static char *some_place(CALLER *caller)
{
    unsigned first = draw_below(&caller->random, PLACES), i;
    char *place = NULL;

    for (i = 0; i < PLACES && place == NULL; ++i)
        place = atomic_load(&places[(first + i) % PLACES]);
    return place;
}
static uint64_t draw_address(CALLER *caller)
{
    char *place = some_place(caller);

    switch (caller->is_tame ? 9 : draw_below(&caller->random, 16)) {
    case 0:
        return 0;
    case 1:
        return bad_address(caller, 0);
    case 2:
        return (uintptr_t)&place;
    case 3:
        return (uintptr_t)(void *)caller->slots[0] + SLOT + draw_below(&caller->random, PAGE);
    case 4:
        return (uintptr_t)place + draw_below(&caller->random, 4 * PAGE) - (chance(caller, 4) ? PAGE : 0);
    default:
        return (uintptr_t)place;
    }
}

static uint64_t draw_ranges(CALLER *caller, int index)
{
    WIN32_MEMORY_RANGE_ENTRY ranges[64];
    unsigned i;

    if (chance(caller, 12))
        return bad_address(caller, 1);
    for (i = 0; i < 64; ++i) {
        ranges[i].VirtualAddress = (void *)(uintptr_t)draw_address(caller);
        ranges[i].NumberOfBytes = chance(caller, 12) ? draw_number(caller) : 1 + draw_below(&caller->random, 8 * PAGE);
    }
    return (uintptr_t)memcpy(memory_for(caller, index, sizeof ranges), ranges, sizeof ranges);
}

/* Pages that may be changed, or no pages; never those of the test itself. */
static uint64_t draw_prey(CALLER *caller)
{
    if (chance(caller, 8))
        return bad_address(caller, 1);
    return (uintptr_t)prey + (chance(caller, 2) ? draw_below(&caller->random, PREY) : 0);
}

static unsigned draw_room(CALLER *caller)
{
    static const unsigned known[] = {260, 0, 1, 2, 3, 5, 64, 259, 261, 4096, 10000};

    return known[caller->is_tame ? 0 : draw_below(&caller->random, sizeof known / sizeof *known)];
}
static unsigned draw_count(CALLER *caller)
{
    static const unsigned known[] = {1, 2, 3, 8, 0, 63, 64, 65, 1000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

    return known[caller->is_tame ? 0 : draw_below(&caller->random, chance(caller, 2) ? 4 : sizeof known / sizeof *known)];
}

static uint64_t draw_pid(CALLER *caller)
{
    static const uint64_t known[] = {0, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 5000000};

    if (caller->is_tame || chance(caller, 2))
        return (uint64_t)victim;
    return chance(caller, 2) ? (uint64_t)GetCurrentThreadId() : known[draw_below(&caller->random, 5)];
}

/* Read-only, not there at all, or nobody's: where the kernel itself reads and writes. */
static uint64_t draw_kernel_buffer(CALLER *caller, int index)
{
    if (chance(caller, 10))
        return bad_address(caller, 1);
    if (chance(caller, 10))
        return (uintptr_t)caller->slots[index] + SLOT; /* nobody may touch it */
    if (chance(caller, 10))
        return (uintptr_t)&functions; /* only read */
    return (uintptr_t)memory_for(caller, index, caller->room);
}

static struct SharedMemoryInfo *put_info(CALLER *caller, int index)
{
    /* Its first field says how long the caller's is. */
    static const uint32_t sizes[] = {sizeof(struct SharedMemoryInfo), 8, 16, 0, 4, 7, 9};
    uint32_t size = sizes[caller->is_tame ? 0 : draw_below(&caller->random, sizeof sizes / sizeof *sizes)];
    char *to = memory_for(caller, index, size < 4 ? 4 : size);

    memcpy(to, &size, sizeof size);
    return (struct SharedMemoryInfo *)(void *)to;
}

static void *put_overlapped(CALLER *caller, int index)
{
    OVERLAPPED overlapped;

    memset(&overlapped, 0, sizeof overlapped);
    if (chance(caller, 3))
        overlapped.Offset = (DWORD)draw_number(caller), overlapped.OffsetHigh = (DWORD)draw_number(caller);
    if (chance(caller, 3))
        overlapped.hEvent = (HANDLE)(uintptr_t)draw_handle(caller, 'E');
    return memcpy(memory_for(caller, index, sizeof overlapped), &overlapped, sizeof overlapped);
}

static int is_word(const char *word, const char *of)
{
    size_t length = strlen(of);

    return strncmp(word, of, length) == 0 && (word[length] == 0 || strchr(" =:", word[length]) != NULL);
}

static uint64_t draw_thread(CALLER *caller);
static uint64_t draw_startup(CALLER *caller, int index);

static uint64_t draw_argument(CALLER *caller, int index)
{
    const char *word = caller->words[index];
    unsigned char *bytes;
    uint64_t value = 0;

    caller->capacity[index] = 0;
    if (draw_suggested(caller, word, &value))
        return value;
    if (is_word(word, "num") || is_word(word, "size"))
        return draw_number(caller);
    if (is_word(word, "wait"))
        return chance(caller, 16) ? 1 : 0;
    if (is_word(word, "pid"))
        return draw_pid(caller);
    if (word[0] == 'h' && (word[1] == 0 || word[1] == ' ' || word[1] == '=' || strchr(handle_kinds, word[1])))
        return draw_handle(caller, word[1] > ' ' && word[1] != '=' ? word[1] : 0);
    if (is_word(word, "count"))
        return caller->handles;
    if (is_word(word, "room"))
        return caller->room;
    if (is_word(word, "length"))
        return caller->is_tame ? (uint64_t)caller->length : chance(caller, 3) ? (uint64_t)-1 : chance(caller, 8) ? (uint64_t)-5 : draw_below(&caller->random, (unsigned)caller->length + 1);
    if (is_word(word, "at"))
        return draw_address(caller);
    if (is_word(word, "ranges"))
        return draw_ranges(caller, index);
    if (is_word(word, "prey"))
        return draw_prey(caller);
    if (is_word(word, "any"))
        return draw(&caller->random);
    if (is_word(word, "attr"))
        return draw_attributes(caller, index);
    if (is_word(word, "thread"))
        return draw_thread(caller);
    if (is_word(word, "mem"))
        return chance(caller, 8) ? 0 : (uintptr_t)LocalAlloc(LMEM_FIXED, draw_below(&caller->random, 100));
    if (is_word(word, "kernel"))
        return draw_kernel_buffer(caller, index);
    if (is_word(word, "probe") && chance(caller, 10))
        return bad_address(caller, 1);
    if (is_word(word, "list"))
        return draw_list(caller, index);
    if (is_word(word, "inserts")) /* FORMAT_MESSAGE_ARGUMENT_ARRAY */
        return draw_inserts(caller, index, (caller->arguments[0] & 0x2000) != 0);
    if (chance(caller, 10))
        return 0;
    if (is_word(word, "out") || is_word(word, "probe"))
        return (uintptr_t)memory_for(caller, index, (size_t)atoi(strchr(word, ':') + 1));
    if (is_word(word, "over"))
        return (uintptr_t)put_overlapped(caller, index);
    if (is_word(word, "fill"))
        return (uintptr_t)memory_for(caller, index, (size_t)caller->room * (size_t)caller->unit);
    if (is_word(word, "fillN"))
        return (uintptr_t)memory_for(caller, index, caller->room);
    if (is_word(word, "fillW"))
        return (uintptr_t)memory_for(caller, index, (size_t)caller->room * (size_t)caller->wide);
    if (is_word(word, "name"))
        return draw_text(caller, index, chance(caller, 2) ? PICK(object_names) : caller->own_name, caller->unit, 0);
    if (is_word(word, "segment"))
        return draw_text(caller, index, PICK(segment_names), caller->unit, 0);
    if (is_word(word, "path") || is_word(word, "line"))
        return draw_text(caller, index, PICK(file_names), caller->unit, 1);
    if (is_word(word, "sddl"))
        return draw_text(caller, index, PICK(descriptors), caller->unit, 0);
    if (is_word(word, "text"))
        return draw_text(caller, index, PICK(texts), caller->unit, 0);
    if (is_word(word, "narrow"))
        return draw_text(caller, index, caller->is_tame ? "CreateEventW" : PICK(texts), 1, 0);
    if (is_word(word, "wide"))
        return draw_text(caller, index, PICK(texts), caller->wide, 0);
    if (is_word(word, "source"))
        return draw_text(caller, index, PICK(templates), caller->unit, 0);
    if (is_word(word, "module"))
        return chance(caller, 4) ? draw(&caller->random) : (uintptr_t)GetModuleHandleA(chance(caller, 2) ? NULL : "kernel32.dll");
    if (is_word(word, "info"))
        return (uintptr_t)put_info(caller, index);
    if (is_word(word, "startup"))
        return draw_startup(caller, index);
    if (is_word(word, "environment")) {
        static const char block[80] = "A=B\0C=D\0PATH=/bin";

        return (uintptr_t)memcpy(caller->slots[index], block, sizeof block);
    }
    if (is_word(word, "entries"))
        return draw_entries(caller, index);
    if (!is_word(word, "sid") && !is_word(word, "acl") && !is_word(word, "sd")) {
        fprintf(stderr, "table.h: what is \"%s\"?\n", word);
        _exit(3);
    }
    bytes = roomy(caller, index);
    if (is_word(word, "sid"))
        put_sid(caller, bytes);
    else if (is_word(word, "acl"))
        put_list(caller, bytes);
    else
        put_descriptor(caller, bytes);
    return (uintptr_t)bytes;
}

#endif
