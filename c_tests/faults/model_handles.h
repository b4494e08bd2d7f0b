/*
 * model_handles.h - creating and opening objects, and what is done with handles.
 */
#ifndef MODEL_HANDLES_H
#define MODEL_HANDLES_H

#include "model_names.h"
#include "model_rights.h"

/* What a section with this flProtect lets views do, or 0 if there is no such protection. */
static inline DWORD section_protection(DWORD given)
{
    static const DWORD possible[] = {PAGE_READONLY,     PAGE_READWRITE,         PAGE_WRITECOPY,
                                     PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY};
    size_t i;

    if ((given & SEC_COMMIT) && (given & SEC_RESERVE))
        return 0;
    for (i = 0; i < sizeof possible / sizeof possible[0]; ++i)
        if ((given & ~(SEC_COMMIT | SEC_RESERVE)) == possible[i])
            return possible[i];
    return 0;
}
static inline int is_writable(DWORD protection)
{
    return protection == PAGE_READWRITE || protection == PAGE_EXECUTE_READWRITE;
}

/* The first thing that is wrong with the arguments of a Create function, whatever the name; or 0. */
static inline DWORD creation_error(const CALL *call)
{
    static const DWORD flags[] = {CREATE_MUTEX_INITIAL_OWNER, CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET, 0,
                                  CREATE_WAITABLE_TIMER_MANUAL_RESET | CREATE_WAITABLE_TIMER_HIGH_RESOLUTION};

    if (call->what >= CREATE_MUTEX_EX && call->flags & ~flags[call->what - CREATE_MUTEX_EX])
        return ERROR_INVALID_PARAMETER;
    if (call->what == CREATE_SEMAPHORE || call->what == CREATE_SEMAPHORE_EX)
        return call->second <= 0 || call->first < 0 || call->first > call->second ? ERROR_INVALID_PARAMETER : 0;
    if (call->what == CREATE_SECTION) {
        if (section_protection(call->access) == 0)
            return ERROR_INVALID_PARAMETER;
        if (call->handle != 0 && call->handle != (uint64_t)(ULONG_PTR)INVALID_HANDLE_VALUE)
            return ERROR_INVALID_HANDLE;
        if (call->size == 0)
            return ERROR_INVALID_PARAMETER;
    }
    return 0;
}

/* What a new object is like. */
static inline void make_state(OBJECT *object, const CALL *call)
{
    int in_flags = call->what >= CREATE_MUTEX_EX;

    switch (object->kind) {
    case MUTEX:
        if (in_flags ? !!(call->flags & CREATE_MUTEX_INITIAL_OWNER) : !!call->first)
            object->owner = call->actor, object->depth = 1;
        break;
    case EVENT:
        object->manual = in_flags ? !!(call->flags & CREATE_EVENT_MANUAL_RESET) : !!call->first;
        object->set = in_flags ? !!(call->flags & CREATE_EVENT_INITIAL_SET) : !!call->second;
        break;
    case SEMAPHORE:
        object->count = call->first, object->limit = call->second;
        break;
    case TIMER:
        object->manual = in_flags ? !!(call->flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) : !!call->first;
        break;
    default:
        object->protection = section_protection(call->access);
        object->size = call->size, object->reserved = !!(call->access & SEC_RESERVE);
        object->bytes = calloc(1, whole_pages(call->size));
    }
}

static inline int kind_created(int what)
{
    return what >= CREATE_MUTEX_EX ? what - CREATE_MUTEX_EX : what - CREATE_MUTEX;
}

static inline void model_create(const CALL *call, OUTCOME *outcome)
{
    int kind = kind_created(call->what);
    DWORD error = creation_error(call), access = all_rights[kind], rights;
    OBJECT *object = NULL;

    if (!error && !has_no_name(call))
        error = name_error(call);
    if (!error && !has_no_name(call))
        object = named(object_of_name(call->text));
    if (!error && object && object->kind != kind)
        error = ERROR_INVALID_HANDLE;
    if (call->what >= CREATE_MUTEX_EX)
        access = call->access;
    if (call->what == CREATE_SECTION && !is_writable(section_protection(call->access)))
        access &= ~SECTION_MAP_WRITE;
    rights = grant(kind, access, 0, error ? &(DWORD){0} : &error);
    if (error) {
        fails(outcome, error);
        return;
    }
    outcome->answer.error = object ? ERROR_ALREADY_EXISTS : 0;
    if (!object) {
        object = new_object(kind, has_no_name(call) ? NAMELESS : object_of_name(call->text));
        make_state(object, call);
    }
    gives_handle(outcome, new_handle(process_of(call->actor), object, rights, call->inherit));
}

