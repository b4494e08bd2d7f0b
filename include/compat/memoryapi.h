/*
 * memoryapi.h - file mappings, views and virtual memory.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_MEMORYAPI_H
#define WINSHM_COMPAT_MEMORYAPI_H

#include <windows.h>

#endif
