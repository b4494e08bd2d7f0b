/*
 * stepping.h - what the calling thread executes, one instruction after the other: the
 * processor stops after each, and a handler looks at the next one. It finds what no
 * replaced function can show, such as a lock that nobody else has.
 */
#ifndef STEPPING_H
#define STEPPING_H

#include "check.h"

#include <dlfcn.h>
#include <ucontext.h>
#include <x86intrin.h>

/* What happened between `begin_stepping` and `end_stepping`. */
typedef struct STEPS {
    long instructions, system_calls, atomics, allocations, locks;
    long last_system_call;
    const char *last_function; /* that allocates or locks */
    greg_t called_from[8];
    greg_t atomic_at[8];
} STEPS;

/* The handler writes here. */
static volatile STEPS steps;

/* Whether the instruction reads and writes memory as one, which no other processor comes between. */
static inline int is_atomic(const unsigned char *code)
{
    /* Operand and address size, repetition, segment. */
    while (*code == 0x66 || *code == 0x67 || *code == 0xF2 || *code == 0xF3 || *code == 0x2E || *code == 0x36 ||
           *code == 0x3E || *code == 0x26 || *code == 0x64 || *code == 0x65)
        ++code;
    if (*code == 0xF0)
        return 1;
    if ((*code & 0xF0) == 0x40) /* wider, or more registers */
        ++code;
    return (*code == 0x86 || *code == 0x87) && code[1] < 0xC0; /* an exchange with memory */
}
static inline int is_system_call(const unsigned char *code) { return code[0] == 0x0F && code[1] == 0x05; }

/* Functions of the C library that are seen when they are entered. */
typedef struct WATCHED {
    const char *name;
    int locks;
    greg_t address;
} WATCHED;
static WATCHED watched[] = {
    {"malloc", 0, 0},
    {"calloc", 0, 0},
    {"realloc", 0, 0},
    {"free", 0, 0},
    {"posix_memalign", 0, 0},
    {"aligned_alloc", 0, 0},
    {"mmap", 0, 0},
    {"pthread_mutex_lock", 1, 0},
    {"pthread_mutex_trylock", 1, 0},
    {"pthread_rwlock_rdlock", 1, 0},
    {"pthread_rwlock_wrlock", 1, 0},
    {"pthread_spin_lock", 1, 0},
    {"pthread_once", 1, 0},
    {"sem_wait", 1, 0},
};

static inline void look_at_step(int signal_number, siginfo_t *info, void *context)
{
    const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *code = (const unsigned char *)registers[REG_RIP];
    size_t i;

    (void)signal_number, (void)info;
    steps.instructions = steps.instructions + 1;
    if (is_system_call(code)) {
        steps.system_calls = steps.system_calls + 1;
        steps.last_system_call = (long)registers[REG_RAX];
    } else if (is_atomic(code)) {
        if (steps.atomics < (long)(sizeof steps.atomic_at / sizeof *steps.atomic_at))
            steps.atomic_at[steps.atomics] = registers[REG_RIP];
        steps.atomics = steps.atomics + 1;
    }
    for (i = 0; i < sizeof watched / sizeof *watched; ++i)
        if (watched[i].address == registers[REG_RIP]) {
            if (steps.allocations + steps.locks < 8)
                steps.called_from[steps.allocations + steps.locks] = *(const greg_t *)registers[REG_RSP];
            if (watched[i].locks)
                steps.locks = steps.locks + 1;
            else
                steps.allocations = steps.allocations + 1;
            steps.last_function = watched[i].name;
        }
}

/* Before the first steps. */
static inline void prepare_stepping(void)
{
    struct sigaction action;
    size_t i;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = look_at_step, action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
    for (i = 0; i < sizeof watched / sizeof *watched; ++i)
        CHECK((watched[i].address = (greg_t)dlsym(RTLD_DEFAULT, watched[i].name)) != 0);
}

#define TRAP_FLAG 0x100ull

static inline __attribute__((always_inline)) void begin_stepping(void)
{
    memset((void *)&steps, 0, sizeof steps);
    __writeeflags(__readeflags() | TRAP_FLAG);
}
static inline __attribute__((always_inline)) void end_stepping(void)
{
    __writeeflags(__readeflags() & ~TRAP_FLAG);
}

/* Where in which file that is, as addr2line wants it. */
static inline void print_place(greg_t address)
{
    Dl_info where;

    if (dladdr((void *)address, &where) != 0)
        fprintf(stderr, "    %s 0x%lx\n", where.dli_fname, (unsigned long)address - (unsigned long)where.dli_fbase);
}

#endif
