/*
 * Several processes append to one log file. A named mutex guards it, so that the
 * numbers of the lines follow each other although each process finds out the
 * next number from the end of the file.
 *
 * Start it without arguments; it starts four writers.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRITERS 4
#define LINES 25
#define LINE_LENGTH 32 /* each line has as many characters, CR LF included */

static int Log(LPCSTR szFile, LPCSTR szText)
{
    HANDLE hMutex, hFile;
    LARGE_INTEGER liSize;
    DWORD dwWritten, dwWait;
    char szLine[LINE_LENGTH + 1], szNumbered[2 * LINE_LENGTH];
    int rc = 0;

    hMutex = CreateMutexA(NULL, FALSE, "SampleGuardedLog");
    if (!hMutex)
        return 1;
    dwWait = WaitForSingleObject(hMutex, INFINITE);
    if (dwWait != WAIT_OBJECT_0 && dwWait != WAIT_ABANDONED)
        return 2;

    hFile = CreateFileA(szFile, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (hFile == INVALID_HANDLE_VALUE) {
        rc = 3;
    } else {
        if (!GetFileSizeEx(hFile, &liSize))
            rc = 4;
        _snprintf(szNumbered, sizeof(szNumbered), "%05d %s", (int)(liSize.QuadPart / LINE_LENGTH), szText);
        sprintf(szLine, "%-*.*s\r\n", LINE_LENGTH - 2, LINE_LENGTH - 2, szNumbered);
        if (SetFilePointer(hFile, 0, NULL, FILE_END) == INVALID_SET_FILE_POINTER)
            rc = 5;
        if (!WriteFile(hFile, szLine, LINE_LENGTH, &dwWritten, NULL) || dwWritten != LINE_LENGTH)
            rc = 6;
        CloseHandle(hFile);
    }
    ReleaseMutex(hMutex);
    CloseHandle(hMutex);
    return rc;
}

static int Writer(LPCSTR szFile, int nWriter)
{
    char szText[32];
    int i, rc;

    for (i = 0; i < LINES; i++) {
        sprintf(szText, "writer %d line %d", nWriter, i);
        if ((rc = Log(szFile, szText)) != 0)
            return rc;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char szDir[MAX_PATH], szFile[MAX_PATH], szExe[MAX_PATH], szCmd[3 * MAX_PATH];
    HANDLE ahWriters[WRITERS], hFile;
    DWORD dwRead, dwExit;
    char acLines[WRITERS * LINES * LINE_LENGTH + 1];
    int anNext[WRITERS] = {0};
    int i, nWrong = 0, nWriter, nLine, nNumber;

    if (argc == 3)
        return Writer(argv[1], atoi(argv[2]));

    if (!GetTempPathA(sizeof(szDir), szDir) || !GetTempFileNameA(szDir, "log", 0, szFile)) {
        printf("no temporary file: %d\n", (int)GetLastError());
        return 1;
    }
    GetModuleFileNameA(NULL, szExe, sizeof(szExe));
    for (i = 0; i < WRITERS; i++) {
        STARTUPINFOA si;
        PROCESS_INFORMATION pi;

        memset(&si, 0, sizeof(si));
        si.cb = sizeof(si);
        sprintf(szCmd, "\"%s\" \"%s\" %d", szExe, szFile, i);
        if (!CreateProcessA(NULL, szCmd, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
            printf("CreateProcess: %d\n", (int)GetLastError());
            return 1;
        }
        CloseHandle(pi.hThread);
        ahWriters[i] = pi.hProcess;
    }
    WaitForMultipleObjects(WRITERS, ahWriters, TRUE, INFINITE);
    for (i = 0; i < WRITERS; i++) {
        GetExitCodeProcess(ahWriters[i], &dwExit);
        printf("writer %d ended with %d\n", i, (int)dwExit);
        CloseHandle(ahWriters[i]);
    }

    hFile = CreateFileA(szFile, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (hFile == INVALID_HANDLE_VALUE || !ReadFile(hFile, acLines, sizeof(acLines), &dwRead, NULL)) {
        printf("cannot read the log: %d\n", (int)GetLastError());
        return 1;
    }
    CloseHandle(hFile);
    for (i = 0; i < (int)dwRead / LINE_LENGTH; i++) {
        if (sscanf(acLines + i * LINE_LENGTH, "%d writer %d line %d", &nNumber, &nWriter, &nLine) != 3 ||
            nNumber != i || nWriter < 0 || nWriter >= WRITERS || nLine != anNext[nWriter]++)
            nWrong++;
    }
    printf("%d lines, %d of them wrong\n", i, nWrong);
    printf("deleted: %d\n", DeleteFileA(szFile));
    return nWrong != 0;
}
