/*
 * test_file.c - CreateFile: what exists, what is made, what is emptied, and what the
 * caller is told about it.
 */
#include "files.h"

#ifndef __MINGW32__
#include <fcntl.h>
#endif

static void each_disposition_does_one_thing_with_a_file_that_exists_and_one_with_a_missing_one(void)
{
    static const struct {
        DWORD disposition;
        DWORD on_missing; /* 0: a success with last error 0 */
        DWORD on_existing;
        int is_kept, opens_existing;
    } cases[] = {
        {CREATE_NEW, 0, ERROR_FILE_EXISTS, 1, 0},
        {CREATE_ALWAYS, 0, ERROR_ALREADY_EXISTS, 0, 1},
        {OPEN_EXISTING, ERROR_FILE_NOT_FOUND, 0, 1, 1},
        {OPEN_ALWAYS, 0, ERROR_ALREADY_EXISTS, 1, 1},
        {TRUNCATE_EXISTING, ERROR_FILE_NOT_FOUND, 0, 0, 1},
    };
    const char *path = file_path("disposition");
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; ++i) {
        HANDLE file;

        unlink(path);
        SetLastError(77);
        file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, cases[i].disposition, 0, NULL);
        CHECK((file != INVALID_HANDLE_VALUE) == (cases[i].on_missing == 0));
        CHECK(GetLastError() == cases[i].on_missing);
        CHECK(exists(path) == (cases[i].on_missing == 0));
        if (file != INVALID_HANDLE_VALUE)
            CHECK(CloseHandle(file));

        put(path, "contents");
        SetLastError(77);
        file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, cases[i].disposition, 0, NULL);
        CHECK((file != INVALID_HANDLE_VALUE) == cases[i].opens_existing);
        CHECK(GetLastError() == cases[i].on_existing);
        CHECK(size_of(path) == (cases[i].is_kept ? 8 : 0));
        if (file != INVALID_HANDLE_VALUE)
            CHECK(CloseHandle(file));
    }
    unlink(path);
}

