/*
 * peer.c - a program in C that shares names with python/test_winshm.py. Its parent tells it
 * by words on the standard input what to do, and it answers each with a line.
 */
#include <SharedMemory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <winshm.h>

static char bytes[64];

/* Each handle is kept until the end of the program, so that the names are there meanwhile. */
static void obey(const char *word, const char *name)
{
    HANDLE handle;
    SharedMemory *memory;

    if (strcmp(word, "section") == 0) { /* writes into it, and opens it by a wide name, too */
        WCHAR wide[64];
        char *view;

        handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 70000, name);
        view = (char *)MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
        MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, 64);
        if (view && OpenFileMappingW(FILE_MAP_READ, FALSE, wide)) {
            printf("found \"%s\"\n", view);
            strcpy(view, "from C");
            return;
        }
    } else if (strcmp(word, "set") == 0) {
        handle = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
        if (SetEvent(handle)) {
            puts("set");
            return;
        }
    } else if (strcmp(word, "acquire") == 0) {
        handle = CreateMutexA(NULL, FALSE, name);
        printf("acquired %u\n", WaitForSingleObject(handle, INFINITE));
        return;
    } else if (strcmp(word, "write") == 0) {
        if (SharedMemoryCreate(name, 64, &memory) == 0 && SharedMemoryRead(memory, bytes, 64) == 0 &&
            SharedMemoryWrite(memory, "written in C", 12) == 0) {
            printf("read \"%s\"\n", bytes);
            return;
        }
    }
    printf("%s %s: error %u\n", word, name, GetLastError());
}

int main(void)
{
    char line[256], word[16], name[200];

    alarm(60); /* ends what hangs */
    while (fgets(line, sizeof line, stdin))
        if (sscanf(line, "%15s %199s", word, name) == 2) {
            obey(word, name);
            fflush(stdout);
        }
    return 0;
}
