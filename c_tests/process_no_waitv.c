/*
 * process_no_waitv.c - waiting for several objects where the system call for it is
 * missing (ENOSYS) or forbidden (EPERM), together with processes that have it: all
 * mix on the same objects, and whoever signals wakes whoever waits.
 */
#include "no_waitv.h"

/* The system call that it sleeps in; -1 where the kernel does not tell. */
static long sleeps_in(pid_t pid)
{
    char path[64];
    long number = -1;

    snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
    while (until_asleep(pid)) {
        FILE *file = fopen(path, "r");
        int found;

        if (file == NULL)
            return -1;
        found = fscanf(file, "%ld", &number);
        fclose(file);
        if (found == 1)
            return number;
    }
    return -1;
}
/* Asleep, and in the way that its world allows: else nothing was tested. */
static void check_asleep(const PEER *peer, char world)
{
    long number = sleeps_in(peer->pid);

    CHECK(number == -1 || number == (world == HAS_ALL ? NUMBER_OF_FUTEX_WAITV : SYS_futex));
}

/* Waits for any, says which it was, and waits on when it is its turn. */
static int be_waiter(void)
{
    for (;;) {
        DWORD which = WaitForMultipleObjects(OBJECTS, objects, FALSE, INFINITE);

        if (which >= STOP)
            return which == STOP ? check_failures : 9;
        CHECK(which != MUTEX || ReleaseMutex(objects[MUTEX]));
        CHECK(which != MANUAL || ResetEvent(objects[MANUAL]));
        printf("%c", 'A' + (int)which), fflush(stdout);
        await_turn(&parent);
    }
}
/* Owns the mutex, and signals what it is told. */
static int be_signaller(void)
{
    char which;

    CHECK(WaitForSingleObject(objects[MUTEX], INFINITE) == WAIT_OBJECT_0);
    pass_turn(&parent);
    while (read(STDIN_FILENO, &which, 1) == 1) {
        CHECK(signal_object(which - 'A'));
        if (which - 'A' == MUTEX) {
            await_turn(&parent);
            CHECK(WaitForSingleObject(objects[MUTEX], INFINITE) == WAIT_OBJECT_0);
            pass_turn(&parent);
        }
    }
    return check_failures;
}

/* One of each world waits, one of each signals. */
static void every_kind_wakes_everybody(char waiting, char signalling)
{
    const char *name = NAME("any");
    PEER waiter, signaller;
    int which;

    open_objects(name);
    signaller = start("signaller", signalling, name);
    await_turn(&signaller);
    waiter = start("waiter", waiting, name);
    for (which = 0; which < STOP; ++which) {
        char told = (char)('A' + which), said = 0;

        check_asleep(&waiter, waiting);
        CHECK(write(signaller.to, &told, 1) == 1);
        CHECK(read(waiter.from, &said, 1) == 1 && said == told);
        if (which == MUTEX) {
            pass_turn(&signaller);
            await_turn(&signaller);
        }
        pass_turn(&waiter);
    }
    CHECK(until_asleep(waiter.pid));
    CHECK(SetEvent(objects[STOP]));
    CHECK(end_of(&waiter) == 0);
    close(signaller.to), signaller.to = -1;
    CHECK(end_of(&signaller) == 0);
    close_all(objects, OBJECTS);
}

/* For all of them: it wakes when the last one is there, whichever that is, and has them all then. */
static int be_collector(void)
{
    HANDLE wanted[3];
    int round;

    wanted[0] = objects[AUTO], wanted[1] = objects[SEMAPHORE], wanted[2] = objects[MUTEX];
    for (round = 0; round < 3; ++round) {
        CHECK(WaitForMultipleObjects(3, wanted, TRUE, INFINITE) == WAIT_OBJECT_0);
        MISSES(objects[AUTO]), MISSES(objects[SEMAPHORE]);
        CHECK(ReleaseMutex(objects[MUTEX]));
        pass_turn(&parent);
        await_turn(&parent);
    }
    return check_failures;
}
static void all_are_taken_at_once(char waiting)
{
    const char *name = NAME("all");
    PEER collector;
    int last;

    open_objects(name);
    CHECK(WaitForSingleObject(objects[MUTEX], 0) == WAIT_OBJECT_0);
    collector = start("collector", waiting, name);
    for (last = AUTO; last <= MUTEX; ++last) {
        int i;

        for (i = 1; i <= 3; ++i) {
            CHECK(until_asleep(collector.pid));
            CHECK(signal_object((last + i) % 3));
        }
        await_turn(&collector);
        CHECK(WaitForSingleObject(objects[MUTEX], 0) == WAIT_OBJECT_0);
        pass_turn(&collector);
    }
    CHECK(ReleaseMutex(objects[MUTEX]));
    CHECK(end_of(&collector) == 0);
    close_all(objects, OBJECTS);
}

