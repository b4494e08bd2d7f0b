/*
 * accctrl.h - the structures of aclapi.h.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_ACCCTRL_H
#define WINSHM_COMPAT_ACCCTRL_H

#include <windows.h>

#endif
