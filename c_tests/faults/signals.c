/*
 * signals.c - thousands of signals a second come to a thread while it waits: for one, any
 * or all of several, of every kind; in SignalObjectAndWait, Sleep, SharedMemoryWait and
 * LockFileEx; with and without SA_RESTART, by timers of the system, by other threads and
 * by other processes, which also stop and continue it. No wait ends early, none begins
 * anew, none fails, nothing is taken twice, and errno is as it was.
 *
 * Planted: waits as a naive library would write them, that end at a signal or begin
 * their time anew: the checker finds both.
 */
#include "faults/world.h"

#include "faults/pest.h"

#include <sys/prctl.h>

/* No wait of this test is as long as this, however slow the machine is; one that begins anew has no end. */
enum { MUCH_MS = 20000, ERRNO = 4711 };

static HANDLE never, never_too, owned, empty, late, child, handled, far_file;
static SharedMemory *memory;
static volatile long signals_seen;

/* Handlers do what docs/concepts.md lets them do. */
static void be_called(int number)
{
    (void)number;
    ++signals_seen;
    SetEvent(handled);
}

/* --- waits that end by their time ---------------------------------------------------------------------------------- */

static int times_out(DWORD result) { return result == WAIT_TIMEOUT; }

static int one_event(DWORD ms) { return times_out(WaitForSingleObject(never, ms)); }
static int one_mutex(DWORD ms) { return times_out(WaitForSingleObject(owned, ms)); }
static int one_semaphore(DWORD ms) { return times_out(WaitForSingleObject(empty, ms)); }
static int one_timer(DWORD ms) { return times_out(WaitForSingleObject(late, ms)); }
static int one_process(DWORD ms) { return times_out(WaitForSingleObject(child, ms)); }
static int alertable(DWORD ms) { return times_out(WaitForSingleObjectEx(never_too, ms, TRUE)); }
static int of_several(DWORD ms, BOOL all)
{
    HANDLE several[6];

    several[0] = never, several[1] = owned, several[2] = empty, several[3] = late, several[4] = never_too;
    several[5] = child;
    return times_out(WaitForMultipleObjectsEx(6, several, all, ms, TRUE));
}
static int any_of_several(DWORD ms) { return of_several(ms, FALSE); }
static int all_of_several(DWORD ms) { return of_several(ms, TRUE); }
/* What handlers signal is there, and the rest is not. */
static int all_of_some(DWORD ms)
{
    HANDLE some[2];

    some[0] = handled, some[1] = owned;
    return times_out(WaitForMultipleObjects(2, some, TRUE, ms));
}
static int signal_and_wait(DWORD ms) { return times_out(SignalObjectAndWait(handled, never, ms, TRUE)); }
static int sleeps(DWORD ms)
{
    Sleep(ms);
    return SleepEx(1, TRUE) == 0;
}
static int shared_memory(DWORD ms)
{
    uint64_t sequence = 0;

    return SharedMemoryWait(memory, &sequence, ms) == SHARED_MEMORY_TIMEOUT;
}
/* As a naive library would wait. */
static int ends_at_a_signal(DWORD ms)
{
    struct timespec time;

    time.tv_sec = ms / 1000, time.tv_nsec = ms % 1000 * 1000000L;
    nanosleep(&time, NULL);
    return 1;
}
static int begins_anew(DWORD ms)
{
    struct timespec time;
    long long patience = monotonic_ms() + 3000;

    time.tv_sec = ms / 1000, time.tv_nsec = ms % 1000 * 1000000L;
    while (nanosleep(&time, NULL) != 0 && monotonic_ms() < patience)
        ;
    return monotonic_ms() < patience;
}

static int (*const timed_waits[])(DWORD) = {one_event, one_mutex, one_semaphore,  one_timer,      one_process, alertable, any_of_several,
                                            all_of_several, all_of_some, signal_and_wait, sleeps, shared_memory};
enum { TIMED_WAITS = (int)(sizeof timed_waits / sizeof *timed_waits) };

