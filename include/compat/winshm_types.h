/*
 * winshm_types.h - names for types that Windows sources use and winshm.h itself
 * does not need.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_TYPES_H
#define WINSHM_TYPES_H

#include <winshm.h>

typedef int8_t INT8;
typedef int16_t INT16;
typedef int32_t INT32;
typedef int32_t LONG32;
typedef int64_t INT64;
typedef uint8_t UINT8;
typedef uint16_t UINT16;
typedef uint32_t UINT32;
typedef uint32_t ULONG32;
typedef uint32_t DWORD32;
typedef uint64_t UINT64;
typedef double DOUBLE;

typedef CHAR *PCHAR;
typedef CHAR *PSTR;
typedef const CHAR *PCSTR;
typedef WCHAR *PWCHAR;
typedef TCHAR *PTCHAR;
typedef TCHAR *PTSTR;
typedef const TCHAR *PCTSTR;
typedef BOOLEAN *PBOOLEAN;
typedef UCHAR *PUCHAR;
typedef SHORT *PSHORT;
typedef USHORT *PUSHORT;
typedef INT *PINT;
typedef UINT *PUINT;
typedef ULONG *PULONG;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef DWORD64 *PDWORD64;
typedef ULONG64 *PULONG64;
typedef LONG64 *PLONG64;
typedef DWORD_PTR *PDWORD_PTR;
typedef ULONG_PTR *PULONG_PTR;

typedef HANDLE HWND;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;
typedef WORD ATOM;
typedef HANDLE HGLOBAL;
typedef LONG HRESULT;
typedef const void *PCVOID;

#endif /* WINSHM_TYPES_H */
