/*
 * initguid.h - from here on DEFINE_GUID defines GUIDs, where it only declared them.
 *
 * On Linux: the GUIDs of Windows itself are not declared anywhere.
 */
#ifndef WINSHM_COMPAT_INITGUID_H
#define WINSHM_COMPAT_INITGUID_H

#ifndef INITGUID
#define INITGUID
#endif

#include <windows.h>

/* Where windows.h was included before. */
#undef DEFINE_GUID
#define DEFINE_GUID WINSHM_DEFINE_GUID

#endif
