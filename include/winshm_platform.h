/*
 * winshm_platform.h - what winshm.h needs from the compiler: integer types with
 * Windows' sizes, the width of WCHAR, and the structures that hold anonymous
 * members.
 *
 * Written by hand, because none of this can be generated from Rust. Programs
 * include <winshm.h>, not this file.
 */
#ifndef WINSHM_PLATFORM_H
#define WINSHM_PLATFORM_H

#if !defined(__linux__) || !defined(__x86_64__) || !defined(__LP64__)
#error "winshm supports Linux on x86-64 (64-bit pointers) only"
#endif

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/** Marks the functions that libwinshm exports. */
#define WINSHM_API __attribute__((visibility("default")))
/** Marks those that do not return. */
#define WINSHM_NORETURN __attribute__((__noreturn__))

/* Calling conventions do not differ on x86-64 Linux. */
#ifndef WINAPI
#define WINAPI
#endif
#ifndef APIENTRY
#define APIENTRY WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif

/*
 * `long` has 64 bits here and 32 on Windows, so no type below is made of it.
 * The 64-bit ones are `long long` as on Windows, for printf's %lld and %llu.
 */
typedef void VOID;
typedef void *PVOID;
typedef void *LPVOID;
typedef const void *LPCVOID;

typedef char CHAR;
typedef char *LPSTR;
typedef const char *LPCSTR;

typedef unsigned char BYTE;
typedef unsigned char UCHAR;
typedef unsigned char BOOLEAN;
typedef uint16_t WORD;
typedef uint16_t USHORT;
typedef int16_t SHORT;
typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef long long LONGLONG;
typedef unsigned long long ULONGLONG;
typedef unsigned long long DWORDLONG;
typedef long long LONG64;
typedef unsigned long long ULONG64;
typedef unsigned long long DWORD64;
typedef int32_t BOOL;
typedef float FLOAT;

typedef size_t SIZE_T;
typedef ptrdiff_t SSIZE_T;
typedef intptr_t INT_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t UINT_PTR;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t DWORD_PTR;

typedef BYTE *PBYTE;
typedef BYTE *LPBYTE;
typedef WORD *LPWORD;
typedef WORD *PWORD;
typedef INT *LPINT;
typedef LONG *LPLONG;
typedef LONG *PLONG;
typedef DWORD *LPDWORD;
typedef DWORD *PDWORD;
typedef BOOL *LPBOOL;
typedef BOOL *PBOOL;
typedef SIZE_T *PSIZE_T;

/** A reference to a kernel object. A number, never an address. */
typedef void *HANDLE;
typedef HANDLE *LPHANDLE;
typedef HANDLE *PHANDLE;

/** What LocalAlloc gives: the address of memory. */
typedef HANDLE HLOCAL;

/** A library or program: where its data is. */
typedef HANDLE HINSTANCE;
typedef HANDLE HMODULE;

/** What GetProcAddress finds: to be cast to the type that the function has. */
typedef INT_PTR(WINAPI *FARPROC)(void);

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif

/** What file functions return on failure; for CreateFileMapping: "no file". */
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

/*
 * One header, two widths of WCHAR.
 *
 * The exported ...W functions take 16-bit units, as on Windows. WCHAR is
 * wchar_t, so that L"..." and std::wstring work; where wchar_t has 32 bits, an
 * assembler label binds each ...W declaration to a second function that takes
 * 32-bit units. The two never meet under one symbol.
 *
 * -fshort-wchar makes wchar_t 16 bits wide; WINSHM_CHAR16 makes WCHAR char16_t,
 * for sources written with u"...". Both use the 16-bit functions.
 */
#if defined(WINSHM_CHAR16)
#if !defined(__cplusplus)
#include <uchar.h>
#endif
typedef char16_t WCHAR;
#define WINSHM_WIDE(name)
#else
typedef wchar_t WCHAR;
#if __SIZEOF_WCHAR_T__ == 4
#define WINSHM_WIDE(name) __asm__("winshm_" #name "32")
#else
#define WINSHM_WIDE(name)
#endif
#endif
typedef WCHAR *LPWSTR;
typedef WCHAR *PWSTR;
typedef const WCHAR *LPCWSTR;
typedef const WCHAR *PCWSTR;

#ifdef UNICODE
typedef WCHAR TCHAR;
#ifdef WINSHM_CHAR16
#define WINSHM_TEXT(quote) u##quote
#else
#define WINSHM_TEXT(quote) L##quote
#endif
#else
typedef char TCHAR;
#define WINSHM_TEXT(quote) quote
#endif
typedef TCHAR *LPTSTR;
typedef const TCHAR *LPCTSTR;

/** A string literal as wide as TCHAR. */
#ifndef TEXT
#define TEXT(quote) WINSHM_TEXT(quote)
#endif

/** A signed 64-bit integer, whole or in halves. */
typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

/** An unsigned 64-bit integer, whole or in halves. */
typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/** Where a transfer or a lock of a file begins, and what came of it. */
typedef struct _OVERLAPPED {
    /** Set by the function: 0, or the error as an NTSTATUS. */
    ULONG_PTR Internal;
    /** Set by the function: how many bytes were transferred. */
    ULONG_PTR InternalHigh;
    __extension__ union {
        __extension__ struct {
            DWORD Offset;
            DWORD OffsetHigh;
        };
        PVOID Pointer;
    };
    /** NULL, or an event that is set when the function is done. */
    HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

/** What GetSystemInfo reports. */
typedef struct _SYSTEM_INFO {
    __extension__ union {
        DWORD dwOemId;
        __extension__ struct {
            WORD wProcessorArchitecture;
            WORD wReserved;
        };
    };
    DWORD dwPageSize;
    LPVOID lpMinimumApplicationAddress;
    LPVOID lpMaximumApplicationAddress;
    DWORD_PTR dwActiveProcessorMask;
    DWORD dwNumberOfProcessors;
    DWORD dwProcessorType;
    DWORD dwAllocationGranularity;
    WORD wProcessorLevel;
    WORD wProcessorRevision;
} SYSTEM_INFO, *LPSYSTEM_INFO;

#include "winshm_security_types.h"

#endif /* WINSHM_PLATFORM_H */
