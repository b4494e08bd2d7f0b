/*
 * winshm.h - Windows named shared memory for Linux.
 *
 * Link with -lwinshm. Names, lifetimes, rights and error codes are Windows';
 * docs/reference.md tells what differs. Functions are in Microsoft's documentation too;
 * the comments here say what holds on Linux.
 *
 * In all functions: a pointer is NULL where its documentation allows it, else
 * valid for the call; NULL elsewhere is an error, not a crash. A function that
 * fails sets the last error of its thread (GetLastError), one that succeeds
 * leaves it alone unless it says otherwise. Every function may be called from
 * every thread; in a signal handler only SetEvent, ResetEvent, ReleaseSemaphore,
 * GetLastError and SetLastError.
 *
 * Generated from the Rust sources: change them, then run `./dev bless`.
 */
#ifndef WINSHM_H
#define WINSHM_H

#include "winshm_platform.h"

#define WINSHM_VERSION_MAJOR 0
#define WINSHM_VERSION_MINOR 1
#define WINSHM_VERSION_PATCH 0
#define WINSHM_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Types ------------------------------------------------------------------- */

/**
 * Who may open an object, and whether child processes inherit the handle.
 */
struct _SECURITY_ATTRIBUTES {
    /**
     * The size of the structure in bytes; not checked, as on Windows.
     */
    DWORD nLength;
    /**
     * NULL, or a SECURITY_DESCRIPTOR: see SetSecurityDescriptorDacl.
     */
    LPVOID lpSecurityDescriptor;
    /**
     * Any value but 0: the handle is inheritable.
     */
    BOOL bInheritHandle;
};

typedef struct _SECURITY_ATTRIBUTES SECURITY_ATTRIBUTES;

typedef struct _SECURITY_ATTRIBUTES *PSECURITY_ATTRIBUTES;

typedef struct _SECURITY_ATTRIBUTES *LPSECURITY_ATTRIBUTES;

/**
 * A time: units of 100 ns since 1601, in two halves.
 */
struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
};

typedef struct _FILETIME FILETIME;

typedef struct _FILETIME *PFILETIME;

typedef struct _FILETIME *LPFILETIME;

/**
 * How a new process begins. Zero but for cb and what is documented.
 */
struct _STARTUPINFOA {
    /**
     * The size of the structure in bytes; not checked.
     */
    DWORD cb;
    /**
     * Without effect, as is what follows, up to dwFlags.
     */
    LPSTR lpReserved;
    LPSTR lpDesktop;
    LPSTR lpTitle;
    DWORD dwX;
    DWORD dwY;
    DWORD dwXSize;
    DWORD dwYSize;
    DWORD dwXCountChars;
    DWORD dwYCountChars;
    DWORD dwFillAttribute;
    /**
     * STARTF_USESTDHANDLES; other flags are without effect.
     */
    DWORD dwFlags;
    WORD wShowWindow;
    WORD cbReserved2;
    LPBYTE lpReserved2;
    /**
     * Standard input, if dwFlags says so.
     */
    HANDLE hStdInput;
    /**
     * Standard output, if dwFlags says so.
     */
    HANDLE hStdOutput;
    /**
     * Standard error, if dwFlags says so.
     */
    HANDLE hStdError;
};

typedef struct _STARTUPINFOA STARTUPINFOA;

typedef struct _STARTUPINFOA *LPSTARTUPINFOA;

/**
 * How a new process begins. Zero but for cb and what is documented.
 */
struct _STARTUPINFOW {
    /**
     * The size of the structure in bytes; not checked.
     */
    DWORD cb;
    /**
     * Without effect, as is what follows, up to dwFlags.
     */
    LPWSTR lpReserved;
    LPWSTR lpDesktop;
    LPWSTR lpTitle;
    DWORD dwX;
    DWORD dwY;
    DWORD dwXSize;
    DWORD dwYSize;
    DWORD dwXCountChars;
    DWORD dwYCountChars;
    DWORD dwFillAttribute;
    /**
     * STARTF_USESTDHANDLES; other flags are without effect.
     */
    DWORD dwFlags;
    WORD wShowWindow;
    WORD cbReserved2;
    LPBYTE lpReserved2;
    /**
     * Standard input, if dwFlags says so.
     */
    HANDLE hStdInput;
    /**
     * Standard output, if dwFlags says so.
     */
    HANDLE hStdOutput;
    /**
     * Standard error, if dwFlags says so.
     */
    HANDLE hStdError;
};

typedef struct _STARTUPINFOW STARTUPINFOW;

typedef struct _STARTUPINFOW *LPSTARTUPINFOW;

/**
 * A process that was started.
 */
struct _PROCESS_INFORMATION {
    HANDLE hProcess;
    /**
     * Of its first thread.
     */
    HANDLE hThread;
    DWORD dwProcessId;
    DWORD dwThreadId;
};

typedef struct _PROCESS_INFORMATION PROCESS_INFORMATION;

typedef struct _PROCESS_INFORMATION *PPROCESS_INFORMATION;

typedef struct _PROCESS_INFORMATION *LPPROCESS_INFORMATION;

/**
 * What a thread runs.
 */
typedef DWORD (*LPTHREAD_START_ROUTINE)(LPVOID lpThreadParameter);

typedef LPTHREAD_START_ROUTINE PTHREAD_START_ROUTINE;

/**
 * Completion routines are not supported: SetWaitableTimer wants NULL.
 */
typedef void (*PTIMERAPCROUTINE)(LPVOID lpArg, DWORD dwTimerLowValue, DWORD dwTimerHighValue);

/**
 * What VirtualQuery tells about a run of pages.
 */
struct _MEMORY_BASIC_INFORMATION {
    /**
     * The first page of the run: the one that was asked for.
     */
    PVOID BaseAddress;
    /**
     * Where the view or allocation begins; NULL for free pages.
     */
    PVOID AllocationBase;
    /**
     * The protection that the view or allocation began with.
     */
    DWORD AllocationProtect;
    /**
     * Always 0.
     */
    WORD PartitionId;
    /**
     * The length of the run in bytes.
     */
    SIZE_T RegionSize;
    /**
     * MEM_COMMIT, MEM_RESERVE or MEM_FREE.
     */
    DWORD State;
    /**
     * The protection of committed pages, else 0; PAGE_NOACCESS for free pages.
     */
    DWORD Protect;
    /**
     * MEM_MAPPED, MEM_PRIVATE or MEM_IMAGE; 0 for free pages.
     */
    DWORD Type;
};

typedef struct _MEMORY_BASIC_INFORMATION MEMORY_BASIC_INFORMATION;

typedef struct _MEMORY_BASIC_INFORMATION *PMEMORY_BASIC_INFORMATION;

/**
 * A range of addresses.
 */
struct _WIN32_MEMORY_RANGE_ENTRY {
    /**
     * The first byte.
     */
    PVOID VirtualAddress;
    /**
     * The length.
     */
    SIZE_T NumberOfBytes;
};

typedef struct _WIN32_MEMORY_RANGE_ENTRY WIN32_MEMORY_RANGE_ENTRY;

typedef struct _WIN32_MEMORY_RANGE_ENTRY *PWIN32_MEMORY_RANGE_ENTRY;

/* ---- Errors ------------------------------------------------------------------ */

/** Success. */
#define ERROR_SUCCESS 0u
/** Success. */
#define NO_ERROR 0u
/** Not possible with this kind of file. */
#define ERROR_INVALID_FUNCTION 1u
/** No object of that name exists. */
#define ERROR_FILE_NOT_FOUND 2u
/** The name holds a backslash outside a known prefix. */
#define ERROR_PATH_NOT_FOUND 3u
/** The process has no free file descriptor. */
#define ERROR_TOO_MANY_OPEN_FILES 4u
/** The handle does not grant the right, or the object its user. */
#define ERROR_ACCESS_DENIED 5u
/** Not an open handle, or one of another kind of object. */
#define ERROR_INVALID_HANDLE 6u
/** No memory or no address space. */
#define ERROR_NOT_ENOUGH_MEMORY 8u
/** The data is invalid. */
#define ERROR_INVALID_DATA 13u
/** Out of memory. */
#define ERROR_OUTOFMEMORY 14u
/** There are no more files. */
#define ERROR_NO_MORE_FILES 18u
/** The file system is mounted for reading only. */
#define ERROR_WRITE_PROTECT 19u
/** The device is not ready. */
#define ERROR_NOT_READY 21u
/** The buffer has the wrong length. */
#define ERROR_BAD_LENGTH 24u
/** A device does not function. */
#define ERROR_GEN_FAILURE 31u
/** The file is open in a way that excludes this one. */
#define ERROR_SHARING_VIOLATION 32u
/** Part of the range is locked. */
#define ERROR_LOCK_VIOLATION 33u
/** Beyond the end. */
#define ERROR_HANDLE_EOF 38u
/** The request is not supported. */
#define ERROR_NOT_SUPPORTED 50u
/** A path of another machine. */
#define ERROR_BAD_NETPATH 53u
/** A file of that name exists. */
#define ERROR_FILE_EXISTS 80u
/** An argument has an impossible value. */
#define ERROR_INVALID_PARAMETER 87u
/** Nobody is at the other end of the pipe. */
#define ERROR_BROKEN_PIPE 109u
/** The path is too long for its buffer. */
#define ERROR_BUFFER_OVERFLOW 111u
/** The disk, or the user's part of it, is full. */
#define ERROR_DISK_FULL 112u
/** The system does not have the function. */
#define ERROR_CALL_NOT_IMPLEMENTED 120u
/** The time is over. */
#define ERROR_SEM_TIMEOUT 121u
/** The buffer is too small. */
#define ERROR_INSUFFICIENT_BUFFER 122u
/** The string is no name: a 32-bit unit above 0x10FFFF. */
#define ERROR_INVALID_NAME 123u
/** No module of that name, or no such module. */
#define ERROR_MOD_NOT_FOUND 126u
/** The module has no function of that name. */
#define ERROR_PROC_NOT_FOUND 127u
/** A position before the beginning of the file. */
#define ERROR_NEGATIVE_SEEK 131u
/** The directory is not empty. */
#define ERROR_DIR_NOT_EMPTY 145u
/** The range, or the pages, are not locked. */
#define ERROR_NOT_LOCKED 158u
/** The name begins with a backslash. */
#define ERROR_BAD_PATHNAME 161u
/** Another process kept the object locked for seconds (it is stopped, or hostile). */
#define ERROR_BUSY 170u
/** The module has no function of that number. */
#define ERROR_INVALID_ORDINAL 182u
/** An object of that name existed; the handle refers to it. */
#define ERROR_ALREADY_EXISTS 183u
/** SEC_IMAGE on something that is no executable image. */
#define ERROR_BAD_EXE_FORMAT 193u
/** No environment variable of that name. */
#define ERROR_ENVVAR_NOT_FOUND 203u
/** The name is too long. */
#define ERROR_FILENAME_EXCED_RANGE 206u
/** The file would be larger than the system allows. */
#define ERROR_FILE_TOO_LARGE 223u
/** All instances of the pipe are busy. */
#define ERROR_PIPE_BUSY 231u
/** The reader of the pipe is gone. */
#define ERROR_NO_DATA 232u
/** There is more than fitted. */
#define ERROR_MORE_DATA 234u
/** The message is empty. */
#define ERROR_NO_WORK_DONE 235u
/** There is no more data. */
#define ERROR_NO_MORE_ITEMS 259u
/** The path is no directory. */
#define ERROR_DIRECTORY 267u
/** The caller does not own the mutex. */
#define ERROR_NOT_OWNER 288u
/** The semaphore would exceed its maximum. */
#define ERROR_TOO_MANY_POSTS 298u
/** The range ends beyond the last possible byte. */
#define ERROR_INVALID_LOCK_RANGE 307u
/** No message of that number. */
#define ERROR_MR_MID_NOT_FOUND 317u
/** The address is not part of what the function works on, or is taken. */
#define ERROR_INVALID_ADDRESS 487u
/** The operation was cancelled. */
#define ERROR_OPERATION_ABORTED 995u
/** The operation goes on. */
#define ERROR_IO_INCOMPLETE 996u
/** The operation goes on. */
#define ERROR_IO_PENDING 997u
/** A pointer argument cannot be written. */
#define ERROR_NOACCESS 998u
/** The flags are unknown, or impossible together. */
#define ERROR_INVALID_FLAGS 1004u
/** The file has no contents to map. */
#define ERROR_FILE_INVALID 1006u
/** The text holds what is no character. */
#define ERROR_NO_UNICODE_TRANSLATION 1113u
/** The device failed. */
#define ERROR_IO_DEVICE 1117u
/** An offset or address is not a multiple of 65536. */
#define ERROR_MAPPED_ALIGNMENT 1132u
/** The element was not found. */
#define ERROR_NOT_FOUND 1168u
/** The user cancelled the operation. */
#define ERROR_CANCELLED 1223u
/** The file is mapped and cannot be cut off. */
#define ERROR_USER_MAPPED_FILE 1224u
/** A revision of a security structure that is not known. */
#define ERROR_UNKNOWN_REVISION 1305u
/** The object was made by a library with another layout. */
#define ERROR_REVISION_MISMATCH 1306u
/** An owner that the creator of an object may not give it. */
#define ERROR_INVALID_OWNER 1307u
/** The caller lacks a privilege. */
#define ERROR_PRIVILEGE_NOT_HELD 1314u
/** A name or identifier that nobody has here. */
#define ERROR_NONE_MAPPED 1332u
/** A malformed access control list. */
#define ERROR_INVALID_ACL 1336u
/** A malformed security identifier. */
#define ERROR_INVALID_SID 1337u
/** The security descriptor cannot be used. */
#define ERROR_INVALID_SECURITY_DESCR 1338u
/** The list has no room for another entry. */
#define ERROR_ALLOTTED_SPACE_EXCEEDED 1344u
/** A defect of this library; nothing was changed. */
#define ERROR_INTERNAL_ERROR 1359u
/** The object's bookkeeping is damaged. */
#define ERROR_FILE_CORRUPT 1392u
/** Out of handles. */
#define ERROR_NO_SYSTEM_RESOURCES 1450u
/** More locked memory than the process may have. */
#define ERROR_WORKING_SET_QUOTA 1453u
/** Not enough free memory to back the section. */
#define ERROR_COMMITMENT_LIMIT 1455u
/** The time is over. */
#define ERROR_TIMEOUT 1460u
/** The two handles refer to different objects. */
#define ERROR_NOT_SAME_OBJECT 1656u
/** The module has no resources. */
#define ERROR_RESOURCE_DATA_NOT_FOUND 1812u
/** The module has no messages. */
#define ERROR_RESOURCE_TYPE_NOT_FOUND 1813u
/** The module has no resource of that name. */
#define ERROR_RESOURCE_NAME_NOT_FOUND 1814u
/** The module has no resource in that language. */
#define ERROR_RESOURCE_LANG_NOT_FOUND 1815u
/** The memory to be written to a file cannot be read. */
#define ERROR_INVALID_USER_BUFFER 1784u
/** The symbolic links of the path go in a circle. */
#define ERROR_CANT_RESOLVE_FILENAME 1921u

/**
 * Tells why the last function of this library that failed in the calling
 * thread did so.
 *
 * Functions that succeed leave the value alone, except the Create functions,
 * which set it to 0 or to ERROR_ALREADY_EXISTS.
 *
 * @return one of the ERROR_ constants; 0 in a thread where nothing failed yet
 *
 * On Linux: failures of the C library and of system calls show in errno, not here.
 */
WINSHM_API DWORD GetLastError(void);

/**
 * Sets what GetLastError returns in the calling thread.
 *
 * @param dwErrCode any value
 */
WINSHM_API void SetLastError(DWORD dwErrCode);

/* ---- Handles ----------------------------------------------------------------- */

/** Removes the object. */
#define DELETE 0x00010000u
/** Reads the object's owner and access list. */
#define READ_CONTROL 0x00020000u
/** Changes the object's access list. */
#define WRITE_DAC 0x00040000u
/** Changes the object's owner. */
#define WRITE_OWNER 0x00080000u
/** Waits for the object. */
#define SYNCHRONIZE 0x00100000u
/** DELETE, READ_CONTROL, WRITE_DAC and WRITE_OWNER. */
#define STANDARD_RIGHTS_REQUIRED 0x000F0000u
/** Equals READ_CONTROL. */
#define STANDARD_RIGHTS_READ READ_CONTROL
/** Equals READ_CONTROL. */
#define STANDARD_RIGHTS_WRITE READ_CONTROL
/** Equals READ_CONTROL. */
#define STANDARD_RIGHTS_EXECUTE READ_CONTROL
/** All standard rights. */
#define STANDARD_RIGHTS_ALL 0x001F0000u
/** The bits that belong to one kind of object. */
#define SPECIFIC_RIGHTS_ALL 0x0000FFFFu
/** Reads or changes the audit list; needs a privilege that nobody has here. */
#define ACCESS_SYSTEM_SECURITY 0x01000000u
/** Every right the caller may have. */
#define MAXIMUM_ALLOWED 0x02000000u
/** Every right of the kind of object. */
#define GENERIC_ALL 0x10000000u
/** What execution means for the kind of object. */
#define GENERIC_EXECUTE 0x20000000u
/** What writing means for the kind of object. */
#define GENERIC_WRITE 0x40000000u
/** What reading means for the kind of object. */
#define GENERIC_READ 0x80000000u
/** The handle is inheritable. */
#define HANDLE_FLAG_INHERIT 0x00000001u
/** CloseHandle refuses the handle. */
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 0x00000002u
/** DuplicateHandle: closes the source handle, whatever else happens. */
#define DUPLICATE_CLOSE_SOURCE 0x00000001u
/** DuplicateHandle: the new handle has the rights of the source. */
#define DUPLICATE_SAME_ACCESS 0x00000002u

/**
 * Closes a handle. When it was the last handle to a named object in any
 * process, the name is free at once; views stay valid until they are unmapped.
 *
 * The end of a process, by whatever cause, closes its handles.
 *
 * @param hObject a handle; a pseudo-handle (GetCurrentProcess) is accepted and
 *                nothing happens
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle, or one that
 *         HANDLE_FLAG_PROTECT_FROM_CLOSE protects
 */
WINSHM_API BOOL CloseHandle(HANDLE hObject);

/**
 * Makes another handle to the object of a handle, within this process.
 *
 * @param hSourceProcessHandle GetCurrentProcess(), or a handle made from it
 * @param hSourceHandle        the handle to duplicate; a pseudo-handle gives a
 *                             real one
 * @param hTargetProcessHandle as hSourceProcessHandle
 * @param lpTargetHandle       receives the new handle; NULL: nothing is made
 * @param dwDesiredAccess      the rights of the new handle, which may be more
 *                             than the source has, if this user may have them; ignored
 *                             with DUPLICATE_SAME_ACCESS
 * @param bInheritHandle       whether the new handle is inheritable
 * @param dwOptions            DUPLICATE_SAME_ACCESS, DUPLICATE_CLOSE_SOURCE
 *                             (closes the source even if the function fails)
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: one of the handles is not open, or a process
 *         handle does not mean this process;
 *         ERROR_ACCESS_DENIED: dwDesiredAccess has bits that are no right of
 *         the object, rights that this user does not have, or, of a file, more
 *         than the source has;
 *         ERROR_PRIVILEGE_NOT_HELD: dwDesiredAccess has ACCESS_SYSTEM_SECURITY;
 *         ERROR_INVALID_PARAMETER: unknown bits in dwOptions;
 *         ERROR_NOACCESS: lpTargetHandle is no address of a process, and nothing is closed;
 *         ERROR_NO_SYSTEM_RESOURCES: no free handle;
 *         ERROR_TOO_MANY_OPEN_FILES: of a section, for the right to write
 *
 * On Linux: within the calling process only. The handle of a segment ("Posix\", "SysV\")
 * that was opened for reading gets no right to write.
 */
