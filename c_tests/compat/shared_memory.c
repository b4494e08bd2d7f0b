/* A producer as the tutorials have it. It calls the library, so it is only compiled here. */
#include <windows.h>
#include <memoryapi.h>
#include <handleapi.h>
#include <errhandlingapi.h>
#include <winbase.h>
#include <stdio.h>
#include <tchar.h>

#define BUF_SIZE 256
TCHAR szName[] = TEXT("Global\\MyFileMappingObject");
TCHAR szMsg[] = TEXT("Message from first process.");

int _tmain()
{
    HANDLE hMapFile;
    HANDLE hReady;
    LPTSTR pBuf;

    hMapFile = CreateFileMapping(
        INVALID_HANDLE_VALUE,    // use paging file
        NULL,                    // default security
        PAGE_READWRITE,          // read/write access
        0,                       // maximum object size (high-order DWORD)
        BUF_SIZE * sizeof(TCHAR), // maximum object size (low-order DWORD)
        szName);                 // name of mapping object

    if (hMapFile == NULL)
    {
        _tprintf(TEXT("Could not create file mapping object (%u).\n"), GetLastError());
        return 1;
    }
    hReady = CreateEvent(NULL, TRUE, FALSE, TEXT("Global\\MyReadyEvent"));
    pBuf = (LPTSTR)MapViewOfFile(hMapFile, FILE_MAP_ALL_ACCESS, 0, 0, BUF_SIZE * sizeof(TCHAR));
    if (pBuf == NULL)
    {
        _tprintf(TEXT("Could not map view of file (%u).\n"), GetLastError());
        CloseHandle(hMapFile);
        return 1;
    }

    CopyMemory((PVOID)pBuf, szMsg, (_tcslen(szMsg) * sizeof(TCHAR)));
    SetEvent(hReady);
    Sleep(10);

    UnmapViewOfFile(pBuf);
    CloseHandle(hReady);
    CloseHandle(hMapFile);
    return 0;
}
