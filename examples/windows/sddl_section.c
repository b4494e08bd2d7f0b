/*
 * Sections with explicit access control: a descriptor from a string, an access
 * control list with an entry for everyone, and an empty list, which lets nobody
 * in by name.
 *
 * Start it without arguments.
 */
#include <windows.h>
#include <sddl.h>
#include <aclapi.h>
#include <stdio.h>
#include <tchar.h>

static void Try(LPCTSTR pszWhat, PSECURITY_DESCRIPTOR pSD)
{
    SECURITY_ATTRIBUTES sa;
    HANDLE hMap, hAgain;
    void *p;

    sa.nLength = sizeof(SECURITY_ATTRIBUTES);
    sa.lpSecurityDescriptor = pSD;
    sa.bInheritHandle = FALSE;
    hMap = CreateFileMapping(INVALID_HANDLE_VALUE, &sa, PAGE_READWRITE, 0, 4096, TEXT("Local\\SampleSddlSection"));
    if (hMap == NULL) {
        _tprintf(TEXT("%s: CreateFileMapping error %d\n"), pszWhat, (int)GetLastError());
        return;
    }
    p = MapViewOfFile(hMap, FILE_MAP_WRITE, 0, 0, 0);
    _tprintf(TEXT("%s: its creator writes: %s, "), pszWhat, p ? TEXT("yes") : TEXT("no"));
    hAgain = OpenFileMapping(FILE_MAP_WRITE, FALSE, TEXT("Local\\SampleSddlSection"));
    if (hAgain != NULL)
        _tprintf(TEXT("opens for writing\n"));
    else
        _tprintf(TEXT("error %d on opening it\n"), (int)GetLastError());
    if (hAgain != NULL)
        CloseHandle(hAgain);
    UnmapViewOfFile(p);
    CloseHandle(hMap);
}

int _tmain(void)
{
    SID_IDENTIFIER_AUTHORITY SIDAuthWorld = {SECURITY_WORLD_SID_AUTHORITY};
    PSECURITY_DESCRIPTOR pSD = NULL;
    SECURITY_DESCRIPTOR sd;
    EXPLICIT_ACCESS ea;
    PSID pEveryoneSID = NULL;
    PACL pACL = NULL;
    ACL aclEmpty;
    DWORD dwRes;

    /* Everyone (WD) may do everything (GA). */
    if (ConvertStringSecurityDescriptorToSecurityDescriptor(TEXT("D:(A;;GA;;;WD)"), SDDL_REVISION_1, &pSD, NULL)) {
        Try(TEXT("a string"), pSD);
        LocalFree(pSD);
    } else {
        _tprintf(TEXT("a string: error %d\n"), (int)GetLastError());
    }
    pSD = NULL;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptor(TEXT("D:(A;;GA;;;"), SDDL_REVISION_1, &pSD, NULL))
        _tprintf(TEXT("half a string is refused: %s\n"), pSD == NULL ? TEXT("yes") : TEXT("no"));

    /* The same by hand. */
    if (!AllocateAndInitializeSid(&SIDAuthWorld, 1, SECURITY_WORLD_RID, 0, 0, 0, 0, 0, 0, 0, &pEveryoneSID)) {
        _tprintf(TEXT("AllocateAndInitializeSid error %d\n"), (int)GetLastError());
        return 1;
    }
    ZeroMemory(&ea, sizeof(EXPLICIT_ACCESS));
    ea.grfAccessPermissions = GENERIC_ALL;
    ea.grfAccessMode = SET_ACCESS;
    ea.grfInheritance = NO_INHERITANCE;
    ea.Trustee.TrusteeForm = TRUSTEE_IS_SID;
    ea.Trustee.TrusteeType = TRUSTEE_IS_WELL_KNOWN_GROUP;
    ea.Trustee.ptstrName = (LPTSTR)pEveryoneSID;
    dwRes = SetEntriesInAcl(1, &ea, NULL, &pACL);
    if (dwRes != ERROR_SUCCESS) {
        _tprintf(TEXT("SetEntriesInAcl error %d\n"), (int)dwRes);
        return 1;
    }
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    if (!SetSecurityDescriptorDacl(&sd, TRUE, pACL, FALSE))
        _tprintf(TEXT("SetSecurityDescriptorDacl error %d\n"), (int)GetLastError());
    Try(TEXT("an entry"), &sd);
    LocalFree(pACL);
    FreeSid(pEveryoneSID);

    /* No list at all, and one without entries, are opposites. */
    SetSecurityDescriptorDacl(&sd, TRUE, NULL, FALSE);
    Try(TEXT("no list"), &sd);
    if (!InitializeAcl(&aclEmpty, sizeof(aclEmpty), ACL_REVISION))
        _tprintf(TEXT("InitializeAcl error %d\n"), (int)GetLastError());
    SetSecurityDescriptorDacl(&sd, TRUE, &aclEmpty, FALSE);
    Try(TEXT("an empty list"), &sd);
    return 0;
}
