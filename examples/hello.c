/*
 * hello.c - the program of README.md. With a text, it keeps it for two seconds where
 * another process finds it; without one, it looks for one.
 */
/* [docs: program] */
#include <windows.h>
#include <stdio.h>

int main(int argc, char **argv) {
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, "Local\\Hello");
    BOOL found = GetLastError() == ERROR_ALREADY_EXISTS;
    char *text = (char *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (!text) return 1;
    if (argc > 1) { snprintf(text, 4096, "%s", argv[1]); Sleep(2000); }
    else printf("%s: \"%s\"\n", found ? "found" : "created", text);
}
/* [docs: end] */
