/*
 * execs.c - a program becomes another one by exec, in its first thread or in another one,
 * while it owns mutexes and others of its threads own or write: what it owned is
 * abandoned, and told once; its names are gone; nobody gets half of a write. And programs
 * are started, by vfork, posix_spawn, system and popen, in the midst of everything.
 *
 * Planted: an owner that does not exec, whose mutexes must not be told of; and a writer
 * that writes byte by byte, past the library.
 */
#include "faults/world.h"

#include <spawn.h>

extern char **environ;

static WORLD world;

static void become_another_program(void)
{
    execl("/proc/self/exe", "check", "peer", "sleeper", "-", (char *)NULL);
    _exit(9);
}

/* --- owners -------------------------------------------------------------------------------------------------------- */

enum END { FIRST_THREAD_EXECS, ANOTHER_THREAD_EXECS, STAYS };
/* The exec'ing thread owns `waited` once and `later` twice, another one `others`. */
typedef struct OWNED {
    HANDLE waited, later, others;
    enum END end;
} OWNED;

static void *own_and_exec(void *argument)
{
    OWNED *owned = (OWNED *)argument;

    WaitForSingleObject(owned->waited, INFINITE);
    WaitForSingleObject(owned->later, INFINITE), WaitForSingleObject(owned->later, INFINITE);
    pass_turn(&parent);
    await_turn(&parent);
    if (owned->end == STAYS)
        sleep(1000);
    become_another_program();
    return NULL;
}
static void *own_others(void *others)
{
    WaitForSingleObject((HANDLE)others, INFINITE);
    pass_turn(&parent);
    sleep(1000);
    return NULL;
}
static PEER start_owner(OWNED *owned)
{
    PEER owner = fork_peer();

    if (owner.pid == 0) {
        pthread_t thread;

        pthread_create(&thread, NULL, own_others, owned->others);
        await_turn(&parent);
        if (owned->end == ANOTHER_THREAD_EXECS) {
            pthread_create(&thread, NULL, own_and_exec, owned);
            sleep(1000);
        }
        own_and_exec(owned);
    }
    await_turn(&owner);
    pass_turn(&owner);
    await_turn(&owner);
    return owner;
}
/* Two wait before it happens, for one and for any; others come later, who look, and who wait for all. */
static void an_owner_execs(enum END end, const char *name)
{
    HANDLE any[2], all[2];
    OWNED owned;
    WAITER one;
    SLEEPER several;
    PEER owner;
    DWORD first, second;

    owned.waited = CreateMutexA(NULL, FALSE, name), owned.later = new_mutex(), owned.others = new_mutex(), owned.end = end;
    owner = start_owner(&owned);
    any[0] = new_auto(FALSE), any[1] = owned.waited;
    all[0] = new_manual(TRUE), all[1] = owned.others;
    start_sleeper(&one, owned.waited);
    start_many(&several, any, 2, FALSE, owned.waited);
    MISSES(owned.later), MISSES(owned.others);
    pass_turn(&owner);
    if (end == STAYS) {
        CHECK_WAIT(WaitForSingleObject(owned.later, 700), WAIT_TIMEOUT);
        CHECK_WAIT(WaitForMultipleObjects(2, all, TRUE, 700), WAIT_TIMEOUT);
        CHECK(!is_done(&one) && still_sleeps(&several));
        CHECK(kill_peer(&owner) == 128 + SIGKILL);
    }
    first = end_waiter(&one), second = end_sleeper(&several);
    CHECK((first == WAIT_ABANDONED && second == WAIT_OBJECT_0 + 1) || (first == WAIT_OBJECT_0 && second == WAIT_ABANDONED + 1));
    CHECK_WAIT(WaitForSingleObject(owned.later, 0), WAIT_ABANDONED);
    CHECK(times_owned(owned.later) == 1);
    TAKES(owned.later);
    CHECK(times_owned(owned.later) == 1);
    CHECK_WAIT(WaitForMultipleObjects(2, all, TRUE, INFINITE), WAIT_ABANDONED);
    CHECK(times_owned(owned.others) == 1);
    if (end != STAYS) {
        /* And the process lives. */
        pass_turn(&owner);
        CHECK(end_of(&owner) == 0);
    }
    CHECK(CloseHandle(owned.waited) && CloseHandle(owned.later) && CloseHandle(owned.others));
    close_all(any, 1), close_all(all, 1);
}

