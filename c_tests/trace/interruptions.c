/*
 * interruptions.c - what comes between the instructions of a traced call: signals, also where the stack is
 * small, and the end of the thread; and what the calls that sleep say. The first argument says which;
 * c_tests/trace.sh looks at what was traced.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "require.h"

static HANDLE event, other;

/* No call becomes a place where a thread is cancelled, because it is traced. */
static pthread_barrier_t ready;
static volatile int reached;
static void *victim(void *unused)
{
    int state;

    REQUIRE(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state) == 0);
    pthread_barrier_wait(&ready);
    pthread_barrier_wait(&ready);
    REQUIRE(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state) == 0);
    REQUIRE(SetEvent(event) && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0);
    REQUIRE(WaitForSingleObject(event, 1) == WAIT_TIMEOUT && OpenEventA(SYNCHRONIZE, FALSE, "nobody has it") == NULL);
    reached = 1;
    pthread_testcancel();
    return unused;
}
static void cancelled(void)
{
    pthread_t thread;
    void *end;

    REQUIRE(pthread_barrier_init(&ready, NULL, 2) == 0 && pthread_create(&thread, NULL, victim, NULL) == 0);
    pthread_barrier_wait(&ready);
    REQUIRE(pthread_cancel(thread) == 0);
    pthread_barrier_wait(&ready);
    REQUIRE(pthread_join(thread, &end) == 0 && reached && end == PTHREAD_CANCELED);
}

/* What a handler uses of its own stack, in bytes. */
static size_t use_of(void (*handler)(int))
{
    enum { SIZE = 1 << 16, PAINT = 0xA5 };
    static unsigned char stack[SIZE];
    struct sigaction action;
    stack_t own;
    size_t unused = 0;

    memset(&action, 0, sizeof action);
    memset(&own, 0, sizeof own);
    action.sa_handler = handler, action.sa_flags = SA_ONSTACK;
    own.ss_sp = stack, own.ss_size = SIZE;
    REQUIRE(sigaltstack(&own, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
    memset(stack, PAINT, SIZE);
    REQUIRE(raise(SIGUSR1) == 0);
    while (unused < SIZE && stack[unused] == PAINT)
        ++unused;
    return SIZE - unused;
}
static void does_nothing(int signal_number) { (void)signal_number; }
static void sets(int signal_number)
{
    (void)signal_number;
    SetEvent(event);
}
static void fails(int signal_number)
{
    (void)signal_number;
    ReleaseSemaphore(event, 1, NULL);
}
static void small_stack(void)
{
    size_t least;

    sets(0), fails(0); /* the loader looks for them now */
    least = use_of(does_nothing);
    printf("%zu %zu\n", use_of(sets) - least, use_of(fails) - least);
}

/* A handler at some of the first instructions of a call: both calls are shown, each as itself. */
#if defined(__x86_64__)
#define TRAP_FLAG 0x100ull
static volatile long steps_left;
static void at_step(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number, (void)info;
    if (--steps_left > 0)
        return;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    if (steps_left == 0)
        SetEvent(other);
}
static void at_any_instruction(void)
{
    enum { FIRST_STEPS = 1500, STRIDE = 11 };
    struct sigaction action;
    long step;
    int rounds = 1; /* the one before */

    memset(&action, 0, sizeof action);
    action.sa_sigaction = at_step, action.sa_flags = SA_SIGINFO;
    REQUIRE(sigaction(SIGTRAP, &action, NULL) == 0);
    SetEvent(event), SetEvent(other);
    for (step = 1; step <= FIRST_STEPS; step += STRIDE, ++rounds) {
        steps_left = step;
        __writeeflags(__readeflags() | TRAP_FLAG);
        SetEvent(event);
        __writeeflags(__readeflags() & ~TRAP_FLAG);
    }
    printf("%d\n", rounds);
}
#else
static void at_any_instruction(void) { printf("0\n"); }
#endif

/* Calls that sleep in other ways than a wait does; one that need not sleep does not say it. */
static void *writes(void *end)
{
    usleep(100000);
    REQUIRE(write(*(int *)end, "x", 1) == 1);
    return NULL;
}
static void *unlocks(void *file)
{
    usleep(100000);
    REQUIRE(UnlockFile(file, 0, 0, 1, 0));
    return NULL;
}
static void sleeps(void)
{
    int ends[2];
    char path[] = "locked.XXXXXX", byte;
    pthread_t thread;
    DWORD count;
    HANDLE pipe, first, second;
    OVERLAPPED at;

    REQUIRE(pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[0], 0) == 0);
    pipe = GetStdHandle(STD_INPUT_HANDLE);
    REQUIRE(write(ends[1], "x", 1) == 1 && ReadFile(pipe, &byte, 1, &count, NULL) && count == 1);
    REQUIRE(pthread_create(&thread, NULL, writes, &ends[1]) == 0);
    REQUIRE(ReadFile(pipe, &byte, 1, &count, NULL) && count == 1 && pthread_join(thread, NULL) == 0);

    REQUIRE(close(mkstemp(path)) == 0);
    first = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    second = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    memset(&at, 0, sizeof at);
    REQUIRE(LockFileEx(first, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &at));
    REQUIRE(pthread_create(&thread, NULL, unlocks, first) == 0);
    REQUIRE(LockFileEx(second, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &at) && pthread_join(thread, NULL) == 0);
    unlink(path);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } interruptions[] = {
#define INTERRUPTION(name) {#name, name}
        INTERRUPTION(cancelled), INTERRUPTION(small_stack), INTERRUPTION(at_any_instruction), INTERRUPTION(sleeps),
    };
    size_t i;

    alarm(60);
    event = CreateEventA(NULL, FALSE, FALSE, NULL), other = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (i = 0; count > 1 && i < sizeof interruptions / sizeof *interruptions; ++i)
        if (strcmp(arguments[1], interruptions[i].name) == 0)
            return interruptions[i].run(), 0;
    return 2;
}
