/*
 * cancels.c - threads are cancelled, or end by pthread_exit, while they wait, own, write,
 * spin, create and close. A call of the library is never cut in two: the thread ends at
 * its next cancellation point outside, and what it owns then is abandoned, told once, with
 * nothing kept locked. Where a thread lets itself be cancelled asynchronously inside of a
 * call, its process may end; others find everything in order.
 *
 * Planted: a thread that can be cancelled between taking one of a semaphore and giving it
 * back, which the checker misses afterwards.
 */
#include "faults/world.h"

static WORLD world;

/* Everything is there, once. */
static int all_is_there(void)
{
    int there = 0, i;

    for (i = 0; WaitForSingleObject(world.units, 0) == WAIT_OBJECT_0; ++i)
        ;
    there = i == 3;
    if (i > 0)
        ReleaseSemaphore(world.units, i, NULL);
    if (!there)
        return 0;
    there = WaitForSingleObject(world.token, 0) == WAIT_OBJECT_0 && WaitForSingleObject(world.token, 0) == WAIT_TIMEOUT;
    there = SetEvent(world.token) && there && WaitForSingleObject(world.lock, 0) == WAIT_OBJECT_0;
    return ReleaseMutex(world.lock) && !ReleaseMutex(world.lock) && there;
}
static int is_cancelled(pthread_t thread)
{
    void *result = NULL;

    return pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED;
}

/* --- a cancellation is pending while every function is called ------------------------------------------------------ */

static int call_the_rest(void)
{
    char room[600], text[4] = "abc";
    DWORD done = 0;
    int ends[2];
    HANDLE file, thread;
    SharedMemoryInfo info;
    SharedMemorySystem limits;
    STARTUPINFOA start;
    PROCESS_INFORMATION program;
    char command[] = "/bin/true";

    NEED(pipe(ends) == 0 && dup2(ends[0], 100) == 100 && dup2(ends[1], 101) == 101);
    NEED((file = CreateFileA("/dev/fd/101", GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL)) != INVALID_HANDLE_VALUE);
    NEED(WriteFile(file, text, 4, &done, NULL) && CloseHandle(file));
    NEED((file = CreateFileA("/dev/fd/100", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL)) != INVALID_HANDLE_VALUE);
    NEED(ReadFile(file, text, 4, &done, NULL) && done == 4 && GetFileType(file) == FILE_TYPE_PIPE && CloseHandle(file));
    NEED(close(ends[0]) == 0 && close(ends[1]) == 0 && close(100) == 0 && close(101) == 0);
    NEED(FlushFileBuffers(world.file) && FlushViewOfFile((const void *)world.counts, 0));
    NEED(GetFileSize(world.file, NULL) != INVALID_FILE_SIZE && SetFilePointer(world.file, 0, NULL, FILE_BEGIN) == 0);
    NEED(GetTempPathA(sizeof room, room) && GetModuleFileNameA(NULL, room, sizeof room));
    NEED(GetTempFileNameA("/tmp", "win", 0, room) && DeleteFileA(room));
    NEED(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 5, 0, room, sizeof room, NULL));
    OutputDebugStringA("");
    NEED(GetModuleHandleA(NULL) && GetProcAddress(GetModuleHandleA("kernel32.dll"), "SetEvent"));
    NEED(SharedMemoryStat(world.memory, &info) == 0 && SharedMemoryLimits(&limits) == 0);
    NEED((thread = OpenThread(SYNCHRONIZE, FALSE, (DWORD)getpid())) != NULL && CloseHandle(thread));
    NEED(PulseEvent(world.flag) && SwitchToThread() >= 0 && GetCurrentProcessId() == (DWORD)getpid());
    memset(&start, 0, sizeof start);
    start.cb = sizeof start;
    NEED(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &program));
    NEED(WaitForSingleObject(program.hProcess, INFINITE) == WAIT_OBJECT_0 && GetExitCodeProcess(program.hProcess, &done) && done == 0);
    NEED(CloseHandle(program.hThread) && CloseHandle(program.hProcess));
    return 0;
}
static int line_of_pending = -1;

