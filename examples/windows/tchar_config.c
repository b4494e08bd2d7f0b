/*
 * Settings in shared memory as text, "key=value" lines, written and parsed with
 * the functions of tchar.h; the same source is an ANSI and a UNICODE program.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIG_CHARS 1024

static LPTSTR g_pszConfig;

static BOOL GetSetting(LPCTSTR pszKey, LPTSTR pszValue, size_t cchValue)
{
    TCHAR szCopy[CONFIG_CHARS];
    LPTSTR pszLine, pszNext = NULL;

    _tcscpy_s(szCopy, CONFIG_CHARS, g_pszConfig);
    for (pszLine = _tcstok_s(szCopy, _T("\r\n"), &pszNext); pszLine != NULL;
         pszLine = _tcstok_s(NULL, _T("\r\n"), &pszNext)) {
        LPTSTR pszEquals = _tcschr(pszLine, _T('='));

        if (pszEquals == NULL)
            continue;
        *pszEquals = _T('\0');
        if (_tcsicmp(pszLine, pszKey) == 0) {
            _tcsncpy_s(pszValue, cchValue, pszEquals + 1, _TRUNCATE);
            return TRUE;
        }
    }
    SetLastError(ERROR_NOT_FOUND);
    return FALSE;
}

static int GetSettingInt(LPCTSTR pszKey, int nDefault)
{
    TCHAR szValue[64];
    return GetSetting(pszKey, szValue, _countof(szValue)) ? _ttoi(szValue) : nDefault;
}

static BOOL AddSetting(LPCTSTR pszKey, LPCTSTR pszFormat, ...)
{
    TCHAR szLine[128];
    size_t cch;
    va_list args;

    _stprintf_s(szLine, _countof(szLine), _T("%s="), pszKey);
    cch = _tcslen(szLine);
    va_start(args, pszFormat);
    _vsntprintf_s(szLine + cch, _countof(szLine) - cch, _TRUNCATE, pszFormat, args);
    va_end(args);
    if (_tcslen(g_pszConfig) + _tcslen(szLine) + 3 > CONFIG_CHARS) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    _tcscat_s(g_pszConfig, CONFIG_CHARS, szLine);
    _tcscat_s(g_pszConfig, CONFIG_CHARS, _T("\r\n"));
    return TRUE;
}

int _tmain(int argc, _TCHAR *argv[])
{
    static const LPCTSTR apszKeys[] = {_T("TITLE"), _T("Ratio"), _T("Path"), _T("empty"), _T("none")};
    TCHAR szValue[32];
    HANDLE hMap, hAgain;
    int i;

    UNREFERENCED_PARAMETER(argv);
    hMap = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, CONFIG_CHARS * sizeof(TCHAR),
                             _T("Local\\SampleConfig: Caf\u00e9 #1"));
    if (hMap == NULL)
        return 1;
    g_pszConfig = (LPTSTR)MapViewOfFile(hMap, FILE_MAP_WRITE, 0, 0, 0);
    if (g_pszConfig == NULL)
        return 1;

    AddSetting(_T("Title"), _T("%s, version %d.%d"), _T("Sample"), 3, 11);
    AddSetting(_T("Width"), _T("%d"), 1280 + argc - 1);
    AddSetting(_T("Mask"), _T("0x%08X"), 0xBEEFu);
    AddSetting(_T("Ratio"), _T("%.3f"), 16.0 / 9.0);
    AddSetting(_T("Path"), _T("C:\\%s\\%c%c%c"), _T("Program Files"), _T('a'), _T('b'), _T('c'));
    AddSetting(_T("Empty"), _T(""));

    /* Another handle of that name sees the same text. */
    hAgain = OpenFileMapping(FILE_MAP_READ, FALSE, _T("SampleConfig: Caf\u00e9 #1"));
    UnmapViewOfFile(g_pszConfig);
    CloseHandle(hMap);
    g_pszConfig = (LPTSTR)MapViewOfFile(hAgain, FILE_MAP_READ, 0, 0, 0);
    if (g_pszConfig == NULL) {
        _tprintf(_T("not found: %d\n"), (int)GetLastError());
        return 1;
    }
    _tprintf(_T("%d characters of settings\n"), (int)_tcslen(g_pszConfig));
    for (i = 0; i < (int)_countof(apszKeys); i++) {
        if (GetSetting(apszKeys[i], szValue, _countof(szValue)))
            _tprintf(_T("%-6s is [%s]\n"), apszKeys[i], szValue);
        else
            _tprintf(_T("%-6s is not there, error %d\n"), apszKeys[i], (int)GetLastError());
    }
    _tprintf(_T("width %d, height %d\n"), GetSettingInt(_T("width"), -1), GetSettingInt(_T("height"), 720));
    GetSetting(_T("mask"), szValue, _countof(szValue));
    _tprintf(_T("mask %lX\n"), _tcstoul(szValue, NULL, 0));
    GetSetting(_T("Path"), szValue, _countof(szValue));
    _tprintf(_T("the path's last part is %s\n"), _tcsrchr(szValue, _T('\\')) + 1);
    UnmapViewOfFile(g_pszConfig);
    CloseHandle(hAgain);
    return 0;
}
