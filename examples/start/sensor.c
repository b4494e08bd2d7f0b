/* sensor.c - the first program of docs/start-here.md: measures five times a second, until it is killed. */
#include "climate.h"

int main(void) {
    /* [docs: create] */
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(struct Climate),
                                        "Local\\Climate");
    must(section != NULL, "CreateFileMapping");
    struct Climate *climate = (struct Climate *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    must(climate != NULL, "MapViewOfFile");
    /* [docs: end] */
    /* [docs: guard] */
    HANDLE mutex = CreateMutexA(NULL, FALSE, "Local\\Climate.mutex");
    must(mutex != NULL, "CreateMutex");
    HANDLE changed = CreateEventA(NULL, FALSE, FALSE, "Local\\Climate.changed"); /* auto-reset, not set */
    must(changed != NULL, "CreateEvent");
    /* [docs: end] */

    /* [docs: write] */
    for (LONG number = 1;; number++) {
        Sleep(200);
        must(WaitForSingleObject(mutex, INFINITE) != WAIT_FAILED, "WaitForSingleObject");
        climate->number = number;
        climate->celsius = 20 + number / 10.0;
        ReleaseMutex(mutex);
        SetEvent(changed);
    }
    /* [docs: end] */
}
