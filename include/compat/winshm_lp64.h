/*
 * winshm_lp64.h - lets sources pass the address of a `long` or `unsigned long` where
 * a function writes a LONG or DWORD, which has half its size here.
 *
 * On Linux: the upper half of such a variable becomes 0, the function writes the
 * lower one. A program that defines functions of its own with one of these names and
 * as many parameters defines WINSHM_NO_LONG_POINTERS before it includes windows.h;
 * then such variables must be declared as LONG or DWORD. GetFileSize is such a name
 * in many C++ programs, and is as it is there.
 *
 * They are macros with arguments, not overloads: so the plain name is still the
 * function, whose address can be taken, and NULL is no ambiguity. A call with
 * another number of arguments is left alone.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_LP64_H
#define WINSHM_LP64_H

#include <winshm.h>

#ifndef WINSHM_NO_LONG_POINTERS

#ifdef __cplusplus

#include <type_traits>

/** `Result`, if `Given` is `Long`. That makes templates of the second functions, which NULL and 0 do not fit. */
template <typename Given, typename Long, typename Result>
using winshm_if_long = typename std::enable_if<std::is_same<Given, Long>::value, Result>::type;

static inline LPDWORD winshm_dword(LPDWORD target)
{
    return target;
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, LPDWORD> winshm_dword(Long *target)
{
    if (target)
        *target = static_cast<DWORD>(*target);
    return reinterpret_cast<LPDWORD>(target);
}

static inline PLONG winshm_long(PLONG target)
{
    return target;
}

template <typename Long>
static inline winshm_if_long<Long, long, PLONG> winshm_long(Long *target)
{
    if (target)
        *target = static_cast<long>(static_cast<DWORD>(*target));
    return reinterpret_cast<PLONG>(target);
}

static inline LPTHREAD_START_ROUTINE winshm_start(LPTHREAD_START_ROUTINE start)
{
    return start;
}

/** Of the result, the library reads the lower half. */
template <typename Long>
static inline winshm_if_long<Long, unsigned long, LPTHREAD_START_ROUTINE> winshm_start(Long (*start)(LPVOID))
{
    return reinterpret_cast<LPTHREAD_START_ROUTINE>(reinterpret_cast<void (*)()>(start));
}

#else

static inline void *winshm_lower_half(void *target)
{
    unsigned long *const whole = (unsigned long *)target;

    if (whole)
        *whole = (DWORD)*whole;
    return target;
}

#define WINSHM_IF_TYPE(value, type, then, otherwise) \
    __builtin_choose_expr(__builtin_types_compatible_p(__typeof__(value), type), then, otherwise)
#define winshm_dword(target) \
    WINSHM_IF_TYPE(target, unsigned long *, winshm_lower_half((void *)(target)), (target))
#define winshm_long(target) WINSHM_IF_TYPE(target, long *, winshm_lower_half((void *)(target)), (target))
#define winshm_start(start)                                                                            \
    WINSHM_IF_TYPE((1 ? (start) : 0), unsigned long (*)(LPVOID),                                       \
                   (LPTHREAD_START_ROUTINE)(void (*)(void))(start), (start))

#endif

/* The macro that fits the number of arguments. */
#define WINSHM_TENTH(a, b, c, d, e, f, g, h, i, j, ...) j
#define WINSHM_OF_2(with, ...) WINSHM_TENTH(__VA_ARGS__, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, \
                                            WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, with, WINSHM_AS_IS, ~)
#define WINSHM_OF_3(with, ...) WINSHM_TENTH(__VA_ARGS__, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, \
                                            WINSHM_AS_IS, WINSHM_AS_IS, with, WINSHM_AS_IS, WINSHM_AS_IS, ~)
#define WINSHM_OF_4(with, ...) WINSHM_TENTH(__VA_ARGS__, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, \
                                            WINSHM_AS_IS, with, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, ~)
#define WINSHM_OF_5(with, ...) WINSHM_TENTH(__VA_ARGS__, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, \
                                            with, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, ~)
#define WINSHM_OF_6(with, ...) WINSHM_TENTH(__VA_ARGS__, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, with,         \
                                            WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, WINSHM_AS_IS, ~)

#define WINSHM_AS_IS(name, ...) name(__VA_ARGS__)
#define WINSHM_DWORD_2(name, a, b) name(a, winshm_dword(b))
#define WINSHM_LONG_3(name, a, b, c) name(a, b, winshm_long(c))
#define WINSHM_LONG_3_OF_4(name, a, b, c, d) name(a, b, winshm_long(c), d)
#define WINSHM_DWORD_3_OF_4(name, a, b, c, d) name(a, b, winshm_dword(c), d)
#define WINSHM_DWORD_4(name, a, b, c, d) name(a, b, c, winshm_dword(d))
#define WINSHM_DWORD_4_OF_5(name, a, b, c, d, e) name(a, b, c, winshm_dword(d), e)
#define WINSHM_THREAD(name, a, b, c, d, e, f) name(a, b, winshm_start(c), d, e, winshm_dword(f))

#define CreateThread(...) WINSHM_OF_6(WINSHM_THREAD, __VA_ARGS__)(CreateThread, __VA_ARGS__)
#define GetExitCodeProcess(...) WINSHM_OF_2(WINSHM_DWORD_2, __VA_ARGS__)(GetExitCodeProcess, __VA_ARGS__)
#define GetExitCodeThread(...) WINSHM_OF_2(WINSHM_DWORD_2, __VA_ARGS__)(GetExitCodeThread, __VA_ARGS__)
#define GetHandleInformation(...) WINSHM_OF_2(WINSHM_DWORD_2, __VA_ARGS__)(GetHandleInformation, __VA_ARGS__)
#define GetOverlappedResult(...) WINSHM_OF_4(WINSHM_DWORD_3_OF_4, __VA_ARGS__)(GetOverlappedResult, __VA_ARGS__)
#define ReadFile(...) WINSHM_OF_5(WINSHM_DWORD_4_OF_5, __VA_ARGS__)(ReadFile, __VA_ARGS__)
#define ReleaseSemaphore(...) WINSHM_OF_3(WINSHM_LONG_3, __VA_ARGS__)(ReleaseSemaphore, __VA_ARGS__)
#define SetFilePointer(...) WINSHM_OF_4(WINSHM_LONG_3_OF_4, __VA_ARGS__)(SetFilePointer, __VA_ARGS__)
#define VirtualProtect(...) WINSHM_OF_4(WINSHM_DWORD_4, __VA_ARGS__)(VirtualProtect, __VA_ARGS__)
#define WriteFile(...) WINSHM_OF_5(WINSHM_DWORD_4_OF_5, __VA_ARGS__)(WriteFile, __VA_ARGS__)
#ifndef __cplusplus
#define GetFileSize(...) WINSHM_OF_2(WINSHM_DWORD_2, __VA_ARGS__)(GetFileSize, __VA_ARGS__)
#endif

#endif

#endif /* WINSHM_LP64_H */
