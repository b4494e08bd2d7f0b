/*
 * told.c - tells ThreadSanitizer what the library's objects order.
 *
 * The library is not instrumented: the sanitizer sees nothing of a mutex of winshm, and
 * would report what it guards. The linker puts these wrappers around the functions that
 * a test calls (--wrap): who signals an object releases it, before the call; who took an
 * object in a wait acquires it, after the call. Nothing else is told. So if the library
 * let two threads in at once, neither would have acquired what the other released, and
 * what they do there would be a race.
 *
 * With WINSHM_TELL_NOTHING in the environment nothing is told.
 */
#include <windows.h>

#include <process.h>
#include <stdio.h>
#include <stdlib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

/* This file is compiled without the sanitizer: its own lock must order nothing. */
static char lock;
static void take_lock(void)
{
    while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE))
        SwitchToThread();
}
static void leave_lock(void) { __atomic_clear(&lock, __ATOMIC_RELEASE); }

/* What stands for an object before the sanitizer: the place of the first handle to it. */
enum { MOST = 4096 };
static struct {
    HANDLE handle;
    int token;
} known[MOST];
static int count;
static char tokens[MOST];

/* The end of a thread, which signals it. */
static char ends;

static BOOL tells(void)
{
    static char answer;

    if (answer == 0)
        answer = getenv("WINSHM_TELL_NOTHING") != NULL ? 'n' : 'y';
    return answer == 'y';
}

static char *token_of(HANDLE handle)
{
    int i, same = -1, empty = -1;

    take_lock();
    for (i = 0; i < count && known[i].handle != handle; ++i) {
        if (known[i].handle == NULL)
            empty = i;
        else if (same < 0 && CompareObjectHandles(known[i].handle, handle))
            same = i;
    }
    if (i == count) {
        if (empty < 0 && count == MOST) {
            fprintf(stderr, "told.c: more than %d handles\n", MOST);
            abort();
        }
        i = empty < 0 ? count++ : empty;
        known[i].handle = handle;
        known[i].token = same < 0 ? i : known[same].token;
    }
    i = known[i].token;
    leave_lock();
    return &tokens[i];
}
/* The number of this handle may come again, for another object. */
static void forget(HANDLE handle)
{
    int i;

    take_lock();
    for (i = 0; i < count; ++i)
        if (known[i].handle == handle)
            known[i].handle = NULL;
    leave_lock();
}

static void released(HANDLE handle)
{
    DWORD error = GetLastError();

    if (tells())
        __tsan_release(token_of(handle));
    SetLastError(error);
}
static void acquired(HANDLE handle)
{
    DWORD error = GetLastError();

    if (tells()) {
        __tsan_acquire(token_of(handle));
        __tsan_acquire(&ends);
    }
    SetLastError(error);
}

#define WRAP(type, name, parameters) \
    type __real_##name parameters;   \
    type __wrap_##name parameters;   \
    type __wrap_##name parameters

WRAP(BOOL, SetEvent, (HANDLE event))
{
    released(event);
    return __real_SetEvent(event);
}
WRAP(BOOL, PulseEvent, (HANDLE event))
{
    released(event);
    return __real_PulseEvent(event);
}
WRAP(BOOL, ReleaseMutex, (HANDLE mutex))
{
    released(mutex);
    return __real_ReleaseMutex(mutex);
}
WRAP(BOOL, ReleaseSemaphore, (HANDLE semaphore, LONG more, LPLONG before))
{
    released(semaphore);
    return __real_ReleaseSemaphore(semaphore, more, before);
}
WRAP(BOOL, SetWaitableTimer,
     (HANDLE timer, const LARGE_INTEGER *due, LONG period, PTIMERAPCROUTINE routine, LPVOID argument, BOOL resume))
{
    released(timer);
    return __real_SetWaitableTimer(timer, due, period, routine, argument, resume);
}

