/*
 * copies.c - two copies of the library in one process: the one that this program is linked with, as a shared
 * library or from the archive, and one of another path, as a plugin brings it. Each has its own handles, calls
 * nobody's functions but its own, and is traced for itself. The argument is the path.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "require.h"

enum { THREADS = 8, CALLS = 50, ROUNDS_AT_END = 3 };

/* What is used of the other copy. */
static HANDLE (*create_event)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCSTR);
static HANDLE (*create_mutex)(LPSECURITY_ATTRIBUTES, BOOL, LPCSTR);
static BOOL (*set_event)(HANDLE);
static DWORD (*wait_for)(HANDLE, DWORD);
static BOOL (*release_mutex)(HANDLE);
static LONG (*nt_close)(HANDLE);
static DWORD (*get_last_error)(void);
static HMODULE (*get_module)(LPCSTR);
static FARPROC (*get_function)(HMODULE, LPCSTR);

static HANDLE event, mutex, its_event, its_mutex;

static void find_all(const char *path)
{
    /* Not for all, and not bound to itself by the loader: what is linked stays in front. */
    void *copy = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    REQUIRE(copy != NULL);
    /* ISO C has no conversion from an object's address to a function's. */
#define FIND(function, name)                              \
    do {                                                  \
        void *address = dlsym(copy, name);                \
        REQUIRE(address != NULL);                         \
        memcpy(&(function), &address, sizeof address);    \
    } while (0)
    FIND(create_event, "CreateEventA");
    FIND(create_mutex, "CreateMutexA");
    FIND(set_event, "SetEvent");
    FIND(wait_for, "WaitForSingleObject");
    FIND(release_mutex, "ReleaseMutex");
    FIND(nt_close, "NtClose");
    FIND(get_last_error, "GetLastError");
    FIND(get_module, "GetModuleHandleA");
    FIND(get_function, "GetProcAddress");
    REQUIRE(set_event != SetEvent);
    REQUIRE((uintptr_t)get_function(get_module("kernel32"), "SetEvent") == (uintptr_t)set_event);
}

/* At a thread's end, also after both copies have left the thread. */
static pthread_key_t key;
static void at_thread_end(void *round)
{
    REQUIRE(SetEvent(event) && set_event(its_event));
    if ((size_t)round > 1)
        pthread_setspecific(key, (void *)((size_t)round - 1));
}
static void *use_both(void *unused)
{
    int i;

    REQUIRE(pthread_setspecific(key, (void *)ROUNDS_AT_END) == 0);
    for (i = 0; i < CALLS; ++i) {
        REQUIRE(SetEvent(event) && set_event(its_event));
        REQUIRE(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0 && wait_for(its_mutex, INFINITE) == WAIT_OBJECT_0);
        REQUIRE(ReleaseMutex(mutex) && release_mutex(its_mutex));
    }
    return unused;
}

int main(int count, char **arguments)
{
    pthread_t threads[THREADS];
    int i;

    alarm(60);
    REQUIRE(count == 2);
    find_all(arguments[1]);
    event = CreateEventA(NULL, TRUE, FALSE, "mine"), mutex = CreateMutexA(NULL, FALSE, NULL);
    its_event = create_event(NULL, TRUE, FALSE, "its"), its_mutex = create_mutex(NULL, FALSE, NULL);
    /* Each copy counts for itself. */
    REQUIRE(event != NULL && its_event == event && mutex != NULL && its_mutex == mutex);
    REQUIRE(set_event(its_event) && wait_for(its_event, 0) == WAIT_OBJECT_0);
    REQUIRE(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    SetLastError(77);
    REQUIRE(!set_event(NULL) && get_last_error() == ERROR_INVALID_HANDLE && GetLastError() == 77);

    REQUIRE(pthread_key_create(&key, at_thread_end) == 0);
    for (i = 0; i < THREADS; ++i)
        REQUIRE(pthread_create(&threads[i], NULL, use_both, NULL) == 0);
    for (i = 0; i < THREADS; ++i)
        REQUIRE(pthread_join(threads[i], NULL) == 0);
    REQUIRE(nt_close(its_event) == 0 && !set_event(its_event) && SetEvent(event));
    printf("%d\n", THREADS * (CALLS + ROUNDS_AT_END));
    return 0;
}
