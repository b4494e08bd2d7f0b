// What only C++ sources do with the words of Microsoft's compiler, and a header inside extern "C".
extern "C" {
#include <windows.h>
#include <tchar.h>
}
#include <algorithm>
#include <iostream>
#include <limits>
#include <string>

class __declspec(dllexport) __declspec(novtable) Channel {
public:
    virtual ~Channel() {}
    virtual __declspec(nothrow) BOOL STDMETHOD(_In_ DWORD size) { return size != 0; }
};

__declspec(thread) static int before_static = 1;
static __declspec(thread) int after_static = 2;

static int overload(const wchar_t *) { return 1; }

int main()
{
    struct Local { int value; } locals[3] = {{1}, {2}, {3}};
    Channel channel;
    wchar_t text[32];

    int (*const chosen)(const wchar_t *) = &overload;
    const bool right = std::min(before_static, after_static) == 1 && std::max(1, 2) == 2
                       && std::numeric_limits<int>::max() == MAXLONG && _countof(locals) == 3 && locals[2].value == 3
                       && channel.STDMETHOD(1) && chosen(L"") == 1;

    // The standard names, also by way of std, have Windows' meaning.
    std::swprintf(text, 32, L"%s", L"wide");
    const bool wide = std::wstring(text) == L"wide" && std::to_wstring(42) == L"42" && std::to_wstring(1.5) == L"1.500000";
    std::wprintf(L"%s %hs\n", text, "narrow");
    std::cout << right << wide << std::endl;
    return 0;
}
