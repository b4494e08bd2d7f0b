/*
 * winshm_nt.h - functions of ntdll for Linux. Programs include <winternl.h>.
 *
 * They return a status and leave the last error alone.
 *
 * Generated from the Rust sources: change them, then run `./dev bless`.
 */
#ifndef WINSHM_NT_H
#define WINSHM_NT_H

#include "winshm.h"

/** Whether a status is a success. */
#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)

/** What NtQuerySection is asked for. */
typedef enum _SECTION_INFORMATION_CLASS {
    SectionBasicInformation = 0,
    SectionImageInformation = 1
} SECTION_INFORMATION_CLASS;

/** The function succeeded. */
#define STATUS_SUCCESS ((NTSTATUS)0x00000000L)
/** The function failed. */
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xC0000001L)
/** The function does not tell this. */
#define STATUS_INVALID_INFO_CLASS ((NTSTATUS)0xC0000003L)
/** The buffer is too small. */
#define STATUS_INFO_LENGTH_MISMATCH ((NTSTATUS)0xC0000004L)
/** A pointer that cannot be used. */
#define STATUS_ACCESS_VIOLATION ((NTSTATUS)0xC0000005L)
/** Not an open handle. */
#define STATUS_INVALID_HANDLE ((NTSTATUS)0xC0000008L)
/** The handle does not grant the right. */
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xC0000022L)
/** A handle of another kind of object. */
#define STATUS_OBJECT_TYPE_MISMATCH ((NTSTATUS)0xC0000024L)
/** The section is no executable image. */
#define STATUS_SECTION_NOT_IMAGE ((NTSTATUS)0xC0000049L)
/** A defect of this library; nothing was changed. */
#define STATUS_INTERNAL_ERROR ((NTSTATUS)0xC00000E5L)
/** HANDLE_FLAG_PROTECT_FROM_CLOSE protects the handle. */
#define STATUS_HANDLE_NOT_CLOSABLE ((NTSTATUS)0xC0000235L)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Native functions */

/**
 * The result of a function of ntdll: 0 or more is success.
 */
typedef int32_t NTSTATUS;

/**
 * What NtQuerySection tells.
 */
struct _SECTION_BASIC_INFORMATION {
    /**
     * Always NULL: sections have no address of their own.
     */
    PVOID BaseAddress;
    /**
     * SEC_COMMIT or SEC_RESERVE, or SEC_FILE for a section of a file; with
     * SEC_LARGE_PAGES, SEC_NOCACHE and SEC_WRITECOMBINE.
     */
    ULONG AllocationAttributes;
    /**
     * Bytes: of a section of a file those that were asked for, of others whole pages.
     */
    LARGE_INTEGER MaximumSize;
};

typedef struct _SECTION_BASIC_INFORMATION SECTION_BASIC_INFORMATION;

typedef struct _SECTION_BASIC_INFORMATION *PSECTION_BASIC_INFORMATION;

/**
 * Closes a handle, as CloseHandle does.
 *
 * @param Handle a handle
 * @return STATUS_SUCCESS; STATUS_INVALID_HANDLE: not an open handle;
 *         STATUS_HANDLE_NOT_CLOSABLE: HANDLE_FLAG_PROTECT_FROM_CLOSE protects it
 */
WINSHM_API NTSTATUS NtClose(HANDLE Handle);

/**
 * Tells the size and the attributes of a section.
 *
 * @param SectionHandle            a handle with SECTION_QUERY
 * @param SectionInformationClass  SectionBasicInformation
 * @param SectionInformation       receives a SECTION_BASIC_INFORMATION
 * @param SectionInformationLength the size of that, or more
 * @param ReturnLength             NULL, or receives what was written, in bytes
 * @return STATUS_SUCCESS; STATUS_INVALID_INFO_CLASS: another class;
 *         STATUS_SECTION_NOT_IMAGE: SectionImageInformation, because no section is an
 *         image; STATUS_INFO_LENGTH_MISMATCH: the length is too small;
 *         STATUS_ACCESS_VIOLATION: SectionInformation is NULL, or a pointer is no address
 *         of a process;
 *         STATUS_INVALID_HANDLE: not an open handle; STATUS_OBJECT_TYPE_MISMATCH: a
 *         handle of something else; STATUS_ACCESS_DENIED: without SECTION_QUERY
 */
WINSHM_API
NTSTATUS NtQuerySection(HANDLE SectionHandle,
                        SECTION_INFORMATION_CLASS SectionInformationClass,
                        PVOID SectionInformation,
                        SIZE_T SectionInformationLength,
                        SIZE_T *ReturnLength);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* WINSHM_NT_H */