WINSHM_API
BOOL DuplicateHandle(HANDLE hSourceProcessHandle,
                     HANDLE hSourceHandle,
                     HANDLE hTargetProcessHandle,
                     LPHANDLE lpTargetHandle,
                     DWORD dwDesiredAccess,
                     BOOL bInheritHandle,
                     DWORD dwOptions);

/**
 * Tells the attributes of a handle.
 *
 * @param hObject   a handle
 * @param lpdwFlags receives HANDLE_FLAG_INHERIT and HANDLE_FLAG_PROTECT_FROM_CLOSE
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle;
 *         ERROR_NOACCESS: lpdwFlags is NULL
 */
WINSHM_API BOOL GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags);

/**
 * Sets attributes of a handle.
 *
 * A handle with HANDLE_FLAG_INHERIT is there, under the same value and with the same
 * rights and attributes, in every program that uses this library and is started while
 * the handle is open: by exec after fork, by posix_spawn or by system, directly or by
 * programs in between. The caller passes the value on, in a command line for example.
 * What the name of its object means stays so until the last of these programs has
 * ended or closed it. A mutex has to be taken by the child itself.
 *
 * @param hObject a handle
 * @param dwMask  the attributes to change; other bits are ignored
 * @param dwFlags their new values
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle;
 *         ERROR_TOO_MANY_OPEN_FILES: an inheritable object takes a file descriptor
 *         (functions that make such a handle fail in the same way);
 *         ERROR_NOT_SUPPORTED: HANDLE_FLAG_INHERIT for a handle of the SharedMemory
 *         functions
 *
 * On Linux: an inheritable object takes a file descriptor without close-on-exec, and one
 * without a name a second one. A child that closes descriptors which it did not open
 * before its first call has no inherited handles; names it can open. A program with more rights than who starts it (set-uid)
 * inherits none. Handles of processes and threads are inherited if the kernel has
 * descriptors for them (threads: since Linux 6.9).
 */
WINSHM_API
BOOL SetHandleInformation(HANDLE hObject,
                          DWORD dwMask,
                          DWORD dwFlags);

/**
 * Tells whether two handles refer to the same object.
 *
 * @param hFirstObjectHandle  a handle
 * @param hSecondObjectHandle a handle
 * @return TRUE if they do, or FALSE with GetLastError:
 *         ERROR_NOT_SAME_OBJECT: they do not;
 *         ERROR_INVALID_HANDLE: one is not an open handle
 */
WINSHM_API BOOL CompareObjectHandles(HANDLE hFirstObjectHandle, HANDLE hSecondObjectHandle);

/* ---- Security descriptors ---------------------------------------------------- */

/** InitializeSecurityDescriptor: the revision. */
#define SECURITY_DESCRIPTOR_REVISION 1u
/** The size of a SECURITY_DESCRIPTOR. */
#define SECURITY_DESCRIPTOR_MIN_LENGTH 40u
/** The revision of an identifier. */
#define SID_REVISION 1u
/** The most sub-authorities of an identifier. */
#define SID_MAX_SUB_AUTHORITIES 15u
/** The largest size of an identifier. */
#define SECURITY_MAX_SID_SIZE 68u
/** InitializeAcl: the usual revision. */
#define ACL_REVISION 2
/** InitializeAcl: the revision of lists for directory services. */
#define ACL_REVISION_DS 4
/** The revision of the text of a descriptor. */
#define SDDL_REVISION_1 1u
/** Equals SDDL_REVISION_1. */
#define SDDL_REVISION SDDL_REVISION_1
/** The owner comes from a default. */
#define SE_OWNER_DEFAULTED 0x0001
/** The group comes from a default. */
#define SE_GROUP_DEFAULTED 0x0002
/** There is a discretionary list: who may do what. Present and NULL: all may do all. */
#define SE_DACL_PRESENT 0x0004
/** The discretionary list comes from a default. */
#define SE_DACL_DEFAULTED 0x0008
/** There is a system list: labels, and what is audited. */
#define SE_SACL_PRESENT 0x0010
/** The system list comes from a default. */
#define SE_SACL_DEFAULTED 0x0020
/** The discretionary list is to be inherited. */
#define SE_DACL_AUTO_INHERIT_REQ 0x0100
/** The system list is to be inherited. */
#define SE_SACL_AUTO_INHERIT_REQ 0x0200
/** The discretionary list was inherited. */
#define SE_DACL_AUTO_INHERITED 0x0400
/** The system list was inherited. */
#define SE_SACL_AUTO_INHERITED 0x0800
/** The discretionary list inherits nothing. */
#define SE_DACL_PROTECTED 0x1000
/** The system list inherits nothing. */
#define SE_SACL_PROTECTED 0x2000
/** The descriptor is one block, with offsets in place of pointers. */
#define SE_SELF_RELATIVE 0x8000
/** An entry that allows. */
#define ACCESS_ALLOWED_ACE_TYPE 0
/** An entry that denies. */
#define ACCESS_DENIED_ACE_TYPE 1
/** An entry that has accesses audited. */
#define SYSTEM_AUDIT_ACE_TYPE 2
/** An entry that keeps out processes of a lower level. */
#define SYSTEM_MANDATORY_LABEL_ACE_TYPE 0x11
/** Flag of an entry: objects in a container inherit it. */
#define OBJECT_INHERIT_ACE 0x01
/** Flag of an entry: containers in a container inherit it. */
#define CONTAINER_INHERIT_ACE 0x02
/** Flag of an entry: only the next level inherits it. */
#define NO_PROPAGATE_INHERIT_ACE 0x04
/** Flag of an entry: it is not for the object itself. */
#define INHERIT_ONLY_ACE 0x08
/** Flag of an entry: it was inherited. */
#define INHERITED_ACE 0x10
/** All flags about inheritance. */
#define VALID_INHERIT_FLAGS 0x1F
/** Flag of an auditing entry: successes. */
#define SUCCESSFUL_ACCESS_ACE_FLAG 0x40
/** Flag of an auditing entry: failures. */
#define FAILED_ACCESS_ACE_FLAG 0x80

/**
 * Makes an empty descriptor: it says nothing.
 *
 * @param pSecurityDescriptor receives a SECURITY_DESCRIPTOR
 * @param dwRevision          SECURITY_DESCRIPTOR_REVISION
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_UNKNOWN_REVISION: another revision; ERROR_NOACCESS: NULL
 */
WINSHM_API
BOOL InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                  DWORD dwRevision);

/**
 * Gives a descriptor its discretionary list: who may do what. The list is not copied:
 * it must stay as long as the descriptor is used.
 *
 * What the list means for an object that is made with it (SECURITY_ATTRIBUTES):
 *
 * no descriptor, no list: the object is its user's, as with a list that names only
 * him or administrators;
 * pDacl NULL: everybody may do everything;
 * an entry for Everyone, Authenticated Users or Users allows others what it says, one
 * for CREATOR GROUP the group of the file;
 * no entry that allows anything: only the creator's handle works. Who opens the name
 * or creates it again gets ERROR_ACCESS_DENIED, but the owner may open it for
 * READ_CONTROL and WRITE_DAC and nothing else; and a duplicate of a handle never has
 * more rights than its source.
 *
 * @param pSecurityDescriptor a descriptor that InitializeSecurityDescriptor made
 * @param bDaclPresent        0: there is no list, and the rest does not count
 * @param pDacl               the list; NULL lets everybody do everything
 * @param bDaclDefaulted      not 0: the list comes from a default; without effect
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_UNKNOWN_REVISION: not a descriptor; ERROR_INVALID_SECURITY_DESCR: a
 *         descriptor in one block, as ConvertStringSecurityDescriptorToSecurityDescriptorA
 *         makes them; ERROR_NOACCESS: NULL
 *
 * On Linux: objects are files with an owner, a group and permission bits; a list that
 * these cannot express is refused when an object is to be made, with
 * ERROR_INVALID_SECURITY_DESCR. The owner (the creating user) and root always may do
 * everything, whatever the list says, unless it allows nothing at all (and what is
 * then denied is denied by this library: root, and the owner's other programs, can
 * still read the memory). Others may do what everyone may: read a section (mode 0644),
 * read and write it (0666), or use a synchronisation object (0666: SYNCHRONIZE and
 * its MODIFY_STATE together). DELETE, WRITE_DAC and WRITE_OWNER stay the owner's.
 * SYSTEM and Administrators are root; Guests, Anonymous and application packages are
 * nobody; the identifier of a user is S-1-22-1-UID. All other identifiers are refused,
 * and so are entries that deny anything to anybody, audits (ERROR_PRIVILEGE_NOT_HELD),
 * labels above the medium level, and an owner who is not the creator
 * (ERROR_INVALID_OWNER). Others reach only objects of Global\, in the directory that an
 * administrator made; mutexes there only if the directory is for a group.
 */
WINSHM_API
BOOL SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR pSecurityDescriptor,
                               BOOL bDaclPresent,
                               PACL pDacl,
                               BOOL bDaclDefaulted);

/**
 * Whether a descriptor, its identifiers and its lists are well-formed.
 *
 * @param pSecurityDescriptor a descriptor, in either form
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_UNKNOWN_REVISION, ERROR_INVALID_SID, ERROR_INVALID_ACL: what is wrong;
 *         ERROR_INVALID_SECURITY_DESCR: NULL, or an impossible offset
 */
WINSHM_API BOOL IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor);

/**
 * Makes a descriptor of a text, for example "D:P(A;;GA;;;SY)(A;;GRGW;;;WD)".
 *
 * The text has up to four parts: O: and G: with an identifier, D: and S: with a list.
 * Identifiers are S-1-... or two letters. What the descriptor means stands at
 * SetSecurityDescriptorDacl.
 *
 * @param StringSecurityDescriptor     the text
 * @param StringSDRevision             SDDL_REVISION_1
 * @param SecurityDescriptor           receives the descriptor, in one block; LocalFree
 *                                     frees it
 * @param SecurityDescriptorSize       NULL, or receives its size in bytes
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_PARAMETER: NULL, or not such a text; ERROR_INVALID_ACL: a
 *         malformed list, or a kind of entry other than A, D, AU and ML;
 *         ERROR_INVALID_SID: no identifier; ERROR_NONE_MAPPED: one of a domain, which
 *         there is not; ERROR_UNKNOWN_REVISION: another revision;
 *         ERROR_NOT_ENOUGH_MEMORY; ERROR_FILENAME_EXCED_RANGE: more than 32767 units
 */
WINSHM_API
BOOL ConvertStringSecurityDescriptorToSecurityDescriptorA(LPCSTR StringSecurityDescriptor,
                                                          DWORD StringSDRevision,
                                                          PSECURITY_DESCRIPTOR *SecurityDescriptor,
                                                          ULONG *SecurityDescriptorSize);

/**
 * ConvertStringSecurityDescriptorToSecurityDescriptorA with a wide text.
 *
 * @return as ConvertStringSecurityDescriptorToSecurityDescriptorA
 *
 */
WINSHM_API
BOOL ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR StringSecurityDescriptor,
                                                          DWORD StringSDRevision,
                                                          PSECURITY_DESCRIPTOR *SecurityDescriptor,
                                                          ULONG *SecurityDescriptorSize)
WINSHM_WIDE(ConvertStringSecurityDescriptorToSecurityDescriptorW);

#ifdef UNICODE
#define ConvertStringSecurityDescriptorToSecurityDescriptor ConvertStringSecurityDescriptorToSecurityDescriptorW
#else
#define ConvertStringSecurityDescriptorToSecurityDescriptor ConvertStringSecurityDescriptorToSecurityDescriptorA
#endif

/* ---- Identifiers and access control lists ------------------------------------ */

/** EXPLICIT_ACCESS: not inherited. */
#define NO_INHERITANCE 0x0u
/** EXPLICIT_ACCESS: inherited by objects in a container. */
#define SUB_OBJECTS_ONLY_INHERIT 0x1u
/** EXPLICIT_ACCESS: inherited by containers in a container. */
#define SUB_CONTAINERS_ONLY_INHERIT 0x2u
/** EXPLICIT_ACCESS: inherited by both. */
#define SUB_CONTAINERS_AND_OBJECTS_INHERIT 0x3u
/** EXPLICIT_ACCESS: inherited by the next level only. */
#define INHERIT_NO_PROPAGATE 0x4u
/** EXPLICIT_ACCESS: for those who inherit it only. */
#define INHERIT_ONLY 0x8u
/** Nobody. */
#define SECURITY_NULL_RID 0u
/** Everyone, of SECURITY_WORLD_SID_AUTHORITY. */
#define SECURITY_WORLD_RID 0u
/** The owner, of SECURITY_CREATOR_SID_AUTHORITY. */
#define SECURITY_CREATOR_OWNER_RID 0u
/** The group, of SECURITY_CREATOR_SID_AUTHORITY. */
#define SECURITY_CREATOR_GROUP_RID 1u
/** Users of the network, of SECURITY_NT_AUTHORITY; refused here. */
#define SECURITY_NETWORK_RID 2u
/** Users at the machine, of SECURITY_NT_AUTHORITY; refused here. */
#define SECURITY_INTERACTIVE_RID 4u
/** Services, of SECURITY_NT_AUTHORITY; refused here. */
#define SECURITY_SERVICE_RID 6u
/** Users without a name, of SECURITY_NT_AUTHORITY: nobody here. */
#define SECURITY_ANONYMOUS_LOGON_RID 7u
/** Users who logged on, of SECURITY_NT_AUTHORITY: everyone here. */
#define SECURITY_AUTHENTICATED_USER_RID 11u
/** The system, of SECURITY_NT_AUTHORITY: root here. */
#define SECURITY_LOCAL_SYSTEM_RID 18u
/** A service, of SECURITY_NT_AUTHORITY; refused here. */
#define SECURITY_LOCAL_SERVICE_RID 19u
/** A service, of SECURITY_NT_AUTHORITY; refused here. */
#define SECURITY_NETWORK_SERVICE_RID 20u
/** The groups that every machine has, of SECURITY_NT_AUTHORITY. */
#define SECURITY_BUILTIN_DOMAIN_RID 32u
/** Administrators, of SECURITY_BUILTIN_DOMAIN_RID: root here. */
#define DOMAIN_ALIAS_RID_ADMINS 544u
/** Users, of SECURITY_BUILTIN_DOMAIN_RID: everyone here. */
#define DOMAIN_ALIAS_RID_USERS 545u
/** Guests, of SECURITY_BUILTIN_DOMAIN_RID: nobody here. */
#define DOMAIN_ALIAS_RID_GUESTS 546u
/** Power users, of SECURITY_BUILTIN_DOMAIN_RID; refused here. */
#define DOMAIN_ALIAS_RID_POWER_USERS 547u

/**
 * Makes an identifier.
 *
 * @param pIdentifierAuthority who assigned it, for example SECURITY_WORLD_SID_AUTHORITY
 * @param nSubAuthorityCount   how many of the next arguments count, at most 8
 * @param nSubAuthority0       the first sub-authority
 * @param nSubAuthority1       the second
 * @param nSubAuthority2       the third
 * @param nSubAuthority3       the fourth
 * @param nSubAuthority4       the fifth
 * @param nSubAuthority5       the sixth
 * @param nSubAuthority6       the seventh
 * @param nSubAuthority7       the eighth
 * @param pSid                 receives the identifier, which FreeSid frees
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_SID: more than 8; ERROR_NOACCESS: NULL;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
WINSHM_API
BOOL AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY pIdentifierAuthority,
                              BYTE nSubAuthorityCount,
                              DWORD nSubAuthority0,
                              DWORD nSubAuthority1,
                              DWORD nSubAuthority2,
                              DWORD nSubAuthority3,
                              DWORD nSubAuthority4,
                              DWORD nSubAuthority5,
                              DWORD nSubAuthority6,
                              DWORD nSubAuthority7,
                              PSID *pSid);

/**
 * Frees what AllocateAndInitializeSid made.
 *
 * @param pSid the identifier; NULL is ignored
 * @return NULL
 */
WINSHM_API PVOID FreeSid(PSID pSid);

/**
 * The size of an identifier, for InitializeAcl.
 *
 * @param pSid a valid identifier
 * @return the size in bytes, or 0 with GetLastError ERROR_INVALID_SID
 */
WINSHM_API DWORD GetLengthSid(PSID pSid);

/**
 * Makes an empty list, with room for entries: 8 bytes each and those of its
 * identifier (GetLengthSid).
 *
 * @param pAcl          receives the list
 * @param nAclLength    the size of the memory there, sizeof(ACL) and more; a multiple of 4
 * @param dwAclRevision ACL_REVISION or ACL_REVISION_DS
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INSUFFICIENT_BUFFER: the size is too small; ERROR_INVALID_PARAMETER: it
 *         is above 65535, or another revision; ERROR_NOACCESS: NULL
 */
WINSHM_API BOOL InitializeAcl(PACL pAcl, DWORD nAclLength, DWORD dwAclRevision);

/**
 * Adds an entry to a list: somebody may do something.
 *
 * @param pAcl          a list that InitializeAcl made
 * @param dwAceRevision ACL_REVISION or ACL_REVISION_DS
 * @param AccessMask    the rights
 * @param pSid          who gets them
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_SID, ERROR_INVALID_ACL: NULL or malformed;
 *         ERROR_REVISION_MISMATCH: another revision;
 *         ERROR_ALLOTTED_SPACE_EXCEEDED: the list has no room for it
 */
WINSHM_API
BOOL AddAccessAllowedAce(PACL pAcl,
                         DWORD dwAceRevision,
                         DWORD AccessMask,
                         PSID pSid);

/**
 * Makes a list of another one and of what somebody is to get, be denied or lose.
 *
 * New entries stand before old ones, and those that deny before those that allow.
 *
 * @param cCountOfExplicitEntries how many entries follow
 * @param pListOfExplicitEntries  who (Trustee: TRUSTEE_IS_SID or TRUSTEE_IS_NAME) gets
 *                                what: GRANT_ACCESS adds rights, SET_ACCESS replaces
 *                                them, DENY_ACCESS denies them, REVOKE_ACCESS removes his
 *                                entries
 * @param OldAcl                  NULL, or the list to begin with
 * @param NewAcl                  receives the new list, which LocalFree frees; NULL when
 *                                there is neither an entry nor an old list
 * @return ERROR_SUCCESS, or an error, which GetLastError has too:
 *         ERROR_INVALID_PARAMETER: NULL, or unknown values; ERROR_NONE_MAPPED: nobody has
 *         this name; ERROR_INVALID_SID, ERROR_INVALID_ACL: malformed, or the new list
 *         would be too long; ERROR_NOT_ENOUGH_MEMORY
 *
 * On Linux: known names are Everyone, CREATOR OWNER, CREATOR GROUP, CURRENT_USER,
 * SYSTEM, Administrators, Users, Guests and Authenticated Users, in English. Entries
 * for audits (SET_AUDIT_SUCCESS, SET_AUDIT_FAILURE) are refused with
 * ERROR_INVALID_PARAMETER, and old entries of unknown kinds with
 * ERROR_INVALID_SECURITY_DESCR.
 */
WINSHM_API
DWORD SetEntriesInAclA(ULONG cCountOfExplicitEntries,
                       PEXPLICIT_ACCESS_A pListOfExplicitEntries,
                       PACL OldAcl,
                       PACL *NewAcl);

/**
 * SetEntriesInAclA with wide names.
 *
 * @return as SetEntriesInAclA
 *
 */
WINSHM_API
DWORD SetEntriesInAclW(ULONG cCountOfExplicitEntries,
                       PEXPLICIT_ACCESS_W pListOfExplicitEntries,
                       PACL OldAcl,
                       PACL *NewAcl)
