/*
 * psapi.h - the state of processes.
 *
 * On Linux: the functions that list processes, their modules and their memory do
 * not exist; the header is here because sources include it along with others.
 */
#ifndef WINSHM_COMPAT_PSAPI_H
#define WINSHM_COMPAT_PSAPI_H

#include <windows.h>

#endif
