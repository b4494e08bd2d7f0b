/*
 * aclapi.h - access lists made of entries: SetEntriesInAcl.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_ACLAPI_H
#define WINSHM_COMPAT_ACLAPI_H

#include <windows.h>

#endif
