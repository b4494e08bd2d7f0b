/* Tls functions: each thread has its own value of an index. */
#include <processthreadsapi.h>
#include "threads.h"

enum { WORKERS = 4, ROUNDS = 1000 };

static DWORD index_of_all;
static volatile LONG started;

static void *own_value(void *argument)
{
    LONG_PTR wrong = TlsGetValue(index_of_all) != NULL; /* the other threads' values are not this one's */
    LONG i;

    InterlockedIncrement(&started);
    await(&started, WORKERS);
    for (i = 0; i < ROUNDS; i++) {
        wrong += !TlsSetValue(index_of_all, &i) || TlsGetValue(index_of_all) != &i;
        if (i % 100 == 0)
            sched_yield();
    }
    return wrong ? argument : NULL;
}

static void threads_apart(void)
{
    struct threads threads = {{0}, 0};
    void *wrong;
    int mine;

    index_of_all = TlsAlloc();
    CHECK(index_of_all != TLS_OUT_OF_INDEXES && index_of_all != 0);
    CHECK(TlsSetValue(index_of_all, &mine));
    start(&threads, WORKERS, own_value, &threads);
    while (threads.count > 0) {
        pthread_join(threads.ids[--threads.count], &wrong);
        CHECK(wrong == NULL);
    }
    CHECK(TlsGetValue(index_of_all) == &mine);
    CHECK(TlsFree(index_of_all));
}

static void last_errors(void)
{
    const DWORD index = TlsAlloc();
    int value;

    SetLastError(7);
    CHECK(TlsGetValue(index) == NULL && GetLastError() == ERROR_SUCCESS);
    SetLastError(7);
    CHECK(TlsSetValue(index, &value) && GetLastError() == 7);
    CHECK(TlsGetValue(index) == &value && GetLastError() == ERROR_SUCCESS);
    CHECK(TlsFree(index));

    CHECK(!TlsFree(index) && GetLastError() == ERROR_INVALID_PARAMETER);
    SetLastError(7);
    CHECK(!TlsSetValue(TLS_OUT_OF_INDEXES, &value) && GetLastError() == ERROR_INVALID_PARAMETER);
    SetLastError(7);
    CHECK(TlsGetValue(TLS_OUT_OF_INDEXES) == NULL && GetLastError() == ERROR_INVALID_PARAMETER);
    SetLastError(7);
    CHECK(!TlsSetValue(0, NULL) && GetLastError() == ERROR_INVALID_PARAMETER); /* a forgotten TlsAlloc */
}

/** An index that is used again does not bring back the old value. */
static void fresh_values(void)
{
    DWORD indexes[2000], count = 0, i;

    while (count < 2000 && (indexes[count] = TlsAlloc()) != TLS_OUT_OF_INDEXES)
        CHECK(TlsSetValue(indexes[count++], &count));
    CHECK(count >= TLS_MINIMUM_AVAILABLE && count < 2000 && GetLastError() == 259);
    for (i = 0; i < count; i++)
        CHECK(TlsFree(indexes[i]));
    for (i = 0; i < count; i++) {
        indexes[i] = TlsAlloc();
        CHECK(TlsGetValue(indexes[i]) == NULL && GetLastError() == ERROR_SUCCESS);
    }
    for (i = 0; i < count; i++)
        CHECK(TlsFree(indexes[i]));
}

int main(void)
{
    threads_apart();
    last_errors();
    fresh_values();
    return check_failures != 0;
}
