/*
 * A portable library's layer for threads, locks and clocks: the branch of _WIN32
 * is built on windows.h, the other one on pthreads.
 *
 * Start it without arguments.
 */
#include <stdio.h>
#include <stdlib.h>

#ifdef _WIN32

#include <windows.h>

typedef HANDLE os_thread;
typedef CRITICAL_SECTION os_lock;
typedef DWORD os_result;
#define OS_CALL WINAPI
static const char os_name[] = "Windows";

static os_thread os_start(os_result(OS_CALL *run)(void *), void *argument)
{
    return CreateThread(NULL, 0, (LPTHREAD_START_ROUTINE)run, argument, 0, NULL);
}
static void os_join(os_thread thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}
static void os_init(os_lock *lock) { InitializeCriticalSectionAndSpinCount(lock, 4000); }
static void os_destroy(os_lock *lock) { DeleteCriticalSection(lock); }
static void os_enter(os_lock *lock) { EnterCriticalSection(lock); }
static void os_leave(os_lock *lock) { LeaveCriticalSection(lock); }
static int os_try(os_lock *lock) { return TryEnterCriticalSection(lock) != 0; }
static void os_sleep(unsigned milliseconds) { Sleep(milliseconds); }
static double os_seconds(void)
{
    LARGE_INTEGER now, frequency;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart / (double)frequency.QuadPart;
}
static int os_processors(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return (int)info.dwNumberOfProcessors;
}

#else

#include <pthread.h>
#include <time.h>
#include <unistd.h>

typedef pthread_t os_thread;
typedef pthread_mutex_t os_lock;
typedef void *os_result;
#define OS_CALL
static const char os_name[] = "POSIX";

static os_thread os_start(os_result (*run)(void *), void *argument)
{
    pthread_t thread;
    pthread_create(&thread, NULL, run, argument);
    return thread;
}
static void os_join(os_thread thread) { pthread_join(thread, NULL); }
static void os_init(os_lock *lock)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(lock, &attributes);
}
static void os_destroy(os_lock *lock) { pthread_mutex_destroy(lock); }
static void os_enter(os_lock *lock) { pthread_mutex_lock(lock); }
static void os_leave(os_lock *lock) { pthread_mutex_unlock(lock); }
static int os_try(os_lock *lock) { return pthread_mutex_trylock(lock) == 0; }
static void os_sleep(unsigned milliseconds) { usleep(milliseconds * 1000); }
static double os_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
static int os_processors(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }

#endif

static os_lock lock;
static long counter;
static int busy;

static os_result OS_CALL count(void *rounds)
{
    long i;

    for (i = 0; i < *(long *)rounds; i++) {
        os_enter(&lock);
        os_enter(&lock); /* by the same thread once more */
        counter++;
        os_leave(&lock);
        os_leave(&lock);
    }
    return 0;
}

static os_result OS_CALL try_it(void *unused)
{
    (void)unused;
    busy = !os_try(&lock);
    return 0;
}

int main(void)
{
    os_thread threads[4];
    long rounds = 50000;
    double started;
    int i;

    printf("the branch for %s\n", os_name);
    os_init(&lock);
    for (i = 0; i < 4; i++)
        threads[i] = os_start(count, &rounds);
    for (i = 0; i < 4; i++)
        os_join(threads[i]);
    printf("counted %ld\n", counter);

    os_enter(&lock);
    os_join(os_start(try_it, NULL));
    os_leave(&lock);
    printf("the lock was busy: %d\n", busy);
    os_destroy(&lock);

    started = os_seconds();
    os_sleep(50);
    printf("50 milliseconds have passed: %d\n", os_seconds() - started >= 0.045);
    printf("there is a processor: %d\n", os_processors() > 0);
    return 0;
}
