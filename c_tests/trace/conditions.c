/*
 * conditions.c - calls under conditions in which tracing must not change what a program does.
 * The first argument says which; c_tests/trace.sh looks at what was traced.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <SharedMemory.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "require.h"

static HANDLE event;

/* Every call that is done at once, when nobody traces, and once more, when the thread is known. */
static void at_once(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL), semaphore = CreateSemaphoreA(NULL, 0, 9, NULL), both[2];
    SharedMemory *memory;
    char bytes[8] = "written";
    int round;

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    both[0] = event, both[1] = semaphore;
    REQUIRE(SharedMemoryCreate("at-once", 64, &memory) == 0);
    for (round = 0; round < 2; ++round) {
        REQUIRE(SetEvent(event) && WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
        REQUIRE(SetEvent(event) && WaitForSingleObjectEx(event, 0, FALSE) == WAIT_OBJECT_0 && ResetEvent(event));
        REQUIRE(ReleaseSemaphore(semaphore, 2, NULL) && WaitForSingleObject(semaphore, 5) == WAIT_OBJECT_0);
        REQUIRE(WaitForMultipleObjects(2, both, FALSE, 0) == WAIT_OBJECT_0 + 1);
        REQUIRE(SetEvent(event) && ReleaseSemaphore(semaphore, 1, NULL));
        REQUIRE(WaitForMultipleObjectsEx(2, both, TRUE, 0, FALSE) == WAIT_OBJECT_0);
        REQUIRE(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
        REQUIRE(SharedMemoryWrite(memory, bytes, 8) == 0 && SharedMemoryWriteAt(memory, 8, bytes, 8) == 0);
        REQUIRE(SharedMemoryRead(memory, bytes, 8) == 0 && SharedMemoryReadAt(memory, 8, bytes, 8) == 0);
    }
    REQUIRE(SharedMemoryClose(memory) == 0);
}

/* errno and the last error are the call's own. */
static void errors(void)
{
    SetLastError(77);
    errno = 33;
    event = OpenEventA(SYNCHRONIZE, FALSE, "nobody has it");
    REQUIRE(event == NULL && GetLastError() == ERROR_FILE_NOT_FOUND && errno == 33);
    SetLastError(77);
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(event != NULL && GetLastError() == 0 && errno == 33);
    SetLastError(77);
    REQUIRE(SetEvent(event) && CloseHandle(event) && GetLastError() == 77 && errno == 33);
    REQUIRE(!CloseHandle(event) && GetLastError() == ERROR_INVALID_HANDLE && errno == 33);
}

static void *of_a_thread(void *unused)
{
    (void)unused;
    SetEvent(event);
    return NULL;
}
/* At the end of a thread, after the library's own thread-exit handlers too. */
static pthread_key_t key;
static void at_thread_end(void *round)
{
    SetEvent(event);
    if ((size_t)round > 1)
        pthread_setspecific(key, (void *)((size_t)round - 1));
}
static void *with_an_end(void *unused)
{
    (void)unused;
    pthread_setspecific(key, (void *)3);
    SetEvent(event);
    return NULL;
}
static void run_thread(void *(*body)(void *))
{
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, body, NULL) == 0 && pthread_join(thread, NULL) == 0);
}
static void at_exit(void) { REQUIRE(SetEvent(event)); }
static DWORD WINAPI leaves(LPVOID unused)
{
    (void)unused;
    ExitThread(7);
}
static void lives(void)
{
    HANDLE thread;
    pid_t child;

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    atexit(at_exit);
    pthread_key_create(&key, at_thread_end);
    run_thread(of_a_thread);
    run_thread(with_an_end);
    thread = CreateThread(NULL, 0, leaves, NULL, 0, NULL);
    REQUIRE(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        printf("child %d\n", (int)getpid());
        REQUIRE(PulseEvent(event));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

/* A handler that sets an event, as often as the thread can be caught inside of a call. */
static volatile sig_atomic_t caught;
static void set_in_handler(int signal_number)
{
    (void)signal_number;
    REQUIRE(SetEvent(event));
    ++caught;
}
static void *shower(void *victim)
{
    int i;

    for (i = 0; i < 300; ++i) {
        pthread_kill(*(pthread_t *)victim, SIGUSR1);
        usleep(100);
    }
    return NULL;
}
static void handler(void)
{
    pthread_t me = pthread_self(), other;
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    signal(SIGUSR1, set_in_handler);
    REQUIRE(pthread_create(&other, NULL, shower, &me) == 0);
    while (caught < 100 && pthread_tryjoin_np(other, NULL) != 0) {
        errno = 12;
        REQUIRE(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
        REQUIRE(errno == 12);
    }
    signal(SIGUSR1, SIG_IGN);
    pthread_join(other, NULL);
    printf("caught %s\n", caught > 0 ? "some" : "none");
}

/* Out of a call by longjmp: nothing is left behind. */
static sigjmp_buf back;
static void jump(int signal_number)
{
    (void)signal_number;
    siglongjmp(back, 1);
}
static void leave_by_jump(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    signal(SIGALRM, jump);
    if (sigsetjmp(back, 1) == 0) {
        ualarm(50000, 0);
        SleepEx(5000, FALSE);
    }
    REQUIRE(SetEvent(event) && SleepEx(0, FALSE) == 0);
}

static void killed(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    WaitForSingleObject(event, INFINITE);
}

/* Short lines and long ones, from several processes and threads. */
static void *many(void *unused)
{
    char name[300];
    int i;

    (void)unused;
    for (i = 0; i < 200; ++i) {
        memset(name, 'a' + i % 26, sizeof name);
        name[i] = 0;
        OpenMutexA(SYNCHRONIZE, FALSE, name);
    }
    return NULL;
}
static void together(void)
{
    int i;

    for (i = 0; i < 4; ++i)
        if (fork() == 0) {
            pthread_t other;

            REQUIRE(pthread_create(&other, NULL, many, NULL) == 0);
            many(NULL);
            pthread_join(other, NULL);
            _exit(0);
        }
    for (i = 0; i < 4; ++i) {
        int status;

        REQUIRE(wait(&status) > 0 && status == 0);
    }
}

/* No time at all. */
static void off(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(SetEvent(event) && OpenEventA(SYNCHRONIZE, FALSE, "nobody has it") == NULL);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}
static void speed(void)
{
    enum { ROUNDS = 20000 };
    double start;
    int i;

    event = CreateEventA(NULL, TRUE, TRUE, NULL);
    SetEvent(event);
    start = now();
    for (i = 0; i < ROUNDS; ++i)
        SetEvent(event);
    printf("SetEvent: %.0f ns\n", (now() - start) / ROUNDS);
    start = now();
    for (i = 0; i < ROUNDS; ++i)
        OpenEventA(SYNCHRONIZE, FALSE, "Posix\\no");
    printf("OpenEventA that fails: %.0f ns\n", (now() - start) / ROUNDS);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } conditions[] = {
#define CONDITION(name) {#name, name}
        CONDITION(at_once), CONDITION(errors), CONDITION(lives), CONDITION(handler), CONDITION(leave_by_jump),
        CONDITION(killed), CONDITION(together), CONDITION(off), CONDITION(speed),
    };
    size_t i;

    alarm(60);
    for (i = 0; count > 1 && i < sizeof conditions / sizeof *conditions; ++i)
        if (strcmp(arguments[1], conditions[i].name) == 0)
            return conditions[i].run(), 0;
    return 2;
}
