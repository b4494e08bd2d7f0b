/*
 * missing_calls.c - kernels and sandboxes without some system call: it is not there
 * (ENOSYS), or a seccomp profile forbids it (EPERM, EACCES), from the first moment on or
 * later. What can be done without it works as ever; what cannot fails with an error that
 * says so, and harms nothing.
 */
#include "faulty_acts.h"
#include "sandbox.h"
#include "effort.h"

enum { MOST_ACTS = 12, NUMBER_OF_LANDLOCK = 444 };

typedef struct WORLD {
    unsigned number;
    const char *name;
    int is_needed;     /* to furnish: then it is missing from a later moment on only */
    int works_in_part; /* the C library does some of it in another way, after some of the errors */
    const char *not_done[MOST_ACTS]; /* what cannot be done there; a name that ends in * means all that begin so */
} WORLD;

static const WORLD worlds[] = {
    {NUMBER_OF_FUTEX_WAITV, "futex_waitv", 0, 0, {NULL}},
    {SYS_userfaultfd, "userfaultfd", 0, 0, {NULL}},
    {425, "io_uring_setup", 0, 0, {NULL}},
    {NUMBER_OF_LANDLOCK, "landlock_create_ruleset", 0, 0, {NULL}},
    {SYS_membarrier, "membarrier", 0, 0, {NULL}},
    {SYS_getrandom, "getrandom", 0, 0, {NULL}},
    {SYS_statx, "statx", 1, 1, {"a section of a POSIX*", "a view of a POSIX*", "a named section of a file", "a section that makes*",
                               "a new file", "WriteFile", "SetEndOfFile", "SharedMemoryCreate, POSIX",
                               "SharedMemoryOpen, POSIX", "reading and writing, POSIX", "CreateProcess"}},
    {SYS_process_vm_readv, "process_vm_readv", 0, 0, {NULL}},
    {SYS_process_vm_writev, "process_vm_writev", 0, 0, {NULL}},
    {SYS_pidfd_open, "pidfd_open", 0, 1, {"OpenProcess", "a wait for a process", "CreateProcess", "DuplicateHandle of this process", NULL}},
    {SYS_pidfd_send_signal, "pidfd_send_signal", 0, 0, {NULL}},
    {SYS_get_robust_list, "get_robust_list", 0, 0, {NULL}},
    {SYS_clone3, "clone3", 0, 1, {"CreateThread", "CreateProcess", "a wait for a process", NULL}},
    {SYS_close_range, "close_range", 0, 0, {NULL}},
    {SYS_madvise, "madvise", 1, 1, {"SharedMemoryCreate*", "SharedMemoryOpen*", NULL}},
    {SYS_fadvise64, "fadvise64", 0, 0, {NULL}},
    {SYS_preadv2, "preadv2", 0, 0, {NULL}},
    {SYS_memfd_create, "memfd_create", 1, 0, {"an unnamed section", "an inheritable event", "SetHandleInformation of*", NULL}},
    {SYS_mlock, "mlock", 0, 0, {"VirtualLock", NULL}},
    {SYS_shmget, "shmget", 1, 0, {"SharedMemoryCreate, System V", "SharedMemoryOpen, System V", "a section of a System V*", "a view of a System V*", NULL}},
};
enum { WORLDS = sizeof worlds / sizeof *worlds };
/* For the faulty acts: here a section cannot be made. */
static const WORLD without_sections = {SYS_fallocate, "fallocate", 1, 0, {"a section*", NULL}};
static const int answers[] = {ENOSYS, EPERM, EACCES};

static int is_expected(const WORLD *world, const char *act)
{
    int i;

    for (i = 0; i < MOST_ACTS && world->not_done[i] != NULL; ++i) {
        size_t length = strlen(world->not_done[i]);

        if (strcmp(world->not_done[i], act) == 0 ||
            (world->not_done[i][length - 1] == '*' && strncmp(world->not_done[i], act, length - 1) == 0))
            return 1;
    }
    return 0;
}
static void try_one(const WORLD *world, const ACT *act)
{
    int failures = check_failures, done;
    POSSESSIONS before;
    DWORD error;

    CHECK(((act->prepare == NULL || act->prepare()) && act->act() && undo()) || undo()); /* what is made at first use */
    before = possessions();
    if (act->prepare != NULL && !act->prepare())
        done = 0, error = GetLastError();
    else {
        SetLastError(SENTINEL);
        done = act->act();
        error = GetLastError();
    }
    CHECK(done || is_expected(world, act->name));
    CHECK(!done || world->works_in_part || !is_expected(world, act->name));
    CHECK(done || error == ERROR_NOT_SUPPORTED || error == ERROR_ACCESS_DENIED ||
          (error == ERROR_WORKING_SET_QUOTA && world->number == SYS_mlock));
    CHECK(undo());
    check_household();
    check_no_more_possessions(before);
    if (check_failures != failures)
        fprintf(stderr, "... without %s, \"%s\": %s, error %u\n", world->name, act->name, done ? "done" : "not done", error);
}
/* The tag: which world, which answer, and whether it was so from the first moment on. */
static int live_in(const WORLD *world, int error, int from_the_start, const ACT *all, int count)
{
    int i;

    alarm(100);
    if (from_the_start && !forbid(world->number, error))
        return 2;
    furnish();
    if (!from_the_start && !forbid(world->number, error))
        return 2;
    for (i = 0; i < count; ++i)
        try_one(world, &all[i]);
    clear_out();
    return check_failures != 0;
}
static int play(const char *tag, const ACT *all, int count)
{
    int world = 0, answer = 0, from_the_start = 0;

    if (sscanf(tag, "%d %d %d", &world, &answer, &from_the_start) != 3)
        return 3;
    return live_in(&worlds[world], answers[answer], from_the_start, all, count);
}

int main(int argc, char **argv)
{
    int world, answer, start, lives = 0;

    check_begin();
    if (plays(argc, argv, "inhabitant"))
        return play(argv[3], acts, ACTS);
    if (plays(argc, argv, "faulty inhabitant")) {
        be_quiet();
        return live_in(&without_sections, EPERM, 0, &faulty_acts[atoi(argv[3])], 1);
    }
    need_filters();
    use_directory_for_files();
    alarm(1000);
    for (world = 0; world < WORLDS; ++world)
        for (answer = 0; answer < 3; ++answer)
            for (start = 0; start < 2; ++start) {
                char tag[40];
                PEER peer;
                int ended;

                if ((start && worlds[world].is_needed) || (!in_full() && (world + answer + 2 * start) % 4 != 0))
                    continue;
                snprintf(tag, sizeof tag, "%d %d %d", world, answer, start);
                peer = start_peer("inhabitant", tag);
                ended = end_of(&peer);
                remove_segments_of(peer.pid);
                ++lives;
                if (!CHECK(ended == 0))
                    fprintf(stderr, "... without %s (errno %d, %s) it ended with %d\n", worlds[world].name,
                            answers[answer], start ? "from the start" : "later", ended);
            }
    notices_faulty_acts("faulty inhabitant");
    printf("missing_calls: %d processes, %d acts in each\n", lives, ACTS);
    return check_end();
}
