//! The header is composed of pieces, in reading order; no piece is parsed again.

mod texts;

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
    include!("../src/consts/mod.rs");
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
    let mut header = String::from(texts::WINSHM_BEGINNING);
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
    header.push_str(texts::WINSHM_END);
    header
}

/// The header of the functions of ntdll: beside winshm.h, because programs that get
/// them by GetProcAddress declare the types themselves.
fn nt() -> String {
    let mut header = String::from(texts::NT_BEGINNING);
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
    let mut header = String::from(texts::SHARED_MEMORY_BEGINNING);
    header.push_str(&defines(consts::shared_memory));
    header.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    let source = format!("{}/src/abi/shared_memory.rs", env("CARGO_MANIFEST_DIR"));
    let mut config = config("SHARED_MEMORY_API");
    config.style = cbindgen::Style::Both;
    config.export.item_types.push(cbindgen::ItemType::OpaqueItems);
    config.export.include.push("SharedMemory".to_string());
    header.push_str(&declarations(&source, config));
    header.push_str("\n#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n");
    header.push_str(include_str!("../src/abi/SharedMemoryTyped.h"));
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
