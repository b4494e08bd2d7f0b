/*
 * The forms in which programs write their wide main; run.sh sets FORM. It
 * passes the bytes `A`, 0xff, and an encoded surrogate, which is no UTF-8 either.
 */
#include <Windows.h>
#include <stdio.h>

static int check(int count, const wchar_t *const *arguments)
{
    const wchar_t *odd = arguments[1];

    return count == 2 && arguments[2] == NULL && wcslen(odd) == 5 && odd[0] == L'A' && odd[1] == 0xdcff
           && odd[2] == 0xdced && odd[3] == 0xdca0 && odd[4] == 0xdc80;
}

#if FORM == 1
int wmain(int argc, wchar_t **argv)
{
    wprintf(L"%d %s", check(argc, (const wchar_t *const *)argv), argv[1]);
#elif FORM == 2
int __cdecl wmain(int argc, const wchar_t **argv)
{
    wprintf(L"%d %s", check(argc, (const wchar_t *const *)argv), argv[1]);
#elif FORM == 3 && defined(__cplusplus)
int wmain()
{
    (void)check;
    wprintf(L"1 A%c%c%c%c", 0xdcff, 0xdced, 0xdca0, 0xdc80);
#else
int wmain(void)
{
    (void)check;
    wprintf(L"1 A%c%c%c%c", 0xdcff, 0xdced, 0xdca0, 0xdc80);
#endif
    wprintf(L"\n");
    return 0;
}
