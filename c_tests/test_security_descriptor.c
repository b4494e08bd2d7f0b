/*
 * test_security_descriptor.c - identifiers, access control lists and descriptors as bytes: what
 * the functions make of their arguments, which is the same on Windows, and what they refuse.
 */
#include "security.h"

static PSID sid_of(BYTE authority, BYTE count, DWORD first, DWORD second)
{
    SID_IDENTIFIER_AUTHORITY whole = {{0, 0, 0, 0, 0, 0}};
    PSID sid = NULL;

    whole.Value[5] = authority;
    CHECK_QUIET(AllocateAndInitializeSid(&whole, count, first, second, 0, 0, 0, 0, 0, 0, &sid));
    return sid;
}

static void an_identifier_is_what_it_is_made_of(void)
{
    static const BYTE administrators[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
    SID_IDENTIFIER_AUTHORITY world = {SECURITY_WORLD_SID_AUTHORITY};
    BYTE damaged[16] = {2};
    PSID sid = sid_of(5, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS);

    CHECK(memcmp(sid, administrators, sizeof administrators) == 0);
    CHECK_QUIET(GetLengthSid(sid) == sizeof administrators);
    CHECK_QUIET(FreeSid(sid) == NULL);
    sid = sid_of(0, 0, 0, 0);
    CHECK(GetLengthSid(sid) == 8);
    FreeSid(sid);
    CHECK_ERROR(AllocateAndInitializeSid(&world, 9, 0, 0, 0, 0, 0, 0, 0, 0, &sid), ERROR_INVALID_SID);
#ifndef __MINGW32__
    CHECK_ERROR(AllocateAndInitializeSid(&world, 1, 0, 0, 0, 0, 0, 0, 0, 0, NULL), ERROR_NOACCESS);
    CHECK_ERROR(AllocateAndInitializeSid(NULL, 1, 0, 0, 0, 0, 0, 0, 0, 0, &sid), ERROR_NOACCESS);
    CHECK_ERROR(GetLengthSid(damaged), ERROR_INVALID_SID);
    CHECK_ERROR(GetLengthSid(NULL), ERROR_INVALID_SID);
    CHECK(FreeSid(NULL) == NULL);
#else
    (void)damaged;
#endif
}

/* As documented: its own head, and per entry a head and the identifier. */
static void a_list_takes_entries_until_it_is_full(void)
{
    static const BYTE first[] = {0, 0, 20, 0, 0, 0, 0, 0x10, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    DWORD room[7] = {0}, too_small[2];
    ACL *list = (ACL *)room;
    PSID everyone = sid_of(1, 1, SECURITY_WORLD_RID, 0);
    DWORD size = (DWORD)(sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) - sizeof(DWORD)) + GetLengthSid(everyone);

    CHECK(size == sizeof room);
    CHECK_QUIET(InitializeAcl(list, size, ACL_REVISION));
    CHECK(list->AclRevision == 2 && list->AclSize == size && list->AceCount == 0);
    CHECK_QUIET(AddAccessAllowedAce(list, ACL_REVISION, GENERIC_ALL, everyone));
    CHECK(list->AceCount == 1 && list->AclSize == size && memcmp(list + 1, first, sizeof first) == 0);
    CHECK_ERROR(AddAccessAllowedAce(list, ACL_REVISION, GENERIC_ALL, everyone), ERROR_ALLOTTED_SPACE_EXCEEDED);
    CHECK(list->AceCount == 1 && memcmp(list + 1, first, sizeof first) == 0);

    CHECK_QUIET(InitializeAcl(list, size, ACL_REVISION));
    CHECK_QUIET(AddAccessAllowedAce(list, ACL_REVISION_DS, 1, everyone));
    CHECK(list->AclRevision == ACL_REVISION_DS);
    CHECK(InitializeAcl((ACL *)too_small, sizeof too_small, ACL_REVISION));
    CHECK_ERROR(AddAccessAllowedAce((ACL *)too_small, ACL_REVISION, 1, everyone), ERROR_ALLOTTED_SPACE_EXCEEDED);
    FreeSid(everyone);
}

static void damaged_lists_are_refused(void)
{
    DWORD room[40] = {0};
    BYTE damaged[16] = {0};
    ACL *list = (ACL *)room;
    PSID everyone = sid_of(1, 1, SECURITY_WORLD_RID, 0);

    CHECK_ERROR(InitializeAcl(list, 7, ACL_REVISION), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(InitializeAcl(list, 0x10000, ACL_REVISION), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(InitializeAcl(list, sizeof room, 1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(InitializeAcl(list, sizeof room, 5), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(AddAccessAllowedAce((ACL *)damaged, ACL_REVISION, 1, everyone), ERROR_INVALID_ACL);
    CHECK(InitializeAcl(list, sizeof room, ACL_REVISION));
    CHECK_ERROR(AddAccessAllowedAce(list, ACL_REVISION, 1, damaged), ERROR_INVALID_SID);
    CHECK_ERROR(AddAccessAllowedAce(list, 5, 1, everyone), ERROR_REVISION_MISMATCH);
    /* It counts an entry that it has no bytes of. */
    list->AceCount = 1;
    CHECK(ON_WINE(1) || !AddAccessAllowedAce(list, ACL_REVISION, 1, everyone));
    FreeSid(everyone);
}

static void a_descriptor_says_what_is_set(void)
{
    SECURITY_DESCRIPTOR descriptor;
    ACL list;

    memset(&descriptor, 0xAA, sizeof descriptor);
    CHECK_QUIET(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION));
    CHECK(descriptor.Revision == 1 && descriptor.Control == 0 && descriptor.Owner == NULL && descriptor.Dacl == NULL);
    CHECK_QUIET(IsValidSecurityDescriptor(&descriptor));
    CHECK_QUIET(SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE));
    CHECK(descriptor.Control == SE_DACL_PRESENT && descriptor.Dacl == NULL);
    CHECK(InitializeAcl(&list, sizeof list, ACL_REVISION));
    CHECK_QUIET(SetSecurityDescriptorDacl(&descriptor, TRUE, &list, TRUE));
    CHECK(descriptor.Control == (SE_DACL_PRESENT | SE_DACL_DEFAULTED) && descriptor.Dacl == &list);
    CHECK_QUIET(IsValidSecurityDescriptor(&descriptor));
    list.AclRevision = 99;
    CHECK(ON_WINE(1) || !IsValidSecurityDescriptor(&descriptor));
    CHECK_QUIET(SetSecurityDescriptorDacl(&descriptor, FALSE, &list, FALSE));
    CHECK((descriptor.Control & SE_DACL_PRESENT) == 0 && IsValidSecurityDescriptor(&descriptor));

    CHECK_ERROR(InitializeSecurityDescriptor(&descriptor, 7), ERROR_UNKNOWN_REVISION);
    descriptor.Revision = 0;
    CHECK_ERROR(SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE), ERROR_UNKNOWN_REVISION);
    CHECK_ERROR(IsValidSecurityDescriptor(&descriptor), ERROR_UNKNOWN_REVISION);
    CHECK_ERROR(IsValidSecurityDescriptor(NULL), ERROR_INVALID_SECURITY_DESCR);
    descriptor.Revision = 1, descriptor.Control = SE_SELF_RELATIVE;
    CHECK_ERROR(SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE), ERROR_INVALID_SECURITY_DESCR);
#ifndef __MINGW32__
    CHECK_ERROR(InitializeSecurityDescriptor(NULL, 1), ERROR_NOACCESS);
    CHECK_ERROR(SetSecurityDescriptorDacl(NULL, TRUE, NULL, FALSE), ERROR_NOACCESS);
#endif
}

static void a_text_becomes_one_block(void)
{
    static const BYTE expected[] = {1, 0, 4, 0x90, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 2, 0, 48, 0,
                                    2, 0, 0, 0,    0,    3,    20, 0, 0, 0, 0, 0x10, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,
                                    0, 0, 20, 0,   0,    0,    0, 0xE0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    const char *text = "D:P(A;OICI;GA;;;SY)(A;;GRGWGX;;;WD)";
    PSECURITY_DESCRIPTOR descriptor = NULL, wide = NULL;
    ULONG size = 0;

    CHECK_QUIET(ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &descriptor, &size));
    CHECK(size == sizeof expected && memcmp(descriptor, expected, sizeof expected) == 0);
    CHECK(IsValidSecurityDescriptor(descriptor));
    CHECK_QUIET(ConvertStringSecurityDescriptorToSecurityDescriptorW(widen(text), SDDL_REVISION_1, &wide, NULL));
    CHECK(memcmp(wide, expected, sizeof expected) == 0);
    /* The list lies behind its own end now. */
    ((SECURITY_DESCRIPTOR_RELATIVE *)wide)->Dacl = 8;
    CHECK(!IsValidSecurityDescriptor(wide) || ON_WINE(1));
    CHECK(LocalFree(wide) == NULL && LocalFree(descriptor) == NULL);
}

static void what_is_no_such_text_is_refused(void)
{
    static const struct {
        const char *text;
        DWORD error;
    } refused[] = {
        {"garbage", ERROR_INVALID_PARAMETER},
        {"X:(A;;GA;;;WD)", ERROR_INVALID_PARAMETER},
        {"D:(A;;GA;;;WD", ERROR_INVALID_ACL},
        {"D:(A;;GA;;WD)", ERROR_INVALID_ACL},
        {"D:(A;;QQ;;;WD)", ERROR_INVALID_ACL},
        {"D:(A;XX;GA;;;WD)", ERROR_INVALID_ACL},
    };
    PSECURITY_DESCRIPTOR descriptor = &descriptor;
    ULONG size = 7;
    size_t i;

    for (i = 0; i < sizeof refused / sizeof refused[0]; ++i)
        CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA(refused[i].text, 1, &descriptor, &size),
                    refused[i].error);
    CHECK(size == 7);
    CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:", 2, &descriptor, NULL), ERROR_UNKNOWN_REVISION);
    CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:", 1, NULL, NULL), ERROR_INVALID_PARAMETER);
#ifndef __MINGW32__
    CHECK(descriptor == &descriptor);
    CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA(NULL, 1, &descriptor, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;GA;;;XX)", 1, &descriptor, NULL), ERROR_INVALID_SID);
    CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;GA;;;DA)", 1, &descriptor, NULL), ERROR_NONE_MAPPED);
#endif
}