WINSHM_WIDE(SetEntriesInAclW);

#ifdef UNICODE
#define SetEntriesInAcl SetEntriesInAclW
#else
#define SetEntriesInAcl SetEntriesInAclA
#endif

/* ---- Sections and views ------------------------------------------------------ */

/** No access. */
#define PAGE_NOACCESS 0x01u
/** Reading. */
#define PAGE_READONLY 0x02u
/** Reading and writing. */
#define PAGE_READWRITE 0x04u
/** Reading; a written page becomes private. */
#define PAGE_WRITECOPY 0x08u
/** Running code. */
#define PAGE_EXECUTE 0x10u
/** Running code and reading. */
#define PAGE_EXECUTE_READ 0x20u
/** Running code, reading and writing. */
#define PAGE_EXECUTE_READWRITE 0x40u
/** Running code and reading; a written page becomes private. */
#define PAGE_EXECUTE_WRITECOPY 0x80u
/** One-shot alarm page; not supported. */
#define PAGE_GUARD 0x100u
/** Uncached memory; accepted without effect. */
#define PAGE_NOCACHE 0x200u
/** Write-combined memory; accepted without effect. */
#define PAGE_WRITECOMBINE 0x400u
/** NtQuerySection: a section of a file. No argument of CreateFileMapping. */
#define SEC_FILE 0x00800000u
/** An executable image; no section of the page file is one. */
#define SEC_IMAGE 0x01000000u
/** Not supported: ERROR_INVALID_PARAMETER. */
#define SEC_PROTECTED_IMAGE 0x02000000u
/** Pages have no storage until VirtualAlloc(MEM_COMMIT). */
#define SEC_RESERVE 0x04000000u
/** All pages have storage from the start (the default). */
#define SEC_COMMIT 0x08000000u
/** Uncached memory; accepted without effect, with SEC_COMMIT or SEC_RESERVE. */
#define SEC_NOCACHE 0x10000000u
/** SEC_IMAGE without the right to run it. */
#define SEC_IMAGE_NO_EXECUTE (SEC_IMAGE | SEC_NOCACHE)
/** Write-combined memory; accepted without effect, with SEC_COMMIT or SEC_RESERVE. */
#define SEC_WRITECOMBINE 0x40000000u
/** Large pages, with SEC_COMMIT and without a name. */
#define SEC_LARGE_PAGES 0x80000000u
/** Asks the section for its attributes. */
#define SECTION_QUERY 0x0001u
/** Maps views that write. */
#define SECTION_MAP_WRITE 0x0002u
/** Maps views that read. */
#define SECTION_MAP_READ 0x0004u
/** Maps views that run code. */
#define SECTION_MAP_EXECUTE 0x0008u
/** Changes the size of the section. */
#define SECTION_EXTEND_SIZE 0x0010u
/** Maps views that run code; not part of SECTION_ALL_ACCESS. */
#define SECTION_MAP_EXECUTE_EXPLICIT 0x0020u
/** Every right to a section but SECTION_MAP_EXECUTE_EXPLICIT. */
#define SECTION_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_WRITE | \
    SECTION_MAP_READ | SECTION_MAP_EXECUTE | SECTION_EXTEND_SIZE)
/** A copy-on-write view. */
#define FILE_MAP_COPY 0x00000001u
/** A view for reading and writing. */
#define FILE_MAP_WRITE SECTION_MAP_WRITE
/** A view for reading. */
#define FILE_MAP_READ SECTION_MAP_READ
/** With one of the others: the view may run code. */
#define FILE_MAP_EXECUTE SECTION_MAP_EXECUTE_EXPLICIT
/** A view for reading and writing; every right to the section. */
#define FILE_MAP_ALL_ACCESS SECTION_ALL_ACCESS
/** A view of whole large pages; fails unless the section has them. */
#define FILE_MAP_LARGE_PAGES 0x20000000u
/** Accepted without effect. */
#define FILE_MAP_TARGETS_INVALID 0x40000000u
/** Accepted without effect. */
#define FILE_MAP_RESERVE 0x80000000u

/**
 * Creates a section of shared memory or of a file, or opens the one of that name.
 *
 * Memory is zero at first. A section of a file shows its bytes, and views that write
 * change them; hFile may be closed then. When the name exists, the handle refers to
 * the existing section with its size and protection; the arguments are checked all
 * the same (and a file grows), and flProtect decides what the handle may do: who asks
 * for PAGE_READWRITE must have the right to write.
 *
 * @param hFile                   INVALID_HANDLE_VALUE or NULL: memory. Or a handle of a
 *                                file with GENERIC_READ, for views that write also
 *                                GENERIC_WRITE, for the PAGE_EXECUTE_ variants also
 *                                GENERIC_EXECUTE
 * @param lpFileMappingAttributes NULL, or whether the handle is inheritable, and the
 *                                security descriptor of a new object (SetSecurityDescriptorDacl)
 * @param flProtect               PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY or one of
 *                                the PAGE_EXECUTE_ variants: the most that views may
 *                                do; with SEC_COMMIT (default) or SEC_RESERVE (no
 *                                effect on a file), SEC_NOCACHE or SEC_WRITECOMBINE,
 *                                or SEC_COMMIT and SEC_LARGE_PAGES (memory)
 * @param dwMaximumSizeHigh       upper half of the size in bytes
 * @param dwMaximumSizeLow        lower half. Memory is rounded up to whole pages. Of a
 *                                file, 0 means all of it; a smaller one grows at once,
 *                                with zeros, if views may write
 * @param lpName                  NULL or "" for no name; UTF-8, up to 259 characters. "Local\"
 *                                is the default, "Global\" names another object. An
 *                                addition to Windows': "Posix\name" is the object of
 *                                shm_open, "SysV\1234" and "SysV\0x4d2" the System V
 *                                segment of that key. These stay when nobody has them
 *                                open, and have exactly the size that was asked for. No
 *                                other backslash is allowed
 * @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with GetLastError:
 *         ERROR_INVALID_PARAMETER: size 0 of memory, or above 128 TiB, bad flProtect,
 *         SEC_LARGE_PAGES without SEC_COMMIT or a size of whole large pages, or of a file;
 *         ERROR_INVALID_HANDLE: hFile is something else, the name belongs to
 *         another kind of object, or is a bare prefix;
 *         ERROR_COMMITMENT_LIMIT, ERROR_DISK_FULL: not enough memory, or space for the file;
 *         ERROR_NOT_ENOUGH_MEMORY: the file is smaller, and views may not write;
 *         ERROR_FILE_INVALID: size 0 of an empty file; a name for a deleted file;
 *         ERROR_PATH_NOT_FOUND, ERROR_BAD_PATHNAME, ERROR_INVALID_NAME,
 *         ERROR_FILENAME_EXCED_RANGE: bad name (the first also: there is no directory
 *         for names);
 *         ERROR_NOT_SUPPORTED: SEC_RESERVE, or a file, with "Posix\" or "SysV\";
 *         ERROR_BAD_EXE_FORMAT: SEC_IMAGE, or hFile is a directory, pipe or device;
 *         ERROR_PRIVILEGE_NOT_HELD: SEC_LARGE_PAGES, and the system has none, or with a name;
 *         ERROR_NO_SYSTEM_RESOURCES: fewer large pages are free, or no handle;
 *         ERROR_INVALID_SECURITY_DESCR and other errors of security descriptors
 *         (SetSecurityDescriptorDacl);
 *         ERROR_ACCESS_DENIED: hFile does not grant what flProtect needs; this user may
 *         not use the existing section, or its file, so; the directory of the names is
 *         not safe to use;
 *         ERROR_BUSY: a stopped process has kept the name locked for two seconds;
 *         ERROR_REVISION_MISMATCH, ERROR_FILE_CORRUPT: the name's file is held by
 *         a library with another layout, or damaged;
 *         ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY
 *
 * On Linux: a committed section of up to 16 MiB gets its memory at once. A larger one
 * must fit into the free space of /dev/shm at creation and takes its memory when
 * touched, so that a store can meet a full /dev/shm (SIGBUS); WINSHM_RESERVE=all in
 * the environment reserves every byte. A page that is only reserved can be touched,
 * and is zero. Large pages are those that the administrator sets aside
 * (/proc/sys/vm/nr_hugepages); a section with a name has none. SEC_NOCACHE and
 * SEC_WRITECOMBINE have no effect. Who opens a named section of a file opens that file
 * by its path, with his own rights, which therefore decide (ERROR_ACCESS_DENIED); so
 * does a path that leads to another file by now, and an object that was made by a user
 * whom this one need not trust. Programs without this library can cut a mapped file
 * off: then its missing pages fault (SIGBUS), and views of them cannot be mapped
 * (ERROR_FILE_INVALID). "Local\" reaches all
 * processes of the user, and so does "Global\" unless the administrator provides a
 * directory for all users. "Posix\" and "SysV\" are additions.
 */
WINSHM_API
HANDLE CreateFileMappingA(HANDLE hFile,
                          LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                          DWORD flProtect,
                          DWORD dwMaximumSizeHigh,
                          DWORD dwMaximumSizeLow,
                          LPCSTR lpName);

/**
 * CreateFileMappingA with a wide name of up to 32767 units, each of which counts.
 *
 * @return as CreateFileMappingA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateFileMappingW(HANDLE hFile,
                          LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                          DWORD flProtect,
                          DWORD dwMaximumSizeHigh,
                          DWORD dwMaximumSizeLow,
                          LPCWSTR lpName)
WINSHM_WIDE(CreateFileMappingW);

/**
 * Opens an existing section.
 *
 * @param dwDesiredAccess FILE_MAP_READ, FILE_MAP_WRITE, FILE_MAP_COPY, FILE_MAP_EXECUTE,
 *                        FILE_MAP_ALL_ACCESS or other rights: what the handle may do;
 *                        MAXIMUM_ALLOWED: what this user may
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param lpName          as in CreateFileMappingA
 * @return a handle, or NULL with GetLastError:
 *         ERROR_FILE_NOT_FOUND: no process has a handle to an object of that name;
 *         ERROR_INVALID_HANDLE: the name belongs to another kind of object, or is empty;
 *         ERROR_ACCESS_DENIED: no right was asked for, or one that does not exist or
 *         that this user does not have;
 *         ERROR_INVALID_PARAMETER: lpName is NULL;
 *         ERROR_FILE_INVALID: the POSIX object is empty;
 *         ERROR_PRIVILEGE_NOT_HELD: ACCESS_SYSTEM_SECURITY;
 *         and the errors of CreateFileMappingA for bad names and short resources
 *
 * On Linux: permission bits decide what a user may: those of the section's file in
 * /dev/shm (see SetSecurityDescriptorDacl), of a segment with "Posix\" or "SysV\", or of the
 * file that a section shows (see CreateFileMappingA). Who may read and not write is refused
 * FILE_MAP_WRITE, and no other right.
 */
WINSHM_API HANDLE OpenFileMappingA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);

/**
 * OpenFileMappingA with a wide name.
 *
 * @return as OpenFileMappingA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE OpenFileMappingW(DWORD dwDesiredAccess,
                        BOOL bInheritHandle,
                        LPCWSTR lpName)
WINSHM_WIDE(OpenFileMappingW);

/**
 * Maps a view of a section into the address space.
 *
 * All views of a section show the same bytes, in every process. A view stays
 * valid when the handle is closed.
 *
 * @param hFileMappingObject   a handle with the rights for the view
 * @param dwDesiredAccess      FILE_MAP_WRITE (reads too) or FILE_MAP_ALL_ACCESS, FILE_MAP_READ,
 *                             FILE_MAP_COPY alone (a written page becomes private),
 *                             each with FILE_MAP_EXECUTE; 0: a view that may not be
 *                             touched
 * @param dwFileOffsetHigh     upper half of the offset in bytes
 * @param dwFileOffsetLow      lower half; the offset is a multiple of 65536
 * @param dwNumberOfBytesToMap length; 0: up to the end of the section
 * @return the address, a multiple of 65536; or NULL with GetLastError:
 *         ERROR_MAPPED_ALIGNMENT: the offset is not a multiple of 65536;
 *         ERROR_INVALID_HANDLE: not an open handle of a section;
 *         ERROR_ACCESS_DENIED: the handle lacks a right, or the view would
 *         reach beyond the end;
 *         ERROR_INVALID_PARAMETER: the section's protection forbids the view,
 *         or FILE_MAP_LARGE_PAGES with a length that is not whole large pages, or of a
 *         section that has none;
 *         ERROR_NOT_SUPPORTED: FILE_MAP_COPY alone, of a System V segment or of large
 *         pages;
 *         ERROR_FILE_INVALID: another program cut the file off;
 *         ERROR_NOT_ENOUGH_MEMORY: no room in the address space
 *
 * On Linux: System V segments and sections with large pages have no copy-on-write
 * views; those of large pages begin and end at multiples of 2 MiB, and an offset that is
 * none gives ERROR_MAPPED_ALIGNMENT. Of a named section there
 * are no views that run code where /dev/shm is mounted with noexec
 * (ERROR_ACCESS_DENIED). FILE_MAP_TARGETS_INVALID and FILE_MAP_RESERVE have no effect.
 */
WINSHM_API
LPVOID MapViewOfFile(HANDLE hFileMappingObject,
                     DWORD dwDesiredAccess,
                     DWORD dwFileOffsetHigh,
                     DWORD dwFileOffsetLow,
                     SIZE_T dwNumberOfBytesToMap);

/**
 * MapViewOfFile at a given address.
 *
 * @param lpBaseAddress the address, a multiple of 65536; NULL: any. There is no
 *                      fallback to another address
 * @return as MapViewOfFile; ERROR_MAPPED_ALIGNMENT also for the address;
 *         ERROR_INVALID_ADDRESS: something is there already;
 *         ERROR_INVALID_PARAMETER: no program can have that address
 */
WINSHM_API
LPVOID MapViewOfFileEx(HANDLE hFileMappingObject,
                       DWORD dwDesiredAccess,
                       DWORD dwFileOffsetHigh,
                       DWORD dwFileOffsetLow,
                       SIZE_T dwNumberOfBytesToMap,
                       LPVOID lpBaseAddress);

/**
 * Unmaps a whole view.
 *
 * @param lpBaseAddress any address inside the view
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_ADDRESS: no view is there
 */
WINSHM_API BOOL UnmapViewOfFile(LPCVOID lpBaseAddress);

/**
 * Writes changes of a view of a file to the disk. Memory has nothing to be written
 * to; the arguments are checked.
 *
 * @param lpBaseAddress        an address inside a view
 * @param dwNumberOfBytesToFlush length; 0: up to the end of the view
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_ADDRESS: no view is there, or it ends before
 *
 * On Linux: it returns when the disk has them; FlushFileBuffers need not follow.
 */
WINSHM_API BOOL FlushViewOfFile(LPCVOID lpBaseAddress, SIZE_T dwNumberOfBytesToFlush);

#ifdef UNICODE
#define CreateFileMapping CreateFileMappingW
#define OpenFileMapping OpenFileMappingW
#else
#define CreateFileMapping CreateFileMappingA
#define OpenFileMapping OpenFileMappingA
#endif

/* ---- Memory of the process --------------------------------------------------- */

/** Pages get storage. */
#define MEM_COMMIT 0x00001000u
/** Addresses are taken, without storage. */
#define MEM_RESERVE 0x00002000u
/** Pages lose their storage. */
#define MEM_DECOMMIT 0x00004000u
/** Addresses become free. */
#define MEM_RELEASE 0x00008000u
/** State of a page: free. */
#define MEM_FREE 0x00010000u
/** Type of a page: memory of this process. */
#define MEM_PRIVATE 0x00020000u
/** Type of a page: a view of a section. */
#define MEM_MAPPED 0x00040000u
/** The contents are not needed any more. */
#define MEM_RESET 0x00080000u
/** A high address is preferred. */
#define MEM_TOP_DOWN 0x00100000u
/** Not supported: ERROR_INVALID_PARAMETER. */
#define MEM_WRITE_WATCH 0x00200000u
/** Not supported: ERROR_INVALID_PARAMETER. */
#define MEM_PHYSICAL 0x00400000u
/** Undoes MEM_RESET; fails, because the contents may be gone. */
#define MEM_RESET_UNDO 0x01000000u
/** Type of a page: an executable file. */
#define MEM_IMAGE 0x01000000u
/** Large pages; needs a privilege. */
#define MEM_LARGE_PAGES 0x20000000u

/**
 * Tells the state of the pages from an address on.
 *
 * Works for views, for VirtualAlloc memory and for any other memory of the
 * process. A page of a FILE_MAP_COPY view that was written shows
 * PAGE_READWRITE.
 *
 * @param lpAddress any address; it is rounded down to its page
 * @param lpBuffer  receives the answer: the run of pages with equal attributes
 * @param dwLength  the size of the buffer, at least 48
 * @return 48, or 0 with GetLastError:
 *         ERROR_BAD_LENGTH: dwLength is too small;
 *         ERROR_INVALID_PARAMETER: no program can have that address;
 *         ERROR_NOACCESS: lpBuffer is NULL, or no address of a process
 *
 * On Linux: of memory that the library did not map, the kernel tells what it has,
 * mapping by mapping: AllocationProtect is the protection of now, a private mapping of
 * a file is MEM_IMAGE, and what may not be touched is committed, with PAGE_NOACCESS.
 */
WINSHM_API
SIZE_T VirtualQuery(LPCVOID lpAddress,
                    PMEMORY_BASIC_INFORMATION lpBuffer,
                    SIZE_T dwLength);

/**
 * Changes the protection of committed pages: of a view, of VirtualAlloc memory
 * or of any other memory of the process.
 *
 * @param lpAddress      an address in the first page
 * @param dwSize         length in bytes; every page that is touched changes
 * @param flNewProtect   a PAGE_ constant that the view's access allows: a view for
 *                       reading can become PAGE_WRITECOPY, never PAGE_READWRITE;
 *                       a view for writing cannot become PAGE_WRITECOPY
 * @param lpflOldProtect receives the old protection of the first page
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_NOACCESS: lpflOldProtect is NULL, or no address of a process;
 *         ERROR_INVALID_PARAMETER: dwSize 0, or a protection that is unknown or
 *         not allowed here;
 *         ERROR_INVALID_ADDRESS: pages that are not committed, or beyond the end;
 *         ERROR_ACCESS_DENIED: the system forbids it
 *
 * On Linux: a view for writing cannot become PAGE_WRITECOPY, because the kernel makes
 * no shared mapping private in place. There is no PAGE_GUARD. PAGE_NOCACHE and
 * PAGE_WRITECOMBINE have no effect.
 */
WINSHM_API
BOOL VirtualProtect(LPVOID lpAddress,
                    SIZE_T dwSize,
                    DWORD flNewProtect,
                    PDWORD lpflOldProtect);

/**
 * Reserves or commits pages of private memory, or commits pages of a view of a
 * SEC_RESERVE section (in all its views, in every process, for good).
 *
 * @param lpAddress        NULL: anywhere. With MEM_RESERVE the address to use, rounded down
 *                         to a multiple of 65536; with MEM_COMMIT alone an address
 *                         in reserved pages
 * @param dwSize           length in bytes; every page that is touched counts
 * @param flAllocationType MEM_RESERVE, MEM_COMMIT or both, with MEM_TOP_DOWN; or
 *                         MEM_RESET. Committed pages are zero
 * @param flProtect        the protection of the pages: a PAGE_ constant but the two
 *                         PAGE_WRITECOPY ones
 * @return the address of the first page, or NULL with GetLastError:
 *         ERROR_INVALID_PARAMETER: dwSize 0, unknown or unsupported flags;
 *         ERROR_INVALID_ADDRESS: the addresses are taken, or not reserved;
 *         ERROR_COMMITMENT_LIMIT: not enough memory;
 *         ERROR_PRIVILEGE_NOT_HELD: MEM_LARGE_PAGES;
 *         ERROR_NOT_ENOUGH_MEMORY: no room in the address space
 *
 * On Linux: private pages take memory when they are touched, not when they are
 * committed; more than 16 MiB at a time must fit into the available memory. A reserved
 * page of a view can be touched, and is zero; on Windows it faults. MEM_TOP_DOWN has
 * no effect, with MEM_RESET the contents stay; there is no MEM_RESET_UNDO,
 * MEM_WRITE_WATCH, MEM_PHYSICAL or PAGE_GUARD (ERROR_INVALID_PARAMETER).
 */
