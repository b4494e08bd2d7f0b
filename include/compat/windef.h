/*
 * windef.h - the basic types and macros: DWORD, HANDLE, MAKELONG.
 *
 * On Linux: the types have Windows' sizes: LONG and DWORD have 32 bits where long
 * has 64.
 */
#ifndef WINSHM_COMPAT_WINDEF_H
#define WINSHM_COMPAT_WINDEF_H

#include <windows.h>

#endif
