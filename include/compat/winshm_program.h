/*
 * winshm_program.h - GetVersion and ExitProcess.
 *
 * On Linux: the version is that of Windows 8, which newer ones, too, tell a program
 * without a manifest. ExitProcess is exit: 8 bits of the code remain.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_PROGRAM_H
#define WINSHM_PROGRAM_H

#include <stdlib.h>

#include <winshm.h>

/** 6.2, build 9200. */
static inline DWORD GetVersion(VOID)
{
    return 9200u << 16 | 2u << 8 | 6u;
}

/** Ends the program; writes what streams have buffered. */
static inline VOID ExitProcess(UINT code) __attribute__((__noreturn__));
static inline VOID ExitProcess(UINT code)
{
    exit((int)code);
}

#endif /* WINSHM_PROGRAM_H */
