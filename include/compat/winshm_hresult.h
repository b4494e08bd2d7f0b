/*
 * winshm_hresult.h - HRESULT: a result in which the sign tells of failure.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_HRESULT_H
#define WINSHM_HRESULT_H

#include <winshm_types.h>

#define SUCCEEDED(result) ((HRESULT)(result) >= 0)
#define FAILED(result) ((HRESULT)(result) < 0)

#define SEVERITY_SUCCESS 0
#define SEVERITY_ERROR 1
#define FACILITY_NULL 0
#define FACILITY_ITF 4
#define FACILITY_WIN32 7

#define MAKE_HRESULT(severity, facility, code) \
    ((HRESULT)((DWORD)(severity) << 31 | (DWORD)(facility) << 16 | (DWORD)(code)))
#define HRESULT_CODE(result) ((result) & 0xFFFF)
#define HRESULT_FACILITY(result) ((result) >> 16 & 0x1FFF)
#define HRESULT_SEVERITY(result) ((result) >> 31 & 1)

/** The HRESULT of a code that GetLastError gave; an HRESULT stays what it is. */
static inline HRESULT HRESULT_FROM_WIN32(DWORD code)
{
    return (HRESULT)code <= 0 ? (HRESULT)code : MAKE_HRESULT(SEVERITY_ERROR, FACILITY_WIN32, code & 0xFFFF);
}

#define S_OK ((HRESULT)0)
#define S_FALSE ((HRESULT)1)
#define E_NOTIMPL ((HRESULT)0x80004001)
#define E_NOINTERFACE ((HRESULT)0x80004002)
#define E_POINTER ((HRESULT)0x80004003)
#define E_ABORT ((HRESULT)0x80004004)
#define E_FAIL ((HRESULT)0x80004005)
#define E_UNEXPECTED ((HRESULT)0x8000FFFF)
#define E_ACCESSDENIED ((HRESULT)0x80070005)
#define E_HANDLE ((HRESULT)0x80070006)
#define E_OUTOFMEMORY ((HRESULT)0x8007000E)
#define E_INVALIDARG ((HRESULT)0x80070057)

#endif /* WINSHM_HRESULT_H */
