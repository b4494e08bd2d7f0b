/*
 * processthreadsapi.h - processes, threads and their own values.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_PROCESSTHREADSAPI_H
#define WINSHM_COMPAT_PROCESSTHREADSAPI_H

#include <windows.h>

#endif
