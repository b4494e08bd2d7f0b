/* What classic_other.c has for classic.c. */
#ifndef CLASSIC_OTHER_H
#define CLASSIC_OTHER_H

#ifdef __cplusplus
extern "C" {
#endif

/* Reads from the current segment of the program. */
int first_byte_in_other_source(void);

const char *name_of_key(long key);

#ifdef __cplusplus
}
#endif

#endif
