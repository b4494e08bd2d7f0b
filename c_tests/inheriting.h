/*
 * inheriting.h - programs that are started with handles: the ways to start one, and how it is told which.
 * Handles go on the command line, as on Windows: a tag is a list of hexadecimal numbers.
 */
#ifndef INHERITING_H
#define INHERITING_H

#include "check.h"

#include <fcntl.h>
#include <spawn.h>

extern char **environ;

enum WAY {
    FORK_AND_EXEC,
    EMPTY_ENVIRONMENT,
    SPAWN,
    SHELL /* a program in between that knows nothing of the library */
};

/* The path of this program, for shells, to whom /proc/self is somebody else. */
static inline const char *own_path(void)
{
    static char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    path[length > 0 ? length : 0] = 0;
    return path;
}

/* Runs this program again as `peer ROLE TAG`. */
static inline PEER start_by(enum WAY way, const char *role, const char *tag)
{
    int there[2], back[2];
    char name[] = "check", peer_word[] = "peer", role_word[64], tag_word[512], command[6000];
    char *arguments[] = {name, peer_word, role_word, tag_word, NULL}, *nothing[] = {NULL};
    posix_spawn_file_actions_t actions;
    PEER peer;

    snprintf(role_word, sizeof role_word, "%s", role);
    snprintf(tag_word, sizeof tag_word, "%s", tag);
    if (way == SPAWN) {
        if (pipe2(there, O_CLOEXEC) != 0 || pipe2(back, O_CLOEXEC) != 0)
            exit(2);
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, there[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, back[1], STDOUT_FILENO);
        if (posix_spawn(&peer.pid, own_path(), &actions, NULL, arguments, environ) != 0)
            exit(2);
        posix_spawn_file_actions_destroy(&actions);
        close(there[0]), close(back[1]);
        peer.to = there[1], peer.from = back[0];
        return peer;
    }
    peer = fork_peer();
    if (peer.pid != 0)
        return peer;
    if (way == EMPTY_ENVIRONMENT) {
        execve(own_path(), arguments, nothing);
    } else if (way == SHELL) {
        snprintf(command, sizeof command, "'%s' peer '%s' '%s'; exit $?", own_path(), role, tag);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    } else {
        execv(own_path(), arguments);
    }
    _exit(127);
}

/* A tag of handles. */
static inline const char *tag_of(const HANDLE *handles, int count)
{
    static char tag[512];
    int i, length = 0;

    for (i = 0; i < count; ++i)
        length += snprintf(tag + length, sizeof tag - (size_t)length, "%lx,", (unsigned long)(ULONG_PTR)handles[i]);
    return tag;
}
/* And back. */
static inline void handles_of(const char *tag, HANDLE *handles, int count)
{
    char *end;
    int i;

    for (i = 0; i < count; ++i, tag = end + 1)
        handles[i] = (HANDLE)(ULONG_PTR)strtoul(tag, &end, 16);
}

static inline SECURITY_ATTRIBUTES *inheritable(void)
{
    static SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, TRUE};

    return &attributes;
}
static inline DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xDEAD;

    return GetHandleInformation(handle, &flags) ? flags : 0xDEAD;
}
static inline int is_set(HANDLE object)
{
    return WaitForSingleObject(object, 0) == WAIT_OBJECT_0;
}
#endif
