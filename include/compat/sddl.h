/*
 * sddl.h - security descriptors written as text.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_SDDL_H
#define WINSHM_COMPAT_SDDL_H

#include <windows.h>

#endif
