//! Which pages the reference has.

/// Pages: file, title, what is on it, and the sections of the headers that it has.
pub const PAGES: &[(&str, &str, &str, &[&str])] = &[
    ("sections", "Sections and views", "named memory, and files as memory", &["Sections and views"]),
    ("memory", "Memory of the process", "VirtualAlloc and its family", &["Memory of the process"]),
    ("events", "Events", "signals between threads and processes", &["Events"]),
    ("mutexes", "Mutexes", "one owner at a time, and abandonment", &["Mutexes"]),
    ("semaphores", "Semaphores", "a count that waits take from", &["Semaphores"]),
    ("timers", "Waitable timers", "signals at a time", &["Waitable timers"]),
    ("waiting", "Waiting", "for one, for any or for all of several objects", &["Waiting"]),
    ("handles", "Handles", "closing, duplicating, comparing", &["Handles"]),
    (
        "security",
        "Security",
        "security descriptors, identifiers and access control lists",
        &["Security descriptors", "Identifiers and access control lists"],
    ),
    (
        "files",
        "Files",
        "opening, reading, writing, locking and deleting",
        &[
            "Files",
            "Reading and writing files",
            "Size and position of files",
            "Locks of bytes of files",
            "Names of files",
            "Standard input, output and error",
        ],
    ),
    (
        "processes",
        "Processes",
        "the own one, others, and starting programs",
        &["Processes, and the calling thread", "Starting programs"],
    ),
    ("threads", "Threads", "CreateThread and its family", &["Threads"]),
    ("system", "The machine and its clocks", "pages, processors, times", &["The machine and its clocks"]),
    (
        "messages",
        "Messages and texts",
        "FormatMessage, UTF-8 and wide characters, OutputDebugString",
        &["Messages", "Texts in other encodings, and for developers"],
    ),
    (
        "modules",
        "Libraries and programs",
        "GetProcAddress and its family; LocalAlloc",
        &["Libraries and programs", "Memory that the caller frees"],
    ),
    (
        "native",
        "Native functions",
        "what ntdll has, in `winshm_nt.h` and `winternl.h`",
        &["Native functions"],
    ),
    (
        "shared-memory",
        "SharedMemory",
        "memory that is read and written whole; not on Windows",
        &["SharedMemory"],
    ),
    ("types", "Types", "structures and basic types", &["Types"]),
    ("errors", "Errors", "every code, with its text and who gives it", &["Errors"]),
];
