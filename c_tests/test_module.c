/*
 * test_module.c - modules and their functions, as programs look for them that can do
 * without.
 */
#include "check.h"

#ifndef __MINGW32__
#include <gnu/libc-version.h>
#include <unistd.h>
#endif

typedef HANDLE(WINAPI *CreateEventAFunction)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCSTR);
typedef HANDLE(WINAPI *CreateEventWFunction)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
typedef BOOL(WINAPI *CloseHandleFunction)(HANDLE);
typedef void (*AnyFunction)(void);

/* FARPROC is another type than that of any function, which compilers warn of. */
static AnyFunction find(const char *module, const char *function)
{
    return (AnyFunction)GetProcAddress(GetModuleHandleA(module), function);
}

/* The names of Windows' system libraries are found in any case. */
static void system_libraries_are_found(void)
{
    HMODULE kernel;

    CHECK_QUIET((kernel = GetModuleHandleA("kernel32.dll")) != NULL);
    CHECK_QUIET(GetModuleHandleA("KERNEL32.DLL") == kernel);
    CHECK_QUIET(GetModuleHandleA("Kernel32") == kernel);
    CHECK_QUIET(GetModuleHandleW(L"kernel32.dll") == kernel);
    CHECK_QUIET(GetModuleHandle(TEXT("ntdll.dll")) != NULL);
    CHECK_QUIET(GetModuleHandleA("ntdll") != NULL);
#ifndef __MINGW32__ /* not loaded there */
    CHECK_QUIET(GetModuleHandleW(L"ADVAPI32.dll") != NULL);
#endif
    CHECK_QUIET(GetModuleHandleA("kernelbase.dll") != NULL);
    CHECK_ERROR(GetModuleHandleA("winshm-no-such-library.dll"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetModuleHandleW(L"winshm-no-such-library"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetModuleHandleA("kernel32."), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetModuleHandleA(""), ERROR_MOD_NOT_FOUND);
    CHECK_QUIET(GetModuleHandleA(NULL) != NULL);
    CHECK(GetModuleHandleA(NULL) == GetModuleHandleW(NULL) && GetModuleHandleA(NULL) != kernel);
}

/* A function that was found is the one that the program is linked with. */
static void functions_are_found_and_work(void)
{
    CreateEventAFunction create = (CreateEventAFunction)find("kernel32.dll", "CreateEventA");
    CreateEventWFunction create_wide = (CreateEventWFunction)find("kernel32.dll", "CreateEventW");
    CloseHandleFunction close = (CloseHandleFunction)find("kernel32.dll", "CloseHandle");
    const char *name = NAME("found");
    HANDLE first, second;

    CHECK(create != NULL && create_wide != NULL && close != NULL);
    CHECK(find("ntdll.dll", "NtClose") != NULL && find("ntdll.dll", "NtQuerySection") != NULL);
    CHECK_QUIET(find("kernel32", "GetLastError") != NULL);
    CHECK_LAST(first = create(NULL, TRUE, FALSE, name), ERROR_SUCCESS);
    /* Wide characters have the caller's width. */
    CHECK_LAST(second = create_wide(NULL, TRUE, FALSE, widen(name)), ERROR_ALREADY_EXISTS);
    CHECK(close(first) && close(second));
    CHECK(create_wide != (CreateEventWFunction)(AnyFunction)create);
}

static void what_is_not_there_is_not_found(void)
{
    HMODULE kernel = GetModuleHandleA("kernel32.dll");

    CHECK_ERROR(GetProcAddress(kernel, "winshm_no_such_function"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(kernel, "closehandle"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(kernel, ""), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(kernel, NULL), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR_OR_WINE(GetProcAddress(kernel, (LPCSTR)(ULONG_PTR)60000), ERROR_INVALID_ORDINAL, ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(NULL, "CloseHandle"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(GetModuleHandleA(NULL), "winshm_no_such_function"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress((HMODULE)(ULONG_PTR)0x12340000, "CloseHandle"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetProcAddress((HMODULE)(ULONG_PTR)0x12340000, (LPCSTR)(ULONG_PTR)5), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(INVALID_HANDLE_VALUE, "CloseHandle"), ERROR_MOD_NOT_FOUND);
}

/* The path fits with its zero, or its beginning is there; a success clears the last error. */
static void the_program_has_a_file(void)
{
    char whole[1000], part[1000];
    WCHAR wide[1000];
    DWORD length;

    CHECK_LAST((length = GetModuleFileNameA(NULL, whole, sizeof whole)) != 0, ERROR_SUCCESS);
    CHECK(length == strlen(whole) && strstr(whole, "test_module") != NULL);
    CHECK_LAST(GetModuleFileNameA(GetModuleHandleA(NULL), part, sizeof part) == length, ERROR_SUCCESS);
    CHECK(strcmp(part, whole) == 0);
    CHECK_LAST(GetModuleFileNameW(NULL, wide, 1000) == length, ERROR_SUCCESS);
    CHECK(wide[0] == (WCHAR)whole[0] && wide[length] == 0);
    CHECK_LAST(GetModuleFileName(NULL, (TCHAR *)part, 1000 / sizeof(TCHAR)) == length, ERROR_SUCCESS);

    CHECK_LAST(GetModuleFileNameA(NULL, part, length + 1) == length, ERROR_SUCCESS);
    memset(part, 'x', sizeof part);
    CHECK_LAST(GetModuleFileNameA(NULL, part, 5) == 5, ERROR_INSUFFICIENT_BUFFER);
    CHECK((memcmp(part, whole, 4) == 0 && part[4] == 0 && part[5] == 'x') || ON_WINE(1));
    CHECK_LAST(GetModuleFileNameA(NULL, part, length) == length, ERROR_INSUFFICIENT_BUFFER);
    CHECK_LAST(GetModuleFileNameW(NULL, wide, 5) == 5, ERROR_INSUFFICIENT_BUFFER);
    CHECK(wide[4] == 0 || ON_WINE(1));
    CHECK_ERROR(GetModuleFileNameA(NULL, part, 0), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(GetModuleFileNameA((HMODULE)(ULONG_PTR)0x12340000, part, 100), ERROR_MOD_NOT_FOUND);
}

#ifndef __MINGW32__
/* Shared objects are modules too, by their names and by those they had on Windows. */
static void on_linux_shared_objects_are_modules(void)
{
    HMODULE c_library = GetModuleHandleA("libc.so.6");
    char path[1000];

    CHECK(c_library != NULL && GetModuleHandleA("c.dll") == c_library && GetModuleHandleW(L"LIBC") == c_library);
    CHECK((AnyFunction)GetProcAddress(c_library, "gnu_get_libc_version") == (AnyFunction)gnu_get_libc_version);
    CHECK_ERROR(GetProcAddress(c_library, "CloseHandle"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(GetModuleHandleA(NULL), "gnu_get_libc_version"), ERROR_PROC_NOT_FOUND);
    CHECK(GetModuleFileNameA(c_library, path, sizeof path) != 0 && strstr(path, "/libc.so.6") != NULL);
    CHECK(GetModuleHandleA(path) == c_library);
}

/* The program is its file, by its path, its name, and the name that it had on Windows. */
static void on_linux_the_program_has_a_name(void)
{
    char path[1000], name[1000];
    DWORD length = GetModuleFileNameA(NULL, path, sizeof path);

    CHECK(length == (DWORD)readlink("/proc/self/exe", name, sizeof name) && memcmp(path, name, length) == 0);
    CHECK(GetModuleHandleA(path) == GetModuleHandleA(NULL));
    snprintf(name, sizeof name, "%s.exe", strrchr(path, '/') + 1);
    CHECK(GetModuleHandleA(name) == GetModuleHandleA(NULL));
    CHECK(GetModuleHandleA(strrchr(path, '/') + 1) == GetModuleHandleA(NULL));
}

static void on_linux_pointers_are_checked(void)
{
    CHECK_ERROR(GetModuleFileNameA(NULL, NULL, 10), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetModuleFileNameW(NULL, NULL, 10), ERROR_INVALID_PARAMETER);
}

/* The texts of the system belong to its library. */
static void on_linux_messages_are_in_the_library(void)
{
    HMODULE modules[2];
    char text[100];

    modules[0] = GetModuleHandleA("ntdll.dll");
    modules[1] = GetModuleHandleA("libc.so.6");
    CHECK_QUIET(FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE, modules[0], 5, 0, text, sizeof text, NULL) == 19);
    CHECK_ERROR(FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE, modules[0], 12345678, 0, text, sizeof text, NULL), ERROR_MR_MID_NOT_FOUND);
    CHECK_ERROR(FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE, modules[1], 5, 0, text, sizeof text, NULL), ERROR_RESOURCE_TYPE_NOT_FOUND);
}
#endif

int main(void)
{
    check_begin();
    system_libraries_are_found();
    functions_are_found_and_work();
    what_is_not_there_is_not_found();
    the_program_has_a_file();
#ifndef __MINGW32__
    on_linux_shared_objects_are_modules();
    on_linux_the_program_has_a_name();
    on_linux_pointers_are_checked();
    on_linux_messages_are_in_the_library();
#endif
    return check_end();
}
