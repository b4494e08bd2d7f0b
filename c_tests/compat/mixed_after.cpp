// The whole C++ library after Windows' headers; run.sh also builds it with -D_WIN32.
#include <Windows.h>
#include <tchar.h>
#include <bits/stdc++.h>

int _tmain(int argc, const TCHAR *argv[])
{
    std::basic_string<TCHAR> first = argc > 1 ? argv[1] : _T("no");
    std::cout << first.size() << std::endl;
    return 0;
}
