/*
 * header_values_nt.c - the numbers and structures of <winternl.h> against Microsoft's
 * documentation (the types of sections are the driver kit's).
 */
#include "header_values.h"

#include <winternl.h>
/* Programs repeat definitions of ntstatus.h: the same words again must be no error. */
#define STATUS_SUCCESS ((NTSTATUS)0x00000000L)

#define STATUS(name, value) HOLDS((name) == (NTSTATUS)(value) && sizeof(name) == 4)

STATUS(STATUS_SUCCESS, 0);
STATUS(STATUS_UNSUCCESSFUL, 0xC0000001);
STATUS(STATUS_INVALID_INFO_CLASS, 0xC0000003);
STATUS(STATUS_INFO_LENGTH_MISMATCH, 0xC0000004);
STATUS(STATUS_ACCESS_VIOLATION, 0xC0000005);
STATUS(STATUS_INVALID_HANDLE, 0xC0000008);
STATUS(STATUS_ACCESS_DENIED, 0xC0000022);
STATUS(STATUS_OBJECT_TYPE_MISMATCH, 0xC0000024);
STATUS(STATUS_SECTION_NOT_IMAGE, 0xC0000049);
STATUS(STATUS_INTERNAL_ERROR, 0xC00000E5);
STATUS(STATUS_HANDLE_NOT_CLOSABLE, 0xC0000235);

HOLDS(NT_SUCCESS(STATUS_SUCCESS) && NT_SUCCESS(0x40000000) && !NT_SUCCESS(STATUS_ACCESS_DENIED));
VALUE(SectionBasicInformation, 0);
VALUE(SectionImageInformation, 1);
HOLDS(sizeof(SECTION_BASIC_INFORMATION) == 24);
HOLDS(offsetof(SECTION_BASIC_INFORMATION, AllocationAttributes) == 8);
HOLDS(offsetof(SECTION_BASIC_INFORMATION, MaximumSize) == 16);
VALUE(SEC_FILE, 0x800000);
VALUE(SEC_LARGE_PAGES, 0x80000000);

int main(void)
{
    printf("ok: header values of winternl.h\n");
    return 0;
}
