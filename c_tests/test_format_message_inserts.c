/*
 * test_format_message_inserts.c - templates of a program's own, with arguments from a
 * va_list and from an array.
 */
#include "check.h"

#include <stdarg.h>

#ifndef ERROR_NO_WORK_DONE /* not in mingw-w64 10 */
#define ERROR_NO_WORK_DONE 235
#endif
#define STRING FORMAT_MESSAGE_FROM_STRING
#define ARRAY FORMAT_MESSAGE_ARGUMENT_ARRAY

static char text[512];
static WCHAR wide_text[512];

static DWORD narrow(const char *source, ...)
{
    va_list arguments;
    DWORD length;

    va_start(arguments, source);
    length = FormatMessageA(STRING, source, 0, 0, text, sizeof text, &arguments);
    va_end(arguments);
    return length;
}

static DWORD wide(const WCHAR *source, ...)
{
    va_list arguments;
    DWORD length;

    va_start(arguments, source);
    length = FormatMessageW(STRING, source, 0, 0, wide_text, sizeof wide_text / sizeof wide_text[0], &arguments);
    va_end(arguments);
    return length;
}

static int is(const char *expected)
{
    return strcmp(text, expected) == 0;
}

static int wide_is(const WCHAR *expected)
{
    size_t i = 0;

    while (wide_text[i] == expected[i])
        if (expected[i++] == 0)
            return 1;
    return 0;
}

static void inserts_are_written_as_printf_does(void)
{
    CHECK_QUIET(narrow("%1", "one") == 3 && is("one"));
    CHECK_QUIET(narrow("%2 %1 %2", "one", "two") == 11 && is("two one two"));
    CHECK(narrow("%1!d!|%2!8.3lx!|%3!-6s!|%4!c!", -42, 42, "ab", 'x') == 21 && is("-42|     02a|ab    |x"));
    CHECK(narrow("%1!I64u! %2!p!", ~0ULL, (void *)0xABC) == 37 && is("18446744073709551615 0000000000000ABC"));
    CHECK(narrow("%1!u! %2!hu!", -1, 70000) == 15 && is("4294967295 4464"));
    CHECK(narrow("%1", (char *)NULL) == 6 && is("(null)"));
    CHECK(wide(L"%1 %2!.2s! %3!5d!", L"one", L"two", 3) == 12 && wide_is(L"one tw     3"));
    CHECK(wide(L"%1!c!%2!lc!%3!hc!", 'a', 'b', 'c') == 3 && wide_is(L"abc"));
}

/* Strings of the other width, whatever the width of wchar_t is. */
static void strings_of_both_widths_meet(void)
{
    CHECK(narrow("%1!s! %2!S! %3!ls! %4!ws! %5!hs!", "a", L"b", L"c", L"d", "e") == 9 && is("a b c d e"));
    CHECK(wide(L"%1!s! %2!S! %3!ls! %4!ws! %5!hs!", L"a", "b", L"c", L"d", "e") == 9 && wide_is(L"a b c d e"));
#ifndef __MINGW32__
    CHECK(narrow("%1!ls!|%1!.1ls!", L"\u20ac\U0001F600") == 11 && is("\xE2\x82\xAC\xF0\x9F\x98\x80|\xE2\x82\xAC"));
    CHECK(wide(L"%1!hs!", "\xE2\x82\xAC\xF0\x9F\x98\x80") != 0 && wide_is(L"\u20ac\U0001F600"));
#endif
}

/* More arguments than there are registers. */
static void many_arguments_are_found(void)
{
    CHECK(narrow("%1!d!%2!d!%3!d!%4!d!%5!d!%6!d!%7!d!%8!d!%9!d!%10%11!d!", 1, 2, 3, 4, 5, 6, 7, 8, 9, "ten", 11) == 14 &&
          is("123456789ten11"));
    CHECK(narrow("%12", "", "", "", "", "", "", "", "", "", "", "", "twelve") == 6 && is("twelve"));
    CHECK(narrow("%123", "", "", "", "", "", "", "", "", "", "", "", "twelve") == 7 && is("twelve3"));
}

/* Of a string with a precision nothing behind it is read. */
static void a_precision_ends_a_string_without_a_zero(void)
{
    char *bytes = (char *)LocalAlloc(LMEM_FIXED, 3);
    WCHAR *units = (WCHAR *)LocalAlloc(LMEM_FIXED, 3 * sizeof(WCHAR));

    memcpy(bytes, "abc", 3);
    units[0] = 'd';
    units[1] = 'e';
    units[2] = 'f';
    CHECK(narrow("%1!.3s!%2!.3ls!%1!.0s!", bytes, units) == 6 && is("abcdef"));
    LocalFree(bytes);
    LocalFree(units);
}

