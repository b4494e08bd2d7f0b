/*
 * Microsoft's C library on files, time and memory, and the names of windows.h for
 * functions of C. mingw-w64 builds this file too; it finds the same on Wine.
 */
#include <windows.h>
#include <direct.h>
#include <io.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <malloc.h>
#include <process.h>
#include <share.h>
#include <tchar.h>
#include <stdio.h>
#include <time.h>
#include "check.h"

#ifdef __MINGW32__
/* Lets functions return that would end the program. */
static void go_on(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d, uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
}
#else
DWORD GetLastError(void) { return 0; }
void SetLastError(DWORD error) { (void)error; }
void ExitThread(DWORD code) { exit((int)code); }
#endif

/* Where tests put their files; removed at the end. */
static char folder[64];

static void memory(void)
{
    char text[8] = "1234567";
    void *aligned;

    CHECK(memcpy_s(text, sizeof text, "abc", 4) == 0 && strcmp(text, "abc") == 0);
    CHECK(memcpy_s(text, 3, "abcd", 4) == ERANGE && text[0] == 0 && text[1] == 0 && text[2] == 0);
    CHECK(memcpy_s(text, sizeof text, NULL, 1) == EINVAL && memcpy_s(NULL, 8, "a", 1) == EINVAL);
    CHECK(memcpy_s(NULL, 0, NULL, 0) == 0);
    strcpy_s(text, sizeof text, "123456");
    CHECK(memmove_s(text + 1, sizeof text - 1, text, 6) == 0 && memcmp(text, "1123456", 7) == 0);

    aligned = _aligned_malloc(100, 4096);
    CHECK(aligned && (ULONG_PTR)aligned % 4096 == 0);
    _aligned_free(aligned);
    aligned = _aligned_malloc(1, 1);
    CHECK(aligned);
    _aligned_free(aligned);
    CHECK(_aligned_malloc(1, 24) == NULL && errno == EINVAL);
    CHECK(memset(_alloca(16), 1, 16) != NULL);
}

static void strings(void)
{
    char text[8];
    char *copy = _strdup("copy");

    CHECK(copy && strcmp(copy, "copy") == 0 && _strdup(NULL) == NULL);
    free(copy);
    CHECK(stricmp("Ab", "aB") == 0 && strnicmp("abX", "ABy", 2) == 0);
#ifndef __MINGW32__ /* as Microsoft documents it; Wine 8.0 differs */
    errno = 0;
    CHECK(_stricmp(NULL, "a") == INT_MAX && errno == EINVAL);
#endif
    CHECK(strncpy_s(text, sizeof text, "abc", 8) == 0 && strcmp(text, "abc") == 0);
    CHECK(strncpy_s(text, 3, "abc", 3) == ERANGE && text[0] == 0);
    CHECK(strncat_s(text, sizeof text, "abc", 2) == 0 && strcmp(text, "ab") == 0);
    CHECK(strncat_s(text, sizeof text, "cdefghij", _TRUNCATE) == STRUNCATE && strcmp(text, "abcdefg") == 0);
    CHECK(strcpy_s(text, 3, "ab") == 0 && strlen(text) == 2);
    CHECK(_snprintf_s(text, sizeof text, _TRUNCATE, "%d", 123456789) == -1 && strcmp(text, "1234567") == 0);
    CHECK(strerror_s(text, sizeof text, ENOENT) == 0 && strlen(text) == 7);
}

static void numbers(void)
{
    char *end;

    CHECK(_strtoi64("-0x7fffffffffffffff!", &end, 16) == -LLONG_MAX && *end == '!');
    CHECK(_strtoui64("18446744073709551615", NULL, 10) == ULLONG_MAX);
    CHECK(_strtoui64("ffffffff0", &end, 16) == 0xffffffff0ull && *end == 0);
    CHECK(_atoi64(" 8589934592 bytes") == 8589934592ll && _atoi64("none") == 0);
}

static void lstr(void)
{
    char text[8] = "######";
    WCHAR wide[8];

    CHECK(lstrlenA("abc") == 3 && lstrlenA(NULL) == 0);
    CHECK(lstrcpyA(text, "abc") == text && lstrcatA(text, "de") == text && strcmp(text, "abcde") == 0);
    CHECK(lstrcpynA(text, "xyz", 3) == text && strcmp(text, "xy") == 0);
    CHECK(lstrcmpA("abc", "abd") < 0 && lstrcmpA("b", "a") > 0 && lstrcmpA("", "") == 0);
    CHECK(lstrcmpiA("ABC", "abc") == 0 && lstrcmpiA("abc", "ABD") < 0);
    CHECK(lstrcmpA(NULL, "") < 0 && lstrcmpA("", NULL) > 0 && lstrcmpA(NULL, NULL) == 0);
    CHECK(lstrlenW(L"abcd") == 4 && lstrlenW(NULL) == 0);
    CHECK(lstrcpyW(wide, L"abc") == wide && lstrcatW(wide, L"d") == wide && lstrcmpW(wide, L"abcd") == 0);
    CHECK(lstrcpynW(wide, L"xyz", 3) == wide && lstrcmpiW(wide, L"XY") == 0 && lstrcmpiW(L"a", L"B") < 0);
}

