/*
 * winnt.h - the constants and structures of the kernel: access rights,
 * LARGE_INTEGER.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_WINNT_H
#define WINSHM_COMPAT_WINNT_H

#include <windows.h>

#endif
