/*
 * SharedMemory.h - shared memory for Linux that is read and written whole.
 *
 *     SharedMemory *memory;
 *     if (SharedMemoryCreate("telemetry", sizeof sample, &memory) == 0)
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

#define SHARED_MEMORY_API __attribute__((visibility("default")))

/** No segment of that name. */
#define SHARED_MEMORY_NOT_FOUND 2
/** The name has an unknown prefix, or there is no directory for names. */
#define SHARED_MEMORY_PATH_NOT_FOUND 3
/** The process has no free file descriptor. */
#define SHARED_MEMORY_TOO_MANY_FILES 4
/** No permission, or the segment was opened for reading only. */
#define SHARED_MEMORY_ACCESS_DENIED 5
/** Not an open SharedMemory, or the name belongs to another kind of object. */
#define SHARED_MEMORY_STALE 6
/** No memory or no address space. */
#define SHARED_MEMORY_NO_MEMORY 8
/** A writer died half way in the bytes asked for. */
#define SHARED_MEMORY_TORN 13
/** Beyond the segment, or the existing segment is smaller than asked. */
#define SHARED_MEMORY_BAD_LENGTH 24
/** Another program cut the segment off. */
#define SHARED_MEMORY_TRUNCATED 38
/** An argument is NULL, zero or impossible. */
#define SHARED_MEMORY_INVALID_PARAMETER 87
/** The name is empty or malformed. */
#define SHARED_MEMORY_INVALID_NAME 123
/** Another process was stopped in the middle of a write. */
#define SHARED_MEMORY_BUSY 170
/** GetLastError after a Create that opened an existing segment. */
#define SHARED_MEMORY_EXISTS 183
/** The name is too long. */
#define SHARED_MEMORY_NAME_TOO_LONG 206
/** The time is over. */
#define SHARED_MEMORY_TIMEOUT 258
/** The segment is empty. */
#define SHARED_MEMORY_EMPTY 1006
/** Not enough memory for the segment. */
#define SHARED_MEMORY_NO_SPACE 1455
/** No end, for SharedMemoryWait. */
#define SHARED_MEMORY_FOREVER 0xFFFFFFFFu
/** A winshm object: vanishes with its last user. */
#define SHARED_MEMORY_WINSHM 1
/** An object of shm_open. */
#define SHARED_MEMORY_POSIX 2
/** A segment of shmget. */
#define SHARED_MEMORY_SYSTEM_V 3

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An open segment. Not an address: a closed or invented one is an error.
 */
typedef struct SharedMemory SharedMemory;

/**
 * What SharedMemoryStat tells.
 */
typedef struct SharedMemoryInfo {
    /**
     * Before the call: sizeof(SharedMemoryInfo). After it: how much was filled.
     */
    uint32_t struct_size;
    /**
     * SHARED_MEMORY_WINSHM, SHARED_MEMORY_POSIX or SHARED_MEMORY_SYSTEM_V.
     */
    int32_t kind;
    /**
     * Bytes of the segment.
     */
    uint64_t size;
    /**
     * Writes that were completed by the functions of this header.
     */
    uint64_t sequence;
    /**
     * Processes that have it mapped, of those that the caller may look at; System V:
     * attachments (shm_nattch).
     */
    uint64_t attached;
    /**
     * 1: this object created the segment.
     */
    int32_t created;
    /**
     * 1: opened by SharedMemoryOpenReadOnly.
     */
    int32_t read_only;
    /**
     * The process that made the segment, 0 if not known.
     */
    uint32_t creator_pid;
    /**
     * The process that wrote last; System V: attached or detached last. 0 if not known.
     */
    uint32_t last_pid;
    uint32_t owner_uid;
    uint32_t owner_gid;
    /**
     * The nine permission bits.
     */
    uint32_t mode;
    /**
     * 0.
     */
    uint32_t reserved;
    /**
     * Seconds since 1970, 0 if not known.
     */
    int64_t create_time;
    /**
     * System V: when it was attached last, else 0.
     */
    int64_t attach_time;
    /**
     * System V: when it was detached last, else 0.
     */
    int64_t detach_time;
    /**
     * When size, owner or mode changed last.
     */
    int64_t change_time;
} SharedMemoryInfo;

/**
 * What SharedMemoryLimits tells.
 */
