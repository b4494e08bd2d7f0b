/*
 * test_wide.c - names in wide characters, next to the same names in bytes.
 * Names are sequences of numbers: nothing is folded, joined or replaced.
 */
#include "check.h"

#ifndef __SIZEOF_WCHAR_T__
#define __SIZEOF_WCHAR_T__ 4
#endif

static HANDLE create(const char *name) { return new_memory(PAGE_READWRITE, 4096, name); }
static HANDLE create_wide(const WCHAR *name) { return CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name); }

static int wide_name_exists(const WCHAR *name)
{
    HANDLE mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, name);

    return mapping != NULL && CloseHandle(mapping);
}

/* A name and a tail of up to three units behind it, ended by a zero. Thirty-two are kept. */
static const WCHAR *with_units(const char *name, const WCHAR *tail)
{
    static WCHAR names[32][200];
    static int next;
    WCHAR *whole = names[next++ % 32];
    size_t used = strlen(name), i;

    for (i = 0; i < used; ++i)
        whole[i] = (WCHAR)name[i];
    for (i = 0; i < 4; ++i)
        whole[used + i] = tail[i];
    return whole;
}

/* "x" and L"x" are one object, whichever comes first, for every function that takes a name. */
static void narrow_and_wide_names_meet(void)
{
    const char *name = NAME("both"), *event_name = NAME("event");
    HANDLE first, second;

    CHECK_LAST(first = create(name), ERROR_SUCCESS);
    CHECK(wide_name_exists(widen(name)));
    CHECK_LAST(second = create_wide(widen(name)), ERROR_ALREADY_EXISTS);
    CHECK(CompareObjectHandles(first, second));
    CHECK(CloseHandle(first));
    CHECK(name_exists(name));
    CHECK(CloseHandle(second));
    CHECK(!name_exists(name) && !wide_name_exists(widen(name)));

    CHECK_LAST(first = CreateEventW(NULL, TRUE, FALSE, widen(event_name)), ERROR_SUCCESS);
    CHECK_LAST(second = CreateEventA(NULL, TRUE, FALSE, event_name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(second));
    CHECK_QUIET((second = OpenEventA(SYNCHRONIZE, FALSE, event_name)) != NULL);
    CHECK(CloseHandle(second));
    CHECK_QUIET((second = OpenEventW(SYNCHRONIZE, FALSE, widen(event_name))) != NULL);
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(first));
}

/* Literals and the macros without A or W work, as programs spell them. */
static void literals_and_generic_names_work(void)
{
    HANDLE mapping = OpenFileMapping(FILE_MAP_READ, FALSE, TEXT("Local\\winshm-test-no-such-thing"));

    CHECK(mapping == NULL && GetLastError() == ERROR_FILE_NOT_FOUND);
    mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, L"Local\\winshm-test-no-such-thing");
    CHECK(mapping == NULL && GetLastError() == ERROR_FILE_NOT_FOUND);
    mapping = CreateFileMapping(MEMORY, NULL, PAGE_READWRITE, 0, 4096, NULL);
    CHECK(mapping != NULL && CloseHandle(mapping));
    mapping = CreateEvent(NULL, TRUE, FALSE, NULL);
    CHECK(mapping != NULL && CloseHandle(mapping));
    CHECK(OpenEvent(SYNCHRONIZE, FALSE, TEXT("winshm-test-no-such-thing")) == NULL);
}

/* Prefixes and backslashes mean the same in wide names. */
static void prefixes_are_understood(void)
{
    const char *name = NAME("prefix");
    char with_prefix[200];
    HANDLE mapping = create(name);

    snprintf(with_prefix, sizeof with_prefix, "Local\\%s", name);
    CHECK(wide_name_exists(widen(with_prefix)));
    snprintf(with_prefix, sizeof with_prefix, "Global\\%s", name);
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, widen(with_prefix)), ERROR_FILE_NOT_FOUND);
    snprintf(with_prefix, sizeof with_prefix, "local\\%s", name);
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, widen(with_prefix)), ERROR_PATH_NOT_FOUND);
    snprintf(with_prefix, sizeof with_prefix, "\\%s", name);
    CHECK_ERROR(create_wide(widen(with_prefix)), ERROR_BAD_PATHNAME);
    CHECK_ERROR(create_wide(L"Global"), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(mapping));
}

