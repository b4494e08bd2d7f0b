/*
 * winshm_keywords.h - the words that Microsoft's compiler adds to C and C++, and
 * the macros that Windows sources put in their place.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_KEYWORDS_H
#define WINSHM_KEYWORDS_H

/*
 * __declspec(word) becomes one attribute. The word is pasted, not expanded, so
 * that a macro of that name (<stdnoreturn.h> has `noreturn`) does no harm.
 * A word that is not listed leaves an unknown attribute with its name in it,
 * about which the compiler warns.
 *
 * An attribute in front of `struct` is not one of the structure for gcc: where
 * alignment matters, write `struct __declspec(align(64)) Name`, which means the
 * same to both compilers.
 */
#ifndef __declspec
#define __declspec(word) __attribute__((WINSHM_DECLSPEC_##word))
#endif
#define WINSHM_DECLSPEC_align(bytes) __aligned__(bytes)
#define WINSHM_DECLSPEC_allocate(section) __section__(section)
#define WINSHM_DECLSPEC_deprecated __deprecated__ /* also takes a text */
#define WINSHM_DECLSPEC_dllexport __visibility__("default")
#define WINSHM_DECLSPEC_dllimport
#define WINSHM_DECLSPEC_empty_bases
#define WINSHM_DECLSPEC_noalias
#define WINSHM_DECLSPEC_noinline __noinline__
#define WINSHM_DECLSPEC_noreturn __noreturn__
#define WINSHM_DECLSPEC_nothrow __nothrow__
#define WINSHM_DECLSPEC_novtable
#define WINSHM_DECLSPEC_restrict
#define WINSHM_DECLSPEC_selectany __weak__
#define WINSHM_DECLSPEC_uuid(text)

/*
 * `thread` is a storage class and no attribute: it ends the attribute list and
 * begins an empty one behind itself. The standard words may stand before or
 * after `static`, __thread only after it.
 */
#if defined(__cplusplus)
#define WINSHM_DECLSPEC_thread )) thread_local __attribute__((
#elif __STDC_VERSION__ >= 201112L
#define WINSHM_DECLSPEC_thread )) _Thread_local __attribute__((
#else
#define WINSHM_DECLSPEC_thread )) __thread __attribute__((
#endif

#define DECLSPEC_ALIGN(bytes) __declspec(align(bytes))
#define DECLSPEC_NORETURN __declspec(noreturn)
#define DECLSPEC_NOINLINE __declspec(noinline)
#define DECLSPEC_SELECTANY __declspec(selectany)

/* x86-64 Linux has one calling convention. */
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#ifndef __fastcall
#define __fastcall
#endif
#ifndef __thiscall
#define __thiscall
#endif
#ifndef __vectorcall
#define __vectorcall
#endif
#ifndef NTAPI
#define NTAPI
#endif
#ifndef WINAPIV
#define WINAPIV
#endif

#ifndef __forceinline
#define __forceinline __inline__ __attribute__((__always_inline__))
#endif
#ifndef FORCEINLINE
#define FORCEINLINE __forceinline
#endif

/* Macros and not types, because sources write `unsigned __int64`. */
#ifndef __int8
#define __int8 char
#endif
#ifndef __int16
#define __int16 short
#endif
#ifndef __int32
#define __int32 int
#endif
#ifndef __int64
#define __int64 long long
#endif

#ifndef CONST
#define CONST const
#endif
/* Left over from 16-bit Windows. The lower-case words are common names here. */
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif

#ifndef EXTERN_C
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#endif

#endif /* WINSHM_KEYWORDS_H */
