/*
 * model_draw.h - which call comes next, at random: mostly one that has something to do
 * with what there is, sometimes one that must fail.
 *
 * What the specification leaves open is not drawn: two things wrong at once where it
 * does not say which is told, and who of two gets what both wait for.
 */
#ifndef MODEL_DRAW_H
#define MODEL_DRAW_H

#include "model_draw_values.h"

/* How often each call is drawn. */
static const unsigned short weights[CALL_COUNT] = {
    [CREATE_MUTEX] = 14,     [CREATE_EVENT] = 14,       [CREATE_SEMAPHORE] = 14, [CREATE_TIMER] = 10,
    [CREATE_SECTION] = 20,   [CREATE_MUTEX_EX] = 6,     [CREATE_EVENT_EX] = 6,   [CREATE_SEMAPHORE_EX] = 6,
    [CREATE_TIMER_EX] = 6,   [OPEN_MUTEX] = 12,         [OPEN_EVENT] = 12,       [OPEN_SEMAPHORE] = 12,
    [OPEN_TIMER] = 12,       [OPEN_SECTION] = 16,       [CLOSE] = 20,            [DUPLICATE] = 30,
    [GET_FLAGS] = 10,        [SET_FLAGS] = 10,          [COMPARE] = 10,          [SET_EVENT] = 40,
    [RESET_EVENT] = 20,      [PULSE_EVENT] = 10,        [RELEASE_MUTEX] = 60,    [RELEASE_SEMAPHORE] = 40,
    [SET_TIMER] = 40,        [CANCEL_TIMER] = 15,       [WAIT_ONE] = 90,         [WAIT_MANY] = 110,
    [SIGNAL_AND_WAIT] = 50,  [MAP] = 40,                [MAP_AT] = 25,           [UNMAP] = 30,
    [FLUSH] = 6,             [QUERY] = 40,              [LOAD] = 60,             [STORE] = 60,
    [COMMIT] = 30,
    [SEGMENT_CREATE] = 12,   [SEGMENT_OPEN] = 12,       [SEGMENT_OPEN_READ] = 8, [SEGMENT_WRITE] = 25,
    [SEGMENT_READ] = 20,     [SEGMENT_WAIT] = 12,       [SEGMENT_STAT] = 2,     [SEGMENT_CLOSE] = 14,
    [SEGMENT_FREE] = 6,      [END_THREAD] = 6,          [END_PROCESS] = 2,       [KILL_PROCESS] = 4,
};

static inline int draw_what(RANDOM *random)
{
    unsigned left = 0;
    int what;

    for (what = 0; what < CALL_COUNT; ++what)
        left += weights[what];
    left = draw_below(random, left);
    for (what = 0; left >= weights[what]; ++what)
        left -= weights[what];
    return what;
}

/* One that does not sleep. */
static inline int draw_actor(RANDOM *random)
{
    int actor;

    do
        actor = (int)draw_below(random, ACTORS);
    while (model.asleep[actor]);
    return actor;
}

static inline void draw_creation(RANDOM *random, CALL *call)
{
    static const DWORD flags[] = {0, 1, 2, 3, 4, 0x80000000};
    static const DWORD protections[] = {
        PAGE_READWRITE, PAGE_READWRITE, PAGE_READWRITE, PAGE_READONLY, PAGE_WRITECOPY, PAGE_EXECUTE_READ,
        PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY, PAGE_READWRITE | SEC_COMMIT, PAGE_NOACCESS, PAGE_EXECUTE, 0,
        PAGE_READWRITE | SEC_RESERVE, PAGE_READWRITE | SEC_RESERVE, PAGE_READONLY | SEC_RESERVE,
        PAGE_READONLY | PAGE_READWRITE, PAGE_READWRITE | PAGE_GUARD, PAGE_READWRITE | SEC_COMMIT | SEC_RESERVE};
    static const int32_t counts[] = {0, 1, 2, 3, 0x7FFFFFFF, -1};
    int kind = kind_created(call->what), is_good;

    call->text = draw_new_name(random, kind);
    call->wide = one_in(random, 2);
    call->inherit = one_in(random, 10) ? 1 + (int)draw_below(random, 7) : 0;
    is_good = call->text != NULL_NAME && name_error(call);
    do {
        call->first = PICK(random, counts), call->second = PICK(random, counts), call->flags = PICK(random, flags);
        call->handle = one_in(random, 8) ? 0 : (uint64_t)(ULONG_PTR)INVALID_HANDLE_VALUE;
        if (kind == SECTION && one_in(random, 30))
            call->handle = draw_bad(random, call->actor);
        call->access = kind == SECTION ? PICK(random, protections) : draw_access(random, kind);
        call->size = one_in(random, 30) ? 0 : PICK(random, sizes);
    } while (is_good && creation_error(call)); /* not two errors */
}

