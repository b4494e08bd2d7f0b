/*
 * synchapi.h - critical sections, SRW locks, condition variables, and waiting.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_SYNCHAPI_H
#define WINSHM_COMPAT_SYNCHAPI_H

#include <windows.h>

#endif