enum LOOK { SLEEPS, LOOKS_OFTEN, SIGNALS_AND_LOOKS };
static DWORD look_often(HANDLE mutex)
{
    DWORD seen;

    while ((seen = WaitForSingleObject(mutex, 0)) == WAIT_TIMEOUT) {}
    return seen;
}
static DWORD signal_and_look(HANDLE mutex)
{
    HANDLE event = new_auto(FALSE);
    DWORD seen = SignalObjectAndWait(event, mutex, 0, FALSE);

    return CloseHandle(event) ? seen : WAIT_FAILED;
}
/* The kernel knows nothing of what the owner has, when that is killed: his list of mutexes was lost. */
static void an_owner_is_forgotten(const char *name, enum LOOK look)
{
    static struct {
        void *first;
        long offset;
        void *pending;
    } empty;
    HANDLE mutex = CreateMutexA(NULL, FALSE, name);
    PEER owner = fork_peer();
    WAITER waiter;
    DWORD told;

    if (owner.pid == 0) {
        WaitForSingleObject(mutex, INFINITE);
        empty.first = &empty;
        if (syscall(SYS_set_robust_list, &empty, sizeof empty) == 0)
            pass_turn(&parent);
        sleep(1000);
    }
    await_turn(&owner);
    if (look == SLEEPS)
        start_sleeper(&waiter, mutex);
    MISSES(mutex);
    CHECK(signal_and_look(mutex) == WAIT_TIMEOUT);
    CHECK(kill_peer(&owner) == 128 + SIGKILL);
    told = look == SLEEPS ? end_waiter(&waiter) : look == LOOKS_OFTEN ? look_often(mutex) : signal_and_look(mutex);
    CHECK(told == WAIT_ABANDONED);
    if (look != SLEEPS)
        CHECK(ReleaseMutex(mutex));
    TAKES(mutex);
    CHECK(times_owned(mutex) == 1 && CloseHandle(mutex));
}

/* --- names, and half of a write ------------------------------------------------------------------------------------ */

static int writes_past_the_library;

static void *write_on(void *memory)
{
    char text[MEMORY_SIZE];
    size_t size, i;
    unsigned round;

    for (round = 0;; ++round) {
        memset(text, 'a' + (int)(round % 26), sizeof text);
        if (writes_past_the_library)
            for (i = 0; i < sizeof text; ++i)
                ((volatile char *)SharedMemoryData((SharedMemory *)memory, &size))[i] = text[i];
        else
            SharedMemoryWrite((SharedMemory *)memory, text, sizeof text);
    }
    return NULL;
}
/* 0: the bytes are all of one write. Else the error. */
static int read_whole(SharedMemory *memory)
{
    char text[MEMORY_SIZE];
    int i, error = SharedMemoryRead(memory, text, sizeof text);

    for (i = 1; error == 0 && i < MEMORY_SIZE; ++i)
        if (text[i] != text[0])
            error = -1;
    return error;
}
static void writers_exec(RANDOM *random, long times)
{
    const char *name = NAME("written"), *gone = NAME("gone");
    char blank[MEMORY_SIZE] = "";
    long i, torn = 0;

    for (i = 0; i < times; ++i) {
        SharedMemory *memory = NULL;
        HANDLE started = CreateEventA(NULL, FALSE, FALSE, NULL);
        PEER writer;
        int error;

        CHECK(SharedMemoryCreate(name, MEMORY_SIZE, &memory) == 0);
        memset(blank, 'a', sizeof blank);
        CHECK(SharedMemoryWrite(memory, blank, sizeof blank) == 0);
        writer = fork_peer();
        if (writer.pid == 0) {
            pthread_t thread;

            if (!new_memory(PAGE_READWRITE, 4096, gone) || pthread_create(&thread, NULL, write_on, memory) != 0)
                _exit(9);
            usleep(draw_below(random, 3000));
            pass_turn(&parent);
            become_another_program();
        }
        await_turn(&writer);
        while ((error = read_whole(memory)) == 0 && name_exists(gone))
            ;
        /* Its names are gone, and half a write is known for one, until somebody writes again. */
        while (name_exists(gone))
            a_moment();
        error = read_whole(memory);
        torn += error == SHARED_MEMORY_TORN;
        CHECK(error == 0 || error == SHARED_MEMORY_TORN);
        CHECK(SharedMemoryWrite(memory, blank, sizeof blank) == 0 && read_whole(memory) == 0);
        pass_turn(&writer);
        CHECK(end_of(&writer) == 0);
        CHECK(SharedMemoryClose(memory) == 0 && CloseHandle(started));
        if (check_failures)
            break;
    }
    CHECK(!name_exists(name));
    printf("%ld writers became another program, %ld in the middle of a write\n", i, torn);
}

