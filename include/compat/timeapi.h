/*
 * timeapi.h - the multimedia clock: timeGetTime, timeBeginPeriod.
 *
 * As mmsystem.h.
 */
#ifndef WINSHM_COMPAT_TIMEAPI_H
#define WINSHM_COMPAT_TIMEAPI_H

#include <mmsystem.h>

#endif
