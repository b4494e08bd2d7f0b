/*
 * winapi.c - the same story by Windows' functions, for winshm and for Wine: an owner is killed, the next one is told, and
 * the names are gone with the last user. `winapi own NAME` is the one that is killed: it prints a line when it owns.
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

static void observed(const char *fault, const char *means, const char *what)
{
    printf("%-34s | %-26s | %s\n", fault, means, what);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const char *role = argc > 1 ? argv[1] : "", *name = argc > 2 ? argv[2] : "", *means = argc > 3 ? argv[3] : "";
    char section_name[200];
    HANDLE mutex, section;

    snprintf(section_name, sizeof section_name, "%s-section", name);
    if (strcmp(role, "own") == 0) {
        mutex = CreateMutexA(NULL, TRUE, name);
        section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, section_name);
        printf("%s\n", mutex && section ? "owns" : "failed");
        fflush(stdout);
        Sleep(60000);
    } else if (strcmp(role, "wait") == 0) {
        mutex = CreateMutexA(NULL, FALSE, name);
        printf("waits\n");
        fflush(stdout);
        switch (WaitForSingleObject(mutex, 10000)) {
        case WAIT_ABANDONED: observed("killed while owning", means, "WAIT_ABANDONED: told, once"); break;
        case WAIT_OBJECT_0: observed("killed while owning", means, "acquired, nobody is told"); break;
        case WAIT_TIMEOUT: observed("killed while owning", means, "not acquired within 10 s"); break;
        default: observed("killed while owning", means, "the wait failed");
        }
    } else if (strcmp(role, "look") == 0) {
        section = OpenFileMappingA(FILE_MAP_READ, FALSE, section_name);
        observed("the last user is killed", means, section ? "the name stays" : "the name is gone");
    }
    return 0;
}
