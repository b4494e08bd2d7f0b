/*
 * scarce.c - a process at its limits: no descriptors, no mappings, no address space, no
 * large files. See scarcity.h for what must hold.
 */
#include "scarcity.h"

#include <malloc.h>
#include <sys/mman.h>

/* ---- Descriptors: all numbers are taken but for so many. ---- */
static int fillers[4096], filler_count;

static void leave_descriptors(int left)
{
    struct rlimit few;

    getrlimit(RLIMIT_NOFILE, &limit_before);
    few = limit_before, few.rlim_cur = 1024;
    setrlimit(RLIMIT_NOFILE, &few);
    while (filler_count < 4096 && (fillers[filler_count] = dup(STDERR_FILENO)) >= 0)
        ++filler_count;
    while (left-- > 0)
        close(fillers[--filler_count]);
}
static void restore_descriptors(void)
{
    while (filler_count > 0)
        close(fillers[--filler_count]);
    setrlimit(RLIMIT_NOFILE, &limit_before);
}

/* ---- Mappings: the process has as many as the kernel allows (vm.max_map_count), but for so many. ---- */
enum { MOST_PAGES = 4096 };
static char *pages[MOST_PAGES];
static int page_count;

/* A mapping that merges with no other one. */
static char *one_more_mapping(void)
{
    char *page = (char *)mmap(NULL, PAGE, page_count % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return page == (char *)MAP_FAILED ? NULL : page;
}
static void leave_mappings(int left)
{
    while (page_count < MOST_PAGES && (pages[page_count] = one_more_mapping()) != NULL)
        ++page_count;
    while (left-- > 0)
        munmap(pages[--page_count], PAGE);
}
static void restore_mappings(void)
{
    while (page_count > 0)
        munmap(pages[--page_count], PAGE);
}
static int free_mappings(void)
{
    int count;

    leave_mappings(0);
    count = page_count;
    restore_mappings();
    return count;
}
/* Once: all but a few hundred. */
static void fill_with_mappings(void)
{
    long limit = 0, i, wanted;
    FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
    char *base;

    if (file == NULL || fscanf(file, "%ld", &limit) != 1 || limit > 1000000) {
        printf("SKIPPED: vm.max_map_count is unknown, or above a million\n");
        exit(77);
    }
    fclose(file);
    wanted = limit - 90 - count_all_mappings();
    base = (char *)mmap(NULL, (size_t)wanted * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (i = 1; i < wanted && base != (char *)MAP_FAILED; i += 2)
        if (mprotect(base + i * PAGE, PAGE, PROT_READ) != 0)
            break;
    CHECK(free_mappings() < 300);
}

/* ---- Address space. ---- */
static void leave_address_space(int left)
{
    limit_address_space(left < 4 ? (size_t)left * PAGE : (size_t)PAGE << (left - 2));
}
static void restore_address_space(void) { setrlimit(RLIMIT_AS, &limit_before); }

/* ---- Sizes of files. Of who goes beyond the limit the kernel ends the process, unless it is asked not to. ---- */
static void leave_sizes(int left)
{
    struct rlimit few;

    getrlimit(RLIMIT_FSIZE, &limit_before);
    few = limit_before, few.rlim_cur = left == 0 ? 0 : (rlim_t)1 << (2 * left);
    setrlimit(RLIMIT_FSIZE, &few);
}
static void restore_sizes(void) { setrlimit(RLIMIT_FSIZE, &limit_before); }

static const RESOURCE resources[] = {
    {"descriptors", 24, leave_descriptors, restore_descriptors, {ERROR_TOO_MANY_OPEN_FILES}, NULL},
    {"mappings", 30, leave_mappings, restore_mappings, {ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT, ERROR_NO_SYSTEM_RESOURCES, ERROR_WORKING_SET_QUOTA}, free_mappings},
    {"address space", 21, leave_address_space, restore_address_space, {ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT, ERROR_NO_SYSTEM_RESOURCES}, NULL},
    {"bytes of a file", 15, leave_sizes, restore_sizes, {ERROR_COMMITMENT_LIMIT, ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE}, NULL},
};
enum { RESOURCES = sizeof resources / sizeof *resources };

/* With the faulty acts, if that is not negative, one of them. */
static int be_poor(int which, int faulty)
{
    alarm(in_full() ? 600 : 90);
    mallopt(M_ARENA_MAX, 1), mallopt(M_TRIM_THRESHOLD, 1 << 30);
    furnish();
    if (resources[which].count != NULL)
        fill_with_mappings();
    if (faulty >= 0)
        try_all(&resources[which], &faulty_acts[faulty], 1);
    else
        try_all(&resources[which], acts, ACTS);
    clear_out();
    fflush(stdout);
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    int i;

    check_begin();
    if (plays(argc, argv, "poor"))
        return be_poor(atoi(argv[3]), -1);
    if (plays(argc, argv, "faulty")) {
        be_quiet();
        return be_poor(0, atoi(argv[3]));
    }
    use_directory_for_files();
    alarm(1000);
    for (i = 0; i < RESOURCES; ++i)
        try_in_a_process(resources, i, "poor");
    notices_faulty_acts("faulty");
    return check_end();
}
