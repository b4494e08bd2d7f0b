/*
 * winshm_interlocked.h - the Interlocked functions and the barriers, over the
 * compiler's atomics.
 *
 * On Linux: they take variables of every integer type of 4 or 8 bytes, because
 * `long` and `unsigned long`, which Windows sources pass, have 8 bytes. The result
 * has the variable's type. Each is a full barrier, also those that ask for less.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_INTERLOCKED_H
#define WINSHM_INTERLOCKED_H

#include <winshm.h>

#ifdef __cplusplus

#include <type_traits>

/** Keeps an argument from taking part in the choice of a template's type. */
template <typename Type>
struct winshm_same {
    typedef Type type;
};

#define WINSHM_INTERLOCKED_SIZE "an Interlocked function needs an integer variable of 4 or 8 bytes"
#define WINSHM_INTERLOCKED_SIZE64 "an Interlocked function whose name has 64 needs an integer variable of 8 bytes"
#define WINSHM_INTERLOCKED_POINTER "an Interlocked function for pointers needs the address of a pointer"

#define WINSHM_INTERLOCKED_CHECK(Integer)                                                                  \
    static_assert(std::is_integral<Integer>::value && (sizeof(Integer) == 4 || sizeof(Integer) == 8),      \
                  WINSHM_INTERLOCKED_SIZE)
#define WINSHM_INTERLOCKED_CHECK64(Integer) \
    static_assert(std::is_integral<Integer>::value && sizeof(Integer) == 8, WINSHM_INTERLOCKED_SIZE64)

/** A function that changes a variable by one. */
#define WINSHM_INTERLOCKED_STEP(name, check, operation)             \
    template <typename Integer>                                     \
    static inline Integer name(volatile Integer *target)            \
    {                                                               \
        check(Integer);                                             \
        return operation(target, Integer(1), __ATOMIC_SEQ_CST);     \
    }
/** A function that changes a variable by means of a value. */
#define WINSHM_INTERLOCKED_VALUE(name, check, operation)                                                   \
    template <typename Integer>                                                                            \
    static inline Integer name(volatile Integer *target, typename winshm_same<Integer>::type value)        \
    {                                                                                                      \
        check(Integer);                                                                                    \
        return operation(target, value, __ATOMIC_SEQ_CST);                                                 \
    }
/** A function that changes a variable that equals another value. */
#define WINSHM_INTERLOCKED_COMPARE(name, check)                                                            \
    template <typename Integer>                                                                            \
    static inline Integer name(volatile Integer *target, typename winshm_same<Integer>::type value,        \
                               typename winshm_same<Integer>::type comparand)                              \
    {                                                                                                      \
        check(Integer);                                                                                    \
        return __sync_val_compare_and_swap(target, comparand, value);                                      \
    }

WINSHM_INTERLOCKED_STEP(InterlockedIncrement, WINSHM_INTERLOCKED_CHECK, __atomic_add_fetch)
WINSHM_INTERLOCKED_STEP(InterlockedIncrement64, WINSHM_INTERLOCKED_CHECK64, __atomic_add_fetch)
WINSHM_INTERLOCKED_STEP(InterlockedDecrement, WINSHM_INTERLOCKED_CHECK, __atomic_sub_fetch)
WINSHM_INTERLOCKED_STEP(InterlockedDecrement64, WINSHM_INTERLOCKED_CHECK64, __atomic_sub_fetch)
WINSHM_INTERLOCKED_VALUE(InterlockedExchange, WINSHM_INTERLOCKED_CHECK, __atomic_exchange_n)
WINSHM_INTERLOCKED_VALUE(InterlockedExchange64, WINSHM_INTERLOCKED_CHECK64, __atomic_exchange_n)
WINSHM_INTERLOCKED_VALUE(InterlockedExchangeAdd, WINSHM_INTERLOCKED_CHECK, __atomic_fetch_add)
WINSHM_INTERLOCKED_VALUE(InterlockedExchangeAdd64, WINSHM_INTERLOCKED_CHECK64, __atomic_fetch_add)
WINSHM_INTERLOCKED_VALUE(InterlockedAnd, WINSHM_INTERLOCKED_CHECK, __atomic_fetch_and)
WINSHM_INTERLOCKED_VALUE(InterlockedAnd64, WINSHM_INTERLOCKED_CHECK64, __atomic_fetch_and)
WINSHM_INTERLOCKED_VALUE(InterlockedOr, WINSHM_INTERLOCKED_CHECK, __atomic_fetch_or)
WINSHM_INTERLOCKED_VALUE(InterlockedOr64, WINSHM_INTERLOCKED_CHECK64, __atomic_fetch_or)
WINSHM_INTERLOCKED_VALUE(InterlockedXor, WINSHM_INTERLOCKED_CHECK, __atomic_fetch_xor)
WINSHM_INTERLOCKED_VALUE(InterlockedXor64, WINSHM_INTERLOCKED_CHECK64, __atomic_fetch_xor)
WINSHM_INTERLOCKED_COMPARE(InterlockedCompareExchange, WINSHM_INTERLOCKED_CHECK)
WINSHM_INTERLOCKED_COMPARE(InterlockedCompareExchange64, WINSHM_INTERLOCKED_CHECK64)

