/* The _t functions on strings and buffers, the same for char and wide ones. */
#include <tchar.h>
#include "check.h"

static int same(const TCHAR *left, const TCHAR *right)
{
    return _tcscmp(left, right) == 0;
}

static void copying(void)
{
    TCHAR text[8];

    CHECK(_tcscpy_s(text, _countof(text), _T("abc")) == 0 && same(text, _T("abc")));
    CHECK(_tcscat_s(text, _countof(text), _T("defg")) == 0 && same(text, _T("abcdefg")));
    CHECK(_tcscat_s(text, _countof(text), _T("h")) == ERANGE && same(text, _T("")));
    CHECK(_tcscpy_s(text, _countof(text), _T("12345678")) == ERANGE && same(text, _T("")));
    CHECK(_tcscpy_s(NULL, 4, _T("a")) == EINVAL);
    CHECK(_tcscpy_s(text, 0, _T("a")) == EINVAL);
    CHECK(_tcscpy_s(text, _countof(text), NULL) == EINVAL && same(text, _T("")));
    CHECK(_tcsncpy_s(text, _countof(text), _T("abcdef"), 2) == 0 && same(text, _T("ab")));
    CHECK(_tcsncat_s(text, _countof(text), _T("xyz"), 1) == 0 && same(text, _T("abx")));
    CHECK(_tcsncpy_s(text, _countof(text), _T("0123456789"), _TRUNCATE) == STRUNCATE && same(text, _T("0123456")));
    CHECK(_tcscat_s(text, 3, _T("")) == EINVAL); /* not terminated within its size */
}

static void searching(void)
{
    TCHAR words[] = _T(",one,,two");
    TCHAR *rest = NULL;
    TCHAR *copy = _tcsdup(_T("copy"));

    CHECK(same(_tcstok_s(words, _T(","), &rest), _T("one")));
    CHECK(same(_tcstok_s(NULL, _T(","), &rest), _T("two")));
    CHECK(_tcstok_s(NULL, _T(","), &rest) == NULL);
    CHECK(copy && same(copy, _T("copy")));
    free(copy);

    CHECK(_tcsicmp(_T("MyMapping"), _T("mymapping")) == 0);
    CHECK(_tcsicmp(_T("a"), _T("B")) < 0 && _tcsicmp(_T("b"), _T("A")) > 0);
    CHECK(_tcsnicmp(_T("ABx"), _T("aby"), 2) == 0 && _tcsnicmp(_T("ABx"), _T("aby"), 3) < 0);
    CHECK(_tcsncmp(_T("abc"), _T("abd"), 2) == 0);
    CHECK(same(_tcsstr(_T("Local\\Name"), _T("\\")), _T("\\Name")));
    CHECK(same(_tcsrchr(_T("a/b/c"), _T('/')), _T("/c")));
    CHECK(_tcsnlen(_T("abcdef"), 3) == 3);
    CHECK(_tcstol(_T("-12"), NULL, 10) == -12 && _tstoi(_T("77")) == 77 && _ttoi(_T(" 5")) == 5);
    CHECK(_tstof(_T("1.5")) > 1.4 && _tcstoui64(_T("ffffffffff"), NULL, 16) == 0xffffffffffu);
    CHECK(_istdigit(_T('7')) && !_istalpha(_T('7')) && _totupper(_T('a')) == _T('A'));
}

static void formatting(void)
{
    TCHAR text[8];

    CHECK(_stprintf(text, _T("%d"), 12) == 2 && same(text, _T("12")));
    CHECK(_stprintf_s(text, _countof(text), _T("%s"), _T("1234567")) == 7 && same(text, _T("1234567")));
    CHECK(_stprintf_s(text, _countof(text), _T("%s"), _T("12345678")) == -1 && same(text, _T("")));

    /* Windows' _snprintf: no terminator when the text fills the buffer */
    text[4] = _T('#');
    CHECK(_sntprintf(text, 4, _T("%s"), _T("abc")) == 3 && same(text, _T("abc")));
    CHECK(_sntprintf(text, 4, _T("%s"), _T("abcd")) == 4 && text[3] == _T('d') && text[4] == _T('#'));
    CHECK(_sntprintf(text, 4, _T("%s"), _T("wxyzv")) == -1 && text[3] == _T('z') && text[4] == _T('#'));
    CHECK(_sntprintf(NULL, 0, _T("%s"), _T("abcd")) == 4);
    CHECK(_sctprintf(_T("%5d"), 1) == 5);

    CHECK(_sntprintf_s(text, _countof(text), 3, _T("%s"), _T("abcdef")) == -1 && same(text, _T("abc")));
    CHECK(_sntprintf_s(text, _countof(text), 3, _T("%s"), _T("abc")) == 3 && same(text, _T("abc")));
    CHECK(_sntprintf_s(text, 4, _TRUNCATE, _T("%s"), _T("abcdef")) == -1 && same(text, _T("abc")));
    CHECK(_sntprintf_s(text, 4, 9, _T("%s"), _T("abcdef")) == -1 && same(text, _T("")));
    CHECK(_sntprintf_s(text, _countof(text), _TRUNCATE, _T("%s"), _T("1234567")) == 7 && same(text, _T("1234567")));
}

#ifdef __cplusplus
static void array_forms()
{
    TCHAR text[8];

    CHECK(_tcscpy_s(text, _T("abc")) == 0 && _tcscat_s(text, _T("d")) == 0 && same(text, _T("abcd")));
    CHECK(_tcsncpy_s(text, _T("abc"), _TRUNCATE) == 0);
    CHECK(_stprintf_s(text, _T("%d%s"), 1, _T("x")) == 2 && same(text, _T("1x")));
    CHECK(_sntprintf_s(text, _TRUNCATE, _T("%s"), _T("123456789")) == -1 && same(text, _T("1234567")));
}
#endif

int _tmain(void)
{
    copying();
    searching();
    formatting();
#ifdef __cplusplus
    array_forms();
#endif
    return check_failures != 0;
}
