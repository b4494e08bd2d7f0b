/*
 * Shared memory by the bare calls of POSIX and of System V: made, mapped, given back.
 */
#define _GNU_SOURCE
#include "contender.h"

#include "bare.h"

#include <fcntl.h>
#include <sys/shm.h>

#define SIZE 65536
enum how { PLAIN, TOUCHED, ALLOCATED };
static char name[80];
static int file, segment;

static void choose_name(void) { snprintf(name, sizeof name, "/%s", name_of("posix")); }

static void touch(void *data)
{
    for (size_t at = 0; at < SIZE; at += 4096)
        ((volatile char *)data)[at] = 1;
}

/* --- POSIX --------------------------------------------------------------------------- */

static void map_and_unmap(int of, int touched)
{
    void *data = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, of, 0);
    MUST(data != MAP_FAILED);
    if (touched)
        touch(data);
    MUST(munmap(data, SIZE) == 0 && close(of) == 0);
}

static void create_posix(enum how how)
{
    int created = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(created >= 0);
    MUST((how == ALLOCATED ? posix_fallocate(created, 0, SIZE) : ftruncate(created, SIZE)) == 0);
    map_and_unmap(created, how == TOUCHED);
    MUST(shm_unlink(name) == 0);
}

static void open_posix(void)
{
    int opened = shm_open(name, O_RDWR | O_CLOEXEC, 0);
    MUST(opened >= 0);
    map_and_unmap(opened, 0);
}

static void begin_opening(void)
{
    choose_name();
    file = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(file >= 0 && posix_fallocate(file, 0, SIZE) == 0);
}

static void end_opening(void) { MUST(shm_unlink(name) == 0 && close(file) == 0); }

MEASURE(measure_touched, create_posix(TOUCHED))
MEASURE(measure_allocated, create_posix(ALLOCATED))
MEASURE(measure_plain, create_posix(PLAIN))
MEASURE(measure_open, open_posix())

/* --- System V ------------------------------------------------------------------------ */

static void attach_and_detach(int id, int touched)
{
    void *data = shmat(id, NULL, 0);
    MUST(data != (void *)-1);
    if (touched)
        touch(data);
    MUST(shmdt(data) == 0);
}

static void create_system_v(int touched)
{
    int id = shmget(key_of_run(), SIZE, IPC_CREAT | IPC_EXCL | 0600);
    MUST(id >= 0);
    attach_and_detach(id, touched);
    MUST(shmctl(id, IPC_RMID, NULL) == 0);
}

static void begin_segment(void)
{
    segment = shmget(key_of_run(), SIZE, IPC_CREAT | IPC_EXCL | 0600);
    MUST(segment >= 0);
    attach_and_detach(segment, 1);
}

static void open_system_v(void)
{
    int id = shmget(key_of_run(), 0, 0600);
    MUST(id == segment);
    attach_and_detach(id, 0);
}

static void end_segment(void) { MUST(shmctl(segment, IPC_RMID, NULL) == 0); }

MEASURE(measure_system_v, create_system_v(0))
MEASURE(measure_system_v_touched, create_system_v(1))
MEASURE(measure_attach, open_system_v())

static const struct contender contenders[] = {
    {"section-create-touched", "raw POSIX", choose_name, measure_touched, NULL, 0, 0, NULL},
    {"section-create", "raw POSIX+posix_fallocate", choose_name, measure_allocated, NULL, 0, 0, NULL},
    {"section-create-reserved", "raw POSIX", choose_name, measure_plain, NULL, 0, 0, NULL},
    {"section-open", "raw POSIX", begin_opening, measure_open, end_opening, 0, 0, NULL},
    {"section-open-own", "raw POSIX", begin_opening, measure_open, end_opening, 0, 0, NULL},
    {"section-create-touched", "System V", NULL, measure_system_v_touched, NULL, 0, 0, NULL},
    {"section-create-reserved", "System V", NULL, measure_system_v, NULL, 0, 0, NULL},
    {"section-open", "System V", begin_segment, measure_attach, end_segment, 0, 0, NULL},
};
CONTENDERS(contenders)
