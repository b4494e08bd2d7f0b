/*
 * process_inherit_lifetime.c - whose handle keeps a name: a parent's, or that of a program it started, whatever
 * happens to the other.
 */
#include "inheriting.h"

#include <pthread.h>
#include <sys/prctl.h>

/* A program with a handle: it takes part while told to. */
static int hold(const char *tag)
{
    HANDLE handles[2];

    handles_of(tag, handles, 2);
    await_turn(&parent);
    CHECK(SetEvent(handles[1]) && CloseHandle(handles[1]));
    CHECK(flags_of(handles[0]) == HANDLE_FLAG_INHERIT);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(CloseHandle(handles[0]));
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}

/* The usual way: start a child and close the handle at once. The child has it all the same, to its end. */
static void a_handle_is_closed_after_the_start(enum WAY way, int kill_it)
{
    const char *name = NAME("closed");
    HANDLE handles[2];
    PEER child;

    handles[0] = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 4096, name);
    handles[1] = CreateEventA(inheritable(), TRUE, FALSE, NULL);
    child = start_by(way, "hold", tag_of(handles, 2));
    CHECK(CloseHandle(handles[0]));
    /* The number of what was closed means something else now, in the parent. */
    CHECK((handles[0] = CreateEventA(inheritable(), TRUE, FALSE, NULL)) != NULL);
    CHECK(name_exists(name));
    pass_turn(&child);
    await_turn(&child);
    CHECK(is_set(handles[1]) && name_exists(name));
    if (kill_it) {
        CHECK(kill_peer(&child) == 128 + SIGKILL);
    } else {
        pass_turn(&child);
        await_turn(&child);
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
        pass_turn(&child);
        CHECK(end_of(&child) == 0);
    }
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK(CloseHandle(handles[0]) && CloseHandle(handles[1]) && count_objects() == 0);
}

