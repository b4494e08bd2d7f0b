/*
 * test_file_section_cut.c - a file is cut off while somebody makes a section of it: one of them
 * comes first. Nobody has a section of bytes that are gone then.
 */
#include "files.h"
#include "sandbox.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t cut_begins, may_cut;
static const char *path;

/* In place of ftruncate: the same, when the test says so. */
static void cut_late(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number, (void)info;
    sem_post(&cut_begins);
    while (sem_wait(&may_cut) != 0)
        ;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = truncate(path, 0) == 0 ? 0 : -errno;
}

/* Empties the file by the handle, which is at its beginning. */
static void *cut(void *file)
{
    struct sock_filter lines[4];
    size_t count = answer(lines, load_number(lines), SYS_ftruncate, SECCOMP_RET_TRAP);

    lines[count++] = filter_line(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
    CHECK(install_filter(lines, count));
    CHECK_QUIET(SetEndOfFile(file));
    return NULL;
}

static void *make_section(void *file)
{
    CHECK_ERROR(CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL), ERROR_FILE_INVALID);
    return NULL;
}

int main(void)
{
    struct sigaction action;
    HANDLE files[2], section;
    pthread_t cutter, maker;

    check_begin();
    need_filters();
    memset(&action, 0, sizeof action);
    action.sa_sigaction = cut_late, action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGSYS, &action, NULL) == 0);
    CHECK(sem_init(&cut_begins, 0, 0) == 0 && sem_init(&may_cut, 0, 0) == 0);
    put(path = file_path("cut"), "contents");
    CHECK((files[0] = open_file(path, READ_WRITE)) != NULL && (files[1] = open_file(path, READ_WRITE)) != NULL);

    CHECK(pthread_create(&cutter, NULL, cut, files[0]) == 0);
    while (sem_wait(&cut_begins) != 0)
        ;
    CHECK(pthread_create(&maker, NULL, make_section, files[1]) == 0);
    Sleep(50); /* time enough to get a section that he must not get */
    sem_post(&may_cut);
    CHECK(pthread_join(maker, NULL) == 0 && pthread_join(cutter, NULL) == 0);

    /* Whoever makes one in time keeps it. */
    put(path, "contents");
    CHECK((section = CreateFileMappingA(files[1], NULL, PAGE_READWRITE, 0, 0, NULL)) != NULL);
    CHECK_ERROR(SetEndOfFile(files[0]), ERROR_USER_MAPPED_FILE);
    CHECK(holds(path, "contents"));
    CHECK(CloseHandle(section) && CloseHandle(files[0]) && CloseHandle(files[1]));
    unlink(path);
    return check_end();
}
