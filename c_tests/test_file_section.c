/*
 * test_file_section.c - CreateFileMapping on a file handle: whose rights it needs, how
 * large the section is, to the byte, and what its views show. Named ones are in
 * test_file_section_names.c, other processes in process_file_section.c.
 */
#include "files.h"

/* A file of `size` bytes: 0, 1, ... 250, 0, 1 ... */
static const char *make_file(const char *label, long size)
{
    const char *path = file_path(label);
    FILE *file = fopen(path, "wb");
    long i;

    for (i = 0; i < size && file != NULL; ++i)
        putc((int)(i % 251), file);
    CHECK(file != NULL && fclose(file) == 0);
    return path;
}
static int byte_at(const char *path, long offset)
{
    FILE *file = fopen(path, "rb");
    int byte = -1;

    if (file != NULL && fseek(file, offset, SEEK_SET) == 0)
        byte = getc(file);
    if (file != NULL)
        fclose(file);
    return byte;
}
static HANDLE section_of(HANDLE file, DWORD protection, DWORD size)
{
    return CreateFileMappingA(file, NULL, protection, 0, size, NULL);
}
static int maps(HANDLE section, DWORD access, DWORD offset, SIZE_T size)
{
    void *view = MapViewOfFile(section, access, 0, offset, size);

    return view != NULL && UnmapViewOfFile(view);
}

/* Reading is needed always, writing and running for what writes and runs. */
static void the_rights_of_the_handle_decide(void)
{
    static const DWORD protections[] = {PAGE_READONLY,     PAGE_WRITECOPY,         PAGE_READWRITE,
                                        PAGE_EXECUTE_READ, PAGE_EXECUTE_WRITECOPY, PAGE_EXECUTE_READWRITE};
    static const struct {
        DWORD access;
        const char *may; /* for each protection */
    } rows[] = {
        {GENERIC_READ, "yynnnn"},
        {GENERIC_READ | GENERIC_WRITE, "yyynnn"},
        {GENERIC_READ | GENERIC_EXECUTE, "yynyyn"},
        {GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE, "yyyyyy"},
        {GENERIC_ALL, "yyyyyy"},
        {GENERIC_WRITE, "nnnnnn"},
        {GENERIC_WRITE | GENERIC_EXECUTE, "nnnnnn"},
        {GENERIC_EXECUTE, "nnnnnn"},
        {0, "nnnnnn"},
    };
    const char *path = make_file("rights", 10);
    size_t i, j;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        HANDLE file = open_file(path, rows[i].access);

        for (j = 0; j < sizeof protections / sizeof protections[0]; ++j) {
            HANDLE section;
            int before = check_failures;

            if (rows[i].may[j] == 'y') {
                CHECK_LAST(section = section_of(file, protections[j], 0), ERROR_SUCCESS);
                CHECK(CloseHandle(section));
            } else {
                /* Wine does not ask for GENERIC_EXECUTE. */
                CHECK_ERROR_OR_WINE(section_of(file, protections[j], 0), ERROR_ACCESS_DENIED, SUCCESS);
            }
            if (check_failures != before)
                fprintf(stderr, "... with access 0x%lX, protection 0x%lX\n", (unsigned long)rows[i].access,
                        (unsigned long)protections[j]);
        }
        CHECK(CloseHandle(file));
    }
    remove(path);
}

