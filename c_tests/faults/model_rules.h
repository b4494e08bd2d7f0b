/*
 * model_rules.h - which calls are not made, because what must come back is not said
 * anywhere, or because the driver has no room for it.
 */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "model_actors.h"
#include "model_report.h"
#include "model_views.h"
#include "model_waits.h"

enum { OLD_AGE = 5000 };

static inline int waits_for(int actor, const OBJECT *object)
{
    const WAIT *wait = &model.waits[actor];
    DWORD i;

    for (i = 0; model.asleep[actor] && i < wait->count; ++i)
        if (wait->objects[i] == object)
            return 1;
    return 0;
}
static inline int somebody_waits_for(const OBJECT *object)
{
    int actor;

    for (actor = 0; actor < ACTORS; ++actor)
        if (waits_for(actor, object))
            return 1;
    return 0;
}
/* PulseEvent in winshm.h: who waits for all misses it, and of an auto-reset event who is not awake within 250 ms. */
static inline int may_miss_pulse(const OBJECT *object)
{
    int actor;

    for (actor = 0; actor < ACTORS; ++actor)
        if (waits_for(actor, object) && (model.waits[actor].all || !object->manual))
            return 1;
    return 0;
}

/* Whether a thread of this process sleeps on this very handle: closing it then is undefined. */
static inline int is_slept_on(int process, uint64_t handle)
{
    int i;
    DWORD k;

    for (i = process * THREADS; i < (process + 1) * THREADS; ++i) {
        const CALL *call = &slot_of(i)->call;

        if (!model.asleep[i])
            continue;
        if (call->handle == handle || call->other == handle)
            return 1;
        for (k = 0; k < call->count; ++k)
            if (call->handles[k] == handle)
                return 1;
    }
    return 0;
}

/* One sleeper in a process, so that the other can do something for him; and no two that wait for the same: nobody
   says who would get it. */
static inline int may_sleep(const CALL *call)
{
    WAIT wait;
    int first = process_of(call->actor) * THREADS, thread, asleep = 0;
    DWORD i;

    for (thread = first; thread < first + THREADS; ++thread)
        asleep += model.asleep[thread];
    if (waited_for(call, &wait))
        return 1; /* it fails */
    for (i = 0; i < wait.count; ++i)
        if (somebody_waits_for(wait.objects[i]))
            return 0;
    return asleep < THREADS - 1 && wait.count > 0;
}

/* What SignalObjectAndWait signals is what a sleeper and it itself want: either may have it. */
static inline int is_contested(const CALL *call)
{
    ENTRY *first = find_handle(process_of(call->actor), call->handle);
    ENTRY *second = find_handle(process_of(call->actor), call->other);

    return first && second && somebody_waits_for(first->object) && somebody_waits_for(second->object);
}

/* Rights that nobody can have, and a bad name, one that is taken, or bad arguments. */
static inline int creates_with_two_errors(const CALL *call)
{
    int kind = kind_created(call->what), bad_name = !has_no_name(call) && name_error(call);
    OBJECT *object = has_no_name(call) ? NULL : named(object_of_name(call->text));
    DWORD error = 0;

    grant(kind, call->access, 0, &error);
    return error && (creation_error(call) || bad_name || (object && object->kind != kind));
}
/* One handle that cannot be signalled, one that cannot be waited for. */
static inline int signals_with_two_errors(const CALL *call, const ENTRY *entry)
{
    int kind = entry ? entry->object->kind : SECTION;
    int is_good = can_be_signalled(kind) && (entry->rights & modify_right[kind]) == modify_right[kind];
    WAIT wait;

    return !is_good && waited_for(call, &wait);
}
/* An impossible address, and nothing that could be mapped there either. */
static inline int maps_with_two_errors(const CALL *call, const ENTRY *entry)
{
    DWORD right;

    if (call->address < BEYOND_PROGRAMS)
        return 0;
    view_protection(call->access, &right);
    if (!entry || entry->object->kind != SECTION || !(entry->rights & right) || call->offset)
        return 1;
    return (right == SECTION_MAP_WRITE && !is_writable(entry->object->protection)) ||
           call->size > whole_pages(entry->object->size);
}

/* Of several that are ready the first is taken, but one that a dead process slept on may be passed over once
   (docs/concepts.md#waiting). */
static inline int may_pass_over(const CALL *call)
{
    WAIT wait;
    DWORD i, ready = 0, lost = 0;

    if (waited_for(call, &wait) || wait.all)
        return 0;
    for (i = 0; i < wait.count; ++i) {
        ready += (DWORD)is_ready(wait.objects[i], call->actor);
        lost += (DWORD)wait.objects[i]->lost_sleeper;
    }
    return ready > 1 && lost > 0;
}

static inline int is_to_be_made(const CALL *call)
{
    int process = process_of(call->actor);
    ENTRY *entry = find_handle(process, call->handle);
    VIEW *view = find_view(process, call->address);
    OBJECT *object;

    if (count_handles(process) > MOST_HANDLES - 3 && call->what <= DUPLICATE && call->what != CLOSE)
        return 0;
    if ((call->what == CLOSE || call->what == DUPLICATE) && is_slept_on(process, call->handle))
        return 0;
    if (call->what == PULSE_EVENT && entry && may_miss_pulse(entry->object))
        return 0;
    if (call->what == SIGNAL_AND_WAIT && is_contested(call))
        return 0;
    if (waits(call->what) && call->timeout == INFINITE && (model.plant || !may_sleep(call)))
        return 0; /* of a wrong model nobody knows when somebody would wake up */
    if (call->what == WAIT_MANY && call->timeout != 0 && may_pass_over(call))
        return 0;
    if ((call->what == MAP || call->what == MAP_AT) && count_views(process) == MOST_VIEWS)
        return 0;
    if ((call->what == LOAD || call->what == STORE) && view && !is_committed(view, (call->address - view->base) / PAGE))
        return 0; /* it can be touched here, and faults on Windows (docs/differences.md) */
    if (call->what >= QUERY && call->what <= STORE && call->address == 0)
        return 0; /* there is no view */
    if (call->what >= SEGMENT_CREATE && call->what <= SEGMENT_OPEN_READ) {
        object = has_no_name(call) || name_error(call) ? NULL : named(object_of_name(call->text));
        if (count_segments(process) == MOST_SEGMENTS)
            return 0;
        if (object && object->kind == SECTION && (object->protection != PAGE_READWRITE || object->reserved))
            return 0; /* SharedMemory.h knows one kind of section only */
    }
    if (call->what >= END_PROCESS && step_count / OLD_AGE % 2)
        return 0; /* for a time nobody dies, so that processes grow old */
    if (call->what >= CREATE_MUTEX_EX && call->what <= CREATE_TIMER_EX)
        return !creates_with_two_errors(call);
    if (call->what == SIGNAL_AND_WAIT)
        return !signals_with_two_errors(call, entry);
    return call->what != MAP_AT || !maps_with_two_errors(call, entry);
}

#endif
