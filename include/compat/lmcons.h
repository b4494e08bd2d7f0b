/*
 * lmcons.h - the lengths of names of users and computers: UNLEN.
 *
 * On Linux: the lengths are Windows'. Names of users have at most 32 characters
 * in most systems.
 */
#ifndef WINSHM_COMPAT_LMCONS_H
#define WINSHM_COMPAT_LMCONS_H

#include <windows.h>

/** Characters of a user's name, its end not counted. */
#define UNLEN 256
/** Characters of a computer's name in a network, its end not counted. */
#define CNLEN 15
/** Characters of a password, its end not counted. */
#define PWLEN 256

#endif
