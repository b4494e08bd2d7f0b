/*
 * minwindef.h - the basic types and macros, for headers that need no others.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_MINWINDEF_H
#define WINSHM_COMPAT_MINWINDEF_H

#include <windows.h>

#endif