static EXPLICIT_ACCESS_A entry_for(PSID sid, ACCESS_MODE mode, DWORD rights)
{
    EXPLICIT_ACCESS_A entry;

    memset(&entry, 0, sizeof entry);
    entry.grfAccessPermissions = rights;
    entry.grfAccessMode = mode;
    entry.Trustee.TrusteeForm = TRUSTEE_IS_SID;
    entry.Trustee.ptstrName = (LPSTR)sid;
    return entry;
}
static const ACCESS_ALLOWED_ACE *first_of(const ACL *list) { return (const ACCESS_ALLOWED_ACE *)(list + 1); }

static void a_list_is_made_of_wishes(void)
{
    PSID everyone = sid_of(1, 1, SECURITY_WORLD_RID, 0), system = sid_of(5, 1, SECURITY_LOCAL_SYSTEM_RID, 0);
    EXPLICIT_ACCESS_A entries[2];
    EXPLICIT_ACCESS_W named;
    PACL list = NULL, changed = NULL;
    WCHAR name[16];

    entries[0] = entry_for(everyone, SET_ACCESS, GENERIC_READ);
    entries[1] = entry_for(system, GRANT_ACCESS, GENERIC_ALL);
    CHECK(SetEntriesInAclA(2, entries, NULL, &list) == ERROR_SUCCESS);
    CHECK(list->AclSize == 48 && list->AceCount == 2);
    entries[0] = entry_for(everyone, GRANT_ACCESS, GENERIC_WRITE);
    CHECK(SetEntriesInAclA(1, entries, list, &changed) == ERROR_SUCCESS);
    CHECK(ON_WINE(1) || (changed->AceCount == 2 && first_of(changed)->Mask == (GENERIC_READ | GENERIC_WRITE)));
    CHECK(LocalFree(changed) == NULL);
    entries[0] = entry_for(everyone, REVOKE_ACCESS, 0);
    CHECK(SetEntriesInAclA(1, entries, list, &changed) == ERROR_SUCCESS);
    CHECK(changed->AceCount == 1 && memcmp(&first_of(changed)->SidStart, system, 12) == 0);
    CHECK(LocalFree(changed) == NULL && LocalFree(list) == NULL);

    memset(&named, 0, sizeof named);
    memcpy(name, widen("EVERYONE"), 9 * sizeof name[0]);
    named.grfAccessPermissions = GENERIC_ALL;
    named.grfAccessMode = SET_ACCESS;
    named.Trustee.TrusteeForm = TRUSTEE_IS_NAME;
    named.Trustee.ptstrName = name;
    CHECK(SetEntriesInAclW(1, &named, NULL, &list) == ERROR_SUCCESS);
    CHECK(list->AceCount == 1 && memcmp(&first_of(list)->SidStart, everyone, 12) == 0);
    CHECK(LocalFree(list) == NULL);
    FreeSid(everyone), FreeSid(system);
}