static void arrays_are_arguments_too(void)
{
    DWORD_PTR arguments[6];

    arguments[0] = 4;
    arguments[1] = 2;
    arguments[2] = (DWORD_PTR) "Bill";
    arguments[3] = (DWORD_PTR) "Bob";
    arguments[4] = 6;
    arguments[5] = (DWORD_PTR) "Bill";
    CHECK_QUIET(FormatMessageA(STRING | ARRAY, "%1!*.*s! %4 %5!*s!", 0, 0, text, sizeof text, (va_list *)arguments) == 15);
    CHECK(is("  Bi Bob   Bill"));
    /* In a va_list the argument behind the asterisks has no number. */
    CHECK(narrow("%1!*.*s! %3 %4!*s!", 4, 2, "Bill", "Bob", 6, "Bill") == 15 && is("  Bi Bob   Bill"));
    CHECK(narrow("%1!*d!|%2", 5, 42, "x") == 7 && is("   42|x"));
    CHECK(narrow("%1!*d!|", -5, 42) == 6 && is("42   |"));
    arguments[1] = (DWORD_PTR)-1;
    CHECK(FormatMessageA(STRING | ARRAY, "%3 %2!d! %2!I64d!", 0, 0, text, sizeof text, (va_list *)arguments) == 10 && is("Bill -1 -1"));
}

static void escapes_and_ends(void)
{
    CHECK(narrow("a%%b% c%.d%!e%xf") == 11 && is("a%b c.d!exf"));
    CHECK(narrow("a%nb%rc%td%0e") == 8 && is("a\r\nb\rc\td"));
    CHECK(narrow("%1%0", "one") == 3 && is("one"));
    CHECK(narrow("%1", "%2\n") == 3 && is("%2\n"));
    CHECK_ERROR(narrow("%01", "one"), ERROR_NO_WORK_DONE);
}

static void ignored_inserts_are_passed_on(void)
{
    static const char source[] = "%1!d! %99 %% %. %!%n";

    CHECK_QUIET(FormatMessageA(STRING | FORMAT_MESSAGE_IGNORE_INSERTS, source, 0, 0, text, sizeof text, NULL) == sizeof source - 1);
    CHECK(is("%1!d! %99 %% %. %!\r\n"));
}

static void what_has_no_end_or_no_argument_is_refused(void)
{
    CHECK_ERROR(narrow("test%"), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(narrow("%1!", 1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(narrow("%1!d", 1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(narrow("%1!!", 1), ERROR_INVALID_PARAMETER, ERROR_NO_WORK_DONE);
    CHECK_ERROR_OR_WINE(narrow("%1!y!", 1), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR_OR_WINE(narrow("%1!f!", 1), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR(FormatMessageA(STRING, "%1", 0, 0, text, sizeof text, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FormatMessageA(STRING | ARRAY, "%1", 0, 0, text, sizeof text, NULL), ERROR_INVALID_PARAMETER);
#ifndef __MINGW32__ /* Wine tries */
    CHECK_ERROR(narrow("%1!n!", 1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(narrow("%1!65536d!", 1), ERROR_MORE_DATA);
    CHECK_ERROR(narrow("%1!*d!", 0x7FFFFFFF, 1), ERROR_MORE_DATA);
#endif
}

#ifndef __MINGW32__
/* UTF-8 goes through as it is; also what is none. */
static void bytes_are_kept(void)
{
    CHECK(narrow("\xFF%1\xC3\xA4", "a\xE2\x82") == 6 && is("\xFF" "a\xE2\x82\xC3\xA4"));
    CHECK(narrow("%1!ls!", L"a\xD800") == 4 && is("a\xEF\xBF\xBD"));
}

/* The same calls from many threads, each with its own last error. */
static DWORD WINAPI format_often(LPVOID parameter)
{
    DWORD i, wrong = 0;

    (void)parameter;
    for (i = 0; i < 2000; ++i) {
        char *message = NULL;

        SetLastError(i);
        if (FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_ACCESS_DENIED, 0, (LPSTR)(void *)&message,
                           0, NULL) != 19 ||
            strcmp(message, "Access is denied.\r\n") != 0 || GetLastError() != i)
            ++wrong;
        LocalFree(message);
    }
    return wrong;
}

static void threads_do_not_disturb_each_other(void)
{
    HANDLE threads[4];
    int i;

    for (i = 0; i < 4; ++i)
        threads[i] = CreateThread(NULL, 0, format_often, NULL, 0, NULL);
    for (i = 0; i < 4; ++i) {
        DWORD wrong = 1;

        CHECK(WaitForSingleObject(threads[i], INFINITE) == WAIT_OBJECT_0);
        CHECK(GetExitCodeThread(threads[i], &wrong) && wrong == 0);
        CHECK(CloseHandle(threads[i]));
    }
}
#endif

int main(void)
{
    check_begin();
    inserts_are_written_as_printf_does();
    strings_of_both_widths_meet();
    many_arguments_are_found();
    a_precision_ends_a_string_without_a_zero();
    arrays_are_arguments_too();
    escapes_and_ends();
    ignored_inserts_are_passed_on();
    what_has_no_end_or_no_argument_is_refused();
#ifndef __MINGW32__
    bytes_are_kept();
    threads_do_not_disturb_each_other();
#endif
    return check_end();
}
