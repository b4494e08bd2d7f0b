/* The Interlocked functions: results, types, every spelling, and that they are atomic. */
#include "threads.h"

/* Each operation on a variable of the type, from an odd value that needs all its bytes. */
#define OPERATIONS(type, start_value, suffix)                                                             \
    do {                                                                                                  \
        const type from = (type)(start_value);                                                            \
        volatile type variable = from;                                                                    \
                                                                                                          \
        CHECK(sizeof(InterlockedIncrement##suffix(&variable)) == sizeof(type) && variable == from);       \
        CHECK(InterlockedIncrement##suffix(&variable) == (type)(from + 1));                               \
        CHECK(InterlockedDecrement##suffix(&variable) == from && variable == from);                       \
        CHECK(InterlockedExchangeAdd##suffix(&variable, 10) == from && variable == (type)(from + 10));    \
        CHECK(InterlockedExchangeAdd##suffix(&variable, -10) == (type)(from + 10) && variable == from);   \
        CHECK(InterlockedCompareExchange##suffix(&variable, 3, from + 1) == from && variable == from);    \
        CHECK(InterlockedCompareExchange##suffix(&variable, 3, from) == from && variable == 3);           \
        CHECK(InterlockedExchange##suffix(&variable, from) == 3 && variable == from);                     \
        CHECK(InterlockedAnd##suffix(&variable, 0xff) == from && variable == (from & 0xff));              \
        CHECK(InterlockedOr##suffix(&variable, 0x700) == (from & 0xff) && variable == (0x700 | (from & 0xff))); \
        CHECK(InterlockedXor##suffix(&variable, 0x701) == (0x700 | (from & 0xff)));                       \
        CHECK(variable == ((from & 0xff) ^ 1));                                                           \
    } while (0)

static void types(void)
{
    OPERATIONS(LONG, 0x12345679, );
    OPERATIONS(ULONG, 0xfedcba97u, );
    OPERATIONS(DWORD, 0xfffffff1u, );
    OPERATIONS(int, -123455, );
    OPERATIONS(unsigned, 0x80000001u, );
    OPERATIONS(long, 0x123456789abcdef1, );
    OPERATIONS(unsigned long, 0xfedcba9876543211, );
    OPERATIONS(size_t, 0xffffffff00000001, );
    OPERATIONS(LONG64, 0x123456789abcdef1, );
    OPERATIONS(LONG64, -5000000001, 64);
    OPERATIONS(LONGLONG, 0x7ffffffffffffff1, 64);
    OPERATIONS(ULONG64, 0xfedcba9876543211, 64);
    OPERATIONS(int64_t, 0x123456789abcdef1, 64);
    OPERATIONS(unsigned long, 0xfedcba9876543211, 64);
    OPERATIONS(LONG_PTR, 0x123456789abcdef1, 64);
}

static void limits(void)
{
    LONG number = MAXLONG;
    long large = 0xffffffff;

    CHECK(InterlockedIncrement(&number) == MINLONG && InterlockedDecrement(&number) == MAXLONG);
    /* A `long` has all its 8 bytes: no carry is lost. */
    CHECK(InterlockedIncrement(&large) == 0x100000000 && large == 0x100000000);
}

static void once_evaluated(void)
{
    LONG numbers[3] = {0, 0, 0};
    LONG *next = numbers;

    InterlockedIncrement(next++);
    InterlockedExchange(next++, 2);
    CHECK(next == numbers + 2 && numbers[0] == 1 && numbers[1] == 2 && numbers[2] == 0);
}

static void pointers(void)
{
    int one, two;
    PVOID any = &one;
    HANDLE volatile handle = NULL;
    int *typed = &one;

    CHECK(InterlockedExchangePointer(&any, &two) == &one && any == &two);
    CHECK(InterlockedCompareExchangePointer(&any, &one, NULL) == &two && any == &two);
    CHECK(InterlockedCompareExchangePointer(&any, NULL, &two) == &two && any == NULL);
    CHECK(InterlockedExchangePointer(&handle, INVALID_HANDLE_VALUE) == NULL && handle == INVALID_HANDLE_VALUE);
    CHECK(InterlockedExchangePointer((PVOID volatile *)&typed, NULL) == &one && typed == NULL);
    CHECK(InterlockedCompareExchangePointer(&typed, &two, NULL) == NULL && typed == &two);
    CHECK(_InterlockedExchangePointer(&any, &two) == NULL);
    CHECK(_InterlockedCompareExchangePointer(&any, &one, &two) == &two);
    CHECK(InterlockedExchangePointerAcquire(&any, NULL) == &one && InterlockedExchangePointerNoFence(&any, &one) == NULL);
    CHECK(InterlockedCompareExchangePointerAcquire(&any, &two, &one) == &one);
    CHECK(InterlockedCompareExchangePointerRelease(&any, &one, &two) == &two);
    CHECK(InterlockedCompareExchangePointerNoFence(&any, NULL, &one) == &one && any == NULL);
}

/* The other spellings, by what they do to 12. */
#define SPELLINGS_OF_STEP(before, after)                                                          \
    do {                                                                                          \
        value = 12;                                                                               \
        CHECK(before##Increment##after(&value) == 13 && before##Decrement##after(&value) == 12);  \
        CHECK(before##ExchangeAdd##after(&value, 2) == 12);                                       \
        CHECK(before##CompareExchange##after(&value, 7, 14) == 14 && value == 7);                 \
    } while (0)
#define SPELLINGS_OF_BITS(before, after)                                                          \
    do {                                                                                          \
        value = 12;                                                                               \
        CHECK(before##And##after(&value, 4) == 12 && before##Or##after(&value, 3) == 4);          \
        CHECK(before##Xor##after(&value, 1) == 7 && value == 6);                                  \
    } while (0)

static void spellings(void)
{
    LONG64 value;

    SPELLINGS_OF_STEP(_Interlocked, );
    SPELLINGS_OF_STEP(_Interlocked, 64);
    SPELLINGS_OF_STEP(Interlocked, Acquire);
    SPELLINGS_OF_STEP(Interlocked, Release);
    SPELLINGS_OF_STEP(Interlocked, NoFence);
    SPELLINGS_OF_STEP(Interlocked, Acquire64);
    SPELLINGS_OF_STEP(Interlocked, Release64);
    SPELLINGS_OF_STEP(Interlocked, NoFence64);
    SPELLINGS_OF_BITS(_Interlocked, );
    SPELLINGS_OF_BITS(_Interlocked, 64);
    SPELLINGS_OF_BITS(Interlocked, Acquire);
    SPELLINGS_OF_BITS(Interlocked, Release);
    SPELLINGS_OF_BITS(Interlocked, NoFence);
    SPELLINGS_OF_BITS(Interlocked, 64Acquire);
    SPELLINGS_OF_BITS(Interlocked, 64Release);
    SPELLINGS_OF_BITS(Interlocked, 64NoFence);
    CHECK(_InterlockedExchange(&value, 1) == 6 && _InterlockedExchange64(&value, 2) == 1);
    CHECK(InterlockedExchangeAcquire(&value, 3) == 2 && InterlockedExchangeAcquire64(&value, 4) == 3);
    CHECK(InterlockedExchangeNoFence(&value, 5) == 4 && InterlockedExchangeNoFence64(&value, 6) == 5);
}

#ifdef __cplusplus
struct Counter {
    volatile unsigned long version;
    LONG references;

    unsigned long begin() { return ::InterlockedIncrement(&version); }
    // A member of the same name hides nothing that is not asked for.
    LONG InterlockedIncrement() { return ::InterlockedIncrement(&references); }
};

static void cxx()
{
    Counter counter = {41, 0};
    LONG (*const function)(LONG volatile *) = &InterlockedIncrement;

    CHECK(counter.begin() == 42 && counter.InterlockedIncrement() == 1);
    CHECK(function(&counter.references) == 2);
    CHECK(InterlockedExchangeAdd(&counter.version, 1u) == 42);
}
#endif

enum { ROUNDS = 200000, HAND_OVERS = 5000, WORKERS = 4 };

/** What the threads change together; every field has its own operation. */
static struct {
    volatile LONG counted;
    volatile unsigned long added;
    volatile LONG64 compared;
    volatile LONG bits;
    volatile LONG flips;
    PVOID volatile token;
    volatile LONG together;
} shared;

static void *work(void *argument)
{
    const LONG mine = 1 << InterlockedIncrement((volatile LONG *)argument);
    int wrong = 0, polls = 0, i;

    InterlockedIncrement(&shared.together);
    while (peek(&shared.together) < WORKERS)
        poll_again(&polls);
    for (i = 0; i < ROUNDS; i++) {
        LONG64 seen = shared.compared;

        InterlockedIncrement(&shared.counted);
        InterlockedIncrement(&shared.counted);
        InterlockedDecrement(&shared.counted);
        InterlockedExchangeAdd(&shared.added, 0x100000001);
        for (;;) {
            const LONG64 before = InterlockedCompareExchange64(&shared.compared, seen + 3, seen);

            if (before == seen)
                break;
            seen = before;
        }
        /* Nobody else touches this thread's bit. */
        wrong += (InterlockedOr(&shared.bits, mine) & mine) != 0;
        wrong += (InterlockedAnd(&shared.bits, ~mine) & mine) == 0;
        InterlockedXor(&shared.flips, mine);
    }
    /* One pointer goes from hand to hand. */
    for (i = 0; i < HAND_OVERS; i++) {
        PVOID token;

        while ((token = InterlockedExchangePointer(&shared.token, NULL)) == NULL)
            poll_again(&polls);
        if (InterlockedExchangePointer(&shared.token, token) != NULL)
            wrong++;
    }
    return wrong ? argument : NULL;
}

static void atomicity(void)
{
    struct threads threads = {{0}, 0};
    volatile LONG names = 0;
    void *wrong;

    shared.token = &shared;
    start(&threads, WORKERS, work, (void *)&names);
    while (threads.count > 0) {
        pthread_join(threads.ids[--threads.count], &wrong);
        CHECK(wrong == NULL);
    }
    CHECK(shared.counted == WORKERS * ROUNDS);
    CHECK(shared.added == WORKERS * ROUNDS * 0x100000001UL);
    CHECK(shared.compared == 3 * WORKERS * ROUNDS);
    CHECK(shared.bits == 0 && shared.flips == 0 && shared.token == &shared);
}

/**
 * Each of two threads writes its own number and reads the other's. With a barrier
 * between, at least one of them must see the other's.
 */
enum { MEETINGS = 30000 };
static volatile LONG arrived, written[2], seen[2][MEETINGS];

static void *meet(void *argument)
{
    const int me = argument != NULL;
    int polls = 0, i;
    volatile int delay;

    for (i = 0; i < MEETINGS; i++) {
        InterlockedIncrement(&arrived);
        while (arrived < 2 * (i + 1)) {
            if (++polls % 1000 == 0) /* no pause: both go on at the same moment */
                sched_yield();
        }
        for (delay = me ? i % 32 : 16; delay > 0;)
            delay = delay - 1;
        written[me] = i + 1;
        MemoryBarrier();
        seen[me][i] = written[!me];
        _ReadWriteBarrier();
    }
    return NULL;
}

static void barriers(void)
{
    struct threads threads = {{0}, 0};
    int i, missed = 0;

    start(&threads, 1, meet, NULL);
    start(&threads, 1, meet, (void *)&arrived);
    join(&threads);
    for (i = 0; i < MEETINGS; i++)
        missed += seen[0][i] <= i && seen[1][i] <= i;
    CHECK(missed == 0);
}

int main(void)
{
    types();
    limits();
    once_evaluated();
    pointers();
    spellings();
#ifdef __cplusplus
    cxx();
#endif
    atomicity();
    barriers();
    return check_failures != 0;
}
