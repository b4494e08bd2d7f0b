/*
 * errhandlingapi.h - the last error of the calling thread.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_ERRHANDLINGAPI_H
#define WINSHM_COMPAT_ERRHANDLINGAPI_H

#include <windows.h>

#endif