static HANDLE create(const char *path, DWORD access, DWORD share, DWORD disposition, DWORD flags)
{
    HANDLE file = CreateFileA(path, access, share, NULL, disposition, flags, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

static void impossible_arguments_are_refused_and_touch_nothing(void)
{
    const char *path = file_path("impossible");

    put(path, "contents");
    CHECK_ERROR(create(path, GENERIC_READ, 0, 0, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(path, GENERIC_READ, 0, 6, 0), ERROR_INVALID_PARAMETER);
#ifndef __MINGW32__ /* Wine takes all of these */
    CHECK_ERROR(create(path, GENERIC_READ, 8, OPEN_EXISTING, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(path, GENERIC_READ, 0, TRUNCATE_EXISTING, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(path, 0x8000, 0, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
#endif
    CHECK(holds(path, "contents"));
    unlink(path);
}

static void a_path_that_leads_nowhere_says_what_is_missing(void)
{
    CHECK_ERROR(create(file_path("nothing"), GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(create(file_path("nothing/file"), GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(create(file_path("nothing/file"), READ_WRITE, 0, CREATE_NEW, 0), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(create("", GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(create(NULL, GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_PATH_NOT_FOUND);
}

static void wide_and_narrow_paths_name_the_same_file(void)
{
    const char *path = file_path("wide");
    HANDLE file = CreateFileW(widen(path), READ_WRITE, 0, NULL, CREATE_NEW, 0, NULL);

    CHECK(file != INVALID_HANDLE_VALUE && exists(path));
    CHECK_ERROR(create(path, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0), ERROR_SHARING_VIOLATION);
    CHECK(CloseHandle(file));
    unlink(path);
}

static void a_read_only_file_is_written_by_its_maker_only(void)
{
    const char *path = file_path("read-only");
    HANDLE file = create(path, READ_WRITE, SHARE_ALL, CREATE_NEW, FILE_ATTRIBUTE_READONLY);
    DWORD count = 0;

    CHECK(file != NULL && WriteFile(file, "text", 4, &count, NULL) && count == 4);
    CHECK_ERROR(create(path, GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(create(path, GENERIC_WRITE, SHARE_ALL, CREATE_ALWAYS, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(file));
    CHECK((file = create(path, GENERIC_READ, 0, OPEN_EXISTING, 0)) != NULL && CloseHandle(file));
    CHECK_ERROR(create(path, GENERIC_READ, 0, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE), ERROR_ACCESS_DENIED);
    CHECK(holds(path, "text"));
    chmod(path, 0644);
    unlink(path);
}

static void directories_open_for_those_who_say_so(void)
{
    HANDLE folder;

    CHECK_ERROR(create(FILE_FOLDER, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
    folder = create(FILE_FOLDER, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    CHECK(folder != NULL && GetFileType(folder) == FILE_TYPE_DISK);
    CHECK(CloseHandle(folder));
    CHECK_ERROR(create(FILE_FOLDER, GENERIC_READ, SHARE_ALL, CREATE_NEW, FILE_FLAG_BACKUP_SEMANTICS),
                ERROR_FILE_EXISTS);
}

/* As many rights as there are, and hints, which change nothing that one could see. */
static void rights_can_be_as_many_as_there_are_and_hints_do_no_harm(void)
{
    static const DWORD hints[] = {FILE_FLAG_RANDOM_ACCESS, FILE_FLAG_SEQUENTIAL_SCAN, FILE_FLAG_WRITE_THROUGH,
                                  FILE_ATTRIBUTE_TEMPORARY, FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM,
                                  FILE_ATTRIBUTE_NORMAL | FILE_FLAG_POSIX_SEMANTICS};
    const char *path = file_path("hints");
    char byte;
    DWORD count;
    HANDLE file;
    size_t i;

    put(path, "text");
    file = create(path, MAXIMUM_ALLOWED, 0, OPEN_EXISTING, 0);
    CHECK(WriteFile(file, "T", 1, &count, NULL) && ReadFile(file, &byte, 1, &count, NULL) && byte == 'e');
    CHECK(CloseHandle(file));
    for (i = 0; i < sizeof hints / sizeof *hints; ++i) {
        file = create(path, READ_WRITE, 0, OPEN_EXISTING, hints[i]);
        CHECK(file != NULL && WriteFile(file, "t", 1, &count, NULL) && count == 1);
        CHECK(CloseHandle(file) && holds(path, "text"));
    }
    unlink(path);
}

#ifndef __MINGW32__
/* Somebody who may neither write to the file nor delete it can read it. */
static void rights_that_are_not_there_are_left_out(void)
{
    PEER child = fork_peer();
    char byte;
    DWORD count;
    HANDLE file;

    if (child.pid == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(2);
        CHECK((file = create("/etc/passwd", MAXIMUM_ALLOWED, SHARE_ALL, OPEN_EXISTING, 0)) != NULL);
        CHECK(ReadFile(file, &byte, 1, &count, NULL) && count == 1);
        CHECK_ERROR(WriteFile(file, &byte, 1, &count, NULL), ERROR_ACCESS_DENIED);
        CHECK_ERROR(create("/etc/passwd", DELETE, SHARE_ALL, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
        _exit(check_failures != 0);
    }
    CHECK(end_of(&child) == 0);
}

/* What Windows has and Linux has not is an error and not something else. */
static void paths_of_windows_alone_are_refused_and_both_slashes_separate(void)
{
    char path[300], longest[5000];
    HANDLE file;

    CHECK_ERROR(create("C:\\temp\\x", READ_WRITE, 0, CREATE_NEW, 0), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(create("c:x", READ_WRITE, 0, CREATE_NEW, 0), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(create("\\\\server\\share\\x", READ_WRITE, 0, CREATE_NEW, 0), ERROR_BAD_NETPATH);
    CHECK_ERROR(create("\\\\.\\PhysicalDrive0", GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_FILE_NOT_FOUND);

    snprintf(path, sizeof path, "\\tmp\\winshm-%lu-slash", (unsigned long)GetCurrentProcessId());
    CHECK((file = create(path, READ_WRITE, 0, CREATE_NEW, 0)) != NULL && CloseHandle(file));
    CHECK(exists(file_path("slash")) && DeleteFileA(path) && !exists(file_path("slash")));

    memset(longest, '/', sizeof longest);
    longest[sizeof longest - 1] = 0;
    CHECK_ERROR(create(longest, GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_FILENAME_EXCED_RANGE);
    longest[3000] = 0; /* far above MAX_PATH */
    memcpy(longest, "/tmp", 4);
    strcpy(longest + 3000, strrchr(file_path("long"), '/'));
    CHECK((file = create(longest, READ_WRITE, 0, CREATE_NEW, 0)) != NULL && CloseHandle(file));
    CHECK(DeleteFileA(longest) && !exists(file_path("long")));
}

static void what_linux_has_and_windows_has_not_is_no_trap(void)
{
    const char *path = file_path("fifo"), *target = file_path("target");
    HANDLE file;

    /* A FIFO that nobody writes to does not keep its opener waiting. */
    CHECK(mkfifo(path, 0600) == 0);
    CHECK((file = create(path, GENERIC_READ, 0, OPEN_EXISTING, 0)) != NULL && GetFileType(file) == FILE_TYPE_PIPE);
    CHECK(CloseHandle(file));
    unlink(path);

    /* A link is followed, also to what it makes; or is refused. */
    CHECK(symlink(target, path) == 0);
    CHECK_ERROR(create(path, GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_FILE_NOT_FOUND);
    CHECK((file = create(path, READ_WRITE, 0, OPEN_ALWAYS, 0)) != NULL && CloseHandle(file));
    CHECK(exists(target));
    CHECK_ERROR(create(path, GENERIC_READ, 0, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT), ERROR_NOT_SUPPORTED);
    CHECK(DeleteFileA(path) && exists(target)); /* the link itself */
    CHECK(symlink(path, path) == 0);
    CHECK_ERROR(create(path, GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_CANT_RESOLVE_FILENAME);
    unlink(path), unlink(target);
    CHECK_ERROR(create(path, READ_WRITE, 0, CREATE_NEW, FILE_ATTRIBUTE_ENCRYPTED), ERROR_NOT_SUPPORTED);
    CHECK(!exists(path));
}

/* A program that closes descriptors it did not open gets errors and loses no data of its own. */
static void a_descriptor_closed_behind_our_back_is_an_error(void)
{
    const char *path = file_path("closed"), *own = file_path("own");
    HANDLE file;
    DWORD count;
    int number, i;

    put(path, "text");
    put(own, "own");
    file = create(path, READ_WRITE, SHARE_ALL, OPEN_EXISTING, 0);
    for (i = 3; i < 100; ++i)
        close(i);
    number = open(own, O_RDWR);
    for (i = 0; i < 100; ++i)
        (void)!dup(number); /* every number that was ours means this file now */
    CHECK_ERROR(WriteFile(file, "lost", 4, &count, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEndOfFile(file), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(file));
    CHECK(holds(own, "own") && holds(path, "text") && write(number, "OWN", 3) == 3);
    unlink(path), unlink(own);
}
#endif

int main(void)
{
    check_begin();
    each_disposition_does_one_thing_with_a_file_that_exists_and_one_with_a_missing_one();
    impossible_arguments_are_refused_and_touch_nothing();
    a_path_that_leads_nowhere_says_what_is_missing();
    wide_and_narrow_paths_name_the_same_file();
    a_read_only_file_is_written_by_its_maker_only();
    directories_open_for_those_who_say_so();
    rights_can_be_as_many_as_there_are_and_hints_do_no_harm();
#ifndef __MINGW32__
    rights_that_are_not_there_are_left_out();
    paths_of_windows_alone_are_refused_and_both_slashes_separate();
    what_linux_has_and_windows_has_not_is_no_trap();
    a_descriptor_closed_behind_our_back_is_an_error();
#endif
    return check_end();
}
