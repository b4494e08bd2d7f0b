/*
 * profileapi.h - the clock of high resolution: QueryPerformanceCounter.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_PROFILEAPI_H
#define WINSHM_COMPAT_PROFILEAPI_H

#include <windows.h>

#endif
