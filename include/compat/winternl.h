/*
 * winternl.h - functions of ntdll, with their types and status values.
 */
#ifndef WINSHM_COMPAT_WINTERNL_H
#define WINSHM_COMPAT_WINTERNL_H

#include <windows.h>

#include <winshm_nt.h>

#endif