static void formats(void)
{
    static char text[2000], longer[2000];
    static WCHAR wide[2000];

    CHECK(wsprintfA(text, "%s %d %08lX", "a", -5, 0xABul) == 13 && strcmp(text, "a -5 000000AB") == 0);
    memset(longer, 'x', sizeof longer - 1);
    wsprintfA(text, "%s", longer);
    CHECK(strlen(text) == 1023);
    CHECK(wsprintfW(wide, L"%s-%d", L"wide", 7) == 6 && lstrcmpW(wide, L"wide-7") == 0);
}

static void times(void)
{
    const time_t second = 86400 * 365;
    const time_t before = -1;
    struct tm time;

    CHECK(gmtime_s(&time, &second) == 0 && time.tm_year == 71 && time.tm_mon == 0 && time.tm_mday == 1);
    CHECK(localtime_s(&time, &second) == 0 && (time.tm_year == 71 || time.tm_year == 70));
    CHECK(localtime_s(&time, &before) == EINVAL && time.tm_sec == -1 && time.tm_year == -1);
    CHECK(localtime_s(&time, NULL) == EINVAL && time.tm_mday == -1);
    CHECK(localtime_s(NULL, &second) == EINVAL);
}

static void files(void)
{
    char path[96], bytes[8], here[512];
    FILE *stream, *missing = stdin;
    int file;

    CHECK(_getcwd(here, sizeof here) == here && _getcwd(here, 1) == NULL && errno == ERANGE);
    sprintf_s(folder, sizeof folder, "winshm-crt-%d", _getpid());
    CHECK(_mkdir(folder) == 0 && _mkdir(folder) == -1 && errno == EEXIST);
    sprintf_s(path, sizeof path, "%s/file", folder);
    CHECK(_access(path, 0) == -1 && errno == ENOENT && _access_s(path, 0) == ENOENT);

    stream = (FILE *)path;
    CHECK(fopen_s(&stream, path, "rb") == ENOENT && stream == NULL);
    CHECK(fopen_s(NULL, path, "rb") == EINVAL);
    CHECK(fopen_s(&stream, path, "wb") == 0 && stream);
    CHECK(_fileno(stream) > 2 && _isatty(_fileno(stream)) == 0);
    fputs("line\n", stream);
    CHECK(_tfopen_s(&missing, _T("winshm-crt-missing"), _T("r")) == ENOENT && missing == NULL);
    CHECK(_tfopen_s(&missing, NULL, _T("r")) == EINVAL && _tfopen_s(NULL, _T("a"), _T("r")) == EINVAL);
    fclose(stream);
    CHECK(_access(path, 0) == 0 && _access(path, 6) == 0 && _access_s(path, 4) == 0);

    file = _open(path, _O_RDWR | _O_BINARY);
    CHECK(file >= 0 && _filelength(file) == 5 && _filelengthi64(file) == 5);
    CHECK(_read(file, bytes, sizeof bytes) == 5 && memcmp(bytes, "line\n", 5) == 0);
    CHECK(_lseek(file, 1, SEEK_SET) == 1 && _lseeki64(file, 0, SEEK_END) == 5);
    CHECK(_write(file, "more", 4) == 4 && _filelength(file) == 9);
    CHECK(_setmode(file, _O_BINARY) == _O_BINARY && _setmode(file, 12345) == -1 && errno == EINVAL);
    CHECK(_close(file) == 0 && _close(file) == -1 && errno == EBADF);
    CHECK(_unlink(path) == 0 && _open(path, _O_RDONLY) == -1 && errno == ENOENT);

    file = _open(path, _O_CREAT | _O_EXCL | _O_WRONLY, _S_IREAD | _S_IWRITE);
    CHECK(file >= 0 && _close(file) == 0);
    CHECK(_sopen_s(&file, path, _O_RDONLY, _SH_DENYNO, 0) == 0 && file >= 0 && _close(file) == 0);
    stream = _fsopen(path, "r", _SH_DENYNO);
    CHECK(stream);
    fclose(stream);
#ifndef __MINGW32__
    CHECK(_fsopen(path, "r", _SH_DENYRW) == NULL && errno == EINVAL);
    CHECK(_sopen_s(&file, path, _O_RDONLY, _SH_DENYWR, 0) == EINVAL && file == -1);
#endif
    CHECK(_rmdir(folder) == -1 && _unlink(path) == 0);
    CHECK(_chdir(folder) == 0 && _chdir("..") == 0 && _rmdir(folder) == 0);
}

int main(void)
{
#ifdef __MINGW32__
    _set_invalid_parameter_handler(go_on);
#endif
    memory();
    strings();
    numbers();
    lstr();
    formats();
    times();
    files();
    return check_failures != 0;
}
