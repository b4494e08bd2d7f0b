/*
 * model_waits.h - signalling objects, and waiting for them.
 */
#ifndef MODEL_WAITS_H
#define MODEL_WAITS_H

#include "model_handles.h"

/* The object of a handle of this kind with this right, or NULL and why not. */
static inline OBJECT *object_with(const CALL *call, uint64_t handle, int kind, DWORD right, OUTCOME *outcome)
{
    ENTRY *entry = find_handle(process_of(call->actor), handle);

    if (!entry || entry->object->kind != kind)
        fails(outcome, ERROR_INVALID_HANDLE);
    else if ((entry->rights & right) != right)
        fails(outcome, ERROR_ACCESS_DENIED);
    else
        return entry->object;
    return NULL;
}

/* Gives up, adds or sets; the error, or 0. */
static inline DWORD signal_object(OBJECT *object, int actor, int32_t count)
{
    if (object->kind == MUTEX) {
        if (object->owner != actor && !(planted("others release a mutex") && object->owner != NOBODY))
            return ERROR_NOT_OWNER;
        if (--object->depth == 0)
            object->owner = NOBODY;
    } else if (object->kind == SEMAPHORE) {
        if (count > object->limit - object->count && !planted("a semaphore has no maximum"))
            return ERROR_TOO_MANY_POSTS;
        object->count += count;
    } else {
        object->set = 1;
    }
    return 0;
}

/* SetEvent, ResetEvent, PulseEvent, ReleaseMutex, ReleaseSemaphore. `all`: the count before is wanted. */
static inline void model_signal(const CALL *call, OUTCOME *outcome)
{
    int kind = call->what == RELEASE_MUTEX ? MUTEX : call->what == RELEASE_SEMAPHORE ? SEMAPHORE : EVENT;
    OBJECT *object = object_with(call, call->handle, kind, modify_right[kind], outcome);
    int32_t before;
    DWORD error = 0;

    if (!object)
        return;
    before = object->count;
    if (call->what == RELEASE_SEMAPHORE && call->first <= 0)
        error = ERROR_INVALID_PARAMETER;
    else if (call->what == RESET_EVENT)
        object->set = 0;
    else if (call->what == PULSE_EVENT)
        object->set = 1, model.pulsed = object;
    else
        error = signal_object(object, call->actor, call->first);
    if (error) {
        fails(outcome, error);
        return;
    }
    succeeds(outcome, TRUE);
    if (call->what == RELEASE_SEMAPHORE && call->all)
        outcome->answer.outputs[0] = (uint64_t)before;
}

/* A due time is past (it fires at once) or hours away. `all`: no due time at all. */
static inline void model_timer(const CALL *call, OUTCOME *outcome)
{
    OBJECT *object = object_with(call, call->handle, TIMER, TIMER_MODIFY_STATE, outcome);

    if (!object)
        return;
    if (call->what == SET_TIMER) {
        if (call->second < 0 || call->all) {
            fails(outcome, call->all ? ERROR_NOACCESS : ERROR_INVALID_PARAMETER);
            return;
        }
        object->set = (int64_t)call->data >= 0 && call->data < 1000;
        if (call->flags)
            outcome->answer.error = ERROR_NOT_SUPPORTED;
    } else if (planted("cancelling a timer unsets it")) {
        object->set = 0;
    }
    succeeds(outcome, TRUE);
}

static inline int is_ready(const OBJECT *object, int actor)
{
    switch (object->kind) {
    case MUTEX: return object->owner == NOBODY || object->owner == actor;
    case SEMAPHORE: return object->count > 0;
    default: return object->set;
    }
}
/* What a wait takes of an object. Whether it was an abandoned mutex. */
static inline int take(OBJECT *object, int actor)
{
    int abandoned = object->abandoned;

    if (object->kind == MUTEX)
        object->owner = actor, ++object->depth;
    else if (object->kind == SEMAPHORE)
        --object->count;
    else if (!object->manual && !planted("an auto-reset event stays set"))
        object->set = 0;
    if (!planted("abandoned is told twice"))
        object->abandoned = 0;
    return abandoned;
}

