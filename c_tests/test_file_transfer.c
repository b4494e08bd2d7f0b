/*
 * test_file_transfer.c - ReadFile and WriteFile: what is read and written where, how
 * the end is told, and what the arguments must be.
 */
#include "files.h"

static DWORD moved; /* bytes of the last transfer */

static BOOL read_into(HANDLE file, char *buffer, DWORD length, OVERLAPPED *overlapped)
{
    memset(buffer, 0, length);
    moved = 0xDEAD;
    return ReadFile(file, buffer, length, &moved, overlapped);
}
static BOOL write_text(HANDLE file, const char *text, OVERLAPPED *overlapped)
{
    moved = 0xDEAD;
    return WriteFile(file, text, (DWORD)strlen(text), &moved, overlapped);
}
static OVERLAPPED at(DWORD offset)
{
    OVERLAPPED overlapped;

    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Offset = offset;
    return overlapped;
}
static DWORD position(HANDLE file) { return SetFilePointer(file, 0, NULL, FILE_CURRENT); }

static void what_is_written_can_be_read_and_the_end_is_a_success_with_nothing(void)
{
    const char *path = file_path("transfer");
    HANDLE file = new_file(path);
    char buffer[16];

    CHECK_QUIET(write_text(file, "hello", NULL));
    CHECK(moved == 5 && position(file) == 5);
    CHECK_QUIET(write_text(file, ", world", NULL));
    CHECK(holds(path, "hello, world"));

    CHECK_QUIET(read_into(file, buffer, sizeof buffer, NULL));
    CHECK(moved == 0);
    CHECK(SetFilePointer(file, 7, NULL, FILE_BEGIN) == 7);
    CHECK_QUIET(read_into(file, buffer, sizeof buffer, NULL));
    CHECK(moved == 5 && memcmp(buffer, "world", 5) == 0 && position(file) == 12);

    CHECK_QUIET(WriteFile(file, buffer, 0, &moved, NULL));
    CHECK(moved == 0 && size_of(path) == 12);
    CHECK(CloseHandle(file));
    unlink(path);
}

static void an_offset_is_kept_to_and_the_position_follows(void)
{
    const char *path = file_path("offset");
    HANDLE file = new_file(path);
    OVERLAPPED overlapped = at(3);
    char buffer[8];

    CHECK_QUIET(write_text(file, "abcdef", NULL));
    CHECK_QUIET(write_text(file, "DE", &overlapped));
    CHECK(moved == 2 && position(file) == 5 && overlapped.InternalHigh == 2 && overlapped.Internal == 0);
    CHECK(holds(path, "abcDEf"));

    overlapped = at(1);
    CHECK_QUIET(read_into(file, buffer, 3, &overlapped));
    CHECK(moved == 3 && memcmp(buffer, "bcD", 3) == 0 && position(file) == 4);

    /* From the end on there is nothing, and who says where he reads is told so. */
    overlapped = at(6);
    CHECK_ERROR(read_into(file, buffer, 3, &overlapped), ERROR_HANDLE_EOF);
    CHECK(moved == 0 && position(file) == 4);
    overlapped = at(5);
    CHECK_QUIET(read_into(file, buffer, 3, &overlapped));
    CHECK(moved == 1);

    overlapped = at(0xFFFFFFFF);
    overlapped.OffsetHigh = 0xFFFFFFFF;
    CHECK_QUIET(write_text(file, "!", &overlapped));
    CHECK(holds(path, "abcDEf!"));
    CHECK(CloseHandle(file));
    unlink(path);
}

static void an_event_of_a_transfer_is_set_when_it_is_done(void)
{
    const char *path = file_path("event");
    HANDLE file = new_file(path), event = CreateEventA(NULL, TRUE, FALSE, NULL);
    OVERLAPPED overlapped = at(0);
    char buffer[8];
    DWORD count = 0;

    overlapped.hEvent = event;
    CHECK_QUIET(write_text(file, "text", &overlapped));
    CHECK(WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    CHECK_QUIET(GetOverlappedResult(file, &overlapped, &count, TRUE));
    CHECK(count == 4);

    overlapped = at(4);
    overlapped.hEvent = event;
    CHECK_ERROR(read_into(file, buffer, 4, &overlapped), ERROR_HANDLE_EOF);
    CHECK_ERROR(GetOverlappedResult(file, &overlapped, &count, FALSE), ERROR_HANDLE_EOF);
    CHECK(count == 0);

    overlapped.hEvent = GARBAGE_HANDLE;
    overlapped.Offset = 0;
    CHECK_ERROR(write_text(file, "lost", &overlapped), ERROR_INVALID_HANDLE);
    CHECK(holds(path, "text"));
    CHECK(CloseHandle(event) && CloseHandle(file));
    unlink(path);
}

static void the_rights_of_the_handle_decide(void)
{
    const char *path = file_path("rights");
    HANDLE file, reduced = NULL;
    char buffer[8];

    put(path, "text");
    file = open_file(path, GENERIC_READ);
    CHECK_ERROR(write_text(file, "x", NULL), ERROR_ACCESS_DENIED);
    CHECK_ERROR(FlushFileBuffers(file), ERROR_ACCESS_DENIED);
    CHECK_ERROR(SetEndOfFile(file), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(file));

    file = open_file(path, GENERIC_WRITE);
    CHECK_ERROR(read_into(file, buffer, 1, NULL), ERROR_ACCESS_DENIED);
    CHECK_QUIET(FlushFileBuffers(file));
    CHECK(CloseHandle(file));

    file = open_file(path, 0);
    CHECK_ERROR(read_into(file, buffer, 1, NULL), ERROR_ACCESS_DENIED);
    CHECK_ERROR(write_text(file, "x", NULL), ERROR_ACCESS_DENIED);
    CHECK(GetFileSize(file, NULL) == 4 && GetFileType(file) == FILE_TYPE_DISK);
    CHECK(CloseHandle(file));

    /* A handle can be duplicated to less, and to no more than it has. */
    file = open_file(path, READ_WRITE);
    CHECK_QUIET(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &reduced, GENERIC_READ, FALSE, 0));
    CHECK_QUIET(read_into(reduced, buffer, 2, NULL));
    CHECK(moved == 2 && position(file) == 2);
    CHECK_ERROR(write_text(reduced, "x", NULL), ERROR_ACCESS_DENIED);
    CHECK_ERROR(DuplicateHandle(GetCurrentProcess(), reduced, GetCurrentProcess(), &file, READ_WRITE, FALSE, 0),
                ERROR_ACCESS_DENIED);
#ifndef __MINGW32__ /* its import libraries have no such function */
    CHECK(CompareObjectHandles(file, reduced));
#endif
    CHECK(CloseHandle(file) && CloseHandle(reduced));

    file = open_file(path, FILE_APPEND_DATA);
    CHECK_QUIET(write_text(file, "!", NULL));
    CHECK_QUIET(write_text(file, "?", NULL));
    CHECK(holds(path, "text!?"));
    CHECK(CloseHandle(file));
    unlink(path);
}