WINSHM_API
LPVOID VirtualAlloc(LPVOID lpAddress,
                    SIZE_T dwSize,
                    DWORD flAllocationType,
                    DWORD flProtect);

/**
 * Gives private memory back.
 *
 * @param lpAddress  with MEM_RELEASE the address that VirtualAlloc returned for the
 *                   reservation; with MEM_DECOMMIT an address in its first page
 * @param dwSize     with MEM_RELEASE 0; with MEM_DECOMMIT the length, or 0 for the
 *                   whole reservation
 * @param dwFreeType MEM_RELEASE or MEM_DECOMMIT
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_PARAMETER: bad dwFreeType or dwSize, or memory of a view
 *         (whose pages cannot be decommitted);
 *         ERROR_INVALID_ADDRESS: not memory of VirtualAlloc, or not its beginning
 */
WINSHM_API BOOL VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);

/**
 * Keeps pages in memory, so that using them never waits for a disk: of views, of
 * VirtualAlloc memory or of any other memory of the process. All of them or none.
 *
 * Locks are not counted. Unmapping a view, freeing the memory and the end of the
 * process undo them; child processes do not inherit them.
 *
 * @param lpAddress an address in the first page
 * @param dwSize    length in bytes; every page that is touched counts
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_PARAMETER: dwSize 0, or beyond the addresses of programs;
 *         ERROR_INVALID_ADDRESS: pages that are not committed;
 *         ERROR_NOACCESS: PAGE_NOACCESS pages;
 *         ERROR_WORKING_SET_QUOTA: more than the process may lock
 *
 * On Linux: the limit is RLIMIT_MEMLOCK (`ulimit -l`), of all locks of the process
 * together; programs with the capability CAP_IPC_LOCK have none.
 */
WINSHM_API BOOL VirtualLock(LPVOID lpAddress, SIZE_T dwSize);

/**
 * Undoes VirtualLock, however often it was called. All pages or none: where one is
 * not locked, all stay as they are, and the system is told that those which are not
 * locked are not needed soon.
 *
 * @param lpAddress an address in the first page
 * @param dwSize    length in bytes; every page that is touched counts
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_NOT_LOCKED: some pages are not locked;
 *         ERROR_INVALID_PARAMETER: dwSize 0, or beyond the addresses of programs;
 *         ERROR_INVALID_ADDRESS: there is no memory
 */
WINSHM_API BOOL VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize);

/**
 * Brings pages into memory and maps them, so that their first use does not wait: of
 * views, of VirtualAlloc memory or of any other memory of the process. A wish: nothing
 * tells whether it was granted, and pages that are free, reserved or PAGE_NOACCESS are
 * passed over.
 *
 * @param hProcess         GetCurrentProcess(), or a handle made from it
 * @param NumberOfEntries  the number of ranges, not 0
 * @param VirtualAddresses the ranges; every page that one touches counts
 * @param Flags            0
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_PARAMETER: NumberOfEntries 0, Flags, or a range that is empty
 *         or leaves the addresses of programs;
 *         ERROR_NOACCESS: VirtualAddresses is NULL, or no address of a process;
 *         ERROR_INVALID_HANDLE: hProcess is not open, or does not mean this process
 *
 * On Linux: pages that were never used get their memory, also where it is otherwise
 * taken when they are touched: of sections of more than 16 MiB, and of VirtualAlloc.
 * Kernels before 5.14 read in what lies on a disk, and no more. Within the calling
 * process only.
 */
WINSHM_API
BOOL PrefetchVirtualMemory(HANDLE hProcess,
                           ULONG_PTR NumberOfEntries,
                           PWIN32_MEMORY_RANGE_ENTRY VirtualAddresses,
                           ULONG Flags);

/**
 * Tells the smallest large page.
 *
 * @return its size in bytes: 2097152
 */
WINSHM_API SIZE_T GetLargePageMinimum(void);

/* ---- Messages ---------------------------------------------------------------- */

/** The message is allocated, for LocalFree. */
#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100u
/** Inserts are passed on as they are. */
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200u
/** The template is a string. */
#define FORMAT_MESSAGE_FROM_STRING 0x00000400u
/** The template is that of a module. */
#define FORMAT_MESSAGE_FROM_HMODULE 0x00000800u
/** The template is the text of an error code. */
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000u
/** The arguments are an array of DWORD_PTR. */
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x00002000u
/** Line ends of the template become blanks. */
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000FFu

/**
 * Makes a message from a template: the text of an error code, or a string of the
 * caller.
 *
 * In a template %1 to %99 are inserts: strings, or what %1!spec! says with printf's
 * flags, width, precision and type (c C d i o u x X p s S, with the sizes h hh l ll w
 * I32 I64 I z t j). A * in the specification takes the argument of that number as
 * width or precision, and the next one follows it, which has a number of its own in an
 * array and none in a va_list: there the next insert is one less. %n is a line end, %r a carriage
 * return, %t a tab, %b and a blank after % a blank that no line is broken at, %0 the end
 * of the message; any other character after % stands for itself.
 *
 * @param dwFlags      FORMAT_MESSAGE_FROM_SYSTEM, FORMAT_MESSAGE_FROM_HMODULE or
 *                     FORMAT_MESSAGE_FROM_STRING: where the template comes from, with
 *                     FORMAT_MESSAGE_ALLOCATE_BUFFER, FORMAT_MESSAGE_IGNORE_INSERTS and
 *                     FORMAT_MESSAGE_ARGUMENT_ARRAY; in the low byte the width of lines:
 *                     0 keeps the line ends of the template, FORMAT_MESSAGE_MAX_WIDTH_MASK
 *                     makes blanks of them, else lines are broken that reach the width too
 * @param lpSource     the string, or the module: of those only this library
 *                     (GetModuleHandle of "kernel32.dll") has texts, those of the system
 * @param dwMessageId  an error code, or an HRESULT that holds one
 * @param dwLanguageId the language
 * @param lpBuffer     receives the message; with FORMAT_MESSAGE_ALLOCATE_BUFFER the address
 *                     of memory, for LocalFree, or NULL after an error
 * @param nSize        the size of the buffer in characters, or the least size to allocate
 * @param Arguments    the address of a va_list, or with FORMAT_MESSAGE_ARGUMENT_ARRAY an
 *                     array of DWORD_PTR; NULL if nothing is inserted
 * @return the length of the message, without the zero at its end; or 0 with GetLastError:
 *         ERROR_INVALID_PARAMETER: a pointer is NULL, no source or a string and another
 *         source, an insert without Arguments, a specification that printf does not know,
 *         or one that does not end;
 *         ERROR_MR_MID_NOT_FOUND: no text for this code;
 *         ERROR_RESOURCE_TYPE_NOT_FOUND: the module has no messages;
 *         ERROR_INSUFFICIENT_BUFFER: the message with its zero is longer than nSize;
 *         ERROR_MORE_DATA: it is longer than 65535 characters;
 *         ERROR_NO_WORK_DONE: it is empty;
 *         ERROR_NOT_ENOUGH_MEMORY
 *
 * On Linux: the texts are English, whatever dwLanguageId says, and some have other words
 * than Windows'. Without FORMAT_MESSAGE_FROM_SYSTEM, a NULL module has no messages,
 * because programs have no resources. A va_list that is a parameter of the calling function
 * is an array that has become a pointer: its address is none of a va_list, and va_copy
 * makes one.
 *
 */
WINSHM_API
DWORD FormatMessageA(DWORD dwFlags,
                     LPCVOID lpSource,
                     DWORD dwMessageId,
                     DWORD dwLanguageId,
                     LPSTR lpBuffer,
                     DWORD nSize,
                     va_list *Arguments)
WINSHM_WIDE(FormatMessageA);

/**
 * FormatMessageA in wide characters.
 *
 * @param dwFlags      as in FormatMessageA
 * @param lpSource     as in FormatMessageA
 * @param dwMessageId  as in FormatMessageA
 * @param dwLanguageId as in FormatMessageA
 * @param lpBuffer     as in FormatMessageA; after ERROR_INSUFFICIENT_BUFFER it holds the
 *                     beginning of the message
 * @param nSize        as in FormatMessageA
 * @param Arguments    as in FormatMessageA
 * @return as FormatMessageA
 *
 */
WINSHM_API
DWORD FormatMessageW(DWORD dwFlags,
                     LPCVOID lpSource,
                     DWORD dwMessageId,
                     DWORD dwLanguageId,
                     LPWSTR lpBuffer,
                     DWORD nSize,
                     va_list *Arguments)
WINSHM_WIDE(FormatMessageW);

#ifdef UNICODE
#define FormatMessage FormatMessageW
#else
#define FormatMessage FormatMessageA
#endif

/* ---- Texts in other encodings, and for developers ---------------------------- */

/** The encoding of narrow strings: UTF-8. */
#define CP_ACP 0u
/** Equals CP_ACP, but for its value. */
#define CP_OEMCP 1u
/** Equals CP_ACP, but for its value. */
#define CP_THREAD_ACP 3u
/** UTF-8. */
#define CP_UTF8 65001u
/** Accepted without effect, but not with CP_UTF8. */
#define MB_PRECOMPOSED 0x00000001u
/** What is no UTF-8 is an error. */
#define MB_ERR_INVALID_CHARS 0x00000008u
/** What is no character is an error. */
#define WC_ERR_INVALID_CHARS 0x00000080u
/** Accepted without effect, but not with CP_UTF8. */
#define WC_NO_BEST_FIT_CHARS 0x00000400u

/**
 * Converts UTF-8 to wide characters.
 *
 * What is no UTF-8 becomes U+FFFD, one for each longest piece that could have begun a
 * character.
 *
 * @param CodePage       CP_UTF8; or CP_ACP, CP_OEMCP or CP_THREAD_ACP
 * @param dwFlags        MB_ERR_INVALID_CHARS: what is no UTF-8 is an error; MB_PRECOMPOSED,
 *                       which has no effect, with any code page but CP_UTF8
 * @param lpMultiByteStr the text
 * @param cbMultiByte    its length in bytes; negative: up to the zero at its end, which is
 *                       converted too
 * @param lpWideCharStr  receives the text; it has a zero at its end only if the source has
 * @param cchWideChar    the size of the buffer in characters; 0: nothing is stored
 * @return the number of characters stored, or needed if cchWideChar is 0; or 0 with
 *         GetLastError:
 *         ERROR_INVALID_PARAMETER: a pointer is NULL or both are equal, a length is 0 or
 *         negative where it must not be, or another code page;
 *         ERROR_INVALID_FLAGS: other flags;
 *         ERROR_NO_UNICODE_TRANSLATION: with MB_ERR_INVALID_CHARS, the text is no UTF-8;
 *         ERROR_INSUFFICIENT_BUFFER: only the beginning was stored
 *
 * On Linux: every code page is UTF-8, as on a Windows that was set up so; others, such as
 * 1252, do not exist.
 *
 */
WINSHM_API
int32_t MultiByteToWideChar(UINT CodePage,
                            DWORD dwFlags,
                            LPCSTR lpMultiByteStr,
                            int32_t cbMultiByte,
                            LPWSTR lpWideCharStr,
                            int32_t cchWideChar)
WINSHM_WIDE(MultiByteToWideChar);

/**
 * Converts wide characters to UTF-8.
 *
 * A surrogate without its other half becomes U+FFFD.
 *
 * @param CodePage          CP_UTF8; or CP_ACP, CP_OEMCP or CP_THREAD_ACP
 * @param dwFlags           WC_ERR_INVALID_CHARS: what is no character is an error;
 *                          WC_NO_BEST_FIT_CHARS, which has no effect, with any code page but
 *                          CP_UTF8
 * @param lpWideCharStr     the text
 * @param cchWideChar       its length in characters; negative: up to the zero at its end,
 *                          which is converted too
 * @param lpMultiByteStr    receives the text; it has a zero at its end only if the source has
 * @param cbMultiByte       the size of the buffer in bytes; 0: nothing is stored
 * @param lpDefaultChar     NULL with CP_UTF8; else NULL, or the ASCII character that stands
 *                          for what is none
 * @param lpUsedDefaultChar NULL with CP_UTF8; else NULL, or receives TRUE if that was needed
 * @return the number of bytes stored, or needed if cbMultiByte is 0; or 0 with GetLastError:
 *         ERROR_INVALID_PARAMETER: a pointer is NULL or both are equal, a length is 0 or
 *         negative where it must not be, another code page, or lpDefaultChar or
 *         lpUsedDefaultChar with CP_UTF8;
 *         ERROR_INVALID_FLAGS: other flags;
 *         ERROR_NO_UNICODE_TRANSLATION: with WC_ERR_INVALID_CHARS, something is no character;
 *         ERROR_INSUFFICIENT_BUFFER: only the beginning was stored
 *
 * On Linux: every code page is UTF-8, as for MultiByteToWideChar.
 *
 */
WINSHM_API
int32_t WideCharToMultiByte(UINT CodePage,
                            DWORD dwFlags,
                            LPCWSTR lpWideCharStr,
                            int32_t cchWideChar,
                            LPSTR lpMultiByteStr,
                            int32_t cbMultiByte,
                            LPCSTR lpDefaultChar,
                            LPBOOL lpUsedDefaultChar)
WINSHM_WIDE(WideCharToMultiByte);

/**
 * Tells a debugger something.
 *
 * @param lpOutputString the text; NULL is nothing
 *
 * On Linux: nobody listens, as on a Windows without a debugger. With the environment
 * variable WINSHM_DEBUG_OUTPUT, set to anything when the process first calls the function,
 * the text goes to the standard error output as it is; set-uid programs ignore it.
 */
WINSHM_API void OutputDebugStringA(LPCSTR lpOutputString);

/**
 * OutputDebugStringA with a wide text.
 *
 * @param lpOutputString the text; NULL is nothing
 *
 */
WINSHM_API void OutputDebugStringW(LPCWSTR lpOutputString) WINSHM_WIDE(OutputDebugStringW);

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

/* ---- Libraries and programs -------------------------------------------------- */

/**
 * Finds a module that is loaded: a library, or the program.
 *
 * @param lpModuleName its name, in any case; ".dll" may be left out. NULL: the program
 * @return the module, which need not be closed; or NULL with GetLastError
 *         ERROR_MOD_NOT_FOUND: there is none of that name
 *
 * On Linux: "kernel32.dll", "kernelbase.dll", "ntdll.dll" and "advapi32.dll" are this
 * library, all the same module. Others are shared objects: "foo.dll" is foo.so or
 * libfoo.so, whatever its version; a name with a slash is the path that it was loaded by.
 */
WINSHM_API HMODULE GetModuleHandleA(LPCSTR lpModuleName);

/**
 * GetModuleHandleA with a wide name.
 *
 * @param lpModuleName as in GetModuleHandleA
 * @return as GetModuleHandleA
 *
 */
WINSHM_API HMODULE GetModuleHandleW(LPCWSTR lpModuleName) WINSHM_WIDE(GetModuleHandleW);

/**
 * Finds a function of a module.
 *
 * @param hModule    a module; NULL: the program
 * @param lpProcName the name of the function, in its case
 * @return the function, or NULL with GetLastError:
 *         ERROR_PROC_NOT_FOUND: the module has none of that name, or it is NULL;
 *         ERROR_INVALID_ORDINAL: a number instead of a name;
 *         ERROR_MOD_NOT_FOUND: hModule is no module
 *
 * On Linux: a ...W function of this library takes wide characters of the width that the
 * caller's wchar_t has. What is a macro or an inline function of a header, such as
 * HeapAlloc, is not found. A program's own functions are found if it is linked with
 * -rdynamic. Functions have no numbers.
 *
 */
WINSHM_API
FARPROC GetProcAddress(HMODULE hModule,
                       LPCSTR lpProcName)
WINSHM_WIDE(GetProcAddress);

/**
 * Tells which file a module was loaded from.
 *
 * @param hModule    a module; NULL: the program
 * @param lpFilename receives the path and a zero; of a path that is too long the beginning
 * @param nSize      the size of the buffer in characters
 * @return the length of the path without its zero, with GetLastError 0; or nSize, with
 *         GetLastError ERROR_INSUFFICIENT_BUFFER; or 0 with GetLastError:
 *         ERROR_MOD_NOT_FOUND: hModule is no module;
 *         ERROR_INVALID_PARAMETER: lpFilename is NULL, and nSize is not 0
 *
 * On Linux: the file of "kernel32.dll" is libwinshm.so, or the program that the library
 * is linked into.
 */
WINSHM_API DWORD GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize);

/**
 * GetModuleFileNameA in wide characters.
 *
 * @param hModule    as in GetModuleFileNameA
 * @param lpFilename as in GetModuleFileNameA
 * @param nSize      as in GetModuleFileNameA
 * @return as GetModuleFileNameA
 *
 */
WINSHM_API
DWORD GetModuleFileNameW(HMODULE hModule,
                         LPWSTR lpFilename,
                         DWORD nSize)
WINSHM_WIDE(GetModuleFileNameW);

#ifdef UNICODE
#define GetModuleHandle GetModuleHandleW
#define GetModuleFileName GetModuleFileNameW
#else
#define GetModuleHandle GetModuleHandleA
#define GetModuleFileName GetModuleFileNameA
#endif

/* ---- Memory that the caller frees -------------------------------------------- */

/** Memory that stays where it is. */
#define LMEM_FIXED 0x0000u
/** Memory that may move on Windows; equals LMEM_FIXED here. */
#define LMEM_MOVEABLE 0x0002u
/** Accepted without effect. */
#define LMEM_NOCOMPACT 0x0010u
/** Accepted without effect. */
#define LMEM_NODISCARD 0x0020u
/** The memory holds zeros. */
#define LMEM_ZEROINIT 0x0040u
/** Accepted without effect. */
#define LMEM_DISCARDABLE 0x0F00u
/** The flags that LocalAlloc knows. */
#define LMEM_VALID_FLAGS 0x0F72u
/** Memory of zeros. */
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
/** Memory of zeros; equals LPTR here, but for its value. */
#define LHND (LMEM_MOVEABLE | LMEM_ZEROINIT)

/**
 * Allocates memory.
 *
 * @param uFlags LMEM_FIXED or LMEM_MOVEABLE, with LMEM_ZEROINIT for zeros; LPTR is
 *               LMEM_FIXED | LMEM_ZEROINIT
 * @param uBytes the size; 0 gives memory of no size
 * @return the address, which LocalFree takes; or NULL with GetLastError:
 *         ERROR_NOT_ENOUGH_MEMORY; ERROR_INVALID_PARAMETER: unknown flags
 *
 * On Linux: the memory is malloc's, which free would take too, and its handle is its
 * address: LMEM_MOVEABLE has no effect, and LocalLock does not exist.
 */
WINSHM_API HLOCAL LocalAlloc(UINT uFlags, SIZE_T uBytes);

/**
 * Tells the size of what LocalAlloc, FormatMessage and other functions that say so have made.
 *
 * @param hMem the memory
 * @return the bytes that may be used, which may be more than what was asked for; or 0 with
 *         GetLastError: ERROR_INVALID_HANDLE: hMem is NULL
 *
 * On Linux: what no such function made, or what was freed, is not noticed.
 */
