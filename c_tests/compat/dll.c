/*
 * A shared library with a DllMain, of two sources; and a program with its own. Each
 * DllMain is called once when its module is loaded and once when it goes. In C++, the
 * globals of both sources exist then, also those that come after it.
 *
 * -DLIBRARY=1 and =2: the sources of the library; else the program, whose argument is
 * the library to load, or nothing if it is linked.
 */
#include <windows.h>
#include <stdio.h>

#ifndef LIBRARY
#include <dlfcn.h>
#endif

#ifdef __cplusplus
/** Exists from its constructor to its destructor; as they need the process's number, no compiler runs them. */
struct Global {
    pid_t process;
    Global() : process(getpid()) {}
    ~Global() { process = 0; }
    bool exists() const volatile { return process == getpid(); }
};
extern Global of_other_source, behind_dll_main;
#endif

#if defined(LIBRARY) && LIBRARY == 2
/* A source that includes windows.h as well, and has no DllMain. */
EXTERN_C __declspec(dllexport) int other_source(void);

int other_source(void)
{
    return 2;
}
#else

#ifdef LIBRARY
#define NAME "library"
#else
#define NAME "program"
#endif

static BOOL globals_exist(void)
{
#ifdef __cplusplus
#ifdef LIBRARY
    if (!of_other_source.exists())
        return FALSE;
#endif
    return behind_dll_main.exists();
#else
    return TRUE;
#endif
}

BOOL WINAPI DllMain(HINSTANCE hinstDLL, DWORD fdwReason, LPVOID lpvReserved)
{
    /* The module begins with the mark of an ELF file, and has this function in it. */
    const char *module = (const char *)hinstDLL;
    const char *function = (const char *)(LONG_PTR)DllMain;

    if (lpvReserved != NULL || memcmp(module, "\177ELF", 4) != 0 || function < module || function > module + 0x100000)
        return FALSE;
    DisableThreadLibraryCalls(hinstDLL);
    if (!globals_exist())
        printf(NAME " has not all globals\n");
    switch (fdwReason) {
    case DLL_PROCESS_ATTACH:
        printf(NAME " attached\n");
        break;
    case DLL_PROCESS_DETACH:
        printf(NAME " detached\n");
        break;
    default:
        printf(NAME " called for %u\n", (unsigned)fdwReason);
    }
    return TRUE;
}

#ifndef LIBRARY
int main(int argc, char **argv)
{
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;

    printf("main\n");
    if (library)
        dlclose(library);
    printf("end\n");
    return argc > 1 && !library;
}
#endif
#endif

#ifdef __cplusplus
#if defined(LIBRARY) && LIBRARY == 2
Global of_other_source;
#else
Global behind_dll_main;
#endif
#endif
