/*
 * changed.c - a program changes itself after its first calls: its user, its rights, its
 * limits, its directories, its environment, its namespaces, its system calls. What it has
 * goes on working; what it makes from then on is made, or the error says why not; it never
 * crashes, and when it has ended nothing is left of it.
 *
 * Planted: a change of what is guarded by a lock, without it.
 */
#include "faults/world.h"


#include <grp.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>

enum { NOBODY = 65534 };

/* What every process can do still with what it has. */
static int uses_what_it_has(WORLD *world)
{
    int line;

    if ((line = guard_counts(world)) != 0 || (line = take_one_of_several(world)) != 0 || (line = take_all_at_once(world)) != 0)
        return line;
    if ((line = wait_in_vain(world)) != 0 || (line = write_and_read_whole(world)) != 0 || (line = use_file(world)) != 0)
        return line;
    return use_memory(world);
}
/* New objects are made, or refused with a documented error. */
static int makes_new_or_says_why(DWORD error, int loses_files)
{
    HANDLE made;
    char *view;

    SetLastError(0);
    made = new_memory(PAGE_READWRITE, 4096, "winshm-changed-new");
    if (error != 0) {
        NEED(made == NULL && GetLastError() == error);
        if (loses_files)
            return 0;
        /* Those without a name need nothing of that. */
        made = new_memory(PAGE_READWRITE, 4096, NULL);
    }
    NEED(made != NULL && (view = view_of(made, FILE_MAP_WRITE)) != NULL && (view[1] = 1) == 1);
    NEED(UnmapViewOfFile(view) && CloseHandle(made));
    NEED((made = new_auto(TRUE)) != NULL && WaitForSingleObject(made, INFINITE) == WAIT_OBJECT_0 && CloseHandle(made));
    return 0;
}

/* --- the changes --------------------------------------------------------------------------------------------------- */