WINSHM_API SIZE_T LocalSize(HLOCAL hMem);

/**
 * Frees what LocalAlloc, FormatMessage and other functions that say so have made.
 *
 * @param hMem the memory; NULL is ignored
 * @return NULL
 *
 * On Linux: what no such function made, or what was freed before, ends the process or
 * damages its heap, as with free; Windows may notice, and return hMem.
 */
WINSHM_API HLOCAL LocalFree(HLOCAL hMem);

/* ---- Events ------------------------------------------------------------------ */

/** Asks for the state of an event. */
#define EVENT_QUERY_STATE 0x0001u
/** Sets and resets an event. */
#define EVENT_MODIFY_STATE 0x0002u
/** Every right to an event. */
#define EVENT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | EVENT_QUERY_STATE | \
    EVENT_MODIFY_STATE)
/** CreateEventEx: the event stays set until ResetEvent. */
#define CREATE_EVENT_MANUAL_RESET 0x00000001u
/** CreateEventEx: the event is set. */
#define CREATE_EVENT_INITIAL_SET 0x00000002u

/**
 * Creates an event, or opens the one of that name.
 *
 * Names, their errors and their lifetime are those of CreateFileMappingA, in
 * one name space. When the name exists, bManualReset and bInitialState are
 * ignored, and the handle has every right.
 *
 * @param lpEventAttributes NULL, or whether the handle is inheritable, and the
 *                          security descriptor of a new object (SetSecurityDescriptorDacl)
 * @param bManualReset      not 0: the event stays set until ResetEvent; 0: the first
 *                          waiter that it releases resets it
 * @param bInitialState     not 0: the event is set
 * @param lpName            NULL or "" for no name
 * @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
 *         GetLastError: ERROR_INVALID_HANDLE: the name belongs to another kind of
 *         object; and the errors of CreateFileMappingA for names, security and
 *         resources
 */
WINSHM_API
HANDLE CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes,
                    BOOL bManualReset,
                    BOOL bInitialState,
                    LPCSTR lpName);

/**
 * CreateEventA with a wide name.
 *
 * @return as CreateEventA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes,
                    BOOL bManualReset,
                    BOOL bInitialState,
                    LPCWSTR lpName)
WINSHM_WIDE(CreateEventW);

/**
 * CreateEventA, with the rights of the handle.
 *
 * @param lpEventAttributes as in CreateEventA
 * @param lpName            as in CreateEventA
 * @param dwFlags           CREATE_EVENT_MANUAL_RESET, CREATE_EVENT_INITIAL_SET
 * @param dwDesiredAccess   the rights that the handle gets, as in OpenEventA
 * @return as CreateEventA; ERROR_INVALID_PARAMETER: other flags;
 *         ERROR_ACCESS_DENIED: no rights, or unknown ones
 */
WINSHM_API
HANDLE CreateEventExA(LPSECURITY_ATTRIBUTES lpEventAttributes,
                      LPCSTR lpName,
                      DWORD dwFlags,
                      DWORD dwDesiredAccess);

/**
 * CreateEventExA with a wide name.
 *
 * @return as CreateEventExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes,
                      LPCWSTR lpName,
                      DWORD dwFlags,
                      DWORD dwDesiredAccess)
WINSHM_WIDE(CreateEventExW);

/**
 * Opens an existing event.
 *
 * @param dwDesiredAccess EVENT_MODIFY_STATE, SYNCHRONIZE, EVENT_ALL_ACCESS or other rights
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param lpName          as in CreateFileMappingA
 * @return a handle, or NULL with GetLastError as for OpenFileMappingA
 */
WINSHM_API HANDLE OpenEventA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);

/**
 * OpenEventA with a wide name.
 *
 * @return as OpenEventA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE OpenEventW(DWORD dwDesiredAccess,
                  BOOL bInheritHandle,
                  LPCWSTR lpName)
WINSHM_WIDE(OpenEventW);

/**
 * Sets an event: a manual-reset one releases all waiters until it is reset, an
 * auto-reset one the first waiter, which resets it.
 *
 * @param hEvent a handle with EVENT_MODIFY_STATE
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of an event;
 *         ERROR_ACCESS_DENIED: the handle lacks EVENT_MODIFY_STATE;
 *         ERROR_BUSY: a process was stopped while it took the event in a wait for all
 *         of several objects, two seconds ago or more. In a signal handler that
 *         interrupts ReleaseMutex or a wait, or if it is another user's: a process
 *         was killed or stopped while it did so, one second ago or more
 *
 * On Linux: when it is set and at once reset, the waiter of an auto-reset event may stay
 * asleep, and so may, of any event, who waits for all of several objects. It may be
 * called in a signal handler.
 */
WINSHM_API BOOL SetEvent(HANDLE hEvent);

/**
 * Resets an event.
 *
 * @param hEvent a handle with EVENT_MODIFY_STATE
 * @return as SetEvent
 *
 * On Linux: it may be called in a signal handler.
 */
WINSHM_API BOOL ResetEvent(HANDLE hEvent);

/**
 * Releases who sleeps at this moment - all of a manual-reset event, one of an
 * auto-reset one - and leaves the event unset. Who is about to sleep may miss it.
 *
 * @param hEvent a handle with EVENT_MODIFY_STATE
 * @return as SetEvent
 *
 * On Linux: who waits for all of several objects misses it. Of an auto-reset event
 * with sleepers the call waits until one has it, at most 250 ms.
 */
WINSHM_API BOOL PulseEvent(HANDLE hEvent);

#ifdef UNICODE
#define CreateEvent CreateEventW
#define CreateEventEx CreateEventExW
#define OpenEvent OpenEventW
#else
#define CreateEvent CreateEventA
#define CreateEventEx CreateEventExA
#define OpenEvent OpenEventA
#endif

/* ---- Mutexes ----------------------------------------------------------------- */

/** Asks for the state of a mutex. Releasing one needs no right. */
#define MUTANT_QUERY_STATE 0x0001u
/** Equals MUTANT_QUERY_STATE. */
#define MUTEX_MODIFY_STATE MUTANT_QUERY_STATE
/** Every right to a mutex. */
#define MUTEX_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | MUTANT_QUERY_STATE)
/** CreateMutexEx: the calling thread owns the new mutex. */
#define CREATE_MUTEX_INITIAL_OWNER 0x00000001u

/**
 * Creates a mutex, or opens the one of that name.
 *
 * A thread owns a mutex after a wait for it, as often as it waited. When it ends
 * without releasing it, or its process is killed, the next wait gets the mutex and
 * WAIT_ABANDONED. Closing handles does not release a mutex.
 *
 * Names, their errors and their lifetime are those of CreateFileMappingA, in one
 * name space. When the name exists, bInitialOwner is ignored, and the handle has
 * every right.
 *
 * @param lpMutexAttributes NULL, or whether the handle is inheritable, and the
 *                          security descriptor of a new object (SetSecurityDescriptorDacl)
 * @param bInitialOwner     not 0: the calling thread owns the new mutex
 * @param lpName            NULL or "" for no name
 * @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
 *         GetLastError: ERROR_INVALID_HANDLE: the name belongs to another kind of
 *         object; ERROR_ACCESS_DENIED: it is another user's, who is not trusted;
 *         and the errors of CreateFileMappingA for names, security and resources
 *
 * On Linux: a mutex is abandoned, too, when its owner's process calls exec; a forked
 * child owns none. Who shares a mutex can have other mutexes missed when an owner of it
 * dies: another user's is refused, unless the administrator vouches for him
 * (docs/concepts.md#trust).
 */
WINSHM_API
HANDLE CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes,
                    BOOL bInitialOwner,
                    LPCSTR lpName);

/**
 * CreateMutexA with a wide name.
 *
 * @return as CreateMutexA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes,
                    BOOL bInitialOwner,
                    LPCWSTR lpName)
WINSHM_WIDE(CreateMutexW);

/**
 * CreateMutexA, with the rights of the handle.
 *
 * @param lpMutexAttributes as in CreateMutexA
 * @param lpName            as in CreateMutexA
 * @param dwFlags           0 or CREATE_MUTEX_INITIAL_OWNER
 * @param dwDesiredAccess   the rights that the handle gets, as in OpenMutexA
 * @return as CreateMutexA; ERROR_INVALID_PARAMETER: other flags;
 *         ERROR_ACCESS_DENIED: no rights, or unknown ones
 */
WINSHM_API
HANDLE CreateMutexExA(LPSECURITY_ATTRIBUTES lpMutexAttributes,
                      LPCSTR lpName,
                      DWORD dwFlags,
                      DWORD dwDesiredAccess);

/**
 * CreateMutexExA with a wide name.
 *
 * @return as CreateMutexExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes,
                      LPCWSTR lpName,
                      DWORD dwFlags,
                      DWORD dwDesiredAccess)
WINSHM_WIDE(CreateMutexExW);

/**
 * Opens an existing mutex.
 *
 * @param dwDesiredAccess SYNCHRONIZE, MUTEX_ALL_ACCESS or other rights
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param lpName          as in CreateFileMappingA
 * @return a handle, or NULL with GetLastError as for OpenFileMappingA
 */
WINSHM_API HANDLE OpenMutexA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);

/**
 * OpenMutexA with a wide name.
 *
 * @return as OpenMutexA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE OpenMutexW(DWORD dwDesiredAccess,
                  BOOL bInheritHandle,
                  LPCWSTR lpName)
WINSHM_WIDE(OpenMutexW);

/**
 * Gives a mutex up, once: for each wait one release.
 *
 * @param hMutex a handle; it needs no right
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a mutex;
 *         ERROR_NOT_OWNER: the calling thread does not own it
 */
WINSHM_API BOOL ReleaseMutex(HANDLE hMutex);

#ifdef UNICODE
#define CreateMutex CreateMutexW
#define CreateMutexEx CreateMutexExW
#define OpenMutex OpenMutexW
#else
#define CreateMutex CreateMutexA
#define CreateMutexEx CreateMutexExA
#define OpenMutex OpenMutexA
#endif

/* ---- Semaphores -------------------------------------------------------------- */

/** Asks for the state of a semaphore. */
#define SEMAPHORE_QUERY_STATE 0x0001u
/** Releases a semaphore. */
#define SEMAPHORE_MODIFY_STATE 0x0002u
/** Every right to a semaphore. */
#define SEMAPHORE_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | SEMAPHORE_QUERY_STATE | \
    SEMAPHORE_MODIFY_STATE)

/**
 * Creates a semaphore, or opens the one of that name.
 *
 * Names, their errors and their lifetime are those of CreateFileMappingA, in one
 * name space. When the name exists, the counts are ignored, but must be possible
 * ones, and the handle has every right.
 *
 * @param lpSemaphoreAttributes NULL, or whether the handle is inheritable, and the
 *                              security descriptor of a new object (SetSecurityDescriptorDacl)
 * @param lInitialCount         0 to lMaximumCount
 * @param lMaximumCount         1 or more
 * @param lpName                NULL or "" for no name
 * @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
 *         GetLastError: ERROR_INVALID_PARAMETER: an impossible count;
 *         ERROR_INVALID_HANDLE: the name belongs to another kind of object; and the
 *         errors of CreateFileMappingA for names, security and resources
 *
 * On Linux: LONG_MAX, which has 64 bits, means 0x7FFFFFFF: the header sees to that.
 */
WINSHM_API
HANDLE CreateSemaphoreA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                        LONG lInitialCount,
                        LONG lMaximumCount,
                        LPCSTR lpName);

/**
 * CreateSemaphoreA with a wide name.
 *
 * @return as CreateSemaphoreA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                        LONG lInitialCount,
                        LONG lMaximumCount,
                        LPCWSTR lpName)
WINSHM_WIDE(CreateSemaphoreW);

/**
 * CreateSemaphoreA, with the rights of the handle.
 *
 * @param lpSemaphoreAttributes as in CreateSemaphoreA
 * @param lInitialCount         as in CreateSemaphoreA
 * @param lMaximumCount         as in CreateSemaphoreA
 * @param lpName                as in CreateSemaphoreA
 * @param dwFlags               0
 * @param dwDesiredAccess       the rights that the handle gets, as in OpenSemaphoreA
 * @return as CreateSemaphoreA; ERROR_INVALID_PARAMETER: any flag too;
 *         ERROR_ACCESS_DENIED: no rights, or unknown ones
 */
WINSHM_API
HANDLE CreateSemaphoreExA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                          LONG lInitialCount,
                          LONG lMaximumCount,
                          LPCSTR lpName,
                          DWORD dwFlags,
                          DWORD dwDesiredAccess);

/**
 * CreateSemaphoreExA with a wide name.
 *
 * @return as CreateSemaphoreExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                          LONG lInitialCount,
                          LONG lMaximumCount,
                          LPCWSTR lpName,
                          DWORD dwFlags,
                          DWORD dwDesiredAccess)
WINSHM_WIDE(CreateSemaphoreExW);

/**
 * Opens an existing semaphore.
 *
 * @param dwDesiredAccess SEMAPHORE_MODIFY_STATE, SYNCHRONIZE, SEMAPHORE_ALL_ACCESS or other rights
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param lpName          as in CreateFileMappingA
 * @return a handle, or NULL with GetLastError as for OpenFileMappingA
 */
WINSHM_API
HANDLE OpenSemaphoreA(DWORD dwDesiredAccess,
                      BOOL bInheritHandle,
                      LPCSTR lpName);

/**
 * OpenSemaphoreA with a wide name.
 *
 * @return as OpenSemaphoreA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE OpenSemaphoreW(DWORD dwDesiredAccess,
                      BOOL bInheritHandle,
                      LPCWSTR lpName)
WINSHM_WIDE(OpenSemaphoreW);

/**
 * Adds to a semaphore, and releases as many waiters.
 *
 * @param hSemaphore      a handle with SEMAPHORE_MODIFY_STATE
 * @param lReleaseCount   1 or more
 * @param lpPreviousCount NULL, or receives what the count was
 * @return TRUE, or FALSE, with nothing added and nothing stored, and GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a semaphore;
 *         ERROR_ACCESS_DENIED: the handle lacks SEMAPHORE_MODIFY_STATE;
 *         ERROR_INVALID_PARAMETER: lReleaseCount is 0 or negative;
 *         ERROR_NOACCESS: lpPreviousCount is no address of a process;
 *         ERROR_TOO_MANY_POSTS: the count would exceed the maximum;
 *         ERROR_BUSY: as SetEvent
 *
 * On Linux: it may be called in a signal handler.
 */
WINSHM_API BOOL ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount);

#ifdef UNICODE
#define CreateSemaphore CreateSemaphoreW
#define CreateSemaphoreEx CreateSemaphoreExW
#define OpenSemaphore OpenSemaphoreW
#else
#define CreateSemaphore CreateSemaphoreA
#define CreateSemaphoreEx CreateSemaphoreExA
#define OpenSemaphore OpenSemaphoreA
#endif

/* ---- Waitable timers --------------------------------------------------------- */

/** Asks for the state of a timer. */
#define TIMER_QUERY_STATE 0x0001u
/** Sets and cancels a timer. */
#define TIMER_MODIFY_STATE 0x0002u
/** Every right to a timer. */
#define TIMER_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | TIMER_QUERY_STATE | \
    TIMER_MODIFY_STATE)
/** CreateWaitableTimerEx: the timer stays signalled until it is set again. */
#define CREATE_WAITABLE_TIMER_MANUAL_RESET 0x00000001u
/** CreateWaitableTimerEx: accepted; every timer has the resolution of the system. */
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002u

/**
 * Creates a waitable timer, or opens the one of that name. It is not set.
 *
 * A timer fires for every process that has it open, also when the one that set it
 * is gone. Names, their errors and their lifetime are those of CreateFileMappingA,
 * in one name space. When the name exists, bManualReset is ignored, and the handle
 * has every right.
 *
 * @param lpTimerAttributes NULL, or whether the handle is inheritable, and the
 *                          security descriptor of a new object (SetSecurityDescriptorDacl)
 * @param bManualReset      not 0: it stays signalled until it is set again; 0: the
 *                          first waiter takes the signal
 * @param lpTimerName       NULL or "" for no name
 * @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
 *         GetLastError: ERROR_INVALID_HANDLE: the name belongs to another kind of
 *         object; and the errors of CreateFileMappingA for names, security and
 *         resources
 */
WINSHM_API
HANDLE CreateWaitableTimerA(LPSECURITY_ATTRIBUTES lpTimerAttributes,
                            BOOL bManualReset,
                            LPCSTR lpTimerName);

/**
 * CreateWaitableTimerA with a wide name.
 *
 * @return as CreateWaitableTimerA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateWaitableTimerW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
                            BOOL bManualReset,
                            LPCWSTR lpTimerName)
WINSHM_WIDE(CreateWaitableTimerW);

/**
 * CreateWaitableTimerA, with the rights of the handle.
 *
 * @param lpTimerAttributes as in CreateWaitableTimerA
 * @param lpTimerName       as in CreateWaitableTimerA
 * @param dwFlags           CREATE_WAITABLE_TIMER_MANUAL_RESET,
 *                          CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
 * @param dwDesiredAccess   the rights that the handle gets, as in OpenWaitableTimerA
 * @return as CreateWaitableTimerA; ERROR_INVALID_PARAMETER: other flags;
 *         ERROR_ACCESS_DENIED: no rights, or unknown ones
 *
 * On Linux: CREATE_WAITABLE_TIMER_HIGH_RESOLUTION has no effect: every timer is as
 * exact as the system can.
 */
WINSHM_API
HANDLE CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES lpTimerAttributes,
                              LPCSTR lpTimerName,
                              DWORD dwFlags,
                              DWORD dwDesiredAccess);

/**
 * CreateWaitableTimerExA with a wide name.
 *
 * @return as CreateWaitableTimerExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
                              LPCWSTR lpTimerName,
                              DWORD dwFlags,
                              DWORD dwDesiredAccess)
WINSHM_WIDE(CreateWaitableTimerExW);

/**
 * Opens an existing timer.
 *
 * @param dwDesiredAccess TIMER_MODIFY_STATE, SYNCHRONIZE, TIMER_ALL_ACCESS or other rights
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param lpTimerName     as in CreateFileMappingA
 * @return a handle, or NULL with GetLastError as for OpenFileMappingA
 */
WINSHM_API
HANDLE OpenWaitableTimerA(DWORD dwDesiredAccess,
                          BOOL bInheritHandle,
                          LPCSTR lpTimerName);

/**
 * OpenWaitableTimerA with a wide name.
 *
 * @return as OpenWaitableTimerA; ERROR_INVALID_NAME: a unit above 0x10FFFF
 *
 */
WINSHM_API
HANDLE OpenWaitableTimerW(DWORD dwDesiredAccess,
                          BOOL bInheritHandle,
                          LPCWSTR lpTimerName)
WINSHM_WIDE(OpenWaitableTimerW);

/**
 * Sets a timer. What it signalled before does not count any more.
 *
 * @param hTimer                  a handle with TIMER_MODIFY_STATE
 * @param lpDueTime               in units of 100 ns: negative: from now on, on a clock
 *                                that nobody sets; else a time as
 *                                GetSystemTimeAsFileTime tells it, past ones fire at once
 * @param lPeriod                 milliseconds after which it fires again and again;
 *                                0: once
 * @param pfnCompletionRoutine    must be NULL
 * @param lpArgToCompletionRoutine ignored
 * @param fResume                 not 0: accepted; no computer is woken up, and
 *                                GetLastError is ERROR_NOT_SUPPORTED after a success
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a timer;
 *         ERROR_ACCESS_DENIED: the handle lacks TIMER_MODIFY_STATE, or the timer is
 *         of a user who is not trusted;
 *         ERROR_BUSY: a process was stopped while it set this timer, or took it with others;
 *         ERROR_INVALID_PARAMETER: lPeriod is negative;
 *         ERROR_NOACCESS: lpDueTime is NULL, or no address of a process;
 *         ERROR_NOT_SUPPORTED: a completion routine
 *
 * On Linux: there are no completion routines, and no computer is woken up: fResume is
 * what it is on Windows without such hardware. When the system's clock is set, who
 * sleeps until an absolute time notices within half a second. Another user's timer is
 * refused, unless he is trusted as with a mutex.
 */
