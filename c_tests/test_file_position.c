/*
 * test_file_position.c - sizes and positions of files, and where they end.
 */
#include "files.h"

static LARGE_INTEGER large(LONGLONG value)
{
    LARGE_INTEGER number;

    number.QuadPart = value;
    return number;
}
static LONGLONG size_by(HANDLE file)
{
    LARGE_INTEGER size = large(-1);

    CHECK_QUIET(GetFileSizeEx(file, &size));
    return size.QuadPart;
}

static void a_position_moves_from_three_origins_and_never_before_the_beginning(void)
{
    const char *path = file_path("position");
    HANDLE file;
    LARGE_INTEGER now = large(-1);

    put(path, "0123456789");
    file = open_file(path, GENERIC_READ);
    CHECK(SetFilePointer(file, 4, NULL, FILE_BEGIN) == 4);
    CHECK(SetFilePointer(file, 3, NULL, FILE_CURRENT) == 7);
    CHECK(SetFilePointer(file, -2, NULL, FILE_CURRENT) == 5);
    CHECK(SetFilePointer(file, -1, NULL, FILE_END) == 9);
    CHECK_QUIET(SetFilePointerEx(file, large(20), &now, FILE_END)); /* beyond the end */
    CHECK(now.QuadPart == 30);

    CHECK_ERROR(SetFilePointer(file, -1, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER, ERROR_NEGATIVE_SEEK);
    CHECK_ERROR(SetFilePointerEx(file, large(-31), NULL, FILE_CURRENT), ERROR_NEGATIVE_SEEK);
    CHECK_ERROR(SetFilePointerEx(file, large(0), NULL, 3), ERROR_INVALID_PARAMETER);
    CHECK(SetFilePointer(file, 0, NULL, FILE_CURRENT) == 30);
    /* Not every file system has files so large; but that is not before the beginning. */
    CHECK(SetFilePointerEx(file, large((LONGLONG)1 << 62), NULL, FILE_BEGIN) || GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(SetFilePointerEx(file, large(30), NULL, FILE_BEGIN));
    CHECK_ERROR(SetFilePointer(NULL, 0, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER, ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(file));
    unlink(path);
}

/* A lower half that looks like a failure is none when the last error says so. */
static void positions_and_sizes_beyond_four_gigabytes_have_two_halves(void)
{
    const char *path = file_path("halves");
    HANDLE file = new_file(path);
    LONG high = 1;
    DWORD size_high = 77;

    SetLastError(SENTINEL);
    CHECK(SetFilePointer(file, -1, &high, FILE_BEGIN) == INVALID_SET_FILE_POINTER);
    CHECK(GetLastError() == NO_ERROR && high == 1);
    if (!CHECK_QUIET(SetEndOfFile(file))) { /* 8 GiB that take no space */
        CloseHandle(file);
        unlink(path);
        return;
    }
    CHECK(size_by(file) == 0x1FFFFFFFFLL);
    SetLastError(SENTINEL);
    CHECK(GetFileSize(file, &size_high) == INVALID_FILE_SIZE && GetLastError() == NO_ERROR && size_high == 1);

    /* Without a place for the upper half there is no such position, and it stays. */
    CHECK_ERROR(SetFilePointer(file, 1, NULL, FILE_CURRENT) != INVALID_SET_FILE_POINTER, ERROR_INVALID_PARAMETER);
    high = 0;
    CHECK(SetFilePointer(file, 0, &high, FILE_CURRENT) == 0xFFFFFFFF && high == 1);
    high = -1; /* -3, in two halves */
    CHECK(SetFilePointer(file, -3, &high, FILE_CURRENT) == 0xFFFFFFFC && high == 1);
    CHECK(CloseHandle(file));
    unlink(path);
}

static void the_end_is_where_the_position_is(void)
{
    const char *path = file_path("end");
    HANDLE file = new_file(path);
    DWORD count;

    CHECK(WriteFile(file, "0123456789", 10, &count, NULL));
    CHECK(SetFilePointer(file, 4, NULL, FILE_BEGIN) == 4);
    CHECK_QUIET(SetEndOfFile(file));
    CHECK(holds(path, "0123") && GetFileSize(file, NULL) == 4);
    CHECK(SetFilePointer(file, 6, NULL, FILE_BEGIN) == 6);
    CHECK_QUIET(SetEndOfFile(file));
    CHECK(size_of(path) == 6 && memcmp(text_of(path), "0123\0", 6) == 0);
    CHECK(CloseHandle(file));
    unlink(path);
}

/* Handles made from one share the position; two opens have two. */
static void duplicates_share_a_position_and_other_opens_do_not(void)
{
    const char *path = file_path("shared");
    HANDLE file, twin = NULL, other;

    put(path, "0123456789");
    file = open_file(path, GENERIC_READ);
    other = open_file(path, GENERIC_READ);
    CHECK(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(SetFilePointer(file, 6, NULL, FILE_BEGIN) == 6);
    CHECK(SetFilePointer(twin, 0, NULL, FILE_CURRENT) == 6 && SetFilePointer(other, 0, NULL, FILE_CURRENT) == 0);
    CHECK(CloseHandle(file) && SetFilePointer(twin, 1, NULL, FILE_CURRENT) == 7);
    CHECK(CloseHandle(twin) && CloseHandle(other));
    unlink(path);
}

static void arguments_are_checked(void)
{
    const char *path = file_path("arguments");
    HANDLE file = new_file(path), event = CreateEventA(NULL, TRUE, FALSE, NULL);
    LARGE_INTEGER size;

    CHECK_ERROR(GetFileSizeEx(event, &size), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetFileSize(NULL, NULL) != INVALID_FILE_SIZE, ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEndOfFile(event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(FlushFileBuffers(event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetFileType(event), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(event) && CloseHandle(file));
    unlink(path);
}

int main(void)
{
    check_begin();
    a_position_moves_from_three_origins_and_never_before_the_beginning();
    positions_and_sizes_beyond_four_gigabytes_have_two_halves();
    the_end_is_where_the_position_is();
    duplicates_share_a_position_and_other_opens_do_not();
    arguments_are_checked();
    return check_end();
}