typedef struct SharedMemorySystem {
    /**
     * Before the call: sizeof(SharedMemorySystem). After it: how much was filled.
     */
    uint32_t struct_size;
    /**
     * Bytes of a page.
     */
    uint32_t page_size;
    /**
     * Bytes that one System V segment may have (SHMMAX).
     */
    uint64_t largest_segment;
    /**
     * System V segments that may exist (SHMMNI).
     */
    uint64_t most_segments;
    /**
     * Pages that all of them may have (SHMALL).
     */
    uint64_t most_pages;
    /**
     * System V segments that exist.
     */
    uint64_t segments;
    /**
     * Pages that they have.
     */
    uint64_t pages;
    /**
     * Pages of these in memory.
     */
    uint64_t resident_pages;
    /**
     * Pages of these in swap.
     */
    uint64_t swapped_pages;
    /**
     * Bytes of /dev/shm, where POSIX and winshm segments are; 0: no limit of its own.
     */
    uint64_t posix_size;
    /**
     * Bytes of these that are free.
     */
    uint64_t posix_free;
} SharedMemorySystem;

/**
 * Creates a segment, or opens the one of that name.
 *
 * The segment belongs to its user (mode 0600). A new one is zero. Which kind of
 * segment it is, and so how long it lives, the name tells:
 *
 * - telemetry, Local\telemetry, Global\telemetry: a winshm object. It vanishes with
 *   the last process that has it open, also when that one was killed. The same
 *   object as CreateFileMapping's of that name.
 * - /telemetry, Posix\telemetry: exactly the object of shm_open("/telemetry").
 * - SysV\1234, SysV\0x4d2: exactly the System V segment of that key.
 *
 * POSIX and System V segments stay until SharedMemoryFree, shm_unlink or ipcrm.
 *
 * @param name   in UTF-8
 * @param size   bytes; an existing segment must have at least so many
 * @param memory receives the object
 * @return 0, with GetLastError 0, or 183 if the segment existed; or
 *         87 name or memory is NULL, size is 0 or impossible;
 *         24 the existing segment is smaller; 5 no permission;
 *         3, 123, 161, 206 no possible name; 6 the name belongs to an event;
 *         4 out of descriptors; 8, 1455 out of memory;
 *         170 a stopped process keeps the name locked
 */
SHARED_MEMORY_API
int SharedMemoryCreate(const char *name,
                       size_t size,
                       struct SharedMemory **memory);

/**
 * SharedMemoryCreate with other permissions for a new segment, as shm_open and
 * shmget take them.
 *
 * @param mode permission bits, for example 0666. They are taken as they are: the
 *             umask does not count. They may forbid the caller himself to open it; what
 *             he gets here works
 * @return as SharedMemoryCreate; 87: mode has other bits
 */
SHARED_MEMORY_API
int SharedMemoryCreateMode(const char *name,
                           size_t size,
                           unsigned int mode,
                           struct SharedMemory **memory);

/**
 * Opens an existing segment for reading and writing.
 *
 * @param name   as in SharedMemoryCreate
 * @param memory receives the object
 * @return 0, or 2 there is none; 5 no permission; 1006 it is empty; and as
 *         SharedMemoryCreate
 */
SHARED_MEMORY_API int SharedMemoryOpen(const char *name, struct SharedMemory **memory);

/**
 * Opens an existing segment for reading. No permission to write is needed.
 *
 * @param name   as in SharedMemoryCreate
 * @param memory receives the object
 * @return as SharedMemoryOpen
 */
SHARED_MEMORY_API int SharedMemoryOpenReadOnly(const char *name, struct SharedMemory **memory);

/**
 * Writes to the beginning of a segment.
 *
 * Readers who use SharedMemoryRead get all of one write or none of it, also when
 * the writer is killed in the middle: then reads that touch what he was writing
 * return 13 until it is written again.
 *
 * @param memory the segment
 * @param data   what to write
 * @param size   bytes
 * @return 0, or 6 memory is not open; 87 data is NULL or size is 0; 24 the segment
 *         is smaller; 5 it was opened for reading; 38 another program cut it off (what
 *         was reached is torn); 170 a process was stopped in the middle of a write, two
 *         seconds ago; 1455 no memory is left (what was reached is torn); in a process
 *         that was forked since it opened memory: 4 out of descriptors, 5 the mode
 *         forbids it by now
 */
