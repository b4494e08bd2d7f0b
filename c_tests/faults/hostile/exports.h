/*
 * exports.h - what libwinshm.so exports, read from its file.
 */
#ifndef HOSTILE_EXPORTS_H
#define HOSTILE_EXPORTS_H

#include "call.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Calls `seen` with each name. Returns how many there were. */
static int for_each_export(void (*seen)(const char *name, void *argument), void *argument)
{
    Dl_info library;
    struct stat status;
    const char *file;
    const Elf64_Ehdr *head;
    const Elf64_Shdr *sections;
    int descriptor, count = 0, i;

    if (dladdr(addresses[0], &library) == 0 || (descriptor = open(library.dli_fname, O_RDONLY)) < 0 || fstat(descriptor, &status) != 0)
        return 0;
    file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    close(descriptor);
    head = (const Elf64_Ehdr *)(const void *)file;
    sections = (const Elf64_Shdr *)(const void *)(file + head->e_shoff);
    for (i = 0; i < head->e_shnum; ++i) {
        const Elf64_Sym *symbols = (const Elf64_Sym *)(const void *)(file + sections[i].sh_offset);
        size_t number;

        if (sections[i].sh_type != SHT_DYNSYM)
            continue;
        for (number = 0; number < sections[i].sh_size / sizeof *symbols; ++number)
            if (symbols[number].st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbols[number].st_info) == STT_FUNC) {
                seen(file + sections[sections[i].sh_link].sh_offset + symbols[number].st_name, argument);
                ++count;
            }
    }
    munmap((void *)(uintptr_t)file, (size_t)status.st_size);
    return count;
}

/* A table to compare with: the real one, or one from which a function was taken. */
typedef struct COMPARISON {
    int first, missing, is_quiet;
} COMPARISON;
static void look_up(const char *name, void *argument)
{
    COMPARISON *comparison = argument;
    int i = comparison->first;

    while (i < FUNCTIONS && strcmp(functions[i].name, name) != 0)
        ++i;
    if (i == FUNCTIONS) {
        ++comparison->missing;
        if (!comparison->is_quiet)
            fprintf(stderr, "table.h does not have %s\n", name);
    }
}

static void the_table_has_every_function(void)
{
    COMPARISON all = {0, 0, 0}, without_the_first = {1, 0, 1};
    int i;

    for (i = 0; i < FUNCTIONS; ++i)
        if (!CHECK(addresses[i] != NULL))
            fprintf(stderr, "... %s is not exported\n", functions[i].name);
    CHECK(for_each_export(look_up, &all) == FUNCTIONS);
    CHECK(all.missing == 0);
    /* The planted fault: a function that nobody put into the table. */
    for_each_export(look_up, &without_the_first);
    CHECK(without_the_first.missing == 1);
}

#endif
