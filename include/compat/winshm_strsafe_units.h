/*
 * winshm_strsafe_units.h - what strsafe.h does with the units of a string, narrow or wide.
 *
 * Included once for each, with WINSHM_STRSAFE_UNIT, the type of a unit, and
 * WINSHM_STRSAFE_OF(name), what a function is called for it. Therefore no guard.
 *
 * Part of strsafe.h; not included by programs.
 */
#ifdef WINSHM_STRSAFE_UNIT

/** Puts at most `count` characters of `source` at `offset` of `buffer`, and the end. */
static inline HRESULT WINSHM_STRSAFE_OF(place)(WINSHM_STRSAFE_UNIT *buffer, size_t size, size_t offset,
                                               const WINSHM_STRSAFE_UNIT *source, size_t count)
{
    HRESULT result = S_OK;

    if (winshm_strsafe_size(size) != S_OK || offset >= size)
        return STRSAFE_E_INVALID_PARAMETER;
    if (!source || count > STRSAFE_MAX_LENGTH) {
        buffer[offset] = 0;
        return STRSAFE_E_INVALID_PARAMETER;
    }
    for (; count > 0 && *source != 0; count--) {
        if (offset == size - 1) { /* full */
            result = STRSAFE_E_INSUFFICIENT_BUFFER;
            break;
        }
        buffer[offset++] = *source++;
    }
    buffer[offset] = 0;
    return result;
}

/** StringCchLength. */
static inline HRESULT WINSHM_STRSAFE_OF(length)(const WINSHM_STRSAFE_UNIT *string, size_t size, size_t *length)
{
    size_t found = 0;

    if (length)
        *length = 0;
    if (!string || size > STRSAFE_MAX_CCH)
        return STRSAFE_E_INVALID_PARAMETER;
    while (found < size && string[found] != 0)
        found++;
    if (found == size)
        return STRSAFE_E_INVALID_PARAMETER;
    if (length)
        *length = found;
    return S_OK;
}

#undef WINSHM_STRSAFE_UNIT
#undef WINSHM_STRSAFE_OF
#endif
