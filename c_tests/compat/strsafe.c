/*
 * strsafe.h: what is cut, what is refused, and what stands in the buffer then.
 * mingw-w64 builds this file too; it finds the same on Wine.
 */
#include <windows.h>
#include <tchar.h>
#include <strsafe.h>
#include "check.h"

#ifndef __MINGW32__
DWORD GetLastError(void) { return 0; }
void SetLastError(DWORD error) { (void)error; }
#endif

#define INSUFFICIENT STRSAFE_E_INSUFFICIENT_BUFFER
#define INVALID STRSAFE_E_INVALID_PARAMETER

static int same(const TCHAR *left, const TCHAR *right)
{
    return _tcscmp(left, right) == 0;
}

static void characters(void)
{
    TCHAR text[8];
    size_t length = 99;

    CHECK(StringCchCopy(text, 8, _T("1234567")) == S_OK && same(text, _T("1234567")));
    CHECK(StringCchCopy(text, 8, _T("12345678")) == INSUFFICIENT && same(text, _T("1234567")));
    CHECK(StringCchCopy(text, 1, _T("a")) == INSUFFICIENT && same(text, _T("")));
    CHECK(StringCchCopy(text, 0, _T("a")) == INVALID);
    CHECK(StringCchCopy(text, (size_t)STRSAFE_MAX_CCH + 1, _T("a")) == INVALID);
    CHECK(StringCchCopyN(text, 8, _T("abcdef"), 3) == S_OK && same(text, _T("abc")));
    CHECK(StringCchCopyN(text, 3, _T("abcdef"), 3) == INSUFFICIENT && same(text, _T("ab")));
    CHECK(StringCchCopyN(text, 8, _T("abc"), 100) == S_OK && same(text, _T("abc")));

    CHECK(StringCchCat(text, 8, _T("defg")) == S_OK && same(text, _T("abcdefg")));
    CHECK(StringCchCat(text, 8, _T("h")) == INSUFFICIENT && same(text, _T("abcdefg")));
    CHECK(StringCchCat(text, 8, _T("")) == S_OK);
    CHECK(StringCchCat(text, 5, _T("x")) == INVALID); /* its end is not among the first 5 */
    StringCchCopy(text, 8, _T("ab"));
    CHECK(StringCchCatN(text, 8, _T("cdef"), 2) == S_OK && same(text, _T("abcd")));
    CHECK(StringCchCatN(text, 6, _T("efgh"), 3) == INSUFFICIENT && same(text, _T("abcde")));

    CHECK(StringCchLength(text, 8, &length) == S_OK && length == 5);
    CHECK(StringCchLength(text, 6, &length) == S_OK && length == 5);
    CHECK(StringCchLength(text, 5, &length) == INVALID && length == 0);
    CHECK(StringCchLength(text, 8, NULL) == S_OK);
    length = 99;
    CHECK(StringCchLength(NULL, 8, &length) == INVALID && length == 0);

    CHECK(StringCchPrintf(text, 8, _T("%d-%s"), 12, _T("ab")) == S_OK && same(text, _T("12-ab")));
    CHECK(StringCchPrintf(text, 8, _T("%s"), _T("123456789")) == INSUFFICIENT && same(text, _T("1234567")));
    CHECK(StringCchPrintf(text, 0, _T("%d"), 1) == INVALID);
}

/* The same with sizes in bytes; half a character counts as none. */
static void bytes(void)
{
    TCHAR text[8];
    size_t length = 99;

    CHECK(StringCbCopy(text, sizeof text, _T("12345678")) == INSUFFICIENT && same(text, _T("1234567")));
    CHECK(StringCbCopy(text, sizeof(TCHAR) - 1, _T("a")) == INVALID);
    CHECK(StringCbCopyN(text, sizeof text, _T("abcdef"), 3 * sizeof(TCHAR)) == S_OK && same(text, _T("abc")));
    CHECK(StringCbCat(text, sizeof text, _T("de")) == S_OK && same(text, _T("abcde")));
    CHECK(StringCbCatN(text, sizeof text, _T("fgh"), sizeof(TCHAR)) == S_OK && same(text, _T("abcdef")));
    CHECK(StringCbLength(text, sizeof text, &length) == S_OK && length == 6 * sizeof(TCHAR));
    CHECK(StringCbPrintf(text, sizeof text, _T("%s"), _T("123456789")) == INSUFFICIENT && same(text, _T("1234567")));
}

#ifndef __MINGW32__
/* On Windows these crash. */
static void no_source(void)
{
    TCHAR text[8] = _T("abc");

    CHECK(StringCchCat(text, 8, NULL) == INVALID && same(text, _T("abc")));
    CHECK(StringCchCopy(text, 8, NULL) == INVALID && same(text, _T("")));
}
#endif

int main(void)
{
    characters();
    bytes();
#ifndef __MINGW32__
    no_source();
#endif
    return check_failures != 0;
}
