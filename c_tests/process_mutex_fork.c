/*
 * process_mutex_fork.c - plain fork() and mutexes: the child has the parent's
 * handles, and owns none of its mutexes. Neither its waits, nor its releases, nor
 * its end take anything from the parent.
 */
#include "waiting.h"

/* Goes on in a child, which ends with the code that body returns. */
static PEER fork_child(int (*body)(HANDLE mutex), HANDLE mutex)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        check_failures = 0;
        exit(body(mutex));
    }
    return child;
}
/* A mutex that this thread has taken so often; with a name or without. */
static HANDLE new_owned(int times, const char *name)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, name);

    while (--times > 0)
        CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    return mutex;
}
static int owned(HANDLE mutex)
{
    int count = 0;

    while (ReleaseMutex(mutex))
        ++count;
    return count;
}

/* The child finds it owned by somebody else. */
static void find_it_owned(HANDLE mutex)
{
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK_QUIET(WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT);
    CHECK_QUIET(WaitForSingleObject(mutex, 20) == WAIT_TIMEOUT);
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}
static int find_it_owned_and_get_it_later(HANDLE mutex)
{
    find_it_owned(mutex);
    pass_turn(&parent);
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(owned(mutex) == 2);
    return check_failures != 0;
}
/* Its wait goes on until the parent has given the mutex back as often as it took it; then both mean the same mutex. */
static void a_child_waits_for_its_parent(const char *name)
{
    HANDLE mutex = new_owned(2, name);
    PEER child = fork_child(find_it_owned_and_get_it_later, mutex);

    await_turn(&child);
    CHECK(until_asleep(child.pid));
    CHECK(ReleaseMutex(mutex));
    CHECK(until_asleep(child.pid));
    CHECK(ReleaseMutex(mutex));
    await_turn(&child);
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && owned(mutex) == 1);
    CHECK(CloseHandle(mutex));
}

/* However the child ends, and whatever it closes, the parent's mutex is the parent's and is not abandoned. */
static int end_at_once(HANDLE mutex)
{
    find_it_owned(mutex);
    return check_failures != 0;
}
static int close_and_end(HANDLE mutex)
{
    find_it_owned(mutex);
    CHECK(CloseHandle(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_INVALID_HANDLE);
    return check_failures != 0;
}
static int end_in_a_thread(HANDLE mutex)
{
    CHECK(wait_elsewhere(mutex, 0) == WAIT_TIMEOUT);
    return check_failures != 0;
}
static int end_without_touching_it(HANDLE mutex)
{
    (void)mutex;
    return 0;
}
static int become_another_program(HANDLE mutex)
{
    find_it_owned(mutex);
    if (check_failures == 0)
        execl("/proc/self/exe", "check", "peer", "nobody", "-", (char *)NULL);
    return 9;
}
static int be_killed(HANDLE mutex)
{
    find_it_owned(mutex);
    pass_turn(&parent);
    WaitForSingleObject(mutex, INFINITE);
    return 9;
}
static void a_childs_end_is_not_its_parents(const char *name)
{
    static int (*const bodies[])(HANDLE mutex) = {end_at_once, close_and_end, end_in_a_thread, end_without_touching_it,
                                                  become_another_program};
    HANDLE mutex = new_owned(3, name);
    PEER child;
    size_t i;

    for (i = 0; i < sizeof bodies / sizeof bodies[0]; ++i) {
        child = fork_child(bodies[i], mutex);
        CHECK(end_of(&child) == 0);
        CHECK(wait_elsewhere(mutex, 0) == WAIT_TIMEOUT);
    }
    child = fork_child(be_killed, mutex);
    await_turn(&child);
    CHECK(until_asleep(child.pid));
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK(wait_elsewhere(mutex, 0) == WAIT_TIMEOUT);
    CHECK(owned(mutex) == 3);
    CHECK(wait_elsewhere(mutex, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(mutex));
}

/* A child that takes a mutex and dies leaves that one behind, while its parent's stay the parent's. */
static int take_a_free_one(HANDLE mutex)
{
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    return check_failures != 0;
}
static void a_childs_own_mutex_is_abandoned(void)
{
    HANDLE held = new_owned(1, NULL), before = new_owned(1, NULL), free_one = CreateMutexA(NULL, FALSE, NULL), after;
    PEER child = fork_child(take_a_free_one, free_one);

    CHECK(end_of(&child) == 0);
    CHECK(WaitForSingleObject(free_one, INFINITE) == WAIT_ABANDONED && owned(free_one) == 1);
    /* The parent's list of mutexes is whole: it takes and gives back in any order. */
    after = new_owned(1, NULL);
    CHECK(owned(before) == 1 && owned(after) == 1 && owned(held) == 1);
    CHECK(WaitForSingleObject(before, 0) == WAIT_OBJECT_0 && owned(before) == 1);
    CHECK(CloseHandle(held) && CloseHandle(before) && CloseHandle(after) && CloseHandle(free_one));
}

/* The parent dies: its child, which was born with the mutex owned, is the next owner like any other. */
static int outlive_the_parent(HANDLE mutex)
{
    DWORD result = WaitForSingleObject(mutex, INFINITE);

    /* It speaks to the grandparent, through the pipes of the one who died. */
    if (result == WAIT_ABANDONED && ReleaseMutex(mutex) && !ReleaseMutex(mutex))
        pass_turn(&parent);
    return 0;
}
static int own_it_fork_and_end(HANDLE mutex)
{
    pid_t child;

    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    if ((child = fork()) == 0) {
        alarm(60);
        exit(outlive_the_parent(mutex));
    }
    CHECK(until_asleep(child));
    return check_failures != 0;
}
static void an_orphan_inherits_by_waiting(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);
    PEER child = fork_child(own_it_fork_and_end, mutex);
    int status = 0;

    CHECK(waitpid(child.pid, &status, 0) == child.pid && status == 0);
    await_turn(&child);
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0 && owned(mutex) == 1);
    CHECK(CloseHandle(mutex));
    close(child.to), close(child.from);
}

