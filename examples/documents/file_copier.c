/* The documents' file copier: `file_copier SOURCE DESTINATION`; a forked and exec'ed child copies. */
#define _POSIX_C_SOURCE 200809L
#include <SharedMemory.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK_SIZE = 65536 };

struct Block {
    uint32_t number; /* 1, 2, ... */
    uint32_t size;   /* 0: the end of the file, which so may have any size */
    char bytes[BLOCK_SIZE];
};

struct Exchange {
    struct Block block; /* written by the parent only, when the one before is taken */
    uint32_t taken;     /* the number of the last block that was copied; written by the child only */
};

/* Each of the two processes has one of these functions, for the case that the other one died. */
static pid_t parent, child;
static int child_status = -1;
static int is_parent_gone(void) { return getppid() != parent; }
static int is_child_gone(void) { return waitpid(child, &child_status, WNOHANG) == child; }

static int failed(const char *what, int error) {
    fprintf(stderr, "file_copier: %s: %s\n", what, SharedMemoryErrorText(error));
    return 1;
}

/* Sleeps until the number at `offset` is this one. A dead process never writes: hence a look each second. */
static int wait_for(SharedMemory *memory, size_t offset, uint32_t number, int (*is_other_gone)(void)) {
    uint64_t sequence = 0;
    uint32_t found;
    int is_gone = 0;

    for (;;) {
        int error = SharedMemoryReadAt(memory, offset, &found, sizeof found);
        if (error != 0)
            return failed("read", error);
        if (found == number)
            return 0;
        if (is_gone) {
            fprintf(stderr, "file_copier: the other process ended\n");
            return 1;
        }
        error = SharedMemoryWait(memory, &sequence, 1000);
        if (error == SHARED_MEMORY_TIMEOUT)
            is_gone = is_other_gone();
        else if (error != 0)
            return failed("wait", error);
    }
}

/* The parent: hands over one block after the other, and one without bytes. */
static int send_file(SharedMemory *memory, FILE *source) {
    struct Block block = {0};

    do {
        block.number++;
        block.size = (uint32_t)fread(block.bytes, 1, BLOCK_SIZE, source);
        if (ferror(source)) {
            perror("file_copier: source");
            return 1;
        }
        /* As many bytes as there are, whatever they are: no strcpy, which ends at the first NUL. */
        int error = SharedMemoryWriteAt(memory, 0, &block, offsetof(struct Block, bytes) + block.size);
        if (error != 0)
            return failed("write", error);
        if (wait_for(memory, offsetof(struct Exchange, taken), block.number, is_child_gone) != 0)
            return 1;
    } while (block.size != 0);
    return 0;
}

/* The child: `file_copier --child NAME DESTINATION`. */
static int receive_file(const char *name, const char *destination) {
    SharedMemory *memory;
    struct Block block = {0};

    parent = getppid();
    int error = SharedMemoryOpen(name, &memory); /* by name: no mapping survives an exec */
    if (error != 0)
        return failed(name, error);
    FILE *copy = fopen(destination, "wb");
    if (copy == NULL) {
        perror(destination);
        return 1;
    }
    for (uint32_t number = 1; number == 1 || block.size != 0; number++) {
        if (wait_for(memory, offsetof(struct Block, number), number, is_parent_gone) != 0)
            return 1;
        error = SharedMemoryReadAt(memory, 0, &block, sizeof block);
        if (error != 0)
            return failed("read", error);
        const int is_written = fwrite(block.bytes, 1, block.size, copy) == block.size;
        if (!is_written || (block.size == 0 && fclose(copy) != 0)) {
            perror(destination);
            return 1;
        }
        error = SharedMemoryWriteAt(memory, offsetof(struct Exchange, taken), &number, sizeof number);
        if (error != 0)
            return failed("write", error);
    }
    return 0;
}

static int copy_file(const char *source_name, const char *destination) {
    char name[32];
    SharedMemory *memory;
    FILE *source = fopen(source_name, "rb");

    if (source == NULL) {
        perror(source_name);
        return 1;
    }
    snprintf(name, sizeof name, "file_copier.%d", (int)getpid());
    int error = SharedMemoryCreate(name, sizeof(struct Exchange), &memory);
    if (error != 0)
        return failed(name, error);

    child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "file_copier", "--child", name, destination, (char *)NULL);
        perror("file_copier: exec");
        _exit(127);
    }
    if (child == -1 || send_file(memory, source) != 0)
        return 1; /* a child that still waits sees that its parent is gone */
    waitpid(child, &child_status, 0);
    return child_status == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "--child") == 0)
        return receive_file(argv[2], argv[3]);
    if (argc == 3)
        return copy_file(argv[1], argv[2]);
    fprintf(stderr, "usage: file_copier SOURCE DESTINATION\n");
    return 2;
}
