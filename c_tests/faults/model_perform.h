/*
 * model_perform.h - makes the calls, in a process under test.
 */
#ifndef MODEL_PERFORM_H
#define MODEL_PERFORM_H

#include "SharedMemory.h"
#include "model_segments.h"
#include <setjmp.h>

static inline HANDLE as_handle(uint64_t value) { return (HANDLE)(ULONG_PTR)value; }
static inline uint64_t as_number(const volatile void *pointer) { return (uint64_t)(ULONG_PTR)pointer; }

static __thread sigjmp_buf after_fault;
static inline void on_fault(int signal_number)
{
    (void)signal_number;
    siglongjmp(after_fault, 1);
}
static inline void catch_faults(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_fault;
    action.sa_flags = SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
}

/* A name, as the A or the W function takes it. */
static inline const char *narrow_name(const CALL *call)
{
    return call->text == NULL_NAME ? NULL : names[call->text].text;
}
static inline const WCHAR *wide_name(const CALL *call)
{
    static __thread WCHAR wide[1100];
    const char *text = narrow_name(call);
    size_t i = 0;

    if (text == NULL)
        return NULL;
    for (; text[i]; ++i)
        wide[i] = (WCHAR)text[i];
    wide[i] = 0;
    return wide;
}
/* `n` and `w` are the name, narrow and wide. */
static inline HANDLE perform_create(const CALL *call)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, call->inherit};
    SECURITY_ATTRIBUTES *given = call->inherit ? &attributes : NULL;
    DWORD high = (DWORD)(call->size >> 32), low = (DWORD)call->size, flags = call->flags, access = call->access;
    HANDLE file = as_handle(call->handle);
    const char *n = narrow_name(call);
    const WCHAR *w = wide_name(call);
    LONG a = call->first, b = call->second;
    int wide = call->wide;

    switch (call->what) {
    case CREATE_MUTEX: return wide ? CreateMutexW(given, a, w) : CreateMutexA(given, a, n);
    case CREATE_EVENT: return wide ? CreateEventW(given, a, b, w) : CreateEventA(given, a, b, n);
    case CREATE_SEMAPHORE: return wide ? CreateSemaphoreW(given, a, b, w) : CreateSemaphoreA(given, a, b, n);
    case CREATE_TIMER: return wide ? CreateWaitableTimerW(given, a, w) : CreateWaitableTimerA(given, a, n);
    case CREATE_SECTION:
        return wide ? CreateFileMappingW(file, given, access, high, low, w)
                    : CreateFileMappingA(file, given, access, high, low, n);
    case CREATE_MUTEX_EX:
        return wide ? CreateMutexExW(given, w, flags, access) : CreateMutexExA(given, n, flags, access);
    case CREATE_EVENT_EX:
        return wide ? CreateEventExW(given, w, flags, access) : CreateEventExA(given, n, flags, access);
    case CREATE_SEMAPHORE_EX:
        return wide ? CreateSemaphoreExW(given, a, b, w, flags, access)
                    : CreateSemaphoreExA(given, a, b, n, flags, access);
    default:
        return wide ? CreateWaitableTimerExW(given, w, flags, access) : CreateWaitableTimerExA(given, n, flags, access);
    }
}

static inline HANDLE perform_open(const CALL *call)
{
    DWORD access = call->access;
    const char *n = narrow_name(call);
    const WCHAR *w = wide_name(call);
    int wide = call->wide, inherit = call->inherit;

    switch (call->what) {
    case OPEN_MUTEX: return wide ? OpenMutexW(access, inherit, w) : OpenMutexA(access, inherit, n);
    case OPEN_EVENT: return wide ? OpenEventW(access, inherit, w) : OpenEventA(access, inherit, n);
    case OPEN_SEMAPHORE: return wide ? OpenSemaphoreW(access, inherit, w) : OpenSemaphoreA(access, inherit, n);
    case OPEN_TIMER: return wide ? OpenWaitableTimerW(access, inherit, w) : OpenWaitableTimerA(access, inherit, n);
    default: return wide ? OpenFileMappingW(access, inherit, w) : OpenFileMappingA(access, inherit, n);
    }
}

static inline uint64_t perform_on_handle(const CALL *call, uint64_t *outputs)
{
    HANDLE handle = as_handle(call->handle), *wanted = call->all ? (HANDLE *)(void *)outputs : NULL;
    LARGE_INTEGER due;
    DWORD flags;
    LONG before;
    BOOL done;

    switch (call->what) {
    case CLOSE: return (uint64_t)CloseHandle(handle);
    case DUPLICATE:
        return (uint64_t)DuplicateHandle(GetCurrentProcess(), handle, as_handle(call->other), wanted, call->access,
                                         call->inherit, call->flags);
    case GET_FLAGS:
        done = GetHandleInformation(handle, &flags);
        if (done)
            outputs[0] = flags;
        return (uint64_t)done;
    case SET_FLAGS: return (uint64_t)SetHandleInformation(handle, call->access, call->flags);
    case COMPARE: return (uint64_t)CompareObjectHandles(handle, as_handle(call->other));
    case SET_EVENT: return (uint64_t)SetEvent(handle);
    case RESET_EVENT: return (uint64_t)ResetEvent(handle);
    case PULSE_EVENT: return (uint64_t)PulseEvent(handle);
    case RELEASE_MUTEX: return (uint64_t)ReleaseMutex(handle);
    case RELEASE_SEMAPHORE:
        before = -77;
        done = ReleaseSemaphore(handle, call->first, call->all ? &before : NULL);
        if (before != -77)
            outputs[0] = (uint64_t)before;
        return (uint64_t)done;
    case SET_TIMER:
        due.QuadPart = (LONGLONG)call->data;
        return (uint64_t)SetWaitableTimer(handle, call->all ? NULL : &due, call->second, NULL, NULL, (BOOL)call->flags);
    default: return (uint64_t)CancelWaitableTimer(handle);
    }
}