WINSHM_API
BOOL SetWaitableTimer(HANDLE hTimer,
                      const LARGE_INTEGER *lpDueTime,
                      LONG lPeriod,
                      PTIMERAPCROUTINE pfnCompletionRoutine,
                      LPVOID lpArgToCompletionRoutine,
                      BOOL fResume);

/**
 * SetWaitableTimer, with a tolerance.
 *
 * @param hTimer                   as in SetWaitableTimer
 * @param lpDueTime                as in SetWaitableTimer
 * @param lPeriod                  as in SetWaitableTimer
 * @param pfnCompletionRoutine     must be NULL
 * @param lpArgToCompletionRoutine ignored
 * @param WakeContext              must be NULL, else ERROR_NOT_SUPPORTED
 * @param TolerableDelay           ignored: timers fire as soon as they can
 * @return as SetWaitableTimer
 *
 * On Linux: as SetWaitableTimer; TolerableDelay has no effect, and there is no
 * WakeContext.
 */
WINSHM_API
BOOL SetWaitableTimerEx(HANDLE hTimer,
                        const LARGE_INTEGER *lpDueTime,
                        LONG lPeriod,
                        PTIMERAPCROUTINE pfnCompletionRoutine,
                        LPVOID lpArgToCompletionRoutine,
                        LPVOID WakeContext,
                        ULONG TolerableDelay);

/**
 * Stops a timer. If it is signalled, it stays so.
 *
 * @param hTimer a handle with TIMER_MODIFY_STATE
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a timer;
 *         ERROR_ACCESS_DENIED: the handle lacks TIMER_MODIFY_STATE, or the timer is
 *         of a user who is not trusted;
 *         ERROR_BUSY: as SetWaitableTimer
 *
 * On Linux: another user's timer is refused, unless he is trusted as with a mutex.
 */
WINSHM_API BOOL CancelWaitableTimer(HANDLE hTimer);

#ifdef UNICODE
#define CreateWaitableTimer CreateWaitableTimerW
#define CreateWaitableTimerEx CreateWaitableTimerExW
#define OpenWaitableTimer OpenWaitableTimerW
#else
#define CreateWaitableTimer CreateWaitableTimerA
#define CreateWaitableTimerEx CreateWaitableTimerExA
#define OpenWaitableTimer OpenWaitableTimerA
#endif

/* ---- Waiting ----------------------------------------------------------------- */

/** No time limit. */
#define INFINITE 0xFFFFFFFFu
/** Result of a wait: the first, or only, object. */
#define WAIT_OBJECT_0 0x00000000u
/** Result of a wait: a mutex whose owner ended without releasing it. */
#define WAIT_ABANDONED 0x00000080u
/** Result of a wait: the first object is such a mutex. */
#define WAIT_ABANDONED_0 0x00000080u
/** Result of a wait: a completion routine ran. */
#define WAIT_IO_COMPLETION 0x000000C0u
/** Result of a wait: the time is over. */
#define WAIT_TIMEOUT 258u
/** Result of a wait: see GetLastError. */
#define WAIT_FAILED 0xFFFFFFFFu
/** The largest number of objects in one wait. */
#define MAXIMUM_WAIT_OBJECTS 64u

/**
 * Waits until an object is signalled, and takes what its kind gives: a mutex, one
 * of a semaphore's count, the signal of an auto-reset event or timer.
 *
 * Times are counted on a clock that nobody sets.
 *
 * @param hHandle        a handle with SYNCHRONIZE: mutex, event, semaphore, timer,
 *                       process, thread, or a pseudo-handle
 * @param dwMilliseconds at most so long; 0: one look; INFINITE: without end
 * @return WAIT_OBJECT_0; WAIT_ABANDONED: the mutex is the caller's now, whose last
 *         owner ended with it; WAIT_TIMEOUT; or WAIT_FAILED with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle, or not one that can be waited for;
 *         ERROR_ACCESS_DENIED: the handle lacks SYNCHRONIZE, as those of sections do;
 *         ERROR_NO_SYSTEM_RESOURCES: the thread owns 2000 other mutexes, or cannot
 *         start the one that looks after processes;
 *         ERROR_TOO_MANY_OPEN_FILES: of a process, likewise
 *
 * On Linux: waiters are not always served in the order in which they came. Signal
 * handlers run meanwhile, but the wait goes on, and pthread_cancel does not end it. A
 * thread can own 2000 mutexes at a time.
 */
WINSHM_API DWORD WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds);

/**
 * WaitForSingleObject.
 *
 * @param hHandle        as in WaitForSingleObject
 * @param dwMilliseconds as in WaitForSingleObject
 * @param bAlertable     accepted; nothing queues calls to a thread here
 * @return as WaitForSingleObject
 *
 * On Linux: nothing queues calls to a thread: bAlertable has no effect.
 */
WINSHM_API DWORD WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable);

/**
 * Waits for one or for all of several objects.
 *
 * For one: takes the first in the array that is signalled, and no other. For all:
 * takes all of them at one instant when all are signalled, and none before; no
 * process ever sees a part of them taken.
 *
 * @param nCount         1 to MAXIMUM_WAIT_OBJECTS
 * @param lpHandles      the handles, as in WaitForSingleObject; for all: of
 *                       different objects
 * @param bWaitAll       not 0: for all
 * @param dwMilliseconds as in WaitForSingleObject
 * @return WAIT_OBJECT_0 plus the index (for all: plus 0); WAIT_ABANDONED_0 plus the
 *         index of a mutex whose last owner ended with it (for all: plus 0, one of
 *         them is); WAIT_TIMEOUT; or WAIT_FAILED, with nothing taken, and GetLastError:
 *         ERROR_INVALID_PARAMETER: an impossible count, or an object twice for all;
 *         ERROR_NOACCESS: lpHandles is NULL, or no address of a process;
 *         for a handle of the array as in WaitForSingleObject;
 *         ERROR_ACCESS_DENIED: for all, and one is of a user who is not trusted;
 *         ERROR_NOT_SUPPORTED: for all, of two users' private objects (which a program
 *         can have that changed its user)
 *
 * On Linux: under load, waits for single objects may be served before one for all of
 * several. One for all of another user's objects is refused, unless he is trusted as
 * with a mutex. Kernels before 5.16 notice some events only within 10 ms
 * (docs/concepts.md#waiting).
 */
WINSHM_API
DWORD WaitForMultipleObjects(DWORD nCount,
                             const HANDLE *lpHandles,
                             BOOL bWaitAll,
                             DWORD dwMilliseconds);

/**
 * WaitForMultipleObjects.
 *
 * @param nCount         as in WaitForMultipleObjects
 * @param lpHandles      as in WaitForMultipleObjects
 * @param bWaitAll       as in WaitForMultipleObjects
 * @param dwMilliseconds as in WaitForMultipleObjects
 * @param bAlertable     accepted; nothing queues calls to a thread here
 * @return as WaitForMultipleObjects
 *
 * On Linux: nothing queues calls to a thread: bAlertable has no effect.
 */
WINSHM_API
DWORD WaitForMultipleObjectsEx(DWORD nCount,
                               const HANDLE *lpHandles,
                               BOOL bWaitAll,
                               DWORD dwMilliseconds,
                               BOOL bAlertable);

/**
 * Signals one object and waits for another. The two are not one step, but what
 * happens to the second after the signal of the first is not missed.
 *
 * @param hObjectToSignal an event (is set), a semaphore (gets one more) or a mutex
 *                        (is released)
 * @param hObjectToWaitOn as in WaitForSingleObject
 * @param dwMilliseconds  as in WaitForSingleObject
 * @param bAlertable      accepted; nothing queues calls to a thread here
 * @return as WaitForSingleObject; nothing is signalled when the second handle is
 *         bad. WAIT_FAILED with GetLastError, too:
 *         ERROR_INVALID_HANDLE: the first is not of such a kind;
 *         ERROR_ACCESS_DENIED: it lacks EVENT_MODIFY_STATE or SEMAPHORE_MODIFY_STATE;
 *         ERROR_NOT_OWNER, ERROR_TOO_MANY_POSTS: as ReleaseMutex, ReleaseSemaphore;
 *         the event, semaphore or mutex is signalled when the wait times out
 *
 * On Linux: nothing queues calls to a thread: bAlertable has no effect.
 */
WINSHM_API
DWORD SignalObjectAndWait(HANDLE hObjectToSignal,
                          HANDLE hObjectToWaitOn,
                          DWORD dwMilliseconds,
                          BOOL bAlertable);

/* ---- Files ------------------------------------------------------------------- */

/** Reads the file, or lists the directory. */
#define FILE_READ_DATA 0x0001u
/** Lists the directory. */
#define FILE_LIST_DIRECTORY 0x0001u
/** Writes to the file. */
#define FILE_WRITE_DATA 0x0002u
/** Makes files in the directory. */
#define FILE_ADD_FILE 0x0002u
/** Writes at the end of the file. */
#define FILE_APPEND_DATA 0x0004u
/** Makes directories in the directory. */
#define FILE_ADD_SUBDIRECTORY 0x0004u
/** Reads extended attributes. */
#define FILE_READ_EA 0x0008u
/** Writes extended attributes. */
#define FILE_WRITE_EA 0x0010u
/** Runs the file. */
#define FILE_EXECUTE 0x0020u
/** Passes through the directory. */
#define FILE_TRAVERSE 0x0020u
/** Removes the directory with everything in it. */
#define FILE_DELETE_CHILD 0x0040u
/** Asks for attributes; every handle may. */
#define FILE_READ_ATTRIBUTES 0x0080u
/** Changes attributes. */
#define FILE_WRITE_ATTRIBUTES 0x0100u
/** Every right to a file. */
#define FILE_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1FF)
/** What GENERIC_READ means for a file. */
#define FILE_GENERIC_READ (STANDARD_RIGHTS_READ | FILE_READ_DATA | FILE_READ_ATTRIBUTES | FILE_READ_EA | \
    SYNCHRONIZE)
/** What GENERIC_WRITE means for a file. */
#define FILE_GENERIC_WRITE (STANDARD_RIGHTS_WRITE | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | \
    FILE_WRITE_EA | FILE_APPEND_DATA | SYNCHRONIZE)
/** What GENERIC_EXECUTE means for a file. */
#define FILE_GENERIC_EXECUTE (STANDARD_RIGHTS_EXECUTE | FILE_READ_ATTRIBUTES | FILE_EXECUTE | SYNCHRONIZE)
/** Others may read the file meanwhile. */
#define FILE_SHARE_READ 0x00000001u
/** Others may write to the file meanwhile. */
#define FILE_SHARE_WRITE 0x00000002u
/** Others may delete the file meanwhile. */
#define FILE_SHARE_DELETE 0x00000004u
/** Makes a file; fails if it exists. */
#define CREATE_NEW 1u
/** Makes a file, or empties the existing one. */
#define CREATE_ALWAYS 2u
/** Opens a file that exists. */
#define OPEN_EXISTING 3u
/** Opens a file, or makes it. */
#define OPEN_ALWAYS 4u
/** Empties a file that exists; needs GENERIC_WRITE. */
#define TRUNCATE_EXISTING 5u
/** A new file that nobody may write to; existing handles still may. */
#define FILE_ATTRIBUTE_READONLY 0x00000001u
/** Accepted without effect: a file whose name begins with a dot is hidden. */
#define FILE_ATTRIBUTE_HIDDEN 0x00000002u
/** Accepted without effect. */
#define FILE_ATTRIBUTE_SYSTEM 0x00000004u
/** A directory; without effect for CreateFile. */
#define FILE_ATTRIBUTE_DIRECTORY 0x00000010u
/** Accepted without effect. */
#define FILE_ATTRIBUTE_ARCHIVE 0x00000020u
/** No attribute. */
#define FILE_ATTRIBUTE_NORMAL 0x00000080u
/** Accepted without effect: /tmp and /dev/shm often are in memory. */
#define FILE_ATTRIBUTE_TEMPORARY 0x00000100u
/** Accepted without effect. */
#define FILE_ATTRIBUTE_OFFLINE 0x00001000u
/** Accepted without effect. */
#define FILE_ATTRIBUTE_NOT_CONTENT_INDEXED 0x00002000u
/** Not supported: ERROR_NOT_SUPPORTED. */
#define FILE_ATTRIBUTE_ENCRYPTED 0x00004000u
/** A write returns when the data is on the disk. */
#define FILE_FLAG_WRITE_THROUGH 0x80000000u
/** Every transfer gives its offset; it is complete when the function returns. */
#define FILE_FLAG_OVERLAPPED 0x40000000u
/** Accepted without effect: the system keeps what was read and written. */
#define FILE_FLAG_NO_BUFFERING 0x20000000u
/** A hint: the file is read here and there. */
#define FILE_FLAG_RANDOM_ACCESS 0x10000000u
/** A hint: the file is read from the beginning to the end. */
#define FILE_FLAG_SEQUENTIAL_SCAN 0x08000000u
/** The file is deleted with the last handle to it. */
#define FILE_FLAG_DELETE_ON_CLOSE 0x04000000u
/** Directories can be opened too. */
#define FILE_FLAG_BACKUP_SEMANTICS 0x02000000u
/** Without effect: case matters always. */
#define FILE_FLAG_POSIX_SEMANTICS 0x01000000u
/** Accepted without effect. */
#define FILE_FLAG_SESSION_AWARE 0x00800000u
/** A symbolic link is not followed; as nothing can be done with the link itself, that fails with ERROR_NOT_SUPPORTED. */
#define FILE_FLAG_OPEN_REPARSE_POINT 0x00200000u
/** Accepted without effect. */
#define FILE_FLAG_OPEN_NO_RECALL 0x00100000u

/**
 * Opens or makes a file or directory, or opens a device or pipe.
 *
 * Share modes hold between all users of this library, in this process and others, also
 * of other users of the system; the end of a process, by whatever cause, ends them.
 *
 * @param lpFileName            a path in UTF-8, of any length the system allows; `\`
 *                              separates like `/`. NUL is /dev/null, CON, CONIN$ and
 *                              CONOUT$ are the terminal
 * @param dwDesiredAccess       GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, GENERIC_ALL,
 *                              FILE_READ_DATA and other rights; MAXIMUM_ALLOWED; 0: only
 *                              to ask about the file
 * @param dwShareMode           what others may do meanwhile: 0 or FILE_SHARE_READ,
 *                              FILE_SHARE_WRITE, FILE_SHARE_DELETE
 * @param lpSecurityAttributes  NULL, or whether the handle is inheritable, and the
 *                              security descriptor of a new file (SetSecurityDescriptorDacl)
 * @param dwCreationDisposition CREATE_NEW, CREATE_ALWAYS, OPEN_EXISTING, OPEN_ALWAYS or
 *                              TRUNCATE_EXISTING
 * @param dwFlagsAndAttributes  FILE_ATTRIBUTE_READONLY and FILE_FLAG_ constants, which
 *                              say what they do
 * @param hTemplateFile         NULL, unless an existing file is opened
 * @return a handle, with GetLastError 0, or ERROR_ALREADY_EXISTS after CREATE_ALWAYS or
 *         OPEN_ALWAYS of a file that existed; or INVALID_HANDLE_VALUE with GetLastError:
 *         ERROR_FILE_NOT_FOUND: no such file;
 *         ERROR_PATH_NOT_FOUND: no such directory, no path, or one with a drive;
 *         ERROR_FILE_EXISTS: CREATE_NEW of a file that exists;
 *         ERROR_SHARING_VIOLATION: somebody has the file open, and he or the caller does
 *         not share it so; or another program has locked the whole of it;
 *         ERROR_ACCESS_DENIED: no permission, a directory without
 *         FILE_FLAG_BACKUP_SEMANTICS, or a file that is read-only for everybody;
 *         ERROR_USER_MAPPED_FILE: the file would be emptied but is mapped;
 *         ERROR_INVALID_PARAMETER: an unknown disposition or share mode, or
 *         TRUNCATE_EXISTING without GENERIC_WRITE;
 *         ERROR_NOT_SUPPORTED: FILE_ATTRIBUTE_ENCRYPTED, a template for a new file, or a
 *         symbolic link with FILE_FLAG_OPEN_REPARSE_POINT;
 *         ERROR_WRITE_PROTECT, ERROR_DISK_FULL, ERROR_BAD_NETPATH (a path that begins
 *         with `\\`), ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME,
 *         ERROR_TOO_MANY_OPEN_FILES, ERROR_PRIVILEGE_NOT_HELD, ERROR_NO_SYSTEM_RESOURCES
 *
 * On Linux: a security descriptor gives a new file its mode: 0600 for the owner, 0666 or
 * 0644 for everyone, 0000 for nobody. Case matters in paths, there are no drives, blanks
 * and dots at the end count, and what stands before `..` must exist and be a directory. A
 * FIFO is opened without waiting for its other end: a reader finds ERROR_BROKEN_PIPE
 * until somebody writes, and who only writes ERROR_FILE_NOT_FOUND until somebody reads.
 * Devices are not deleted, also by FILE_FLAG_DELETE_ON_CLOSE. A new file has mode 0666
 * less the umask, or 0444 with FILE_ATTRIBUTE_READONLY. A file that is open here cannot
 * be locked as a whole by other programs with `fcntl`, but is not kept from them
 * otherwise.
 */
WINSHM_API
HANDLE CreateFileA(LPCSTR lpFileName,
                   DWORD dwDesiredAccess,
                   DWORD dwShareMode,
                   LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                   DWORD dwCreationDisposition,
                   DWORD dwFlagsAndAttributes,
                   HANDLE hTemplateFile);

/**
 * CreateFileA with a wide path.
 *
 * @return as CreateFileA; ERROR_INVALID_NAME: a unit above 0x10FFFF, or half a
 *         surrogate pair
 *
 */
WINSHM_API
HANDLE CreateFileW(LPCWSTR lpFileName,
                   DWORD dwDesiredAccess,
                   DWORD dwShareMode,
                   LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                   DWORD dwCreationDisposition,
                   DWORD dwFlagsAndAttributes,
                   HANDLE hTemplateFile)
WINSHM_WIDE(CreateFileW);

#ifdef UNICODE
#define CreateFile CreateFileW
#else
#define CreateFile CreateFileA
#endif

/* ---- Reading and writing files ----------------------------------------------- */

/**
 * Reads from a file, pipe or device.
 *
 * Of a file everything up to the end is read, of a pipe or terminal what there is,
 * at least one byte.
 *
 * @param hFile               a handle with FILE_READ_DATA
 * @param lpBuffer            receives the bytes
 * @param nNumberOfBytesToRead how many
 * @param lpNumberOfBytesRead receives how many were read; NULL only with lpOverlapped
 * @param lpOverlapped        NULL: from the position; else it gives the offset in a file,
 *                            and an event that is reset now and set in the end. The position is
 *                            behind the last byte afterwards, in both cases
 * @return TRUE, at the end of a file with 0 bytes; or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_ACCESS_DENIED: the handle lacks the right;
 *         ERROR_HANDLE_EOF: lpOverlapped gives an offset at the end or beyond;
 *         ERROR_BROKEN_PIPE: nobody writes to the pipe any more, and it is empty;
 *         ERROR_LOCK_VIOLATION: another file object has locked some of the bytes for itself;
 *         ERROR_INVALID_PARAMETER: both last arguments are NULL, or the last one is and the
 *         file was opened with FILE_FLAG_OVERLAPPED;
 *         ERROR_NOACCESS: the buffer cannot be written;
 *         ERROR_INVALID_FUNCTION: a directory; ERROR_IO_DEVICE
 *
 * On Linux: with FILE_FLAG_OVERLAPPED too everything is done when the function returns;
 * ERROR_IO_PENDING does not occur.
 */
