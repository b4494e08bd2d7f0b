/*
 * fork_in_handler.c - a signal handler forks: in the midst of every call of the library,
 * and in a wait. The parent goes on as if nothing had been. A child whose parent was in
 * the midst of a call does what handlers may, and ends, or becomes another program; one
 * whose parent waited may return, and everything goes on twice.
 *
 * Planted: the children change what is guarded by the mutex that their parent may have.
 */
#include "faults/world.h"

#include "faults/pest.h"

static WORLD world;
static HANDLE tidings; /* a semaphore, for the children to be counted by */
static volatile long forked;
static int is_planted;

static void fork_and_tell(int number)
{
    const int error = errno;
    const DWORD last = GetLastError();
    pid_t child;

    (void)number;
    if ((child = fork()) == 0) {
        BOOL told = ReleaseSemaphore(tidings, 1, NULL);

        if (is_planted)
            ++world.counts[0];
        if (told && forked % 4 == 1)
            execl("/proc/self/exe", "check", "peer", "nobody", "-", (char *)NULL);
        _exit(told && forked % 4 != 1 ? 0 : 1);
    }
    forked += child > 0;
    SetLastError(last), errno = error;
}
/* Asks for the children that have ended; how many did not do well. */
static long reap(int options)
{
    int status = 0;
    long wrong = 0;

    while (waitpid(-1, &status, options) > 0)
        wrong += status != 0;
    return wrong;
}
/* In one thread: in several, glibc's own locks are a danger to who forks in a handler. */
static void forks_in_the_midst_of_calls(long forks)
{
    timer_t pest;
    long i, wrong = 0;

    CHECK(make_world(&world, NAME("midst")) == 0);
    CHECK((tidings = CreateSemaphoreA(NULL, 0, 0x7fffffff, NULL)) != NULL);
    on_signal(SIGUSR1, fork_and_tell, SA_RESTART);
    pest = start_pest(SIGUSR1, 900);
    for (i = 0; forked < forks && wrong == 0; ++i) {
        int (*const call)(WORLD *) = kinds_of_calls[i % KINDS_OF_CALLS];
        int line = call == make_threads ? 0 : call(&world);

        if (line != 0)
            fprintf(stderr, "interrupted: world.h:%d is not so (last error %u)\n", line, (unsigned)GetLastError());
        wrong += (line != 0) + reap(WNOHANG);
    }
    end_pest(pest);
    CHECK(reap(0) + wrong == 0);
    CHECK(world_is_whole(&world, "who was interrupted"));
    for (i = 0; WaitForSingleObject(tidings, 0) == WAIT_OBJECT_0; ++i)
        ;
    CHECK(i == forked);
    CHECK(end_world(&world) == 0 && CloseHandle(tidings));
    printf("%ld forks in handlers\n", forked);
}

/* Who waits forks, and two wait: each of them gets what one signal gives, and goes on with everything. */
static volatile pid_t twin = -1;

static void fork_and_return(int number)
{
    (void)number;
    twin = fork();
    if (twin == 0)
        alarm(60);
}
static BOOL add_unit(HANDLE object) { return ReleaseSemaphore(object, 1, NULL); }

static int wait_twice(HANDLE object, int all, HANDLE told)
{
    HANDLE both[2];
    DWORD got;

    both[0] = object, both[1] = world.flag;
    if (all >= 0)
        got = WaitForMultipleObjects(2, both, all, INFINITE);
    else
        got = WaitForSingleObject(object, INFINITE);
    NEED(got == WAIT_OBJECT_0);
    if (twin == 0)
        NEED(make_new_ones(&world) == 0 && open_by_name(&world) == 0 && use_memory(&world) == 0 && make_threads(&world) == 0);
    NEED(ReleaseSemaphore(told, 1, NULL));
    return 0;
}
static void two_go_on_waiting(HANDLE object, BOOL (*signal_it)(HANDLE), int all)
{
    HANDLE told = new_semaphore(0, 2);
    int status = 0;
    pid_t waiter = fork();

    if (waiter == 0) {
        int line;

        alarm(60);
        on_signal(SIGUSR1, fork_and_return, 0);
        line = wait_twice(object, all, told);
        if (line != 0)
            fprintf(stderr, "in a wait of kind %d: line %d\n", all, line);
        if (twin > 0)
            waitpid(twin, &status, 0);
        _exit(line == 0 && status == 0 ? 0 : 1);
    }
    CHECK(until_asleep(waiter) && kill(waiter, SIGUSR1) == 0);
    CHECK(signal_it(object) && WaitForSingleObject(told, INFINITE) == WAIT_OBJECT_0);
    CHECK(signal_it(object) && WaitForSingleObject(told, INFINITE) == WAIT_OBJECT_0);
    CHECK(waitpid(waiter, &status, 0) == waiter && status == 0);
    CHECK(CloseHandle(told));
}
static void forks_in_waits(long times)
{
    HANDLE event = new_auto(FALSE), units = new_semaphore(0, 2);
    int all;

    CHECK(make_world(&world, NAME("waits")) == 0);
    while (times-- > 0)
        for (all = -1; all < 2; ++all) {
            if (all == 1)
                CHECK(SetEvent(world.flag));
            two_go_on_waiting(event, SetEvent, all);
            two_go_on_waiting(units, add_unit, all);
            CHECK(ResetEvent(world.flag));
        }
    CHECK(end_world(&world) == 0 && CloseHandle(event) && CloseHandle(units));
}

int main(int argc, char **argv)
{
    PEER planted;

    check_begin();
    if (plays(argc, argv, "nobody"))
        return 0;
    alarm((unsigned)effort(100, 900));
    if (plays(argc, argv, "planted")) {
        is_planted = 1;
        forks_in_the_midst_of_calls(100);
        return check_end();
    }
    forks_in_the_midst_of_calls(effort(300, 20000));
    forks_in_waits(effort(1, 100));
    planted = start_peer("planted", "-");
    CHECK(end_of(&planted) == 1);
    return check_end();
}
