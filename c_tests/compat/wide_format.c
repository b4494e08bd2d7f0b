/* What the wide printf functions make of each conversion. */
#include <windows.h>
#include <wchar.h>
#include "check.h"

static wchar_t text[256];

static int gives(int length, const wchar_t *expected)
{
    const int right = length == (int)wcslen(expected) && wcscmp(text, expected) == 0;

    if (!right) {
        fputs("got ", stderr);
        fwprintf(stderr, L"%d [%s], not [%s]\n", length, text, expected);
    }
    return right;
}
#define GIVES(expected, ...) CHECK(gives(swprintf(text, _countof(text), __VA_ARGS__), expected))

static void strings(void)
{
    const wchar_t open_end[] = {L'a', L'b', L'c'};

    GIVES(L"wide narrow", L"%s %S", L"wide", "narrow");
    GIVES(L"narrow wide wide", L"%hs %ls %ws", "narrow", L"wide", L"wide");
    GIVES(L"x y z \u00fc", L"%c %C %hc %lc", L'x', 'y', 'z', L'\u00fc');
    GIVES(L"gr\u00fc\u00dfe \U0001f600", L"%S", "gr\xc3\xbc\xc3\x9f"
                                              "e \xf0\x9f\x98\x80");
    GIVES(L"\xdcff", L"%S", "\xff");
    GIVES(L"[  ab][ab  ][ab]", L"[%4s][%-4s][%1s]", L"ab", L"ab", L"ab");
    GIVES(L"[  ab][ab  ]", L"[%*s][%*s]", 4, L"ab", -4, L"ab");
    GIVES(L"[ab][abc]", L"[%.2s][%.*s]", L"abc", 3, open_end);
    GIVES(L"[\u00fc ]", L"[%-2S]", "\xc3\xbc");
    GIVES(L"(null) (null)", L"%s %S", (wchar_t *)NULL, (char *)NULL);
    GIVES(L"[  x]", L"[%3c]", L'x');
}

static void numbers(void)
{
    GIVES(L"-1 4294967295 ffffffff FFFFFFFF 37777777777", L"%d %u %x %X %o", -1, ~0u, ~0u, ~0u, ~0u);
    GIVES(L"[   7][7   ][0007][+7][ 7][  07]", L"[%4d][%-4d][%04d][%+d][% d][%4.2d]", 7, 7, 7, 7, 7, 7);
    GIVES(L"0xff 077", L"%#x %#o", 255u, 077u);
    GIVES(L"-1 65535 -1 255", L"%hd %hu %hhd %hhu", 0xffff, 0x1ffff, 0xff, 0x1ff);
    GIVES(L"-5000000000 5000000000 5000000000", L"%ld %lu %lld", -5000000000L, 5000000000UL, 5000000000LL);
    GIVES(L"-5000000000 12a05f200 7 8 -9", L"%I64d %I64x %I32d %Iu %Id", -5000000000LL, 5000000000ULL, 7, (size_t)8,
          (ptrdiff_t)-9);
    GIVES(L"1 2 3", L"%zu %td %jd", (size_t)1, (ptrdiff_t)2, (intmax_t)3);
    GIVES(L"2.50 2.5 2.500000e+00 0x1.4p+1 2.5", L"%.2f %g %e %a %Lg", 2.5, 2.5, 2.5, 2.5, 2.5L);
    GIVES(L"[    2.5][2.5    ]", L"[%*g][%-*g]", 7, 2.5, 7, 2.5);
    GIVES(L"100% %", L"%d%% %", 100);
    GIVES(L"1 %y 2", L"%d %y %d", 1, 2);
    GIVES(L"0x10", L"%p", (void *)16);
}

static void sizes(void)
{
    static wchar_t large[100001];
    int number = 0;

    CHECK(swprintf(text, 4, L"%s", L"abcd") == -1 && wcscmp(text, L"abc") == 0);
    CHECK(swprintf(text, 5, L"%s", L"abcd") == 4);
    CHECK(swprintf(large, _countof(large), L"%100000d", 1) == 100000 && large[99999] == L'1' && large[100000] == 0);
    wmemset(large, L'\u20ac', 100000);
    CHECK(_scwprintf(L"%s%s", large, large) == 200000);
    CHECK(_scwprintf(L"%2147483647d", 1) == -1);
    CHECK(_scwprintf(L"%*d", INT_MIN, 1) == -1);
    CHECK(swprintf(text, _countof(text), L"%.*s", INT_MAX, L"all") == 3 && wcscmp(text, L"all") == 0);
    CHECK(_scwprintf(L"%99999999999999999999d.", 1) == -1);
    CHECK(_scwprintf(L"%n", &number) == -1 && number == 0);
    CHECK(_scwprintf(L"") == 0);
}

int main(void)
{
    strings();
    numbers();
    sizes();
#ifdef __cplusplus
    CHECK(gives(swprintf(text, L"%s", L"no size"), L"no size"));
#endif
    return check_failures != 0;
}
