/*
 * header_values_text.c - the values and types of <windows.h> that belong to texts and to
 * memory that the caller frees, typed by hand from Microsoft's documentation.
 *
 * As in header_values.c the compiler does all the checking.
 */
#include "header_values.h"

/* Memory that the caller frees. */
VALUE(LMEM_FIXED, 0x0000);
VALUE(LMEM_MOVEABLE, 0x0002);
VALUE(LMEM_NOCOMPACT, 0x0010);
VALUE(LMEM_NODISCARD, 0x0020);
VALUE(LMEM_ZEROINIT, 0x0040);
VALUE(LMEM_DISCARDABLE, 0x0F00);
VALUE(LMEM_VALID_FLAGS, 0x0F72);
VALUE(LPTR, 0x0040);
VALUE(LHND, 0x0042);
HOLDS(sizeof(HLOCAL) == 8);

int main(void)
{
    puts("ok: the compiler checked everything");
    return 0;
}