/* Right: not before its time, and not long after it, with what a time-out gives; errno stays. */
static int is_patient(int (*wait)(DWORD), DWORD ms)
{
    const long long start = microseconds();
    int result;
    long long took;

    errno = ERRNO;
    result = wait(ms);
    took = microseconds() - start;
    return result && errno == ERRNO && took >= ms * 1000LL && took < (ms + MUCH_MS) * 1000LL;
}

/* --- waits that are ended by what they wait for -------------------------------------------------------------------- */

static HANDLE ball, back;

static void *throw_back(void *throws)
{
    long i;

    for (i = 0; i < *(long *)throws; ++i)
        if (WaitForSingleObject(ball, INFINITE) != WAIT_OBJECT_0 || !SetEvent(back))
            return NULL;
    return throws;
}
/* Each throw comes back once, in each kind of wait. */
static void each_signal_is_got_once(long throws)
{
    pthread_t partner;
    sigset_t all, before;
    HANDLE any[2], both[2];
    void *result = NULL;
    long i, right = 0;

    any[0] = never, any[1] = back;
    CHECK((both[0] = new_manual(TRUE)) != NULL);
    both[1] = back;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    CHECK(pthread_create(&partner, NULL, throw_back, &throws) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    for (i = 0; i < throws; ++i) {
        switch (i % 4) {
        case 0:
            right += SetEvent(ball) && WaitForSingleObject(back, INFINITE) == WAIT_OBJECT_0;
            break;
        case 1:
            right += SetEvent(ball) && WaitForMultipleObjects(2, any, FALSE, INFINITE) == WAIT_OBJECT_0 + 1;
            break;
        case 2:
            right += SetEvent(ball) && WaitForMultipleObjects(2, both, TRUE, INFINITE) == WAIT_OBJECT_0;
            break;
        default:
            right += SignalObjectAndWait(ball, back, INFINITE, FALSE) == WAIT_OBJECT_0;
        }
    }
    CHECK(pthread_join(partner, &result) == 0 && result == &throws);
    CHECK(right == throws);
    MISSES(back), MISSES(ball);
    CHECK(CloseHandle(both[0]));
}
/* Somebody else has locked the bytes, and unlocks them after a while. */
static void a_lock_is_waited_for(const char *path)
{
    PEER owner = fork_peer();
    OVERLAPPED at;

    memset(&at, 0, sizeof at);
    if (owner.pid == 0) {
        HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);

        CHECK(file != INVALID_HANDLE_VALUE && LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &at));
        pass_turn(&parent);
        usleep(50000);
        _exit(CloseHandle(file) ? 0 : 1);
    }
    await_turn(&owner);
    errno = ERRNO;
    CHECK(LockFileEx(far_file, LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &at) && errno == ERRNO);
    CHECK(UnlockFileEx(far_file, 0, 10, 0, &at));
    CHECK(end_of(&owner) == 0);
}

/* --- where signals come from --------------------------------------------------------------------------------------- */

enum SOURCE { OF_A_TIMER, OF_A_TIMER_RESTARTING, OF_A_THREAD, OF_A_PROCESS, OF_A_STOPPER, SOURCES };
static pthread_t target;
static int stop_signalling;

