/* windows.c - a source for Windows compiles unchanged. */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>

int _tmain(void)
{
    HANDLE mutex = CreateMutex(NULL, TRUE, _T("Local\\ConanTestMutex"));

    if (mutex == NULL || (GetLastError() == ERROR_ALREADY_EXISTS && WaitForSingleObject(mutex, 10000) == WAIT_FAILED))
        return 1;
    _tprintf(_T("a source for Windows owns a mutex\n"));
    return ReleaseMutex(mutex) && CloseHandle(mutex) ? 0 : 1;
}
