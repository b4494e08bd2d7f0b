/*
 * Remote procedure calls without a pipe: arguments and results are in a section,
 * one event says "call", another one "done". The last error travels back, too.
 *
 * Start it without arguments; it starts its own server.
 */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>

#define RPC_BUFFER 512

typedef enum { RPC_UPPER, RPC_REVERSE, RPC_ENVIRONMENT, RPC_SHUTDOWN } RPC_FUNCTION;

typedef struct _RPC_FRAME {
    DWORD cbSize;
    DWORD dwFunction;
    DWORD dwError;
    DWORD cchText;
    TCHAR szText[RPC_BUFFER];
} RPC_FRAME, *LPRPC_FRAME;

typedef struct _RPC_CHANNEL {
    HANDLE hSection, hCall, hDone;
    LPRPC_FRAME pFrame;
} RPC_CHANNEL;

static BOOL RpcOpen(RPC_CHANNEL *pChannel, LPCTSTR pszName)
{
    TCHAR szName[MAX_PATH];

    _sntprintf_s(szName, MAX_PATH, _TRUNCATE, _T("%s_section"), pszName);
    pChannel->hSection = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(RPC_FRAME), szName);
    _sntprintf_s(szName, MAX_PATH, _TRUNCATE, _T("%s_call"), pszName);
    pChannel->hCall = CreateEvent(NULL, FALSE, FALSE, szName);
    _sntprintf_s(szName, MAX_PATH, _TRUNCATE, _T("%s_done"), pszName);
    pChannel->hDone = CreateEvent(NULL, FALSE, FALSE, szName);
    if (!pChannel->hSection || !pChannel->hCall || !pChannel->hDone)
        return FALSE;
    pChannel->pFrame = (LPRPC_FRAME)MapViewOfFile(pChannel->hSection, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(RPC_FRAME));
    return pChannel->pFrame != NULL;
}

static void RpcClose(RPC_CHANNEL *pChannel)
{
    UnmapViewOfFile(pChannel->pFrame);
    CloseHandle(pChannel->hDone);
    CloseHandle(pChannel->hCall);
    CloseHandle(pChannel->hSection);
}

static BOOL RpcCall(RPC_CHANNEL *pChannel, RPC_FUNCTION function, LPTSTR pszText)
{
    LPRPC_FRAME pFrame = pChannel->pFrame;

    pFrame->cbSize = sizeof(*pFrame);
    pFrame->dwFunction = function;
    pFrame->dwError = ERROR_SUCCESS;
    pFrame->cchText = (DWORD)_tcslen(pszText);
    CopyMemory(pFrame->szText, pszText, (pFrame->cchText + 1) * sizeof(TCHAR));
    if (SignalObjectAndWait(pChannel->hCall, pChannel->hDone, 10000, FALSE) != WAIT_OBJECT_0)
        return FALSE;
    CopyMemory(pszText, pFrame->szText, (pFrame->cchText + 1) * sizeof(TCHAR));
    SetLastError(pFrame->dwError);
    return pFrame->dwError == ERROR_SUCCESS;
}

static int RpcServe(LPCTSTR pszName)
{
    RPC_CHANNEL channel;
    LPRPC_FRAME pFrame;
    BOOL bRun = TRUE;
    DWORD i;

    if (!RpcOpen(&channel, pszName))
        return (int)GetLastError();
    pFrame = channel.pFrame;
    while (bRun && WaitForSingleObject(channel.hCall, 10000) == WAIT_OBJECT_0) {
        if (pFrame->cbSize != sizeof(*pFrame) || pFrame->cchText >= RPC_BUFFER) {
            pFrame->dwError = ERROR_INVALID_PARAMETER;
        } else {
            switch (pFrame->dwFunction) {
            case RPC_UPPER:
                for (i = 0; i < pFrame->cchText; i++)
                    pFrame->szText[i] = (TCHAR)_totupper(pFrame->szText[i]);
                break;
            case RPC_REVERSE:
                for (i = 0; i < pFrame->cchText / 2; i++) {
                    TCHAR ch = pFrame->szText[i];
                    pFrame->szText[i] = pFrame->szText[pFrame->cchText - 1 - i];
                    pFrame->szText[pFrame->cchText - 1 - i] = ch;
                }
                break;
            case RPC_SHUTDOWN:
                bRun = FALSE;
                break;
            default:
                pFrame->dwError = ERROR_CALL_NOT_IMPLEMENTED;
            }
        }
        SetEvent(channel.hDone);
    }
    RpcClose(&channel);
    return bRun ? 1 : 0;
}

int _tmain(int argc, TCHAR *argv[])
{
    RPC_CHANNEL channel;
    TCHAR szText[RPC_BUFFER], szExe[MAX_PATH], szCommand[MAX_PATH + 64];
    STARTUPINFO si = {0};
    PROCESS_INFORMATION pi;
    DWORD dwExit;

    if (argc == 3 && !_tcsicmp(argv[1], _T("/Serve")))
        return RpcServe(argv[2]);

    if (!RpcOpen(&channel, _T("SampleEventRpc"))) {
        _tprintf(_T("no channel: %d\n"), (int)GetLastError());
        return 1;
    }
    GetModuleFileName(NULL, szExe, MAX_PATH);
    _sntprintf_s(szCommand, _countof(szCommand), _TRUNCATE, _T("\"%s\" /serve SampleEventRpc"), szExe);
    si.cb = sizeof(si);
    if (!CreateProcess(szExe, szCommand, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        _tprintf(_T("no server: %d\n"), (int)GetLastError());
        return 1;
    }

    _tcscpy_s(szText, RPC_BUFFER, _T("remote procedure call"));
    if (RpcCall(&channel, RPC_UPPER, szText))
        _tprintf(_T("upper: %s\n"), szText);
    if (RpcCall(&channel, RPC_REVERSE, szText))
        _tprintf(_T("reverse: %s\n"), szText);
    if (!RpcCall(&channel, RPC_ENVIRONMENT, szText))
        _tprintf(_T("environment: error %d\n"), (int)GetLastError());
    if (RpcCall(&channel, RPC_SHUTDOWN, szText))
        _tprintf(_T("shutdown\n"));

    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &dwExit);
    _tprintf(_T("server ended with %d\n"), (int)dwExit);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    RpcClose(&channel);
    return (int)dwExit;
}