static inline void model_open(const CALL *call, OUTCOME *outcome)
{
    int kind = call->what - OPEN_MUTEX;
    DWORD access = kind == SECTION ? section_access(call->access) : call->access, rights, error = 0;
    OBJECT *object = NULL;

    if (call->text == NULL_NAME)
        error = ERROR_INVALID_PARAMETER;
    else if (names[call->text].object == EMPTY_NAME)
        error = ERROR_INVALID_HANDLE;
    else if ((error = name_error(call)) == 0 && (object = named(object_of_name(call->text))) == NULL)
        error = ERROR_FILE_NOT_FOUND;
    else if (!error && object->kind != kind)
        error = ERROR_INVALID_HANDLE;
    rights = grant(kind, access, 0, error ? &(DWORD){0} : &error);
    if (planted("opening gives all rights"))
        rights = all_rights[kind];
    if (error)
        fails(outcome, error);
    else
        gives_handle(outcome, new_handle(process_of(call->actor), object, rights, call->inherit));
}

static inline int is_pseudo(uint64_t handle)
{
    return handle == (uint64_t)(ULONG_PTR)GetCurrentProcess() || handle == (uint64_t)(ULONG_PTR)GetCurrentThread();
}

static inline void model_close(const CALL *call, OUTCOME *outcome)
{
    int process = process_of(call->actor);
    ENTRY *entry = find_handle(process, call->handle);

    if (!is_pseudo(call->handle) && (!entry || entry->flags & HANDLE_FLAG_PROTECT_FROM_CLOSE)) {
        fails(outcome, ERROR_INVALID_HANDLE);
        return;
    }
    if (entry)
        drop_handle(process, entry);
    succeeds(outcome, TRUE);
}

/* `other` is the process that is to get the handle; `all` says whether the new value is wanted at all. */
static inline void model_duplicate(const CALL *call, OUTCOME *outcome)
{
    int process = process_of(call->actor);
    int is_here = call->other == (uint64_t)(ULONG_PTR)GetCurrentProcess();
    int is_self = is_pseudo(call->handle), is_thread = call->handle == (uint64_t)(ULONG_PTR)GetCurrentThread();
    ENTRY *source = find_handle(process, call->handle);
    OBJECT *object = source ? source->object : NULL;
    DWORD error = 0, rights = is_self ? all_rights[TASK] : source ? source->rights : 0;

    if (call->flags & ~(DWORD)(DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE)) {
        fails(outcome, ERROR_INVALID_PARAMETER);
        return;
    }
    if (!source && !is_self) {
        fails(outcome, ERROR_INVALID_HANDLE);
        return;
    }
    if (!is_here)
        error = ERROR_INVALID_HANDLE;
    else if (!(call->flags & DUPLICATE_SAME_ACCESS) && !planted("a duplicate has the rights of its source"))
        rights = grant(is_self ? TASK : object->kind, call->access, 1, &error);
    if (error)
        fails(outcome, error);
    else
        succeeds(outcome, TRUE);
    if (!error && call->all) {
        if (is_self)
            object = task_object(is_thread ? call->actor : ACTORS + process);
        gives_handle(outcome, new_handle(process, object, rights, call->inherit));
        outcome->output_is_it = 1;
    }
    if (source && call->flags & DUPLICATE_CLOSE_SOURCE && !(source->flags & HANDLE_FLAG_PROTECT_FROM_CLOSE))
        drop_handle(process, source);
}

static inline void model_flags(const CALL *call, OUTCOME *outcome)
{
    const DWORD known = HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE;
    ENTRY *entry = find_handle(process_of(call->actor), call->handle);

    if (!entry) {
        fails(outcome, ERROR_INVALID_HANDLE);
        return;
    }
    succeeds(outcome, TRUE);
    if (call->what == GET_FLAGS)
        outcome->answer.outputs[0] = entry->flags;
    else
        entry->flags = (entry->flags & ~(call->access & known)) | (call->flags & call->access & known);
}

static inline void model_compare(const CALL *call, OUTCOME *outcome)
{
    ENTRY *first = find_handle(process_of(call->actor), call->handle);
    ENTRY *second = find_handle(process_of(call->actor), call->other);

    if (!first || !second)
        fails(outcome, ERROR_INVALID_HANDLE);
    else if (first->object != second->object)
        fails(outcome, ERROR_NOT_SAME_OBJECT);
    else
        succeeds(outcome, TRUE);
}

#endif