/* What is wrong beside the handle is drawn only where the handle is right. */
static inline int is_right(const CALL *call, int kind)
{
    ENTRY *entry = find_handle(process_of(call->actor), call->handle);

    return entry && entry->object->kind == kind && (entry->rights & modify_right[kind]) == modify_right[kind];
}

static inline void draw_signal(RANDOM *random, CALL *call)
{
    static const int32_t counts[] = {1, 1, 1, 2, 3, 0x7FFFFFFF, 0, -1};
    static const uint64_t dues[] = {0, 1, 0, (uint64_t)-36000000000ll, 157469184000000000ull};
    static const int32_t periods[] = {0, 0, 3600000, -1};
    int is_semaphore = call->what == RELEASE_SEMAPHORE;

    if (call->what == RELEASE_MUTEX)
        call->handle = draw_owned(random, call->actor);
    else if (call->what < RELEASE_MUTEX)
        call->handle = draw_handle(random, call->actor, 1 << EVENT);
    else
        call->handle = draw_handle(random, call->actor, is_semaphore ? 1 << SEMAPHORE : 1 << TIMER);
    call->first = 1;
    if (is_semaphore)
        call->all = one_in(random, 2);
    if (is_semaphore && is_right(call, SEMAPHORE))
        call->first = PICK(random, counts);
    if (call->what == SET_TIMER) {
        call->data = PICK(random, dues), call->flags = one_in(random, 20);
        if (is_right(call, TIMER)) {
            call->second = PICK(random, periods);
            call->all = call->second >= 0 && one_in(random, 20);
        }
    }
}

static inline void draw_wait(RANDOM *random, CALL *call)
{
    static const DWORD counts[] = {1, 2, 2, 3, 3, 4, 5, 64, 0, 65};
    DWORD i;

    call->timeout = one_in(random, 3) ? INFINITE : one_in(random, 100) ? 1 + draw_below(random, 3) : 0;
    call->wide = one_in(random, 4);
    if (call->what == WAIT_ONE) {
        call->handle = draw_handle(random, call->actor, WAITABLE);
        if (one_in(random, 50) && call->timeout != INFINITE)
            call->handle = (uint64_t)(ULONG_PTR)(one_in(random, 2) ? GetCurrentProcess() : GetCurrentThread());
    } else if (call->what == SIGNAL_AND_WAIT) {
        call->handle = one_in(random, 3) ? draw_owned(random, call->actor) : draw_handle(random, call->actor, WAITABLE);
        call->other = draw_handle(random, call->actor, WAITABLE);
    } else {
        call->count = PICK(random, counts), call->all = one_in(random, 2);
        for (i = 0; i < call->count; ++i)
            call->handles[i] = one_in(random, 30) ? draw_bad(random, call->actor)
                                                  : draw_open(random, call->actor, WAITABLE, draw_below(random, 4));
    }
}

static inline void draw_memory(RANDOM *random, CALL *call)
{
    static const DWORD accesses[] = {0, FILE_MAP_COPY, FILE_MAP_COPY, FILE_MAP_READ, FILE_MAP_WRITE, FILE_MAP_WRITE,
                                     FILE_MAP_READ | FILE_MAP_WRITE, FILE_MAP_COPY | FILE_MAP_READ,
                                     FILE_MAP_COPY | FILE_MAP_WRITE, FILE_MAP_ALL_ACCESS};
    static const uint64_t offsets[] = {0, 0, 0, 0, 65536, 65536, 131072, 1, 4096, 65536ull << 24};
    static const uint64_t wrong[] = {ARENA + 4096, ARENA + 1, BEYOND_PROGRAMS, 0xFFFFFFFFFFFF0000ull};
    int process = process_of(call->actor);

    call->address = draw_in_view(random, process);
    call->data = draw(random);
    if (call->what == MAP || call->what == MAP_AT) {
        call->handle = draw_handle(random, call->actor, 1 << SECTION);
        call->access = PICK(random, accesses), call->offset = PICK(random, offsets);
        call->size = one_in(random, 2) ? 0 : PICK(random, sizes);
        call->address = call->what == MAP        ? 0
                        : one_in(random, 12)     ? PICK(random, wrong)
                        : one_in(random, 12)     ? 0
                                                 : ARENA + draw_below(random, 24) * (uint64_t)GRANULARITY;
    } else if (call->what == UNMAP && one_in(random, 6)) {
        call->address = one_in(random, 2) ? 0 : ARENA + draw_below(random, 24) * (uint64_t)GRANULARITY;
    } else if (call->what == FLUSH) {
        call->size = one_in(random, 2) ? 0 : PICK(random, sizes);
        if (one_in(random, 10))
            call->address = 0;
    } else if (call->what == COMMIT) {
        call->address = draw_to_commit(random, process);
        call->size = one_in(random, 20) ? 0 : PICK(random, sizes);
    } else if (call->what == QUERY) {
        call->size = sizeof(MEMORY_BASIC_INFORMATION);
        if (one_in(random, 20))
            call->size -= 1 + draw_below(random, 48);
        else if (one_in(random, 20))
            call->address = BEYOND_PROGRAMS;
    }
}

