/*
 * file_sections.h - named sections of files: what the tests between processes have in
 * common.
 */
#ifndef FILE_SECTIONS_H
#define FILE_SECTIONS_H

#include "files.h"

/* The file of a section has its name. */
static inline const char *path_of(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "/tmp/%s.data", name);
    return path;
}
/* A section of it, under a name. */
static inline HANDLE section_of_file(const char *name, DWORD protection)
{
    HANDLE file = open_file(path_of(name), protection == PAGE_READWRITE ? READ_WRITE : GENERIC_READ);
    HANDLE section = CreateFileMappingA(file, NULL, protection, 0, 0, name);

    CHECK(file != NULL && CloseHandle(file));
    return section;
}
static inline HANDLE new_section(const char *name, const char *text)
{
    HANDLE section;

    put(path_of(name), text);
    CHECK_LAST(section = section_of_file(name, PAGE_READWRITE), ERROR_SUCCESS);
    return section;
}

#endif
