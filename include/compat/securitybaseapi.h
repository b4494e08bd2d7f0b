/*
 * securitybaseapi.h - security descriptors and access lists.
 *
 * On Windows a part of windows.h; here, too, the whole is one header.
 */
#ifndef WINSHM_COMPAT_SECURITYBASEAPI_H
#define WINSHM_COMPAT_SECURITYBASEAPI_H

#include <windows.h>

#endif
