/*
 * A game's side of positional audio: a plug-in reads where the player is from a
 * section whose layout has been the same for years, wide strings included. Keys
 * end the loop; so does the number of frames.
 *
 * Start it without arguments; it starts its own plug-in.
 */
#include <windows.h>
#include <conio.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

struct LinkedMem {
    uint32_t uiVersion;
    uint32_t uiTick;
    float fAvatarPosition[3];
    float fAvatarFront[3];
    float fAvatarTop[3];
    wchar_t name[256];
    float fCameraPosition[3];
    float fCameraFront[3];
    float fCameraTop[3];
    wchar_t identity[256];
    uint32_t context_len;
    unsigned char context[256];
    wchar_t description[2048];
};

static LinkedMem *lm = NULL;

static HANDLE hStep, hSeen;

static bool initLink(bool plugin)
{
    HANDLE hMapObject = plugin ? CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(LinkedMem),
                                                    L"SamplePositionalLink")
                               : OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, L"SamplePositionalLink");
    if (hMapObject == NULL)
        return false;
    lm = (LinkedMem *)MapViewOfFile(hMapObject, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(LinkedMem));
    if (lm == NULL) {
        CloseHandle(hMapObject);
        return false;
    }
    return true;
}

/* Waits for each frame and answers with what it has understood. */
static int plugin()
{
    if (!initLink(true) || !SetEvent(hSeen))
        return 1;
    while (WaitForSingleObject(hStep, 10000) == WAIT_OBJECT_0) {
        if (lm->uiVersion == 0)
            return 0;
        if (lm->uiVersion != 2 || wcscmp(lm->name, L"TestLink") != 0)
            return 2;
        memcpy(lm->fCameraPosition, lm->fAvatarPosition, sizeof(lm->fCameraPosition));
        _snwprintf(lm->identity, 256, L"%ls@%d", lm->name, (int)lm->uiTick);
        SetEvent(hSeen);
    }
    return 3;
}

static void updateLink(int frame)
{
    if (lm->uiVersion != 2) {
        wcsncpy(lm->name, L"TestLink", 256);
        wcsncpy(lm->description, L"TestLink is a test of the Link plugin.", 2048);
        lm->uiVersion = 2;
    }
    lm->uiTick++;

    // Left handed coordinate system; one unit is one metre.
    lm->fAvatarFront[2] = 1.0f;
    lm->fAvatarTop[1] = 1.0f;
    lm->fAvatarPosition[0] = 0.001f * (float)frame;
    lm->fAvatarPosition[1] = 0.5f;
    lm->fAvatarPosition[2] = (float)frame;

    memcpy(lm->context, "ContextBlob\x00\x01\x02\x03\x04", 16);
    lm->context_len = 16;
}

int main(int argc, char **)
{
    STARTUPINFOW si;
    PROCESS_INFORMATION pi;
    WCHAR szExe[MAX_PATH], szCmd[MAX_PATH + 16];
    DWORD code = 0;
    int frame;

    hStep = CreateEventW(NULL, FALSE, FALSE, L"SamplePositionalStep");
    hSeen = CreateEventW(NULL, FALSE, FALSE, L"SamplePositionalSeen");
    if (argc > 1)
        return plugin();

    if (!initLink(false))
        printf("the plug-in is not running (%d)\n", (int)GetLastError());
    GetModuleFileNameW(NULL, szExe, MAX_PATH);
    wcscpy(szCmd, L"\"");
    wcscat(szCmd, szExe);
    wcscat(szCmd, L"\" plugin");
    memset(&si, 0, sizeof(si));
    si.cb = sizeof(si);
    if (!CreateProcessW(NULL, szCmd, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        printf("CreateProcess: %d\n", (int)GetLastError());
        return 1;
    }
    WaitForSingleObject(hSeen, 10000);
    if (!initLink(false))
        return 1;
    for (frame = 1; frame <= 3 && !_kbhit(); frame++) {
        updateLink(frame);
        SetEvent(hStep);
        WaitForSingleObject(hSeen, 10000);
        printf("frame %d: plug-in is at (%.3f, %.3f, %.3f), identity %ls\n", frame, lm->fCameraPosition[0],
               lm->fCameraPosition[1], lm->fCameraPosition[2], lm->identity);
    }
    printf("%ls %d bytes of context\n", lm->description, (int)lm->context_len);
    lm->uiVersion = 0;
    SetEvent(hStep);
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &code);
    printf("plug-in ended with %d\n", (int)code);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    UnmapViewOfFile(lm);
    return (int)code;
}