/* A number of objects that no wait accepts is a test's mischief. */
static BOOL is_taken(DWORD result, DWORD first, DWORD objects)
{
    return objects <= MAXIMUM_WAIT_OBJECTS && result - first < objects;
}

static DWORD tell_of_one(HANDLE object, DWORD result)
{
    if (result == WAIT_OBJECT_0 || result == WAIT_ABANDONED)
        acquired(object);
    return result;
}
static DWORD tell_of_many(DWORD objects, const HANDLE *handles, BOOL all, DWORD result)
{
    BOOL abandoned = is_taken(result, WAIT_ABANDONED_0, objects);
    DWORD i;

    if (!abandoned && !is_taken(result, WAIT_OBJECT_0, objects))
        return result;
    if (!all)
        acquired(handles[result - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0)]);
    for (i = 0; all && i < objects; ++i)
        acquired(handles[i]);
    return result;
}

WRAP(BOOL, SetWaitableTimerEx,
     (HANDLE timer, const LARGE_INTEGER *due, LONG period, PTIMERAPCROUTINE routine, LPVOID argument,
      LPVOID context, ULONG delay))
{
    released(timer);
    return __real_SetWaitableTimerEx(timer, due, period, routine, argument, context, delay);
}

WRAP(DWORD, WaitForSingleObject, (HANDLE object, DWORD time))
{
    return tell_of_one(object, __real_WaitForSingleObject(object, time));
}
WRAP(DWORD, WaitForSingleObjectEx, (HANDLE object, DWORD time, BOOL alertable))
{
    return tell_of_one(object, __real_WaitForSingleObjectEx(object, time, alertable));
}
WRAP(DWORD, WaitForMultipleObjects, (DWORD objects, const HANDLE *handles, BOOL all, DWORD time))
{
    return tell_of_many(objects, handles, all, __real_WaitForMultipleObjects(objects, handles, all, time));
}
WRAP(DWORD, WaitForMultipleObjectsEx, (DWORD objects, const HANDLE *handles, BOOL all, DWORD time, BOOL alertable))
{
    return tell_of_many(objects, handles, all, __real_WaitForMultipleObjectsEx(objects, handles, all, time, alertable));
}
WRAP(DWORD, SignalObjectAndWait, (HANDLE signal, HANDLE object, DWORD time, BOOL alertable))
{
    released(signal);
    return tell_of_one(object, __real_SignalObjectAndWait(signal, object, time, alertable));
}

WRAP(BOOL, CloseHandle, (HANDLE handle))
{
    forget(handle);
    return __real_CloseHandle(handle);
}

/* Threads: that they begin is seen, for they are made by pthread_create. */
typedef struct START {
    LPTHREAD_START_ROUTINE routine;
    LPVOID argument;
} START;

static void ended(void)
{
    if (tells())
        __tsan_release(&ends);
}
static DWORD WINAPI begin(LPVOID argument)
{
    START start = *(START *)argument;
    DWORD code;

    free(argument);
    code = start.routine(start.argument);
    ended();
    return code;
}
static START *new_start(LPTHREAD_START_ROUTINE routine, LPVOID argument)
{
    START *start = (START *)malloc(sizeof *start);

    if (start == NULL)
        abort();
    start->routine = routine, start->argument = argument;
    return start;
}
WRAP(HANDLE, CreateThread,
     (LPSECURITY_ATTRIBUTES security, SIZE_T stack, LPTHREAD_START_ROUTINE routine, LPVOID argument, DWORD flags, LPDWORD id))
{
    START *start;
    HANDLE thread;

    if (routine == NULL)
        return __real_CreateThread(security, stack, routine, argument, flags, id);
    start = new_start(routine, argument);
    thread = __real_CreateThread(security, stack, begin, start, flags, id);
    if (thread == NULL)
        free(start);
    return thread;
}
void __real_ExitThread(DWORD code) WINSHM_NORETURN;
void __wrap_ExitThread(DWORD code) WINSHM_NORETURN;
void __wrap_ExitThread(DWORD code)
{
    ended();
    __real_ExitThread(code);
}