static void *signal_from_thread(void *unused)
{
    while (!__atomic_load_n(&stop_signalling, __ATOMIC_RELAXED)) {
        pthread_kill(target, SIGUSR1);
        usleep(50);
    }
    return unused;
}
static pid_t start_process(int stops)
{
    pid_t sender = fork(), victim = getppid();

    if (sender == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (victim = getppid();;) {
            kill(victim, stops ? SIGSTOP : SIGUSR1);
            usleep(stops ? 2000 : 50);
            if (stops)
                kill(victim, SIGCONT), usleep(500);
        }
    }
    return sender;
}
/* Everything, while signals come from there. */
static void under_signals(enum SOURCE source, DWORD ms, long throws, const char *path)
{
    timer_t pest = NULL;
    pthread_t thread;
    pid_t sender = 0;
    long before = signals_seen;
    int i;

    on_signal(SIGUSR1, be_called, source == OF_A_TIMER_RESTARTING ? SA_RESTART : 0);
    target = pthread_self();
    stop_signalling = 0;
    if (source <= OF_A_TIMER_RESTARTING)
        pest = start_pest(SIGUSR1, 50);
    else if (source == OF_A_THREAD)
        CHECK(pthread_create(&thread, NULL, signal_from_thread, NULL) == 0);
    else
        sender = start_process(source == OF_A_STOPPER);
    for (i = 0; i < TIMED_WAITS; ++i)
        if (!CHECK(is_patient(timed_waits[i], ms)))
            fprintf(stderr, "  wait %d under signals of source %d\n", i, (int)source);
    each_signal_is_got_once(throws);
    a_lock_is_waited_for(path);
    if (source <= OF_A_TIMER_RESTARTING)
        end_pest(pest);
    stop_signalling = 1;
    if (source == OF_A_THREAD)
        pthread_join(thread, NULL);
    if (sender != 0) {
        kill(sender, SIGKILL);
        waitpid(sender, NULL, 0);
    }
    CHECK(source == OF_A_STOPPER || signals_seen > before);
}

static void *own_it(void *mutex)
{
    WaitForSingleObject((HANDLE)mutex, INFINITE);
    WaitForSingleObject(never_too, INFINITE);
    ReleaseMutex((HANDLE)mutex);
    return NULL;
}

int main(void)
{
    const DWORD ms = (DWORD)effort(20, 700);
    const long long start = monotonic_ms();
    const char *path = "/tmp/winshm-signals";
    LARGE_INTEGER hour;
    pthread_t owner;
    sigset_t signal;
    timer_t pest;
    char own_path[100];
    int source;
    PEER sleeper;

    check_begin();
    alarm((unsigned)effort(100, 900));
    snprintf(own_path, sizeof own_path, "%s-%d", path, (int)getpid());
    never = new_auto(FALSE), never_too = new_manual(FALSE), owned = new_mutex(), empty = new_semaphore(0, 1);
    late = new_timer(TRUE), handled = new_auto(FALSE), ball = new_auto(FALSE);
    back = CreateEventA(NULL, FALSE, FALSE, NAME("back"));
    hour.QuadPart = -36000000000;
    CHECK(SetWaitableTimer(late, &hour, 0, NULL, NULL, FALSE));
    CHECK(SharedMemoryCreate(NAME("memory"), 100, &memory) == 0);
    far_file = CreateFileA(own_path, GENERIC_READ | GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(far_file != INVALID_HANDLE_VALUE);
    sleeper = fork_peer();
    if (sleeper.pid == 0) {
        alarm((unsigned)effort(100, 900));
        await_turn(&parent);
        _exit(0);
    }
    CHECK((child = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)sleeper.pid)) != NULL);
    sigemptyset(&signal), sigaddset(&signal, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signal, NULL);
    CHECK(pthread_create(&owner, NULL, own_it, owned) == 0);
    pthread_sigmask(SIG_UNBLOCK, &signal, NULL);
    while (WaitForSingleObject(owned, 0) == WAIT_OBJECT_0) {
        ReleaseMutex(owned);
        a_moment();
    }

    for (source = 0; source < SOURCES; ++source)
        under_signals((enum SOURCE)source, ms, effort(300, 20000), own_path);
    printf("%ld signals in %lld ms\n", signals_seen, monotonic_ms() - start);

    on_signal(SIGUSR1, be_called, 0);
    pest = start_pest(SIGUSR1, 1000);
    CHECK(!is_patient(ends_at_a_signal, 30));
    CHECK(!is_patient(begins_anew, 30));
    end_pest(pest);

    CHECK(SetEvent(never_too) && pthread_join(owner, NULL) == 0);
    pass_turn(&sleeper);
    CHECK(WaitForSingleObject(child, INFINITE) == WAIT_OBJECT_0 && end_of(&sleeper) == 0);
    CHECK(SharedMemoryClose(memory) == 0 && CloseHandle(far_file));
    return check_end();
}
