/*
 * fileapi.h - files: CreateFile, ReadFile, WriteFile and their family.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_FILEAPI_H
#define WINSHM_COMPAT_FILEAPI_H

#include <windows.h>

#endif
