/*
 * process_untrusted.c - synchronisation objects of another user, in the directory
 * for the whole machine. In one that is open to all, a mutex of his is refused: its
 * owner would follow pointers that its maker can change. In one for a group, whose
 * members trust each other, nothing is. Needs root, who alone meets another
 * user's objects: they open for their creator and for root.
 */
#include "wait_many.h"

#include <grp.h>
#include <sys/stat.h>

#define OTHER 65534
#define GROUP 4711

static const char *shared_directory(void)
{
    static char path[300];

    snprintf(path, sizeof path, "%s/.winshm-global", getenv("WINSHM_DIR"));
    return path;
}
static void make_shared_directory(gid_t group, mode_t mode)
{
    CHECK(mkdir(shared_directory(), 0) == 0 && chown(shared_directory(), 0, group) == 0);
    CHECK(chmod(shared_directory(), mode) == 0);
}
static void remove_shared_directory(void)
{
    char guard[320];

    snprintf(guard, sizeof guard, "%s/G!guard", shared_directory());
    unlink(guard);
    CHECK(rmdir(shared_directory()) == 0);
}

/* The four kinds of this label, as anybody who may names them. */
enum { MUTEX, EVENT, SEMAPHORE, TIMER, KINDS };
static const char *name_of(const char *label, int kind)
{
    static char names[8][200];
    static int next;
    char *name = names[next++ % 8];

    snprintf(name, sizeof names[0], "Global\\%s-%d", label, kind);
    return name;
}
static HANDLE create(const char *label, int kind)
{
    const char *name = name_of(label, kind);

    switch (kind) {
    case MUTEX:
        return CreateMutexA(NULL, FALSE, name);
    case EVENT:
        return CreateEventA(NULL, FALSE, FALSE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(NULL, 0, 5, name);
    default:
        return CreateWaitableTimerA(NULL, FALSE, name);
    }
}
static HANDLE open_kind(const char *label, int kind)
{
    const char *name = name_of(label, kind);

    switch (kind) {
    case MUTEX:
        return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    case EVENT:
        return OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    case SEMAPHORE:
        return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name);
    default:
        return OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name);
    }
}

/* The other user, a member of the group: creates the four, then does what root tells him. */
enum { OWN_IT = 'o', GIVE_IT_BACK = 'g', SET_TIMER = 't', WAIT = 'w', WAIT_FOR_ALL = 'a', END = 'e' };

static BOOL set_timer(HANDLE timer)
{
    LARGE_INTEGER soon;

    soon.QuadPart = -1;
    return SetWaitableTimer(timer, &soon, 0, NULL, NULL, FALSE);
}

static int be_maker(const char *label)
{
    HANDLE objects[KINDS];
    char order;
    int kind;

    if (setgroups(0, NULL) != 0 || setgid(GROUP) != 0 || setuid(OTHER) != 0)
        return 50;
    for (kind = 0; kind < KINDS; ++kind) {
        CHECK_LAST(objects[kind] = create(label, kind), ERROR_SUCCESS);
    }
    pass_turn(&parent);
    while (read(STDIN_FILENO, &order, 1) == 1 && order != END) {
        switch (order) {
        case OWN_IT:
            CHECK(WaitForSingleObject(objects[MUTEX], INFINITE) == WAIT_OBJECT_0);
            break;
        case GIVE_IT_BACK:
            CHECK(ReleaseMutex(objects[MUTEX]));
            break;
        case SET_TIMER:
            CHECK(set_timer(objects[TIMER]));
            break;
        case WAIT:
            for (kind = EVENT; kind < TIMER; ++kind)
                CHECK(WaitForMultipleObjects(3, objects + EVENT, FALSE, INFINITE) == (DWORD)(kind - EVENT));
            break;
        case WAIT_FOR_ALL:
            CHECK(WaitForMultipleObjects(2, objects, TRUE, INFINITE) == WAIT_OBJECT_0);
            break;
        }
        pass_turn(&parent);
    }
    close_all(objects, KINDS);
    return check_failures;
}
static void tell(const PEER *maker, char order) { CHECK(write(maker->to, &order, 1) == 1); }
static void have_it_done(const PEER *maker, char order)
{
    tell(maker, order);
    await_turn(maker);
}

