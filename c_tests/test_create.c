/*
 * test_create.c - CreateFileMapping: which arguments make an object, how large
 * it is, and what the last error says. What a second creator of a name gets
 * is told in test_create_again.c.
 */
#include "check.h"

/* A creator always learns from the last error whether the object is new: 0, even if something failed before. */
static void a_new_object_clears_the_last_error(void)
{
    HANDLE mapping;

    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, NAME("fresh")), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(mapping = CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, widen(NAME("wide"))), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
}

/* Exactly one page protection out of six, and none of the modifiers. */
static void exactly_one_of_six_protections_is_required(void)
{
    static const DWORD right[] = {PAGE_READONLY,     PAGE_READWRITE,         PAGE_WRITECOPY,
                                  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY};
    static const DWORD wrong[] = {0,
                                  PAGE_NOACCESS,
                                  PAGE_EXECUTE,
                                  PAGE_READONLY | PAGE_READWRITE,
                                  PAGE_READWRITE | PAGE_WRITECOPY,
                                  PAGE_READWRITE | PAGE_EXECUTE_READ,
                                  PAGE_READWRITE | PAGE_GUARD,
                                  PAGE_READWRITE | PAGE_NOCACHE,
                                  PAGE_READWRITE | PAGE_WRITECOMBINE,
                                  0xFF,
                                  SEC_COMMIT,
                                  SEC_COMMIT | PAGE_NOACCESS};
    HANDLE mapping;
    size_t i;

    for (i = 0; i < sizeof right / sizeof right[0]; ++i) {
        CHECK_LAST(mapping = new_memory(right[i], 4096, NULL), ERROR_SUCCESS);
        CHECK(CloseHandle(mapping));
    }
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i)
        CHECK_ERROR(new_memory(wrong[i], 4096, NULL), ERROR_INVALID_PARAMETER);
}

/* Memory is committed or reserved, never both; the cache attributes need one of the two. */
static void section_attributes_go_together_or_not(void)
{
    static const DWORD right[] = {SEC_COMMIT, SEC_RESERVE, SEC_NOCACHE | SEC_COMMIT, SEC_NOCACHE | SEC_RESERVE,
                                  SEC_WRITECOMBINE | SEC_COMMIT};
    static const DWORD wrong[] = {SEC_COMMIT | SEC_RESERVE, SEC_NOCACHE, SEC_FILE, SEC_LARGE_PAGES};
    static const DWORD images[] = {SEC_IMAGE, SEC_IMAGE_NO_EXECUTE};
    HANDLE mapping;
    size_t i;

    for (i = 0; i < sizeof right / sizeof right[0]; ++i) {
        CHECK_LAST(mapping = new_memory(PAGE_READWRITE | right[i], 4096, NULL), ERROR_SUCCESS);
        CHECK(CloseHandle(mapping));
    }
    CHECK_LAST(mapping = new_memory(PAGE_READONLY | SEC_COMMIT, 4096, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(mapping = new_memory(PAGE_WRITECOPY | SEC_RESERVE, 4096, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(mapping = new_memory(PAGE_EXECUTE_READWRITE | SEC_COMMIT, 4096, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i)
        CHECK_ERROR(new_memory(PAGE_READWRITE | wrong[i], 4096, NULL), ERROR_INVALID_PARAMETER);

    /* Memory is not an executable file. */
    for (i = 0; i < sizeof images / sizeof images[0]; ++i) {
        CHECK_ERROR(new_memory(PAGE_READONLY | images[i], 4096, NULL), ERROR_BAD_EXE_FORMAT);
        CHECK_ERROR(new_memory(PAGE_READWRITE | images[i], 4096, NULL), ERROR_BAD_EXE_FORMAT);
    }
}

/* Without a file there is no size to take over, so somebody must say one. */
static void memory_needs_a_size(void)
{
    static const DWORD protections[] = {0,
                                        PAGE_NOACCESS,
                                        PAGE_READONLY,
                                        PAGE_READWRITE,
                                        PAGE_WRITECOPY,
                                        PAGE_EXECUTE_READ,
                                        PAGE_EXECUTE_READWRITE,
                                        PAGE_EXECUTE_WRITECOPY,
                                        PAGE_READWRITE | SEC_RESERVE};
    size_t i;

    for (i = 0; i < sizeof protections / sizeof protections[0]; ++i) {
        CHECK_ERROR(new_memory(protections[i], 0, NULL), ERROR_INVALID_PARAMETER);
        CHECK_ERROR(new_memory(protections[i], 0, NAME("empty")), ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(CreateFileMappingA(NULL, NULL, PAGE_READWRITE, 0, 0, NULL), ERROR_INVALID_PARAMETER);
}

/* One byte asked for is a whole page: zeroed, writable to its end, and not a byte more. */
static void sizes_are_rounded_up_to_pages(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 1, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    void *part;

    if (CHECK(view != NULL)) {
        CHECK(view[0] == 0 && view[4095] == 0);
        view[4095] = 7;
        CHECK(view[4095] == 7);
        CHECK(UnmapViewOfFile(view));
    }
    CHECK((part = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 2)) != NULL && UnmapViewOfFile(part));
    CHECK((part = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 4096)) != NULL && UnmapViewOfFile(part));
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 4097), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(mapping));

    mapping = new_memory(PAGE_READWRITE, 65537, NULL);
    CHECK((part = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 65536, 4096)) != NULL && UnmapViewOfFile(part));
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 65536, 4097), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(mapping));
}

