/*
 * malloc.h - the system's own malloc.h, and Microsoft's _alloca and _aligned_malloc.
 *
 * On Linux: memory of _aligned_malloc may be given to free, too.
 */
/* Also for other libraries' headers, which mean the system's; so no warnings of #include_next. */
#pragma GCC system_header
#include_next <malloc.h>

#include <winshm_malloc.h>
