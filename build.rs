//! Tells the linker what it must know and, with the feature `header`, composes
//! the C header in OUT_DIR. Nothing is written into the source tree.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The library has thread-exit, fork and exit handlers: unloading it under
    // them would be a crash.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // Only for builds that also make the link of that name, as CMake's does.
    println!("cargo:rerun-if-env-changed=WINSHM_SONAME");
    if let Ok(soname) = std::env::var("WINSHM_SONAME") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,{soname}");
    }
    exports::write();
    #[cfg(feature = "header")]
    header::write();
}

/// The functions of src/abi: by name, as an expression for src/abi/exports.rs, and with
/// their parameters, as tables for src/trace.
mod exports {
    use std::fmt::Write;
    use std::path::Path;

    /// An exported function, as its source declares it.
    struct Function {
        name: String,
        module: String,
        /// Name and type of each.
        parameters: Vec<(String, String)>,
        result: String,
    }

    pub fn write() {
        println!("cargo:rerun-if-changed=src/abi");
        let mut functions = functions("src/abi", "super");
        functions.extend(self::functions("src/abi/wide32", "super::wide32"));
        functions.sort_by(|first, second| (&first.name, &first.module).cmp(&(&second.name, &second.module)));
        write_to_out("exports.rs", &addresses(&functions));
        write_to_out("calls.rs", &calls(&functions));
    }

    fn write_to_out(file: &str, text: &str) {
        let out = std::env::var_os("OUT_DIR").expect("set by cargo");
        std::fs::write(Path::new(&out).join(file), text).expect("OUT_DIR is writable");
    }

    fn addresses(functions: &[Function]) -> String {
        let mut text =
            String::from("fn address(name: &str) -> Option<*const c_void> {\n    Some(match name {\n");
        for Function { name, module, .. } in functions {
            writeln!(text, "        \"{name}\" => {module}::{name} as *const c_void,").expect("memory");
        }
        text.push_str("        _ => return None,\n    })\n}\n");
        text
    }

    fn calls(functions: &[Function]) -> String {
        let mut text = String::new();
        for Function { name, parameters, result, .. } in functions {
            writeln!(text, "pub static {name}: Call = Call {{").expect("memory");
            writeln!(text, "    symbol: \"{name}\",\n    parameters: &[").expect("memory");
            for (name, kind) in parameters {
                writeln!(text, "        Parameter {{ name: \"{name}\", kind: \"{kind}\" }},")
                    .expect("memory");
            }
            writeln!(text, "    ],\n    result: \"{result}\",\n}};").expect("memory");
        }
        text.push_str("#[cfg(test)]\npub static ALL: &[&Call] = &[\n");
        for Function { name, .. } in functions {
            writeln!(text, "    &{name},").expect("memory");
        }
        text.push_str("];\n");
        text
    }

    /// The functions in the files of a folder.
    fn functions(folder: &str, parent: &str) -> Vec<Function> {
        let mut functions = Vec::new();
        for entry in std::fs::read_dir(folder).expect("a folder of the project") {
            let path = entry.expect("a readable entry").path();
            let file = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8").to_string();
            // Not in an ordinary build.
            if path.extension().is_none_or(|end| end != "rs") || file == "bench" {
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("UTF-8");
            for part in source.split("#[unsafe(no_mangle)]\n").skip(1) {
                let signature = part.split_once(" fn ").expect("a function").1;
                functions.push(function(signature, format!("{parent}::{file}")));
            }
        }
        functions
    }

    /// Of the text that begins with the function's name.
    fn function(signature: &str, module: String) -> Function {
        let (name, rest) = signature.split_once('(').expect("parameters");
        let (list, rest) = rest.split_once(')').expect("the end of the parameters");
        let parameter = |text: &str| {
            let (name, kind) = text.split_once(':')?;
            Some((name.trim().to_string(), kind.trim().to_string()))
        };
        Function {
            name: name.split('<').next().expect("a name").to_string(),
            module,
            parameters: list.split(',').filter_map(parameter).collect(),
            result: rest.split('{').next().expect("a body").trim().trim_start_matches("-> ").to_string(),
        }
    }
}

/// The header is composed of pieces, in reading order; no piece is parsed again.
#[cfg(feature = "header")]
mod header {
    use std::fmt::Write;
    use std::path::Path;

