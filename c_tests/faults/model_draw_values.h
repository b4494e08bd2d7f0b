/*
 * model_draw_values.h - handles, names, rights and addresses at random.
 */
#ifndef MODEL_DRAW_VALUES_H
#define MODEL_DRAW_VALUES_H

#include "effort.h"
#include "model_segments.h"
#include "model_views.h"
#include "model_waits.h"

#define PICK(random, array) ((array)[draw_below(random, sizeof(array) / sizeof(array)[0])])
enum { ANY_KIND = (1 << KINDS) - 1, WAITABLE = ANY_KIND & ~(1 << SECTION) };

static inline int one_in(RANDOM *random, unsigned times) { return draw_below(random, times) == 0; }

/* An open handle of one of these kinds, best one whose object is ready for this actor; 0 if there is none. */
static inline uint64_t draw_open(RANDOM *random, int actor, int kinds, int best_ready)
{
    ENTRY *handles = model.processes[process_of(actor)].handles;
    unsigned i, start = draw_below(random, MOST_HANDLES);
    uint64_t second_best = 0;

    for (i = 0; i < MOST_HANDLES; ++i) {
        ENTRY *entry = &handles[(start + i) % MOST_HANDLES];

        if (!entry->used || !(1 << entry->object->kind & kinds))
            continue;
        if (!best_ready || (entry->rights & SYNCHRONIZE && is_ready(entry->object, actor)))
            return entry->value;
        second_best = entry->value;
    }
    return second_best;
}
/* Not a handle, at least not on purpose: an old one, another process's, nonsense. */
static inline uint64_t draw_bad(RANDOM *random, int actor)
{
    static const uint64_t nonsense[] = {0, 4, 0x7FFFFFF4, 0x7FFFFFFFFFFFFFF0ull, 0xFFFFFFFFFFFFFFF0ull};
    int process = process_of(actor);
    uint64_t value = PICK(random, nonsense);

    if (one_in(random, 2))
        value = model.processes[process].stale[draw_below(random, MOST_STALE)];
    else if (one_in(random, 3))
        value = draw_open(random, (process + 1) % PROCESSES * THREADS, ANY_KIND, 0);
    /* To the functions for handles, what SharedMemory functions use is nobody's business. */
    return find_segment(process, value) ? 0 : value;
}
static inline uint64_t draw_handle(RANDOM *random, int actor, int kinds)
{
    unsigned how = draw_below(random, 20);

    if (how == 0)
        return draw_bad(random, actor);
    return draw_open(random, actor, how == 1 ? ANY_KIND : kinds, how < 10);
}
static inline int owns(int actor, const OBJECT *object) { return object->kind == MUTEX && object->owner == actor; }
/* A mutex of the actor's, if he has one. */
static inline uint64_t draw_owned(RANDOM *random, int actor)
{
    ENTRY *handles = model.processes[process_of(actor)].handles;
    int i;

    for (i = 0; i < MOST_HANDLES; ++i)
        if (handles[i].used && owns(actor, handles[i].object) && one_in(random, 2))
            return handles[i].value;
    return draw_handle(random, actor, 1 << MUTEX);
}
static inline uint64_t draw_segment(RANDOM *random, int actor)
{
    SEGMENT *segments = model.processes[process_of(actor)].segments;
    unsigned i, start = draw_below(random, MOST_SEGMENTS);

    for (i = 0; i < MOST_SEGMENTS && !one_in(random, 20); ++i)
        if (segments[(start + i) % MOST_SEGMENTS].used)
            return segments[(start + i) % MOST_SEGMENTS].value;
    return draw_bad(random, actor);
}

/* A name, mostly one of the few that are met often; of an object of this kind if there is one. */
static inline int draw_name(RANDOM *random, int kind)
{
    unsigned how = draw_below(random, 40);
    int tries, text;
    OBJECT *object;

    if (how == 0)
        return NULL_NAME;
    if (how < 4)
        return SHORT_NAMES + (int)draw_below(random, NAMES - SHORT_NAMES);
    for (tries = 0; tries < (how < 30 ? 8 : 1); ++tries) {
        text = (int)draw_below(random, SHORT_NAMES);
        if ((object = named(names[text].object)) != NULL && object->kind == kind)
            break;
    }
    return text;
}
/* For an object to be made: mostly a name that is free or has the same kind of object, or none. */
static inline int draw_new_name(RANDOM *random, int kind)
{
    int tries, text = NULL_NAME;
    OBJECT *object;

    if (one_in(random, 4))
        return one_in(random, 2) ? NULL_NAME : draw_name(random, kind);
    for (tries = 0; tries < 6; ++tries) {
        text = (int)draw_below(random, SHORT_NAMES);
        if ((object = named(names[text].object)) == NULL || object->kind == kind)
            break;
    }
    return text;
}

static inline DWORD draw_access(RANDOM *random, int kind)
{
    static const DWORD rights[] = {
        SYNCHRONIZE,     SYNCHRONIZE | 2, 1,           2,
        3,               READ_CONTROL,    DELETE,      GENERIC_READ,
        GENERIC_WRITE,   GENERIC_EXECUTE, GENERIC_ALL, GENERIC_READ | GENERIC_EXECUTE,
        MAXIMUM_ALLOWED, 0,               0x40,        0x00800000,
        WRITE_DAC,       0x04000000,      SYNCHRONIZE | 0x100, ACCESS_SYSTEM_SECURITY,
        SYNCHRONIZE | MAXIMUM_ALLOWED,
    };
    static const DWORD of_sections[] = {
        FILE_MAP_COPY, FILE_MAP_READ, FILE_MAP_WRITE, FILE_MAP_READ | FILE_MAP_WRITE, FILE_MAP_READ | FILE_MAP_COPY,
        SECTION_EXTEND_SIZE, GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, MAXIMUM_ALLOWED, READ_CONTROL,
        0, 0x40, 0x800000, ACCESS_SYSTEM_SECURITY, GENERIC_ALL,
        FILE_MAP_WRITE | FILE_MAP_COPY, SECTION_MAP_EXECUTE | SECTION_MAP_READ,
    };

    if (draw_below(random, 3) == 0)
        return all_rights[kind];
    return kind == SECTION ? PICK(random, of_sections) : PICK(random, rights);
}

static const uint64_t sizes[] = {1, 8, 4095, 4096, 4097, 8192, 65535, 65536, 65537, 69632, 131072, 131073, 200000};

/* An address in one of the process's views; 0 if it has none. */
static inline uint64_t draw_in_view(RANDOM *random, int process)
{
    VIEW *views = model.processes[process].views;
    unsigned i, start = draw_below(random, MOST_VIEWS);

    for (i = 0; i < MOST_VIEWS; ++i) {
        VIEW *view = &views[(start + i) % MOST_VIEWS];
        uint64_t pages = view->length / PAGE, page, inside = 8 * draw_below(random, PAGE / 8);

        if (!view->used)
            continue;
        page = one_in(random, 3) ? draw_below(random, (unsigned)pages) : one_in(random, 2) ? 0 : pages - 1;
        return view->base + page * PAGE + (one_in(random, 2) ? 0 : one_in(random, 2) ? PAGE - 8 : inside);
    }
    return 0;
}
/* One whose pages may be committed. */
static inline uint64_t draw_to_commit(RANDOM *random, int process)
{
    uint64_t address;
    VIEW *view;
    int tries;

    for (tries = 0; tries < 20; ++tries) {
        address = draw_in_view(random, process);
        view = find_view(process, address);
        if (view != NULL && view->object->reserved && view->protection == PAGE_READWRITE)
            return address;
    }
    return 0;
}

#endif
