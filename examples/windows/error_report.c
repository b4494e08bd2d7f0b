/*
 * Reports errors as setup programs and services do: with the system's text for a
 * code, and with messages of the program's own that have numbered inserts.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

/* The text of the code, without the end of line; the caller frees it with LocalFree. */
static LPSTR SystemText(DWORD dwCode)
{
    LPSTR pszText = NULL;
    DWORD cch = FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                                   FORMAT_MESSAGE_IGNORE_INSERTS,
                               NULL, dwCode, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPSTR)&pszText, 0, NULL);

    while (cch > 0 && (pszText[cch - 1] == '\r' || pszText[cch - 1] == '\n'))
        pszText[--cch] = '\0';
    return pszText;
}

/* One line for a call that has failed. Systems have other words for a code. */
static void ReportError(LPCSTR pszCall)
{
    DWORD dwCode = GetLastError();
    LPSTR pszText = SystemText(dwCode);

    printf("%s failed with %d: %s\n", pszCall, (int)dwCode,
           pszText == NULL ? "(unknown)" : strlen(pszText) > 8 ? "(a sentence)" : "(a word)");
    LocalFree(pszText);
}

static void Message(LPCSTR pszFormat, ...)
{
    LPSTR pszText = NULL;
    va_list args;

    va_start(args, pszFormat);
    if (FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER, pszFormat, 0, 0, (LPSTR)&pszText, 0,
                       &args))
        printf("[%s]\n", pszText);
    else
        printf("FormatMessage: error %d\n", (int)GetLastError());
    va_end(args);
    LocalFree(pszText);
}

static void MessageArray(LPCSTR pszFormat, DWORD_PTR *adwArguments)
{
    char szText[128];
    DWORD cch = FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, pszFormat, 0, 0, szText,
                               sizeof(szText), (va_list *)adwArguments);

    if (cch)
        printf("[%s] %d\n", szText, (int)cch);
    else
        printf("FormatMessage: error %d\n", (int)GetLastError());
}

int main(void)
{
    WCHAR wszText[64], *pwszText = NULL;
    char szSmall[10];
    DWORD_PTR adwArguments[6];
    DWORD cch;

    if (!OpenEventA(SYNCHRONIZE, FALSE, "SampleErrorReport: none"))
        ReportError("OpenEvent");
    if (!OpenMutexA(SYNCHRONIZE, FALSE, "no\\such\\path"))
        ReportError("OpenMutex");
    if (!CloseHandle(NULL))
        ReportError("CloseHandle");
    if (!MapViewOfFile(NULL, FILE_MAP_READ, 0, 1, 0))
        ReportError("MapViewOfFile");
    if (!CreateSemaphoreA(NULL, 2, 1, NULL))
        ReportError("CreateSemaphore");
    SetLastError(0x20001234); /* the application's own */
    ReportError("Application");

    /* Inserts: strings, and what a printf format between exclamation marks says. */
    Message("%1 was called %2!d! times by %3", "ReadFile", 12, "setup");
    Message("%2 before %1", "first", "second");
    Message("code %1!08X!, %2!5u!|%3!-5d!|%4!c!", 0xC0000005, 42, -7, 'x');
    Message("100%% sure%! no line%.");
    Message("one%ntwo%ttab");
    /* A star takes an argument of its own: the next insert of a list has the next number, that of an array its index. */
    Message("%1!*.*s! %3 %4!*s!", 4, 2, "Bill", "Bob", 6, "Bill");
    adwArguments[0] = (DWORD_PTR)"an array";
    adwArguments[1] = 3;
    adwArguments[2] = (DWORD_PTR)"arguments";
    MessageArray("%1 of %2!d! %3", adwArguments);
    MessageArray("%3 %2!04x! %1", adwArguments);
    adwArguments[0] = 4;
    adwArguments[1] = 2;
    adwArguments[2] = (DWORD_PTR)"Bill";
    adwArguments[3] = (DWORD_PTR)"Bob";
    adwArguments[4] = 6;
    adwArguments[5] = (DWORD_PTR)"Bill";
    MessageArray("%1!*.*s! %4 %5!*s!", adwArguments);

    /* Inserts that are to be left alone. */
    cch = FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "left: %1 %2!d!", 0, 0, szSmall,
                         sizeof(szSmall), NULL);
    printf("small buffer: %d, error %d\n", (int)cch, (int)GetLastError());

    /* Wide characters. */
    adwArguments[0] = (DWORD_PTR)L"wide";
    adwArguments[1] = 7;
    cch = FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, L"%1 and %2!03d!", 0, 0, wszText, 64,
                         (va_list *)adwArguments);
    printf("%d characters: %ls\n", (int)cch, wszText);
    cch = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                         ERROR_ACCESS_DENIED, 0, (LPWSTR)&pwszText, 0, NULL);
    printf("access denied: %s\n", cch && pwszText && pwszText[0] == L'A' ? "found" : "not found");
    LocalFree(pwszText);
    return 0;
}
