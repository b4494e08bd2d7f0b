/*
 * winuser.h - windows and messages, and wsprintf.
 *
 * On Linux: there are no windows. MessageBox writes to the standard error output;
 * functions that send messages fail.
 */
#ifndef WINSHM_COMPAT_WINUSER_H
#define WINSHM_COMPAT_WINUSER_H

#include <windows.h>

#endif
