/*
 * private_directory.h - a directory for the objects of one test program, and what
 * is in it. Included by check.h.
 */
#ifndef PRIVATE_DIRECTORY_H
#define PRIVATE_DIRECTORY_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Entries of a directory besides "." and "..", 0 if there is none. */
static inline int count_entries(const char *path)
{
    DIR *directory = opendir(path);
    int entries = 0;

    if (directory == NULL)
        return 0;
    while (readdir(directory) != NULL)
        ++entries;
    closedir(directory);
    return entries - 2;
}
/* Removes a directory of the test with what is in it, when the test ends. */
static char check_directory[] = "/tmp/winshm-test-XXXXXX";
static pid_t check_directory_owner;
static inline void remove_private_directory(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf '%s'", check_directory);
    if (getpid() == check_directory_owner && system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", check_directory);
}
/* Gives this process and its children a WINSHM_DIR of their own, before the first call of the library. */
static inline const char *use_private_directory(void)
{
    char *path = check_directory;

    if (mkdtemp(path) == NULL || setenv("WINSHM_DIR", path, 1) != 0) {
        perror("use_private_directory");
        exit(2);
    }
    check_directory_owner = getpid();
    atexit(remove_private_directory);
    return path;
}
/* Where the library keeps the objects: one file each. */
static inline const char *object_directory(void)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/.winshm-%u", getenv("WINSHM_DIR"), (unsigned)getuid());
    return path;
}
/* The guard, a file that a process with synchronisation objects keeps to its end. */
static inline const char *guard_file(void)
{
    static char path[300];

    snprintf(path, sizeof path, "%s/L!guard", object_directory());
    return path;
}
/* Objects of this test's directory. */
static inline int count_objects(void)
{
    return count_entries(object_directory()) - (access(guard_file(), F_OK) == 0);
}
/* At the end, with nothing open: there is nothing but the guard. */
static inline int remove_object_directory(void)
{
    unlink(guard_file());
    return (rmdir(object_directory()) == 0 || errno == ENOENT) && rmdir(getenv("WINSHM_DIR")) == 0;
}
#endif
