/*
 * hostile_peers.c - peers who may write to the same objects by right, and write what they like, all the time: states,
 * owners, counts of waiters, links of the kernel's list, cookies, timers, ledgers, and the guard of waits for all; who
 * hold locks and never give them back; who cut files off. The victim waits, signals, takes, reads and writes
 * meanwhile. It never crashes, nothing stores where a peer points to, each call ends by its time, and what it does
 * with objects of its own is right.
 * Faults that the checks must see, planted by this program: a victim that follows the links in a mutex' page
 * ("follows"), one that waits for a word to be right ("waits"), and one that counts a garbled object as its own
 * ("mistakes").
 */
#include "check.h"
#include "effort.h"

#include <SharedMemory.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { PAGE = 4096, WORDS = PAGE / 8, CHOSEN = 64, SLACK_MS = 8000 };
enum { AUTO, MANUAL, MUTEX, SEMAPHORE, TIMER, SECOND_MUTEX, KINDS };

/* The victim's memory that peers would like to have written to: they know where it is. */
typedef struct SHARED {
    _Atomic long calls, scribbles;
    _Atomic int failures;
    _Atomic uint64_t target, thread; /* in the victim */
    char memory_path[512], guard[512], paths[KINDS][512];
} SHARED;
static SHARED *shared;
static const char *plant = "";
static uint64_t treasure[CHOSEN];
static HANDLE objects[KINDS], own_event, own_mutex;
static struct SharedMemory *memory;

static void fail(const char *what, long value)
{
    fprintf(stderr, "%s (%ld, last error %lu)\n", what, value, (unsigned long)GetLastError());
    atomic_fetch_add(&shared->failures, 1);
}

/* ---- The peer. ---- */
static void hide(pid_t parent_pid)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent_pid)
        _exit(0);
}
static _Atomic uint64_t *map_last_page(const char *path)
{
    int file = open(path, O_RDWR);
    off_t size = lseek(file, 0, SEEK_END);
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, size - PAGE);

    close(file);
    if (file < 0 || page == MAP_FAILED) {
        perror(path);
        _exit(9);
    }
    return (_Atomic uint64_t *)page;
}
/* Something that hurts who believes it. */
static uint64_t poison(RANDOM *random, const _Atomic uint64_t *page)
{
    const uint64_t thread = shared->thread, target = shared->target + 8 * draw_below(random, CHOSEN);

    switch (draw_below(random, 14)) {
    case 0:
        return 0;
    case 1:
        return ~0ULL;
    case 2:
        return thread; /* the mutex is the victim's */
    case 3:
        return thread | draw(random) << 32;
    case 4:
        return target;
    case 5:
        return target << 32 | target >> 32;
    case 6:
        return 1ULL << 62; /* LOCKED, each kind has its own */
    case 7:
        return 1ULL << 31 | 1ULL << 30;
    case 8:
        return 2;
    case 9:
        return 1ULL << 63;
    case 10:
        return page[draw_below(random, WORDS)]; /* its cookie, perhaps */
    case 11:
        return draw_below(random, 4194304) | 1ULL << 31;
    case 12:
        return 0x7FFFFFFFFFFFFFC0ULL; /* a timer in the far future */
    default:
        return draw(random);
    }
}
/* The links stand at 28 or 32 behind the state, so half of them are not aligned: both are hit. */
static void scribble(_Atomic uint64_t *page, RANDOM *random, size_t first)
{
    size_t word = first + draw_below(random, (unsigned)(WORDS - first));

    page[word] = poison(random, page);
    if (draw_below(random, 4) == 0) {
        uint64_t target = shared->target + 8 * draw_below(random, CHOSEN);

        memcpy((char *)(uintptr_t)page + (word * 8 & ~127u) + 20, &target, 8);
        memcpy((char *)(uintptr_t)page + (word * 8 & ~127u) + 28, &target, 8);
    }
    atomic_fetch_add(&shared->scribbles, 1);
}
/* All pages, or one of them; the header stays, so that the objects open. */
static void be_hostile(int which, uint64_t seed)
{
    _Atomic uint64_t *pages[KINDS + 2];
    RANDOM random = {seed};
    int i;

    for (i = 0; i < KINDS; ++i)
        pages[i] = map_last_page(shared->paths[i]);
    pages[KINDS] = map_last_page(shared->guard);
    pages[KINDS + 1] = map_last_page(shared->memory_path);
    for (;;) {
        i = which < 0 ? (int)draw_below(&random, KINDS + 2) : which;
        scribble(pages[i], &random, 16);
        if (draw_below(&random, 64) == 0)
            usleep(draw_below(&random, 200));
    }
}
static pid_t start_hostile(int which, uint64_t seed)
{
    pid_t victim = getpid(), peer = fork();

    if (peer == 0) {
        hide(victim);
        be_hostile(which, seed);
    }
    return peer;
}
static void end_hostile(pid_t peer)
{
    kill(peer, SIGKILL);
    waitpid(peer, NULL, 0);
}

