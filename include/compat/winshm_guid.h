/*
 * winshm_guid.h - GUID, the 128-bit name of an interface or of a kind of thing.
 *
 * DEFINE_GUID declares one. After <initguid.h> it defines it, too; several
 * sources may do so.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_GUID_H
#define WINSHM_GUID_H

#include <string.h>

#include <winshm_keywords.h>
#include <winshm_types.h>

typedef struct _GUID {
    DWORD Data1;
    WORD Data2;
    WORD Data3;
    BYTE Data4[8];
} GUID, *LPGUID, IID, *LPIID, CLSID, *LPCLSID, FMTID;
typedef const GUID *LPCGUID;

#ifdef __cplusplus
typedef const GUID &REFGUID;
typedef const IID &REFIID;
typedef const CLSID &REFCLSID;
#define WINSHM_GUID_ADDRESS(guid) (&(guid))
#else
typedef const GUID *REFGUID;
typedef const IID *REFIID;
typedef const CLSID *REFCLSID;
#define WINSHM_GUID_ADDRESS(guid) (guid)
#endif

static inline BOOL IsEqualGUID(REFGUID left, REFGUID right)
{
    return memcmp(WINSHM_GUID_ADDRESS(left), WINSHM_GUID_ADDRESS(right), sizeof(GUID)) == 0;
}
#define IsEqualIID(left, right) IsEqualGUID(left, right)
#define IsEqualCLSID(left, right) IsEqualGUID(left, right)

#ifdef __cplusplus
static inline bool operator==(REFGUID left, REFGUID right)
{
    return IsEqualGUID(left, right);
}

static inline bool operator!=(REFGUID left, REFGUID right)
{
    return !IsEqualGUID(left, right);
}
#endif

#define WINSHM_DECLARE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C const GUID name
/* Declared first: a constant of C++ is local to its source otherwise. Weak: several sources may define it. */
#define WINSHM_DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
    EXTERN_C const GUID name __attribute__((__weak__));                     \
    const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}

#ifdef INITGUID
#define DEFINE_GUID WINSHM_DEFINE_GUID
#else
#define DEFINE_GUID WINSHM_DECLARE_GUID
#endif

#endif /* WINSHM_GUID_H */
