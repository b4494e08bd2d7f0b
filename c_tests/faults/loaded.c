/*
 * loaded.c - the library is loaded and let go of again and again, as plugins do: by dlopen
 * with RTLD_LOCAL, in linker namespaces of their own (dlmopen), and as a second copy under
 * another name in one process. Copies share objects by name as two processes do; nothing
 * grows; a thread's mutexes of each copy are abandoned when it ends; faults in mapped
 * files go to the one whose they are.
 *
 * Planted: a copy that is told of a name that the others do not know.
 */
#include "faults/world.h"

#include <dlfcn.h>
#include <sys/stat.h>

/* What a plugin uses of its copy. */
typedef struct COPY {
    void *library;
    HANDLE (*create_event)(void *, BOOL, BOOL, const char *);
    HANDLE (*create_mutex)(void *, BOOL, const char *);
    BOOL (*set_event)(HANDLE);
    DWORD (*wait)(HANDLE, DWORD);
    BOOL (*close_handle)(HANDLE);
    int (*create_memory)(const char *, size_t, SharedMemory **);
    int (*write_memory)(SharedMemory *, const void *, size_t);
    int (*read_memory)(SharedMemory *, void *, size_t);
    int (*close_memory)(SharedMemory *);
} COPY;

static void *symbol(void *library, const char *name)
{
    void *address = dlsym(library, name);

    if (address == NULL) {
        fprintf(stderr, "%s: %s\n", name, dlerror());
        exit(2);
    }
    return address;
}
/* ISO C has no conversion from an object's address to a function's. */
#define FIND(copy, field, name)                              \
    do {                                                     \
        void *address = symbol((copy)->library, name);       \
        memcpy(&(copy)->field, &address, sizeof address);    \
    } while (0)

static void find_all(COPY *copy)
{
    FIND(copy, create_event, "CreateEventA");
    FIND(copy, create_mutex, "CreateMutexA");
    FIND(copy, set_event, "SetEvent");
    FIND(copy, wait, "WaitForSingleObject");
    FIND(copy, close_handle, "CloseHandle");
    FIND(copy, create_memory, "SharedMemoryCreate");
    FIND(copy, write_memory, "SharedMemoryWrite");
    FIND(copy, read_memory, "SharedMemoryRead");
    FIND(copy, close_memory, "SharedMemoryClose");
}
/* Where the library of this program is. */
static const char *own_library(void)
{
    static Dl_info info;

    CHECK(dladdr(symbol(RTLD_DEFAULT, "SharedMemoryErrorText"), &info) != 0);
    return info.dli_fname;
}

static int is_planted;

/* A copy and this program use the same names. */
static int share(COPY *copy)
{
    const char *name = NAME("shared"), *memory_name = NAME("memory");
    const char *its_name = is_planted ? NAME("planted") : name;
    HANDLE mine = CreateEventA(NULL, FALSE, FALSE, name), its = copy->create_event(NULL, FALSE, FALSE, its_name);
    SharedMemory *memory = NULL, *its_memory = NULL;
    char text[100];

    NEED(mine && its && SetEvent(mine) && copy->wait(its, 0) == WAIT_OBJECT_0);
    NEED(copy->set_event(its) && WaitForSingleObject(mine, 0) == WAIT_OBJECT_0 && WaitForSingleObject(mine, 0) == WAIT_TIMEOUT);
    NEED(SharedMemoryCreate(memory_name, sizeof text, &memory) == 0);
    NEED(copy->create_memory(memory_name, sizeof text, &its_memory) == 0);
    memset(text, 'x', sizeof text);
    NEED(copy->write_memory(its_memory, text, sizeof text) == 0);
    memset(text, 0, sizeof text);
    NEED(SharedMemoryRead(memory, text, sizeof text) == 0 && text[0] == 'x' && text[99] == 'x');
    NEED(copy->close_handle(its) && CloseHandle(mine) && copy->close_memory(its_memory) == 0 && SharedMemoryClose(memory) == 0);
    NEED(!name_exists(name) && !name_exists(memory_name));
    return 0;
}
/* One thread owns a mutex of each, and ends. */
typedef struct BOTH {
    COPY *copy;
    HANDLE mine, its;
} BOTH;
static void *own_both(void *argument)
{
    BOTH *both = (BOTH *)argument;

    WaitForSingleObject(both->mine, INFINITE);
    both->copy->wait(both->its, INFINITE);
    return NULL;
}
static int abandon_both(COPY *copy)
{
    const char *name = NAME("its");
    HANDLE again = CreateMutexA(NULL, FALSE, name);
    BOTH both;

    both.copy = copy, both.mine = CreateMutexA(NULL, FALSE, NULL), both.its = copy->create_mutex(NULL, FALSE, name);
    in_a_thread(own_both, &both);
    NEED(WaitForSingleObject(both.mine, INFINITE) == WAIT_ABANDONED && ReleaseMutex(both.mine));
    NEED(WaitForSingleObject(again, INFINITE) == WAIT_ABANDONED && ReleaseMutex(again));
    NEED(CloseHandle(both.mine) && copy->close_handle(both.its) && CloseHandle(again));
    return 0;
}
static void of_this_copy(COPY *copy, const char *what)
{
    int line = share(copy);

    if (line == 0)
        line = abandon_both(copy);
    if (!CHECK(line == 0))
        fprintf(stderr, "  %s: line %d\n", what, line);
}
static int count_descriptors(void) { return count_entries("/proc/self/fd"); }

int main(int argc, char **argv)
{
    char path[100], command[600];
    COPY local, second, apart;
    int i, mappings = 0, descriptors = 0;
    PEER planted;

    check_begin();
    alarm((unsigned)effort(60, 900));
    is_planted = plays(argc, argv, "planted");
    local.library = dlopen(own_library(), RTLD_NOW | RTLD_LOCAL);
    CHECK(local.library != NULL);
    find_all(&local);
    of_this_copy(&local, "dlopen");
    if (is_planted)
        return check_end();
    for (i = 0; i < effort(300, 20000); ++i) {
        void *library = dlopen(own_library(), RTLD_LAZY | RTLD_LOCAL);

        CHECK(library != NULL && dlclose(library) == 0);
        if (i == 100)
            mappings = count_all_mappings(), descriptors = count_descriptors();
    }
    CHECK(dlclose(local.library) == 0);
    of_this_copy(&local, "dlclose"); /* it stays */
    CHECK(count_all_mappings() <= mappings + 2 && count_descriptors() <= descriptors + 1);

    /* Another file is another copy. */
    snprintf(path, sizeof path, "/tmp/winshm-copy-%d.so", (int)getpid());
    snprintf(command, sizeof command, "cp '%s' '%s'", own_library(), path);
    CHECK(system(command) == 0);
    CHECK((second.library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)) != NULL);
    find_all(&second);
    CHECK(second.set_event != local.set_event);
    for (i = 0; i < effort(50, 1000); ++i) {
        of_this_copy(&second, "a second copy");
        if (i == 10)
            mappings = count_all_mappings(), descriptors = count_descriptors();
    }
    CHECK(count_all_mappings() <= mappings + 4 && count_descriptors() <= descriptors + 1);

    CHECK((apart.library = dlmopen(LM_ID_NEWLM, path, RTLD_NOW)) != NULL);
    find_all(&apart);
    CHECK(apart.set_event != local.set_event && apart.set_event != second.set_event);
    for (i = 0; i < effort(20, 500); ++i)
        of_this_copy(&apart, "a namespace of its own");
    unlink(path);
    planted = start_peer("planted", "-");
    CHECK(end_of(&planted) == 1);
    return check_end();
}
