/*
 * acts_memory.h - what acts make, and how it is undone; and the acts that make sections,
 * views and memory of the process. See acts.h.
 */
#ifndef ACTS_MEMORY_H
#define ACTS_MEMORY_H

#include "household.h"

enum { MOST_MADE = 4 };
static HANDLE made[MOST_MADE];
static void *shown[2], *claimed, *allotted;
static SharedMemory *joined;
static const char *doomed;

static inline int undo(void)
{
    int i, undone = 1;

    for (i = 0; i < 2; ++i)
        undone &= shown[i] == NULL || UnmapViewOfFile(shown[i]), shown[i] = NULL;
    undone &= claimed == NULL || VirtualFree(claimed, 0, MEM_RELEASE), claimed = NULL;
    undone &= allotted == NULL || LocalFree(allotted) == NULL, allotted = NULL;
    for (i = 0; i < MOST_MADE; ++i)
        undone &= made[i] == NULL || CloseHandle(made[i]), made[i] = NULL;
    if (doomed != NULL)
        unlink(doomed), doomed = NULL;
    undone &= joined == NULL || SharedMemoryFree(joined) == 0, joined = NULL;
    return undone;
}
static inline int keep(HANDLE handle)
{
    int i = 0;

    if (handle == NULL || handle == MEMORY)
        return 0;
    while (made[i] != NULL)
        ++i;
    made[i] = handle;
    return 1;
}
static inline int show(void *view)
{
    shown[shown[0] != NULL] = view;
    return view != NULL;
}
static inline const char *fresh(void) { return home_name("new"); }
static inline int says_0(int code)
{
    if (code != 0)
        SetLastError((DWORD)code);
    return code == 0;
}

/* ---- Sections. ---- */
static int act_section(void) { return keep(new_memory(PAGE_READWRITE, 0x10000, fresh())); }
static int act_section_w(void) { return keep(CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 100, widen(fresh()))); }
static int act_section_global(void)
{
    char name[120];

    snprintf(name, sizeof name, "Global\\%s", fresh());
    return keep(new_memory(PAGE_READWRITE, 5000, name));
}
static int act_section_long_name(void)
{
    static WCHAR name[3000];
    int i, first = (int)getpid();

    for (i = 0; name[0] == 0 || i < 2999; ++i)
        name[i] = (WCHAR)('a' + (i + first) % 26);
    return keep(CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 100, name));
}
static int act_section_again(void) { return keep(new_memory(PAGE_READWRITE, HOME_SIZE, home_name("section"))); }
static int act_section_open(void) { return keep(OpenFileMappingA(FILE_MAP_WRITE, FALSE, home_name("section"))); }
static int act_section_unnamed(void) { return keep(new_memory(PAGE_READWRITE, 0x10000, NULL)); }
static int act_section_reserved(void) { return keep(new_memory(PAGE_READWRITE | SEC_RESERVE, 0x100000, fresh())); }
static int act_section_large(void) { return keep(new_memory(PAGE_READWRITE, 0x1400000, fresh())); }
static int act_section_of_posix(void)
{
    char name[120];

    snprintf(name, sizeof name, "Posix\\%s", home_segment(POSIX) + 1);
    return keep(OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name));
}
static int act_section_of_system_v(void) { return keep(OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, home_segment(SYSTEM_V))); }
static int act_section_of_file(void) { return keep(CreateFileMappingA(home.file, NULL, PAGE_READWRITE, 0, 0, NULL)); }
static int act_section_of_file_named(void) { return keep(CreateFileMappingA(home.file, NULL, PAGE_READWRITE, 0, 0, fresh())); }
static int act_section_of_file_grown(void) { return keep(CreateFileMappingA(made[0], NULL, PAGE_READWRITE, 0, 0x8000, NULL)); }
static int new_file(void)
{
    return keep(CreateFileA(home_path("new"), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                            CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE, NULL));
}

/* ---- Views and memory. ---- */
static int act_view(void) { return show(view_of(home.section, FILE_MAP_WRITE)); }
static int act_view_of_part(void) { return show(MapViewOfFile(home.section, FILE_MAP_READ, 0, 0x10000, 100)); }
static int act_view_unnamed(void) { return show(view_of(home.unnamed, FILE_MAP_WRITE)); }
static int act_view_copy(void)
{
    if (!show(view_of(home.unnamed, FILE_MAP_COPY)))
        return 0;
    *(char *)shown[0] = 'c';
    return 1;
}
static int act_view_read(void) { return show(view_of(made[0], FILE_MAP_READ)); }
static int reserve_view(void)
{
    return keep(new_memory(PAGE_READWRITE | SEC_RESERVE, 0x100000, fresh())) && show(view_of(made[0], FILE_MAP_WRITE));
}
static int act_commit_in_view(void) { return VirtualAlloc((char *)shown[0] + 0x4000, 0x6000, MEM_COMMIT, PAGE_READWRITE) != NULL; }
static int act_protect_view(void)
{
    DWORD old;

    return VirtualProtect((char *)shown[0] + 0x1000, 0x2000, PAGE_READONLY, &old);
}
static int make_view(void) { return show(view_of(home.section, FILE_MAP_WRITE)); }
static int act_reserve(void) { return (claimed = VirtualAlloc(NULL, 0x40000, MEM_RESERVE, PAGE_READWRITE)) != NULL; }
static int act_allocate(void) { return (claimed = VirtualAlloc(NULL, 0x40000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) != NULL; }
static int act_commit(void) { return VirtualAlloc((char *)claimed + 0x8000, 0x8000, MEM_COMMIT, PAGE_READWRITE) != NULL; }
static int act_decommit(void) { return VirtualFree((char *)claimed + 0x8000, 0x8000, MEM_DECOMMIT); }
static int act_protect(void)
{
    DWORD old;

    return VirtualProtect((char *)claimed + 0x8000, 0x1000, PAGE_READONLY, &old);
}
static int act_lock(void)
{
    return VirtualLock((char *)claimed + 0x1000, 0x1000) && VirtualUnlock((char *)claimed + 0x1000, 0x1000);
}
static int act_prefetch(void)
{
    WIN32_MEMORY_RANGE_ENTRY range;

    range.VirtualAddress = claimed, range.NumberOfBytes = 0x4000;
    return PrefetchVirtualMemory(GetCurrentProcess(), 1, &range, 0);
}
static int act_query(void)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(home.view, &info, sizeof info) && VirtualQuery(&home, &info, sizeof info);
}
static int act_flush(void) { return FlushViewOfFile(shown[0], 0); }
static int file_view(void) { return keep(CreateFileMappingA(home.file, NULL, PAGE_READWRITE, 0, 0, NULL)) && show(view_of(made[0], FILE_MAP_WRITE)); }

#endif
