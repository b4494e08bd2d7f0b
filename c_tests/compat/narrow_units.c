/* windows.h where WCHAR has 16 bits: WINSHM_CHAR16 or -fshort-wchar. Only compiled. */
#include <windows.h>

#ifdef WINSHM_CHAR16
#define WIDE(text) u##text
#else
#define WIDE(text) L##text
#endif

HANDLE open_section(void);

HANDLE open_section(void)
{
    static const WCHAR name[] = WIDE("Local\\Section");
    char text[8];

    sprintf_s(text, sizeof text, "%d", (int)_countof(name));
    return OpenFileMappingW(FILE_MAP_READ, FALSE, name);
}
