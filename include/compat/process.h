/*
 * process.h - Microsoft's C library on threads: _beginthreadex.
 *
 * Here windows.h has it.
 */
#ifndef WINSHM_COMPAT_PROCESS_H
#define WINSHM_COMPAT_PROCESS_H

#include <windows.h>

#endif
