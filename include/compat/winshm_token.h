/*
 * winshm_token.h - who a thread acts for, and what that allows: tokens and
 * privileges. Programs ask them whether they may create names in `Global\` or use
 * large pages, and do without if they cannot ask.
 *
 * On Linux: there are none. A process has no token that can be opened
 * (ERROR_CALL_NOT_IMPLEMENTED), a thread none of its own (ERROR_NO_TOKEN, as on
 * Windows), no privilege is known (ERROR_NO_SUCH_PRIVILEGE), and no handle is that
 * of a token (ERROR_INVALID_HANDLE). What a program may really do, the function that
 * does it tells.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_TOKEN_H
#define WINSHM_TOKEN_H

#include <winshm_types.h>
#include <winshm_window.h>

#ifndef ERROR_NO_TOKEN
/** The thread acts for nobody else. */
#define ERROR_NO_TOKEN 1008u
#endif
#ifndef ERROR_NOT_ALL_ASSIGNED
/** AdjustTokenPrivileges: the token does not have all of the privileges. */
#define ERROR_NOT_ALL_ASSIGNED 1300u
#endif
#ifndef ERROR_NO_SUCH_PRIVILEGE
/** No privilege has this name. */
#define ERROR_NO_SUCH_PRIVILEGE 1313u
#endif

#define TOKEN_ASSIGN_PRIMARY 0x0001u
#define TOKEN_DUPLICATE 0x0002u
#define TOKEN_IMPERSONATE 0x0004u
#define TOKEN_QUERY 0x0008u
#define TOKEN_ADJUST_PRIVILEGES 0x0020u

#define SE_CREATE_GLOBAL_NAME TEXT("SeCreateGlobalPrivilege")
#define SE_LOCK_MEMORY_NAME TEXT("SeLockMemoryPrivilege")
#define SE_DEBUG_NAME TEXT("SeDebugPrivilege")

#define SE_PRIVILEGE_ENABLED_BY_DEFAULT 0x00000001u
#define SE_PRIVILEGE_ENABLED 0x00000002u
#define PRIVILEGE_SET_ALL_NECESSARY 1u

#ifndef ANYSIZE_ARRAY
#define ANYSIZE_ARRAY 1
#endif

typedef struct _LUID {
    DWORD LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _LUID_AND_ATTRIBUTES {
    LUID Luid;
    DWORD Attributes;
} LUID_AND_ATTRIBUTES, *PLUID_AND_ATTRIBUTES;

typedef struct _PRIVILEGE_SET {
    DWORD PrivilegeCount;
    DWORD Control;
    LUID_AND_ATTRIBUTES Privilege[ANYSIZE_ARRAY];
} PRIVILEGE_SET, *PPRIVILEGE_SET;

typedef struct _TOKEN_PRIVILEGES {
    DWORD PrivilegeCount;
    LUID_AND_ATTRIBUTES Privileges[ANYSIZE_ARRAY];
} TOKEN_PRIVILEGES, *PTOKEN_PRIVILEGES;

static inline BOOL winshm_no_token(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/** Fails with ERROR_CALL_NOT_IMPLEMENTED. */
static inline BOOL OpenProcessToken(HANDLE process, DWORD access, PHANDLE token)
{
    (void)process, (void)access, (void)token;
    return winshm_no_token(ERROR_CALL_NOT_IMPLEMENTED);
}

/** Fails with ERROR_NO_TOKEN. */
static inline BOOL OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
{
    (void)thread, (void)access, (void)as_self, (void)token;
    return winshm_no_token(ERROR_NO_TOKEN);
}

/** Fails with ERROR_NO_SUCH_PRIVILEGE. */
static inline BOOL LookupPrivilegeValueA(LPCSTR system, LPCSTR name, PLUID luid)
{
    (void)system, (void)name, (void)luid;
    return winshm_no_token(ERROR_NO_SUCH_PRIVILEGE);
}

static inline BOOL LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, PLUID luid)
{
    (void)system, (void)name, (void)luid;
    return winshm_no_token(ERROR_NO_SUCH_PRIVILEGE);
}

/** Fails with ERROR_INVALID_HANDLE. */
static inline BOOL PrivilegeCheck(HANDLE token, PPRIVILEGE_SET privileges, LPBOOL result)
{
    (void)token, (void)privileges, (void)result;
    return winshm_no_token(ERROR_INVALID_HANDLE);
}

/** Fails with ERROR_INVALID_HANDLE. */
static inline BOOL AdjustTokenPrivileges(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES wanted, DWORD size,
                                         PTOKEN_PRIVILEGES previous, PDWORD needed)
{
    (void)token, (void)disable_all, (void)wanted, (void)size, (void)previous, (void)needed;
    return winshm_no_token(ERROR_INVALID_HANDLE);
}

#ifdef UNICODE
#define LookupPrivilegeValue LookupPrivilegeValueW
#else
#define LookupPrivilegeValue LookupPrivilegeValueA
#endif

#endif /* WINSHM_TOKEN_H */
