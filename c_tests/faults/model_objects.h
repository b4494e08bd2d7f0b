/*
 * model_objects.h - the model of random_calls.c: what there is. Objects with a state,
 * processes with a table of handles, views and open segments, threads that own mutexes.
 *
 * It is a description of a kernel's object manager, with nothing in common with the
 * library but the functions that it describes. One step is one whole call, so there is
 * no concurrency in it.
 */
#ifndef MODEL_OBJECTS_H
#define MODEL_OBJECTS_H

#include "check.h"
#include <stdint.h>

/* A task is a process or a thread. */
enum { MUTEX, EVENT, SEMAPHORE, TIMER, SECTION, TASK, KINDS };
enum { PROCESSES = 2, THREADS = 2, ACTORS = PROCESSES * THREADS };
enum { MOST_HANDLES = 64, MOST_VIEWS = 32, MOST_SEGMENTS = 8, MOST_STALE = 8 };
enum { MOST_OBJECTS = PROCESSES * (MOST_HANDLES + MOST_VIEWS + MOST_SEGMENTS) };
enum { NOBODY = -1, NAMELESS = -1 };
enum { PAGE = 4096, GRANULARITY = 65536, MOST_PAGES = 64 };

typedef struct OBJECT {
    int used, kind, number; /* the number is for people */
    int name;               /* which name, or NAMELESS */
    int handles;            /* of all processes, open segments included */
    int views;
    int owner, depth, abandoned; /* mutex: an actor. Task: which thread or, from ACTORS on, process it is */
    int manual, set;             /* event, timer, task */
    int32_t count, limit;        /* semaphore */
    int lost_sleeper;            /* a process ended while it slept on this */
    DWORD protection;            /* section */
    uint64_t size;               /* what was asked for: so much SharedMemory functions have, views have whole pages */
    uint64_t writes;
    unsigned char *bytes;
    int reserved;              /* its pages are there when they are committed */
    char committed[MOST_PAGES];
} OBJECT;

typedef struct ENTRY {
    int used;
    uint64_t value;
    OBJECT *object;
    DWORD rights, flags;
} ENTRY;

typedef struct VIEW {
    int used;
    uint64_t base, offset, length; /* whole pages */
    OBJECT *object;
    DWORD protection;          /* PAGE_NOACCESS, READONLY, READWRITE, WRITECOPY */
    unsigned char *pages;      /* what a copy view has of its own */
    char detached[MOST_PAGES]; /* which pages of that count */
} VIEW;

typedef struct SEGMENT {
    int used;
    uint64_t value;
    OBJECT *object;
    int read_only, created;
} SEGMENT;

typedef struct PROCESS {
    ENTRY handles[MOST_HANDLES];
    VIEW views[MOST_VIEWS];
    SEGMENT segments[MOST_SEGMENTS];
    uint64_t stale[MOST_STALE]; /* values that were handles once */
    int next_stale;
} PROCESS;

/* The objects of a wait. */
typedef struct WAIT {
    OBJECT *objects[64];
    DWORD count;
    int all;
} WAIT;

typedef struct MODEL {
    OBJECT objects[MOST_OBJECTS];
    PROCESS processes[PROCESSES];
    int asleep[ACTORS]; /* which threads wait without end */
    WAIT waits[ACTORS]; /* what for */
    OBJECT *pulsed;     /* is set until the sleepers of this moment have seen it */
    int made;           /* objects so far */
    const char *plant;  /* the rule that is wrong, or NULL */
} MODEL;

static MODEL model;

/* Whether the model is to be wrong here: a planted fault, which the comparison must find. */
static inline int planted(const char *fault) { return model.plant && strcmp(model.plant, fault) == 0; }

static inline int process_of(int actor) { return actor / THREADS; }
static inline uint64_t whole_pages(uint64_t bytes) { return (bytes + PAGE - 1) / PAGE * PAGE; }

static inline OBJECT *new_object(int kind, int name)
{
    OBJECT *object = model.objects;

    while (object->used)
        ++object;
    memset(object, 0, sizeof *object);
    object->used = 1, object->kind = kind, object->name = name, object->number = ++model.made;
    object->owner = NOBODY;
    return object;
}

/* The object that has a name: only handles hold it. */
static inline OBJECT *named(int name)
{
    int i;

    for (i = 0; i < MOST_OBJECTS; ++i) {
        OBJECT *object = &model.objects[i];

        if (object->used && object->name == name && (object->handles > 0 || planted("views hold a name")))
            return object;
    }
    return NULL;
}

/* An object ends with its last handle and view. */
static inline void forget_unused(OBJECT *object)
{
    if (object->handles == 0 && object->views == 0) {
        free(object->bytes);
        object->used = 0;
    }
}