/* Writes at both ends of the last 64 KiB and reads them back through a second view. */
static void use_last_window(HANDLE mapping, DWORD high, DWORD low)
{
    char *last = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, high, low, 65536);
    char *again = (char *)MapViewOfFile(mapping, FILE_MAP_READ, high, low, 0);

    if (CHECK(last != NULL && again != NULL) && CHECK(VirtualAlloc(last, 65536, MEM_COMMIT, PAGE_READWRITE) == last)) {
        CHECK(last[0] == 0 && last[65535] == 0);
        last[0] = 1;
        last[65535] = 2;
        CHECK(again[0] == 1 && again[65535] == 2);
        CHECK(UnmapViewOfFile(last));
        CHECK(UnmapViewOfFile(again));
    }
}

/* The size has 64 bits, and so have the offsets of views. */
static void use_six_gigabytes(HANDLE mapping)
{
    char *first = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 65536);
    char *middle = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, 1, 0, 65536);

    if (CHECK(first != NULL && middle != NULL)) {
        CHECK(VirtualAlloc(first, 4096, MEM_COMMIT, PAGE_READWRITE) == first);
        CHECK(VirtualAlloc(middle, 4096, MEM_COMMIT, PAGE_READWRITE) == middle);
        first[0] = 1;
        CHECK(middle[0] == 0);
        CHECK(UnmapViewOfFile(first));
        CHECK(UnmapViewOfFile(middle));
    }
    use_last_window(mapping, 1, 0x7FFF0000);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 1, 0x7FFF0000, 131072), ERROR_ACCESS_DENIED);
    CHECK_ERROR_OR_WINE(MapViewOfFile(mapping, FILE_MAP_WRITE, 1, 0x80000000u, 65536), ERROR_ACCESS_DENIED,
                        ERROR_INVALID_PARAMETER);
}

/* Reserved memory costs nothing until it is committed, so six gigabytes and a terabyte fit anywhere. */
static void objects_can_exceed_four_gigabytes(void)
{
    HANDLE mapping;

    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | SEC_RESERVE, 1, 0x80000000u, NULL), ERROR_SUCCESS);
    use_six_gigabytes(mapping);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | SEC_RESERVE, 1, 1, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | SEC_RESERVE, 0x100, 0, NULL), ERROR_SUCCESS);
    use_last_window(mapping, 0xFF, 0xFFFF0000u);
    CHECK(CloseHandle(mapping));

    /* Committed memory is promised, so a small machine may refuse: with this code and no other. */
    SetLastError(SENTINEL);
    mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 1, 0x80000000u, NULL);
    CHECK(GetLastError() == (mapping != NULL ? ERROR_SUCCESS : ERROR_COMMITMENT_LIMIT));
    if (mapping != NULL) {
        use_six_gigabytes(mapping);
        CHECK(CloseHandle(mapping));
    }
}

/* Sizes that no address space holds, and one that overflows when rounded up. */
static void absurd_sizes_are_refused(void)
{
    CHECK_ERROR_OR_WINE(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0xFFFFFFFFu, 0xFFFFFFFFu, NULL),
                        ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0x80000000u, 0, NULL), ERROR_INVALID_PARAMETER);
}

/* The file is a file or INVALID_HANDLE_VALUE (NULL is taken as the same), never another kind of object. */
static void the_file_argument_must_be_a_file(void)
{
    HANDLE mapping, event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK_LAST(mapping = CreateFileMappingA(NULL, NULL, PAGE_READWRITE, 0, 4096, NULL), ERROR_SUCCESS);
    CHECK_ERROR(CreateFileMappingA(mapping, NULL, PAGE_READWRITE, 0, 4096, NULL), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(CreateFileMappingA(mapping, NULL, PAGE_READWRITE, 0, 4096, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateFileMappingA(event, NULL, PAGE_READWRITE, 0, 4096, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateFileMappingA(GARBAGE_HANDLE, NULL, PAGE_READWRITE, 0, 4096, NULL), ERROR_INVALID_HANDLE);
    /* The protection is looked at first. */
    CHECK_ERROR(CreateFileMappingA(GARBAGE_HANDLE, NULL, 0, 0, 4096, NULL), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(event));
}

/* A name that was refused is not taken. */
static void a_failed_creation_leaves_no_name(void)
{
    const char *name = NAME("refused");

    CHECK_ERROR(new_memory(PAGE_NOACCESS, 4096, name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 0, name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateFileMappingA(GARBAGE_HANDLE, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    check_begin();
    a_new_object_clears_the_last_error();
    exactly_one_of_six_protections_is_required();
    section_attributes_go_together_or_not();
    memory_needs_a_size();
    sizes_are_rounded_up_to_pages();
    objects_can_exceed_four_gigabytes();
    absurd_sizes_are_refused();
    the_file_argument_must_be_a_file();
    a_failed_creation_leaves_no_name();
    return check_end();
}
