/*
 * windows.h - lets a Windows source that includes <windows.h> compile unchanged
 * on Linux, on top of winshm.h.
 *
 * Add the folder of this file to the include path (-I). Programs written for
 * winshm include <winshm.h> instead and need none of this.
 *
 * On Linux: _WIN32 is not defined: a source that chooses its Windows branch by it
 * is built with -D_WIN32. It is not the whole Windows API: what there is stands in
 * docs/reference.md. min and max are functions in C++.
 */
#ifndef WINSHM_COMPAT_WINDOWS_H
#define WINSHM_COMPAT_WINDOWS_H

/*
 * Windows has two switches, UNICODE for windows.h and _UNICODE for tchar.h, and
 * a program in which they differ does not work there either. One sets the other.
 */
#if defined(_UNICODE) && !defined(UNICODE)
#ifdef WINSHM_PLATFORM_H
#error "_UNICODE was defined after winshm.h was included without it: define UNICODE for the whole program"
#endif
#define UNICODE
#endif
#if defined(UNICODE) && !defined(_UNICODE)
#define _UNICODE
#endif

#ifdef __cplusplus
extern "C++" { /* some sources include this file inside extern "C" */
#endif

#include <winshm.h>

/* Windows sources rely on these without including them. */
#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <winshm_keywords.h>
#include <winshm_sal.h>
#include <winshm_types.h>
#include <winshm_hresult.h>
#include <winshm_guid.h>
#include <winshm_seh.h>
#include <winshm_crt.h>
#include <winshm_crt_printf.h>
#include <winshm_crt_system.h>
#include <winshm_interlocked.h>
#include <winshm_srwlock.h>
#include <winshm_critical_section.h>
#include <winshm_condition.h>
#include <winshm_once.h>
#include <winshm_tls.h>
#include <winshm_clock.h>
#include <winshm_heap.h>
#include <winshm_lstr.h>
#include <winshm_wsprintf.h>
#include <winshm_window.h>
#include <winshm_token.h>
#include <winshm_program.h>
#include <winshm_dll_main.h>
#include <winshm_lp64.h>

/*
 * These work on wchar_t by way of glibc, which always takes it to have 32 bits.
 * A source built with -fshort-wchar does without them.
 */
#if __SIZEOF_WCHAR_T__ == 4
#include <winshm_wide_crt.h>
#include <winshm_wide_main.h>
#include <winshm_wide_stdio.h>
#else
#include <winshm_short_wchar.h>
#endif

#ifndef MAX_PATH
#define MAX_PATH 260
#endif
#ifndef _MAX_PATH
#define _MAX_PATH MAX_PATH
#endif

/* The largest and smallest values of Windows' types; LONG_MAX has 64 bits here. */
#ifndef MAXBYTE
#define MAXBYTE 0xff
#endif
#ifndef MAXWORD
#define MAXWORD 0xffff
#endif
#ifndef MAXDWORD
#define MAXDWORD 0xffffffffu
#endif
#ifndef MAXSHORT
#define MAXSHORT 0x7fff
#endif
#ifndef MAXLONG
#define MAXLONG 0x7fffffff
#endif
#ifndef MINLONG
#define MINLONG (-MAXLONG - 1)
#endif

#define ZeroMemory(destination, size) ((void)memset((destination), 0, (size)))
#define FillMemory(destination, size, byte) ((void)memset((destination), (byte), (size)))
#define CopyMemory(destination, source, size) ((void)memcpy((destination), (source), (size)))
#define MoveMemory(destination, source, size) ((void)memmove((destination), (source), (size)))
#define RtlZeroMemory ZeroMemory
#define RtlFillMemory FillMemory
#define RtlCopyMemory CopyMemory
#define RtlMoveMemory MoveMemory
#define RtlSecureZeroMemory SecureZeroMemory

/** Clears memory that is not read again, which plain memset may leave out. */
static inline PVOID SecureZeroMemory(PVOID destination, SIZE_T size)
{
    memset(destination, 0, size);
    __asm__ __volatile__("" : : "r"(destination) : "memory");
    return destination;
}

#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value) & 0xff))
#define HIBYTE(value) ((BYTE)((DWORD_PTR)(value) >> 8 & 0xff))
#define LOWORD(value) ((WORD)((DWORD_PTR)(value) & 0xffff))
#define HIWORD(value) ((WORD)((DWORD_PTR)(value) >> 16 & 0xffff))
#define MAKEWORD(low, high) ((WORD)(LOBYTE(low) | LOBYTE(high) << 8))
#define MAKELONG(low, high) ((LONG)(LOWORD(low) | (DWORD)LOWORD(high) << 16))

/* A language is ten bits of language and six of its variety. */
#define MAKELANGID(language, variety) ((WORD)((WORD)(variety) << 10 | (WORD)(language)))
#define LANG_NEUTRAL 0x00
#define LANG_ENGLISH 0x09
#define SUBLANG_NEUTRAL 0x00
#define SUBLANG_DEFAULT 0x01
#define SUBLANG_SYS_DEFAULT 0x02
#define SUBLANG_ENGLISH_US 0x01

#define UNREFERENCED_PARAMETER(name) ((void)(name))
#define DBG_UNREFERENCED_PARAMETER(name) ((void)(name))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(name) ((void)(name))

/* A condition that the compiler checks, outside and inside of functions. */
#ifdef __cplusplus
#define C_ASSERT(condition) static_assert(condition, #condition)
#else
#define C_ASSERT(condition) __extension__ _Static_assert(condition, #condition)
#endif

#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define CONTAINING_RECORD(address, type, field) ((type *)((char *)(address)-offsetof(type, field)))

#ifdef __cplusplus
/** Only its result's size is used: it has as many bytes as the array elements. */
template <typename Element, size_t count>
char (&winshm_count_of(Element (&)[count]))[count];
#define WINSHM_COUNT_OF(array) sizeof(::winshm_count_of(array))
#else
#define WINSHM_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#endif
#ifndef _countof
#define _countof(array) WINSHM_COUNT_OF(array)
#endif
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) WINSHM_COUNT_OF(array)
#endif

/* In C++, functions: macros would break std::min, std::max and numeric_limits. */
#ifndef NOMINMAX
#ifndef min
#ifdef __cplusplus
template <typename Left, typename Right>
static inline typename std::common_type<Left, Right>::type min(const Left &left, const Right &right)
{
    typedef typename std::common_type<Left, Right>::type Common;
    return Common(left) < Common(right) ? Common(left) : Common(right);
}
#else
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif
#endif
#ifndef max
#ifdef __cplusplus
template <typename Left, typename Right>
static inline typename std::common_type<Left, Right>::type max(const Left &left, const Right &right)
{
    typedef typename std::common_type<Left, Right>::type Common;
    return Common(left) > Common(right) ? Common(left) : Common(right);
}
#else
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHM_COMPAT_WINDOWS_H */
