/*
 * winshm_seh.h - says in one sentence what is wrong with __try and __except.
 *
 * On Linux: structured exceptions do not exist.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_SEH_H
#define WINSHM_SEH_H

/* One string, which _Pragma wants. */
#define WINSHM_SEH_ERROR \
    _Pragma("GCC error \"__try, __except and __finally do not exist on Linux: check sizes before the view is used, or handle SIGSEGV and SIGBUS with sigaction\"")

#ifdef __cplusplus
/* The C++ library has a macro __try of its own, which stays. */
#include <exception>
#ifndef __try
#define __try try
#endif
#define __except(filter) WINSHM_SEH_ERROR catch (...)
#define __finally WINSHM_SEH_ERROR catch (...)
#else
#define __try if (1)
#define __except(filter) WINSHM_SEH_ERROR else
#define __finally WINSHM_SEH_ERROR else
#endif
#define __leave ((void)0)

#endif /* WINSHM_SEH_H */
