/*
 * model_calls.h - what can be called, with which arguments, and what comes back.
 */
#ifndef MODEL_CALLS_H
#define MODEL_CALLS_H

#include "model_objects.h"

#define CALLS(X)                                                                                                     \
    X(CREATE_MUTEX, CreateMutex) X(CREATE_EVENT, CreateEvent) X(CREATE_SEMAPHORE, CreateSemaphore)                   \
    X(CREATE_TIMER, CreateWaitableTimer) X(CREATE_SECTION, CreateFileMapping)                                        \
    X(CREATE_MUTEX_EX, CreateMutexEx) X(CREATE_EVENT_EX, CreateEventEx) X(CREATE_SEMAPHORE_EX, CreateSemaphoreEx)    \
    X(CREATE_TIMER_EX, CreateWaitableTimerEx)                                                                        \
    X(OPEN_MUTEX, OpenMutex) X(OPEN_EVENT, OpenEvent) X(OPEN_SEMAPHORE, OpenSemaphore)                               \
    X(OPEN_TIMER, OpenWaitableTimer) X(OPEN_SECTION, OpenFileMapping)                                                \
    X(CLOSE, CloseHandle) X(DUPLICATE, DuplicateHandle) X(GET_FLAGS, GetHandleInformation)                           \
    X(SET_FLAGS, SetHandleInformation) X(COMPARE, CompareObjectHandles)                                              \
    X(SET_EVENT, SetEvent) X(RESET_EVENT, ResetEvent) X(PULSE_EVENT, PulseEvent) X(RELEASE_MUTEX, ReleaseMutex)      \
    X(RELEASE_SEMAPHORE, ReleaseSemaphore) X(SET_TIMER, SetWaitableTimer) X(CANCEL_TIMER, CancelWaitableTimer)       \
    X(WAIT_ONE, WaitForSingleObject) X(WAIT_MANY, WaitForMultipleObjects) X(SIGNAL_AND_WAIT, SignalObjectAndWait)    \
    X(MAP, MapViewOfFile) X(MAP_AT, MapViewOfFileEx) X(UNMAP, UnmapViewOfFile) X(FLUSH, FlushViewOfFile)             \
    X(QUERY, VirtualQuery) X(COMMIT, VirtualAlloc) X(LOAD, load) X(STORE, store)                                     \
    X(SEGMENT_CREATE, SharedMemoryCreate) X(SEGMENT_OPEN, SharedMemoryOpen)                                          \
    X(SEGMENT_OPEN_READ, SharedMemoryOpenReadOnly) X(SEGMENT_WRITE, SharedMemoryWriteAt)                             \
    X(SEGMENT_READ, SharedMemoryReadAt) X(SEGMENT_WAIT, SharedMemoryWait) X(SEGMENT_STAT, SharedMemoryStat)          \
    X(SEGMENT_CLOSE, SharedMemoryClose) X(SEGMENT_FREE, SharedMemoryFree)                                            \
    X(END_THREAD, thread_ends) X(END_PROCESS, process_exits) X(KILL_PROCESS, process_is_killed)

#define AS_ENUM(symbol, text) symbol,
enum { CALLS(AS_ENUM) CALL_COUNT };
#define AS_TEXT(symbol, text) #text,
static const char *const call_names[] = {CALLS(AS_TEXT)};

/* What no function stores: an output that still has it was not written. */
#define UNTOUCHED 0x5A5A5A5A5A5A5A5Aull
/* The result of touching memory that may not be touched. */
#define FAULT 0xFA017ull
enum { NULL_NAME = -1, OUTPUTS = 6, MOST_WAITED = 66 };

/* A call. Each uses what it needs; the rest is 0. */
typedef struct CALL {
    int what, actor;
    int text, wide;        /* which name, and by the function for wide strings */
    uint64_t handle, other; /* handles or, of a SharedMemory, its pointer */
    DWORD access, flags, timeout, count;
    int inherit, all;
    int32_t first, second; /* counts */
    uint64_t offset, size, address, data;
    uint64_t handles[MOST_WAITED];
} CALL;

/* What came back, or, from the model, what must come back. */
typedef struct ANSWER {
    uint64_t result, outputs[OUTPUTS];
    DWORD error;
} ANSWER;

/* What is not known before the call: a value that the library chooses. */
enum { KNOWN, NEW_HANDLE, NEW_VIEW, NEW_SEGMENT, SLEEPS };
typedef struct OUTCOME {
    int unknown;
    uint64_t *value; /* where the model keeps the value that comes back */
    ANSWER answer;
    int output_is_it; /* it comes back in outputs[0], and the result is known */
} OUTCOME;

static inline void begin_answer(ANSWER *answer)
{
    int i;

    memset(answer, 0, sizeof *answer);
    for (i = 0; i < OUTPUTS; ++i)
        answer->outputs[i] = UNTOUCHED;
    answer->error = SENTINEL;
}

/* The ways to end a call in the model. */
static inline void succeeds(OUTCOME *outcome, uint64_t result) { outcome->answer.result = result; }
static inline void fails(OUTCOME *outcome, DWORD error)
{
    outcome->answer.result = 0;
    outcome->answer.error = error;
}
static inline void gives_handle(OUTCOME *outcome, ENTRY *entry)
{
    outcome->unknown = NEW_HANDLE;
    outcome->value = &entry->value;
}

static inline int creates(int what) { return what <= CREATE_TIMER_EX || what == SEGMENT_CREATE; }
static inline int opens(int what) { return what >= OPEN_MUTEX && what <= OPEN_SECTION; }
static inline int waits(int what) { return what >= WAIT_ONE && what <= SIGNAL_AND_WAIT; }
static inline int is_segment_call(int what) { return what >= SEGMENT_CREATE && what <= SEGMENT_FREE; }

#endif