SHARED_MEMORY_API
int SharedMemoryWrite(struct SharedMemory *memory,
                      const void *data,
                      size_t size);

/**
 * Reads from the beginning of a segment. On an error the buffer is unchanged, but for
 * two cases in a read of more than 4096 bytes: the segment was cut off in the middle of
 * the copy (38); or the reader was stopped there for more than five milliseconds and
 * overtaken by a writer, and the second attempt failed (13, 38, 170, 1455). What is in
 * the buffer then means nothing.
 *
 * @param memory the segment
 * @param buffer receives the bytes
 * @param size   how many
 * @return 0, or 6 memory is not open; 87 buffer is NULL or size is 0; 24 the segment
 *         is smaller; 13 a writer died in the middle of these bytes; 38 another
 *         program cut the segment off; 170 a process was stopped in the middle of a
 *         write, two seconds ago; 1455 no memory is left for a part that was never
 *         written; 8 no memory is left for a copy, which is made where the process may
 *         not write the library's own file
 */
SHARED_MEMORY_API int SharedMemoryRead(struct SharedMemory *memory, void *buffer, size_t size);

/**
 * SharedMemoryWrite at an offset.
 *
 * @param memory the segment
 * @param offset bytes from its beginning
 * @param data   what to write
 * @param size   bytes
 * @return as SharedMemoryWrite; 24: offset + size is beyond the segment
 */
SHARED_MEMORY_API
int SharedMemoryWriteAt(struct SharedMemory *memory,
                        size_t offset,
                        const void *data,
                        size_t size);

/**
 * SharedMemoryRead at an offset.
 *
 * @param memory the segment
 * @param offset bytes from its beginning
 * @param buffer receives the bytes
 * @param size   how many
 * @return as SharedMemoryRead; 24: offset + size is beyond the segment
 */
SHARED_MEMORY_API
int SharedMemoryReadAt(struct SharedMemory *memory,
                       size_t offset,
                       void *buffer,
                       size_t size);

/**
 * Sleeps until somebody has written by the functions of this header. What raw
 * programs write wakes nobody.
 *
 * @param memory     the segment
 * @param sequence   before: how many completed writes are known, 0 at first; after:
 *                   how many there are. A read after the call gets at least these
 * @param timeout_ms milliseconds; SHARED_MEMORY_FOREVER: no end
 * @return 0 there are more; 258 the time is over, and *sequence as it was; 6 memory
 *         is not open, or was closed meanwhile; 87 sequence is NULL; 38 another program
 *         cut off the library's own file
 */
SHARED_MEMORY_API
int SharedMemoryWait(struct SharedMemory *memory,
                     uint64_t *sequence,
                     uint32_t timeout_ms);

/**
 * Tells about a segment what shmctl(IPC_STAT) and fstat tell, and more.
 *
 * @param memory the segment
 * @param info   its struct_size says how much of it the caller knows
 * @return 0, or 6 memory is not open; 87 info is NULL or its struct_size is below 8;
 *         4 out of descriptors; 5 the mode forbids to look at it (System V); 38 another
 *         program cut off the library's own file
 */
SHARED_MEMORY_API
int SharedMemoryStat(struct SharedMemory *memory,
                     struct SharedMemoryInfo *info);

/**
 * Changes the permissions of a segment, as shmctl(IPC_SET) and fchmod do. For its
 * owner and root.
 *
 * @param memory the segment
 * @param mode   permission bits
 * @return 0, or 6 memory is not open; 87 mode has other bits; 5 not the owner; 2 it was
 *         destroyed meanwhile (System V). What is open stays usable, whatever the mode
 */
SHARED_MEMORY_API int SharedMemorySetMode(struct SharedMemory *memory, unsigned int mode);

/**
 * Tells what the system allows and uses: IPC_INFO, SHM_INFO and the state of /dev/shm.
 *
 * @param limits its struct_size says how much of it the caller knows
 * @return 0, or 87 limits is NULL or its struct_size is below 8
 */
SHARED_MEMORY_API int SharedMemoryLimits(struct SharedMemorySystem *limits);

