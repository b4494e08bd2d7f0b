/*
 * An application that runs once: a second start hands its document to the first
 * instance through a named section, and ends.
 *
 * Start it without arguments; it starts itself again, with a document's name.
 */
#ifndef UNICODE
#define UNICODE
#define _UNICODE
#endif
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

static const WCHAR c_szMutex[] = L"Local\\{6F0B3A5E-SampleSingleInstance}";
static const WCHAR c_szOpen[] = L"Local\\SampleSingleInstance.Open";
static const WCHAR c_szTaken[] = L"Local\\SampleSingleInstance.Taken";
static const WCHAR c_szDocument[] = L"Local\\SampleSingleInstance.Document";

#define DOCUMENT_CHARS 260

static int HandOver(const WCHAR *pszDocument)
{
    HANDLE hDocument = OpenFileMapping(FILE_MAP_WRITE, FALSE, c_szDocument);
    HANDLE hOpen = OpenEvent(EVENT_MODIFY_STATE, FALSE, c_szOpen);
    HANDLE hTaken = OpenEvent(SYNCHRONIZE, FALSE, c_szTaken);
    WCHAR *pszShared;

    if (!hDocument || !hOpen || !hTaken)
        return 2;
    pszShared = (WCHAR *)MapViewOfFile(hDocument, FILE_MAP_WRITE, 0, 0, 0);
    if (!pszShared)
        return 3;
    wcsncpy(pszShared, pszDocument, DOCUMENT_CHARS - 1);
    SetEvent(hOpen);
    if (WaitForSingleObject(hTaken, 10000) != WAIT_OBJECT_0)
        return 4;
    return 10; /* handed over */
}

static HANDLE StartAgain(const WCHAR *pszDocument)
{
    WCHAR szExe[MAX_PATH], szCommand[2 * MAX_PATH];
    STARTUPINFO si;
    PROCESS_INFORMATION pi;

    GetModuleFileName(NULL, szExe, MAX_PATH);
    swprintf(szCommand, 2 * MAX_PATH, L"\"%ls\" \"%ls\"", szExe, pszDocument);
    ZeroMemory(&si, sizeof(si));
    si.cb = sizeof(si);
    if (!CreateProcess(szExe, szCommand, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        wprintf(L"CreateProcess failed: %d\n", (int)GetLastError());
        return NULL;
    }
    CloseHandle(pi.hThread);
    return pi.hProcess;
}

int wmain(int argc, wchar_t **argv)
{
    static const WCHAR *const apszDocuments[] = {L"letter.txt", L"Two words.txt"};
    HANDLE hMutex, hOpen, hTaken, hDocument, hSecond;
    const WCHAR *pszShared;
    DWORD dwExit;
    int i;

    hMutex = CreateMutex(NULL, TRUE, c_szMutex);
    if (!hMutex)
        return 1;
    if (GetLastError() == ERROR_ALREADY_EXISTS)
        return HandOver(argc > 1 ? argv[1] : L"");

    wprintf(L"This is the first instance.\n");
    hOpen = CreateEvent(NULL, FALSE, FALSE, c_szOpen);
    hTaken = CreateEvent(NULL, FALSE, FALSE, c_szTaken);
    hDocument = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, DOCUMENT_CHARS * sizeof(WCHAR),
                                  c_szDocument);
    pszShared = (const WCHAR *)MapViewOfFile(hDocument, FILE_MAP_READ, 0, 0, 0);
    if (!hOpen || !hTaken || !hDocument || !pszShared) {
        wprintf(L"Cannot start: %d\n", (int)GetLastError());
        return 1;
    }

    for (i = 0; i < (int)_countof(apszDocuments); i++) {
        hSecond = StartAgain(apszDocuments[i]);
        if (!hSecond || WaitForSingleObject(hOpen, 10000) != WAIT_OBJECT_0)
            return 1;
        wprintf(L"Asked to open \"%ls\" (%d characters).\n", pszShared, (int)wcslen(pszShared));
        SetEvent(hTaken);
        WaitForSingleObject(hSecond, INFINITE);
        GetExitCodeProcess(hSecond, &dwExit);
        wprintf(L"The other instance ended with %d.\n", (int)dwExit);
        CloseHandle(hSecond);
    }
    UnmapViewOfFile(pszShared);
    CloseHandle(hDocument);
    CloseHandle(hTaken);
    CloseHandle(hOpen);
    ReleaseMutex(hMutex);
    CloseHandle(hMutex);
    return 0;
}
