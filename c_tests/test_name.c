/*
 * test_name.c - which names are one object, which are two, and which are none.
 * Names in wide characters are in test_wide.c.
 */
#include "check.h"

static HANDLE create(const char *name) { return new_memory(PAGE_READWRITE, 4096, name); }

/* A prefix in front of a name of our own. */
static const char *with(const char *before, const char *name, const char *after)
{
    static char names[8][512];
    static int next;
    char *whole = names[next++ % 8];

    snprintf(whole, sizeof names[0], "%s%s%s", before, name, after);
    return whole;
}

/* NULL and the empty name are both no name: every creation is another object. */
static void no_name_is_shared_with_nobody(void)
{
    HANDLE first, second;

    CHECK_LAST(first = create(NULL), ERROR_SUCCESS);
    CHECK_LAST(second = create(NULL), ERROR_SUCCESS);
    CHECK(!CompareObjectHandles(first, second));
    CHECK(CloseHandle(first));
    CHECK(CloseHandle(second));

    CHECK_LAST(first = create(""), ERROR_SUCCESS);
    CHECK_LAST(second = create(""), ERROR_SUCCESS);
    CHECK(!CompareObjectHandles(first, second));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, ""), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, L""), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(first));
    CHECK(CloseHandle(second));
}

/* Upper and lower case are different letters. */
static void case_matters(void)
{
    const char *lower = with(NAME("case"), "", "x"), *upper = with(lower, "", "");
    char other[512];
    HANDLE first, second;

    snprintf(other, sizeof other, "%s", upper);
    other[strlen(other) - 1] = 'X';
    CHECK_LAST(first = create(lower), ERROR_SUCCESS);
    CHECK(!name_exists(other));
    CHECK_LAST(second = create(other), ERROR_SUCCESS);
    CHECK(CloseHandle(first));
    CHECK(CloseHandle(second));
}

/* Local\ is what a name without prefix means; Global\ is a room of its own. */
static void local_is_the_default_and_global_is_elsewhere(void)
{
    const char *plain = NAME("room"), *local = with("Local\\", plain, ""), *global = with("Global\\", plain, "");
    HANDLE first, second;

    CHECK_LAST(first = create(plain), ERROR_SUCCESS);
    CHECK(name_exists(local));
    CHECK(!name_exists(global));
    CHECK_LAST(second = create(local), ERROR_ALREADY_EXISTS);
    CHECK(CompareObjectHandles(first, second));
    CHECK(CloseHandle(second));
    CHECK_LAST(second = create(global), ERROR_SUCCESS);
    CHECK(!CompareObjectHandles(first, second));
    CHECK(CloseHandle(first));
    CHECK(!name_exists(plain) && !name_exists(local) && name_exists(global));
    CHECK(CloseHandle(second));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, global), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, local), ERROR_FILE_NOT_FOUND);
}

static void refused(const char *name, DWORD error)
{
    int before = check_failures;

    CHECK_ERROR(create(name), error);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), error);
    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, name), error);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), error);
    if (check_failures != before)
        fprintf(stderr, "... with the name \"%s\", expecting %lu\n", name, (unsigned long)error);
}

/* A backslash separates directories, and there are none but Local and Global, spelled so. */
static void other_backslashes_lead_nowhere(void)
{
    const char *name = NAME("path");

    refused(with("local\\", name, ""), ERROR_PATH_NOT_FOUND);
    refused(with("LOCAL\\", name, ""), ERROR_PATH_NOT_FOUND);
    refused(with("global\\", name, ""), ERROR_PATH_NOT_FOUND);
    refused(with("GLOBAL\\", name, ""), ERROR_PATH_NOT_FOUND);
    refused(with("somewhere\\", name, ""), ERROR_PATH_NOT_FOUND);
    refused(with(name, "\\x", ""), ERROR_PATH_NOT_FOUND);
    refused(with(name, "\\", ""), ERROR_PATH_NOT_FOUND);
    refused(with("Local\\", name, "\\x"), ERROR_PATH_NOT_FOUND);
    refused(with("Global\\", name, "\\x"), ERROR_PATH_NOT_FOUND);
    refused(with("Session\\99999\\", name, ""), ERROR_PATH_NOT_FOUND);
    refused(with("\\", name, ""), ERROR_BAD_PATHNAME);
}

/* The names of the directories themselves are taken by something that is no mapping and no event. */
static void directory_names_are_not_objects(void)
{
    refused("Local", ERROR_INVALID_HANDLE);
    refused("Global", ERROR_INVALID_HANDLE);
    refused("Session", ERROR_INVALID_HANDLE);
}