static inline void draw_segment_call(RANDOM *random, CALL *call)
{
    static const uint64_t lengths[] = {1, 8, 64, 4096, 5000, 0};
    static const uint64_t offsets[] = {0, 0, 1, 4000, 4096, 65530, 1ull << 40};
    SEGMENT *segment;

    if (call->what <= SEGMENT_OPEN_READ) {
        call->text = call->what == SEGMENT_CREATE ? draw_new_name(random, SECTION) : draw_name(random, SECTION);
        call->size = PICK(random, sizes);
        if (one_in(random, 20) && call->text != NULL_NAME && !name_error(call) && !has_no_name(call))
            call->size = 0;
        return;
    }
    call->handle = draw_segment(random, call->actor);
    segment = find_segment(process_of(call->actor), call->handle);
    call->data = draw(random);
    call->size = PICK(random, lengths), call->offset = PICK(random, offsets);
    if (!segment || segment->read_only || call->offset >= segment->object->size)
        call->size = 8;
    if (call->what == SEGMENT_WAIT)
        call->data = segment && one_in(random, 2) ? segment->object->writes : 0;
}

/* A call of one of those who are awake; it may still be one that is not to be made (model_rules.h). */
static inline void draw_call(RANDOM *random, CALL *call)
{
    static const DWORD options[] = {0, DUPLICATE_SAME_ACCESS, DUPLICATE_CLOSE_SOURCE, 3, 4};
    int process;

    memset(call, 0, sizeof *call);
    call->actor = draw_actor(random), call->what = draw_what(random), call->text = NULL_NAME;
    if (call->what >= END_PROCESS) { /* also one in which somebody sleeps */
        call->actor = (int)draw_below(random, ACTORS);
        return;
    }
    process = process_of(call->actor);
    if (draw_below(random, 150) < (unsigned)count_handles(process))
        call->what = CLOSE;
    if (is_segment_call(call->what))
        draw_segment_call(random, call);
    else if (creates(call->what))
        draw_creation(random, call);
    else if (opens(call->what)) {
        call->text = draw_name(random, call->what - OPEN_MUTEX), call->wide = one_in(random, 2);
        call->access = draw_access(random, call->what - OPEN_MUTEX), call->inherit = one_in(random, 10) ? 2 : 0;
    } else if (waits(call->what))
        draw_wait(random, call);
    else if (call->what >= MAP && call->what <= STORE)
        draw_memory(random, call);
    else if (call->what >= SET_EVENT && call->what <= CANCEL_TIMER)
        draw_signal(random, call);
    else if (call->what < END_THREAD) {
        call->handle = draw_handle(random, call->actor, ANY_KIND);
        if (call->what == CLOSE && one_in(random, 50))
            call->handle = (uint64_t)(ULONG_PTR)(one_in(random, 2) ? GetCurrentProcess() : GetCurrentThread());
        call->access = draw_below(random, 4), call->flags = one_in(random, 3) ? draw_below(random, 4) : 0;
        call->other = draw_handle(random, call->actor, ANY_KIND);
    }
    if (call->what == DUPLICATE) {
        ENTRY *entry = find_handle(process, call->handle);

        call->access = draw_access(random, entry ? entry->object->kind : EVENT);
        call->flags = PICK(random, options), call->inherit = one_in(random, 10), call->all = !one_in(random, 10);
        call->other = (uint64_t)(ULONG_PTR)GetCurrentProcess();
        if (one_in(random, 15))
            call->handle = (uint64_t)(ULONG_PTR)(one_in(random, 4) ? GetCurrentProcess() : GetCurrentThread());
        if (one_in(random, 20) && !(call->flags & 4))
            call->other = 0x7FFFFFF4;
    }
}

#endif
