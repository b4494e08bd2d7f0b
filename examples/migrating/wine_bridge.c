/*
 * A native program and one on Wine count in one file: `wine_bridge PATH TIMES`. The same source for both; only the
 * path differs, /tmp/count and Z:\tmp\count.
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    /* [docs: open] */
    HANDLE file = CreateFileA(argv[1], GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 1;
    HANDLE section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, sizeof(LONG), NULL);
    LONG *count = section ? (LONG *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    if (!count)
        return 1;
    /* [docs: end] */
    LONG last = 0;
    for (int i = 0; i < atoi(argv[2]); i++)
        last = InterlockedIncrement(count); /* one instruction on both sides: no mutex reaches across */
    printf("%d\n", (int)last);
    return 0;
}