WINSHM_API
BOOL ReadFile(HANDLE hFile,
              LPVOID lpBuffer,
              DWORD nNumberOfBytesToRead,
              LPDWORD lpNumberOfBytesRead,
              LPOVERLAPPED lpOverlapped);

/**
 * Writes to a file, pipe or device, everything or until an error.
 *
 * @param hFile                  a handle with FILE_WRITE_DATA; with FILE_APPEND_DATA alone
 *                               every write goes to the end of the file
 * @param lpBuffer               the bytes
 * @param nNumberOfBytesToWrite  how many; 0 does nothing
 * @param lpNumberOfBytesWritten receives how many were written; NULL only with lpOverlapped
 * @param lpOverlapped           as in ReadFile; the offset 0xFFFFFFFF, 0xFFFFFFFF is the end
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_ACCESS_DENIED: the handle lacks the right;
 *         ERROR_LOCK_VIOLATION: another file object has locked some of the bytes, or this
 *         one has, but shared;
 *         ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE: less was written;
 *         ERROR_NO_DATA: nobody reads from the pipe; there is no signal;
 *         ERROR_INVALID_PARAMETER: as for ReadFile;
 *         ERROR_INVALID_USER_BUFFER: the buffer cannot be read; ERROR_IO_DEVICE
 *
 * On Linux: as in ReadFile, everything is done when the function returns.
 */
WINSHM_API
BOOL WriteFile(HANDLE hFile,
               LPCVOID lpBuffer,
               DWORD nNumberOfBytesToWrite,
               LPDWORD lpNumberOfBytesWritten,
               LPOVERLAPPED lpOverlapped);

/**
 * Waits until everything that was written is on the disk.
 *
 * @param hFile a handle with FILE_WRITE_DATA or FILE_APPEND_DATA
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a file, or one of a terminal;
 *         ERROR_ACCESS_DENIED: the handle lacks the right;
 *         ERROR_DISK_FULL, ERROR_IO_DEVICE
 */
WINSHM_API BOOL FlushFileBuffers(HANDLE hFile);

/**
 * What came of a transfer or lock that was begun with an OVERLAPPED.
 *
 * @param hFile                      the handle that was used
 * @param lpOverlapped               what was used
 * @param lpNumberOfBytesTransferred receives how many bytes were transferred
 * @param bWait                      without effect: everything is done already
 * @return TRUE, or FALSE with the error of the transfer; ERROR_NOACCESS: NULL where it is not
 *         allowed
 */
WINSHM_API
BOOL GetOverlappedResult(HANDLE hFile,
                         LPOVERLAPPED lpOverlapped,
                         LPDWORD lpNumberOfBytesTransferred,
                         BOOL bWait);

/* ---- Size and position of files ---------------------------------------------- */

/** SetFilePointer: from the beginning. */
#define FILE_BEGIN 0u
/** SetFilePointer: from the position. */
#define FILE_CURRENT 1u
/** SetFilePointer: from the end. */
#define FILE_END 2u
/** GetFileSize failed, or the size ends so. */
#define INVALID_FILE_SIZE 0xFFFFFFFFu
/** SetFilePointer failed, or the position ends so. */
#define INVALID_SET_FILE_POINTER 0xFFFFFFFFu

/**
 * The size of a file.
 *
 * @param hFile          a handle of a file
 * @param lpFileSizeHigh NULL, or receives the upper half
 * @return the lower half; when that is INVALID_FILE_SIZE, GetLastError tells: NO_ERROR: it
 *         is the size; else the errors of GetFileSizeEx
 */
WINSHM_API DWORD GetFileSize(HANDLE hFile, LPDWORD lpFileSizeHigh);

/**
 * The size of a file.
 *
 * @param hFile      a handle of a file
 * @param lpFileSize receives the size in bytes
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_INVALID_FUNCTION: a pipe or device, which has no size;
 *         ERROR_NOACCESS: lpFileSize is NULL
 */
WINSHM_API BOOL GetFileSizeEx(HANDLE hFile, LARGE_INTEGER *lpFileSize);

/**
 * Moves the position of a file.
 *
 * @param hFile                a handle of a file
 * @param lDistanceToMove      how far; the lower half if there is an upper one
 * @param lpDistanceToMoveHigh NULL, or the upper half, which receives that of the new
 *                             position
 * @param dwMoveMethod         FILE_BEGIN, FILE_CURRENT or FILE_END: from where
 * @return the lower half of the new position; when that is INVALID_SET_FILE_POINTER,
 *         GetLastError tells: NO_ERROR: it is the position; ERROR_INVALID_PARAMETER: the
 *         position needs an upper half; else the errors of SetFilePointerEx
 */
WINSHM_API
DWORD SetFilePointer(HANDLE hFile,
                     LONG lDistanceToMove,
                     LPLONG lpDistanceToMoveHigh,
                     DWORD dwMoveMethod);

/**
 * Moves the position of a file, which all handles made from this one share.
 *
 * @param hFile            a handle of a file; no right is needed
 * @param liDistanceToMove how far
 * @param lpNewFilePointer NULL, or receives the new position
 * @param dwMoveMethod     FILE_BEGIN, FILE_CURRENT or FILE_END: from where; the position may
 *                         lie beyond the end
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_NEGATIVE_SEEK: the position would be negative; it stays;
 *         ERROR_INVALID_PARAMETER: another method, or further than the file system has files;
 *         ERROR_INVALID_FUNCTION: a pipe or device, which has no position
 */
WINSHM_API
BOOL SetFilePointerEx(HANDLE hFile,
                      LARGE_INTEGER liDistanceToMove,
                      LARGE_INTEGER *lpNewFilePointer,
                      DWORD dwMoveMethod);

/**
 * Ends a file at its position: what lies beyond is cut off, what is missing is zero.
 *
 * @param hFile a handle with FILE_WRITE_DATA
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_ACCESS_DENIED: the handle lacks the right;
 *         ERROR_USER_MAPPED_FILE: bytes would be cut off, and the file is mapped;
 *         ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE;
 *         ERROR_INVALID_FUNCTION: not a file
 *
 * On Linux: mappings are those of this library's sections, of all processes; other
 * programs' are not seen.
 */
WINSHM_API BOOL SetEndOfFile(HANDLE hFile);

/* ---- Locks of bytes of files ------------------------------------------------- */

/** LockFileEx: fails instead of waiting. */
#define LOCKFILE_FAIL_IMMEDIATELY 0x00000001u
/** LockFileEx: others may not even read. */
#define LOCKFILE_EXCLUSIVE_LOCK 0x00000002u

/**
 * Locks bytes of a file for this file object alone, if nobody has locked any of them.
 *
 * Users of this library can neither read nor write the bytes by other file objects, in this
 * process and others; views are not affected, as on Windows. The lock ends with
 * UnlockFile of the same bytes, with the last handle, or with the process.
 *
 * @param hFile                     a handle with FILE_READ_DATA or FILE_WRITE_DATA
 * @param dwFileOffsetLow           lower half of the first byte
 * @param dwFileOffsetHigh          upper half
 * @param nNumberOfBytesToLockLow   lower half of how many; they may lie beyond the end
 * @param nNumberOfBytesToLockHigh  upper half
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_LOCK_VIOLATION: somebody, perhaps this file object, has locked some of them;
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_ACCESS_DENIED: the handle lacks the rights;
 *         ERROR_INVALID_LOCK_RANGE: bytes beyond the last one that there can be;
 *         ERROR_INVALID_FUNCTION: not a file
 *
 * On Linux: the locks are those of `fcntl`, which other programs see and set. An exclusive
 * lock needs a file that the user may write to, else ERROR_ACCESS_DENIED. Locks
 * beyond 2^62 exclude each other, whatever their bytes. A forked child shares the file
 * object, and its locks.
 */
WINSHM_API
BOOL LockFile(HANDLE hFile,
              DWORD dwFileOffsetLow,
              DWORD dwFileOffsetHigh,
              DWORD nNumberOfBytesToLockLow,
              DWORD nNumberOfBytesToLockHigh);

/**
 * Locks bytes of a file, and may wait for them.
 *
 * @param hFile                    as in LockFile
 * @param dwFlags                  LOCKFILE_EXCLUSIVE_LOCK: for this file object alone; else
 *                                 shared: nobody writes, and others may lock so too.
 *                                 LOCKFILE_FAIL_IMMEDIATELY: does not wait
 * @param dwReserved               0
 * @param nNumberOfBytesToLockLow  as in LockFile
 * @param nNumberOfBytesToLockHigh as in LockFile
 * @param lpOverlapped             gives the first byte, and perhaps an event that is set in
 *                                 the end
 * @return as LockFile; ERROR_LOCK_VIOLATION only with LOCKFILE_FAIL_IMMEDIATELY;
 *         ERROR_INVALID_PARAMETER: other flags, dwReserved is not 0, or lpOverlapped is NULL
 *
 * On Linux: waits also for a file that was opened with FILE_FLAG_OVERLAPPED. Who waits looks
 * every 4 ms at the latest whether the bytes are free, and those who wait are served in no
 * order. What LockFile says there holds here too.
 */
WINSHM_API
BOOL LockFileEx(HANDLE hFile,
                DWORD dwFlags,
                DWORD dwReserved,
                DWORD nNumberOfBytesToLockLow,
                DWORD nNumberOfBytesToLockHigh,
                LPOVERLAPPED lpOverlapped);

/**
 * Ends a lock of this file object.
 *
 * @param hFile                      as in LockFile
 * @param dwFileOffsetLow            what was locked, exactly
 * @param dwFileOffsetHigh           the same
 * @param nNumberOfBytesToUnlockLow  the same
 * @param nNumberOfBytesToUnlockHigh the same
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_NOT_LOCKED: no lock of this file object has exactly these bytes;
 *         ERROR_INVALID_HANDLE: not an open handle of a file;
 *         ERROR_ACCESS_DENIED: the handle lacks the rights
 */
WINSHM_API
BOOL UnlockFile(HANDLE hFile,
                DWORD dwFileOffsetLow,
                DWORD dwFileOffsetHigh,
                DWORD nNumberOfBytesToUnlockLow,
                DWORD nNumberOfBytesToUnlockHigh);

/**
 * Ends a lock of this file object. Of an exclusive and a shared one of the same bytes the
 * exclusive one ends first.
 *
 * @param hFile                      as in LockFile
 * @param dwReserved                 0
 * @param nNumberOfBytesToUnlockLow  as in UnlockFile
 * @param nNumberOfBytesToUnlockHigh as in UnlockFile
 * @param lpOverlapped               gives the first byte
 * @return as UnlockFile; ERROR_INVALID_PARAMETER: dwReserved is not 0, or lpOverlapped is NULL
 */
WINSHM_API
BOOL UnlockFileEx(HANDLE hFile,
                  DWORD dwReserved,
                  DWORD nNumberOfBytesToUnlockLow,
                  DWORD nNumberOfBytesToUnlockHigh,
                  LPOVERLAPPED lpOverlapped);

/* ---- Names of files ---------------------------------------------------------- */

/**
 * Deletes a file; a symbolic link itself. Who has the file open keeps it; its name is
 * free at once.
 *
 * @param lpFileName as in CreateFileA
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND: no such file or directory;
 *         ERROR_ACCESS_DENIED: a directory or device, a file that is read-only for everybody,
 *         one that is mapped, or no permission;
 *         ERROR_SHARING_VIOLATION: somebody has it open without FILE_SHARE_DELETE;
 *         ERROR_WRITE_PROTECT
 *
 * On Linux: users and mappings are those of this library; other programs do not keep a
 * file from being deleted.
 */
WINSHM_API BOOL DeleteFileA(LPCSTR lpFileName);

/**
 * DeleteFileA with a wide path.
 *
 * @return as DeleteFileA; ERROR_INVALID_NAME as for CreateFileW
 *
 */
WINSHM_API BOOL DeleteFileW(LPCWSTR lpFileName) WINSHM_WIDE(DeleteFileW);

/**
 * The directory for temporary files: of the variables TMP, TEMP and TMPDIR the first that
 * is set, else /tmp.
 *
 * @param nBufferLength the length of the buffer in characters
 * @param lpBuffer      receives the path, which ends with a slash; it need not exist
 * @return the length of the path without its NUL; when the buffer is too small, the length
 *         that it must have, and nothing is written
 *
 * On Linux: TMPDIR counts, too; set-uid programs ignore the variables.
 */
WINSHM_API DWORD GetTempPathA(DWORD nBufferLength, LPSTR lpBuffer);

/**
 * GetTempPathA with wide characters.
 *
 * @return as GetTempPathA
 *
 */
WINSHM_API DWORD GetTempPathW(DWORD nBufferLength, LPWSTR lpBuffer) WINSHM_WIDE(GetTempPathW);

/**
 * Makes a name for a temporary file: the directory, up to three characters, up to four
 * hexadecimal digits, ".TMP".
 *
 * @param lpPathName       the directory, as in CreateFileA
 * @param lpPrefixString   NULL, or characters, of which the first three are used
 * @param uUnique          the number; 0: one that is free, and the file is made, empty
 * @param lpTempFileName   receives the path; MAX_PATH (260) characters
 * @return the number, or 0 with GetLastError:
 *         ERROR_DIRECTORY: no such directory;
 *         ERROR_BUFFER_OVERFLOW: the path is too long;
 *         ERROR_NOACCESS: lpTempFileName is NULL;
 *         ERROR_FILE_EXISTS: every number is taken;
 *         and those of CreateFileA
 *
 * On Linux: the file is its user's alone (mode 0600).
 */
WINSHM_API
UINT GetTempFileNameA(LPCSTR lpPathName,
                      LPCSTR lpPrefixString,
                      UINT uUnique,
                      LPSTR lpTempFileName);

/**
 * GetTempFileNameA with wide characters.
 *
 * @return as GetTempFileNameA
 *
 */
WINSHM_API
UINT GetTempFileNameW(LPCWSTR lpPathName,
                      LPCWSTR lpPrefixString,
                      UINT uUnique,
                      LPWSTR lpTempFileName)
WINSHM_WIDE(GetTempFileNameW);

#ifdef UNICODE
#define DeleteFile DeleteFileW
#define GetTempPath GetTempPathW
#define GetTempFileName GetTempFileNameW
#else
#define DeleteFile DeleteFileA
#define GetTempPath GetTempPathA
#define GetTempFileName GetTempFileNameA
#endif

/* ---- Standard input, output and error ---------------------------------------- */

/** GetFileType: neither of the others, or an error. */
#define FILE_TYPE_UNKNOWN 0x0000u
/** GetFileType: a file or a directory. */
#define FILE_TYPE_DISK 0x0001u
/** GetFileType: a terminal or another device. */
#define FILE_TYPE_CHAR 0x0002u
/** GetFileType: a pipe, FIFO or socket. */
#define FILE_TYPE_PIPE 0x0003u
/** GetStdHandle: standard input. */
#define STD_INPUT_HANDLE 0xFFFFFFF6u
/** GetStdHandle: standard output. */
#define STD_OUTPUT_HANDLE 0xFFFFFFF5u
/** GetStdHandle: standard error. */
#define STD_ERROR_HANDLE 0xFFFFFFF4u

/**
 * A handle of a standard stream. Closing the handle does not close the stream.
 *
 * @param nStdHandle STD_INPUT_HANDLE, STD_OUTPUT_HANDLE or STD_ERROR_HANDLE
 * @return the handle, the same one in every call; NULL: the program has no such stream; or
 *         INVALID_HANDLE_VALUE with GetLastError: ERROR_INVALID_HANDLE: another number;
 *         ERROR_NO_SYSTEM_RESOURCES
 *
 * On Linux: what printf has buffered is written later than what WriteFile writes.
 */
WINSHM_API HANDLE GetStdHandle(DWORD nStdHandle);

/**
 * Sets what GetStdHandle returns, and what programs started by CreateProcess get if it is
 * an inheritable handle of a file. The streams of the C library stay what they are.
 *
 * @param nStdHandle as in GetStdHandle
 * @param hHandle    any value
 * @return TRUE, or FALSE with GetLastError: ERROR_INVALID_HANDLE: another number
 */
WINSHM_API BOOL SetStdHandle(DWORD nStdHandle, HANDLE hHandle);

/**
 * Tells what kind of file a handle means.
 *
 * @param hFile a handle of a file
 * @return FILE_TYPE_DISK, FILE_TYPE_CHAR or FILE_TYPE_PIPE; or FILE_TYPE_UNKNOWN with
 *         GetLastError: ERROR_INVALID_HANDLE: not an open handle of a file
 */
WINSHM_API DWORD GetFileType(HANDLE hFile);

/* ---- Processes, and the calling thread --------------------------------------- */

/** Ends a process. */
#define PROCESS_TERMINATE 0x0001u
/** Makes threads in a process; not possible here. */
#define PROCESS_CREATE_THREAD 0x0002u
/** Changes the memory of a process; not possible here. */
#define PROCESS_VM_OPERATION 0x0008u
/** Reads the memory of a process; not possible here. */
#define PROCESS_VM_READ 0x0010u
/** Writes to the memory of a process; not possible here. */
#define PROCESS_VM_WRITE 0x0020u
/** Duplicates handles out of a process, or into it. */
#define PROCESS_DUP_HANDLE 0x0040u
/** Makes child processes; not possible here. */
#define PROCESS_CREATE_PROCESS 0x0080u
/** Sets limits of a process; not possible here. */
#define PROCESS_SET_QUOTA 0x0100u
/** Sets properties of a process; not possible here. */
#define PROCESS_SET_INFORMATION 0x0200u
/** Asks for the exit code and other properties of a process. */
#define PROCESS_QUERY_INFORMATION 0x0400u
/** Suspends a process; not possible here. */
#define PROCESS_SUSPEND_RESUME 0x0800u
/** Asks for the exit code and the id of a process. */
#define PROCESS_QUERY_LIMITED_INFORMATION 0x1000u
/** Every right to a process. */
#define PROCESS_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF)
/** The exit code of a process or thread that has not ended. */
#define STILL_ACTIVE 259u

/**
 * A pseudo-handle for the calling process: (HANDLE)-1. Closing it does nothing;
 * DuplicateHandle makes a real handle of it.
 *
 * @return the pseudo-handle
 */
WINSHM_API HANDLE GetCurrentProcess(void);

/**
 * A pseudo-handle for the calling thread: (HANDLE)-2.
 *
 * @return the pseudo-handle
 */
WINSHM_API HANDLE GetCurrentThread(void);

/**
 * The process id, as getpid gives it.
 *
 * @return the id
 *
 * On Linux: processes of other PID namespaces (containers) know it by another number.
 */
WINSHM_API DWORD GetCurrentProcessId(void);

/**
 * The id of the calling thread, as gettid gives it; unique in the system.
 *
 * @return the id
 *
 * On Linux: the main thread has the id of its process.
 */
WINSHM_API DWORD GetCurrentThreadId(void);

/**
 * Sleeps.
 *
 * @param dwMilliseconds at least this long; 0: lets another thread run; INFINITE: for ever
 */
WINSHM_API void Sleep(DWORD dwMilliseconds);

/**
 * Sleep.
 *
 * @param dwMilliseconds as in Sleep
 * @param bAlertable     accepted; nothing queues calls to a thread here
 * @return 0
 *
 * On Linux: nothing queues calls to a thread: bAlertable has no effect.
 */
