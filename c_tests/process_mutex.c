/*
 * process_mutex.c - one mutex for several processes: exclusion that is exact, and
 * owners that die in every way there is. The next owner gets it with a warning,
 * once, and nobody sleeps for ever.
 */
#include "waiting.h"

/* Whether the next owner is warned, once, and owns it once. */
static int is_abandoned(HANDLE mutex)
{
    return CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED) && CHECK(ReleaseMutex(mutex)) &&
           CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER) && CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0) &&
           CHECK(ReleaseMutex(mutex));
}
/* Whether another process has it: it can be neither got nor given back. */
static int is_anothers(HANDLE mutex)
{
    return CHECK_QUIET(WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT) && CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

/* Owners: each takes the mutex of that name, more than once perhaps, says so and goes its way. */
static HANDLE take(const char *name, int times)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name);

    while (times-- > 0)
        if (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0)
            _exit(9);
    return mutex;
}
static int be_owner(const char *name)
{
    take(name, 3);
    pass_turn(&parent);
    await_turn(&parent);
    return 3;
}
static int be_owner_without_handle(const char *name)
{
    if (!CloseHandle(take(name, 2)) || CreateEventA(NULL, TRUE, FALSE, NULL) == NULL)
        return 9;
    pass_turn(&parent);
    await_turn(&parent);
    return 3;
}
static int be_owner_that_leaves_at_once(const char *name)
{
    take(name, 1);
    pass_turn(&parent);
    await_turn(&parent);
    _exit(3);
}
static int be_owner_that_becomes_another_program(const char *name)
{
    take(name, 2);
    pass_turn(&parent);
    await_turn(&parent);
    execl("/proc/self/exe", "check", "peer", "successor", name, (char *)NULL);
    return 9;
}
/* What an owner turns into: a program that has never heard of the mutex. */
static int be_successor(void)
{
    pass_turn(&parent);
    await_turn(&parent);
    return 3;
}

/* Owners die in their ways. Nobody is asleep then: whoever comes later is told. */
static void the_dead_leave_it_behind(void)
{
    static const struct {
        const char *role;
        int is_killed;
    } rows[] = {{"owner", 1}, {"owner", 0}, {"handleless", 1}, {"handleless", 0}, {"leaver", 0}};
    const char *name = NAME("dead");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        int before = check_failures;
        PEER owner = start_peer(rows[i].role, name);

        await_turn(&owner);
        CHECK(is_anothers(mutex));
        if (rows[i].is_killed) {
            CHECK(kill_peer(&owner) == 128 + SIGKILL);
        } else {
            pass_turn(&owner);
            CHECK(end_of(&owner) == 3);
        }
        CHECK(is_abandoned(mutex));
        if (check_failures != before)
            fprintf(stderr, "... with the role \"%s\", %s\n", rows[i].role, rows[i].is_killed ? "killed" : "ended");
    }
    CHECK(CloseHandle(mutex));
}

/* Sleepers of two processes are woken by the owner's death: one of them is told, the next one gets it clean. */
static void the_dead_wake_who_sleeps(void)
{
    const char *name = NAME("sleepers");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);
    int round;

    for (round = 0; round < 10; ++round) {
        PEER owner = start_peer(round % 2 ? "owner" : "handleless", name), other;
        WAITER here[2];
        int warned, clean, code;

        await_turn(&owner);
        other = start_peer("waiter", name);
        await_turn(&other);
        CHECK(until_asleep(other.pid));
        start_sleeper(&here[0], mutex);
        start_sleeper(&here[1], mutex);
        CHECK(kill_peer(&owner) == 128 + SIGKILL);
        warned = (end_waiter(&here[0]) == WAIT_ABANDONED) + (end_waiter(&here[1]) == WAIT_ABANDONED);
        clean = (here[0].result == WAIT_OBJECT_0) + (here[1].result == WAIT_OBJECT_0);
        code = end_of(&other);
        CHECK(warned + (code == (int)WAIT_ABANDONED) == 1 && clean + (code == (int)WAIT_OBJECT_0) == 2);
    }
    CHECK(CloseHandle(mutex));
}
/* Its exit code is the result of its wait. */
static int be_waiter(const char *name)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name);
    DWORD result;

    pass_turn(&parent);
    result = WaitForSingleObject(mutex, INFINITE);
    return ReleaseMutex(mutex) ? (int)result : 9;
}

/* The owner becomes another program, and lives: for the mutex it is dead. */
static void exec_leaves_it_behind(void)
{
    const char *name = NAME("exec");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);
    PEER owner = start_peer("transformer", name);
    WAITER sleeper;

    await_turn(&owner);
    CHECK(is_anothers(mutex));
    start_sleeper(&sleeper, mutex);
    pass_turn(&owner);
    CHECK(end_waiter(&sleeper) == WAIT_ABANDONED);
    await_turn(&owner); /* the successor is there */
    CHECK(kill(owner.pid, 0) == 0);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    pass_turn(&owner);
    CHECK(end_of(&owner) == 3);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    CHECK(CloseHandle(mutex));
}

