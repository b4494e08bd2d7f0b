/*
 * structures.h - security structures, and what else functions take by pointer: right
 * ones, with bytes changed. Lengths stay within the memory that is there, which is what
 * a caller owes; everything else may be wrong.
 */
#ifndef HOSTILE_STRUCTURES_H
#define HOSTILE_STRUCTURES_H

#include "text.h"

enum { ROOM_FOR_PARTS = 2 * 65536 }; /* a list says with 16 bits how long it is; two may follow each other */

static void change_bytes(CALLER *caller, unsigned char *bytes, unsigned length, unsigned first)
{
    unsigned changes = chance(caller, 3) ? 1 + draw_below(&caller->random, 4) : 0;

    for (; changes > 0 && length > first; --changes)
        bytes[first + draw_below(&caller->random, length - first)] = (unsigned char)draw(&caller->random);
}

static unsigned put_sid(CALLER *caller, unsigned char *to)
{
    static const unsigned char known[][12] = {{1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0},   /* everyone */
                                              {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0},  /* the system */
                                              {1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0},   /* the owner */
                                              {1, 1, 0, 0, 0, 0, 0, 16, 0, 32, 0, 0}, /* medium level */
                                              {1, 15, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9}};

    memset(to, 7, 80);
    memcpy(to, known[caller->is_tame ? 0 : draw_below(&caller->random, 5)], 12);
    change_bytes(caller, to, 12, 0);
    return 12;
}
static unsigned put_list(CALLER *caller, unsigned char *to)
{
    unsigned entries = caller->is_tame ? 1 : draw_below(&caller->random, 4), i, end = 8;
    uint16_t length;

    for (i = 0; i < entries; ++i) {
        static const unsigned char head[8] = {0, 0, 20, 0, 0xFF, 1, 0x1F, 0};

        memcpy(to + end, head, 8);
        put_sid(caller, to + end + 8);
        end += 20;
    }
    length = (uint16_t)(end + (chance(caller, 4) ? 0 : 64));
    memset(to, 0, 8);
    to[0] = 2, to[4] = (unsigned char)entries;
    memcpy(to + 2, &length, 2);
    change_bytes(caller, to, end, 0);
    return end;
}
/* A descriptor of one of the two forms. Its parts are in the same slot. */
static void put_descriptor(CALLER *caller, unsigned char *to)
{
    SECURITY_DESCRIPTOR_RELATIVE relative;
    SECURITY_DESCRIPTOR absolute;
    unsigned char *sid = to + 64, *list = to + 256;

    put_sid(caller, sid), put_list(caller, list);
    memset(&relative, 0, sizeof relative), memset(&absolute, 0, sizeof absolute);
    if (chance(caller, 2)) {
        relative.Revision = 1, relative.Control = (WORD)(SE_SELF_RELATIVE | SE_DACL_PRESENT | (chance(caller, 8) ? SE_SACL_PRESENT : 0));
        relative.Dacl = chance(caller, 4) ? draw_below(&caller->random, 60000) : 256;
        relative.Owner = chance(caller, 2) ? (chance(caller, 4) ? draw_below(&caller->random, 60000) : 64) : 0;
        relative.Sacl = chance(caller, 4) ? 256 : 0;
        memcpy(to, &relative, sizeof relative);
        change_bytes(caller, to, 2, 0);
    } else {
        absolute.Revision = 1, absolute.Control = (WORD)(chance(caller, 4) ? draw(&caller->random) & 0x7FFF : SE_DACL_PRESENT);
        absolute.Dacl = chance(caller, 2) || caller->is_tame ? NULL : (PACL)(void *)list;
        absolute.Owner = chance(caller, 4) ? sid : NULL;
        absolute.Sacl = chance(caller, 8) ? (PACL)(void *)list : NULL;
        memcpy(to, &absolute, sizeof absolute);
    }
}

/* The memory of an argument, from its beginning: structures that say how long they are need room behind them. */
static unsigned char *roomy(CALLER *caller, int index)
{
    caller->capacity[index] = ROOM_FOR_PARTS;
    return (unsigned char *)caller->slots[index] + (chance(caller, 4) ? draw_below(&caller->random, 8) : 0);
}