WINSHM_API DWORD SleepEx(DWORD dwMilliseconds, BOOL bAlertable);

/**
 * Opens a process. It can be waited for: it is signalled when it has ended, also
 * before its parent has asked how.
 *
 * @param dwDesiredAccess SYNCHRONIZE, PROCESS_QUERY_LIMITED_INFORMATION,
 *                        PROCESS_QUERY_INFORMATION, PROCESS_TERMINATE,
 *                        PROCESS_DUP_HANDLE or other rights
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param dwProcessId     a process id, as getpid gives it
 * @return a handle, or NULL with GetLastError:
 *         ERROR_INVALID_PARAMETER: there is no such process;
 *         ERROR_ACCESS_DENIED: no rights, or PROCESS_TERMINATE of another user's;
 *         ERROR_TOO_MANY_OPEN_FILES: a process handle takes a file descriptor
 *
 * On Linux: a handle takes a file descriptor. Rights but those to wait, to query and
 * to terminate are recorded without effect.
 */
WINSHM_API HANDLE OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId);

/**
 * Tells how a process ended.
 *
 * @param hProcess   a handle with PROCESS_QUERY_LIMITED_INFORMATION or
 *                   PROCESS_QUERY_INFORMATION
 * @param lpExitCode receives STILL_ACTIVE; the exit status, 0 to 255; 128 and the
 *                   number of the signal that killed it; or what this process gave
 *                   to TerminateProcess
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a process;
 *         ERROR_ACCESS_DENIED: the handle lacks the right;
 *         ERROR_NOACCESS: lpExitCode is NULL;
 *         ERROR_NOT_SUPPORTED: it has ended, is no child of this process, and the
 *         kernel does not tell: its parent has asked and Linux is older than 6.15,
 *         or it has not and the process is another user's
 *
 * On Linux: exit codes have 8 bits; of a killed process it is 128 and the number of
 * the signal, and what TerminateProcess gave is known to its caller only. Of others'
 * children the kernel may not tell it.
 */
WINSHM_API BOOL GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode);

/**
 * Ends a process at once.
 *
 * @param hProcess  a handle with PROCESS_TERMINATE
 * @param uExitCode what GetExitCodeProcess tells in this process; of the calling
 *                  process itself: its exit status, of which 8 bits remain
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a process;
 *         ERROR_ACCESS_DENIED: the handle lacks PROCESS_TERMINATE, or the process
 *         has ended
 *
 * On Linux: as SIGKILL does; the calling process itself, as _exit does. Other
 * processes do not learn uExitCode.
 */
WINSHM_API BOOL TerminateProcess(HANDLE hProcess, UINT uExitCode);

/**
 * The id of a process.
 *
 * @param Process a handle with PROCESS_QUERY_LIMITED_INFORMATION or
 *                PROCESS_QUERY_INFORMATION
 * @return the id, or 0 with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a process;
 *         ERROR_ACCESS_DENIED: the handle lacks the right
 */
WINSHM_API DWORD GetProcessId(HANDLE Process);

/* ---- Starting programs ------------------------------------------------------- */

/** CreateProcess: a debugger's; not possible here. */
#define DEBUG_PROCESS 0x00000001u
/** CreateProcess: a debugger's; not possible here. */
#define DEBUG_ONLY_THIS_PROCESS 0x00000002u
/** CreateProcess: without the terminal. */
#define DETACHED_PROCESS 0x00000008u
/** CreateProcess: without effect. */
#define CREATE_NEW_CONSOLE 0x00000010u
/** CreateProcess: a priority class, without effect. */
#define NORMAL_PRIORITY_CLASS 0x00000020u
/** CreateProcess: a priority class, without effect. */
#define IDLE_PRIORITY_CLASS 0x00000040u
/** CreateProcess: a priority class, without effect. */
#define HIGH_PRIORITY_CLASS 0x00000080u
/** CreateProcess: a priority class, without effect. */
#define REALTIME_PRIORITY_CLASS 0x00000100u
/** CreateProcess: the leader of a process group. */
#define CREATE_NEW_PROCESS_GROUP 0x00000200u
/** CreateProcess: the environment is wide. */
#define CREATE_UNICODE_ENVIRONMENT 0x00000400u
/** CreateProcess: a priority class, without effect. */
#define BELOW_NORMAL_PRIORITY_CLASS 0x00004000u
/** CreateProcess: a priority class, without effect. */
#define ABOVE_NORMAL_PRIORITY_CLASS 0x00008000u
/** CreateProcess: not possible here. */
#define CREATE_PROTECTED_PROCESS 0x00040000u
/** CreateProcess: a STARTUPINFOEX; not possible here. */
#define EXTENDED_STARTUPINFO_PRESENT 0x00080000u
/** CreateProcess: without effect; there are no jobs. */
#define CREATE_BREAKAWAY_FROM_JOB 0x01000000u
/** CreateProcess: not possible here. */
#define CREATE_PRESERVE_CODE_AUTHZ_LEVEL 0x02000000u
/** CreateProcess: without effect. */
#define CREATE_DEFAULT_ERROR_MODE 0x04000000u
/** CreateProcess: without a window; without effect. */
#define CREATE_NO_WINDOW 0x08000000u
/** STARTUPINFO: wShowWindow counts; without effect. */
#define STARTF_USESHOWWINDOW 0x00000001u
/** STARTUPINFO: dwXSize and dwYSize count; without effect. */
#define STARTF_USESIZE 0x00000002u
/** STARTUPINFO: dwX and dwY count; without effect. */
#define STARTF_USEPOSITION 0x00000004u
/** STARTUPINFO: the standard streams count. */
#define STARTF_USESTDHANDLES 0x00000100u

/**
 * Starts a program. It gets this process's inheritable handles under their values (see
 * SetHandleInformation), and its arguments as the C library of a Windows program takes
 * the command line apart.
 *
 * Without lpApplicationName the program is what lpCommandLine begins with. Without a
 * slash or backslash in that, it is looked for beside this program, in the working
 * directory and along PATH. A name that ends in ".exe" also means the file without
 * that, and one without an extension the file with it.
 *
 * @param lpApplicationName    the path of the program, or NULL
 * @param lpCommandLine        the command line, program's name first; NULL:
 *                             lpApplicationName alone. It is not written to
 * @param lpProcessAttributes  NULL, or whether the handle of the process is inheritable
 * @param lpThreadAttributes   as lpProcessAttributes, for the handle of its first thread
 * @param bInheritHandles      0: it inherits no handles
 * @param dwCreationFlags      CREATE_NEW_PROCESS_GROUP: it leads a process group;
 *                             DETACHED_PROCESS: it leads a session without a terminal;
 *                             CREATE_UNICODE_ENVIRONMENT: lpEnvironment is wide (not
 *                             here). CREATE_NO_WINDOW, CREATE_NEW_CONSOLE,
 *                             CREATE_DEFAULT_ERROR_MODE, CREATE_BREAKAWAY_FROM_JOB
 *                             and priority classes have no effect
 * @param lpEnvironment        strings "name=value" and then an empty one; NULL: the
 *                             environment of this process
 * @param lpCurrentDirectory   its working directory; NULL: that of this process
 * @param lpStartupInfo        with STARTF_USESTDHANDLES its standard streams: handles of
 *                             files; NULL or INVALID_HANDLE_VALUE for nothing. Without,
 *                             they are those of this process; with bInheritHandles, what
 *                             SetStdHandle has set, if that is an inheritable handle of a
 *                             file. The rest has no effect
 * @param lpProcessInformation receives handles with every right, both to be closed, and
 *                             ids
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND: no such program;
 *         ERROR_ACCESS_DENIED: it is no program for this user, or a directory;
 *         ERROR_BAD_EXE_FORMAT: the system cannot run it;
 *         ERROR_DIRECTORY: lpCurrentDirectory is no directory;
 *         ERROR_FILENAME_EXCED_RANGE: the command line is too long;
 *         ERROR_INVALID_PARAMETER: no program is named, unknown flags, or
 *         CREATE_NEW_CONSOLE with DETACHED_PROCESS;
 *         ERROR_INVALID_HANDLE: a standard stream is no handle of a file;
 *         ERROR_NOACCESS: lpStartupInfo or lpProcessInformation is NULL;
 *         ERROR_NOT_SUPPORTED: CREATE_SUSPENDED, flags for debuggers and jobs,
 *         EXTENDED_STARTUPINFO_PRESENT, or CREATE_UNICODE_ENVIRONMENT with this function;
 *         ERROR_TOO_MANY_OPEN_FILES: a process takes a file descriptor
 *
 * On Linux: the exit code has 8 bits. The library asks for it as soon as the program has
 * ended, so that it does not stay a zombie: the caller's wait and waitpid do not find it
 * (and if they do, because they are faster, GetExitCodeProcess needs Linux 6.15). With
 * SIGCHLD ignored there is no exit code before Linux 6.15 either, and never one of a
 * program that has ended before CreateProcess returns. The handle of the thread is
 * signalled when the process has ended. Descriptors of the caller's own that are not
 * close-on-exec are inherited, whatever bInheritHandles says.
 */
WINSHM_API
BOOL CreateProcessA(LPCSTR lpApplicationName,
                    LPSTR lpCommandLine,
                    LPSECURITY_ATTRIBUTES lpProcessAttributes,
                    LPSECURITY_ATTRIBUTES lpThreadAttributes,
                    BOOL bInheritHandles,
                    DWORD dwCreationFlags,
                    LPVOID lpEnvironment,
                    LPCSTR lpCurrentDirectory,
                    LPSTARTUPINFOA lpStartupInfo,
                    LPPROCESS_INFORMATION lpProcessInformation);

/**
 * CreateProcessA with wide texts.
 *
 * @param lpEnvironment as in CreateProcessA, with CREATE_UNICODE_ENVIRONMENT of wide
 *                      strings
 * @return as CreateProcessA; ERROR_INVALID_NAME: a unit above 0x10FFFF, or half a
 *         surrogate pair
 *
 */
WINSHM_API
BOOL CreateProcessW(LPCWSTR lpApplicationName,
                    LPWSTR lpCommandLine,
                    LPSECURITY_ATTRIBUTES lpProcessAttributes,
                    LPSECURITY_ATTRIBUTES lpThreadAttributes,
                    BOOL bInheritHandles,
                    DWORD dwCreationFlags,
                    LPVOID lpEnvironment,
                    LPCWSTR lpCurrentDirectory,
                    LPSTARTUPINFOW lpStartupInfo,
                    LPPROCESS_INFORMATION lpProcessInformation)
WINSHM_WIDE(CreateProcessW);

#ifdef UNICODE
#define CreateProcess CreateProcessW
#else
#define CreateProcess CreateProcessA
#endif

/* ---- Threads ----------------------------------------------------------------- */

/** Ends a thread; not possible here. */
#define THREAD_TERMINATE 0x0001u
/** Resumes a thread. */
#define THREAD_SUSPEND_RESUME 0x0002u
/** Asks for the registers of a thread; not possible here. */
#define THREAD_GET_CONTEXT 0x0008u
/** Sets the registers of a thread; not possible here. */
#define THREAD_SET_CONTEXT 0x0010u
/** Sets properties of a thread; not possible here. */
#define THREAD_SET_INFORMATION 0x0020u
/** Asks for the exit code and other properties of a thread. */
#define THREAD_QUERY_INFORMATION 0x0040u
/** Asks for the exit code and the id of a thread. */
#define THREAD_QUERY_LIMITED_INFORMATION 0x0800u
/** Every right to a thread. */
#define THREAD_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF)
/** CreateThread: the thread begins when ResumeThread is called. */
#define CREATE_SUSPENDED 0x00000004u
/** CreateThread: accepted; stacks are always reserved. */
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x00010000u

/**
 * Starts a thread. The handle can be waited for; closing it does not end the thread.
 *
 * @param lpThreadAttributes NULL, or whether the handle is inheritable, and the
 *                           security descriptor of a new thread (SetSecurityDescriptorDacl)
 * @param dwStackSize        bytes of stack; 0: as usual
 * @param lpStartAddress     what it runs; the returned value is its exit code
 * @param lpParameter        is passed to it
 * @param dwCreationFlags    0, CREATE_SUSPENDED, STACK_SIZE_PARAM_IS_A_RESERVATION
 * @param lpThreadId         NULL, or receives its id, as gettid gives it
 * @return a handle, or NULL with GetLastError:
 *         ERROR_INVALID_PARAMETER: lpStartAddress is NULL, or unknown flags;
 *         ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY: no thread can be made
 *
 * On Linux: it is one of pthread's threads, detached. dwStackSize is the whole stack,
 * at least 256 KiB, also without STACK_SIZE_PARAM_IS_A_RESERVATION.
 */
WINSHM_API
HANDLE CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes,
                    SIZE_T dwStackSize,
                    LPTHREAD_START_ROUTINE lpStartAddress,
                    LPVOID lpParameter,
                    DWORD dwCreationFlags,
                    LPDWORD lpThreadId);

/**
 * CreateThread, as the C library of Windows spells it.
 *
 * @param security   as in CreateThread
 * @param stack_size as in CreateThread
 * @param start      as in CreateThread
 * @param argument   as in CreateThread
 * @param initflag   as in CreateThread
 * @param thrdaddr   as in CreateThread
 * @return a handle, or 0 with errno EINVAL or EAGAIN, and GetLastError as CreateThread
 */
WINSHM_API
size_t _beginthreadex(LPVOID security,
                      UINT stack_size,
                      LPTHREAD_START_ROUTINE start,
                      LPVOID argument,
                      UINT initflag,
                      LPDWORD thrdaddr);

/**
 * Ends the calling thread.
 *
 * @param dwExitCode what GetExitCodeThread tells, if the thread has a handle
 *
 * On Linux: as pthread_exit does: the destructors of C++ objects on its stack run.
 */
WINSHM_API void ExitThread(DWORD dwExitCode) WINSHM_NORETURN;

/**
 * Opens a thread. It can be waited for: it is signalled when it has ended.
 *
 * @param dwDesiredAccess SYNCHRONIZE, THREAD_QUERY_LIMITED_INFORMATION,
 *                        THREAD_SUSPEND_RESUME or other rights
 * @param bInheritHandle  any value but 0: the handle is inheritable
 * @param dwThreadId      a thread id, as gettid gives it
 * @return a handle, or NULL with GetLastError:
 *         ERROR_INVALID_PARAMETER: there is no such thread;
 *         ERROR_ACCESS_DENIED: no rights, or unknown ones
 *
 * On Linux: threads that neither CreateThread made nor used this library can be opened
 * since Linux 6.9.
 */
WINSHM_API HANDLE OpenThread(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwThreadId);

/**
 * Tells how a thread ended.
 *
 * @param hThread    a handle with THREAD_QUERY_LIMITED_INFORMATION or
 *                   THREAD_QUERY_INFORMATION
 * @param lpExitCode receives STILL_ACTIVE, or what it returned or gave to ExitThread;
 *                   0 if it ended in another way
 * @return TRUE, or FALSE with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a thread;
 *         ERROR_ACCESS_DENIED: the handle lacks the right;
 *         ERROR_NOACCESS: lpExitCode is NULL
 *
 * On Linux: 0 for a thread that ended by pthread_exit.
 */
WINSHM_API BOOL GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode);

/**
 * Lets a thread begin that was made with CREATE_SUSPENDED.
 *
 * @param hThread a handle with THREAD_SUSPEND_RESUME
 * @return 1 if it was suspended, 0 if it was running; or 0xFFFFFFFF with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a thread;
 *         ERROR_ACCESS_DENIED: the handle lacks the right
 *
 * On Linux: there is no SuspendThread, so a thread is suspended once or not at all.
 */
WINSHM_API DWORD ResumeThread(HANDLE hThread);

/**
 * Lets another thread run.
 *
 * @return TRUE
 *
 * On Linux: TRUE also when no other thread ran.
 */
WINSHM_API BOOL SwitchToThread(void);

/**
 * The id of a thread.
 *
 * @param Thread a handle with THREAD_QUERY_LIMITED_INFORMATION or
 *               THREAD_QUERY_INFORMATION
 * @return the id, or 0 with GetLastError:
 *         ERROR_INVALID_HANDLE: not an open handle of a thread;
 *         ERROR_ACCESS_DENIED: the handle lacks the right
 */
WINSHM_API DWORD GetThreadId(HANDLE Thread);

/* ---- The machine and its clocks ---------------------------------------------- */

/** x86-64. */
#define PROCESSOR_ARCHITECTURE_AMD64 9
/** x86-64. */
#define PROCESSOR_AMD_X8664 8664u

/**
 * Describes the machine: 4096-byte pages, 65536-byte granularity of addresses.
 *
 * @param lpSystemInfo receives the answer; NULL: nothing happens but GetLastError
 *                     ERROR_NOACCESS
 *
 * On Linux: it counts all processors that are online, also more than 64, and also those
 * that the process may not use.
 */
WINSHM_API void GetSystemInfo(LPSYSTEM_INFO lpSystemInfo);

/**
 * GetSystemInfo.
 *
 * @param lpSystemInfo as in GetSystemInfo
 */
WINSHM_API void GetNativeSystemInfo(LPSYSTEM_INFO lpSystemInfo);

/**
 * Milliseconds since the system started, time asleep included. Begins again at 0
 * after 49.7 days.
 *
 * @return the time
 *
 * On Linux: it steps by 1 ms, where Windows steps by 10 to 16.
 */
WINSHM_API DWORD GetTickCount(void);

/**
 * Milliseconds since the system started, time asleep included.
 *
 * @return the time
 *
 * On Linux: it steps by 1 ms, where Windows steps by 10 to 16.
 */
WINSHM_API ULONGLONG GetTickCount64(void);

/**
 * Reads a clock of high resolution that never goes back, the same in every process.
 *
 * @param lpPerformanceCount receives the count of ticks
 * @return TRUE, or FALSE with GetLastError ERROR_NOACCESS: the pointer is NULL
 *
 * On Linux: time asleep does not count.
 */
WINSHM_API BOOL QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);

/**
 * Tells how often QueryPerformanceCounter's clock ticks.
 *
 * @param lpFrequency receives ticks per second: 10,000,000, as on current Windows
 * @return TRUE, or FALSE with GetLastError ERROR_NOACCESS: the pointer is NULL
 */
WINSHM_API BOOL QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);

/**
 * The time, as files and timers have it.
 *
 * @param lpSystemTimeAsFileTime receives it: units of 100 ns since 1601, UTC; NULL is
 *                               ignored
 *
 * On Linux: it steps by 100 ns or little more, where Windows steps by up to 16 ms.
 */
WINSHM_API void GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime);

#ifdef UNICODE
typedef STARTUPINFOW STARTUPINFO;
typedef LPSTARTUPINFOW LPSTARTUPINFO;
#else
typedef STARTUPINFOA STARTUPINFO;
typedef LPSTARTUPINFOA LPSTARTUPINFO;
#endif

/*
 * Sources give LONG_MAX as the maximum of a semaphore, which has 64 bits here: what
 * is more than a LONG can hold means the largest one.
 */
static inline LONG winshm_clamp_long(long long value)
{
    return value > 0x7FFFFFFFLL ? 0x7FFFFFFF : value < -0x7FFFFFFFLL ? -0x7FFFFFFF : (LONG)value;
}
#define CreateSemaphoreA(attributes, count, maximum, name) \
    CreateSemaphoreA(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name)
#define CreateSemaphoreW(attributes, count, maximum, name) \
    CreateSemaphoreW(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name)
#define CreateSemaphoreExA(attributes, count, maximum, name, flags, access) \
    CreateSemaphoreExA(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name, flags, access)
#define CreateSemaphoreExW(attributes, count, maximum, name, flags, access) \
    CreateSemaphoreExW(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name, flags, access)

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* WINSHM_H */
