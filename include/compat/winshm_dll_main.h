/*
 * winshm_dll_main.h - calls a DllMain that the source defines: when its shared
 * library, or the program, is loaded, and when it is unloaded or the program ends.
 *
 * On Linux: it is not called for threads, and its last parameter is always NULL.
 * When it refuses to be attached, the program ends with a message, because the
 * loader cannot be told.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_DLL_MAIN_H
#define WINSHM_DLL_MAIN_H

#include <stdio.h>
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

/** How many sources of the library want to call it; the first and the last do. */
extern int winshm_dll_sources;
__attribute__((__weak__, __visibility__("hidden"))) int winshm_dll_sources = 0;

/** Where the library was loaded: on Windows, too, what a HINSTANCE is. */
extern const char winshm_dll_begin[] __asm__("__ehdr_start") __attribute__((__visibility__("hidden")));

#ifdef __cplusplus
}
#endif

static inline BOOL winshm_call_dll_main(DWORD reason)
{
    return DllMain((HINSTANCE)(LONG_PTR)winshm_dll_begin, reason, NULL);
}

__attribute__((__constructor__)) static void winshm_dll_attach(void)
{
    if (!DllMain || winshm_dll_sources++ != 0 || winshm_call_dll_main(DLL_PROCESS_ATTACH))
        return;
    fputs("DllMain returned FALSE: the program cannot start\n", stderr);
    _exit(1);
}

__attribute__((__destructor__)) static void winshm_dll_detach(void)
{
    if (DllMain && --winshm_dll_sources == 0)
        winshm_call_dll_main(DLL_PROCESS_DETACH);
}

/** DllMain is never called for threads. */
static inline BOOL DisableThreadLibraryCalls(HMODULE module)
{
    (void)module;
    return TRUE;
}

#endif /* WINSHM_DLL_MAIN_H */
