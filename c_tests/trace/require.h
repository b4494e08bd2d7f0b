/* require.h - what must hold in a program that is traced: if it does not, the program says where and ends. */
#ifndef REQUIRE_H
#define REQUIRE_H

#include <stdio.h>
#include <unistd.h>

#define REQUIRE(condition)                                                        \
    do {                                                                          \
        if (!(condition)) {                                                       \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);        \
            fflush(stdout);                                                       \
            _exit(1);                                                             \
        }                                                                         \
    } while (0)

#endif
