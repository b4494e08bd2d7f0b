/* plain.c - a forked child sets an event and writes; its parent waits and reads. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <winshm.h>

int main(void)
{
    char name[64], *text;
    HANDLE section, written = CreateEventA(NULL, FALSE, FALSE, NULL);
    pid_t child;

    snprintf(name, sizeof name, "Local\\ConanTest%d", (int)getpid());
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name);
    text = (char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    if (!written || !text)
        return 1;
    child = fork();
    if (child == 0) {
        strcpy(text, WINSHM_VERSION);
        _exit(SetEvent(written) ? 0 : 1);
    }
    if (WaitForSingleObject(written, 10000) != WAIT_OBJECT_0 || waitpid(child, NULL, 0) != child)
        return 1;
    printf("winshm %s shares memory\n", text);
    return strcmp(text, WINSHM_VERSION) != 0;
}
