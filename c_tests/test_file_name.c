/*
 * test_file_name.c - DeleteFile, files that go with their last handle, and names for
 * temporary files.
 */
#include "files.h"
#ifndef __MINGW32__
#include <sys/sysmacros.h>
#endif

static HANDLE open_to_delete(const char *path, DWORD access, DWORD disposition)
{
    HANDLE file =
        CreateFileA(path, access, SHARE_ALL, NULL, disposition, FILE_FLAG_DELETE_ON_CLOSE, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

static void a_deleted_file_is_gone_and_who_has_it_open_keeps_it(void)
{
    const char *path = file_path("delete");
    HANDLE file = new_file(path), next;
    DWORD count;
    char buffer[4];

    CHECK(WriteFile(file, "text", 4, &count, NULL));
    CHECK_QUIET(DeleteFileA(path));
    CHECK(!exists(path) || ON_WINE(1)); /* as on Windows since 10; Wine waits for the last handle */
    if (exists(path)) {
        CHECK(CloseHandle(file) && !exists(path));
        return;
    }
    CHECK_ERROR(DeleteFileA(path), ERROR_FILE_NOT_FOUND);
    CHECK(SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0 && ReadFile(file, buffer, 4, &count, NULL) && count == 4);
    next = CreateFileA(path, READ_WRITE, 0, NULL, CREATE_NEW, 0, NULL); /* the name is free */
    CHECK(next != INVALID_HANDLE_VALUE && GetFileSize(next, NULL) == 0);
    CHECK(CloseHandle(file) && CloseHandle(next));
    CHECK_QUIET(DeleteFileW(widen(path)));
    CHECK(!exists(path));
}

static void what_must_not_be_deleted_stays(void)
{
    const char *path = file_path("stay");
    HANDLE file;

    CHECK_ERROR(DeleteFileA(file_path("no-folder/file")), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(DeleteFileA(FILE_FOLDER), ERROR_ACCESS_DENIED);
    CHECK_ERROR(DeleteFileA(NULL), ERROR_PATH_NOT_FOUND);
    put(path, "text");
    file = open_shared(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE);
    CHECK_ERROR(DeleteFileA(path), ERROR_SHARING_VIOLATION);
    CHECK(CloseHandle(file) && holds(path, "text"));
    chmod(path, 0444);
    CHECK_ERROR(DeleteFileA(path), ERROR_ACCESS_DENIED);
    CHECK(exists(path));
    chmod(path, 0644);
    CHECK_QUIET(DeleteFileA(path));
}

#ifndef __MINGW32__
/* Root could delete them. (A node of this test's: nobody tries with the system's own.) */
static void devices_are_not_deleted(void)
{
    const char *path = file_path("device");

    if (mknod(path, S_IFCHR | 0666, makedev(1, 3)) != 0)
        return; /* who is not root could not delete one either */
    CHECK_ERROR(DeleteFileA(path), ERROR_ACCESS_DENIED);
    CHECK_ERROR(open_to_delete(path, READ_WRITE, OPEN_EXISTING), ERROR_ACCESS_DENIED);
    CHECK_ERROR(open_to_delete(path, READ_WRITE, OPEN_ALWAYS), ERROR_ACCESS_DENIED);
    CHECK(exists(path));
    unlink(path);
}
#endif

static void a_file_can_go_with_its_last_handle(void)
{
    const char *path = file_path("on-close");
    HANDLE file = open_to_delete(path, READ_WRITE, CREATE_NEW), twin = NULL, other;

    CHECK(file != NULL && exists(path));
    CHECK_ERROR(open_shared(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE), ERROR_SHARING_VIOLATION);
    other = open_file(path, GENERIC_READ);
    CHECK(other != NULL);
    CHECK(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(CloseHandle(file) && exists(path));
    CHECK(CloseHandle(twin));
    CHECK(CloseHandle(other));
    CHECK(!exists(path));

    /* Whoever has it open must have let it be deleted. */
    put(path, "text");
    other = open_shared(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE);
    CHECK_ERROR(open_to_delete(path, GENERIC_READ, OPEN_EXISTING), ERROR_SHARING_VIOLATION);
    CHECK(CloseHandle(other) && exists(path));
    CHECK((file = open_to_delete(path, GENERIC_READ, OPEN_EXISTING)) != NULL);
    CHECK(CloseHandle(file) && !exists(path));
}

static void temporary_files_have_a_folder_and_names(void)
{
    char folder[MAX_PATH], path[MAX_PATH], again[MAX_PATH];
    DWORD length = GetTempPathA(sizeof folder, folder);
    WCHAR wide[MAX_PATH];
    UINT number;

    CHECK(length > 0 && length == strlen(folder) && strchr("/\\", folder[length - 1]) != NULL);
    CHECK(GetTempPathA(3, path) == length + 1 && GetTempPathA(length, path) == length + 1);
    CHECK(GetTempPathW(MAX_PATH, wide) == length && wide[0] == (WCHAR)folder[0] && wide[length] == 0);

    number = GetTempFileNameA(FILE_FOLDER, "check", 0, path);
    CHECK(number != 0 && number <= 0xFFFF && exists(path) && size_of(path) == 0);
    CHECK(strstr(path, "che") != NULL && strstr(path, "check") == NULL);
    CHECK(GetTempFileNameA(FILE_FOLDER, "che", number, again) == number && strcmp(again, path) == 0);
    CHECK(GetTempFileNameA(FILE_FOLDER, "che", 0, again) != 0 && strcmp(again, path) != 0);
    CHECK(DeleteFileA(path) && DeleteFileA(again));

    CHECK(GetTempFileNameA(FILE_FOLDER, "x", 0x1A2B, path) == 0x1A2B && !exists(path));
    CHECK_ERROR(GetTempFileNameA(file_path("no-folder"), "x", 0, path), ERROR_DIRECTORY);
    CHECK_ERROR(GetTempFileNameA(file_path("no-folder"), "x", 0x1A2B, path), ERROR_DIRECTORY);
    memset(again, 'x', sizeof again);
    again[250] = 0;
    CHECK_ERROR_OR_WINE(GetTempFileNameA(again, "x", 1, path), ERROR_BUFFER_OVERFLOW, ERROR_DIRECTORY);
    number = GetTempFileNameW(widen(FILE_FOLDER), widen("wid"), 0, wide);
    CHECK(number != 0 && DeleteFileW(wide));
}

int main(void)
{
    check_begin();
    a_deleted_file_is_gone_and_who_has_it_open_keeps_it();
    what_must_not_be_deleted_stays();
#ifndef __MINGW32__
    devices_are_not_deleted();
#endif
    a_file_can_go_with_its_last_handle();
    temporary_files_have_a_folder_and_names();
    return check_end();
}
