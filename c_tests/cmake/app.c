/* The smallest program that shares memory: two views of one named section. */
#include <winshm.h>

#include <stdio.h>
#include <string.h>

int main(void) {
    char name[64];
    snprintf(name, sizeof name, "Local\\winshm_package_%u", (unsigned)GetCurrentProcessId());

    HANDLE created = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name);
    HANDLE opened = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    char *writer = (char *)MapViewOfFile(created, FILE_MAP_WRITE, 0, 0, 0);
    const char *reader = (const char *)MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 0);
    if (writer == NULL || reader == NULL) {
        fprintf(stderr, "app.c: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    strcpy(writer, "shared");
    if (strcmp(reader, "shared") != 0) {
        fprintf(stderr, "app.c: the views differ\n");
        return 1;
    }
    UnmapViewOfFile(writer);
    UnmapViewOfFile(reader);
    CloseHandle(created);
    CloseHandle(opened);

    if (OpenFileMappingA(FILE_MAP_READ, FALSE, name) != NULL || GetLastError() != ERROR_FILE_NOT_FOUND) {
        fprintf(stderr, "app.c: the name is still there, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    return 0;
}
