/*
 * lifetimes.cpp - calls before main and after it: of globals, of a library's DllMain while it is loaded and
 * unloaded, of a thread's variables and at exit. -DPLUGIN: the library, which the program's argument names.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "require.h"

#ifdef PLUGIN

static HANDLE done;
static DWORD WINAPI set_done(LPVOID)
{
    return SetEvent(done) ? 5 : 6;
}
/* What Windows forbids in a DllMain, and programs do: to start a thread and to wait for it. */
static void work(const char *name)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, name);
    DWORD code = 0;

    REQUIRE(mutex != NULL && OpenMutexA(SYNCHRONIZE, FALSE, "nobody has it") == NULL);
    REQUIRE(GetLastError() == ERROR_FILE_NOT_FOUND);
    done = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, set_done, NULL, 0, NULL);
    REQUIRE(thread != NULL && WaitForSingleObject(done, INFINITE) == WAIT_OBJECT_0);
    REQUIRE(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && GetExitCodeThread(thread, &code) && code == 5);
    REQUIRE(CloseHandle(thread) && CloseHandle(done) && ReleaseMutex(mutex) && CloseHandle(mutex));
}
EXTERN_C BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID)
{
    work(reason == DLL_PROCESS_ATTACH ? "attached" : "detached");
    printf("%s\n", reason == DLL_PROCESS_ATTACH ? "attached" : "detached");
    return TRUE;
}

#else

/* An event that is set when its owner goes. */
class Signal {
public:
    explicit Signal(const char *name) : event(CreateEventA(NULL, TRUE, FALSE, name)) { REQUIRE(event != NULL); }
    ~Signal() { REQUIRE(SetEvent(event) && ResetEvent(event) && CloseHandle(event)); }
    void use() { REQUIRE(WaitForSingleObject(event, 0) == WAIT_TIMEOUT); }
    Signal(const Signal &) = delete;
    Signal &operator=(const Signal &) = delete;

private:
    HANDLE event;
};

static Signal global("global");
static thread_local Signal of_thread("of a thread");

/* In the last round of a thread's end, when the library has forgotten it more than once. */
static pthread_key_t key;
static void at_thread_end(void *round)
{
    if (reinterpret_cast<size_t>(round) > 1) {
        pthread_setspecific(key, reinterpret_cast<void *>(reinterpret_cast<size_t>(round) - 1));
        return;
    }
    Signal last("last round");
    last.use();
}
static DWORD WINAPI leaves(LPVOID library)
{
    REQUIRE(pthread_setspecific(key, reinterpret_cast<void *>(4)) == 0);
    of_thread.use();
    REQUIRE(dlclose(library) == 0);
    ExitThread(3);
}
static void at_exit(void)
{
    Signal late("at exit");
    late.use();
}

int main(int count, char **arguments)
{
    /* Before the library's first own handler, so that it runs after it; and one that comes first. */
    REQUIRE(count == 2 && atexit(at_exit) == 0 && pthread_key_create(&key, at_thread_end) == 0);
    alarm(60);
    global.use();
    of_thread.use();
    void *library = dlopen(arguments[1], RTLD_NOW);
    REQUIRE(library != NULL);
    HANDLE thread = CreateThread(NULL, 0, leaves, library, 0, NULL);
    DWORD code = 0;
    REQUIRE(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && GetExitCodeThread(thread, &code) && code == 3);
    REQUIRE(CloseHandle(thread) && atexit(at_exit) == 0);
    printf("main\n");
    return 0;
}

#endif