/* Takes what a wait can take now. Whether that ends it. */
static inline int try_wait(const WAIT *wait, int actor, uint64_t *result)
{
    DWORD i, ready = 0, chosen = 0;
    int abandoned = 0;

    for (i = 0; i < wait->count; ++i)
        if (is_ready(wait->objects[i], actor) && (++ready == 1 || planted("the last of any is taken")))
            chosen = i;
    if (ready == 0)
        return 0;
    if (!wait->all) {
        abandoned = take(wait->objects[chosen], actor);
        *result = (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + chosen;
        return 1;
    }
    if (ready < wait->count && !planted("all takes what is there"))
        return 0;
    for (i = 0; i < wait->count; ++i)
        if (is_ready(wait->objects[i], actor))
            abandoned |= take(wait->objects[i], actor);
    *result = abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;
    return ready == wait->count;
}
/* A wait that slept came back with `result`: whether it may, with what there is now. Takes it if so. */
static inline int may_end_with(const WAIT *wait, int actor, uint64_t result)
{
    uint64_t index = result >= WAIT_ABANDONED_0 ? result - WAIT_ABANDONED_0 : result;
    WAIT one = *wait;
    uint64_t expected;

    if (!wait->all) { /* one that is ready; several may have become so in one step */
        if (index >= wait->count)
            return 0;
        one.objects[0] = wait->objects[index], one.count = 1;
        result -= index;
    }
    return try_wait(&one, actor, &expected) && expected == result;
}
static inline int can_end(const WAIT *wait, int actor)
{
    DWORD i, ready = 0;

    for (i = 0; i < wait->count; ++i)
        ready += (DWORD)is_ready(wait->objects[i], actor);
    return wait->all ? ready == wait->count : ready > 0;
}

static inline DWORD add_waited(WAIT *wait, const CALL *call, uint64_t handle)
{
    ENTRY *entry = find_handle(process_of(call->actor), handle);

    if (!entry)
        return ERROR_INVALID_HANDLE;
    if (!(entry->rights & SYNCHRONIZE))
        return ERROR_ACCESS_DENIED;
    wait->objects[wait->count++] = entry->object;
    return 0;
}
static inline int has_one_twice(const WAIT *wait)
{
    DWORD i, k;

    for (i = 0; i < wait->count; ++i)
        for (k = i + 1; k < wait->count; ++k)
            if (wait->objects[i] == wait->objects[k])
                return 1;
    return 0;
}

/* The handles of a wait, in the order in which they are looked at; the error, or 0. */
static inline DWORD waited_for(const CALL *call, WAIT *wait)
{
    DWORD i, error = 0;

    wait->count = 0, wait->all = call->what == WAIT_MANY && call->all;
    if (call->what == WAIT_ONE && is_pseudo(call->handle))
        return 0;
    if (call->what != WAIT_MANY)
        return add_waited(wait, call, call->what == WAIT_ONE ? call->handle : call->other);
    if (call->count == 0 || call->count > MAXIMUM_WAIT_OBJECTS)
        return ERROR_INVALID_PARAMETER;
    for (i = 0; i < call->count && !error; ++i)
        error = add_waited(wait, call, call->handles[i]);
    if (!error && wait->all && has_one_twice(wait))
        error = ERROR_INVALID_PARAMETER;
    return error;
}

/* The first half of SignalObjectAndWait. */
static inline DWORD signal_first(const CALL *call)
{
    ENTRY *entry = find_handle(process_of(call->actor), call->handle);
    int kind = entry->object->kind;

    if (!can_be_signalled(kind))
        return ERROR_INVALID_HANDLE;
    if ((entry->rights & modify_right[kind]) != modify_right[kind])
        return ERROR_ACCESS_DENIED;
    return signal_object(entry->object, call->actor, 1);
}

static inline void model_wait(const CALL *call, OUTCOME *outcome)
{
    WAIT *wait = &model.waits[call->actor];
    DWORD error = 0;

    if (call->what == SIGNAL_AND_WAIT && !find_handle(process_of(call->actor), call->handle))
        error = ERROR_INVALID_HANDLE;
    if (!error)
        error = waited_for(call, wait);
    if (!error && call->what == SIGNAL_AND_WAIT)
        error = signal_first(call);
    if (error) {
        fails(outcome, error);
        outcome->answer.result = WAIT_FAILED;
    } else if (!try_wait(wait, call->actor, &outcome->answer.result)) {
        outcome->answer.result = WAIT_TIMEOUT;
        if (call->timeout == INFINITE)
            outcome->unknown = SLEEPS, model.asleep[call->actor] = 1;
    }
}

#endif
