/*
 * found_by_name.c - GetProcAddress finds every function of the headers, in the width that
 * wchar_t has here. Includes table.c, which function_table.sh makes of the headers.
 */
#include "table.c"

#include <stdio.h>

int main(void)
{
    size_t count = sizeof functions / sizeof functions[0], i;
    HMODULE library = GetModuleHandleW(L"kernel32.dll");
    int failures = 0;

    for (i = 0; i < count; ++i) {
        if ((winshm_function)GetProcAddress(library, names[i]) != functions[i]) {
            fprintf(stderr, "%s is not found, or is another function\n", names[i]);
            ++failures;
        }
    }
    printf("%d of %d functions found\n", (int)count - failures, (int)count);
    return failures != 0 || count < 100;
}
