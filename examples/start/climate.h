/* What sensor.c and display.c share. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

/* [docs: shared] */
struct Climate {
    LONG number; /* of the measurement */
    double celsius;
};
/* [docs: end] */

static void must(BOOL good, const char *what) {
    if (!good) {
        fprintf(stderr, "%s: error %u\n", what, GetLastError());
        exit(1);
    }
}
