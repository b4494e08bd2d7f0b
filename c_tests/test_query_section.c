/*
 * test_query_section.c - NtQuerySection and NtClose, as programs use them that get
 * them from ntdll.dll: the size and kind of a section, by a status and not by the last
 * error. Sections of files are in test_file_section.c.
 */
#include "check.h"

#include <winternl.h>

/* Asks for the section's size and attributes; -1 attributes if that fails. */
static SECTION_BASIC_INFORMATION query(HANDLE section)
{
    SECTION_BASIC_INFORMATION information;

    memset(&information, 0xFF, sizeof information);
    SetLastError(SENTINEL);
    CHECK(NtQuerySection(section, SectionBasicInformation, &information, sizeof information, NULL) == STATUS_SUCCESS);
    CHECK(GetLastError() == SENTINEL && information.BaseAddress == NULL);
    return information;
}
static NTSTATUS status_of(HANDLE section)
{
    SECTION_BASIC_INFORMATION information;
    NTSTATUS status;

    memset(&information, 0x55, sizeof information);
    SetLastError(SENTINEL);
    status = NtQuerySection(section, SectionBasicInformation, &information, sizeof information, NULL);
    CHECK(GetLastError() == SENTINEL && (NT_SUCCESS(status) || information.AllocationAttributes == 0x55555555u));
    return status;
}

/* The opener of a name learns how large the section is, in whole pages, and what it is. */
static void the_opener_of_a_name_learns_its_size(void)
{
    static const struct {
        DWORD asked, told;
    } rows[] = {
        {0, SEC_COMMIT},
        {SEC_COMMIT, SEC_COMMIT},
        {SEC_RESERVE, SEC_RESERVE},
        {SEC_COMMIT | SEC_NOCACHE, SEC_COMMIT | SEC_NOCACHE},
        {SEC_RESERVE | SEC_WRITECOMBINE, SEC_RESERVE | SEC_WRITECOMBINE},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        const char *name = NAME("size");
        HANDLE creator = new_memory(PAGE_READWRITE | rows[i].asked, 100000, name);
        HANDLE opener = OpenFileMappingA(SECTION_QUERY | FILE_MAP_READ, FALSE, name);

        CHECK(query(opener).MaximumSize.QuadPart == 102400);
        CHECK(query(opener).AllocationAttributes == rows[i].told);
        CHECK(CloseHandle(opener) && query(creator).AllocationAttributes == rows[i].told);
        CHECK(CloseHandle(creator));
    }
}

static void a_size_above_four_gigabytes_is_told_whole(void)
{
    HANDLE section = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | SEC_RESERVE, 3, 1, NULL);

    CHECK(query(section).MaximumSize.QuadPart == 3 * 0x100000000LL + 4096);
    CHECK(CloseHandle(section));
}

/* The right to ask is one of its own. */
static void asking_needs_the_right(void)
{
    HANDLE section = new_memory(PAGE_READWRITE, 4096, NULL), other, self = GetCurrentProcess();

    CHECK(DuplicateHandle(self, section, self, &other, FILE_MAP_READ | FILE_MAP_WRITE, FALSE, 0));
    CHECK(status_of(other) == STATUS_ACCESS_DENIED);
    CHECK(CloseHandle(other));
    CHECK(DuplicateHandle(self, section, self, &other, SECTION_QUERY, FALSE, 0));
    CHECK(status_of(other) == STATUS_SUCCESS);
    CHECK(CloseHandle(other) && CloseHandle(section));
}

static void only_sections_are_asked(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);

    CHECK(status_of(NULL) == STATUS_INVALID_HANDLE);
    CHECK(status_of(GARBAGE_HANDLE) == STATUS_INVALID_HANDLE);
    CHECK(status_of(GetCurrentProcess()) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(status_of(event) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(CloseHandle(event) && status_of(event) == STATUS_INVALID_HANDLE);
}

/* What is asked, how long the answer may be, where it goes: judged in this order, before the handle. */
static void wrong_questions_are_refused(void)
{
    HANDLE section = new_memory(PAGE_READWRITE, 4096, NULL);
    SECTION_BASIC_INFORMATION information;
    SIZE_T length = 77;
    char image[64];

    CHECK(NtQuerySection(section, (SECTION_INFORMATION_CLASS)9, &information, 0, &length) == STATUS_INVALID_INFO_CLASS);
    CHECK(NtQuerySection(GARBAGE_HANDLE, SectionBasicInformation, NULL, sizeof information - 1, &length) ==
          STATUS_INFO_LENGTH_MISMATCH);
    CHECK(NtQuerySection(section, SectionBasicInformation, NULL, sizeof information, &length) == STATUS_ACCESS_VIOLATION);
    CHECK(NtQuerySection(section, SectionImageInformation, image, sizeof image - 1, &length) == STATUS_INFO_LENGTH_MISMATCH);
    CHECK(NtQuerySection(section, SectionImageInformation, image, sizeof image, &length) == STATUS_SECTION_NOT_IMAGE);
    CHECK(length == 77);
    CHECK(NtQuerySection(section, SectionBasicInformation, &information, 1000, &length) == STATUS_SUCCESS);
    CHECK(length == sizeof information);
    CHECK(CloseHandle(section));
}

/* NtClose closes as CloseHandle does, and says in its own way why not. */
static void a_handle_is_closed_once(void)
{
    const char *name = NAME("closed");
    HANDLE section = new_memory(PAGE_READWRITE, 4096, name);

    SetLastError(SENTINEL);
    CHECK(NtClose(section) == STATUS_SUCCESS);
    CHECK(NtClose(section) == STATUS_INVALID_HANDLE);
    CHECK(NtClose(NULL) == STATUS_INVALID_HANDLE);
    CHECK(NtClose(GARBAGE_HANDLE) == STATUS_INVALID_HANDLE);
    CHECK(NtClose(GetCurrentProcess()) == STATUS_SUCCESS);
    CHECK(GetLastError() == SENTINEL);
    CHECK(!name_exists(name));
    section = new_memory(PAGE_READWRITE, 4096, NULL);
    CHECK(SetHandleInformation(section, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK(NtClose(section) == STATUS_HANDLE_NOT_CLOSABLE);
    CHECK(SetHandleInformation(section, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(NtClose(section) == STATUS_SUCCESS);
}

int main(void)
{
    check_begin();
    the_opener_of_a_name_learns_its_size();
    a_size_above_four_gigabytes_is_told_whole();
    asking_needs_the_right();
    only_sections_are_asked();
    wrong_questions_are_refused();
    a_handle_is_closed_once();
    return check_end();
}
