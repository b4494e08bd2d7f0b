/*
 * forks.c - a program with a thread in the midst of every kind of call forks: again and
 * again, children of children too, as a daemon, behind the library's back. A child uses
 * everything that it has, and makes new; its parent does not notice.
 *
 * Planted: forks that the library is not told of (a raw clone) stand in for those that
 * it prepares. Their children find their parent's mutexes owned by themselves.
 */
#include "faults/world.h"

enum { DEEPEST = 3 };

static WORLD world;
static HANDLE held; /* by the thread that forks */
static pid_t (*how)(void);

static pid_t by_fork(void) { return fork(); }
static pid_t by_raw_clone(void) { return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL); }

static int be_child(RANDOM *random, int depth);

/* Whether a child of a fork at this moment does well. */
static int fork_once(RANDOM *random, int depth)
{
    int status = 0;
    pid_t child = how();

    if (child == 0) {
        alarm(30);
        _exit(be_child(random, depth));
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 0;
    if (status != 0)
        fprintf(stderr, "a child of depth %d ended with %X\n", depth, (unsigned)status);
    return status == 0;
}
static int be_child(RANDOM *random, int depth)
{
    const unsigned life = draw_below(random, 8);
    BUSY own;

    if (life == 0)
        return 0;
    if (ReleaseMutex(held) || GetLastError() != ERROR_NOT_OWNER || WaitForSingleObject(held, 0) != WAIT_TIMEOUT)
        return 3;
    if (!world_is_whole(&world, "a child"))
        return 4;
    /* Its own threads are in the midst of something when it forks. */
    if (depth < DEEPEST && life < 4) {
        memset(&own, 0, sizeof own);
        own.world = &world, own.kind = (int)draw_below(random, KINDS_OF_CALLS);
        if (pthread_create(&own.thread, NULL, be_busy, &own) != 0)
            return 5;
        if (!fork_once(random, depth + 1))
            return 6;
        __atomic_store_n(&stop_being_busy, 1, __ATOMIC_RELAXED);
        pthread_join(own.thread, NULL);
        if (own.line != 0 || !world_is_whole(&world, "a child that has forked"))
            return 7;
    }
    return life < 6 || close_world(&world) == 0 ? 0 : 8;
}

static void forks_in_the_midst_of_everything(RANDOM *random, long forks)
{
    BUSY threads[KINDS_OF_CALLS];
    long i, right = 0;

    CHECK(make_world(&world, NAME("forks")) == 0);
    CHECK((held = CreateMutexA(NULL, TRUE, NULL)) != NULL);
    start_busy_threads(threads, &world);
    for (i = 0; i < forks; ++i) {
        const struct timespec moment = {0, draw_below(random, 400) * 1000L};

        nanosleep(&moment, NULL);
        if (!fork_once(random, 1))
            break;
        ++right;
    }
    CHECK(right == forks);
    CHECK(end_busy_threads(threads));
    CHECK(world_is_whole(&world, "the parent"));
    CHECK(times_owned(held) == 1 && CloseHandle(held));
    CHECK(end_world(&world) == 0);
    printf("%ld forks\n", right);
}

/* Behind the library's back: such a child calls nothing of it, and its parent is none the worse. */
static void raw_children_that_only_end(RANDOM *random, long forks)
{
    BUSY threads[KINDS_OF_CALLS];
    long i;
    int status = 0;

    CHECK(make_world(&world, NAME("raw")) == 0);
    start_busy_threads(threads, &world);
    for (i = 0; i < forks; ++i) {
        pid_t child;

        usleep(draw_below(random, 400));
        if ((child = by_raw_clone()) == 0) {
            if (i % 2)
                execl("/proc/self/exe", "check", "peer", "nobody", "-", (char *)NULL);
            _exit(0);
        }
        CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    }
    CHECK(end_busy_threads(threads));
    CHECK(world_is_whole(&world, "who cloned"));
    CHECK(end_world(&world) == 0);
}

/* daemon(3), or fork and setsid twice: who started it has ended when it goes on with all that it has. */
static void become_a_daemon(int twice)
{
    HANDLE done = CreateEventA(NULL, FALSE, FALSE, NAME("done")), owned = CreateMutexA(NULL, FALSE, NAME("owned"));
    int status = 0;
    pid_t starter;

    CHECK(done && owned && make_world(&world, NAME("daemon")) == 0);
    if ((starter = fork()) == 0) {
        BUSY threads[KINDS_OF_CALLS];

        alarm(60);
        WaitForSingleObject(owned, INFINITE); /* and leaves it so */
        start_busy_threads(threads, &world);
        if (twice) {
            if (fork() != 0)
                _exit(0);
            setsid();
            if (fork() != 0)
                _exit(0);
            alarm(60);
        } else if (daemon(1, 1) != 0) {
            _exit(9);
        }
        /* Its threads are gone with its starter, wherever they were: it may have taken what the others need. */
        if (make_new_ones(&world) == 0 && use_memory(&world) == 0 && !ReleaseMutex(owned) && close_world(&world) == 0)
            SetEvent(done);
        _exit(0);
    }
    CHECK(waitpid(starter, &status, 0) == starter && status == 0);
    CHECK(WaitForSingleObject(done, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(owned, INFINITE) == WAIT_ABANDONED && ReleaseMutex(owned));
    CHECK(WaitForSingleObject(owned, 0) == WAIT_OBJECT_0 && ReleaseMutex(owned));
    CHECK(close_world(&world) == 0 && CloseHandle(done) && CloseHandle(owned));
}

int main(int argc, char **argv)
{
    RANDOM random;
    PEER planted;

    check_begin();
    if (plays(argc, argv, "nobody"))
        return 0;
    alarm((unsigned)effort(100, 1800));
    use_private_directory();
    random = new_random("forks");
    if (plays(argc, argv, "planted")) {
        how = by_raw_clone;
        forks_in_the_midst_of_everything(&random, 30);
        return check_end();
    }
    how = by_fork;
    forks_in_the_midst_of_everything(&random, effort(20, 2000));
    raw_children_that_only_end(&random, effort(20, 500));
    become_a_daemon(0);
    become_a_daemon(1);
    planted = start_peer("planted", "-");
    CHECK(end_of(&planted) == 1);
    return check_end();
}