/* Size 0 means the whole file, less a part of it; more only where the file may grow, and then it does at once. */
static void the_size_is_the_files_or_makes_it_grow(void)
{
    const char *path = make_file("size", 10000);
    HANDLE file = open_file(path, READ_WRITE), section;

    CHECK_LAST(section = section_of(file, PAGE_READWRITE, 100), ERROR_SUCCESS);
    CHECK(CloseHandle(section) && size_of(path) == 10000);
    CHECK_ERROR(section_of(file, PAGE_READONLY, 10001), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_ERROR(section_of(file, PAGE_WRITECOPY, 10001), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_ERROR(CreateFileMappingA(file, NULL, PAGE_READONLY, 1, 0, NULL), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(size_of(path) == 10000);
    CHECK_LAST(section = section_of(file, PAGE_READWRITE, 70000), ERROR_SUCCESS);
    CHECK(size_of(path) == 70000 && byte_at(path, 9999) == 9999 % 251);
    CHECK(byte_at(path, 10000) == 0 && byte_at(path, 69999) == 0);
    CHECK(CloseHandle(section) && size_of(path) == 70000);
    CHECK(CloseHandle(file));
    file = open_file(path, GENERIC_READ);
    CHECK_ERROR(section_of(file, PAGE_READWRITE, 80000), ERROR_ACCESS_DENIED);
    CHECK_ERROR(section_of(file, PAGE_READONLY, 80000), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(CloseHandle(file) && size_of(path) == 70000);
    remove(path);
}

static void an_empty_file_has_nothing_to_map(void)
{
    const char *path = make_file("empty", 0), *name = NAME("empty");
    HANDLE file = open_file(path, READ_WRITE), section;

    CHECK_ERROR(section_of(file, PAGE_READWRITE, 0), ERROR_FILE_INVALID);
    CHECK_ERROR(section_of(file, PAGE_READONLY, 0), ERROR_FILE_INVALID);
    CHECK_ERROR(CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, name), ERROR_FILE_INVALID);
    CHECK(!name_exists(name));
    CHECK_ERROR(section_of(file, PAGE_READONLY, 1), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_LAST(section = section_of(file, PAGE_READWRITE, 10), ERROR_SUCCESS);
    CHECK(size_of(path) == 10);
    CHECK(CloseHandle(section) && CloseHandle(file));
    remove(path);
}

/* Unlike memory, a file has no more bytes than it has; its last page is filled up with zeros. */
static void views_reach_to_the_last_byte_and_not_beyond(void)
{
    const char *path = make_file("bytes", 70000);
    HANDLE file = open_file(path, GENERIC_READ), section = section_of(file, PAGE_READONLY, 0);
    MEMORY_BASIC_INFORMATION info;
    char *view;

    CHECK(maps(section, FILE_MAP_READ, 0, 70000));
    CHECK_ERROR(MapViewOfFile(section, FILE_MAP_READ, 0, 0, 70001), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(section, FILE_MAP_READ, 0, 0, 73728), ERROR_ACCESS_DENIED);
    CHECK(maps(section, FILE_MAP_READ, 65536, 4464));
    CHECK_ERROR(MapViewOfFile(section, FILE_MAP_READ, 0, 65536, 4465), ERROR_ACCESS_DENIED);
    CHECK_ERROR_OR_WINE(MapViewOfFile(section, FILE_MAP_READ, 0, 131072, 0), ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER);
    CHECK((view = (char *)MapViewOfFile(section, FILE_MAP_READ, 0, 65536, 0)) != NULL);
    CHECK((unsigned char)view[4463] == 69999 % 251 && view[4464] == 0 && view[8191] == 0);
    CHECK(VirtualQuery(view, &info, sizeof info) == sizeof info && info.RegionSize == 8192 && info.Type == MEM_MAPPED);
    CHECK(info.State == MEM_COMMIT && info.Protect == PAGE_READONLY);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    /* A section of a part keeps to its part. */
    section = section_of(file, PAGE_READONLY, 100);
    CHECK(maps(section, FILE_MAP_READ, 0, 100));
    CHECK_ERROR(MapViewOfFile(section, FILE_MAP_READ, 0, 0, 101), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(section) && CloseHandle(file));
    remove(path);
}

/* The file handle may be closed; what the view writes is in the file, but for what is beyond its end. */
static void stores_reach_the_file(void)
{
    const char *path = make_file("stores", 10000);
    HANDLE file = open_file(path, READ_WRITE), section = section_of(file, PAGE_READWRITE, 0);
    char *view;

    CHECK(CloseHandle(file));
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && CloseHandle(section));
    view[5] = 'Z';
    view[10000] = 'T';
    CHECK_QUIET(FlushViewOfFile(view, 0));
    CHECK(byte_at(path, 5) == 'Z' && size_of(path) == 10000);
    view[9999] = 'Y';
    CHECK_QUIET(FlushViewOfFile(view + 9999, 1));
    CHECK(byte_at(path, 9999) == 'Y' && byte_at(path, 10000) == -1);
    CHECK_ERROR_OR_WINE(FlushViewOfFile(view + 8192, 4097), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK(UnmapViewOfFile(view));
    remove(path);
}

/* All sections of a file show one and the same file, whatever they may do with it. */
static void sections_of_one_file_are_coherent(void)
{
    const char *path = make_file("coherent", 10000);
    HANDLE file = open_file(path, READ_WRITE), again = open_file(path, GENERIC_READ);
    HANDLE writer = section_of(file, PAGE_READWRITE, 0), reader = section_of(again, PAGE_READONLY, 0);
    char *written = view_of(writer, FILE_MAP_WRITE), *read = view_of(reader, FILE_MAP_READ);

    written[4242] = 'c';
    CHECK(read[4242] == 'c');
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(UnmapViewOfFile(written) && UnmapViewOfFile(read));
    CHECK(CloseHandle(writer) && CloseHandle(reader) && CloseHandle(file) && CloseHandle(again));
    remove(path);
}

/* A copy view follows the file page by page until it is written to, and never writes to it. */
static void a_copy_never_reaches_the_file(void)
{
    const char *path = make_file("copy", 10000);
    HANDLE file = open_file(path, READ_WRITE), section = section_of(file, PAGE_READWRITE, 0), own;
    char *view = view_of(section, FILE_MAP_WRITE), *copy = view_of(section, FILE_MAP_COPY);

    copy[0] = 'c';
    view[0] = 'v';
    view[5000] = 'w';
    CHECK(copy[0] == 'c' && copy[5000] == 'w');
    CHECK(FlushViewOfFile(copy, 0) && UnmapViewOfFile(copy));
    CHECK(byte_at(path, 0) == 'v');
    CHECK(CloseHandle(file));
    /* Reading the file is enough for that. */
    file = open_file(path, GENERIC_READ);
    own = section_of(file, PAGE_WRITECOPY, 0);
    CHECK((copy = view_of(own, FILE_MAP_COPY)) != NULL);
    copy[1] = 'c';
    CHECK(view[1] == 1);
    CHECK_ERROR(MapViewOfFile(own, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(UnmapViewOfFile(copy) && UnmapViewOfFile(view) && CloseHandle(own) && CloseHandle(section) && CloseHandle(file));
    remove(path);
}

static int set_end(HANDLE file, LONG end)
{
    return SetFilePointer(file, end, NULL, FILE_BEGIN) == (DWORD)end && SetEndOfFile(file);
}

/* As long as a view is there, nobody takes the file away from under it. It may grow. */
static void a_mapped_file_is_neither_cut_off_nor_deleted(void)
{
    const char *path = make_file("mapped", 10000);
    HANDLE file = open_file(path, READ_WRITE), section = section_of(file, PAGE_READONLY, 0);
    char *view = view_of(section, FILE_MAP_READ);

    CHECK_ERROR(set_end(file, 5000), ERROR_USER_MAPPED_FILE);
    CHECK(CloseHandle(section));
    CHECK_ERROR(set_end(file, 9999), ERROR_USER_MAPPED_FILE);
    CHECK_ERROR_OR_WINE(DeleteFileA(path), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK(size_of(path) == 10000 && view[1] == 1);
    CHECK(set_end(file, 20000) && size_of(path) == 20000);
    CHECK(UnmapViewOfFile(view));
    CHECK(set_end(file, 5000) && size_of(path) == 5000);
    CHECK(CloseHandle(file));
    CHECK(DeleteFileA(path) || ON_WINE(TRUE)); /* Wine has deleted it already. */
}

/* A file is there already: SEC_RESERVE means nothing, images are executables of Windows, large pages are memory. */
static void attributes_of_memory_mean_little(void)
{
    static const DWORD images[] = {SEC_IMAGE, SEC_IMAGE_NO_EXECUTE};
    const char *path = make_file("attributes", 10000);
    HANDLE file = open_file(path, READ_WRITE), section, writer;
    MEMORY_BASIC_INFORMATION info;
    char *view;
    size_t i;

    CHECK_LAST(section = section_of(file, PAGE_READWRITE | SEC_RESERVE, 0), ERROR_SUCCESS);
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && view[1] == 1);
    CHECK(VirtualQuery(view, &info, sizeof info) == sizeof info && info.State == MEM_COMMIT);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    CHECK_LAST(section = section_of(file, PAGE_READONLY | SEC_COMMIT | SEC_NOCACHE, 0), ERROR_SUCCESS);
    CHECK(CloseHandle(section));
    CHECK_ERROR(section_of(file, PAGE_READWRITE | SEC_COMMIT | SEC_RESERVE, 0), ERROR_INVALID_PARAMETER);
    for (i = 0; i < sizeof images / sizeof images[0]; ++i)
        CHECK_ERROR(section_of(file, PAGE_READONLY | images[i], 0), ERROR_BAD_EXE_FORMAT);
    CHECK((writer = open_file(path, GENERIC_WRITE)) != NULL);
    CHECK_ERROR(section_of(writer, PAGE_READONLY | SEC_IMAGE, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(section_of(GARBAGE_HANDLE, PAGE_READONLY | SEC_IMAGE, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR_OR_WINE(section_of(file, PAGE_READWRITE | SEC_COMMIT | SEC_LARGE_PAGES, (DWORD)GetLargePageMinimum()),
                        ERROR_INVALID_PARAMETER, ERROR_SUCCESS);
    CHECK(CloseHandle(writer) && CloseHandle(file) && size_of(path) == 10000);
    remove(path);
}

/* A folder has no bytes to map. Closed handles and those of other objects are none of a file. */
static void what_is_no_file_is_refused(void)
{
    HANDLE folder = CreateFileA(FILE_FOLDER, GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    const char *path = make_file("closed", 10);
    HANDLE file = open_file(path, GENERIC_READ);

    CHECK(folder != INVALID_HANDLE_VALUE);
    CHECK_ERROR_OR_WINE(section_of(folder, PAGE_READONLY, 0), ERROR_BAD_EXE_FORMAT, ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(folder) && CloseHandle(file));
    CHECK_ERROR(section_of(file, PAGE_READONLY, 0), ERROR_INVALID_HANDLE);
    remove(path);
}

int main(void)
{
    check_begin();
    the_rights_of_the_handle_decide();
    the_size_is_the_files_or_makes_it_grow();
    an_empty_file_has_nothing_to_map();
    views_reach_to_the_last_byte_and_not_beyond();
    stores_reach_the_file();
    sections_of_one_file_are_coherent();
    a_copy_never_reaches_the_file();
    a_mapped_file_is_neither_cut_off_nor_deleted();
    attributes_of_memory_mean_little();
    what_is_no_file_is_refused();
    return check_end();
}