/* What root does with what he may open: he wakes the maker with each, and is let through by each himself. */
static void signals_go_both_ways(const PEER *maker, const HANDLE *objects)
{
    HANDLE either[2];

    tell(maker, WAIT);
    CHECK(until_asleep(maker->pid));
    CHECK(SetEvent(objects[EVENT]));
    CHECK(until_asleep(maker->pid));
    CHECK(ReleaseSemaphore(objects[SEMAPHORE], 1, NULL));
    await_turn(maker);
    have_it_done(maker, SET_TIMER);
    CHECK_WAIT(WaitForMultipleObjects(3, objects + EVENT, FALSE, INFINITE), WAIT_OBJECT_0 + 2);
    CHECK(SetEvent(objects[EVENT]) && ReleaseSemaphore(objects[SEMAPHORE], 2, NULL));
    TAKES(objects[EVENT]), MISSES(objects[EVENT]);
    either[0] = objects[EVENT], either[1] = objects[SEMAPHORE];
    CHECK_WAIT(WaitForMultipleObjects(2, either, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    TAKES(objects[SEMAPHORE]), MISSES(objects[SEMAPHORE]);
    CHECK_WAIT(WaitForMultipleObjects(2, either, FALSE, 15), WAIT_TIMEOUT);
    CHECK(SetEvent(objects[EVENT]) && PulseEvent(objects[EVENT]) && ResetEvent(objects[EVENT]));
    MISSES(objects[EVENT]);
}

/*
 * Open to all. The mutex is refused, opened or created. The rest works, but for wait-alls and the setting of timers,
 * which need a guard of all who take part: that is a mutex.
 */
static void a_strangers_mutex_is_refused(void)
{
    const char *label = NAME("stranger");
    HANDLE objects[KINDS], two[2];
    PEER maker;
    int kind;

    make_shared_directory(0, 0777);
    maker = start_peer("maker", label);
    await_turn(&maker);
    CHECK_ERROR(open_kind(label, MUTEX), ERROR_ACCESS_DENIED);
    CHECK_ERROR(create(label, MUTEX), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateMutexA(NULL, TRUE, name_of(label, MUTEX)), ERROR_ACCESS_DENIED);
    /* The refused one is unharmed, and another name of root's own works here. */
    have_it_done(&maker, OWN_IT);
    CHECK_ERROR(open_kind(label, MUTEX), ERROR_ACCESS_DENIED);
    have_it_done(&maker, GIVE_IT_BACK);
    objects[MUTEX] = CreateMutexA(NULL, TRUE, name_of(NAME("own"), MUTEX));
    CHECK(objects[MUTEX] != NULL && times_owned(objects[MUTEX]) == 1);

    CHECK_LAST(objects[EVENT] = create(label, EVENT), ERROR_ALREADY_EXISTS);
    for (kind = SEMAPHORE; kind < KINDS; ++kind)
        CHECK_QUIET((objects[kind] = open_kind(label, kind)) != NULL);
    signals_go_both_ways(&maker, objects);
    CHECK_ERROR(set_timer(objects[TIMER]), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CancelWaitableTimer(objects[TIMER]), ERROR_ACCESS_DENIED);
    MISSES(objects[TIMER]);
    two[0] = objects[EVENT], two[1] = objects[MUTEX];
    CHECK(SetEvent(objects[EVENT]));
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, two, TRUE, 0), ERROR_ACCESS_DENIED);
    CHECK(times_owned(objects[MUTEX]) == 0);
    TAKES(objects[EVENT]);
    tell(&maker, END);
    CHECK(end_of(&maker) == 0);
    /* Gone with its maker's handles, the event is root's last one. */
    CHECK_LAST(two[0] = create(label, MUTEX), ERROR_SUCCESS);
    CHECK_ERROR(OpenSemaphoreA(SYNCHRONIZE, FALSE, name_of(label, EVENT)), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(two[0]));
    close_all(objects, KINDS);
    remove_shared_directory();
}

/* For a group whose members trust each other, and its setgid bit. Root is among friends. */
static void a_members_mutex_is_shared(void)
{
    const char *label = NAME("member");
    HANDLE objects[KINDS];
    PEER maker;
    int kind;

    make_shared_directory(GROUP, 02770);
    maker = start_peer("maker", label);
    await_turn(&maker);
    for (kind = 0; kind < KINDS; ++kind)
        CHECK_QUIET((objects[kind] = open_kind(label, kind)) != NULL);
    have_it_done(&maker, OWN_IT);
    MISSES(objects[MUTEX]);
    CHECK_ERROR(ReleaseMutex(objects[MUTEX]), ERROR_NOT_OWNER);
    have_it_done(&maker, GIVE_IT_BACK);
    TAKES(objects[MUTEX]);
    tell(&maker, OWN_IT);
    CHECK(until_asleep(maker.pid));
    CHECK(ReleaseMutex(objects[MUTEX]));
    await_turn(&maker);
    MISSES(objects[MUTEX]);
    have_it_done(&maker, GIVE_IT_BACK);
    signals_go_both_ways(&maker, objects);
    CHECK(set_timer(objects[TIMER]) && CancelWaitableTimer(objects[TIMER]));
    /* Both wait for mutex and event at one instant. */
    TAKES(objects[MUTEX]);
    tell(&maker, WAIT_FOR_ALL);
    CHECK(until_asleep(maker.pid));
    CHECK(ReleaseMutex(objects[MUTEX]));
    CHECK(until_asleep(maker.pid));
    CHECK(SetEvent(objects[EVENT]));
    await_turn(&maker);
    MISSES(objects[MUTEX]), MISSES(objects[EVENT]);
    CHECK(SetEvent(objects[EVENT]));
    have_it_done(&maker, GIVE_IT_BACK);
    CHECK_WAIT(WaitForMultipleObjects(2, objects, TRUE, INFINITE), WAIT_OBJECT_0);
    CHECK(times_owned(objects[MUTEX]) == 1);
    /* And its death is told across users. */
    have_it_done(&maker, OWN_IT);
    CHECK(kill_peer(&maker) == 128 + SIGKILL);
    CHECK_WAIT(WaitForSingleObject(objects[MUTEX], INFINITE), WAIT_ABANDONED);
    CHECK(times_owned(objects[MUTEX]) == 1);
    close_all(objects, KINDS);
    remove_shared_directory();
}

int main(int argc, char **argv)
{
    void (*const stories[])(void) = {a_strangers_mutex_is_refused, a_members_mutex_is_shared};
    size_t i;

    check_begin();
    if (plays(argc, argv, "maker"))
        return be_maker(argv[3]);
    if (geteuid() != 0) {
        printf("SKIPPED: needs root\n");
        return 77;
    }
    CHECK(chmod(use_private_directory(), 01777) == 0);
    /* Each in a process of its own, which looks for the directory once. */
    for (i = 0; i < LENGTH(stories); ++i) {
        PEER child = fork_peer();

        if (child.pid == 0) {
            stories[i]();
            exit(check_failures != 0);
        }
        CHECK(end_of(&child) == 0);
    }
    return check_end();
}
