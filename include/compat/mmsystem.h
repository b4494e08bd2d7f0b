/*
 * mmsystem.h - the multimedia clock: timeGetTime, timeBeginPeriod.
 *
 * On Linux: the clock only; there is no sound.
 */
#ifndef WINSHM_COMPAT_MMSYSTEM_H
#define WINSHM_COMPAT_MMSYSTEM_H

#include <windows.h>

#endif
