/*
 * test_flush_view_waits.c - a disk that takes its time keeps nobody waiting but who asked for
 * it: while FlushViewOfFile waits, other threads map, unmap and fork.
 */
#include "files.h"
#include "sandbox.h"
#include <pthread.h>
#include <semaphore.h>

static sem_t disk_begins, disk_may_end;

/* In place of msync: a disk that is done when the test says so. */
static void be_the_disk(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number, (void)info;
    sem_post(&disk_begins);
    while (sem_wait(&disk_may_end) != 0)
        ;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = 0;
}

static void *flush(void *view)
{
    struct sock_filter lines[4];
    size_t count = answer(lines, load_number(lines), SYS_msync, SECCOMP_RET_TRAP);

    lines[count++] = filter_line(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
    CHECK(install_filter(lines, count));
    CHECK_QUIET(FlushViewOfFile(view, 0));
    return NULL;
}

int main(void)
{
    const char *path;
    HANDLE file, section;
    struct sigaction action;
    char *view, *second;
    pthread_t flusher;
    PEER child;

    check_begin();
    need_filters();
    memset(&action, 0, sizeof action);
    action.sa_sigaction = be_the_disk, action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGSYS, &action, NULL) == 0);
    CHECK(sem_init(&disk_begins, 0, 0) == 0 && sem_init(&disk_may_end, 0, 0) == 0);
    put(path = file_path("flush"), "contents");
    CHECK((file = open_file(path, READ_WRITE)) != NULL);
    CHECK((section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL)) != NULL);
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL);

    CHECK(pthread_create(&flusher, NULL, flush, view) == 0);
    while (sem_wait(&disk_begins) != 0)
        ;
    CHECK_QUIET((second = view_of(section, FILE_MAP_WRITE)) != NULL);
    CHECK_QUIET(UnmapViewOfFile(second));
    child = fork_peer();
    if (child.pid == 0)
        _exit(view_of(section, FILE_MAP_READ) != NULL ? 0 : 1);
    CHECK(end_of(&child) == 0);
    CHECK_QUIET(UnmapViewOfFile(view)); /* also the very view that is being flushed */
    sem_post(&disk_may_end);
    CHECK(pthread_join(flusher, NULL) == 0);
    CHECK(CloseHandle(section) && CloseHandle(file));
    unlink(path);
    return check_end();
}
