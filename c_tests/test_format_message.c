/*
 * test_format_message.c - what FormatMessage makes of error codes: texts, buffers, errors.
 */
#include "check.h"

#define SYSTEM FORMAT_MESSAGE_FROM_SYSTEM
#define PLAIN (FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS)
#ifndef ERROR_NO_WORK_DONE /* not in mingw-w64 10 */
#define ERROR_NO_WORK_DONE 235
#endif
#define STRING FORMAT_MESSAGE_FROM_STRING
#define ALLOCATE FORMAT_MESSAGE_ALLOCATE_BUFFER

static char text[512];

static DWORD narrow(DWORD flags, const char *source, DWORD code)
{
    return FormatMessageA(flags, source, code, 0, text, sizeof text, NULL);
}

/* A text of an error is a sentence and a line end; Wine's sentences are other ones. */
static void errors_have_texts(void)
{
    static const struct {
        DWORD code;
        const char *text;
    } errors[] = {
        {ERROR_SUCCESS, "The operation completed successfully.\r\n"},
        {ERROR_FILE_NOT_FOUND, "The system cannot find the file specified.\r\n"},
        {ERROR_ACCESS_DENIED, "Access is denied.\r\n"},
        {ERROR_INVALID_HANDLE, "The handle is invalid.\r\n"},
        {ERROR_INVALID_PARAMETER, "The parameter is incorrect.\r\n"},
        {ERROR_ALREADY_EXISTS, "Cannot create a file when that file already exists.\r\n"},
        {ERROR_NOT_OWNER, "Attempt to release mutex not owned by caller.\r\n"},
    };
    size_t i;

    for (i = 0; i < sizeof errors / sizeof errors[0]; ++i) {
        DWORD length;

        memset(text, 'x', sizeof text);
        CHECK_QUIET((length = narrow(PLAIN, NULL, errors[i].code)) != 0);
        CHECK(length == strlen(text));
        CHECK(strcmp(text, errors[i].text) == 0 || ON_WINE(1));
    }
    CHECK(narrow(PLAIN, NULL, ERROR_ACCESS_DENIED) != 0);
    CHECK(narrow(PLAIN, NULL, 0x80070005u) != 0 && strncmp(text, "Access ", 7) == 0);
    CHECK_ERROR(narrow(PLAIN, NULL, 12345678), ERROR_MR_MID_NOT_FOUND);
    CHECK_ERROR(narrow(PLAIN, NULL, 0xFFFFFFFFu), ERROR_MR_MID_NOT_FOUND);
}

