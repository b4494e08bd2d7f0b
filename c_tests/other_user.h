/*
 * other_user.h - the second user in tests of the SharedMemory family: what he plays,
 * and the directory that he shares with root.
 */
#ifndef OTHER_USER_H
#define OTHER_USER_H

#include "shared_segments.h"

#include <grp.h>

#define OTHER 65534

/* What the other user does with a segment, in a program that became his before it called the library. */
typedef struct ROLE {
    const char *role;
    int (*play)(const char *name);
} ROLE;

/* Plays the role, if this process was started for one. */
static inline void play_other(int argc, char **argv, const ROLE *roles, size_t count)
{
    size_t i;

    for (i = 0; i < count; ++i)
        if (plays(argc, argv, roles[i].role))
            exit(setgroups(0, NULL) == 0 && setgid(OTHER) == 0 && setuid(OTHER) == 0 ? roles[i].play(argv[3]) : 50);
}
static inline int other_can(const char *role, const char *name)
{
    PEER other = start_peer(role, name);

    return end_of(&other) == 0;
}

/* Only root can become another user. */
static inline void need_root(void)
{
    if (geteuid() == 0)
        return;
    printf("SKIPPED: needs root\n");
    exit(77);
}
/* A directory where each user keeps names of his own. */
static inline void use_directory_of_all(void)
{
    CHECK(chmod(use_private_directory(), 01777) == 0);
}
/* There, the names of the whole machine. Programs look for it once: those that run already do not see it. */
static inline void make_machine_wide_directory(void)
{
    const char *shared = with(getenv("WINSHM_DIR"), "/.winshm-global");

    CHECK(mkdir(shared, 0) == 0 && chmod(shared, 0777) == 0);
}

/* A name that both users mean alike: winshm's is one for the whole machine. */
static inline const char *common_name(int kind, const char *label)
{
    const char *name = SEGMENT(kind, label);

    return kind == WINSHM ? with("Global\\", name) : name;
}
/* A segment of root's, of this mode, full of 'o'. */
static inline SharedMemory *create_for_others(const char *name, size_t size, unsigned mode)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreateMode(name, size, mode, &memory));
    CHECK(stat_of(memory).mode == mode && paint(memory, 0, size, 'o') == 0);
    return memory;
}

#endif
