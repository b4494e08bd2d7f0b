/*
 * test_standard_streams.c - the standard streams as handles.
 */
#include "files.h"

#ifndef __MINGW32__
#include <fcntl.h>
#endif

static void unknown_numbers_are_refused(void)
{
    CHECK_ERROR(GetStdHandle(1) != INVALID_HANDLE_VALUE, ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetStdHandle(1, NULL), ERROR_INVALID_HANDLE);
}

static void what_was_set_is_returned(void)
{
    HANDLE before = GetStdHandle(STD_ERROR_HANDLE);

    CHECK(before != NULL && GetStdHandle(STD_ERROR_HANDLE) == before);
    CHECK_QUIET(SetStdHandle(STD_ERROR_HANDLE, (HANDLE)(ULONG_PTR)0x1234));
    CHECK(GetStdHandle(STD_ERROR_HANDLE) == (HANDLE)(ULONG_PTR)0x1234);
    CHECK_QUIET(SetStdHandle(STD_ERROR_HANDLE, before));
}

#ifndef __MINGW32__
/* The program's own output, through a pipe; the stream stays when the handle is closed. */
static void output_goes_where_the_stream_goes(void)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    int ends[2], saved = dup(STDOUT_FILENO);
    char buffer[16];
    DWORD count = 0;

    CHECK(pipe(ends) == 0 && dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
    CHECK(GetFileType(out) == FILE_TYPE_PIPE);
    CHECK_QUIET(WriteFile(out, "hello", 5, &count, NULL));
    CHECK(count == 5 && read(ends[0], buffer, sizeof buffer) == 5 && memcmp(buffer, "hello", 5) == 0);
    CHECK_ERROR(ReadFile(out, buffer, 1, &count, NULL), ERROR_ACCESS_DENIED);

    close(ends[0]); /* nobody reads: an error, and no signal even where that is not ignored */
    signal(SIGPIPE, SIG_DFL);
    CHECK_ERROR(WriteFile(out, "lost", 4, &count, NULL), ERROR_NO_DATA);
    signal(SIGPIPE, SIG_IGN);
    CHECK(count == 0);

    dup2(saved, STDOUT_FILENO);
    CHECK(CloseHandle(out));
    CHECK(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
    close(saved), close(ends[1]);
}

static void input_ends_when_its_writer_is_gone(void)
{
    HANDLE in;
    int ends[2];
    char buffer[16];
    DWORD count = 0;

    CHECK(pipe(ends) == 0 && dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    in = GetStdHandle(STD_INPUT_HANDLE);
    CHECK(write(ends[1], "abc", 3) == 3);
    CHECK_QUIET(ReadFile(in, buffer, sizeof buffer, &count, NULL));
    CHECK(count == 3 && memcmp(buffer, "abc", 3) == 0);
    close(ends[1]);
    CHECK_ERROR(ReadFile(in, buffer, sizeof buffer, &count, NULL), ERROR_BROKEN_PIPE);
    CHECK_ERROR(GetFileSize(in, NULL) != INVALID_FILE_SIZE, ERROR_INVALID_FUNCTION);
    CHECK_ERROR(SetFilePointer(in, 0, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER, ERROR_INVALID_FUNCTION);
    close(ends[0]);
}

/* Files that the program closed its streams for do not get their numbers. */
static void no_file_takes_the_place_of_a_stream(void)
{
    const char *path = file_path("stream");
    HANDLE file;

    put(path, "text");
    close(STDIN_FILENO);
    file = open_file(path, GENERIC_READ);
    CHECK(file != NULL && fcntl(STDIN_FILENO, F_GETFD) < 0);
    CHECK(CloseHandle(file));
    unlink(path);
}
#endif

static void devices_have_their_names(void)
{
    HANDLE nul = open_file("NUL", READ_WRITE);
    DWORD count = 77;
    char buffer[4];

    CHECK(nul != NULL && GetFileType(nul) == FILE_TYPE_CHAR);
    CHECK_QUIET(WriteFile(nul, "gone", 4, &count, NULL));
    CHECK(count == 4);
    CHECK_QUIET(ReadFile(nul, buffer, 4, &count, NULL));
    CHECK(count == 0);
    CHECK(CloseHandle(nul));
}

int main(void)
{
    check_begin();
    unknown_numbers_are_refused();
    what_was_set_is_returned();
#ifndef __MINGW32__
    output_goes_where_the_stream_goes();
    input_ends_when_its_writer_is_gone();
    no_file_takes_the_place_of_a_stream();
#endif
    devices_have_their_names();
    return check_end();
}