/**
 * Where the segment is mapped, for programs that work in it directly. What is
 * written there is not protected from being read half, and wakes nobody.
 *
 * @param memory the segment
 * @param size   receives its bytes; may be NULL
 * @return the address, valid until the object is closed, for reading only if it was
 *         opened so; NULL with GetLastError 6: memory is not open
 */
SHARED_MEMORY_API void *SharedMemoryData(struct SharedMemory *memory, size_t *size);

/**
 * Lets go of a segment. A winshm segment vanishes if nobody else has it; POSIX and
 * System V segments stay.
 *
 * @param memory the segment
 * @return 0, or 6 memory is not open
 */
SHARED_MEMORY_API int SharedMemoryClose(struct SharedMemory *memory);

/**
 * Lets go of a segment and destroys it, as shm_unlink and shmctl(IPC_RMID) do: its
 * name is free at once, and who has it open keeps the memory.
 *
 * @param memory the segment
 * @return 0, or 6 memory is not open; 5 the segment is another user's, and memory is
 *         still open
 */
SHARED_MEMORY_API int SharedMemoryFree(struct SharedMemory *memory);

/**
 * Says in English what a result of these functions means.
 *
 * @param error what a function returned
 * @return a sentence without a full stop, never NULL, valid for ever
 */
SHARED_MEMORY_API const char *SharedMemoryErrorText(int error);

#ifdef __cplusplus
} /* extern "C" */
#endif

/* ---- Sizes that the compiler knows ------------------------------------------- */

/*
 * sizeof(pointer) is 8, whatever it points to. What follows takes the size from
 * the type of what is copied; where there is only a pointer, it does not compile.
 */
#ifdef __cplusplus

/* Templates cannot have C linkage, and somebody may include this header with it. */
extern "C++" {

#include <type_traits>
#include <utility>

namespace shared_memory_typed {

/* A run says where its elements are and how many: data() and size(). */
template <class T>
auto data_of(int) -> decltype(static_cast<void>(static_cast<size_t>(std::declval<T &>().size())),
                              std::declval<T &>().data());
template <class T> void data_of(...);
template <class T> struct is_run : std::is_pointer<decltype(data_of<T>(0))> {};

/* Its first element: &run[0] if possible, because data() of a std::string is const before C++17. */
template <class T> auto first_element(T &run, int) -> decltype(&run[0]) {
    return run.size() == 0 ? nullptr : &run[0];
}
template <class T> auto first_element(T &run, long) -> decltype(run.data()) {
    return run.data();
}
template <class T> struct first_of {
    typedef decltype(first_element(std::declval<T &>(), 0)) type;
};

/* A view is a run that does not own its elements: its const is not theirs. */
template <class T, bool = is_run<T>::value && is_run<const T>::value> struct is_view : std::false_type {};
template <class T>
struct is_view<T, true> : std::is_same<typename first_of<T>::type, typename first_of<const T>::type> {};

/* Lists, maps and the like: elements, but no data(). */
template <class T> auto begin_of(int) -> decltype(std::declval<T &>().begin(), std::true_type());
template <class T> std::false_type begin_of(...);
template <class T>
struct is_scattered : std::integral_constant<bool, decltype(begin_of<T>(0))::value && !is_run<T>::value> {};

template <class T>
struct is_pointer_like
    : std::integral_constant<bool, std::is_pointer<T>::value || std::is_member_pointer<T>::value ||
                                       std::is_same<T, decltype(nullptr)>::value> {};

/* Compiles if the bytes of a T mean in another process what they mean here. */
template <class T> struct check {
    static_assert(!is_pointer_like<T>::value,
                  "SharedMemory: a pointer does not know the size of what it points to, and means nothing in "
                  "another process; pass the array or the object itself, or its size in bytes too");
    static_assert(!is_view<T>::value,
                  "SharedMemory: a view within an array or container is a pointer, which means nothing in "
                  "another process; copy what it refers to");
    static_assert(!is_scattered<T>::value,
                  "SharedMemory: the elements of this container do not lie in one piece, or it has no data(); "
                  "copy them into an array or a std::vector");
    static_assert(is_pointer_like<T>::value || is_scattered<T>::value || std::is_trivially_copyable<T>::value,
                  "SharedMemory: only trivially copyable objects and elements can be copied as bytes");
};

/* The bytes of an object or an array. */
template <class T, bool = is_run<T>::value>
struct bytes : check<typename std::remove_cv<typename std::remove_all_extents<T>::type>::type> {
    typedef T *pointer;
    static pointer begin(T &object) { return &object; }
    static size_t size(T &) { return sizeof(T); }
};

/* The bytes of the elements of a run. */
template <class T>
struct bytes<T, true>
    : check<typename std::remove_cv<typename std::remove_pointer<typename first_of<T>::type>::type>::type> {
    typedef typename first_of<T>::type pointer;
    static pointer begin(T &run) { return first_element(run, 0); }
    static size_t size(T &run) { return static_cast<size_t>(run.size()) * sizeof(*begin(run)); }
};

/* The bytes of what is read into: `T` is a reference unless it is a temporary. */
template <class T> struct target : bytes<typename std::remove_reference<T>::type> {
    typedef typename std::remove_reference<T>::type object;
    static_assert(std::is_lvalue_reference<T>::value || is_pointer_like<object>::value || is_view<object>::value,
                  "SharedMemory: this is a temporary, gone after the call; read into a variable");
    static_assert(!std::is_const<typename std::remove_pointer<typename bytes<object>::pointer>::type>::value,
                  "SharedMemory: this is const; read into a variable");
};

} /* namespace shared_memory_typed */

/**
 * Writes an array, a trivially copyable object, or the elements of a container or
 * view (std::vector, std::array, std::string, std::span...) to the beginning.
 */
template <class T> int SharedMemoryWrite(SharedMemory *memory, const T &object) {
    typedef shared_memory_typed::bytes<const T> bytes;
    return SharedMemoryWrite(memory, bytes::begin(object), bytes::size(object));
}

/**
 * Reads into an array, an object, or the elements that a container already has.
 */
template <class T> int SharedMemoryRead(SharedMemory *memory, T &&object) {
    typedef shared_memory_typed::target<T> target;
    return SharedMemoryRead(memory, target::begin(object), target::size(object));
}

/** SharedMemoryWrite at an offset. */
template <class T> int SharedMemoryWriteAt(SharedMemory *memory, size_t offset, const T &object) {
    typedef shared_memory_typed::bytes<const T> bytes;
    return SharedMemoryWriteAt(memory, offset, bytes::begin(object), bytes::size(object));
}

/** SharedMemoryRead at an offset. */
template <class T> int SharedMemoryReadAt(SharedMemory *memory, size_t offset, T &&object) {
    typedef shared_memory_typed::target<T> target;
    return SharedMemoryReadAt(memory, offset, target::begin(object), target::size(object));
}

} /* extern "C++" */