static void *call_all_with_it_pending(void *unused)
{
    pthread_cancel(pthread_self());
    line_of_pending = use_world(&world);
    if (line_of_pending == 0)
        line_of_pending = call_the_rest();
    pthread_testcancel();
    return unused;
}
static void no_call_is_cut_in_two(void)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, call_all_with_it_pending, NULL) == 0);
    CHECK(is_cancelled(thread));
    if (!CHECK(line_of_pending == 0))
        fprintf(stderr, "  line %d is not so (last error %u)\n", line_of_pending, (unsigned)GetLastError());
    CHECK(all_is_there());
}

/* --- in the midst of each kind of call, at any instant ------------------------------------------------------------- */

static void *call_until_cancelled(void *kind)
{
    for (;;) {
        if (kinds_of_calls[*(int *)kind](&world) != 0)
            return NULL;
        pthread_testcancel();
    }
}
/* Takes one and may be cancelled before it gives it back. */
static void *be_careless(void *unused)
{
    (void)unused;
    for (;;) {
        WaitForSingleObject(world.units, INFINITE);
        pthread_testcancel();
        ReleaseSemaphore(world.units, 1, NULL);
    }
    return NULL;
}
static void cancelled_at_any_instant(RANDOM *random, long times)
{
    long i, right = 0;

    for (i = 0; i < times; ++i) {
        int kind = (int)(i % KINDS_OF_CALLS);
        pthread_t thread;

        CHECK(pthread_create(&thread, NULL, call_until_cancelled, &kind) == 0);
        usleep(draw_below(random, 1500));
        CHECK(pthread_cancel(thread) == 0);
        right += is_cancelled(thread);
    }
    CHECK(right == times && all_is_there());
    printf("%ld threads cancelled in the midst of calls\n", right);
}
static void a_careless_thread_is_seen(void)
{
    int i;

    for (i = 0; i < 1000 && all_is_there(); ++i) {
        pthread_t thread;

        CHECK(pthread_create(&thread, NULL, be_careless, NULL) == 0 && pthread_cancel(thread) == 0 && is_cancelled(thread));
    }
    CHECK(!all_is_there());
    CHECK(ReleaseSemaphore(world.units, 1, NULL) && all_is_there());
}

/* --- asleep, and owning -------------------------------------------------------------------------------------------- */

enum WAY { SINGLE, ANY, ALL, SIGNAL_AND_WAIT, WAYS };
typedef struct CASE {
    enum WAY way;
    HANDLE mutex, ready;
    pid_t tid;
} CASE;

static void *wait_own_and_be_cancelled(void *argument)
{
    CASE *it = (CASE *)argument;
    HANDLE two[2];

    two[0] = it->ready, two[1] = it->mutex;
    __atomic_store_n(&it->tid, (pid_t)GetCurrentThreadId(), __ATOMIC_RELEASE);
    switch (it->way) {
    case SINGLE:
        WaitForSingleObject(it->mutex, INFINITE);
        break;
    case ANY:
        WaitForMultipleObjects(1, two + 1, FALSE, INFINITE);
        break;
    case ALL:
        WaitForMultipleObjects(2, two, TRUE, INFINITE);
        break;
    default:
        SignalObjectAndWait(it->ready, it->mutex, INFINITE, TRUE);
    }
    WaitForSingleObject(it->mutex, INFINITE);
    pthread_testcancel();
    return NULL;
}
/* It is cancelled while it sleeps, goes on sleeping, gets the mutex, and ends: the next waiter is told. */
static void cancelled_while_asleep(enum WAY way, const char *name)
{
    pthread_t thread;
    CASE it;

    it.way = way, it.mutex = CreateMutexA(NULL, TRUE, name), it.ready = new_manual(TRUE), it.tid = 0;
    CHECK(pthread_create(&thread, NULL, wait_own_and_be_cancelled, &it) == 0);
    while (__atomic_load_n(&it.tid, __ATOMIC_ACQUIRE) == 0)
        a_moment();
    CHECK(until_asleep(it.tid) && pthread_cancel(thread) == 0);
    CHECK(until_asleep(it.tid));
    CHECK(ReleaseMutex(it.mutex) && is_cancelled(thread));
    CHECK_WAIT(WaitForSingleObject(it.mutex, INFINITE), WAIT_ABANDONED);
    CHECK(times_owned(it.mutex) == 1);
    TAKES(it.mutex);
    CHECK(ReleaseMutex(it.mutex) && CloseHandle(it.mutex) && CloseHandle(it.ready));
}
static void *own_and_exit(void *mutex)
{
    WaitForSingleObject((HANDLE)mutex, INFINITE), WaitForSingleObject((HANDLE)mutex, INFINITE);
    pthread_exit(mutex);
}
static DWORD WINAPI own_and_exit_windows(LPVOID mutex) { return own_and_exit(mutex) != NULL; }
/* pthread_exit, also out of a function that CreateThread called. */
static void threads_exit(void)
{
    HANDLE mutex = new_mutex(), thread;
    pthread_t posix;

    CHECK(pthread_create(&posix, NULL, own_and_exit, mutex) == 0 && pthread_join(posix, NULL) == 0);
    CHECK_WAIT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED);
    CHECK(times_owned(mutex) == 1);
    CHECK((thread = CreateThread(NULL, 0, own_and_exit_windows, mutex, 0, NULL)) != NULL);
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && CloseHandle(thread));
    CHECK_WAIT(WaitForSingleObject(mutex, INFINITE), WAIT_ABANDONED);
    CHECK(times_owned(mutex) == 1 && CloseHandle(mutex));
}

