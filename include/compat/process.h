/*
 * process.h - Microsoft's C library on processes and threads: _beginthreadex,
 * _getpid.
 *
 * On Linux: windows.h has _beginthreadex, too. Functions that start programs are
 * left out.
 */
#ifndef WINSHM_COMPAT_PROCESS_H
#define WINSHM_COMPAT_PROCESS_H

#include <unistd.h>

#include <windows.h>

static inline int _getpid(void)
{
    return (int)getpid();
}

/** Ends the calling thread, which _beginthreadex made. */
static inline void _endthreadex(unsigned code)
{
    ExitThread(code);
}

#endif
