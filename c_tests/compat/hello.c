/* A TCHAR program as the Windows tutorials have it: _tmain, _tprintf, _T. */
#include <windows.h>
#include <stdio.h>
#include <tchar.h>

#define BUF_SIZE 256
TCHAR szName[] = TEXT("Local\\MyFileMappingObject");
TCHAR szMsg[] = _T("Message from first process.");

int _tmain(int argc, TCHAR *argv[])
{
    TCHAR szLine[BUF_SIZE];
    int i;

    _tprintf(TEXT("Name %s, %d characters\n"), szName, (int)_tcslen(szName));
    printf("printf mixes: %s\n", "yes");
    _tprintf(TEXT("[%-30s] [%10s] [%.4s]\n"), szMsg, _T("right"), szMsg);
    for (i = 1; i < argc; i++)
        _tprintf(_T("argument %d = %s\n"), i, argv[i]);
    _stprintf_s(szLine, BUF_SIZE, _T("%s|%c|%5.2f|%x"), szName, _T('c'), 2.5, 255u);
    _putts(szLine);
    _ftprintf(stdout, _TEXT("%s\n"), _tcschr(szLine, _T('|')));
    _fputts(_T("by character: "), stdout);
    _puttchar(_T('x'));
    _puttchar(_T('\n'));
    return argv[argc] == NULL ? 0 : 1;
}