static int drops_its_user(void)
{
    NEED(setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
    return 0;
}
static int changes_its_effective_user(void)
{
    NEED(seteuid(NOBODY) == 0);
    return 0;
}
static int changes_its_user_of_files(void)
{
    setfsuid(NOBODY);
    return 0;
}
static int comes_back(void)
{
    HANDLE other;

    NEED(seteuid(NOBODY) == 0 && (other = CreateEventA(NULL, FALSE, FALSE, "winshm-changed-other")) != NULL);
    NEED(seteuid(0) == 0 && SetEvent(other) && WaitForSingleObject(other, 0) == WAIT_OBJECT_0 && CloseHandle(other));
    return 0;
}
static int is_not_dumpable(void)
{
    NEED(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
    return 0;
}
static int has_its_directory_deleted(void)
{
    NEED(mkdir("/tmp/winshm-changed-cwd", 0700) == 0 && chdir("/tmp/winshm-changed-cwd") == 0);
    NEED(rmdir("/tmp/winshm-changed-cwd") == 0);
    NEED(CreateFileA("relative", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL) == INVALID_HANDLE_VALUE);
    return 0;
}
static int is_in_a_bare_root(void)
{
    char bare[300];

    snprintf(bare, sizeof bare, "%s/bare-XXXXXX", getenv("WINSHM_DIR"));
    NEED(mkdtemp(bare) != NULL && chroot(bare) == 0 && chdir("/") == 0);
    return 0;
}
static int has_no_environment(void)
{
    NEED(clearenv() == 0);
    return 0;
}
static int has_another_directory(void)
{
    NEED(setenv("WINSHM_DIR", "/nowhere", 1) == 0);
    return 0;
}
static int has_a_strange_umask(void)
{
    umask(0777);
    return 0;
}
static int may_open_no_more(void)
{
    struct rlimit none = {0, 0};

    NEED(setrlimit(RLIMIT_NOFILE, &none) == 0);
    return 0;
}
static int may_not_write_files(void)
{
    struct rlimit none = {0, 0};

    signal(SIGXFSZ, SIG_IGN);
    NEED(setrlimit(RLIMIT_FSIZE, &none) == 0 && setrlimit(RLIMIT_CORE, &none) == 0);
    return 0;
}
static int is_in_namespaces_of_its_own(void)
{
    NEED(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS) == 0);
    return 0;
}
static int has_files_of_its_own(void)
{
    NEED(unshare(CLONE_FILES | CLONE_FS) == 0);
    return 0;
}
static int loses_its_mount(void)
{
    NEED(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    NEED(mount("tmpfs", getenv("WINSHM_DIR"), "tmpfs", 0, NULL) == 0);
    return 0;
}
static int has_a_personality(void)
{
    NEED(personality(READ_IMPLIES_EXEC | ADDR_NO_RANDOMIZE | MMAP_PAGE_ZERO | UNAME26) != -1);
    return 0;
}
static int dies_with_its_parent(void)
{
    NEED(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NAME, "\xff\n)") == 0);
    return 0;
}
static int gives_up_rights(void)
{
    NEED(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && nice(5) != -1);
    return 0;
}

static WORLD world;

static int changes_what_is_guarded(void)
{
    ++world.counts[0];
    return 0;
}

/* What is changed, what then comes of new names, and whether only root can. */
typedef struct CHANGE {
    const char *name;
    int (*change)(void);
    DWORD error;
    int needs_root, loses_files;
} CHANGE;
static const CHANGE changes[] = {
    {"setresuid", drops_its_user, 0, 1, 0},
    {"seteuid", changes_its_effective_user, 0, 1, 0},
    {"seteuid and back", comes_back, 0, 1, 0},
    {"setfsuid", changes_its_user_of_files, ERROR_ACCESS_DENIED, 1, 0},
    {"PR_SET_DUMPABLE", is_not_dumpable, 0, 0, 0},
    {"rmdir", has_its_directory_deleted, 0, 0, 0},
    {"chroot", is_in_a_bare_root, 0, 1, 0},
    {"clearenv", has_no_environment, 0, 0, 0},
    {"WINSHM_DIR", has_another_directory, 0, 0, 0},
    {"umask", has_a_strange_umask, 0, 0, 0},
    {"RLIMIT_NOFILE", may_open_no_more, ERROR_TOO_MANY_OPEN_FILES, 0, 1},
    {"RLIMIT_FSIZE", may_not_write_files, ERROR_COMMITMENT_LIMIT, 0, 1},
    {"unshare of namespaces", is_in_namespaces_of_its_own, 0, 1, 0},
    {"unshare of files", has_files_of_its_own, 0, 0, 0},
    {"mount", loses_its_mount, 0, 1, 0},
    {"personality", has_a_personality, 0, 0, 0},
    {"PR_SET_PDEATHSIG", dies_with_its_parent, 0, 0, 0},
    {"PR_SET_NO_NEW_PRIVS", gives_up_rights, 0, 0, 0},
    {"planted", changes_what_is_guarded, 0, 0, 0},
};
enum { PLANTED = (int)(sizeof changes / sizeof *changes) - 1 };

static int be_changed(const CHANGE *change, const char *prefix)
{
    int line;

    if ((line = make_world(&world, prefix)) != 0 || (line = use_world(&world)) != 0)
        return fprintf(stderr, "%s: before: %d\n", change->name, line), 2;
    if ((line = change->change()) != 0)
        return fprintf(stderr, "%s: the change: %d (%s)\n", change->name, line, strerror(errno)), 3;
    line = change->loses_files ? guard_counts(&world) | take_one_of_several(&world) | take_all_at_once(&world) | write_and_read_whole(&world)
                               : uses_what_it_has(&world);
    if (line != 0)
        return fprintf(stderr, "%s: what it has: %d (last error %u)\n", change->name, line, (unsigned)GetLastError()), 4;
    if ((line = makes_new_or_says_why(change->error, change->loses_files)) != 0)
        return fprintf(stderr, "%s: what is new: %d (last error %u)\n", change->name, line, (unsigned)GetLastError()), 5;
    if ((line = close_world(&world)) != 0)
        return fprintf(stderr, "%s: at the end: %d (last error %u)\n", change->name, line, (unsigned)GetLastError()), 6;
    return 0;
}

/* A process of its own makes each change. What it made goes with it, and the next one makes it anew. */
static void a_program_changes_itself(int number)
{
    const CHANGE *change = &changes[number];
    char tag[40];
    PEER program;
    int code;

    if (change->needs_root && geteuid() != 0) {
        printf("SKIPPED: %s needs root\n", change->name);
        return;
    }
    snprintf(tag, sizeof tag, "%d", number);
    program = start_peer("changed", tag);
    code = end_of(&program);
    if (!CHECK(code == (number == PLANTED ? 4 : 0)))
        fprintf(stderr, "  %s: %d\n", change->name, code);
    snprintf(tag, sizeof tag, "winshm-changed-%d", number);
    CHECK(make_world(&world, tag) == 0 && world.counts[0] == 0 && end_world(&world) == 0);
}

int main(int argc, char **argv)
{
    int i;

    check_begin();
    if (plays(argc, argv, "changed")) {
        char prefix[100];

        snprintf(prefix, sizeof prefix, "winshm-changed-%s", argv[3]);
        return be_changed(&changes[atoi(argv[3])], prefix);
    }
    use_private_directory();
    CHECK(chmod(getenv("WINSHM_DIR"), 01777) == 0);
    for (i = 0; i < (int)(sizeof changes / sizeof *changes); ++i)
        a_program_changes_itself(i);
    CHECK(count_objects() == 0);
    return check_end();
}
