/*
 * share.h - whom _fsopen and _sopen_s keep from a file that is open.
 *
 * On Linux: nobody. A file is opened with _SH_DENYNO only; the other modes are
 * refused with EINVAL. CreateFile keeps users of the library from each other.
 */
#ifndef WINSHM_COMPAT_SHARE_H
#define WINSHM_COMPAT_SHARE_H

#define _SH_DENYRW 0x10
#define _SH_DENYWR 0x20
#define _SH_DENYRD 0x30
#define _SH_DENYNO 0x40
#define _SH_SECURE 0x80

#include <errno.h>
#include <stdio.h>

/** fopen, but for the mode of sharing. */
static inline FILE *_fsopen(const char *path, const char *mode, int sharing)
{
    if (sharing == _SH_DENYNO)
        return fopen(path, mode);
    errno = EINVAL;
    return NULL;
}

#endif