/* The idiom of most programs: a buffer that FormatMessage allocates, and LocalFree. */
static void messages_can_be_allocated(void)
{
    char *message = (char *)1;
    WCHAR *wide = NULL;
    DWORD length;

    CHECK_QUIET((length = FormatMessageA(ALLOCATE | PLAIN, NULL, 5, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPSTR)(void *)&message,
                                         0, NULL)) != 0);
    CHECK(message != NULL && strlen(message) == length);
    CHECK(LocalFree(message) == NULL);
    CHECK_QUIET((length = FormatMessageW(ALLOCATE | PLAIN, NULL, 5, 0, (LPWSTR)(void *)&wide, 0, NULL)) != 0);
    CHECK(wide != NULL && wide[0] == 'A' && wide[length] == 0 && wide[length - 1] == '\n');
    CHECK(LocalFree(wide) == NULL);

    /* At least nSize characters. */
    CHECK_QUIET(FormatMessageA(ALLOCATE | STRING, "a", 0, 0, (LPSTR)(void *)&message, 5000, NULL) == 1);
    memset(message, 'x', 5000);
    CHECK(LocalFree(message) == NULL);

    /* After an error there is nothing to free. */
    message = (char *)1;
    CHECK_ERROR(FormatMessageA(ALLOCATE | PLAIN, NULL, 12345678, 0, (LPSTR)(void *)&message, 0, NULL), ERROR_MR_MID_NOT_FOUND);
    CHECK(message == NULL);
    message = (char *)1;
    CHECK_ERROR(FormatMessageA(ALLOCATE | STRING, "%", 0, 0, (LPSTR)(void *)&message, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK(message == NULL);
    message = (char *)1;
    CHECK_ERROR(FormatMessageA(ALLOCATE | STRING, "", 0, 0, (LPSTR)(void *)&message, 0, NULL), ERROR_NO_WORK_DONE);
    CHECK(message == NULL);
}

/* A message and its zero fit exactly, or not at all; only a wide buffer gets the beginning. */
static void buffers_are_never_overrun(void)
{
    WCHAR wide[8];
    DWORD size;

    for (size = 0; size < 8; ++size) {
        memset(text, 'x', 8);
        if (size >= 5) {
            CHECK_QUIET(FormatMessageA(STRING, "test", 0, 0, text, size, NULL) == 4);
            CHECK(memcmp(text, "test\0xxx", 8) == 0);
        } else {
            CHECK_ERROR(FormatMessageA(STRING, "test", 0, 0, text, size, NULL), ERROR_INSUFFICIENT_BUFFER);
            CHECK(memcmp(text, "xxxxxxxx", 8) == 0);
        }
        memset(wide, 'x', sizeof wide);
        if (size >= 5) {
            CHECK_QUIET(FormatMessageW(STRING, L"test", 0, 0, wide, size, NULL) == 4);
            CHECK(wide[3] == 't' && wide[4] == 0);
        } else {
            CHECK_ERROR(FormatMessageW(STRING, L"test", 0, 0, wide, size, NULL), ERROR_INSUFFICIENT_BUFFER);
            CHECK(size == 0 || (wide[size - 1] == 0 && (size == 1 || wide[size - 2] == "test"[size - 2])));
        }
        CHECK(wide[size < 5 ? size : 5] != 0 && wide[7] != 0);
    }
    CHECK_ERROR(FormatMessageA(PLAIN, NULL, 5, 0, text, 8, NULL), ERROR_INSUFFICIENT_BUFFER);
    wide[0] = 'x';
    CHECK_ERROR(FormatMessageW(STRING, L"", 0, 0, wide, 8, NULL), ERROR_NO_WORK_DONE);
    CHECK(wide[0] == 0);
}

static void the_width_mask_joins_lines(void)
{
    CHECK(narrow(PLAIN | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL, 5) != 0 && strchr(text, '\n') == NULL);
    CHECK(strcmp(text, "Access is denied. ") == 0 || ON_WINE(1));
    CHECK(narrow(STRING | FORMAT_MESSAGE_MAX_WIDTH_MASK, "a\r\nb\nc%nd", 0) == 8 && strcmp(text, "a b c\r\nd") == 0);
    CHECK(narrow(STRING, "a\r\nb\nc%nd", 0) == 10 && strcmp(text, "a\r\nb\r\nc\r\nd") == 0);
    CHECK(narrow(STRING | 10, "aaaa bbbb cccc dddd", 0) == 20 && strcmp(text, "aaaa bbbb\r\ncccc dddd") == 0);
    CHECK(narrow(STRING | 5, "short", 0) == 7 && strcmp(text, "short\r\n") == 0);
    CHECK(narrow(STRING | 254, "short", 0) == 5 && strcmp(text, "short") == 0);
}

/* A text with an insert needs the argument, or the flag that leaves it as it is. */
static void texts_with_inserts_need_arguments(void)
{
    DWORD_PTR arguments[1];

    arguments[0] = (DWORD_PTR) "program";
    CHECK_ERROR(narrow(SYSTEM, NULL, ERROR_BAD_EXE_FORMAT), ERROR_INVALID_PARAMETER);
    CHECK(narrow(PLAIN, NULL, ERROR_BAD_EXE_FORMAT) != 0);
    CHECK(strstr(text, "%1") != NULL || ON_WINE(1));
    CHECK_QUIET(FormatMessageA(SYSTEM | FORMAT_MESSAGE_ARGUMENT_ARRAY, NULL, ERROR_BAD_EXE_FORMAT, 0, text, sizeof text,
                               (va_list *)arguments) != 0);
    CHECK(strncmp(text, "program", 7) == 0 || ON_WINE(1));
}

static void impossible_requests_are_refused(void)
{
    CHECK_ERROR(narrow(0, "a", 5), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(narrow(FORMAT_MESSAGE_IGNORE_INSERTS, "a", 5), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(narrow(STRING | SYSTEM, "a", 5), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR_OR_WINE(narrow(STRING | FORMAT_MESSAGE_FROM_HMODULE, "a", 5), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR(narrow(STRING, "", 5), ERROR_NO_WORK_DONE);
    CHECK_ERROR_OR_WINE(FormatMessageA(ALLOCATE | STRING, "a", 0, 0, NULL, 0, NULL), ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY);
    CHECK_ERROR(FormatMessageW(ALLOCATE | STRING, L"a", 0, 0, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
#ifndef __MINGW32__ /* a fault there */
    CHECK_ERROR(narrow(STRING, NULL, 5), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FormatMessageA(STRING, "a", 0, 0, NULL, 10, NULL), ERROR_INVALID_PARAMETER);
#endif
}

/* Programs have no messages of their own; FROM_SYSTEM beside it looks there too. */
static void modules_without_messages_say_so(void)
{
    CHECK_ERROR_OR_WINE(narrow(FORMAT_MESSAGE_FROM_HMODULE, NULL, 5), ERROR_RESOURCE_TYPE_NOT_FOUND, ERROR_RESOURCE_DATA_NOT_FOUND);
    CHECK_ERROR_OR_WINE(narrow(FORMAT_MESSAGE_FROM_HMODULE, (const char *)0x123450, 5), ERROR_RESOURCE_TYPE_NOT_FOUND,
                        ERROR_RESOURCE_DATA_NOT_FOUND);
    CHECK_QUIET(narrow(FORMAT_MESSAGE_FROM_HMODULE | SYSTEM, NULL, 5) != 0);
    CHECK(strncmp(text, "Access ", 7) == 0);
}

int main(void)
{
    check_begin();
    errors_have_texts();
    messages_can_be_allocated();
    buffers_are_never_overrun();
    the_width_mask_joins_lines();
    texts_with_inserts_need_arguments();
    impossible_requests_are_refused();
    modules_without_messages_say_so();
    return check_end();
}