/* A wide name of many equal characters behind ours, and a last one. */
static const WCHAR *long_name(const char *name, size_t length, WCHAR filler, WCHAR last)
{
    static WCHAR names[4][1100];
    static int next;
    WCHAR *whole = names[next++ % 4];
    size_t used = strlen(name), i;

    for (i = 0; i < length; ++i)
        whole[i] = i < used ? (WCHAR)name[i] : filler;
    whole[length - 1] = last;
    whole[length] = 0;
    return whole;
}

/* The limit of the narrow functions is not ours: 300 and 1000 characters work, and the last one counts. */
static void long_wide_names_are_significant_to_the_end(void)
{
    static const size_t lengths[] = {260, 261, 300, 1000};
    static const WCHAR fillers[] = {'f', '/', 0xE4, 0x20AC}; /* of 1 to 3 bytes in UTF-8 */
    const char *name = NAME("long");
    HANDLE first, second;
    size_t i, k;

    for (i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        for (k = 0; k < sizeof fillers / sizeof fillers[0]; ++k) {
            CHECK_LAST(first = create_wide(long_name(name, lengths[i], fillers[k], 'a')), ERROR_SUCCESS);
            CHECK_LAST(second = create_wide(long_name(name, lengths[i], fillers[k], 'b')), ERROR_SUCCESS);
            CHECK(wide_name_exists(long_name(name, lengths[i], fillers[k], 'a')));
            CHECK(!wide_name_exists(long_name(name, lengths[i] - 1, fillers[k], 'a')));
            CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, long_name(name, lengths[i], fillers[k], 'b')), ERROR_INVALID_HANDLE);
            CHECK(CloseHandle(first));
            CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, long_name(name, lengths[i], fillers[k], 'a')),
                        ERROR_FILE_NOT_FOUND);
            CHECK(CloseHandle(second));
        }
    }
}

/* Lone surrogates, non-characters, letters that look alike: each is a name of its own. */
static void every_unit_is_significant(void)
{
    static const WCHAR tails[][4] = {
        {0xD800},      {0xD801},      {0xDBFF},         {0xDC00},      {0xDFFF},      {0xDC00, 0xD800}, {0xFFFF},
        {0xFFFE},      {0xFFFD},      {'?'},            {0xFEFF},      {0xE4},        {'a', 0x308},     {'a'},
        {'A'},         {0xC4},        {0x131},          {'i'},         {'I'},         {0x212A},         {'K'},
        {0xDF},        {'s', 's'},    {0xFF0F},         {0xAD},        {0x200D},
    };
    enum { COUNT = sizeof tails / sizeof tails[0] };
    const char *name = NAME("unit");
    HANDLE objects[COUNT];
    int i;

    for (i = 0; i < COUNT; ++i) {
        if (!CHECK_LAST(objects[i] = create_wide(with_units(name, tails[i])), ERROR_SUCCESS))
            fprintf(stderr, "... with the unit 0x%lX\n", (unsigned long)tails[i][0]);
    }
    for (i = 0; i < COUNT; ++i) {
        HANDLE found = OpenFileMappingW(FILE_MAP_READ, FALSE, with_units(name, tails[i]));
        CHECK(CompareObjectHandles(found, objects[i]));
        CHECK(CloseHandle(found));
    }
    for (i = 0; i < COUNT; ++i)
        CHECK(CloseHandle(objects[i]));
    for (i = 0; i < COUNT; ++i)
        CHECK(!wide_name_exists(with_units(name, tails[i])));
}