static void bad_arguments_are_told_and_touch_nothing(void)
{
    const char *path = file_path("bad");
    HANDLE file = new_file(path), event = CreateEventA(NULL, TRUE, FALSE, NULL), other;
    OVERLAPPED beyond = at(1000);
    char buffer[8];

    CHECK_ERROR(ReadFile(file, buffer, 1, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WriteFile(file, buffer, 1, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(read_into(event, buffer, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(read_into(NULL, buffer, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(read_into(INVALID_HANDLE_VALUE, buffer, 1, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(WriteFile(file, NULL, 5, &moved, NULL), ERROR_INVALID_USER_BUFFER);
    /* No buffer is no buffer, also where nothing would be read into it. */
    CHECK_ERROR(ReadFile(file, NULL, 4, &moved, NULL), ERROR_NOACCESS);
    CHECK_ERROR(ReadFile(file, NULL, 4, &moved, &beyond), ERROR_NOACCESS);
    CHECK_QUIET(ReadFile(file, NULL, 0, &moved, NULL));
    other = open_file("NUL", READ_WRITE);
    CHECK_ERROR(ReadFile(other, NULL, 4, &moved, NULL), ERROR_NOACCESS);
    CHECK_ERROR(WriteFile(other, NULL, 4, &moved, NULL), ERROR_INVALID_USER_BUFFER);
    CHECK(CloseHandle(other));
    CHECK(size_of(path) == 0);
    CHECK_QUIET(write_text(file, "text", NULL));
    CHECK(SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0);
    CHECK_ERROR(ReadFile(file, (void *)16, 4, &moved, NULL), ERROR_NOACCESS);

    other = CreateFileA(path, GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    CHECK_ERROR(read_into(other, buffer, 1, NULL), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(other) && CloseHandle(event) && CloseHandle(file));
    CHECK_ERROR(read_into(file, buffer, 1, NULL), ERROR_INVALID_HANDLE);
    unlink(path);
}

/* 100 000 bytes, from a buffer of no even size, come back as they were. */
static void large_transfers_are_whole(void)
{
    const char *path = file_path("large");
    HANDLE file = new_file(path);
    char *out = (char *)malloc(100001), *in = (char *)malloc(100001);
    DWORD i, total = 0;

    for (i = 0; i < 100001; ++i)
        out[i] = (char)(i % 251);
    CHECK_QUIET(WriteFile(file, out, 100001, &moved, NULL));
    CHECK(moved == 100001 && SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0);
    while (ReadFile(file, in + total, 777, &moved, NULL) && moved != 0)
        total += moved;
    CHECK(total == 100001 && memcmp(in, out, total) == 0);
    free(in), free(out);
    CHECK(CloseHandle(file));
    unlink(path);
}

static void a_file_handle_can_be_waited_for_and_is_signalled(void)
{
    const char *path = file_path("wait");
    HANDLE files[2];

    files[0] = new_file(path);
    files[1] = open_file(path, GENERIC_READ);
    CHECK(WaitForSingleObject(files[0], 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(files[0], INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForMultipleObjects(2, files, TRUE, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(files[0]) && CloseHandle(files[1]));
    unlink(path);
}

int main(void)
{
    check_begin();
    what_is_written_can_be_read_and_the_end_is_a_success_with_nothing();
    an_offset_is_kept_to_and_the_position_follows();
    an_event_of_a_transfer_is_set_when_it_is_done();
    the_rights_of_the_handle_decide();
    bad_arguments_are_told_and_touch_nothing();
    large_transfers_are_whole();
    a_file_handle_can_be_waited_for_and_is_signalled();
    return check_end();
}
