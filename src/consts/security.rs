// Security descriptors, identifiers and access control lists.

constants! {
    section security {
        /// InitializeSecurityDescriptor: the revision.
        SECURITY_DESCRIPTOR_REVISION: u32 = 1;
        /// The size of a SECURITY_DESCRIPTOR.
        SECURITY_DESCRIPTOR_MIN_LENGTH: u32 = 40;
        /// The revision of an identifier.
        SID_REVISION: u32 = 1;
        /// The most sub-authorities of an identifier.
        SID_MAX_SUB_AUTHORITIES: u32 = 15;
        /// The largest size of an identifier.
        SECURITY_MAX_SID_SIZE: u32 = 68;
        /// InitializeAcl: the usual revision.
        ACL_REVISION: u8 = 2;
        /// InitializeAcl: the revision of lists for directory services.
        ACL_REVISION_DS: u8 = 4;
        /// The revision of the text of a descriptor.
        SDDL_REVISION_1: u32 = 1;
        /// Equals SDDL_REVISION_1.
        SDDL_REVISION: u32 = SDDL_REVISION_1;
        /// The owner comes from a default.
        SE_OWNER_DEFAULTED: u16 = 0x0001;
        /// The group comes from a default.
        SE_GROUP_DEFAULTED: u16 = 0x0002;
        /// There is a discretionary list: who may do what. Present and NULL: all may do all.
        SE_DACL_PRESENT: u16 = 0x0004;
        /// The discretionary list comes from a default.
        SE_DACL_DEFAULTED: u16 = 0x0008;
        /// There is a system list: labels, and what is audited.
        SE_SACL_PRESENT: u16 = 0x0010;
        /// The system list comes from a default.
        SE_SACL_DEFAULTED: u16 = 0x0020;
        /// The discretionary list is to be inherited.
        SE_DACL_AUTO_INHERIT_REQ: u16 = 0x0100;
        /// The system list is to be inherited.
        SE_SACL_AUTO_INHERIT_REQ: u16 = 0x0200;
        /// The discretionary list was inherited.
        SE_DACL_AUTO_INHERITED: u16 = 0x0400;
        /// The system list was inherited.
        SE_SACL_AUTO_INHERITED: u16 = 0x0800;
        /// The discretionary list inherits nothing.
        SE_DACL_PROTECTED: u16 = 0x1000;
        /// The system list inherits nothing.
        SE_SACL_PROTECTED: u16 = 0x2000;
        /// The descriptor is one block, with offsets in place of pointers.
        SE_SELF_RELATIVE: u16 = 0x8000;
        /// An entry that allows.
        ACCESS_ALLOWED_ACE_TYPE: u8 = 0;
        /// An entry that denies.
        ACCESS_DENIED_ACE_TYPE: u8 = 1;
        /// An entry that has accesses audited.
        SYSTEM_AUDIT_ACE_TYPE: u8 = 2;
        /// An entry that keeps out processes of a lower level.
        SYSTEM_MANDATORY_LABEL_ACE_TYPE: u8 = 0x11;
        /// Flag of an entry: objects in a container inherit it.
        OBJECT_INHERIT_ACE: u8 = 0x01;
        /// Flag of an entry: containers in a container inherit it.
        CONTAINER_INHERIT_ACE: u8 = 0x02;
        /// Flag of an entry: only the next level inherits it.
        NO_PROPAGATE_INHERIT_ACE: u8 = 0x04;
        /// Flag of an entry: it is not for the object itself.
        INHERIT_ONLY_ACE: u8 = 0x08;
        /// Flag of an entry: it was inherited.
        INHERITED_ACE: u8 = 0x10;
        /// All flags about inheritance.
        VALID_INHERIT_FLAGS: u8 = 0x1F;
        /// Flag of an auditing entry: successes.
        SUCCESSFUL_ACCESS_ACE_FLAG: u8 = 0x40;
        /// Flag of an auditing entry: failures.
        FAILED_ACCESS_ACE_FLAG: u8 = 0x80;
    }

    section access_lists {
        /// EXPLICIT_ACCESS: not inherited.
        NO_INHERITANCE: u32 = 0x0;
        /// EXPLICIT_ACCESS: inherited by objects in a container.
        SUB_OBJECTS_ONLY_INHERIT: u32 = 0x1;
        /// EXPLICIT_ACCESS: inherited by containers in a container.
        SUB_CONTAINERS_ONLY_INHERIT: u32 = 0x2;
        /// EXPLICIT_ACCESS: inherited by both.
        SUB_CONTAINERS_AND_OBJECTS_INHERIT: u32 = 0x3;
        /// EXPLICIT_ACCESS: inherited by the next level only.
        INHERIT_NO_PROPAGATE: u32 = 0x4;
        /// EXPLICIT_ACCESS: for those who inherit it only.
        INHERIT_ONLY: u32 = 0x8;
        /// Nobody.
        SECURITY_NULL_RID: u32 = 0;
        /// Everyone, of SECURITY_WORLD_SID_AUTHORITY.
        SECURITY_WORLD_RID: u32 = 0;
        /// The owner, of SECURITY_CREATOR_SID_AUTHORITY.
        SECURITY_CREATOR_OWNER_RID: u32 = 0;
        /// The group, of SECURITY_CREATOR_SID_AUTHORITY.
        SECURITY_CREATOR_GROUP_RID: u32 = 1;
        /// Users of the network, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_NETWORK_RID: u32 = 2;
        /// Users at the machine, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_INTERACTIVE_RID: u32 = 4;
        /// Services, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_SERVICE_RID: u32 = 6;
        /// Users without a name, of SECURITY_NT_AUTHORITY: nobody here.
        SECURITY_ANONYMOUS_LOGON_RID: u32 = 7;
        /// Users who logged on, of SECURITY_NT_AUTHORITY: everyone here.
        SECURITY_AUTHENTICATED_USER_RID: u32 = 11;
        /// The system, of SECURITY_NT_AUTHORITY: root here.
        SECURITY_LOCAL_SYSTEM_RID: u32 = 18;
        /// A service, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_LOCAL_SERVICE_RID: u32 = 19;
        /// A service, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_NETWORK_SERVICE_RID: u32 = 20;
        /// The groups that every machine has, of SECURITY_NT_AUTHORITY.
        SECURITY_BUILTIN_DOMAIN_RID: u32 = 32;
        /// Administrators, of SECURITY_BUILTIN_DOMAIN_RID: root here.
        DOMAIN_ALIAS_RID_ADMINS: u32 = 544;
        /// Users, of SECURITY_BUILTIN_DOMAIN_RID: everyone here.
        DOMAIN_ALIAS_RID_USERS: u32 = 545;
        /// Guests, of SECURITY_BUILTIN_DOMAIN_RID: nobody here.
        DOMAIN_ALIAS_RID_GUESTS: u32 = 546;
        /// Power users, of SECURITY_BUILTIN_DOMAIN_RID; refused here.
        DOMAIN_ALIAS_RID_POWER_USERS: u32 = 547;
    }
}
