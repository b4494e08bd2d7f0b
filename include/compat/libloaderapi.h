/*
 * libloaderapi.h - modules: GetModuleHandle, GetProcAddress.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_LIBLOADERAPI_H
#define WINSHM_COMPAT_LIBLOADERAPI_H

#include <windows.h>

#endif
