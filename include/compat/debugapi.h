/*
 * debugapi.h - OutputDebugString.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_DEBUGAPI_H
#define WINSHM_COMPAT_DEBUGAPI_H

#include <windows.h>

#endif
