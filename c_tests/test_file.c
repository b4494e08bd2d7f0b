/*
 * test_file.c - CreateFile: what exists, what is made, what is emptied, and what the
 * caller is told about it.
 */
#include "files.h"

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
    CHECK_ERROR(create(path, GENERIC_READ, 8, OPEN_EXISTING, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(path, GENERIC_READ, 0, TRUNCATE_EXISTING, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(path, 0x8000, 0, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
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

int main(void)
{
    check_begin();
    each_disposition_does_one_thing_with_a_file_that_exists_and_one_with_a_missing_one();
    impossible_arguments_are_refused_and_touch_nothing();
    a_path_that_leads_nowhere_says_what_is_missing();
    wide_and_narrow_paths_name_the_same_file();
    return check_end();
}
