/*
 * model_views.h - views of sections: what may be mapped, where they are, what is read
 * and written through them.
 */
#ifndef MODEL_VIEWS_H
#define MODEL_VIEWS_H

#include "model_handles.h"

/* Where MapViewOfFileEx is asked to map: nothing else is mapped in this part of the address space. */
#define ARENA 0x200000000000ull
#define BEYOND_PROGRAMS 0x800000000000ull

/* What a view of this access may be used for, and which right it takes. */
static inline DWORD view_protection(DWORD access, DWORD *right)
{
    *right = access & FILE_MAP_WRITE ? SECTION_MAP_WRITE : SECTION_MAP_READ;
    return access == FILE_MAP_COPY   ? PAGE_WRITECOPY
           : access & FILE_MAP_WRITE ? PAGE_READWRITE
           : access & FILE_MAP_READ  ? PAGE_READONLY
                                     : PAGE_NOACCESS;
}

static inline int is_taken(int process, uint64_t base, uint64_t length)
{
    VIEW *views = model.processes[process].views;
    int i;

    for (i = 0; i < MOST_VIEWS; ++i)
        if (views[i].used && base < views[i].base + views[i].length && views[i].base < base + length)
            return 1;
    return 0;
}

static inline void model_map(const CALL *call, OUTCOME *outcome)
{
    int process = process_of(call->actor);
    VIEW *view = model.processes[process].views;
    ENTRY *entry = find_handle(process, call->handle);
    OBJECT *section;
    DWORD right, protection = view_protection(call->access, &right);
    uint64_t length, size;

    if (call->offset % GRANULARITY || call->address % GRANULARITY) {
        fails(outcome, ERROR_MAPPED_ALIGNMENT);
        return;
    }
    if (call->address >= BEYOND_PROGRAMS) {
        fails(outcome, ERROR_INVALID_PARAMETER);
        return;
    }
    if (!entry || entry->object->kind != SECTION) {
        fails(outcome, ERROR_INVALID_HANDLE);
        return;
    }
    section = entry->object;
    size = whole_pages(section->size);
    length = call->size ? call->size : size - call->offset;
    if (!(entry->rights & right))
        fails(outcome, ERROR_ACCESS_DENIED);
    else if (right == SECTION_MAP_WRITE && !is_writable(section->protection))
        fails(outcome, ERROR_INVALID_PARAMETER);
    else if (call->offset >= size || length > size - call->offset)
        fails(outcome, ERROR_ACCESS_DENIED);
    else if (call->address && is_taken(process, call->address, whole_pages(length)))
        fails(outcome, ERROR_INVALID_ADDRESS);
    else {
        while (view->used)
            ++view;
        memset(view, 0, sizeof *view);
        view->used = 1, view->object = section, view->offset = call->offset, view->length = whole_pages(length);
        view->protection = protection;
        if (protection == PAGE_WRITECOPY)
            view->pages = malloc(view->length);
        ++section->views;
        outcome->unknown = NEW_VIEW, outcome->value = &view->base;
    }
}

static inline void model_unmap(const CALL *call, OUTCOME *outcome)
{
    VIEW *view = find_view(process_of(call->actor), call->address);

    if (!view) {
        fails(outcome, ERROR_INVALID_ADDRESS);
        return;
    }
    drop_view(view);
    succeeds(outcome, TRUE);
}

static inline void model_flush(const CALL *call, OUTCOME *outcome)
{
    VIEW *view = find_view(process_of(call->actor), call->address);

    if (!view || call->size > view->base + view->length - call->address)
        fails(outcome, ERROR_INVALID_ADDRESS);
    else
        succeeds(outcome, TRUE);
}

/* The bytes that a view shows at a distance from its beginning. */
static inline unsigned char *shown_at(const VIEW *view, uint64_t distance)
{
    if (view->detached[distance / PAGE])
        return view->pages + distance;
    return view->object->bytes + view->offset + distance;
}

/* Reads or writes 8 bytes that are within a page. */
static inline void model_touch(const CALL *call, OUTCOME *outcome)
{
    VIEW *view = find_view(process_of(call->actor), call->address);
    uint64_t distance = call->address - view->base, page = distance / PAGE;

    if (view->protection == PAGE_NOACCESS || (call->what == STORE && view->protection == PAGE_READONLY)) {
        succeeds(outcome, FAULT);
        return;
    }
    succeeds(outcome, TRUE);
    if (call->what == LOAD) {
        memcpy(&outcome->answer.outputs[0], shown_at(view, distance), 8);
        return;
    }
    if (view->protection == PAGE_WRITECOPY && !view->detached[page] && !planted("a copy view writes through")) {
        memcpy(view->pages + page * PAGE, shown_at(view, page * PAGE), PAGE);
        view->detached[page] = 1;
    }
    memcpy(shown_at(view, distance), &call->data, 8);
}

/* The protection that a page has by now. */
static inline DWORD protection_now(const VIEW *view, uint64_t page)
{
    return view->detached[page] ? PAGE_READWRITE : view->protection;
}

static inline int is_committed(const VIEW *view, uint64_t page)
{
    return !view->object->reserved || view->object->committed[view->offset / PAGE + page] ||
           planted("reserved pages are there");
}
static inline int are_alike(const VIEW *view, uint64_t page, uint64_t other)
{
    if (is_committed(view, page) != is_committed(view, other))
        return 0;
    return !is_committed(view, page) || protection_now(view, page) == protection_now(view, other);
}

/* VirtualAlloc commits pages of a reserved section in a view, and so in all of them. */
static inline void model_commit(const CALL *call, OUTCOME *outcome)
{
    VIEW *view = find_view(process_of(call->actor), call->address);
    uint64_t distance = call->address - view->base, page;

    if (call->size == 0) {
        fails(outcome, ERROR_INVALID_PARAMETER);
        return;
    }
    if (call->size > view->length - distance) {
        fails(outcome, ERROR_INVALID_ADDRESS);
        return;
    }
    for (page = distance / PAGE; page * PAGE < distance + call->size; ++page)
        view->object->committed[view->offset / PAGE + page] = 1;
    succeeds(outcome, view->base + distance / PAGE * PAGE);
}

/* VirtualQuery of an address in a view, or of one that no program can have. */
static inline void model_query(const CALL *call, OUTCOME *outcome)
{
    VIEW *view = find_view(process_of(call->actor), call->address);
    uint64_t page, end, *outputs = outcome->answer.outputs;

    if (call->size < sizeof(MEMORY_BASIC_INFORMATION)) {
        fails(outcome, ERROR_BAD_LENGTH);
        return;
    }
    if (!view) {
        fails(outcome, ERROR_INVALID_PARAMETER);
        return;
    }
    page = (call->address - view->base) / PAGE;
    for (end = page + 1; end < view->length / PAGE && are_alike(view, page, end); ++end)
        ;
    succeeds(outcome, sizeof(MEMORY_BASIC_INFORMATION));
    outputs[0] = view->base + page * PAGE;
    outputs[1] = view->base;
    outputs[2] = view->protection;
    outputs[3] = (end - page) * PAGE;
    outputs[4] = MEM_MAPPED | (is_committed(view, page) ? MEM_COMMIT : MEM_RESERVE);
    outputs[5] = is_committed(view, page) ? protection_now(view, page) : 0;
}

#endif
