/*
 * A DLL whose data all processes that load it share: its DllMain maps a named
 * section, and the first process finds it zeroed and initialises it.
 *
 * Loaded by shared_data.c.
 */
#include <windows.h>
#include <string.h>

#define SHMEMSIZE 4096

typedef struct _SHARED {
    LONG nInitialised;
    LONG nProcesses;
    char szText[256];
} SHARED;

static SHARED *g_pShared = NULL;    // pointer to shared memory
static HANDLE g_hMapObject = NULL;  // handle to file mapping

BOOL WINAPI DllMain(HINSTANCE hinstDLL, DWORD fdwReason, LPVOID lpvReserved)
{
    BOOL fInit;

    UNREFERENCED_PARAMETER(hinstDLL);
    UNREFERENCED_PARAMETER(lpvReserved);

    switch (fdwReason) {
    case DLL_PROCESS_ATTACH:
        g_hMapObject = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SHMEMSIZE,
                                          "SampleSharedDataDll");
        if (g_hMapObject == NULL)
            return FALSE;
        // The first process to attach initialises memory.
        fInit = (GetLastError() != ERROR_ALREADY_EXISTS);
        g_pShared = (SHARED *)MapViewOfFile(g_hMapObject, FILE_MAP_WRITE, 0, 0, 0);
        if (g_pShared == NULL)
            return FALSE;
        if (fInit) {
            lstrcpyA(g_pShared->szText, "nothing yet");
            InterlockedExchange(&g_pShared->nInitialised, 1);
        }
        InterlockedIncrement(&g_pShared->nProcesses);
        break;

    case DLL_PROCESS_DETACH:
        if (g_pShared != NULL) {
            InterlockedDecrement(&g_pShared->nProcesses);
            UnmapViewOfFile(g_pShared);
        }
        if (g_hMapObject != NULL)
            CloseHandle(g_hMapObject);
        break;

    default:
        break;
    }
    return TRUE;
}

__declspec(dllexport) VOID __cdecl SetSharedMem(LPCSTR lpszBuf)
{
    strncpy_s(g_pShared->szText, sizeof(g_pShared->szText), lpszBuf, _TRUNCATE);
}

__declspec(dllexport) VOID __cdecl GetSharedMem(LPSTR lpszBuf, DWORD cchSize)
{
    strncpy_s(lpszBuf, cchSize, g_pShared->szText, _TRUNCATE);
}

__declspec(dllexport) LONG __cdecl GetSharedProcesses(void)
{
    return g_pShared->nProcesses;
}