/* What has no name is shared by fork; it has another guard than what has one. Either wakes, in either place. */
static void unnamed_and_named_objects_mix(char waiting)
{
    HANDLE mixed[4];
    PEER child;
    int i;

    mixed[0] = new_auto(FALSE), mixed[1] = CreateEventA(NULL, FALSE, FALSE, NAME("named"));
    mixed[2] = new_semaphore(0, 9), mixed[3] = CreateSemaphoreA(NULL, 0, 9, NAME("count"));
    child = fork_peer();
    if (child.pid == 0) {
        int ordered;

        live_in(waiting);
        for (ordered = 0; ordered < 8; ++ordered) {
            HANDLE order[4];
            DWORD which;

            for (i = 0; i < 4; ++i)
                order[i] = mixed[ordered < 4 ? i : 3 - i];
            which = WaitForMultipleObjects(4, order, FALSE, INFINITE);
            if (which != (DWORD)(ordered < 4 ? ordered : 3 - ordered % 4))
                _exit(3);
            pass_turn(&parent);
        }
        _exit(check_failures != 0);
    }
    for (i = 0; i < 8; ++i) {
        CHECK(until_asleep(child.pid));
        CHECK(i % 4 < 2 ? SetEvent(mixed[i % 4]) : ReleaseSemaphore(mixed[i % 4], 1, NULL));
        await_turn(&child);
    }
    CHECK(end_of(&child) == 0);
    close_all(mixed, 4);
}

/* The mutex's owner is killed: whoever waits for it and for something else has it then. */
static int be_heir(void)
{
    HANDLE either[2];

    either[0] = objects[STOP], either[1] = objects[MUTEX];
    CHECK(WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_ABANDONED_0 + 1);
    CHECK(ReleaseMutex(objects[MUTEX]));
    return check_failures;
}
static void a_dead_owner_is_noticed(char owning, char waiting)
{
    const char *name = NAME("dead");
    PEER owner, heir;

    open_objects(name);
    owner = start("signaller", owning, name);
    await_turn(&owner);
    heir = start("heir", waiting, name);
    check_asleep(&heir, waiting);
    CHECK(kill_peer(&owner) == 128 + SIGKILL);
    CHECK(end_of(&heir) == 0);
    CHECK(WaitForSingleObject(objects[MUTEX], 0) == WAIT_OBJECT_0 && ReleaseMutex(objects[MUTEX]));
    close_all(objects, OBJECTS);
}

/* A time-out is one here too, and bad handles are refused. */
static void times_and_errors_are_the_same(char world)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        HANDLE two[2], bad[2];
        long long start;

        live_in(world);
        two[0] = new_auto(FALSE), two[1] = new_manual(FALSE);
        bad[0] = two[0], bad[1] = GARBAGE_HANDLE;
        start = microseconds();
        CHECK_WAIT(WaitForMultipleObjects(2, two, FALSE, 35), WAIT_TIMEOUT);
        CHECK(microseconds() - start >= 35000);
        CHECK_WAIT(WaitForMultipleObjects(2, two, FALSE, 0), WAIT_TIMEOUT);
        CHECK_WAIT_FAILS(WaitForMultipleObjects(2, bad, FALSE, INFINITE), ERROR_INVALID_HANDLE);
        close_all(two, 2);
        _exit(check_failures != 0);
    }
    CHECK(end_of(&child) == 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *role;
        int (*play)(void);
    } roles[] = {{"waiter", be_waiter}, {"signaller", be_signaller}, {"collector", be_collector},
                 {"heir", be_heir}};
    const char *world, *other;
    size_t i;

    check_begin();
    for (i = 0; i < LENGTH(roles); ++i)
        if (plays(argc, argv, roles[i].role)) {
            live_in(argv[3][0]);
            open_objects(argv[3] + 1);
            pass_turn(&parent);
            return roles[i].play();
        }
    need_filters();
    for (world = worlds; *world; ++world) {
        for (other = worlds; *other; ++other)
            every_kind_wakes_everybody(*world, *other);
        all_are_taken_at_once(*world);
        unnamed_and_named_objects_mix(*world);
        times_and_errors_are_the_same(*world);
        a_dead_owner_is_noticed(HAS_ALL, *world);
        a_dead_owner_is_noticed(*world, HAS_ALL);
    }
    return check_end();
}
