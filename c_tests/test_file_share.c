/*
 * test_file_share.c - who may have a file open together with whom, within one process.
 * Between processes: process_file_share.c.
 */
#include "files.h"

/* What an open does and what it lets others do: reading, writing, deleting, in this order of bits. */
static DWORD rights(int bits)
{
    return (bits & 1 ? FILE_READ_DATA : 0) | (bits & 2 ? FILE_WRITE_DATA : 0) | (bits & 4 ? DELETE : 0);
}
static DWORD shares(int bits)
{
    return (bits & 1 ? FILE_SHARE_READ : 0) | (bits & 2 ? FILE_SHARE_WRITE : 0) | (bits & 4 ? FILE_SHARE_DELETE : 0);
}

/* All 64 ways to open a file, each against all: what one does the other must share. */
static void two_opens_go_together_when_each_shares_what_the_other_does(void)
{
    const char *path = file_path("share");
    int one, other, wrong = 0;

    put(path, "text");
    for (one = 0; one < 64; ++one) {
        HANDLE first = open_shared(path, rights(one & 7), shares(one >> 3));

        CHECK(first != NULL);
        for (other = 0; other < 64; ++other) {
            int does = one & 7, lets = one >> 3, does_too = other & 7, lets_too = other >> 3;
            /* Who does nothing with the contents is asked by nobody, and asks nobody. */
            int fits = does == 0 || does_too == 0 || ((does & ~lets_too) == 0 && (does_too & ~lets) == 0);
            HANDLE second = open_shared(path, rights(does_too), shares(lets_too));

            wrong += (second != NULL) != fits || (second == NULL && GetLastError() != ERROR_SHARING_VIOLATION);
            if (second != NULL)
                CloseHandle(second);
        }
        CHECK(CloseHandle(first));
    }
    CHECK(wrong == 0);
    unlink(path);
}

static void a_refused_open_changes_nothing(void)
{
    const char *path = file_path("refused");
    HANDLE file;

    put(path, "text");
    file = open_shared(path, GENERIC_READ, FILE_SHARE_READ);
    SetLastError(SENTINEL);
    CHECK(CreateFileA(path, READ_WRITE, SHARE_ALL, NULL, CREATE_ALWAYS, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK(GetLastError() == ERROR_SHARING_VIOLATION);
#ifndef __MINGW32__ /* Wine does not see that to empty a file is to write to it */
    CHECK(CreateFileA(path, GENERIC_READ, SHARE_ALL, NULL, CREATE_ALWAYS, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK(GetLastError() == ERROR_SHARING_VIOLATION);
#endif
    CHECK(holds(path, "text"));
    CHECK(CloseHandle(file));
    CHECK((file = open_shared(path, READ_WRITE, 0)) != NULL && CloseHandle(file));
    unlink(path);
}

static void a_share_mode_belongs_to_the_file_and_ends_with_its_last_handle(void)
{
    const char *path = file_path("last");
    HANDLE file, twin = NULL;
#ifndef __MINGW32__
    const char *second = file_path("second-name");
#endif

    put(path, "text");
    file = open_shared(path, GENERIC_READ, 0);
    CHECK(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(CloseHandle(file));
    CHECK_ERROR(open_file(path, GENERIC_READ), ERROR_SHARING_VIOLATION);
#ifndef __MINGW32__
    CHECK(link(path, second) == 0); /* another name, the same file */
    CHECK_ERROR(open_file(second, GENERIC_READ), ERROR_SHARING_VIOLATION);
    unlink(second);
#endif
    CHECK(CloseHandle(twin));
    CHECK((file = open_file(path, GENERIC_READ)) != NULL && CloseHandle(file));
    unlink(path);
}

/* Ten thousand handles, or as many as there are descriptors: one each. */
static void many_files_can_be_open(void)
{
    enum { MOST = 10000, PATHS = 200 };
    HANDLE *files = (HANDLE *)malloc(MOST * sizeof *files);
    char label[32];
    int count, i;

#ifndef __MINGW32__
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < MOST + 100 ? limit.rlim_max : MOST + 100;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
#endif
    for (count = 0; count < MOST; ++count) {
        snprintf(label, sizeof label, "many-%d", count % PATHS);
        if (count < PATHS)
            put(file_path(label), "text");
        if ((files[count] = open_shared(file_path(label), GENERIC_READ, FILE_SHARE_READ)) == NULL)
            break;
    }
    CHECK(count == MOST || (GetLastError() == ERROR_TOO_MANY_OPEN_FILES && count > PATHS));
    if (count < MOST)
        CloseHandle(files[--count]); /* room for the question */
    CHECK_ERROR(open_file(file_path("many-0"), GENERIC_WRITE), ERROR_SHARING_VIOLATION);
    for (i = 0; i < count; ++i)
        CloseHandle(files[i]);
    CHECK(CloseHandle(open_file(file_path("many-0"), GENERIC_WRITE)));
    for (i = 0; i < PATHS; ++i) {
        snprintf(label, sizeof label, "many-%d", i);
        unlink(file_path(label));
    }
    free(files);
}

int main(void)
{
    check_begin();
    two_opens_go_together_when_each_shares_what_the_other_does();
    a_refused_open_changes_nothing();
    a_share_mode_belongs_to_the_file_and_ends_with_its_last_handle();
    many_files_can_be_open();
    return check_end();
}