static inline ENTRY *find_handle(int process, uint64_t value)
{
    ENTRY *handles = model.processes[process].handles;
    int i;

    for (i = 0; i < MOST_HANDLES; ++i)
        if (handles[i].used && handles[i].value == value)
            return &handles[i];
    return NULL;
}
static inline int count_handles(int process)
{
    int i, count = 0;

    for (i = 0; i < MOST_HANDLES; ++i)
        count += model.processes[process].handles[i].used;
    return count;
}
/* A new handle. Its value is what the library says it is, later. */
static inline ENTRY *new_handle(int process, OBJECT *object, DWORD rights, int inherited)
{
    ENTRY *entry = model.processes[process].handles;

    while (entry->used)
        ++entry;
    entry->used = 1, entry->value = 0, entry->object = object, entry->rights = rights;
    entry->flags = inherited ? HANDLE_FLAG_INHERIT : 0;
    ++object->handles;
    return entry;
}
static inline void drop_handle(int process, ENTRY *entry)
{
    PROCESS *owner = &model.processes[process];
    OBJECT *object = entry->object;

    owner->stale[owner->next_stale++ % MOST_STALE] = entry->value;
    entry->used = 0;
    --object->handles;
    if (planted("closing releases a mutex") && object->kind == MUTEX)
        object->owner = NOBODY, object->depth = 0;
    forget_unused(object);
}

static inline VIEW *find_view(int process, uint64_t address)
{
    VIEW *views = model.processes[process].views;
    int i;

    for (i = 0; i < MOST_VIEWS; ++i)
        if (views[i].used && address >= views[i].base && address < views[i].base + views[i].length)
            return &views[i];
    return NULL;
}
static inline int count_views(int process)
{
    int i, count = 0;

    for (i = 0; i < MOST_VIEWS; ++i)
        count += model.processes[process].views[i].used;
    return count;
}
static inline void drop_view(VIEW *view)
{
    view->used = 0;
    free(view->pages);
    --view->object->views;
    forget_unused(view->object);
}

static inline SEGMENT *find_segment(int process, uint64_t value)
{
    SEGMENT *segments = model.processes[process].segments;
    int i;

    for (i = 0; i < MOST_SEGMENTS; ++i)
        if (segments[i].used && segments[i].value == value)
            return &segments[i];
    return NULL;
}
static inline int count_segments(int process)
{
    int i, count = 0;

    for (i = 0; i < MOST_SEGMENTS; ++i)
        count += model.processes[process].segments[i].used;
    return count;
}
static inline void drop_segment(SEGMENT *segment)
{
    segment->used = 0;
    --segment->object->handles;
    forget_unused(segment->object);
}

/* The object that a thread or process is, made when somebody has a handle to it. */
static inline OBJECT *task_object(int task)
{
    OBJECT *object;
    int i;

    for (i = 0; i < MOST_OBJECTS; ++i)
        if (model.objects[i].used && model.objects[i].kind == TASK && model.objects[i].owner == task)
            return &model.objects[i];
    object = new_object(TASK, NAMELESS);
    object->owner = task, object->manual = 1;
    return object;
}

/* A thread ends: what it owns is abandoned, and the waits for it are over. */
static inline void end_thread(int actor)
{
    int i;

    model.asleep[actor] = 0;
    for (i = 0; i < MOST_OBJECTS; ++i) {
        OBJECT *object = &model.objects[i];

        if (object->used && object->kind == MUTEX && object->owner == actor)
            object->owner = NOBODY, object->depth = 0, object->abandoned = !planted("the dead abandon nothing");
        else if (object->used && object->kind == TASK && object->owner == actor)
            object->owner = NOBODY, object->set = !planted("a thread never ends");
    }
}
/* A process ends, in whatever way: its threads do, and its handles, views and segments are closed. */
static inline void end_process(int process)
{
    PROCESS *ended = &model.processes[process];
    int i;

    for (i = 0; i < THREADS; ++i) {
        int actor = process * THREADS + i;
        DWORD k;

        for (k = 0; model.asleep[actor] && k < model.waits[actor].count; ++k)
            model.waits[actor].objects[k]->lost_sleeper = 1;
        end_thread(actor);
    }
    for (i = 0; i < MOST_HANDLES; ++i)
        if (ended->handles[i].used)
            drop_handle(process, &ended->handles[i]);
    for (i = 0; i < MOST_VIEWS; ++i)
        if (ended->views[i].used)
            drop_view(&ended->views[i]);
    for (i = 0; i < MOST_SEGMENTS; ++i)
        if (ended->segments[i].used)
            drop_segment(&ended->segments[i]);
    memset(ended, 0, sizeof *ended);
}

#endif
