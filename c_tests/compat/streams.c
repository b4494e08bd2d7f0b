/* Copies its input line by line and then by character: bytes come out as they went in. */
#include <tchar.h>
#include "check.h"

int _tmain(int argc, TCHAR **argv)
{
    TCHAR line[16]; /* shorter than some lines */
    int i;

    FILE *file = _tfopen(argv[argc - 1], _T("r"));
    if (!file) {
        fputs("_tfopen failed\n", stderr);
        return 1;
    }
    for (i = 0; i < 3 && _fgetts(line, (int)_countof(line), file); i++)
        _fputts(line, stdout);
    for (;;) {
        _TINT character = _fgettc(file);

        if (character == _TEOF)
            break;
        _puttc((TCHAR)character, stdout);
    }
    CHECK(_fgetts(line, (int)_countof(line), file) == NULL);
    fclose(file);
    return check_failures != 0;
}
