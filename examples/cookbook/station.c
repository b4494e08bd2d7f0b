/*
 * station.c - measurements for programs in other languages, which map the POSIX object of that name.
 *
 *     station run NAME [COUNT]    publishes measurements, until it has published COUNT and read a line
 *     station free NAME           destroys the segment
 *
 * station.py and station.sh read it: ./station run /station 5
 */
#include "SharedMemory.h"

#include "../sync/common.h"

#include <string.h>

/* [docs: layout] */
/* Every other language must lay it out alike: fixed widths, no padding, little-endian as the machine. */
struct Measurement {
    uint32_t version; /* odd while it is written */
    uint32_t station;
    double celsius[4];
};
_Static_assert(sizeof(struct Measurement) == 40, "station.py unpacks 40 bytes");
/* [docs: end] */

/* For readers without the library: they read again if the version is odd, or has changed meanwhile. */
/* [docs: publish] */
static void publish(struct Measurement *shared, uint32_t station, double celsius) {
    InterlockedExchange((volatile LONG *)&shared->version, (LONG)((shared->version + 1) | 1));
    shared->station = station;
    for (int i = 0; i < 4; i++)
        shared->celsius[i] = celsius + i;
    InterlockedExchange((volatile LONG *)&shared->version, (LONG)(shared->version + 1));
}
/* [docs: end] */

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    int count = argc > 3 ? atoi(argv[3]) : 1;
    BOOL is_free = strcmp(role, "free") == 0;
    SharedMemory *memory;

    if (argc < 3 || argc > (is_free ? 3 : 4) || (!is_free && strcmp(role, "run") != 0)) {
        fprintf(stderr, "usage: station run NAME [COUNT]\n       station free NAME\n");
        return 2;
    }
    int error = is_free ? SharedMemoryOpen(argv[2], &memory)
                        : SharedMemoryCreate(argv[2], sizeof(struct Measurement), &memory);
    if (error != 0) {
        fprintf(stderr, "station: %s: %s\n", argv[2], SharedMemoryErrorText(error));
        return 1;
    }
    if (is_free)
        return SharedMemoryFree(memory);
    struct Measurement *shared = (struct Measurement *)SharedMemoryData(memory, NULL);
    for (int i = 1; i <= count; i++)
        publish(shared, 7, 20.0 + i);
    say("published %d", count);
    getchar();
    return SharedMemoryClose(memory);
}
