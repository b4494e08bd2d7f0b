/*
 * winshm_lp64.h - lets sources pass the address of a `long` or `unsigned long` where
 * a function writes a LONG or DWORD, which has half its size here.
 *
 * On Linux: the upper half of such a variable becomes 0, the function writes the
 * lower one. In C++ these functions are overloaded: one whose address is taken without
 * a type that it has, as in `decltype(&ReadFile)`, is ambiguous. In C they are macros with
 * arguments. A program that is disturbed by that defines WINSHM_NO_LONG_POINTERS before
 * it includes windows.h; then such variables must be declared as LONG or DWORD.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_LP64_H
#define WINSHM_LP64_H

#include <winshm.h>

#ifndef WINSHM_NO_LONG_POINTERS

#ifdef __cplusplus

/*
 * Overloads, because macros would also replace members and functions of a program that
 * have one of these names. They are templates, which NULL and 0 do not fit.
 */
#include <type_traits>

/** `Result`, if `Given` is `Long`. */
template <typename Given, typename Long, typename Result>
using winshm_if_long = typename std::enable_if<std::is_same<Given, Long>::value, Result>::type;

template <typename Long>
static inline winshm_if_long<Long, unsigned long, LPDWORD> winshm_lower_half(Long *target)
{
    if (target)
        *target = static_cast<DWORD>(*target);
    return reinterpret_cast<LPDWORD>(target);
}

template <typename Long>
static inline winshm_if_long<Long, long, PLONG> winshm_lower_half(Long *target)
{
    if (target)
        *target = static_cast<long>(static_cast<DWORD>(*target));
    return reinterpret_cast<PLONG>(target);
}

/** Of the result, the library reads the lower half. */
static inline LPTHREAD_START_ROUTINE winshm_start(unsigned long (*start)(LPVOID))
{
    return reinterpret_cast<LPTHREAD_START_ROUTINE>(reinterpret_cast<void (*)()>(start));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> GetExitCodeProcess(HANDLE process, Long *code)
{
    return GetExitCodeProcess(process, winshm_lower_half(code));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> GetExitCodeThread(HANDLE thread, Long *code)
{
    return GetExitCodeThread(thread, winshm_lower_half(code));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, DWORD> GetFileSize(HANDLE file, Long *high)
{
    return GetFileSize(file, winshm_lower_half(high));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> GetHandleInformation(HANDLE handle, Long *flags)
{
    return GetHandleInformation(handle, winshm_lower_half(flags));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> GetOverlappedResult(HANDLE file,
                                                                            LPOVERLAPPED overlapped,
                                                                            Long *transferred, BOOL waits)
{
    return GetOverlappedResult(file, overlapped, winshm_lower_half(transferred), waits);
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> ReadFile(HANDLE file, LPVOID buffer, DWORD size,
                                                                 Long *transferred, LPOVERLAPPED overlapped)
{
    return ReadFile(file, buffer, size, winshm_lower_half(transferred), overlapped);
}

template <typename Long>
static inline winshm_if_long<Long, long, BOOL> ReleaseSemaphore(HANDLE semaphore, LONG count, Long *previous)
{
    return ReleaseSemaphore(semaphore, count, winshm_lower_half(previous));
}

template <typename Long>
static inline winshm_if_long<Long, long, DWORD> SetFilePointer(HANDLE file, LONG low, Long *high,
                                                               DWORD origin)
{
    return SetFilePointer(file, low, winshm_lower_half(high), origin);
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> VirtualProtect(LPVOID address, SIZE_T size,
                                                                       DWORD protection, Long *previous)
{
    return VirtualProtect(address, size, protection, winshm_lower_half(previous));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, BOOL> WriteFile(HANDLE file, LPCVOID buffer, DWORD size,
                                                                  Long *transferred, LPOVERLAPPED overlapped)
{
    return WriteFile(file, buffer, size, winshm_lower_half(transferred), overlapped);
}

/* A thread has two of them: what its function returns, and its number. */
template <typename Long>
static inline winshm_if_long<Long, unsigned long, HANDLE>
CreateThread(LPSECURITY_ATTRIBUTES attributes, SIZE_T stack, LPTHREAD_START_ROUTINE start, LPVOID argument,
             DWORD flags, Long *number)
{
    return CreateThread(attributes, stack, start, argument, flags, winshm_lower_half(number));
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, HANDLE>
CreateThread(LPSECURITY_ATTRIBUTES attributes, SIZE_T stack, Long (*start)(LPVOID), LPVOID argument, DWORD flags,
             LPDWORD number)
{
    return CreateThread(attributes, stack, winshm_start(start), argument, flags, number);
}

template <typename Long>
static inline winshm_if_long<Long, unsigned long, HANDLE>
CreateThread(LPSECURITY_ATTRIBUTES attributes, SIZE_T stack, Long (*start)(LPVOID), LPVOID argument, DWORD flags,
             Long *number)
{
    return CreateThread(attributes, stack, winshm_start(start), argument, flags, winshm_lower_half(number));
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
#define GetFileSize(...) WINSHM_OF_2(WINSHM_DWORD_2, __VA_ARGS__)(GetFileSize, __VA_ARGS__)

#endif

#endif

#endif /* WINSHM_LP64_H */
