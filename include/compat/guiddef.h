/*
 * guiddef.h - GUID, and DEFINE_GUID.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_GUIDDEF_H
#define WINSHM_COMPAT_GUIDDEF_H

#include <windows.h>

#endif
