/*
 * test_text.c - texts go from UTF-8 to wide characters and back.
 */
#include "check.h"

/* Wine's code page for CP_ACP is another one, so most of this says CP_UTF8. */
#define WIDE_UNITS 32

static WCHAR wide[WIDE_UNITS];
static char bytes[64];

static int to_wide(DWORD flags, const char *text, int length, int room)
{
    memset(wide, 'x', sizeof wide);
    return MultiByteToWideChar(CP_UTF8, flags, text, length, wide, room);
}

static int to_bytes(DWORD flags, const WCHAR *text, int length, int room)
{
    memset(bytes, 'x', sizeof bytes);
    return WideCharToMultiByte(CP_UTF8, flags, text, length, bytes, room, NULL, NULL);
}

static int wide_is(const WCHAR *expected, int length)
{
    return memcmp(wide, expected, (size_t)length * sizeof *wide) == 0;
}

static void text_goes_there_and_back(void)
{
    static const char narrow[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
    static const WCHAR expected[] = L"a\u00e4\u20ac\U0001F600";
    int units = (int)(sizeof expected / sizeof expected[0]); /* with its zero */

    CHECK_QUIET(to_wide(0, narrow, -1, WIDE_UNITS) == units && wide_is(expected, units));
    CHECK_QUIET(to_wide(MB_ERR_INVALID_CHARS, narrow, (int)sizeof narrow - 1, WIDE_UNITS) == units - 1);
    CHECK(wide_is(expected, units - 1) && wide[units - 1] != 0);
    CHECK_QUIET(MultiByteToWideChar(CP_UTF8, 0, narrow, -1, NULL, 0) == units);
    CHECK_QUIET(to_bytes(0, expected, -1, (int)sizeof bytes) == sizeof narrow && memcmp(bytes, narrow, sizeof narrow) == 0);
    CHECK_QUIET(to_bytes(WC_ERR_INVALID_CHARS, expected, units - 1, (int)sizeof bytes) == sizeof narrow - 1);
    CHECK(memcmp(bytes, narrow, sizeof narrow - 1) == 0 && bytes[sizeof narrow - 1] == 'x');
    CHECK_QUIET(WideCharToMultiByte(CP_UTF8, 0, expected, -1, NULL, 0, NULL, NULL) == sizeof narrow);
    /* Any negative length means up to the zero; zeros within a length are characters. */
    CHECK(to_wide(0, "abc", -2, WIDE_UNITS) == 4 && to_bytes(0, L"abc", -2, 64) == 4);
    CHECK(to_wide(0, "a\0b", 3, WIDE_UNITS) == 3 && wide_is(L"a\0b", 3));
    CHECK(to_bytes(0, L"a\0b", 3, 64) == 3 && memcmp(bytes, "a\0b", 3) == 0);
}

static void what_is_no_utf8_is_replaced_or_refused(void)
{
    static const struct {
        const char *text;
        int length, replacements;
    } texts[] = {
        {"\xFF", 1, 1},         {"\x80\x80", 2, 2},         {"\xC3", 1, 1},         {"\xC0\x80", 2, 2},
        {"\xE0\x80", 2, 1},     {"\xE0\x80\x80", 3, 2},     {"\xE2\x82", 2, 1},     {"\xED\xA0\x80", 3, 2},
        {"\xF0\x9F\x98", 3, 1}, {"\xF0\x80\x80\x80", 4, 3}, {"\xF4\x90\x80\x80", 4, 3}, {"\xF8\x88\x80\x80\x80", 5, 5},
    };
    size_t i;
    int k, units;

    for (i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        CHECK_QUIET((units = to_wide(0, texts[i].text, texts[i].length, WIDE_UNITS)) == texts[i].replacements);
        for (k = 0; k < units; ++k)
            CHECK(wide[k] == 0xFFFD);
        CHECK_ERROR(to_wide(MB_ERR_INVALID_CHARS, texts[i].text, texts[i].length, WIDE_UNITS), ERROR_NO_UNICODE_TRANSLATION);
        CHECK_ERROR(to_wide(MB_ERR_INVALID_CHARS, texts[i].text, texts[i].length, 0), ERROR_NO_UNICODE_TRANSLATION);
    }
    CHECK(to_wide(0, "a\xE2\x82" "b", 4, WIDE_UNITS) == 3 && wide[0] == 'a' && wide[1] == 0xFFFD && wide[2] == 'b');
}

static void lone_surrogates_are_replaced_or_refused(void)
{
    static const WCHAR high[] = {0xD800, 0}, low_high[] = {0xDC00, 0xD800};

    CHECK_QUIET(to_bytes(0, high, 1, 64) == 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
    CHECK_QUIET(to_bytes(0, high, -1, 64) == 4);
    CHECK_QUIET(to_bytes(0, low_high, 2, 64) == 6 && memcmp(bytes, "\xEF\xBF\xBD\xEF\xBF\xBD", 6) == 0);
    CHECK_ERROR(to_bytes(WC_ERR_INVALID_CHARS, high, 1, 64), ERROR_NO_UNICODE_TRANSLATION);
    CHECK_ERROR(to_bytes(WC_ERR_INVALID_CHARS, low_high, 2, 0), ERROR_NO_UNICODE_TRANSLATION);
#if !defined(__MINGW32__) && __SIZEOF_WCHAR_T__ == 4
    {
        static const WCHAR beyond[] = {0x110000}, far_beyond[] = {(WCHAR)0xFFFFFFFF};

        CHECK_QUIET(to_bytes(0, beyond, 1, 64) == 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
        CHECK_QUIET(to_bytes(0, far_beyond, 1, 64) == 3);
        CHECK_ERROR(to_bytes(WC_ERR_INVALID_CHARS, beyond, 1, 64), ERROR_NO_UNICODE_TRANSLATION);
    }
#endif
}

/* What fits is stored, and nothing behind the buffer. */
static void small_buffers_get_the_beginning(void)
{
    CHECK_ERROR(to_wide(0, "abcd", -1, 4), ERROR_INSUFFICIENT_BUFFER);
    CHECK(wide_is(L"abcd", 4) && wide[4] != 0);
    CHECK_QUIET(to_wide(0, "abcd", 4, 4) == 4);
    CHECK(wide[4] != 0);
    CHECK_ERROR(to_wide(0, "abcd", 4, 1), ERROR_INSUFFICIENT_BUFFER);
    CHECK(wide[0] == 'a' && wide[1] != 'b');
    CHECK_ERROR(to_bytes(0, L"abcd", -1, 4), ERROR_INSUFFICIENT_BUFFER);
    CHECK(memcmp(bytes, "abcdxx", 6) == 0);
    CHECK_QUIET(to_bytes(0, L"abcd", 4, 4) == 4);
    CHECK(bytes[4] == 'x');
    CHECK_ERROR(to_bytes(0, L"\u20ac", 1, 2), ERROR_INSUFFICIENT_BUFFER);
    CHECK(bytes[2] == 'x');
}

static void impossible_requests_are_refused(void)
{
    BOOL used = 7;

    CHECK_ERROR(to_wide(0, "abc", 0, WIDE_UNITS), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(to_wide(0, NULL, 1, WIDE_UNITS), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(to_wide(0, "abc", 3, -1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MultiByteToWideChar(CP_UTF8, 0, "abc", 3, NULL, 3), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MultiByteToWideChar(12345, 0, "abc", 3, wide, 3), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(MultiByteToWideChar(CP_UTF8, 0, (char *)wide, 3, wide, 3), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR(to_wide(0x10, "abc", 3, 3), ERROR_INVALID_FLAGS);
    CHECK_ERROR_OR_WINE(to_wide(MB_PRECOMPOSED, "abc", 3, 3), ERROR_INVALID_FLAGS, SUCCESS);

    CHECK_ERROR(to_bytes(0, L"abc", 0, 64), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(to_bytes(0, NULL, 1, 64), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(to_bytes(0, L"abc", 3, -1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, NULL, 3, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WideCharToMultiByte(12345, 0, L"abc", 3, bytes, 3, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(to_bytes(0x100, L"abc", 3, 64), ERROR_INVALID_FLAGS);
    CHECK_ERROR_OR_WINE(to_bytes(WC_NO_BEST_FIT_CHARS, L"abc", 3, 64), ERROR_INVALID_FLAGS, SUCCESS);
    CHECK_ERROR_OR_WINE(WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, bytes, 3, "?", NULL), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR_OR_WINE(WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, bytes, 3, NULL, &used), ERROR_INVALID_PARAMETER, SUCCESS);
}

/* Programs say CP_ACP and ask what was replaced. */
static void the_ansi_code_page_takes_what_ansi_programs_say(void)
{
    static const WCHAR lone[] = {'a', 0xD800, 'b', 0};
    BOOL used = 7;

    CHECK_QUIET(MultiByteToWideChar(CP_ACP, MB_PRECOMPOSED, "abc", -1, wide, WIDE_UNITS) == 4 && wide_is(L"abc", 4));
    CHECK_QUIET(WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, L"abc", -1, bytes, 64, "?", &used) == 4);
    CHECK(memcmp(bytes, "abc", 4) == 0 && used == FALSE);
#ifndef __MINGW32__
    CHECK_QUIET(WideCharToMultiByte(CP_ACP, 0, lone, -1, bytes, 64, "?", &used) == 4);
    CHECK(memcmp(bytes, "a?b", 4) == 0 && used == TRUE);
    CHECK_QUIET(WideCharToMultiByte(CP_OEMCP, 0, lone, -1, bytes, 64, NULL, NULL) == 6);
    CHECK_QUIET(WideCharToMultiByte(CP_THREAD_ACP, 0, L"\u20ac", -1, bytes, 64, NULL, &used) == 4);
    CHECK(used == FALSE);
    CHECK_ERROR(WideCharToMultiByte(CP_ACP, 0, lone, -1, bytes, 64, "\xE4", NULL), ERROR_INVALID_PARAMETER);
#else
    (void)lone;
#endif
}

#ifndef __MINGW32__
/* Text at an odd address, as packed structures have it. */
static void text_may_stand_anywhere(void)
{
    static char place[5 * sizeof(WCHAR) + 1];
    WCHAR *odd = (WCHAR *)(void *)(place + 1);

    CHECK(MultiByteToWideChar(CP_UTF8, 0, "abc", -1, odd, 4) == 4);
    CHECK(memcmp(place + 1, L"abc", 4 * sizeof(WCHAR)) == 0);
    CHECK(WideCharToMultiByte(CP_UTF8, 0, odd, -1, bytes, 64, NULL, NULL) == 4 && strcmp(bytes, "abc") == 0);
}
#endif

int main(void)
{
    check_begin();
    text_goes_there_and_back();
    what_is_no_utf8_is_replaced_or_refused();
    lone_surrogates_are_replaced_or_refused();
    small_buffers_get_the_beginning();
    impossible_requests_are_refused();
    the_ansi_code_page_takes_what_ansi_programs_say();
#ifndef __MINGW32__
    text_may_stand_anywhere();
#endif
    return check_end();
}
