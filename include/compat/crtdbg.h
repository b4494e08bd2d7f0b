/*
 * crtdbg.h - Microsoft's debug heap and its assertions.
 *
 * On Linux: there is no debug heap. As in a release build on Windows, what asks for
 * it does nothing; valgrind or -fsanitize=address find the same
 * errors. With _DEBUG, _ASSERT and _ASSERTE are assert; without, nothing.
 */
#ifndef WINSHM_COMPAT_CRTDBG_H
#define WINSHM_COMPAT_CRTDBG_H

#include <stddef.h>

#ifdef _DEBUG
#include <stdio.h>
#include <stdlib.h>
#define WINSHM_ASSERT(expression, text)                                                     \
    ((expression) ? (void)0                                                                 \
                  : (fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, text), abort()))
#define _ASSERT(expression) WINSHM_ASSERT(expression, #expression)
#define _ASSERTE(expression) WINSHM_ASSERT(expression, #expression)
#else
#define _ASSERT(expression) ((void)0)
#define _ASSERTE(expression) ((void)0)
#endif

#define _RPT0(kind, format) ((void)0)
#define _RPT1(kind, format, a) ((void)0)
#define _RPT2(kind, format, a, b) ((void)0)
#define _RPTF0(kind, format) ((void)0)
#define _RPTF1(kind, format, a) ((void)0)
#define _RPTF2(kind, format, a, b) ((void)0)

#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2

#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_MODE_WNDW 0x4
#define _CRTDBG_REPORT_MODE (-1)
#define _CRTDBG_FILE_STDOUT ((void *)-4)
#define _CRTDBG_FILE_STDERR ((void *)-5)

#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF 0x04
#define _CRTDBG_CHECK_CRT_DF 0x10
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_REPORT_FLAG (-1)

/* Functions, because the compiler warns of a macro whose value nobody wants. */

static inline int _CrtSetDbgFlag(int flags)
{
    (void)flags;
    return 0;
}

static inline int _CrtSetReportMode(int kind, int mode)
{
    (void)kind, (void)mode;
    return 0;
}

static inline void *_CrtSetReportFile(int kind, void *file)
{
    (void)kind, (void)file;
    return NULL;
}

static inline long _CrtSetBreakAlloc(long number)
{
    (void)number;
    return 0;
}

static inline int _CrtCheckMemory(void)
{
    return 1;
}

static inline int _CrtDumpMemoryLeaks(void)
{
    return 0;
}

#endif
