/*
 * files.h - a few words for tests of files.
 */
#ifndef FILES_H
#define FILES_H

#include "check.h"
#include <errno.h>
#include <sys/stat.h>

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
#define READ_WRITE (GENERIC_READ | GENERIC_WRITE)

#ifdef __MINGW32__
#define FILE_FOLDER "."
#else
#define FILE_FOLDER "/tmp"
#endif

/* A path that no other process uses. Sixteen are kept. */
static inline const char *file_path(const char *label)
{
    static char paths[16][160];
    static int next;
    char *path = paths[next++ % 16];

    snprintf(path, sizeof paths[0], FILE_FOLDER "/winshm-%lu-%s", (unsigned long)GetCurrentProcessId(), label);
    return path;
}
/* Makes a file with this text, by the C library. */
static inline void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fputs(text, file) == EOF || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}
/* What a file holds, up to 255 bytes, by the C library; NULL if there is none. */
static inline const char *text_of(const char *path)
{
    static char text[256];
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}
static inline int holds(const char *path, const char *text)
{
    const char *found = text_of(path);

    return found != NULL && strcmp(found, text) == 0;
}
static inline int exists(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0;
}
static inline long size_of(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? (long)status.st_size : -1;
}

/* An existing file, opened with these rights and share modes; NULL if that fails. */
static inline HANDLE open_shared(const char *path, DWORD access, DWORD share)
{
    HANDLE file = CreateFileA(path, access, share, NULL, OPEN_EXISTING, 0, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}
/* An existing file that everybody may use too. */
static inline HANDLE open_file(const char *path, DWORD access) { return open_shared(path, access, SHARE_ALL); }
/* A new file that everybody may use too. */
static inline HANDLE new_file(const char *path)
{
    HANDLE file = CreateFileA(path, READ_WRITE, SHARE_ALL, NULL, CREATE_ALWAYS, 0, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}
#endif
