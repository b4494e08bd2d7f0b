/*
 * opened_alone.c - a program that is not linked with the library, but opens it with dlopen
 * and shows its symbols to nobody: opened_alone LIBRARY
 */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *(*module)(const char *);
    void *(*function)(void *, const char *);

    if (library == NULL) {
        fprintf(stderr, "%s\n", argc == 2 ? dlerror() : "usage: opened_alone LIBRARY");
        return 1;
    }
    *(void **)&module = dlsym(library, "GetModuleHandleA");
    *(void **)&function = dlsym(library, "GetProcAddress");
    if (module == NULL || function == NULL || function(module("kernel32"), "CloseHandle") != dlsym(library, "CloseHandle")) {
        fprintf(stderr, "the library does not find its own functions\n");
        return 1;
    }
    return 0;
}