/* Pointers of every type; for PVOID they are as on Windows. */

template <typename Pointer>
static inline Pointer InterlockedExchangePointer(volatile Pointer *target, typename winshm_same<Pointer>::type value)
{
    static_assert(std::is_pointer<Pointer>::value, WINSHM_INTERLOCKED_POINTER);
    return __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST);
}

template <typename Pointer>
static inline Pointer InterlockedCompareExchangePointer(volatile Pointer *target,
                                                        typename winshm_same<Pointer>::type value,
                                                        typename winshm_same<Pointer>::type comparand)
{
    static_assert(std::is_pointer<Pointer>::value, WINSHM_INTERLOCKED_POINTER);
    return __sync_val_compare_and_swap(target, comparand, value);
}

#else

/* 0, if the condition holds; else the error message has the name, of a bit-field. C99 has no assertion. */
#define WINSHM_INTERLOCKED_ZERO(name, condition) (0 * sizeof(struct { int name : (condition) ? 1 : -1; }))

/* The address, if it is one of an integer (~ takes nothing else) of a right size. */
#define WINSHM_INTERLOCKED(target)                                                      \
    ((target) + WINSHM_INTERLOCKED_ZERO(Interlocked_needs_an_integer_of_4_or_8_bytes,   \
                                        sizeof(~*(target)) && (sizeof(*(target)) == 4 || sizeof(*(target)) == 8)))
#define WINSHM_INTERLOCKED64(target)                                                    \
    ((target) + WINSHM_INTERLOCKED_ZERO(Interlocked_64_needs_an_integer_of_8_bytes,     \
                                        sizeof(~*(target)) && sizeof(*(target)) == 8))

#define InterlockedIncrement(target) __atomic_add_fetch(WINSHM_INTERLOCKED(target), 1, __ATOMIC_SEQ_CST)
#define InterlockedIncrement64(target) __atomic_add_fetch(WINSHM_INTERLOCKED64(target), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(target) __atomic_sub_fetch(WINSHM_INTERLOCKED(target), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement64(target) __atomic_sub_fetch(WINSHM_INTERLOCKED64(target), 1, __ATOMIC_SEQ_CST)
#define InterlockedExchange(target, value) \
    __atomic_exchange_n(WINSHM_INTERLOCKED(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedExchange64(target, value) \
    __atomic_exchange_n(WINSHM_INTERLOCKED64(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd(target, value) \
    __atomic_fetch_add(WINSHM_INTERLOCKED(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd64(target, value) \
    __atomic_fetch_add(WINSHM_INTERLOCKED64(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedAnd(target, value) __atomic_fetch_and(WINSHM_INTERLOCKED(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedAnd64(target, value) __atomic_fetch_and(WINSHM_INTERLOCKED64(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedOr(target, value) __atomic_fetch_or(WINSHM_INTERLOCKED(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedOr64(target, value) __atomic_fetch_or(WINSHM_INTERLOCKED64(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedXor(target, value) __atomic_fetch_xor(WINSHM_INTERLOCKED(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedXor64(target, value) __atomic_fetch_xor(WINSHM_INTERLOCKED64(target), (value), __ATOMIC_SEQ_CST)
#define InterlockedCompareExchange(target, value, comparand) \
    __sync_val_compare_and_swap(WINSHM_INTERLOCKED(target), (comparand), (value))
#define InterlockedCompareExchange64(target, value, comparand) \
    __sync_val_compare_and_swap(WINSHM_INTERLOCKED64(target), (comparand), (value))

/** A pointer of whatever type, as these functions read and write it. */
typedef PVOID __attribute__((__may_alias__)) winshm_any_pointer;

/* The address, if it is one of a pointer; the compiler warns of an integer beside (void *)0. */
#define WINSHM_INTERLOCKED_ANY_POINTER(target)                                                           \
    ((volatile winshm_any_pointer *)((target)                                                            \
                                     + WINSHM_INTERLOCKED_ZERO(Interlocked_needs_a_pointer,              \
                                                               sizeof(1 ? *(target) : (void *)0)         \
                                                                   == sizeof(PVOID))))

#define InterlockedExchangePointer(target, value) \
    __atomic_exchange_n(WINSHM_INTERLOCKED_ANY_POINTER(target), (PVOID)(value), __ATOMIC_SEQ_CST)
#define InterlockedCompareExchangePointer(target, value, comparand) \
    __sync_val_compare_and_swap(WINSHM_INTERLOCKED_ANY_POINTER(target), (PVOID)(comparand), (PVOID)(value))

#endif

#include <winshm_interlocked_names.h>

/** No access to memory moves across it, in either direction. */
static inline VOID MemoryBarrier(VOID)
{
    __sync_synchronize();
}

/** Tells the processor that the thread polls. */
static inline VOID YieldProcessor(VOID)
{
    __builtin_ia32_pause();
}

/* These bind only the compiler, as Microsoft's do. */

static inline VOID _ReadWriteBarrier(VOID)
{
    __asm__ __volatile__("" : : : "memory");
}

static inline VOID _ReadBarrier(VOID)
{
    _ReadWriteBarrier();
}

static inline VOID _WriteBarrier(VOID)
{
    _ReadWriteBarrier();
}

#endif /* WINSHM_INTERLOCKED_H */
