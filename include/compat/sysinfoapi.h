/*
 * sysinfoapi.h - the machine, its version and its clocks.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_SYSINFOAPI_H
#define WINSHM_COMPAT_SYSINFOAPI_H

#include <windows.h>

#endif
