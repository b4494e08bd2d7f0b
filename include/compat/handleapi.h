/*
 * handleapi.h - closing and duplicating handles.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_HANDLEAPI_H
#define WINSHM_COMPAT_HANDLEAPI_H

#include <windows.h>

#endif
