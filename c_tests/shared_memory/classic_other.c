/* The second source of classic.c. */
#include <SharedMemoryClassic.h>

#include "classic_other.h"

int first_byte_in_other_source(void) {
    char byte[1] = {0};

    return SharedMemoryRead(byte) == 0 ? byte[0] : -1;
}

const char *name_of_key(long key) {
    static char name[40];

    snprintf(name, sizeof name, "SysV\\%ld", key);
    return name;
}
