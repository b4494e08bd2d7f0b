/*
 * io.h - Microsoft's C library on file descriptors: _open, _read, _access.
 *
 * On Linux: all files are binary, so that _O_TEXT and _setmode change nothing. Parts
 * of a path stand between `/`. Of the rights of a new file, _S_IREAD and _S_IWRITE,
 * umask leaves what it leaves of everybody's.
 */
#ifndef WINSHM_COMPAT_IO_H
#define WINSHM_COMPAT_IO_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <share.h>
#include <winshm_crt_system.h>

#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT O_CREAT
#define _O_TRUNC O_TRUNC
#define _O_EXCL O_EXCL
#define _O_NOINHERIT __O_CLOEXEC
/* Windows' numbers, of no meaning to open. */
#define _O_TEXT 0x40000000
#define _O_BINARY 0x20000000
#ifndef O_TEXT
#define O_TEXT 0
#endif
#ifndef O_BINARY
#define O_BINARY 0
#endif

#define _S_IREAD 0444
#define _S_IWRITE 0222

/** Whether a file can be used so: 0 it exists, 2 it can be written, 4 read, 6 both. Returns 0, or -1 with errno. */
static inline int _access(const char *path, int mode)
{
    if ((mode & ~6) == 0)
        return access(path, mode);
    errno = EINVAL;
    return -1;
}

/** _access that returns the error. */
static inline errno_t _access_s(const char *path, int mode)
{
    return _access(path, mode) == 0 ? 0 : errno;
}

/** Opens a file; with _O_CREAT the rights of a new one follow. Returns a descriptor, or -1 with errno. */
static inline int _open(const char *path, int flags, ...)
{
    unsigned rights = 0;

    if (flags & _O_CREAT) {
        va_list arguments;

        va_start(arguments, flags);
        rights = (unsigned)va_arg(arguments, int);
        va_end(arguments);
    }
    return open(path, flags & ~(_O_TEXT | _O_BINARY), rights);
}

/** _open that returns the error; `*descriptor` is then -1. */
static inline errno_t _sopen_s(int *descriptor, const char *path, int flags, int sharing, int rights)
{
    if (!descriptor)
        return EINVAL;
    *descriptor = -1;
    if (!path || sharing != _SH_DENYNO)
        return EINVAL;
    *descriptor = _open(path, flags, rights);
    return *descriptor < 0 ? errno : 0;
}

static inline int _close(int descriptor)
{
    return close(descriptor);
}

/** Reads at most `size` bytes. Returns how many, or -1 with errno. */
static inline int _read(int descriptor, void *buffer, unsigned size)
{
    if (size <= INT_MAX)
        return (int)read(descriptor, buffer, size);
    errno = EINVAL;
    return -1;
}

static inline int _write(int descriptor, const void *buffer, unsigned size)
{
    if (size <= INT_MAX)
        return (int)write(descriptor, buffer, size);
    errno = EINVAL;
    return -1;
}

static inline long _lseek(int descriptor, long offset, int origin)
{
    return lseek(descriptor, offset, origin);
}

static inline long long _lseeki64(int descriptor, long long offset, int origin)
{
    return lseek(descriptor, offset, origin);
}

/** The size of a file in bytes, or -1 with errno. */
static inline long long _filelengthi64(int descriptor)
{
    struct stat state;

    return fstat(descriptor, &state) == 0 ? state.st_size : -1;
}

static inline long _filelength(int descriptor)
{
    return _filelengthi64(descriptor);
}

static inline int _unlink(const char *path)
{
    return unlink(path);
}

/** Of _O_TEXT and _O_BINARY. Returns _O_BINARY, which every file is, or -1 with errno. */
static inline int _setmode(int descriptor, int mode)
{
    if (mode != _O_TEXT && mode != _O_BINARY) {
        errno = EINVAL;
        return -1;
    }
    return fcntl(descriptor, F_GETFD) < 0 ? -1 : _O_BINARY;
}

#endif
