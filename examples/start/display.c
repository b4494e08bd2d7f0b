/* display.c - the second program of docs/start-here.md: shows what sensor.c measures, until that is gone. */
#include "climate.h"

int main(void) {
    /* [docs: open] */
    HANDLE section = OpenFileMappingA(FILE_MAP_READ, FALSE, "Local\\Climate");
    must(section != NULL, "no sensor: OpenFileMapping");
    const struct Climate *climate = (const struct Climate *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    must(climate != NULL, "MapViewOfFile");
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, "Local\\Climate.mutex");
    must(mutex != NULL, "OpenMutex");
    HANDLE changed = OpenEventA(SYNCHRONIZE, FALSE, "Local\\Climate.changed");
    must(changed != NULL, "OpenEvent");
    /* [docs: end] */

    /* [docs: read] */
    while (WaitForSingleObject(changed, 1000) == WAIT_OBJECT_0) {
        if (WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED)
            puts("the sensor died while it wrote: the value may be wrong");
        struct Climate now = *climate;
        ReleaseMutex(mutex);
        printf("%d: %.1f degrees\n", now.number, now.celsius);
        fflush(stdout);
    }
    puts("no news for a second");
    /* [docs: end] */
}