static inline uint64_t perform_wait(const CALL *call)
{
    HANDLE handles[MOST_WAITED];
    DWORD i;

    if (call->what == WAIT_ONE)
        return call->wide ? WaitForSingleObjectEx(as_handle(call->handle), call->timeout, TRUE)
                          : WaitForSingleObject(as_handle(call->handle), call->timeout);
    if (call->what == SIGNAL_AND_WAIT)
        return SignalObjectAndWait(as_handle(call->handle), as_handle(call->other), call->timeout, call->wide);
    for (i = 0; i < call->count; ++i)
        handles[i] = as_handle(call->handles[i]);
    return call->wide ? WaitForMultipleObjectsEx(call->count, handles, call->all, call->timeout, FALSE)
                      : WaitForMultipleObjects(call->count, handles, call->all, call->timeout);
}

static inline uint64_t perform_on_memory(const CALL *call, uint64_t *outputs)
{
    DWORD high = (DWORD)(call->offset >> 32), low = (DWORD)call->offset;
    void *address = as_handle(call->address);
    MEMORY_BASIC_INFORMATION found;
    uint64_t done;

    switch (call->what) {
    case MAP: return as_number(MapViewOfFile(as_handle(call->handle), call->access, high, low, call->size));
    case MAP_AT:
        return as_number(MapViewOfFileEx(as_handle(call->handle), call->access, high, low, call->size, address));
    case COMMIT: return as_number(VirtualAlloc(address, call->size, MEM_COMMIT, PAGE_READWRITE));
    case UNMAP: return (uint64_t)UnmapViewOfFile(address);
    case FLUSH: return (uint64_t)FlushViewOfFile(address, call->size);
    case QUERY:
        if ((done = VirtualQuery(address, &found, call->size)) != 0) {
            outputs[0] = as_number(found.BaseAddress), outputs[1] = as_number(found.AllocationBase);
            outputs[2] = found.AllocationProtect, outputs[3] = found.RegionSize;
            outputs[4] = found.State | found.Type, outputs[5] = found.Protect;
        }
        return done;
    default:
        if (sigsetjmp(after_fault, 0))
            return FAULT;
        if (call->what == LOAD)
            outputs[0] = *(volatile uint64_t *)address;
        else
            *(volatile uint64_t *)address = call->data;
        return TRUE;
    }
}

static inline uint64_t perform_on_segment(const CALL *call, uint64_t *outputs)
{
    static __thread unsigned char bytes[MOST_COPIED];
    SharedMemory *memory = (SharedMemory *)as_handle(call->handle), **opened = (SharedMemory **)(void *)outputs;
    SharedMemoryInfo info;
    uint64_t result;

    switch (call->what) {
    case SEGMENT_CREATE: return (uint64_t)SharedMemoryCreate(narrow_name(call), call->size, opened);
    case SEGMENT_OPEN: return (uint64_t)SharedMemoryOpen(narrow_name(call), opened);
    case SEGMENT_OPEN_READ: return (uint64_t)SharedMemoryOpenReadOnly(narrow_name(call), opened);
    case SEGMENT_WRITE:
        fill(bytes, call->size, call->data);
        return (uint64_t)SharedMemoryWriteAt(memory, call->offset, bytes, call->size);
    case SEGMENT_READ:
        if ((result = (uint64_t)SharedMemoryReadAt(memory, call->offset, bytes, call->size)) == 0)
            outputs[0] = summary(bytes, call->size);
        return result;
    case SEGMENT_WAIT: outputs[0] = call->data; return (uint64_t)SharedMemoryWait(memory, &outputs[0], 0);
    case SEGMENT_STAT:
        info.struct_size = sizeof info;
        if ((result = (uint64_t)SharedMemoryStat(memory, &info)) == 0) {
            outputs[0] = info.size, outputs[1] = info.sequence;
            outputs[2] = (uint64_t)info.created, outputs[3] = (uint64_t)info.read_only;
        }
        return result;
    case SEGMENT_CLOSE: return (uint64_t)SharedMemoryClose(memory);
    default: return (uint64_t)SharedMemoryFree(memory);
    }
}

/* Makes a call and says what came back. */
static inline void perform(const CALL *call, ANSWER *answer)
{
    begin_answer(answer);
    SetLastError(SENTINEL);
    if (is_segment_call(call->what))
        answer->result = perform_on_segment(call, answer->outputs);
    else if (creates(call->what))
        answer->result = as_number(perform_create(call));
    else if (opens(call->what))
        answer->result = as_number(perform_open(call));
    else if (waits(call->what))
        answer->result = perform_wait(call);
    else if (call->what >= MAP)
        answer->result = perform_on_memory(call, answer->outputs);
    else
        answer->result = perform_on_handle(call, answer->outputs);
    answer->error = GetLastError();
}

#endif