/* A parent that is killed as soon as it has started a child. */
static int start_and_die(const char *tag)
{
    HANDLE handles[2];
    pid_t child;

    handles[0] = CreateEventA(inheritable(), TRUE, FALSE, tag);
    handles[1] = CreateEventA(inheritable(), TRUE, FALSE, NULL);
    /* It has our pipes. */
    if ((child = fork()) == 0) {
        execl(own_path(), "check", "peer", "hold", tag_of(handles, 2), (char *)NULL);
        _exit(127);
    }
    if (write(parent.to, &child, sizeof child) != sizeof child)
        return 1;
    pause();
    return 1;
}
static void a_parent_is_killed(int child_is_killed)
{
    const char *name = NAME("killed");
    PEER family = start_by(SPAWN, "die", name);
    HANDLE event;
    pid_t child = 0;

    CHECK(read(family.from, &child, sizeof child) == sizeof child);
    CHECK(kill(family.pid, SIGKILL) == 0 && waitpid(family.pid, NULL, 0) == family.pid);
    CHECK((event = OpenEventA(EVENT_ALL_ACCESS, FALSE, name)) != NULL && CloseHandle(event));
    pass_turn(&family);
    await_turn(&family);
    CHECK((event = OpenEventA(EVENT_ALL_ACCESS, FALSE, name)) != NULL && CloseHandle(event));
    if (child_is_killed) {
        CHECK(kill(child, SIGKILL) == 0);
    } else {
        pass_turn(&family);
        await_turn(&family);
        CHECK_ERROR(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
        pass_turn(&family);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    close(family.to);
    CHECK_ERROR(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    close(family.from);
}

/* A program that has no idea of the library holds what it inherits, as on Windows. */
static void a_stranger_holds_a_name(void)
{
    const char *name = NAME("stranger");
    HANDLE mapping = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 4096, name);
    PEER child = fork_peer();

    if (child.pid == 0) {
        execl("/bin/cat", "cat", (char *)NULL);
        _exit(127);
    }
    pass_turn(&child);
    await_turn(&child);
    CHECK(CloseHandle(mapping) && name_exists(name));
    CHECK(kill_peer(&child) == 128 + SIGKILL && !name_exists(name));
}

/* Daemons close what they did not open. Then they have no handles; names they can open. */
static int close_everything_first(const char *tag)
{
    HANDLE handles[2];
    char name[64];
    int number;

    for (number = 3; number < 1024; ++number)
        close(number);
    handles_of(tag, handles, 2);
    CHECK_ERROR(SetEvent(handles[0]), ERROR_INVALID_HANDLE);
    snprintf(name, sizeof name, "winshm-daemon-%d", (int)getppid());
    CHECK((handles[1] = OpenEventA(EVENT_ALL_ACCESS, FALSE, name)) != NULL && SetEvent(handles[1]));
    return check_failures != 0;
}
static void descriptors_are_closed(void)
{
    HANDLE handles[2];
    char name[64];
    PEER child;

    snprintf(name, sizeof name, "winshm-daemon-%d", (int)getpid());
    handles[0] = handles[1] = CreateEventA(inheritable(), TRUE, FALSE, name);
    child = start_by(SPAWN, "daemon", tag_of(handles, 2));
    CHECK(end_of(&child) == 0 && is_set(handles[0]));
    CHECK(CloseHandle(handles[0]));
}

static int set_one(const char *tag)
{
    HANDLE event;

    handles_of(tag, &event, 1);
    CHECK(SetEvent(event));
    return check_failures != 0;
}

/* Other threads make, change and close inheritable handles while a child is started: it has what it was promised. */
static int stop_churning;

static void *churn(void *unused)
{
    unsigned long rounds = 0;

    while (!__atomic_load_n(&stop_churning, __ATOMIC_RELAXED)) {
        HANDLE named = CreateEventA(inheritable(), TRUE, FALSE, NULL), twin = NULL;

        rounds += SetHandleInformation(named, HANDLE_FLAG_INHERIT, 0) &&
                  DuplicateHandle(GetCurrentProcess(), named, GetCurrentProcess(), &twin, 0, TRUE, DUPLICATE_SAME_ACCESS) &&
                  CloseHandle(named) && CloseHandle(twin);
    }
    return rounds > 0 ? unused : NULL;
}
static void starts_race_with_changes(void)
{
    enum { THREADS = 2, STARTS = 60 };
    HANDLE event = CreateEventA(inheritable(), FALSE, FALSE, NAME("race"));
    pthread_t threads[THREADS];
    int i, clean = 0;

    for (i = 0; i < THREADS; ++i)
        CHECK(pthread_create(&threads[i], NULL, churn, &stop_churning) == 0);
    for (i = 0; i < STARTS; ++i) {
        PEER child = start_by(SPAWN, "set", tag_of(&event, 1));

        clean += end_of(&child) == 0 && is_set(event);
    }
    CHECK(clean == STARTS);
    __atomic_store_n(&stop_churning, 1, __ATOMIC_RELAXED);
    for (i = 0; i < THREADS; ++i) {
        void *done = NULL;

        CHECK(pthread_join(threads[i], &done) == 0 && done != NULL);
    }
    CHECK(CloseHandle(event) && count_objects() == 0);
}

/* Who owns a mutex and becomes another program has ended as far as the mutex is concerned. */
static int own_and_exec(const char *tag)
{
    HANDLE mutex;

    handles_of(tag, &mutex, 1);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    execl(own_path(), "check", "peer", "abandoned", tag, (char *)NULL);
    return 1;
}
static int find_it_abandoned(const char *tag)
{
    HANDLE mutex;

    handles_of(tag, &mutex, 1);
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_ABANDONED && ReleaseMutex(mutex));
    return check_failures != 0;
}
static void an_owner_becomes_another_program(HANDLE mutex)
{
    PEER child = start_by(SPAWN, "own", tag_of(&mutex, 1));

    CHECK(end_of(&child) == 0);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(mutex));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "hold"))
        return hold(argv[3]);
    if (plays(argc, argv, "die"))
        return start_and_die(argv[3]);
    if (plays(argc, argv, "daemon"))
        return close_everything_first(argv[3]);
    if (plays(argc, argv, "set"))
        return set_one(argv[3]);
    if (plays(argc, argv, "own"))
        return own_and_exec(argv[3]);
    if (plays(argc, argv, "abandoned"))
        return find_it_abandoned(argv[3]);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* grandchildren are waited for */
    use_private_directory();
    a_handle_is_closed_after_the_start(FORK_AND_EXEC, 0);
    a_handle_is_closed_after_the_start(SPAWN, 0);
    a_handle_is_closed_after_the_start(SPAWN, 1);
    a_parent_is_killed(0);
    a_parent_is_killed(1);
    a_stranger_holds_a_name();
    descriptors_are_closed();
    starts_race_with_changes();
    an_owner_becomes_another_program(CreateMutexA(inheritable(), FALSE, NULL));
    an_owner_becomes_another_program(CreateMutexA(inheritable(), FALSE, NAME("owned")));
    return check_end();
}