static uint64_t draw_attributes(CALLER *caller, int index)
{
    SECURITY_ATTRIBUTES attributes;
    unsigned char *to;

    if (caller->is_tame || !chance(caller, 4))
        return 0;
    to = roomy(caller, index);
    caller->capacity[index] = sizeof attributes;
    attributes.nLength = chance(caller, 2) ? sizeof attributes : (DWORD)draw(&caller->random);
    attributes.bInheritHandle = chance(caller, 8);
    attributes.lpSecurityDescriptor = chance(caller, 2) ? to + 64 : NULL;
    put_descriptor(caller, to + 64);
    memcpy(to, &attributes, sizeof attributes);
    return (uintptr_t)to;
}

static uint64_t draw_entries(CALLER *caller, int index)
{
    unsigned char *sid = (unsigned char *)caller->slots[index];
    EXPLICIT_ACCESS_A *entries = (EXPLICIT_ACCESS_A *)(void *)(caller->slots[index] + PAGE);
    unsigned i;

    put_sid(caller, sid);
    caller->capacity[index] = 0;
    if (caller->handles == 0 && chance(caller, 2))
        return 0;
    for (i = 0; i < caller->handles && i < 64; ++i) {
        memset(&entries[i], 0, sizeof entries[i]);
        entries[i].grfAccessPermissions = GENERIC_ALL;
        entries[i].grfAccessMode = caller->is_tame ? GRANT_ACCESS : (ACCESS_MODE)draw_below(&caller->random, 8);
        entries[i].grfInheritance = chance(caller, 8) ? (DWORD)draw(&caller->random) : 0;
        entries[i].Trustee.TrusteeForm = chance(caller, 3) ? TRUSTEE_IS_NAME : TRUSTEE_IS_SID;
        entries[i].Trustee.ptstrName = (LPSTR)sid;
        if (entries[i].Trustee.TrusteeForm == TRUSTEE_IS_NAME) {
            static const char *const names[] = {"Everyone", "CURRENT_USER", "nobody", ""};
            const char *name = PICK(names);
            char *to = caller->slots[index] + 2 * PAGE + 64 * (size_t)PAGE / 64 * (i % 8);
            long unit;

            for (unit = 0; unit <= (long)strlen(name); ++unit)
                store_unit(to, caller->unit, unit, (unsigned char)name[unit]);
            entries[i].Trustee.ptstrName = to;
        }
    }
    return (uintptr_t)entries;
}

/* For the inserts of a message: every value is a string too. As an array, or behind a va_list. */
static uint64_t draw_inserts(CALLER *caller, int index, int are_array)
{
    char *text = caller->slots[index];
    uint64_t *values = (uint64_t *)(void *)(text + PAGE), i;
    struct {
        uint32_t gp_offset, fp_offset;
        void *overflow, *registers;
    } list;

    caller->capacity[index] = 0;
    if (chance(caller, 8))
        return 0;
    memset(text, 0, PAGE);
    memcpy(text, "W\0\0\0i\0\0\0n", 9);
    for (i = 0; i < 4096; ++i)
        values[i] = (uintptr_t)(text + 4 * draw_below(&caller->random, 16));
    list.gp_offset = chance(caller, 8) ? 8 * draw_below(&caller->random, 400) : 8 * draw_below(&caller->random, 7);
    list.fp_offset = 48, list.overflow = values, list.registers = values;
    memcpy(values + 4096, &list, sizeof list);
    return (uintptr_t)(are_array ? values : values + 4096);
}

static uint64_t draw_list(CALLER *caller, int index)
{
    unsigned i, count = caller->handles < 64 ? caller->handles : 64;
    char *to = memory_for(caller, index, count * sizeof(HANDLE));
    uint64_t first = draw_handle(caller, 'E');

    if (chance(caller, 12))
        return bad_address(caller, 1);
    if (chance(caller, 12))
        return 0;
    for (i = 0; i < count; ++i) {
        uint64_t handle = chance(caller, 12) ? first : draw_handle(caller, chance(caller, 12) ? 0 : "EMST"[draw_below(&caller->random, 4)]);

        memcpy(to + i * sizeof handle, &handle, sizeof handle);
    }
    return (uintptr_t)to;
}

#endif