static void impossible_wishes_are_refused(void)
{
    static char nobody[] = "winshm-nobody-has-this-name";
    PSID everyone = sid_of(1, 1, SECURITY_WORLD_RID, 0);
    EXPLICIT_ACCESS_A entry = entry_for(everyone, NOT_USED_ACCESS, 1);
    BYTE damaged[16] = {0};
    PACL list = (PACL)damaged;

    CHECK(SetEntriesInAclA(1, &entry, NULL, &list) == ERROR_INVALID_PARAMETER);
    entry = entry_for(everyone, SET_ACCESS, 1);
    entry.Trustee.TrusteeForm = TRUSTEE_BAD_FORM;
    CHECK(SetEntriesInAclA(1, &entry, NULL, &list) == ERROR_INVALID_PARAMETER);
    entry.Trustee.TrusteeForm = TRUSTEE_IS_NAME;
    entry.Trustee.ptstrName = nobody;
    CHECK(SetEntriesInAclA(1, &entry, NULL, &list) == (ON_WINE(1) ? ERROR_INVALID_PARAMETER : ERROR_NONE_MAPPED));
#ifndef __MINGW32__
    entry = entry_for(damaged, SET_ACCESS, 1);
    CHECK(SetEntriesInAclA(1, &entry, NULL, &list) == ERROR_INVALID_SID);
    entry = entry_for(everyone, SET_ACCESS, 1);
    CHECK(SetEntriesInAclA(1, &entry, NULL, NULL) == ERROR_INVALID_PARAMETER);
    CHECK(SetEntriesInAclA(1, NULL, NULL, &list) == ERROR_INVALID_PARAMETER);
    CHECK(SetEntriesInAclA(1, &entry, (PACL)damaged, &list) == ERROR_INVALID_ACL);
    CHECK(list == (PACL)damaged);
    CHECK(SetEntriesInAclA(0, NULL, NULL, &list) == ERROR_SUCCESS && list == NULL);
#endif
    FreeSid(everyone);
}

int main(void)
{
    check_begin();
    an_identifier_is_what_it_is_made_of();
    a_list_takes_entries_until_it_is_full();
    damaged_lists_are_refused();
    a_descriptor_says_what_is_set();
    a_text_becomes_one_block();
    what_is_no_such_text_is_refused();
    a_list_is_made_of_wishes();
    impossible_wishes_are_refused();
    return check_end();
}