    /// A file under `src/abi`, the constants that belong to it, and the title.
    const SECTIONS: &[(&str, &[Constant], &str)] = &[
        ("types", &[], "Types"),
        ("error", consts::errors, "Errors"),
        ("handle", consts::handles, "Handles"),
        ("security", consts::security, "Security descriptors"),
        ("access_list", consts::access_lists, "Identifiers and access control lists"),
        ("section", consts::sections, "Sections and views"),
        ("virtual_memory", consts::memory, "Memory of the process"),
        ("message", consts::messages, "Messages"),
        ("text", consts::texts, "Texts in other encodings, and for developers"),
        ("module", &[], "Libraries and programs"),
        ("local_memory", consts::local_memory, "Memory that the caller frees"),
        ("event", consts::events, "Events"),
        ("mutex", consts::mutexes, "Mutexes"),
        ("semaphore", consts::semaphores, "Semaphores"),
        ("timer", consts::timers, "Waitable timers"),
        ("wait", consts::waits, "Waiting"),
        ("file", consts::files, "Files"),
        ("file_transfer", &[], "Reading and writing files"),
        ("file_position", consts::file_positions, "Size and position of files"),
        ("file_lock", consts::file_locks, "Locks of bytes of files"),
        ("file_name", &[], "Names of files"),
        ("standard", consts::standard_streams, "Standard input, output and error"),
        ("process", consts::processes, "Processes, and the calling thread"),
        ("create_process", consts::process_creation, "Starting programs"),
        ("thread", consts::threads, "Threads"),
        ("system", consts::system, "The machine and its clocks"),
    ];

    /// What cbindgen would drop, because no function of the same file uses it.
    const TYPES: &[&str] = &[
        "_SECURITY_ATTRIBUTES",
        "SECURITY_ATTRIBUTES",
        "PSECURITY_ATTRIBUTES",
        "LPSECURITY_ATTRIBUTES",
        "_FILETIME",
        "FILETIME",
        "PFILETIME",
        "LPFILETIME",
        "_STARTUPINFOA",
        "STARTUPINFOA",
        "LPSTARTUPINFOA",
        "_STARTUPINFOW",
        "STARTUPINFOW",
        "LPSTARTUPINFOW",
        "_PROCESS_INFORMATION",
        "PROCESS_INFORMATION",
        "PPROCESS_INFORMATION",
        "LPPROCESS_INFORMATION",
        "LPTHREAD_START_ROUTINE",
        "PTHREAD_START_ROUTINE",
        "PTIMERAPCROUTINE",
        "_MEMORY_BASIC_INFORMATION",
        "MEMORY_BASIC_INFORMATION",
        "PMEMORY_BASIC_INFORMATION",
        "_WIN32_MEMORY_RANGE_ENTRY",
        "WIN32_MEMORY_RANGE_ENTRY",
        "PWIN32_MEMORY_RANGE_ENTRY",
    ];

    /// The same for the functions of ntdll.
    const NT_TYPES: &[&str] =
        &["_SECTION_BASIC_INFORMATION", "SECTION_BASIC_INFORMATION", "PSECTION_BASIC_INFORMATION"];

    struct Constant {
        doc: &'static str,
        name: &'static str,
        kind: &'static str,
        value: &'static str,
    }

