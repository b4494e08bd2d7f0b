/*
 * model_rights.h - which rights there are to an object, and what is granted of those
 * that are asked for.
 */
#ifndef MODEL_RIGHTS_H
#define MODEL_RIGHTS_H

#include "model_calls.h"

static const DWORD all_rights[KINDS] = {
    MUTEX_ALL_ACCESS, EVENT_ALL_ACCESS, SEMAPHORE_ALL_ACCESS, TIMER_ALL_ACCESS, SECTION_ALL_ACCESS, THREAD_ALL_ACCESS,
};
/* Beside READ_CONTROL. */
static const DWORD generic_read[KINDS] = {
    MUTANT_QUERY_STATE, EVENT_QUERY_STATE, SEMAPHORE_QUERY_STATE, TIMER_QUERY_STATE,
    SECTION_QUERY | SECTION_MAP_READ, 0, /* what a task may be asked is not part of this */
};
static const DWORD generic_write[KINDS] = {
    0, EVENT_MODIFY_STATE, SEMAPHORE_MODIFY_STATE, TIMER_MODIFY_STATE, SECTION_MAP_WRITE, 0,
};
static const DWORD generic_execute[KINDS] = {
    SYNCHRONIZE, SYNCHRONIZE, SYNCHRONIZE, SYNCHRONIZE, SECTION_MAP_EXECUTE, SYNCHRONIZE,
};
/* What lets a handle signal: a mutex is released without any right. */
static const DWORD modify_right[KINDS] = {0, EVENT_MODIFY_STATE, SEMAPHORE_MODIFY_STATE, TIMER_MODIFY_STATE, 0, 0};
/* What SignalObjectAndWait can signal. */
static inline int can_be_signalled(int kind) { return kind == MUTEX || kind == EVENT || kind == SEMAPHORE; }

/* The rights that `access` means, or the error that it is. Of none, too, unless a handle may have none. */
static inline DWORD grant(int kind, DWORD access, int may_be_none, DWORD *error)
{
    DWORD rights = access & ~(GENERIC_ALL | GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | MAXIMUM_ALLOWED);

    *error = 0;
    if (access & ACCESS_SYSTEM_SECURITY)
        *error = ERROR_PRIVILEGE_NOT_HELD;
    else if (rights & ~all_rights[kind])
        *error = ERROR_ACCESS_DENIED;
    else if (access == 0 && !may_be_none)
        *error = ERROR_ACCESS_DENIED;
    if (access & GENERIC_READ)
        rights |= READ_CONTROL | generic_read[kind];
    if (access & GENERIC_WRITE)
        rights |= READ_CONTROL | generic_write[kind];
    if (access & GENERIC_EXECUTE)
        rights |= READ_CONTROL | generic_execute[kind];
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        rights |= all_rights[kind];
    return rights;
}

/* Only to OpenFileMapping FILE_MAP_COPY alone means reading, FILE_MAP_EXECUTE the right of that name. */
static inline DWORD section_access(DWORD access)
{
    if (access == FILE_MAP_COPY)
        return SECTION_MAP_READ;
    return access & FILE_MAP_EXECUTE ? (access & ~FILE_MAP_EXECUTE) | SECTION_MAP_EXECUTE : access;
}

#endif
