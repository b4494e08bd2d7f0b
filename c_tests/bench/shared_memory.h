/* What the two halves of the benchmark of the SharedMemory family share. */
#ifndef BENCH_SHARED_MEMORY_H
#define BENCH_SHARED_MEMORY_H

#include <stddef.h>
#include <sys/types.h>

/* A System V segment of `size` bytes that goes away with the last process that
 * has it attached, whatever ends them: it is marked for removal at once, which on
 * Linux still lets others attach it by its id. */
int transient_segment(size_t size);

/* The documents' way to write and to read: attach, copy, detach. */
void attach_and_write(int segment, const void *data, size_t size);
void attach_and_read(int segment, void *buffer, size_t size);

/* Ends the program, whose names are then removed, after `seconds`. */
void give_up_after(unsigned seconds);

/* The rows about SharedMemoryWait. Its two names are `prefix` with these ends. */
#define WAIT_NAME_ENDS "-ping", "-pong"
void wait_rows(const char *prefix, int rounds);

#endif