/* The names that C has, see below. */
#define SharedMemoryWriteArray(memory, array) SharedMemoryWrite((memory), (array))
#define SharedMemoryReadArray(memory, array) SharedMemoryRead((memory), (array))

#else

#if __STDC_VERSION__ >= 201112L
#define SHARED_MEMORY_REFUSE(is_pointer)                                                                  \
    _Static_assert(!(is_pointer),                                                                         \
                   "SharedMemory: a pointer does not know the size of what it points to; pass the array " \
                   "itself, or call the function that takes a size")
#else
#define SHARED_MEMORY_REFUSE(is_pointer)                                                                  \
    int SharedMemory_a_pointer_does_not_know_the_size_of_what_it_points_to : (is_pointer) ? -1 : 1
#endif

/* The size of an array. Of a pointer, but not of an array, &(array)[0] has the same type. */
#define SHARED_MEMORY_ARRAY_SIZE(array)                                                                   \
    (sizeof(array) + 0 * sizeof(struct {                                                                  \
         SHARED_MEMORY_REFUSE(__builtin_types_compatible_p(__typeof__(array), __typeof__(&(array)[0])));  \
         int unused;                                                                                      \
     }))

/** SharedMemoryWrite and SharedMemoryRead of a whole array; a pointer does not compile. */
#define SharedMemoryWriteArray(memory, array)                                                             \
    SharedMemoryWrite((memory), (array), SHARED_MEMORY_ARRAY_SIZE(array))
#define SharedMemoryReadArray(memory, array)                                                              \
    SharedMemoryRead((memory), (array), SHARED_MEMORY_ARRAY_SIZE(array))

#endif

#endif /* SHARED_MEMORY_H */
