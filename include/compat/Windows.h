/*
 * Windows.h - the other spelling of windows.h, for sources written where file
 * names do not tell upper from lower case.
 */
#ifndef WINSHM_COMPAT_WINDOWS_SPELLING_H
#define WINSHM_COMPAT_WINDOWS_SPELLING_H

#include <windows.h>

#endif
