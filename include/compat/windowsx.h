/*
 * windowsx.h - macros for messages and controls of windows.
 *
 * On Linux: there are no windows, and none of the macros; the header is here
 * because sources include it along with others.
 */
#ifndef WINSHM_COMPAT_WINDOWSX_H
#define WINSHM_COMPAT_WINDOWSX_H

#include <windows.h>

#endif