#ifndef __MINGW32__
/* Narrow names are UTF-8 here, so they meet their wide spelling beyond ASCII too. */
static void narrow_names_are_utf8(void)
{
    static const struct {
        const char *narrow;
        WCHAR wide[4];
    } pairs[] = {
        {"\xC3\xA4", {0xE4}},
        {"\xE2\x82\xAC", {0x20AC}},
        {"\xEF\xBF\xBF", {0xFFFF}},
        {"\xE6\x97\xA5\xE6\x9C\xAC", {0x65E5, 0x672C}},
#if __SIZEOF_WCHAR_T__ == 4
        {"\xF0\x9F\x98\x80", {0x1F600}},
        {"\xF4\x8F\xBF\xBF", {0x10FFFF}},
#else
        {"\xF0\x9F\x98\x80", {0xD83D, 0xDE00}},
        {"\xF4\x8F\xBF\xBF", {0xDBFF, 0xDFFF}},
#endif
    };
    const char *name = NAME("utf8");
    char narrow[200];
    HANDLE mapping;
    size_t i;

    for (i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
        snprintf(narrow, sizeof narrow, "%s%s", name, pairs[i].narrow);
        CHECK_LAST(mapping = create(narrow), ERROR_SUCCESS);
        CHECK(wide_name_exists(with_units(name, pairs[i].wide)));
        CHECK(CloseHandle(mapping));
        CHECK_LAST(mapping = create_wide(with_units(name, pairs[i].wide)), ERROR_SUCCESS);
        CHECK(name_exists(narrow));
        CHECK(CloseHandle(mapping));
    }
}

/* Bytes that are no UTF-8 make names all the same, and each sequence another one. */
static void invalid_bytes_are_names_too(void)
{
    static const char *const tails[] = {
        "\xFF",     "\xFE",         "\x80",     "\x81",     "\xC3",         "\xC3\xC3", "\xC0\x80",        "\xE2\x82", "\xE2",
        "\xE2(\xAC", "\xED\xA0\x80", "\xF8\x88", "\xFF\xFF", "\xF4\x90\x80\x80", "\xEF\xBF\xBD", "?", "", "\xC3\xBF",
    };
    enum { COUNT = sizeof tails / sizeof tails[0] };
    const char *name = NAME("bytes");
    char narrow[200];
    HANDLE objects[COUNT];
    int i;

    for (i = 0; i < COUNT; ++i) {
        snprintf(narrow, sizeof narrow, "%s%s", name, tails[i]);
        if (!CHECK_LAST(objects[i] = create(narrow), ERROR_SUCCESS))
            fprintf(stderr, "... with tail number %d\n", i);
    }
    for (i = 0; i < COUNT; ++i) {
        HANDLE found;
        snprintf(narrow, sizeof narrow, "%s%s", name, tails[i]);
        found = OpenFileMappingA(FILE_MAP_READ, FALSE, narrow);
        CHECK(CompareObjectHandles(found, objects[i]));
        CHECK(CloseHandle(found));
    }
    for (i = 0; i < COUNT; ++i)
        CHECK(CloseHandle(objects[i]));
}

#if __SIZEOF_WCHAR_T__ == 4
/* A 32-bit unit above the last code point is no character of any name. */
static void units_beyond_unicode_are_refused(void)
{
    static const unsigned int units[] = {0x110000, 0x200041, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    const char *name = NAME("beyond");
    size_t i;

    for (i = 0; i < sizeof units / sizeof units[0]; ++i) {
        WCHAR tail[4] = {0, 0, 0, 0};
        tail[0] = (WCHAR)units[i];
        CHECK_ERROR(create_wide(with_units(name, tail)), ERROR_INVALID_NAME);
        CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, with_units(name, tail)), ERROR_INVALID_NAME);
        CHECK_ERROR(CreateEventW(NULL, TRUE, FALSE, with_units(name, tail)), ERROR_INVALID_NAME);
        CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, with_units(name, tail)), ERROR_INVALID_NAME);
    }
}
#endif
#endif

int main(void)
{
    check_begin();
    narrow_and_wide_names_meet();
    literals_and_generic_names_work();
    prefixes_are_understood();
    long_wide_names_are_significant_to_the_end();
    every_unit_is_significant();
#ifndef __MINGW32__
    narrow_names_are_utf8();
    invalid_bytes_are_names_too();
#if __SIZEOF_WCHAR_T__ == 4
    units_beyond_unicode_are_refused();
#endif
#endif
    return check_end();
}
