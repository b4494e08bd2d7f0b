/*
 * Asks for the size and the attributes of a section that somebody else created.
 * The documented functions do not tell, so NtQuerySection is loaded from ntdll.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <stdio.h>

typedef enum _SECTION_INFORMATION_CLASS { SectionBasicInformation, SectionImageInformation } SECTION_INFORMATION_CLASS;

typedef struct _SECTION_BASIC_INFORMATION {
    PVOID BaseAddress;
    ULONG Attributes;
    LARGE_INTEGER Size;
} SECTION_BASIC_INFORMATION;

typedef LONG(WINAPI *NTQUERYSECTION)(HANDLE, SECTION_INFORMATION_CLASS, PVOID, ULONG, PULONG);
typedef LONG(WINAPI *NTCLOSE)(HANDLE);

#ifndef SEC_COMMIT
#define SEC_COMMIT 0x8000000
#endif
#define STATUS_INVALID_HANDLE_ ((LONG)0xC0000008)
#define STATUS_ACCESS_DENIED_ ((LONG)0xC0000022)

static NTQUERYSECTION pNtQuerySection;
static NTCLOSE pNtClose;

static void Query(const char *what, HANDLE section)
{
    SECTION_BASIC_INFORMATION info;
    ULONG length = 0;
    LONG status = pNtQuerySection(section, SectionBasicInformation, &info, sizeof(info), &length);

    if (status < 0)
        printf("%s: status 0x%08X\n", what, (unsigned)status);
    else
        printf("%s: %d bytes, attributes 0x%08X, %d bytes of information\n", what, (int)info.Size.QuadPart,
               (unsigned)info.Attributes, (int)length);
}

int main(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    HANDLE section, other, event;

    if (!ntdll) {
        printf("no ntdll: error %d\n", (int)GetLastError());
        return 1;
    }
    pNtQuerySection = (NTQUERYSECTION)(void *)GetProcAddress(ntdll, "NtQuerySection");
    pNtClose = (NTCLOSE)(void *)GetProcAddress(ntdll, "NtClose");
    if (!pNtQuerySection || !pNtClose) {
        printf("not in this ntdll: error %d\n", (int)GetLastError());
        return 1;
    }
    if (!GetProcAddress(ntdll, "NtNoSuchFunction"))
        printf("NtNoSuchFunction: error %d\n", (int)GetLastError());
    if (!GetModuleHandleA("nosuchmodule.dll"))
        printf("nosuchmodule.dll: error %d\n", (int)GetLastError());

    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 100000, "SampleQuerySection");
    other = OpenFileMappingA(SECTION_QUERY | FILE_MAP_READ, FALSE, "SampleQuerySection");
    Query("committed", other);
    pNtClose(other);
    other = OpenFileMappingA(FILE_MAP_WRITE, FALSE, "SampleQuerySection");
    Query("without the right to query", other);
    pNtClose(other);
    printf("closed: 0x%08X\n", (unsigned)pNtClose(section));
    printf("closed again: 0x%08X\n", (unsigned)pNtClose(section));

    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, 1 << 20, NULL);
    Query("reserved", section);
    pNtClose(section);
    Query("closed", section);

    event = CreateEventA(NULL, TRUE, FALSE, NULL);
    Query("an event", event);
    printf("closed by its other name: %d\n", CloseHandle(event));
    return 0;
}
