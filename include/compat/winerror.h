/*
 * winerror.h - the codes of errors, and HRESULT.
 *
 * On Linux: only codes that functions of the library or of these headers give are
 * there.
 */
#ifndef WINSHM_COMPAT_WINERROR_H
#define WINSHM_COMPAT_WINERROR_H

#include <windows.h>

#endif
