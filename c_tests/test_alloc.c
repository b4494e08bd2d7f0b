/*
 * test_alloc.c - VirtualAlloc and VirtualFree for private memory: reserve,
 * commit, decommit, release. Committing in views is in test_alloc_in_view.c.
 */
#include "check.h"

static MEMORY_BASIC_INFORMATION query(const void *address)
{
    MEMORY_BASIC_INFORMATION info;

    memset(&info, 0, sizeof info);
    CHECK(VirtualQuery(address, &info, sizeof info) == sizeof info);
    return info;
}

#ifndef __MINGW32__
static void write_to(void *at) { *(volatile char *)at = 1; }
static void read_from(void *at) { (void)*(volatile char *)at; }
#endif

/* Memory arrives zeroed, in whole pages, at a multiple of 64 KiB. */
static void memory_arrives_zeroed_and_aligned(void)
{
    char *memory, *second;
    MEMORY_BASIC_INFORMATION info;
    int i = 0;

    CHECK_QUIET((memory = (char *)VirtualAlloc(NULL, 10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) != NULL);
    CHECK(((ULONG_PTR)memory & 0xFFFF) == 0);
    while (i < 12288 && memory[i] == 0)
        ++i;
    CHECK(i == 12288);
    memory[12287] = 1;
    info = query(memory + 5000);
    CHECK(info.BaseAddress == memory + 4096 && info.AllocationBase == memory && info.RegionSize == 8192);
    CHECK(info.State == MEM_COMMIT && info.Type == MEM_PRIVATE);
    CHECK(info.Protect == PAGE_READWRITE && info.AllocationProtect == PAGE_READWRITE);
    /* Committing without an address reserves as well. */
    CHECK_QUIET((second = (char *)VirtualAlloc(NULL, 1, MEM_COMMIT, PAGE_READONLY)) != NULL);
    CHECK(((ULONG_PTR)second & 0xFFFF) == 0 && second[4095] == 0 && query(second).Protect == PAGE_READONLY);
#ifndef __MINGW32__
    CHECK(crashes(write_to, second));
#endif
    CHECK_QUIET(VirtualFree(second, 0, MEM_RELEASE));
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
    CHECK(query(memory).State == MEM_FREE);
}

/* Reserved addresses are held but not usable; pages are committed where they are wanted. */
static void reserved_memory_is_committed_in_pieces(void)
{
    char *memory;
    MEMORY_BASIC_INFORMATION info;

    CHECK_QUIET((memory = (char *)VirtualAlloc(NULL, 0x40000, MEM_RESERVE, PAGE_READWRITE)) != NULL);
    info = query(memory);
    CHECK(info.State == MEM_RESERVE && info.Protect == 0 && info.RegionSize == 0x40000 && info.Type == MEM_PRIVATE);
    CHECK_QUIET(VirtualAlloc(memory + 0x10000, 8192, MEM_COMMIT, PAGE_READWRITE) == memory + 0x10000);
    memory[0x10000] = 1;
    memory[0x11FFF] = 2;
    /* An address inside a page commits that page, and committing again changes no byte. */
    CHECK_QUIET(VirtualAlloc(memory + 0x11FFE, 4, MEM_COMMIT, PAGE_READWRITE) == memory + 0x11000);
    CHECK(memory[0x10000] == 1 && memory[0x11FFF] == 2 && memory[0x12000] == 0);
    info = query(memory + 0x10000);
    CHECK(info.State == MEM_COMMIT && info.RegionSize == 0x3000 && info.AllocationBase == memory);
    info = query(memory);
    CHECK(info.State == MEM_RESERVE && info.RegionSize == 0x10000);
    info = query(memory + 0x13000);
    CHECK(info.State == MEM_RESERVE && info.RegionSize == 0x40000 - 0x13000);
#ifndef __MINGW32__
    CHECK(crashes(read_from, memory) && crashes(read_from, memory + 0x13000) && !crashes(write_to, memory + 0x12FFF));
#endif
    CHECK(VirtualFree(memory, 0, MEM_RELEASE));
    CHECK(query(memory).State == MEM_FREE && query(memory + 0x10000).State == MEM_FREE);
}

/* Decommitted pages lose their content and their access but not their address. */
static void decommitted_pages_come_back_zeroed(void)
{
    char *memory = (char *)VirtualAlloc(NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    memset(memory, 7, 0x10000);
    CHECK_QUIET(VirtualFree(memory + 4096, 8192, MEM_DECOMMIT));
    CHECK(query(memory + 4096).State == MEM_RESERVE && query(memory + 4096).RegionSize == 8192);
    CHECK(memory[4095] == 7 && memory[3 * 4096] == 7);
#ifndef __MINGW32__
    CHECK(crashes(read_from, memory + 4096) && crashes(read_from, memory + 3 * 4096 - 1));
#endif
    CHECK(VirtualAlloc(memory + 4096, 8192, MEM_COMMIT, PAGE_READWRITE) == memory + 4096);
    CHECK(memory[4096] == 0 && memory[3 * 4096 - 1] == 0);
    /* Base address and size 0: everything. What is not committed does not mind. */
    CHECK_QUIET(VirtualFree(memory, 0, MEM_DECOMMIT));
    CHECK_QUIET(VirtualFree(memory, 4096, MEM_DECOMMIT));
    CHECK(query(memory).State == MEM_RESERVE && query(memory).RegionSize == 0x10000);
    CHECK(VirtualFree(memory, 0, MEM_RELEASE));
}

/* Only the whole reservation is released, named by its base and size 0, once. */
static void releasing_takes_the_base_and_no_size(void)
{
    char *memory = (char *)VirtualAlloc(NULL, 0x20000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    memory[0] = 1;
    CHECK_ERROR(VirtualFree(memory, 0x20000, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualFree(memory, 0, MEM_RELEASE | MEM_DECOMMIT), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualFree(memory, 0, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(VirtualFree(memory + 0x10000, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK(memory[0] == 1 && query(memory).RegionSize == 0x20000);
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
    CHECK_ERROR_OR_WINE(VirtualFree(memory, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(VirtualFree(memory, 4096, MEM_DECOMMIT), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
}

/* An address asked for is used, rounded down to 64 KiB, or refused if something is there. */
static void an_address_is_honoured_or_refused(void)
{
    char *memory = (char *)VirtualAlloc(NULL, 0x40000, MEM_RESERVE, PAGE_READWRITE), *again;

    CHECK_ERROR(VirtualAlloc(memory, 0x10000, MEM_RESERVE, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(VirtualAlloc(memory + 0x30000, 0x20000, MEM_RESERVE, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(VirtualAlloc(memory, 0x40001, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    CHECK(VirtualFree(memory, 0, MEM_RELEASE));
    CHECK_ERROR(VirtualAlloc(memory, 4096, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    CHECK_QUIET((again = (char *)VirtualAlloc(memory + 0x10001, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) != NULL);
    CHECK(again == memory + 0x10000 && query(again).RegionSize == 0x11000);
    CHECK(VirtualFree(again, 0, MEM_RELEASE));
}

/* No size, no operation, no protection, or one that private memory cannot have. */
static void bad_requests_are_refused(void)
{
    CHECK_ERROR(VirtualAlloc(NULL, 0, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualAlloc(NULL, 4096, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualAlloc(NULL, 4096, MEM_RELEASE, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY | PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_WRITECOPY), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    check_begin();
    memory_arrives_zeroed_and_aligned();
    reserved_memory_is_committed_in_pieces();
    decommitted_pages_come_back_zeroed();
    releasing_takes_the_base_and_no_size();
    an_address_is_honoured_or_refused();
    bad_requests_are_refused();
    return check_end();
}
