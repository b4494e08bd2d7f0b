// The whole C++ library before Windows' headers; run.sh also builds it with -D_WIN32.
#include <bits/stdc++.h>
#include <windows.h>
#include <tchar.h>

int main()
{
    std::vector<TCHAR> name(MAX_PATH);
    _stprintf_s(name.data(), name.size(), _T("%s-%d"), _T("Object"), std::max(1, 2));
    std::cout << _tcslen(name.data()) << std::endl;
    return 0;
}