/* --- asynchronously ------------------------------------------------------------------------------------------------ */

static void *be_asynchronous(void *kind)
{
    int ignored;

    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &ignored);
    for (;;)
        kinds_of_calls[*(int *)kind](&world);
    return NULL;
}
/* What a process can lose by that is itself: mutexes of it are abandoned, writes of it whole or known for half. */
static void asynchronously(RANDOM *random, long times)
{
    int ends[2] = {0, 0};
    long i;

    for (i = 0; i < times; ++i) {
        int kind = i % 2 ? 0 : 5; /* guard_counts, write_and_read_whole */
        int status = 0;
        unsigned moment = draw_below(random, 2000);
        char text[MEMORY_SIZE] = "";
        pid_t child = fork();
        DWORD taken;

        if (child == 0) {
            const struct rlimit no_core = {0, 0};
            pthread_t thread;

            setrlimit(RLIMIT_CORE, &no_core);
            close(STDERR_FILENO);
            if (pthread_create(&thread, NULL, be_asynchronous, &kind) != 0)
                _exit(2);
            usleep(moment);
            pthread_cancel(thread);
            pthread_join(thread, NULL);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGABRT : status == 0);
        ++ends[WIFSIGNALED(status)];
        taken = WaitForSingleObject(world.lock, INFINITE);
        CHECK(taken == WAIT_OBJECT_0 || taken == WAIT_ABANDONED);
        world.counts[64] = world.counts[0]; /* what is abandoned is repaired */
        CHECK(ReleaseMutex(world.lock));
        CHECK(SharedMemoryWrite(world.memory, text, sizeof text) == 0 && SharedMemoryRead(world.memory, text, sizeof text) == 0);
    }
    CHECK(all_is_there());
    printf("cancelled asynchronously: %d threads ended, %d processes\n", ends[0], ends[1]);
}

int main(void)
{
    RANDOM random;
    long i;
    int way;

    check_begin();
    alarm((unsigned)effort(100, 1800));
    random = new_random("cancels");
    CHECK(make_world(&world, NAME("world")) == 0);
    no_call_is_cut_in_two();
    cancelled_at_any_instant(&random, effort(300, 50000));
    for (i = 0; i < effort(1, 300); ++i) {
        for (way = 0; way < WAYS; ++way) {
            cancelled_while_asleep((enum WAY)way, NULL);
            cancelled_while_asleep((enum WAY)way, NAME("mutex"));
        }
        threads_exit();
    }
    a_careless_thread_is_seen();
    CHECK(world_is_whole(&world, "after cancellations"));
    asynchronously(&random, effort(30, 3000));
    CHECK(end_world(&world) == 0);
    return check_end();
}
