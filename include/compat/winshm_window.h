/*
 * winshm_window.h - what a program without windows calls of winuser.h: it shows a
 * message, and tells other programs' windows of something.
 *
 * On Linux: there are no windows. MessageBox writes to the standard error output and
 * answers for a user who refuses: IDOK if it is the only button, else IDCANCEL, IDNO
 * or IDABORT. Messages cannot be sent: these functions fail, with
 * ERROR_CALL_NOT_IMPLEMENTED.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_WINDOW_H
#define WINSHM_WINDOW_H

#include <stdio.h>
#include <stdlib.h>

#include <winshm_types.h>
#include <winshm_utf8.h>

#ifndef ERROR_CALL_NOT_IMPLEMENTED
/** The function is there, but not what it needs. */
#define ERROR_CALL_NOT_IMPLEMENTED 120u
#endif

#define HWND_BROADCAST ((HWND)(LONG_PTR)0xffff)

/* The buttons of a message; icons and the like are accepted. */
#define MB_OK 0x00000000u
#define MB_OKCANCEL 0x00000001u
#define MB_ABORTRETRYIGNORE 0x00000002u
#define MB_YESNOCANCEL 0x00000003u
#define MB_YESNO 0x00000004u
#define MB_RETRYCANCEL 0x00000005u
#define MB_CANCELTRYCONTINUE 0x00000006u
#define MB_TYPEMASK 0x0000000Fu
#define MB_ICONHAND 0x00000010u
#define MB_ICONQUESTION 0x00000020u
#define MB_ICONEXCLAMATION 0x00000030u
#define MB_ICONASTERISK 0x00000040u
#define MB_ICONSTOP MB_ICONHAND
#define MB_ICONERROR MB_ICONHAND
#define MB_ICONWARNING MB_ICONEXCLAMATION
#define MB_ICONINFORMATION MB_ICONASTERISK
#define MB_DEFBUTTON1 0x00000000u
#define MB_DEFBUTTON2 0x00000100u
#define MB_DEFBUTTON3 0x00000200u
#define MB_SYSTEMMODAL 0x00001000u
#define MB_TASKMODAL 0x00002000u
#define MB_SETFOREGROUND 0x00010000u
#define MB_TOPMOST 0x00040000u
#define MB_SERVICE_NOTIFICATION 0x00200000u

#define IDOK 1
#define IDCANCEL 2
#define IDABORT 3
#define IDRETRY 4
#define IDIGNORE 5
#define IDYES 6
#define IDNO 7

/** The button that a user who refuses would press. */
static inline int winshm_message_answer(UINT type)
{
    switch (type & MB_TYPEMASK) {
    case MB_OK:
        return IDOK;
    case MB_ABORTRETRYIGNORE:
        return IDABORT;
    case MB_YESNO:
        return IDNO;
    default:
        return IDCANCEL;
    }
}

/** Writes "caption: text" to the standard error output. */
static inline int MessageBoxA(HWND owner, LPCSTR text, LPCSTR caption, UINT type)
{
    (void)owner;
    fprintf(stderr, "%s: %s\n", caption ? caption : "Error", text ? text : "");
    return winshm_message_answer(type);
}

/** Converts to UTF-8; frees with free. NULL without memory. */
static inline char *winshm_narrow(LPCWSTR text)
{
    size_t count = 0, size = 0, i;
    char *bytes;

    while (text[count] != 0)
        count++;
    bytes = (char *)malloc(count * WINSHM_UTF8_MOST + 1);
    for (i = 0; bytes && i < count; i++) {
        uint32_t value = (uint32_t)text[i];

        if (sizeof(WCHAR) == 2 && value >> 10 == 0x36 && (uint32_t)text[i + 1] >> 10 == 0x37)
            value = 0x10000 + ((value & 0x3ff) << 10 | ((uint32_t)text[++i] & 0x3ff));
        size += winshm_utf8_encode(value, bytes + size);
    }
    if (bytes)
        bytes[size] = '\0';
    return bytes;
}

static inline int MessageBoxW(HWND owner, LPCWSTR text, LPCWSTR caption, UINT type)
{
    char *const narrow_text = text ? winshm_narrow(text) : NULL;
    char *const narrow_caption = caption ? winshm_narrow(caption) : NULL;
    const int answer = MessageBoxA(owner, narrow_text, narrow_caption, type);

    free(narrow_caption);
    free(narrow_text);
    return answer;
}

static inline BOOL winshm_no_windows(VOID)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return FALSE;
}

/** Fails: 0, which is no message. */
static inline UINT RegisterWindowMessageA(LPCSTR name)
{
    (void)name;
    return (UINT)winshm_no_windows();
}

static inline UINT RegisterWindowMessageW(LPCWSTR name)
{
    (void)name;
    return (UINT)winshm_no_windows();
}

/** Fails: nobody is told. */
static inline BOOL SendNotifyMessageA(HWND window, UINT message, WPARAM first, LPARAM second)
{
    (void)window, (void)message, (void)first, (void)second;
    return winshm_no_windows();
}

static inline BOOL SendNotifyMessageW(HWND window, UINT message, WPARAM first, LPARAM second)
{
    return SendNotifyMessageA(window, message, first, second);
}

#ifdef UNICODE
#define MessageBox MessageBoxW
#define RegisterWindowMessage RegisterWindowMessageW
#define SendNotifyMessage SendNotifyMessageW
#else
#define MessageBox MessageBoxA
#define RegisterWindowMessage RegisterWindowMessageA
#define SendNotifyMessage SendNotifyMessageA
#endif

#endif /* WINSHM_WINDOW_H */