/* ---- The victim. ---- */
static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
static long long call_began;
static void begin(void)
{
    call_began = now_ms();
    alarm(60); /* ends a hang */
}
static void end(const char *call, int may_take_ms)
{
    long long took = now_ms() - call_began;

    atomic_fetch_add(&shared->calls, 1);
    if (took > may_take_ms + SLACK_MS)
        fail(call, (long)took);
}
#define CALL(call, ms) (begin(), (void)(call), end(#call, ms))

static void use_all(RANDOM *random)
{
    LARGE_INTEGER due;
    HANDLE some[4];
    LONG previous = 0;
    char buffer[256] = "";
    DWORD ms = draw_below(random, 8) == 0 ? draw_below(random, 20) : 0;
    int kind = (int)draw_below(random, KINDS), other = (int)draw_below(random, KINDS), i;

    due.QuadPart = draw_below(random, 2) ? -1 : -(LONGLONG)(draw(random) >> 2);
    some[0] = objects[kind], some[1] = kind == other ? own_event : objects[other], some[2] = own_mutex;
    switch (draw_below(random, 12)) {
    case 0:
        CALL(SetEvent(objects[AUTO]), 2000);
        CALL(SetEvent(objects[MANUAL]), 2000);
        break;
    case 1:
        CALL(PulseEvent(objects[AUTO]), 2000);
        CALL(PulseEvent(objects[MANUAL]), 2000);
        CALL(ResetEvent(objects[AUTO]), 2000);
        break;
    case 2:
        if (ReleaseSemaphore(objects[SEMAPHORE], 1, &previous) && (previous < 0 || previous >= 5))
            fail("a semaphore that counted too far", previous);
        break;
    case 3:
        if (draw_below(random, 32) == 0) /* where the guard is said to be held, it takes two seconds */
            CALL(SetWaitableTimer(objects[TIMER], &due, (LONG)draw_below(random, 3), NULL, NULL, FALSE), 2000);
        break;
    case 4:
        CALL(WaitForMultipleObjects(3, some, FALSE, ms), (int)ms);
        break;
    case 5:
        CALL(WaitForMultipleObjects(2, some, TRUE, ms), (int)ms + 200);
        break;
    case 6:
        CALL(SignalObjectAndWait(objects[AUTO], objects[kind], ms, FALSE), (int)ms + 2000);
        break;
    case 7:
        if (draw_below(random, 8) == 0) {
            CALL(SharedMemoryWrite(memory, buffer, sizeof buffer), 2000);
            CALL(SharedMemoryRead(memory, buffer, sizeof buffer), 2000);
            CALL(SharedMemoryWait(memory, NULL, ms), (int)ms);
        }
        break;
    case 8:
    case 9:
        for (i = 0; i < 3; ++i) {
            CALL(WaitForSingleObject(objects[MUTEX], 0), 0);
            CALL(WaitForSingleObject(objects[SECOND_MUTEX], 0), 0);
            CALL(ReleaseMutex(objects[draw_below(random, 2) ? MUTEX : SECOND_MUTEX]), 0);
        }
        break;
    default:
        CALL(WaitForSingleObject(objects[kind], ms), (int)ms);
    }
    for (i = 0; i < 4; ++i)
        ReleaseMutex(objects[i % 2 ? MUTEX : SECOND_MUTEX]);
}
static void the_own_objects_are_right(void)
{
    int i;

    for (i = 0; i < CHOSEN; ++i)
        if (treasure[i] != 0x5AFE5AFE00000000ULL + (unsigned)i) {
            fail("memory of the victim was written to", i);
            treasure[i] = 0x5AFE5AFE00000000ULL + (unsigned)i;
        }
    while (ReleaseMutex(own_mutex))
        ;
    if (WaitForSingleObject(own_mutex, 0) != WAIT_OBJECT_0 || WaitForSingleObject(own_mutex, 0) != WAIT_OBJECT_0 ||
        !ReleaseMutex(own_mutex) || !ReleaseMutex(own_mutex) || ReleaseMutex(own_mutex))
        fail("the own mutex", 0);
    if (!ResetEvent(own_event) || WaitForSingleObject(own_event, 0) != WAIT_TIMEOUT || !SetEvent(own_event) ||
        WaitForSingleObject(own_event, 0) != WAIT_OBJECT_0)
        fail("the own event", 0);
}
static void make_objects(void)
{
    static const char *const labels[KINDS] = {"auto", "manual", "mutex", "semaphore", "timer", "second"};
    char name[128];
    int kind;

    for (kind = 0; kind < KINDS; ++kind) {
        snprintf(name, sizeof name, "hostile-%s-%d", labels[kind], (int)getpid());
        snprintf(shared->paths[kind], sizeof shared->paths[kind], "%s/L.%s", object_directory(), name);
        objects[kind] = kind == AUTO || kind == MANUAL ? CreateEventA(NULL, kind == MANUAL, FALSE, name)
                        : kind == SEMAPHORE            ? CreateSemaphoreA(NULL, 0, 5, name)
                        : kind == TIMER                ? CreateWaitableTimerA(NULL, FALSE, name)
                                                       : CreateMutexA(NULL, FALSE, name);
        if (objects[kind] == NULL)
            fail(name, kind);
    }
    snprintf(name, sizeof name, "hostile-memory-%d", (int)getpid());
    if (SharedMemoryCreate(name, 4096, &memory) < 0)
        fail(name, 0);
    snprintf(shared->memory_path, sizeof shared->memory_path, "%s/L.%s", object_directory(), name);
    snprintf(shared->guard, sizeof shared->guard, "%s", guard_file());
    own_event = CreateEventA(NULL, TRUE, TRUE, NULL), own_mutex = CreateMutexA(NULL, FALSE, NULL);
    for (kind = 0; kind < CHOSEN; ++kind)
        treasure[kind] = 0x5AFE5AFE00000000ULL + (unsigned)kind;
    shared->target = (uint64_t)(uintptr_t)treasure;
    shared->thread = (uint64_t)syscall(SYS_gettid);
}
/* What the library must not do. */
static void do_what_is_planted(void)
{
    const _Atomic uint64_t *page = map_last_page(shared->paths[MUTEX]);
    size_t word;

    for (word = 0; *plant == 'f' && word < WORDS; ++word)
        if (page[word] >= shared->target && page[word] < shared->target + sizeof treasure)
            *(uint64_t *)(uintptr_t)(page[word] & ~7ULL) = 0;
    alarm(2);
    while (*plant == 'w' && page[16] != 1234567)
        usleep(100);
    if (*plant == 'm')
        CloseHandle(own_event), own_event = objects[MUTEX];
}
static int be_a_victim(long rounds, int which, uint64_t seed)
{
    RANDOM random = {seed};
    pid_t peers[2];
    long round;

    make_objects();
    peers[0] = start_hostile(which, seed + 1), peers[1] = start_hostile(which, seed + 2);
    for (round = 0; round < rounds && shared->failures < 20; ++round) {
        use_all(&random);
        if (*plant)
            do_what_is_planted();
        if (round % 64 == 0 || *plant)
            the_own_objects_are_right();
    }
    end_hostile(peers[0]), end_hostile(peers[1]);
    the_own_objects_are_right();
    return shared->failures != 0;
}
/* Each victim is a process of its own, in a directory of its own. Its end: 0 if all was well. */
static int victim_ends(long rounds, int which, uint64_t seed, const char *fault)
{
    int status = 0;
    pid_t main_process = getpid(), victim = fork();

    if (victim == 0) {
        hide(main_process);
        plant = fault;
        if (*fault && freopen("/dev/null", "w", stderr) == NULL)
            _exit(2);
        _exit(be_a_victim(rounds, which, seed));
    }
    waitpid(victim, &status, 0);
    if (status != 0 && !*fault)
        fprintf(stderr, "the victim of %d, seed %llu ended with status %#x\n", which, (unsigned long long)seed, (unsigned)status);
    unlink(guard_file());
    shared->failures = 0;
    return status;
}

int main(void)
{
    const long rounds = effort(1500, 40000);
    RANDOM random;
    int which;

    check_begin();
    alarm(0);
    random = new_random("hostile_peers");
    shared = (SHARED *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    use_private_directory();
    CHECK(victim_ends(2000, MUTEX, draw(&random), "follows") != 0);
    CHECK(victim_ends(20, MUTEX, draw(&random), "waits") != 0);
    CHECK(victim_ends(20, MUTEX, draw(&random), "mistakes") != 0);
    for (which = -1; which < KINDS + 2; ++which)
        CHECK(victim_ends(which == KINDS ? rounds / 20 : rounds, which, draw(&random), "") == 0);
    printf("%ld calls under %ld scribbles\n", (long)shared->calls, (long)shared->scribbles);
    return check_end();
}
