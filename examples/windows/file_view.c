/*
 * A view that begins in the middle of a file: the offset must be a multiple of
 * the allocation granularity, so the view starts before the data, and the data
 * is found at a distance from its start.
 *
 * Start it without arguments. It works on a temporary file.
 */
#define BUFFSIZE 1024      // size of the memory to examine at any one time
#define FILE_MAP_START 138240 // where in the file the data starts

#include <windows.h>
#include <stdio.h>
#include <tchar.h>

int _tmain(void)
{
    HANDLE hMapFile;      // handle for the file's memory-mapped region
    HANDLE hFile;         // the file handle
    DWORD dBytesWritten;  // number of bytes written
    DWORD dwFileSize;     // temporary storage for file sizes
    DWORD dwFileMapSize;  // size of the file mapping
    DWORD dwMapViewSize;  // the size of the view
    DWORD dwFileMapStart; // where to start the file map view
    DWORD dwSysGran;      // system allocation granularity
    SYSTEM_INFO SysInfo;  // system information; used to get granularity
    LPVOID lpMapAddress;  // pointer to the base address of the memory-mapped region
    char *pData;          // pointer to the data
    int i;                // loop counter
    int iData;            // on success contains the first int of data
    int iViewDelta;       // the offset into the view where the data shows up
    TCHAR szPath[MAX_PATH];
    TCHAR szFile[MAX_PATH];

    if (!GetTempPath(MAX_PATH, szPath) || !GetTempFileName(szPath, TEXT("fvw"), 0, szFile)) {
        _tprintf(TEXT("No temporary file: error %lu\n"), GetLastError());
        return 1;
    }
    hFile = CreateFile(szFile, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (hFile == INVALID_HANDLE_VALUE) {
        _tprintf(TEXT("hFile is invalid: error %lu\n"), GetLastError());
        return 4;
    }

    // Get the system allocation granularity.
    GetSystemInfo(&SysInfo);
    dwSysGran = SysInfo.dwAllocationGranularity;

    // To start at the allocation granularity, round down.
    dwFileMapStart = (FILE_MAP_START / dwSysGran) * dwSysGran;
    _tprintf(TEXT("The file map view starts at %lu bytes into the file.\n"), dwFileMapStart);

    // Calculate the size of the file mapping view.
    dwMapViewSize = (FILE_MAP_START % dwSysGran) + BUFFSIZE;
    _tprintf(TEXT("The file map view is %lu bytes large.\n"), dwMapViewSize);

    // How large will the file mapping object be?
    dwFileMapSize = FILE_MAP_START + BUFFSIZE;
    _tprintf(TEXT("The file mapping object is %lu bytes large.\n"), dwFileMapSize);

    // The data of interest isn't at the beginning of the view.
    iViewDelta = FILE_MAP_START - dwFileMapStart;
    _tprintf(TEXT("The data is %d bytes past the beginning of the view.\n"), iViewDelta);

    // Write successive integers, so that any offset shows where it is.
    for (i = 0; i < (int)dwFileMapSize; i++) {
        if (!WriteFile(hFile, &i, sizeof(i), &dBytesWritten, NULL) || dBytesWritten != sizeof(i)) {
            _tprintf(TEXT("WriteFile failed: error %lu\n"), GetLastError());
            return 5;
        }
    }
    dwFileSize = GetFileSize(hFile, NULL);
    _tprintf(TEXT("hFile size: %10lu\n"), dwFileSize);

    // A file mapping object for the file; it is smaller than the file.
    hMapFile = CreateFileMapping(hFile, NULL, PAGE_READWRITE, 0, dwFileMapSize, NULL);
    if (hMapFile == NULL) {
        _tprintf(TEXT("hMapFile is NULL: last error: %lu\n"), GetLastError());
        return 2;
    }
    lpMapAddress = MapViewOfFile(hMapFile, FILE_MAP_ALL_ACCESS, 0, dwFileMapStart, dwMapViewSize);
    if (lpMapAddress == NULL) {
        _tprintf(TEXT("lpMapAddress is NULL: last error: %lu\n"), GetLastError());
        return 3;
    }

    pData = (char *)lpMapAddress + iViewDelta;
    iData = *(int *)pData;
    _tprintf(TEXT("The value at the pointer is %d, it should be %d\n"), iData, (int)(FILE_MAP_START / sizeof(int)));

    // An offset that is no multiple of the granularity is refused, as is more than there is.
    if (MapViewOfFile(hMapFile, FILE_MAP_ALL_ACCESS, 0, FILE_MAP_START, BUFFSIZE) == NULL)
        _tprintf(TEXT("A view at %d: error %lu\n"), FILE_MAP_START, GetLastError());
    if (MapViewOfFile(hMapFile, FILE_MAP_ALL_ACCESS, 0, dwFileMapStart, dwMapViewSize + 1) == NULL)
        _tprintf(TEXT("A view of a byte too much: error %lu\n"), GetLastError());

    // What is written through the view is in the file.
    *(int *)pData = -1;
    if (!FlushViewOfFile(lpMapAddress, dwMapViewSize))
        _tprintf(TEXT("FlushViewOfFile: error %lu\n"), GetLastError());
    SetFilePointer(hFile, FILE_MAP_START, NULL, FILE_BEGIN);
    if (ReadFile(hFile, &iData, sizeof(iData), &dBytesWritten, NULL) && dBytesWritten == sizeof(iData))
        _tprintf(TEXT("The file has %d there now.\n"), iData);

    if (!UnmapViewOfFile(lpMapAddress))
        _tprintf(TEXT("UnmapViewOfFile: error %lu\n"), GetLastError());
    if (!CloseHandle(hMapFile))
        _tprintf(TEXT("Closing the mapping object: error %lu\n"), GetLastError());
    if (!CloseHandle(hFile))
        _tprintf(TEXT("Closing the file: error %lu\n"), GetLastError());
    if (!DeleteFile(szFile))
        _tprintf(TEXT("DeleteFile: error %lu\n"), GetLastError());
    return 0;
}
