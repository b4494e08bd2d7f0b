/*
 * security.h - descriptors for tests: made of their text, or step by step.
 */
#ifndef SECURITY_H
#define SECURITY_H

#include "check.h"

#ifdef __MINGW32__
#include <aclapi.h>
#include <sddl.h>
#endif

/* The attributes that a text describes; freed by free_attributes. */
static inline SECURITY_ATTRIBUTES attributes_of(const char *text)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};

    CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1,
                                                               &attributes.lpSecurityDescriptor, NULL));
    return attributes;
}
static inline void free_attributes(SECURITY_ATTRIBUTES *attributes)
{
    CHECK(LocalFree(attributes->lpSecurityDescriptor) == NULL);
}
/* A descriptor with this list; NULL lets everybody do everything. */
static inline SECURITY_ATTRIBUTES attributes_with(SECURITY_DESCRIPTOR *descriptor, ACL *list)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};

    attributes.lpSecurityDescriptor = descriptor;
    CHECK(InitializeSecurityDescriptor(descriptor, SECURITY_DESCRIPTOR_REVISION));
    CHECK(SetSecurityDescriptorDacl(descriptor, TRUE, list, FALSE));
    return attributes;
}
#endif