/* --- programs that are started in the midst ------------------------------------------------------------------------ */

static int be_heir(const char *tag)
{
    unsigned long long value = 0;
    char prefix[100];

    if (sscanf(tag, "%llx:%99s", &value, prefix) != 2 || !SetEvent((HANDLE)(ULONG_PTR)value))
        return 3;
    if (make_world(&world, prefix) != 0 || !world_is_whole(&world, "an heir"))
        return 4;
    return close_world(&world) == 0 ? 0 : 5;
}
static int start_heir(int way, char *program, char *tag)
{
    char check[] = "check", peer[] = "peer", role[] = "heir", command[600];
    char *arguments[6];
    int status = -1;
    pid_t child = -1;
    FILE *pipe;

    arguments[0] = check, arguments[1] = peer, arguments[2] = role, arguments[3] = tag, arguments[4] = NULL;
    snprintf(command, sizeof command, "exec '%s' peer heir '%s'", program, tag);
    switch (way) {
    case 0:
        if ((child = vfork()) == 0) {
            execve(program, arguments, environ);
            _exit(127);
        }
        break;
    case 1:
        if (posix_spawn(&child, program, NULL, NULL, arguments, environ) != 0)
            return -1;
        break;
    case 2:
        return system(command);
    default:
        return (pipe = popen(command, "r")) != NULL ? pclose(pipe) : -1;
    }
    return waitpid(child, &status, 0) == child ? status : -1;
}
static void programs_are_started(long times)
{
    BUSY threads[KINDS_OF_CALLS];
    HANDLE told = new_auto(FALSE);
    char program[400], tag[200];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    long i;

    program[length > 0 ? length : 0] = 0;
    CHECK(SetHandleInformation(told, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    CHECK(make_world(&world, NAME("started")) == 0);
    snprintf(tag, sizeof tag, "%llx:%s", (unsigned long long)(ULONG_PTR)told, world.prefix);
    start_busy_threads(threads, &world);
    for (i = 0; i < times && check_failures == 0; ++i) {
        CHECK(start_heir((int)(i % 4), program, tag) == 0);
        TAKES(told);
    }
    CHECK(end_busy_threads(threads));
    CHECK(world_is_whole(&world, "who started them"));
    CHECK(end_world(&world) == 0 && CloseHandle(told));
    printf("%ld programs started\n", i);
}

int main(int argc, char **argv)
{
    RANDOM random;
    PEER planted;
    long i;

    check_begin();
    if (plays(argc, argv, "sleeper")) {
        await_turn(&parent);
        return 0;
    }
    if (plays(argc, argv, "heir"))
        return be_heir(argv[3]);
    alarm((unsigned)effort(100, 1800));
    random = new_random("execs");
    if (plays(argc, argv, "planted")) {
        writes_past_the_library = 1;
        writers_exec(&random, 1000);
        return check_end();
    }
    for (i = 0; i < effort(1, 40); ++i) {
        an_owner_execs(FIRST_THREAD_EXECS, NULL);
        an_owner_execs(ANOTHER_THREAD_EXECS, NULL);
        an_owner_execs(FIRST_THREAD_EXECS, NAME("owned"));
        an_owner_execs(ANOTHER_THREAD_EXECS, NAME("owned"));
    }
    an_owner_is_forgotten(NULL, SLEEPS), an_owner_is_forgotten(NAME("forgotten"), SLEEPS);
    an_owner_is_forgotten(NULL, LOOKS_OFTEN), an_owner_is_forgotten(NULL, SIGNALS_AND_LOOKS);
    an_owner_execs(STAYS, NAME("stays"));
    writers_exec(&random, effort(30, 2000));
    programs_are_started(effort(4, 1000));
    planted = start_peer("planted", "-");
    CHECK(end_of(&planted) == 1);
    return check_end();
}
