/*
 * winbase.h - the older home of most functions.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_WINBASE_H
#define WINSHM_COMPAT_WINBASE_H

#include <windows.h>

#endif