    macro_rules! constants {
        ($(section $section:ident {
            $($(#[doc = $doc:literal])* $name:ident: $type:ty = $value:expr;)*
        })*) => {
            $(pub const $section: &[super::Constant] = &[$(super::Constant {
                doc: concat!($($doc),*),
                name: stringify!($name),
                kind: stringify!($type),
                value: stringify!($value),
            },)*];)*
        };
    }

    #[expect(non_upper_case_globals, reason = "named by the sections of the table")]
    mod consts {
        include!("src/consts/mod.rs");
    }

    pub fn write() {
        for input in ["src/abi", "src/consts", "cbindgen.toml"] {
            println!("cargo:rerun-if-changed={input}");
        }
        let out = std::env::var_os("OUT_DIR").expect("set by cargo");
        let write = |name: &str, text: String| {
            std::fs::write(Path::new(&out).join(name), text).expect("OUT_DIR is writable");
        };
        write("winshm.h", one_empty_line_at_most(winshm()));
        write("winshm_nt.h", one_empty_line_at_most(nt()));
        write("SharedMemory.h", one_empty_line_at_most(shared_memory()));
    }

    fn winshm() -> String {
        let mut header = String::from(WINSHM_BEGINNING);
        for (macro_name, variable) in [("MAJOR", "MAJOR"), ("MINOR", "MINOR"), ("PATCH", "PATCH")] {
            let value = env(&format!("CARGO_PKG_VERSION_{variable}"));
            writeln!(header, "#define WINSHM_VERSION_{macro_name} {value}").expect("memory");
        }
        writeln!(header, "#define WINSHM_VERSION \"{}\"\n", env("CARGO_PKG_VERSION")).expect("memory");
        header.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
        for (file, constants, title) in SECTIONS {
            let line = "-".repeat(72 - title.len());
            write!(header, "\n/* ---- {title} {line} */\n\n").expect("memory");
            header.push_str(&defines(constants));
            let source = format!("{}/src/abi/{file}.rs", env("CARGO_MANIFEST_DIR"));
            header.push_str(&declarations(&source, config("WINSHM_API")));
            header.push_str(&aliases(&source));
        }
        header.push_str(WINSHM_END);
        header
    }

    /// The header of the functions of ntdll: beside winshm.h, because programs that get
    /// them by GetProcAddress declare the types themselves.
    fn nt() -> String {
        let mut header = String::from(NT_BEGINNING);
        header.push_str(&defines(consts::nt));
        header.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n/* ---- Native functions */\n\n");
        let mut config = config("WINSHM_API");
        config.export.include = NT_TYPES.iter().map(|name| name.to_string()).collect();
        config.export.exclude.push("SECTION_INFORMATION_CLASS".to_string());
        let source = format!("{}/src/abi/nt.rs", env("CARGO_MANIFEST_DIR"));
        header.push_str(&declarations(&source, config));
        header.push_str("\n#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n#endif /* WINSHM_NT_H */\n");
        header
    }

    /// The header of the SharedMemory functions, which stands alone: the generated
    /// part for C, then the part for C++ and C11 that is written by hand.
    fn shared_memory() -> String {
        let mut header = String::from(SHARED_MEMORY_BEGINNING);
        header.push_str(&defines(consts::shared_memory));
        header.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
        let source = format!("{}/src/abi/shared_memory.rs", env("CARGO_MANIFEST_DIR"));
        let mut config = config("SHARED_MEMORY_API");
        config.style = cbindgen::Style::Both;
        config.export.item_types.push(cbindgen::ItemType::OpaqueItems);
        config.export.include.push("SharedMemory".to_string());
        header.push_str(&declarations(&source, config));
        header.push_str("\n#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n");
        header.push_str(include_str!("src/abi/SharedMemoryTyped.h"));
        header.push_str("\n#endif /* SHARED_MEMORY_H */\n");
        header
    }

    /// Between pieces, however many each brings.
    fn one_empty_line_at_most(mut header: String) -> String {
        while header.contains("\n\n\n") {
            header = header.replace("\n\n\n", "\n\n");
        }
        header
    }

    fn env(name: &str) -> String {
        std::env::var(name).expect("set by cargo")
    }

    fn defines(constants: &[Constant]) -> String {
        let mut text = String::new();
        for Constant { doc, name, kind, value } in constants {
            let is_number = value.starts_with(|first: char| first.is_ascii_digit());
            let is_status = name.starts_with("STATUS_");
            // Unsigned like DWORD, also where `long` has 64 bits.
            let suffix = if is_number && *kind == "u32" && !is_status { "u" } else { "" };
            // A long value comes in lines, which C must be told to join.
            let value = value.replace('\n', " \\\n    ");
            // As ntstatus.h has them, which many programs repeat word by word.
            let value = if is_status { format!("((NTSTATUS){value}L)") } else { value };
            writeln!(text, "/**{doc} */\n#define {name} {value}{suffix}").expect("memory");
        }
        text + "\n"
    }

    fn config(prefix: &str) -> cbindgen::Config {
        let mut config = cbindgen::Config::from_root_or_default(env("CARGO_MANIFEST_DIR"));
        config.export.include = TYPES.iter().map(|name| name.to_string()).collect();
        config.function.prefix = Some(prefix.to_string());
        config
    }

    fn declarations(source: &str, config: cbindgen::Config) -> String {
        let bindings = cbindgen::Builder::new().with_config(config).with_src(source).generate();
        let mut text = Vec::new();
        bindings.expect("cbindgen reads the section").write(&mut text);
        String::from_utf8(text).expect("the sources are UTF-8")
    }

    /// For each pair FooA, FooW the name Foo, chosen by UNICODE.
    fn aliases(source: &str) -> String {
        let source = std::fs::read_to_string(source).expect("a section");
        let mut names = source.lines().filter_map(|line| {
            line.split_once("pub unsafe extern \"C\" fn ")?.1.split_once('(')?.0.strip_suffix('A')
        });
        let has_wide = |name: &&str| source.contains(&format!(" fn {name}W("));
        let pairs: Vec<_> = names.by_ref().filter(has_wide).collect();
        if pairs.is_empty() {
            return String::new();
        }
        let define = |width: char| -> String {
            pairs.iter().map(|name| format!("#define {name} {name}{width}\n")).collect()
        };
        format!("\n#ifdef UNICODE\n{}#else\n{}#endif\n", define('W'), define('A'))
    }

    const WINSHM_BEGINNING: &str = "\
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

    const WINSHM_END: &str = "
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

    const NT_BEGINNING: &str = "\
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

    const SHARED_MEMORY_BEGINNING: &str = "\
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
}