/* The thread that forks is not the only one with mutexes: of the others' the child owns none either. */
static void *own_until_told(void *argument)
{
    HANDLE *mutexes = (HANDLE *)argument; /* what to own, what to tell by, what to be told by */

    CHECK(WaitForSingleObject(mutexes[0], INFINITE) == WAIT_OBJECT_0);
    SetEvent(mutexes[1]);
    WaitForSingleObject(mutexes[2], INFINITE);
    CHECK(ReleaseMutex(mutexes[0]));
    return NULL;
}
/* These children end without exit(): a leak checker would take what the lost threads had for leaks. */
static int find_it_owned_and_leave(HANDLE mutex) { _exit(end_at_once(mutex)); }
static int get_it_later_and_leave(HANDLE mutex) { _exit(find_it_owned_and_get_it_later(mutex)); }
static void mutexes_of_other_threads_are_theirs(void)
{
    HANDLE handles[3];
    pthread_t thread;
    PEER child;

    handles[0] = CreateMutexA(NULL, FALSE, NULL);
    handles[1] = CreateEventA(NULL, FALSE, FALSE, NULL), handles[2] = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (pthread_create(&thread, NULL, own_until_told, handles) != 0)
        exit(2);
    CHECK(WaitForSingleObject(handles[1], INFINITE) == WAIT_OBJECT_0);
    child = fork_child(find_it_owned_and_leave, handles[0]);
    CHECK(end_of(&child) == 0);
    child = fork_child(get_it_later_and_leave, handles[0]);
    await_turn(&child);
    CHECK(until_asleep(child.pid));
    SetEvent(handles[2]);
    await_turn(&child);
    pthread_join(thread, NULL);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(WaitForSingleObject(handles[0], INFINITE) == WAIT_OBJECT_0 && owned(handles[0]) == 1);
    CHECK(CloseHandle(handles[0]) && CloseHandle(handles[1]) && CloseHandle(handles[2]));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "nobody"))
        return 0;
    a_child_waits_for_its_parent(NULL);
    a_child_waits_for_its_parent(NAME("parent"));
    a_childs_end_is_not_its_parents(NULL);
    a_childs_end_is_not_its_parents(NAME("end"));
    a_childs_own_mutex_is_abandoned();
    an_orphan_inherits_by_waiting();
    mutexes_of_other_threads_are_theirs();
    return check_end();
}
