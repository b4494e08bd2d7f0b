/*
 * header_values.h - the words of the tests of <windows.h> that the compiler does.
 */
#ifndef HEADER_VALUES_H
#define HEADER_VALUES_H

#ifdef __MINGW32__
#define _WIN32_WINNT 0x0A00
#endif
#include <windows.h>

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
#define HOLDS(expr) static_assert(expr, #expr)
#else
#define HOLDS(expr) _Static_assert(expr, #expr)
#endif
#define VALUE(name, value) HOLDS((name) == (value))
#endif
