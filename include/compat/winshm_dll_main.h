/*
 * winshm_dll_main.h - calls a DllMain that the source defines: when its shared
 * library, or the program, is loaded, and when it is unloaded or the program ends.
 * As on Windows, the globals of the sources that include windows.h exist then.
 *
 * On Linux: globals of other sources of the library may be constructed later, and
 * with -flto any may. When the program ends, what functions made as `static` after
 * the library was attached is destroyed before it is detached. DllMain is not called
 * for threads, and its last parameter is always NULL. When it refuses to be attached,
 * the program ends with a message, because the loader cannot be told.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_DLL_MAIN_H
#define WINSHM_DLL_MAIN_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <winshm_types.h>

#define DLL_PROCESS_DETACH 0
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH 2
#define DLL_THREAD_DETACH 3

#ifdef __cplusplus
extern "C" {
#endif

/** Null where no source of the library defines it. */
BOOL DllMain(HINSTANCE, DWORD, LPVOID) __attribute__((__weak__, __visibility__("hidden")));

/** How many sources of the library were not reached yet by winshm_dll_attach; the last one attaches. */
extern int winshm_dll_sources;
__attribute__((__weak__, __visibility__("hidden"))) int winshm_dll_sources = 0;

/** Whether DllMain is owed DLL_PROCESS_DETACH. */
extern BOOL winshm_dll_is_attached;
__attribute__((__weak__, __visibility__("hidden"))) BOOL winshm_dll_is_attached = FALSE;

void winshm_dll_attach(void) __attribute__((__weak__, __used__, __visibility__("hidden")));

/** Where the library was loaded: on Windows, too, what a HINSTANCE is. */
extern const char winshm_dll_begin[] __asm__("__ehdr_start") __attribute__((__visibility__("hidden")));

static inline BOOL winshm_call_dll_main(DWORD reason)
{
    return DllMain((HINSTANCE)(LONG_PTR)winshm_dll_begin, reason, NULL);
}

/** When a library is unloaded, before its globals are destroyed. */
__attribute__((__destructor__)) static void winshm_dll_detach(void)
{
    if (!winshm_dll_is_attached)
        return;
    winshm_dll_is_attached = FALSE;
    winshm_call_dll_main(DLL_PROCESS_DETACH);
}

/** Before all constructors without a priority. */
__attribute__((__constructor__(101))) static void winshm_dll_count(void)
{
    winshm_dll_sources++;
}

/** Called once for each source, behind the constructors of its globals. */
void winshm_dll_attach(void)
{
    if (--winshm_dll_sources != 0 || !DllMain)
        return;
    if (!winshm_call_dll_main(DLL_PROCESS_ATTACH)) {
        fputs("DllMain returned FALSE: the program cannot start\n", stderr);
        _exit(1);
    }
    winshm_dll_is_attached = TRUE;
    /* When the program ends, globals are destroyed before destructors are called. */
    atexit(winshm_dll_detach);
}

/*
 * A constructor would come before or after those of the source's globals as the
 * compiler likes. The last subsection of .init_array comes after them.
 */
__asm__(".pushsection .init_array, 8191, \"aw\", @init_array\n\t"
        ".balign 8\n\t"
        ".quad winshm_dll_attach\n\t"
        ".popsection");

#ifdef __cplusplus
}
#endif

/** DllMain is never called for threads. */
static inline BOOL DisableThreadLibraryCalls(HMODULE module)
{
    (void)module;
    return TRUE;
}

#endif /* WINSHM_DLL_MAIN_H */
