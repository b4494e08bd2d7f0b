//! What stands before and after the generated parts of the headers.

pub const WINSHM_BEGINNING: &str = "\
/*
 * winshm.h - Windows named shared memory for Linux.
 *
 * Link with -lwinshm. Names, lifetimes, rights and error codes are Windows';
 * docs/reference.md tells what differs. Functions are in Microsoft's documentation too;
 * the comments here say what holds on Linux.
 *
 * In all functions: a pointer is NULL where its documentation allows it, else
 * valid for the call; NULL elsewhere is an error, not a crash. A function that
 * fails sets the last error of its thread (GetLastError), one that succeeds
 * leaves it alone unless it says otherwise. Every function may be called from
 * every thread; in a signal handler only SetEvent, ResetEvent, ReleaseSemaphore,
 * GetLastError and SetLastError.
 *
 * Generated from the Rust sources: change them, then run `./dev bless`.
 */
#ifndef WINSHM_H
#define WINSHM_H

#include \"winshm_platform.h\"

";

pub const WINSHM_END: &str = "
#ifdef UNICODE
typedef STARTUPINFOW STARTUPINFO;
typedef LPSTARTUPINFOW LPSTARTUPINFO;
#else
typedef STARTUPINFOA STARTUPINFO;
typedef LPSTARTUPINFOA LPSTARTUPINFO;
#endif

/*
 * Sources give LONG_MAX as the maximum of a semaphore, which has 64 bits here: what
 * is more than a LONG can hold means the largest one.
 */
static inline LONG winshm_clamp_long(long long value)
{
    return value > 0x7FFFFFFFLL ? 0x7FFFFFFF : value < -0x7FFFFFFFLL ? -0x7FFFFFFF : (LONG)value;
}
#define CreateSemaphoreA(attributes, count, maximum, name) \\
    CreateSemaphoreA(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name)
#define CreateSemaphoreW(attributes, count, maximum, name) \\
    CreateSemaphoreW(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name)
#define CreateSemaphoreExA(attributes, count, maximum, name, flags, access) \\
    CreateSemaphoreExA(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name, flags, access)
#define CreateSemaphoreExW(attributes, count, maximum, name, flags, access) \\
    CreateSemaphoreExW(attributes, winshm_clamp_long(count), winshm_clamp_long(maximum), name, flags, access)

#ifdef __cplusplus
} /* extern \"C\" */
#endif

#endif /* WINSHM_H */
";

pub const NT_BEGINNING: &str = "\
/*
 * winshm_nt.h - functions of ntdll for Linux. Programs include <winternl.h>.
 *
 * They return a status and leave the last error alone.
 *
 * Generated from the Rust sources: change them, then run `./dev bless`.
 */
#ifndef WINSHM_NT_H
#define WINSHM_NT_H

#include \"winshm.h\"

/** Whether a status is a success. */
#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)

/** What NtQuerySection is asked for. */
typedef enum _SECTION_INFORMATION_CLASS {
    SectionBasicInformation = 0,
    SectionImageInformation = 1
} SECTION_INFORMATION_CLASS;

";

pub const SHARED_MEMORY_BEGINNING: &str = "\
/*
 * SharedMemory.h - shared memory for Linux that is read and written whole.
 *
 *     SharedMemory *memory;
 *     if (SharedMemoryCreate(\"telemetry\", sizeof sample, &memory) == 0)
 *         SharedMemoryWrite(memory, &sample, sizeof sample);
 *
 * Link with -lwinshm. Needs no other header of winshm; may be included beside
 * <windows.h>. C99 and later, C++11 and later.
 *
 * Functions return 0, or the code of an error (SHARED_MEMORY_... below, Windows'
 * numbers), which GetLastError of winshm.h tells too. On an error no output was
 * written; SharedMemoryRead names two exceptions. A pointer is NULL where its
 * documentation allows it, else valid for the call; NULL elsewhere is an error, not a
 * crash. Every function may be called from every thread, none in a signal handler.
 *
 * Reads and writes are whole among all who use these functions, in threads and
 * processes, for every kind of segment; also when a writer is killed half way.
 * Not protected: what other programs do to the segment with pointers of their own,
 * SharedMemoryData included. Of POSIX and System V segments that several users
 * write, only one user's processes are protected from each other, unless the
 * administrator provides the machine-wide directory
 * (docs/concepts.md#global-for-the-whole-machine). Of System V segments, only processes of one
 * PID namespace are: its creator, by which a segment is known, has another number in each.
 *
 * A segment that another program truncates gives 38, and so do the library's own files
 * beside it, until the segment is opened anew. The library has a handler for SIGBUS
 * for that, from the first Create or Open on; other faults go to the handler that was
 * there. A program that installs its own later gets the library's faults too, until it
 * opens another segment. A thread that blocks SIGBUS must not use these functions on
 * what others may truncate: the kernel ends the process instead.
 *
 * A call must return: one that a signal handler leaves by longjmp in the middle of
 * a write stops all other writers, who get 170 after two seconds.
 *
 * Generated from the Rust sources: change them, then run `./dev bless`.
 */
#ifndef SHARED_MEMORY_H
#define SHARED_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define SHARED_MEMORY_API __attribute__((visibility(\"default\")))

";
