/*
 * tchar.h - one source for char and for wide strings: _T("...") and a _t name
 * for each function of the C library that takes strings. UNICODE (or _UNICODE)
 * chooses the wide ones.
 *
 * Wide text mixes with printf; %s in a wide format is a wide string.
 *
 * On Linux: wide text is printed as UTF-8. With UNICODE it needs a wchar_t of 32
 * bits.
 */
#ifndef WINSHM_COMPAT_TCHAR_H
#define WINSHM_COMPAT_TCHAR_H

#include <windows.h>

#include <stdio.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#if defined(UNICODE) && (defined(WINSHM_CHAR16) || __SIZEOF_WCHAR_T__ != 4)
#error "tchar.h with UNICODE needs a 32-bit wchar_t as WCHAR: the C library has no functions for 16-bit strings. Build without -fshort-wchar and WINSHM_CHAR16, or without UNICODE."
#endif

#define _T(quote) TEXT(quote)
#define _TEXT(quote) TEXT(quote)
#define _TCHAR TCHAR

#ifdef UNICODE

/* Where the program begins. */
#define _tmain wmain

/* Formatted output. */
#define _tprintf wprintf
#define _ftprintf fwprintf
#define _vtprintf vwprintf
#define _vftprintf vfwprintf
#define _stprintf _swprintf
#define _vstprintf _vswprintf
#define _stprintf_s swprintf_s
#define _vstprintf_s vswprintf_s
#define _sntprintf _snwprintf
#define _vsntprintf _vsnwprintf
#define _sntprintf_s _snwprintf_s
#define _vsntprintf_s _vsnwprintf_s
#define _sctprintf _scwprintf
#define _vsctprintf _vscwprintf

/* Streams. */
#define _tfopen _wfopen
#define _tfopen_s _wfopen_s
#define _fgettc fgetwc
#define _gettc getwc
#define _gettchar getwchar
#define _fgetts fgetws
#define _fputtc fputwc
#define _puttc putwc
#define _puttchar putwchar
#define _fputts fputws
#define _putts _putws
#define _TINT wint_t
#define _TEOF WEOF

/* Strings. */
#define _tcslen wcslen
#define _tcsnlen wcsnlen_s
#define _tcscpy wcscpy
#define _tcscpy_s wcscpy_s
#define _tcsncpy wcsncpy
#define _tcsncpy_s wcsncpy_s
#define _tcscat wcscat
#define _tcscat_s wcscat_s
#define _tcsncat wcsncat
#define _tcsncat_s wcsncat_s
#define _tcsdup _wcsdup
#define _tcscmp wcscmp
#define _tcsncmp wcsncmp
#define _tcsicmp _wcsicmp
#define _tcsnicmp _wcsnicmp
#define _tcscoll wcscoll
#define _tcschr wcschr
#define _tcsrchr wcsrchr
#define _tcsstr wcsstr
#define _tcspbrk wcspbrk
#define _tcsspn wcsspn
#define _tcscspn wcscspn
#define _tcstok_s wcstok_s
#define _tcsftime wcsftime

/* Numbers. */
#define _tcstol wcstol
#define _tcstoul wcstoul
#define _tcstoi64 wcstoll
#define _tcstoui64 wcstoull
#define _tcstod wcstod
#define _tstoi _wtoi
#define _tstol _wtol
#define _tstoi64 _wtoi64
#define _tstof _wtof
#define _ttoi _wtoi
#define _ttol _wtol
#define _ttoi64 _wtoi64
#define _ttof _wtof

/* Characters. */
#define _istalnum iswalnum
#define _istalpha iswalpha
#define _istcntrl iswcntrl
#define _istdigit iswdigit
#define _istgraph iswgraph
#define _istlower iswlower
#define _istprint iswprint
#define _istpunct iswpunct
#define _istspace iswspace
#define _istupper iswupper
#define _istxdigit iswxdigit
#define _totlower towlower
#define _totupper towupper

#else

/* Where the program begins. */
#define _tmain main

/* Formatted output. */
#define _tprintf printf
#define _ftprintf fprintf
#define _vtprintf vprintf
#define _vftprintf vfprintf
#define _stprintf sprintf
#define _vstprintf vsprintf
#define _stprintf_s sprintf_s
#define _vstprintf_s vsprintf_s
#define _sntprintf _snprintf
#define _vsntprintf _vsnprintf
#define _sntprintf_s _snprintf_s
#define _vsntprintf_s _vsnprintf_s
#define _sctprintf _scprintf
#define _vsctprintf _vscprintf

/* Streams. */
#define _tfopen fopen
#define _tfopen_s fopen_s
#define _fgettc fgetc
#define _gettc getc
#define _gettchar getchar
#define _fgetts fgets
#define _fputtc fputc
#define _puttc putc
#define _puttchar putchar
#define _fputts fputs
#define _putts puts
#define _TINT int
#define _TEOF EOF

/* Strings. */
#define _tcslen strlen
#define _tcsnlen strnlen_s
#define _tcscpy strcpy
#define _tcscpy_s strcpy_s
#define _tcsncpy strncpy
#define _tcsncpy_s strncpy_s
#define _tcscat strcat
#define _tcscat_s strcat_s
#define _tcsncat strncat
#define _tcsncat_s strncat_s
#define _tcsdup _strdup
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcsicmp _stricmp
#define _tcsnicmp _strnicmp
#define _tcscoll strcoll
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcspbrk strpbrk
#define _tcsspn strspn
#define _tcscspn strcspn
#define _tcstok_s strtok_s
#define _tcsftime strftime

/* Numbers. */
#define _tcstol strtol
#define _tcstoul strtoul
#define _tcstoi64 strtoll
#define _tcstoui64 strtoull
#define _tcstod strtod
#define _tstoi atoi
#define _tstol atol
#define _tstoi64 atoll
#define _tstof atof
#define _ttoi atoi
#define _ttol atol
#define _ttoi64 atoll
#define _ttof atof

/* Characters. */
#define _istalnum isalnum
#define _istalpha isalpha
#define _istcntrl iscntrl
#define _istdigit isdigit
#define _istgraph isgraph
#define _istlower islower
#define _istprint isprint
#define _istpunct ispunct
#define _istspace isspace
#define _istupper isupper
#define _istxdigit isxdigit
#define _totlower tolower
#define _totupper toupper

#endif

#endif /* WINSHM_COMPAT_TCHAR_H */
