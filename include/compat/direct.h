/*
 * direct.h - Microsoft's C library on directories: _mkdir, _getcwd.
 *
 * On Linux: parts of a path stand between `/`; `\` is a character like others.
 */
#ifndef WINSHM_COMPAT_DIRECT_H
#define WINSHM_COMPAT_DIRECT_H

#include <sys/stat.h>
#include <unistd.h>

/** Makes a directory, with what umask leaves of all rights. Returns 0, or -1 with errno. */
static inline int _mkdir(const char *path)
{
    return mkdir(path, 0777);
}

static inline int _rmdir(const char *path)
{
    return rmdir(path);
}

static inline int _chdir(const char *path)
{
    return chdir(path);
}

/** The current directory. Returns `buffer`, for NULL memory to be freed; or NULL with errno. */
static inline char *_getcwd(char *buffer, int size)
{
    return getcwd(buffer, buffer || size > 0 ? (size_t)size : 0);
}

#endif