/* The main thread of a process ends as the owner, and the process goes on without it. */
static void *outlive_the_main_thread(void *mutex)
{
    if (WaitForSingleObject((HANDLE)mutex, INFINITE) != WAIT_ABANDONED)
        exit(9);
    pass_turn(&parent);
    await_turn(&parent);
    exit(ReleaseMutex((HANDLE)mutex) && !ReleaseMutex((HANDLE)mutex) ? 3 : 8);
}
static int be_short_main_thread(const char *name)
{
    HANDLE mutex = take(name, 2);
    pthread_t thread;

    if (pthread_create(&thread, NULL, outlive_the_main_thread, mutex) != 0)
        return 7;
    pthread_exit(NULL);
}
static void the_main_thread_is_a_thread_like_others(void)
{
    const char *name = NAME("main");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);
    PEER owner = start_peer("short", name);

    await_turn(&owner);
    CHECK(is_anothers(mutex));
    pass_turn(&owner);
    CHECK(end_of(&owner) == 3);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(mutex));
}

/* Who is killed while it waits never had it: the next owner is told nothing, and no wake-up goes to the dead. */
static void a_killed_waiter_is_forgotten(void)
{
    const char *name = NAME("waiter");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);
    int round;

    for (round = 0; round < 10; ++round) {
        int killed_asleep = round % 2 == 0;
        PEER first, second;
        WAITER here;

        CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
        first = start_peer("waiter", name), second = start_peer("waiter", name);
        await_turn(&first), await_turn(&second);
        CHECK(until_asleep(first.pid) && until_asleep(second.pid));
        start_sleeper(&here, mutex);
        if (killed_asleep)
            CHECK(kill_peer(&first) == 128 + SIGKILL);
        CHECK(ReleaseMutex(mutex));
        if (!killed_asleep)
            kill_peer(&first); /* while it is woken, or owns the mutex already */
        CHECK(end_of(&second) == (int)WAIT_OBJECT_0 || !killed_asleep);
        CHECK(end_waiter(&here) == WAIT_OBJECT_0 || !killed_asleep);
        CHECK(WaitForSingleObject(mutex, INFINITE) != WAIT_FAILED && ReleaseMutex(mutex));
    }
    CHECK(CloseHandle(mutex));
}

/* Processes count in shared memory without losing a step. */
enum { COUNTERS = 4, STEPS = 4000 };
static int be_counter(const char *name)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name), section;
    char section_name[200];
    volatile long *value;
    int i;

    snprintf(section_name, sizeof section_name, "%s-section", name);
    section = OpenFileMappingA(FILE_MAP_WRITE, FALSE, section_name);
    value = (volatile long *)view_of(section, FILE_MAP_WRITE);
    pass_turn(&parent);
    await_turn(&parent);
    for (i = 0; i < STEPS; ++i) {
        if (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0)
            return 9;
        *value = *value + 1;
        if (!ReleaseMutex(mutex))
            return 8;
    }
    return 3;
}
static void a_counter_is_exact(void)
{
    const char *name = NAME("count");
    HANDLE mutex = CreateMutexA(NULL, FALSE, name), section;
    char section_name[200];
    PEER counters[COUNTERS];
    long *value;
    int i;

    snprintf(section_name, sizeof section_name, "%s-section", name);
    section = new_memory(PAGE_READWRITE, 4096, section_name);
    value = (long *)view_of(section, FILE_MAP_WRITE);
    for (i = 0; i < COUNTERS; ++i)
        counters[i] = start_peer("counter", name);
    for (i = 0; i < COUNTERS; ++i)
        await_turn(&counters[i]);
    for (i = 0; i < COUNTERS; ++i)
        pass_turn(&counters[i]);
    for (i = 0; i < COUNTERS; ++i)
        CHECK(end_of(&counters[i]) == 3);
    CHECK(*value == (long)COUNTERS * STEPS);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(mutex));
    CHECK(UnmapViewOfFile(value) && CloseHandle(section));
}

int main(int argc, char **argv)
{
    static const struct {
        const char *role;
        int (*play)(const char *name);
    } roles[] = {
        {"owner", be_owner},
        {"handleless", be_owner_without_handle},
        {"leaver", be_owner_that_leaves_at_once},
        {"transformer", be_owner_that_becomes_another_program},
        {"short", be_short_main_thread},
        {"waiter", be_waiter},
        {"counter", be_counter},
    };
    size_t i;

    check_begin();
    if (plays(argc, argv, "successor"))
        return be_successor();
    for (i = 0; i < sizeof roles / sizeof roles[0]; ++i)
        if (plays(argc, argv, roles[i].role))
            return roles[i].play(argv[3]);
    the_dead_leave_it_behind();
    the_dead_wake_who_sleeps();
    exec_leaves_it_behind();
    the_main_thread_is_a_thread_like_others();
    a_killed_waiter_is_forgotten();
    a_counter_is_exact();
    return check_end();
}
