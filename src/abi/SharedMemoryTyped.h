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
