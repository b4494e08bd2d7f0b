/*
 * intrin.h - instructions of the processor as functions: __rdtsc, _mm_pause,
 * __cpuid, the _Interlocked functions and the barriers.
 *
 * On Linux: the vector instructions are the compiler's <x86intrin.h>. __cpuid takes
 * Microsoft's two arguments or the five of <cpuid.h>.
 */
#ifndef WINSHM_COMPAT_INTRIN_H
#define WINSHM_COMPAT_INTRIN_H

#include <cpuid.h>
#include <x86intrin.h>

#include <winshm_interlocked.h>

/** The registers eax, ebx, ecx and edx of CPUID, for a leaf and a part of it. */
static inline void winshm_cpuidex(int registers[4], int leaf, int part)
{
    unsigned a, b, c, d;

    __cpuid_count(leaf, part, a, b, c, d);
    registers[0] = (int)a;
    registers[1] = (int)b;
    registers[2] = (int)c;
    registers[3] = (int)d;
}

/* A macro, because newer compilers have a function of the name. */
#undef __cpuidex
#define __cpuidex winshm_cpuidex

#undef __cpuid
#define WINSHM_CPUID(five, four, three, two, one, name, ...) name
#define WINSHM_CPUID_2(registers, leaf) winshm_cpuidex(registers, leaf, 0)
#define WINSHM_CPUID_5(leaf, a, b, c, d) __cpuid_count(leaf, 0, a, b, c, d)
#define __cpuid(...) WINSHM_CPUID(__VA_ARGS__, WINSHM_CPUID_5, ~, ~, WINSHM_CPUID_2, ~, ~)(__VA_ARGS__)

#endif
