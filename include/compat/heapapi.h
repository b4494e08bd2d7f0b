/*
 * heapapi.h - memory of the process's heap: HeapAlloc.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_HEAPAPI_H
#define WINSHM_COMPAT_HEAPAPI_H

#include <windows.h>

#endif
