/*
 * users.h - root and another user in one directory, and what lies outside of it. For tests
 * that only root can run, who can become everybody.
 */
#ifndef USERS_H
#define USERS_H

#include "security.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>

#define OTHER 65534
#define GROUP 4711

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* Seconds that a story may last: many times what the library waits for a peer that does not come. */
#define WATCHDOG 30

static inline void need_root(void)
{
    if (geteuid() == 0)
        return;
    printf("SKIPPED: needs root\n");
    exit(77);
}
static inline const char *below(const char *directory, const char *name)
{
    static char paths[16][512];
    static int next;
    char *path = paths[next++ % 16];

    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}
static inline const char *global_directory(void) { return below(getenv("WINSHM_DIR"), ".winshm-global"); }
/* The administrator provides it: for all (0777) or for a group (02770). */
static inline void provide_global_directory(gid_t group, mode_t mode)
{
    CHECK(mkdir(global_directory(), 0) == 0 && chown(global_directory(), 0, group) == 0);
    CHECK(chmod(global_directory(), mode) == 0);
}
static inline void remove_global_directory(void)
{
    unlink(below(global_directory(), "G!guard"));
    CHECK(rmdir(global_directory()) == 0);
}
/* A base directory like /dev/shm: everybody makes files there, and removes his own. */
static inline void use_directory_of_all(void)
{
    umask(0);
    alarm(20 * WATCHDOG); /* the stories have their own */
    CHECK(chmod(use_private_directory(), 01777) == 0);
}
/*
 * Plays a role of the other user, if this process was started for one: a program that became his before it called
 * the library, and that does not last for ever.
 */
static inline int plays_other(int argc, char **argv, const char *role)
{
    if (!plays(argc, argv, role))
        return 0;
    alarm(WATCHDOG);
    if (setgroups(0, NULL) != 0 || setgid(GROUP) != 0 || setuid(OTHER) != 0)
        exit(50);
    return 1;
}
static inline void have_other_play(const char *role, const char *tag)
{
    PEER other = start_peer(role, tag);

    CHECK(end_of(&other) == 0);
}
/* Runs a story of root's in a process of its own, which looks for the directories once. */
static inline void in_another_process(void (*story)(void))
{
    PEER child = fork_peer();
    int ended;

    if (child.pid == 0) {
        alarm(WATCHDOG);
        story();
        exit(check_failures != 0);
    }
    ended = end_of(&child);
    if (!CHECK(ended == 0))
        fprintf(stderr, "  it ended with %d\n", ended);
}
#endif
