/*
 * winshm_tls.h - values of which each thread has its own, over pthread's keys.
 *
 * On Linux: a process has 1024 keys, which its C and C++ libraries use, too;
 * TlsAlloc fails when they are gone.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_TLS_H
#define WINSHM_TLS_H

#include <errno.h>
#include <pthread.h>

#include <winshm.h>

/** Result of TlsAlloc: see GetLastError. */
#define TLS_OUT_OF_INDEXES 0xFFFFFFFFu
/** So many indexes there are at least. */
#define TLS_MINIMUM_AVAILABLE 64

#ifndef ERROR_NO_MORE_ITEMS
/** Nothing is left. */
#define ERROR_NO_MORE_ITEMS 259u
#endif

/* The index is one more than the key: on Windows, too, TlsAlloc never returns 0. */

/** The values of all threads are NULL at first. */
static inline DWORD TlsAlloc(VOID)
{
    pthread_key_t key;

    if (pthread_key_create(&key, NULL) != 0) {
        SetLastError(ERROR_NO_MORE_ITEMS);
        return TLS_OUT_OF_INDEXES;
    }
    return (DWORD)key + 1;
}

static inline BOOL TlsFree(DWORD index)
{
    if (pthread_key_delete((pthread_key_t)(index - 1)) == 0)
        return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

static inline BOOL TlsSetValue(DWORD index, LPVOID value)
{
    const int error = pthread_setspecific((pthread_key_t)(index - 1), value);

    if (error == 0)
        return TRUE;
    SetLastError(error == ENOMEM ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_PARAMETER);
    return FALSE;
}

/** NULL may be the value, or an error: so the last error is 0 on success. */
static inline LPVOID TlsGetValue(DWORD index)
{
    const LPVOID value = pthread_getspecific((pthread_key_t)(index - 1));

    /* Only setting tells apart NULL and an index that is not allocated. */
    if (value || TlsSetValue(index, NULL))
        SetLastError(ERROR_SUCCESS);
    return value;
}

#endif /* WINSHM_TLS_H */
