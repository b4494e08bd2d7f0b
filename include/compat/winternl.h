/*
 * winternl.h - functions of ntdll, with their types and status values.
 *
 * On Linux: of these functions there are only NtClose and NtQuerySection; none
 * takes a UNICODE_STRING or OBJECT_ATTRIBUTES.
 */
#ifndef WINSHM_COMPAT_WINTERNL_H
#define WINSHM_COMPAT_WINTERNL_H

#include <windows.h>

#include <winshm_nt.h>

#endif