/* What file systems treat specially is ordinary here, and part of the name: each of these is another object. */
static void every_other_character_is_ordinary(void)
{
    static const char *const tails[] = {
        "",   ".",     "..",       " ",       "  ",  "/",  "/x", "//x", "/../x", ":",      "C:/data", "*",         "?",
        "\"", "<>|",   "$",        "%41",     "A",   "\n", "\t", "\x01", "\x7f", "%",      "%%",      "%2F",       "~",
        "#",  ".lock", "Local/x",  "Global/", "'`",  "=",  "+",  "@",    "-",    "_",      "&;",      "\xC3\xA4", "(x)",
    };
    enum { COUNT = sizeof tails / sizeof tails[0] };
    const char *name = NAME("char");
    HANDLE objects[COUNT];
    int i;

    for (i = 0; i < COUNT; ++i) {
        if (!CHECK_LAST(objects[i] = create(with(name, tails[i], "")), ERROR_SUCCESS))
            fprintf(stderr, "... with the tail \"%s\"\n", tails[i]);
    }
    for (i = 0; i < COUNT; ++i)
        CHECK(name_exists(with(name, tails[i], "")));
    for (i = 0; i < COUNT; ++i)
        CHECK(CloseHandle(objects[i]));
    for (i = 0; i < COUNT; ++i)
        CHECK(!name_exists(with(name, tails[i], "")));
}

/* Such characters may also come first or be everything: no directory is left, no file is hidden. */
static void special_names_are_names_too(void)
{
    static const char *const heads[] = {".", "..", "/", "../", " ", "%", "-", "Local/", "Global/", "Session/"};
    const char *name = NAME("head");
    HANDLE object;
    size_t i;

    for (i = 0; i < sizeof heads / sizeof heads[0]; ++i) {
        CHECK_LAST(object = create(with(heads[i], name, "")), ERROR_SUCCESS);
        CHECK(name_exists(with(heads[i], name, "")) && !name_exists(name));
        CHECK(CloseHandle(object));
    }
    /* "." and ".." could belong to another test at the same time, so only success counts. */
    CHECK((object = create(".")) != NULL && CloseHandle(object));
    CHECK((object = create("..")) != NULL && CloseHandle(object));
    CHECK((object = create("/")) != NULL && CloseHandle(object));
}

/* Fills a name up to a length with a letter. */
static const char *padded(const char *name, size_t length, char last)
{
    static char names[4][512];
    static int next;
    char *whole = names[next++ % 4];
    size_t used = strlen(name);

    memset(whole, 'p', length);
    memcpy(whole, name, used);
    whole[length - 1] = last;
    whole[length] = 0;
    return whole;
}

/* Up to 259 characters, prefix included, all of them significant; the narrow functions refuse more. */
static void long_names_work_up_to_259_characters(void)
{
    const char *name = NAME("long"), *local = with("Local\\", name, "");
    HANDLE first, second;

    CHECK_LAST(first = create(padded(name, 259, 'a')), ERROR_SUCCESS);
    CHECK_LAST(second = create(padded(name, 259, 'b')), ERROR_SUCCESS);
    CHECK(name_exists(padded(name, 259, 'a')) && !name_exists(padded(name, 258, 'a')));
    CHECK(CloseHandle(first));
    CHECK(!name_exists(padded(name, 259, 'a')) && name_exists(padded(name, 259, 'b')));
    CHECK(CloseHandle(second));
    CHECK_LAST(first = create(padded(local, 259, 'a')), ERROR_SUCCESS);
    CHECK(CloseHandle(first));

    refused(padded(name, 261, 'a'), ERROR_FILENAME_EXCED_RANGE);
    refused(padded(local, 261, 'a'), ERROR_FILENAME_EXCED_RANGE);
    refused(padded(name, 400, 'a'), ERROR_FILENAME_EXCED_RANGE);
}

/* Mappings and events share one name space, and each type refuses the other's names. */
static void all_types_share_one_name_space(void)
{
    const char *name = NAME("types");
    HANDLE object = create(name);

    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, with("Local\\", name, "")), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, with("Global\\", name, "")), ERROR_FILE_NOT_FOUND);
    CHECK(CloseHandle(object));
    CHECK_LAST(object = CreateEventA(NULL, TRUE, FALSE, name), ERROR_SUCCESS);
    CHECK_ERROR(create(name), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(object));
}

int main(void)
{
    check_begin();
    no_name_is_shared_with_nobody();
    case_matters();
    local_is_the_default_and_global_is_elsewhere();
    other_backslashes_lead_nowhere();
    directory_names_are_not_objects();
    every_other_character_is_ordinary();
    special_names_are_names_too();
    long_names_work_up_to_259_characters();
    all_types_share_one_name_space();
    return check_end();
}
