/*
 * winshm_strsafe.h - the results and limits of the functions of strsafe.h.
 *
 * Part of strsafe.h; not included by programs.
 */
#ifndef WINSHM_STRSAFE_H
#define WINSHM_STRSAFE_H

#include <stdarg.h>
#include <stdio.h>

#include <windows.h>

/** So many characters may a buffer have, the end included. */
#define STRSAFE_MAX_CCH 2147483647u
#define STRSAFE_MAX_LENGTH (STRSAFE_MAX_CCH - 1)

/** The text was cut. */
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
/** A wrong size, or text without an end. */
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)

/** Whether a buffer can have this size. */
static inline HRESULT winshm_strsafe_size(size_t size)
{
    return size > 0 && size <= STRSAFE_MAX_CCH ? S_OK : STRSAFE_E_INVALID_PARAMETER;
}

#endif /* WINSHM_STRSAFE_H */
