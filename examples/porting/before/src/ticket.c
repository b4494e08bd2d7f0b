// ticket.c - a ticket board: counters call numbers, the board shows them.
//
//     ticket board [SECONDS]       shows calls; ends when closed, or when nobody calls for that long
//     ticket call NUMBER COUNTER   calls a number to a counter
//     ticket close                 closes the board
#include "..\inc\TicketBoard.h"
#include <stdio.h>
#include <stdlib.h>

#pragma comment(lib, "user32.lib")

static int ReportError(LPCTSTR pszWhat)
{
    DWORD dwError = GetLastError();
    LPTSTR pszText = NULL;

    FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                  dwError, 0, (LPTSTR)&pszText, 0, NULL);
    _tprintf(_T("%s failed: error %lu, %s\n"), pszWhat, dwError, pszText ? pszText : _T(""));
    LocalFree(pszText);
    return 1;
}

static void Log(const char *pszLine)
{
    DWORD cbWritten;
    HANDLE hFile = CreateFile(_T("C:\\ProgramData\\tickets.log"), FILE_APPEND_DATA, FILE_SHARE_READ, NULL, OPEN_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL, NULL);

    if (hFile == INVALID_HANDLE_VALUE)
        return; // without a log, too
    WriteFile(hFile, pszLine, (DWORD)strlen(pszLine), &cbWritten, NULL);
    CloseHandle(hFile);
}

static int ShowBoard(long lSeconds)
{
    HANDLE hSection = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(TICKET_BOARD), BOARD_NAME);
    if (hSection == NULL)
        return ReportError(_T("CreateFileMapping"));
    PTICKET_BOARD pBoard = (PTICKET_BOARD)MapViewOfFile(hSection, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    HANDLE hMutex = CreateMutex(NULL, FALSE, BOARD_MUTEX);
    HANDLE hChanged = CreateEvent(NULL, FALSE, FALSE, BOARD_CHANGED);
    HANDLE hClosed = CreateEvent(NULL, TRUE, FALSE, BOARD_CLOSED);
    if (pBoard == NULL || hMutex == NULL || hChanged == NULL || hClosed == NULL)
        return ReportError(_T("Opening the board"));
    pBoard->dwVersion = BOARD_VERSION;
    _tprintf(_T("The board is open\n"));
    fflush(stdout);

    // [docs: wait]
    HANDLE ahEvents[2] = {hChanged, hClosed};
    DWORD dwDeadline = GetTickCount() + lSeconds * 1000;
    for (;;) {
        long lLeft = dwDeadline - GetTickCount();
        if (lLeft < 0)
            lLeft = 0;
        DWORD dwResult = WaitForMultipleObjects(2, ahEvents, FALSE, lLeft);
        if (dwResult == WAIT_FAILED)
            return ReportError(_T("WaitForMultipleObjects"));
        if (dwResult != WAIT_OBJECT_0) {
            _tprintf(dwResult == WAIT_TIMEOUT ? _T("Nobody calls\n") : _T("The board is closed\n"));
            return 0;
        }
        // [docs: end]
        WaitForSingleObject(hMutex, INFINITE);
        char szLine[80];
        sprintf_s(szLine, sizeof(szLine), "Number %ld, please go to counter %s\n", pBoard->lNumber, pBoard->szCounter);
        ReleaseMutex(hMutex);
        printf("%s", szLine);
        fflush(stdout);
        Log(szLine);
        Sleep(600); // time to read it
    }
}

static int Call(long lNumber, LPCTSTR pszCounter)
{
    HANDLE hSection = OpenFileMapping(FILE_MAP_ALL_ACCESS, FALSE, BOARD_NAME);
    if (hSection == NULL)
        return ReportError(_T("OpenFileMapping"));
    PTICKET_BOARD pBoard = (PTICKET_BOARD)MapViewOfFile(hSection, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    HANDLE hMutex = OpenMutex(SYNCHRONIZE, FALSE, BOARD_MUTEX);
    HANDLE hChanged = OpenEvent(EVENT_MODIFY_STATE, FALSE, BOARD_CHANGED);
    if (pBoard == NULL || hMutex == NULL || hChanged == NULL)
        return ReportError(_T("Opening the board"));

    WaitForSingleObject(hMutex, INFINITE);
    pBoard->lNumber = lNumber;
#ifdef UNICODE
    WideCharToMultiByte(CP_UTF8, 0, pszCounter, -1, pBoard->szCounter, sizeof(pBoard->szCounter), NULL, NULL);
#else
    strncpy_s(pBoard->szCounter, sizeof(pBoard->szCounter), pszCounter, _TRUNCATE);
#endif
    InterlockedIncrement(&pBoard->lCalls);
    ReleaseMutex(hMutex);
    SetEvent(hChanged);
    return 0;
}

static int Close(void)
{
    HANDLE hClosed = OpenEvent(EVENT_MODIFY_STATE, FALSE, BOARD_CLOSED);
    if (hClosed == NULL || !SetEvent(hClosed))
        return ReportError(_T("Closing the board"));
    return 0;
}

int _tmain(int argc, TCHAR *argv[])
{
    if (argc >= 2 && _tcsicmp(argv[1], _T("board")) == 0)
        return ShowBoard(argc > 2 ? _ttol(argv[2]) : 60);
    if (argc == 4 && _tcsicmp(argv[1], _T("call")) == 0)
        return Call(_ttol(argv[2]), argv[3]);
    if (argc == 2 && _tcsicmp(argv[1], _T("close")) == 0)
        return Close();
    _tprintf(_T("usage: ticket board [SECONDS] | call NUMBER COUNTER | close\n"));
    return 2;
}
