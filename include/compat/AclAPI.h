/*
 * AclAPI.h - the other spelling of aclapi.h, for sources written where file names
 * do not tell upper from lower case.
 */
#ifndef WINSHM_COMPAT_ACLAPI_SPELLING_H
#define WINSHM_COMPAT_ACLAPI_SPELLING_H

#include <aclapi.h>

#endif
